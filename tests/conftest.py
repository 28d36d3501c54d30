import os
import shutil
import uuid
from contextlib import ExitStack

import pytest
import time_machine
from django.db import connection
from hypothesis import settings
from playwright.sync_api import expect

from records.ledger import ledger
from tests import whole_record

# Playwright runs an event loop in the test's own thread, where Django would refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# What a busy machine may take to answer is no fault of the page.
expect.set_options(timeout=30_000)

# The same histories in every run: a test fails for what was changed, not by luck. `make test-long`
# goes looking for others, and for many more of them.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2500, deadline=None)
settings.load_profile("suite")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


def pytest_collection_modifyitems(items):
    if CHROMIUM:
        return
    left_out = pytest.mark.skip(reason="no Chromium found (set CHROMIUM, or apt install chromium)")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(left_out)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Playwright drives the Chromium of this machine; it needs no browser of its own."""
    arguments = [*browser_type_launch_args.get("args", []), "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def images(pytestconfig):
    """The folder in which the loaded database is kept from one run to the next, if there is one."""
    cache = getattr(pytestconfig, "cache", None)
    return cache.mkdir("whole-record") if cache else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, images, tmp_path_factory):
    """A database that is kept has its schema and triggers in it: there is nothing to migrate.

    One of SQLite is a file: in memory, all threads of a live server would share one connection.
    """
    test = connection.settings_dict["TEST"]
    test["MIGRATE"] = not whole_record.is_kept(images)
    if connection.vendor == "sqlite":
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, images):
    """Every test with a database finds the whole demo site in it, loaded once in a session."""
    with django_db_blocker.unblock():
        whole_record.load(images)


@pytest.fixture(scope="session", autouse=True)
def ledger_of_the_loaded_site():
    """Stays beside those of what tests change: most ask of the site as it was loaded."""
    ledger.LATEST.size = 3


@pytest.fixture
def site(db):
    """The whole demo site: every fact, leaderboard and story of the committed fixtures.

    `db` and `transactional_db` bring it as well; this name says that the test is about it. What the
    test changes is undone after it, committed or not.
    """


@pytest.fixture
def shared_database(transactional_db):
    """A database that threads may write at once, each on a connection of its own."""


@pytest.fixture
def clock():
    """Sets what every clock of the site shows: `clock(instant)`, as often as a test wants.

    It stands still there, unless it `ticks`.
    """
    with ExitStack() as travels:

        def show(at, *, ticks=False):
            travels.close()
            travels.enter_context(time_machine.travel(at, tick=ticks))

        yield show


@pytest.fixture(autouse=True)
def cache_of_its_own(monkeypatch):
    # Clearing the cache would empty it under the tests running side by side.
    monkeypatch.setattr("tests.settings.cache_namespace", f"test-{uuid.uuid4()}")
