import os
import shutil
import uuid

import pytest

# Playwright runs an event loop in the test's own thread, where Django would refuse to query.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

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


@pytest.fixture(autouse=True)
def cache_of_its_own(monkeypatch):
    # Clearing the cache would empty it under the tests running side by side.
    monkeypatch.setattr("tests.settings.cache_namespace", f"test-{uuid.uuid4()}")
