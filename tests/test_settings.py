"""A wrong setting stops the start with one line that names it, whoever starts the site."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks

PRODUCTION = {
    "SECRET_KEY": "k3Fv9-mQ2xWz7LpT0sYb4Nc8RgHd1JuEa6ViOoXyKtPqZnBwCrSf5M",
    "ALLOWED_HOSTS": "example.org",
    "SITE_URL": "https://example.org",
}

WRONG = [
    ("SECRET_KEY", None),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 60),
    ("SECRET_KEY", "django-insecure-k3Fv9-mQ2xWz7LpT0sYb4Nc8RgHd1JuEa6ViOoXyKtPqZn"),
    ("ALLOWED_HOSTS", None),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", ","),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "example.org,*"),
    ("ALLOWED_HOSTS", "https://example.org"),
    ("ALLOWED_HOSTS", "example.org:443"),
    ("SITE_URL", None),
    ("SITE_URL", "example.org"),
    ("SITE_URL", "ftp://example.org"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://example.org/news/"),
    ("SITE_URL", "https://example.org:port"),
    ("SITE_URL", "https://user@example.org"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", "db.sqlite3"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "mysql://root@localhost/spacesite"),
    ("DATABASE_URL", "postgres://localhost"),
    ("DATABASE_URL", "postgres://localhost:port/spacesite"),
    ("DATABASE_URL", "postgres://[localhost/spacesite"),
    ("DATABASE_URL", "postgres://localhost/spacesite?atomic_requests=true"),
    ("CACHE_URL", ""),
    ("CACHE_URL", "redis"),
    ("CACHE_URL", "memcached://localhost"),
    ("CACHE_URL", "redis://"),
    ("CACHE_URL", "redis://localhost:port/0"),
    ("CACHE_URL", "redis://localhost/cache"),
    ("DEBUG", "maybe"),
    ("DEBUG", ""),
    ("BEHIND_PROXY", "2"),
    ("SECURE_SSL_REDIRECT", "offf"),
    ("SECURE_HSTS_SECONDS", "a year"),
    ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "all"),
    ("GRACE_PERIOD_DAYS", "a week"),
    ("GRACE_PERIOD_DAYS", "-1"),
    ("GRACE_PERIOD_DAYS", "7.5"),
    ("WEB_CONCURRENCY", "0"),
    ("LOG_LEVEL", "LOUD"),
    ("MEDIA_ROOT", "/nowhere/at/all"),
    ("MEDIA_ROOT", "README.md"),
    ("MEDIA_ROOT", "README.md/media"),
    ("MEDIA_STORAGE", "nowhere.Storage"),
    ("MEDIA_STORAGE", "django.core.files.storage.Nothing"),
    ("MEDIA_STORAGE", "Storage"),
    ("MEDIA_STORAGE_OPTIONS", "bucket"),
    ("MEDIA_STORAGE_OPTIONS", "[1]"),
    ("SITE_NAME", " "),
    ("SITE_NAME", "two\nlines"),
]


def start(*arguments, **changes):
    """Start a process of the site with nothing but the given settings."""
    inherited = {
        name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ
    }
    environment = {
        **inherited,
        **PRODUCTION,
        "ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "spacesite.settings",
        **changes,
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def assert_stopped_by(name, process):
    assert process.returncode == 1, process.stderr
    assert process.stdout == ""
    assert len(process.stderr.splitlines()) == 1, process.stderr
    assert process.stderr.startswith(f"{name}: ")


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_setting_stops_the_start_with_one_line(name, value):
    assert_stopped_by(name, start("-c", "import spacesite.settings", **{name: value}))


@pytest.mark.parametrize(
    "arguments",
    [
        ["manage.py", "check"],
        ["manage.py", "migrate"],
        ["-c", "import spacesite.wsgi"],
        ["-c", "import spacesite.asgi"],
        ["-m", "gunicorn", "spacesite.wsgi", "--bind", "127.0.0.1:0"],
    ],
    ids=["check", "migrate", "wsgi", "asgi", "gunicorn"],
)
def test_every_way_to_start_the_site_stops(arguments):
    assert_stopped_by("SITE_URL", start(*arguments, SITE_URL="nowhere"))


@pytest.mark.parametrize("name", ["DATABASE_URL", "CACHE_URL"])
def test_password_in_a_wrong_address_is_not_repeated(name):
    process = start("-c", "import spacesite.settings", **{name: "redis://:swordfish@host:x/y"})
    assert_stopped_by(name, process)
    assert "swordfish" not in process.stderr


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"DATABASE_URL": "postgres://user:p%40ss@[::1]:5432/spacesite?sslmode=require"},
        {"CACHE_URL": "redis://:password@cache.example.org:6379/0"},
        {"CACHE_URL": "rediss://cache.example.org"},
        {"BEHIND_PROXY": "yes", "SITE_URL": "https://example.org:8443/"},
    ],
)
def test_production_settings_pass_the_deployment_checks(changes):
    process = start("manage.py", "check", "--deploy", "--fail-level", "INFO", **changes)
    assert process.returncode == 0, process.stderr
    assert "no issues (0 silenced)" in process.stdout


def test_a_storage_that_takes_no_such_options_stops_the_start():
    storage = "django.core.files.storage.InMemoryStorage"
    process = start(
        "-c",
        "import spacesite.wsgi",
        MEDIA_STORAGE=storage,
        MEDIA_STORAGE_OPTIONS='{"bucket_name": "pictures"}',
    )
    assert_stopped_by("MEDIA_STORAGE_OPTIONS", process)


def test_pictures_are_kept_where_the_settings_say(tmp_path):
    (tmp_path / "there").mkdir()
    for name in ("there", "new"):
        process = start(
            "-c",
            "import django; django.setup()\n"
            "from django.core.files.storage import storages\n"
            "print(storages['originals'].path('a'), storages['renditions'].path('b'))",
            MEDIA_ROOT=str(tmp_path / name),
        )
        folder = tmp_path / name
        assert process.stdout == f"{folder}/originals/a {folder}/renditions/b\n", process.stderr


def test_debug_needs_no_other_setting():
    process = start("manage.py", "check", DEBUG="on", **dict.fromkeys(PRODUCTION))
    assert process.returncode == 0, process.stderr


def test_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("DEBUG=on\nSITE_NAME=From the file\nGRACE_PERIOD_DAYS=3\n")
    process = start(
        "-c",
        "from spacesite import settings as s; print(s.DEBUG, s.SITE_NAME, s.GRACE_PERIOD_DAYS)",
        ENV_FILE=str(file),
        GRACE_PERIOD_DAYS="9",
    )
    assert process.stdout == "True From the file 9\n", process.stderr


def test_secret_key_may_begin_with_any_character():
    key = "$" + PRODUCTION["SECRET_KEY"]
    process = start(
        "-c", "from spacesite import settings as s; print(s.SECRET_KEY)", SECRET_KEY=key
    )
    assert process.stdout == f"{key}\n", process.stderr


def test_gunicorn_starts_and_answers_with_production_settings(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    question = (
        "import subprocess, sys, time, urllib.request\n"
        "site = subprocess.Popen([sys.executable, '-m', 'gunicorn', 'spacesite.wsgi',"
        f" '--bind', '127.0.0.1:{port}'])\n"
        f"request = urllib.request.Request('http://127.0.0.1:{port}/livez',"
        " headers={'Host': 'example.org'})\n"
        "try:\n"
        "    for attempt in range(100):\n"
        "        try:\n"
        "            print(urllib.request.urlopen(request, timeout=5).status)\n"
        "            break\n"
        "        except OSError:\n"
        "            time.sleep(0.1)\n"
        "finally:\n"
        "    site.terminate(); site.wait(20)\n"
    )
    process = start("-c", question, DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
    assert process.stdout == "200\n", process.stderr


def test_several_writers_on_an_old_sqlite_are_warned_about(settings, monkeypatch):
    monkeypatch.setattr("spacesite.checks.connection.vendor", "sqlite")
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 40, 1))
    settings.WEB_CONCURRENCY = 2
    assert "spacesite.W001" in [found.id for found in run_checks()]
    settings.WEB_CONCURRENCY = 1
    assert "spacesite.W001" not in [found.id for found in run_checks()]
