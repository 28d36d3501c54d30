"""Memory: what the process holds with everything asked once, and after thousands of pages.

Each is measured in a process of its own, where nothing but the bare site has run.
"""

import gc
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connection

from benchmarks.pages import PAGES, get
from benchmarks.timing import WIDTH, heading, say, verdict
from records.ledger import Ledger
from spacesite.wsgi import application

#: How many pages at distinct instants are asked, and the most megabytes that all of them may add,
#: and the second half of them: none, but for the noise of the allocator.
MANY = 3000
MOST_GROWTH, MOST_LATER_GROWTH = 25, 3
INSTANT_PAGES = (
    "/records/total-time-in-space/",
    "/records/most-spaceflights/",
    "/in-space/",
    "/records/total-time-in-space-women/",
)


def measure(pages: int = MANY) -> None:
    heading("Memory, RSS")
    for option in ("--memory-of-this-process", f"--growth-of-this-process={pages}"):
        result = subprocess.run(
            [sys.executable, Path(__file__).with_name("run.py"), option],
            env=os.environ | {"DATABASE_URL": _address()},
            capture_output=True,
            text=True,
        )
        say(result.stdout.rstrip() if result.returncode == 0 else result.stderr.strip()[-500:])


def _address() -> str:
    """The benchmark's own database as a DATABASE_URL."""
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", os.environ["DATABASE_URL"])


def print_everything_asked_once() -> None:
    get("/topics/")
    bare = _rss()
    ledger = Ledger.current()
    loaded = _rss()
    for row in ledger.leaderboards.values():
        get(f"/records/{row.slug}/")
    for path in PAGES.values():
        get(path)
    used = _rss()
    say(f"{'bare site after one page':<{WIDTH}}{bare:>10.1f} MB")
    say(f"{'with the ledger':<{WIDTH}}{loaded - bare:>+10.1f} MB")
    above = verdict(used - bare <= 40, "≤ 40 MB")
    say(f"{'with every board and page asked once':<{WIDTH}}{used - bare:>+10.1f} MB  {above}")


def print_growth(pages: int) -> None:
    """Ask pages at distinct instants as a server does, through the WSGI handler."""
    for path in INSTANT_PAGES:
        ask(path)
    sizes = [_rss()]
    for number in range(pages):
        at = datetime(2024, 2, 4, tzinfo=UTC) - timedelta(hours=7 * number)
        ask(INSTANT_PAGES[number % len(INSTANT_PAGES)], f"at={at:%Y-%m-%dT%H:%MZ}")
        if number + 1 in (pages // 2, pages):
            sizes.append(_rss())
    first, second = sizes[1] - sizes[0], sizes[2] - sizes[1]
    whole = verdict(first + second < MOST_GROWTH, f"< {MOST_GROWTH} MB")
    later = verdict(second < MOST_LATER_GROWTH, f"< {MOST_LATER_GROWTH} MB")
    say(f"{f'{pages} pages at distinct instants':<{WIDTH}}{first + second:>+10.1f} MB  {whole}")
    say(f"{'of which in the second half':<{WIDTH}}{second:>+10.1f} MB  {later}")
    say(f"{'dead objects found afterwards':<{WIDTH}}{gc.collect():>10}")


def ask(path: str, query: str = "") -> None:
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)
    told = []
    response = application(environ, lambda status, headers: told.append(status))
    for _ in response:
        pass
    response.close()
    if told != ["200 OK"]:
        raise SystemExit(f"{path}?{query} answered {told}")


def _rss() -> float:
    """Megabytes of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
