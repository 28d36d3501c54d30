"""Reading the environment strictly.

Each reader either returns a usable value or stops the process with exactly one line that names
the variable: a site that starts with half its settings would answer every reader with an error.
"""

import json
import os
import re
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.utils.module_loading import import_string

ON = {"on", "true", "yes", "1"}
OFF = {"off", "false", "no", "0"}

HOSTNAME = re.compile(
    r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.I
)
POSTGRESQL = {"postgres", "postgresql"}
CACHES = {"locmemcache", "redis", "rediss"}


def stop(name, problem):
    """End the start with one line on stderr and exit status 1, without a traceback."""
    raise SystemExit(f"{name}: {problem}")


class Environment:
    """The process's environment, completed from a file of NAME=value lines if there is one."""

    def __init__(self, *, file=None):
        if file and file.is_file():
            try:
                # Variables that are set already win over the file.
                environ.Env.read_env(file, encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                stop("ENV_FILE", f"{file} cannot be read: {error}")

    def text(self, name, *, default=None):
        # Not through django-environ, which takes a value that begins with $ for a reference.
        value = os.environ.get(name, default)
        if value is None:
            stop(name, "is required when DEBUG is off")
        value = value.strip()
        if not value:
            stop(name, "is set but empty; give it a value or unset it")
        if not value.isprintable():
            stop(name, "contains a character that cannot be printed")
        return value

    def switch(self, name, *, default):
        value = self.text(name, default="on" if default else "off").lower()
        if value not in ON | OFF:
            stop(name, f"must be on or off, not {value!r}")
        return value in ON

    def number(self, name, *, default, at_least=0):
        value = self.text(name, default=str(default))
        # isdecimal() keeps out what int() is generous about: "1_000", "+7", other scripts' digits.
        if not (value.isascii() and value.isdecimal() and len(value) < 10):
            stop(name, f"must be a whole number, not {value!r}")
        if int(value) < at_least:
            stop(name, f"must be at least {at_least}, not {value}")
        return int(value)

    def choice(self, name, *, default, choices):
        value = self.text(name, default=default).upper()
        if value not in choices:
            stop(name, f"must be one of {', '.join(choices)}, not {value!r}")
        return value

    def secret_key(self, name, *, default=None):
        value = self.text(name, default=default)
        if value == default:
            return value
        if len(value) < 50 or len(set(value)) < 5 or value.startswith("django-insecure-"):
            stop(name, "must be a random string of at least 50 characters")
        return value

    def hosts(self, name, *, default=None, any_host=False):
        value = self.text(name, default=default)
        hosts = [host.strip() for host in value.split(",") if host.strip()]
        if not hosts:
            stop(name, "names no host")
        for host in hosts:
            if host == "*" and not any_host:
                stop(name, "must name the hosts one by one; * is accepted with DEBUG on only")
            if host != "*" and not HOSTNAME.fullmatch(host):
                stop(name, f"{host!r} is not a host name (no scheme, no port)")
        return hosts

    def site_url(self, name, *, default=None):
        value = self.text(name, default=default)
        parts = split(name, value)
        if (
            parts.scheme not in {"http", "https"}
            or not HOSTNAME.fullmatch(host_of(parts))
            or host_of(parts).startswith(".")
            or parts.username is not None
            or parts.path not in {"", "/"}
            or parts.query
            or parts.fragment
        ):
            stop(name, f"must look like https://example.org, not {value!r}")
        return f"{parts.scheme}://{parts.netloc}"

    def database(self, name, *, default, base_dir):
        value = self.text(name, default=default)
        parts = split(name, value, secret=True)
        if parts.scheme == "sqlite":
            path = unquote(parts.path.removeprefix("/"))
            if parts.netloc or not path or path == ":memory:" or parts.query:
                stop(name, "for SQLite must name a file: sqlite:///db.sqlite3")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": base_dir / path}
        if parts.scheme in POSTGRESQL:
            try:
                database = environ.Env.db_url_config(value)
            except Exception:  # Whatever it raises for an address that it cannot read.
                database = {}
            if not database.get("NAME") or "/" in database["NAME"]:
                stop(name, "must look like postgres://user:password@host:5432/name")
            # Only what the driver takes as text; the rest is the settings file's business.
            unknown = set(parse_qs(parts.query, keep_blank_values=True)) - {
                "sslmode",
                "sslrootcert",
                "sslcert",
                "sslkey",
                "application_name",
                "options",
            }
            if unknown:
                stop(name, f"has an option this site does not take: {min(unknown)}")
            return database
        return stop(name, "must begin with sqlite:/// or postgres://")

    def folder(self, name, *, default, base_dir):
        """A folder that is there, or will be made in one that is."""
        path = base_dir / self.text(name, default=default)
        there = path if path.exists() else path.parent
        if not there.is_dir():
            stop(name, f"{there} is no folder")
        # A site that takes no pictures needs no place for them.
        if name in os.environ and not os.access(there, os.W_OK | os.X_OK):
            stop(name, f"{there} cannot be written")
        return path

    def storage(self, name, *, default):
        """The dotted name of a storage of files, as Django has them."""
        value = self.text(name, default=default)
        try:
            import_string(value)
        except ImportError as error:
            stop(name, f"cannot be imported: {' '.join(str(error).split())}")
        return value

    def options(self, name):
        """What a storage is told, as an object of JSON."""
        value = self.text(name, default="{}")
        try:
            options = json.loads(value)
        except ValueError:
            options = None
        if not isinstance(options, dict):
            stop(name, 'must be an object of JSON, such as {"bucket_name": "pictures"}')
        return options

    def cache_url(self, name, *, default):
        value = self.text(name, default=default)
        parts = split(name, value, secret=True)
        if parts.scheme not in CACHES:
            stop(name, "must be locmemcache:// or begin with redis:// or rediss://")
        if parts.scheme == "locmemcache":
            return parts.scheme, ""
        if not host_of(parts) or not re.fullmatch(r"/?\d{0,4}", parts.path) or parts.fragment:
            stop(name, "must look like redis://host:6379/0")
        if parts.query:
            stop(name, "takes no options after a question mark")
        return "redis", value


def split(name, value, *, secret=False):
    """The parts of a URL; the value is not repeated where it may hold a password."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # Reading it is what checks it.
    except ValueError:
        stop(name, "is not a URL" if secret else f"is not a URL: {value!r}")
    if re.search(r"\s", value):
        stop(name, "must not contain a space; write it as %20")
    return parts


def host_of(parts):
    """The host as it stands in the URL, an IPv6 address with its brackets."""
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
