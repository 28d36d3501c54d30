"""Measure the site: `make bench`, or `python benchmarks/run.py --help`. See benchmarks/README.md.

It makes a database of its own beside the one DATABASE_URL names (a temporary SQLite file without
it), measures, prints medians, and removes it. Nothing else is touched.
"""

import argparse
import gzip
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "spacesite.settings",
    "ENV_FILE": "",
    "DEBUG": "on",
    "ALLOWED_HOSTS": "testserver",
    "LOG_LEVEL": "ERROR",
}

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.staticfiles import finders  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from benchmarks import synthetic  # noqa: E402
from records.facts import fixtures  # noqa: E402
from records.instants import read_clock  # noqa: E402
from records.ledger import Ledger  # noqa: E402
from records.ledger import ledger as ledger_module  # noqa: E402

BOARD = "longest-spaceflight"
TOTAL = "total-time-in-space"
PAGES = {
    "home": "/",
    "records index": "/records/",
    "leaderboard": f"/records/{TOTAL}/",
    "leaderboard at an instant": f"/records/{TOTAL}/?at=2024-02-04T08:40Z",
    "progression": f"/records/{TOTAL}/progression/",
    "people in orbit": "/records/most-people-in-orbit/",
    "in space": "/in-space/",
    "astronauts": "/astronauts/",
    "astronaut": "/astronauts/oleg-kononenko/",
    "missions": "/missions/",
    "mission": "/missions/soyuz-ms-22/",
    "countries": "/countries/",
    "country": "/countries/USA/",
    "agencies": "/agencies/",
    "agency": "/agencies/nasa/",
    "stations": "/stations/",
    "station": "/stations/iss/",
    "spacewalks": "/spacewalks/",
    "article": "/news/frank-rubio-returns-after-371-days/",
    "JSON": f"/records/{TOTAL}.json",
    "CSV": f"/records/{TOTAL}.csv",
}
#: Pages that have to be quick, and the most milliseconds they may take from a cold ledger.
COLD_TARGETS = {
    "home": 60,
    "leaderboard": 60,
    "leaderboard at an instant": 60,
    "in space": 60,
    "people in orbit": 60,
    "progression": 400,
}
#: The same from a loaded one.
WARM_TARGET = 10
#: Pages of made-up histories; at a hundred times the size they have this long, once loaded.
LARGE_PAGES = {
    **{name: path for name, path in PAGES.items() if name not in ("article", "JSON", "CSV")},
    "astronaut": "/astronauts/person-1/",
    "mission": "/missions/mission-1/",
}
LARGE_WARM_TARGET = 50
WIDTH = 44


@dataclass
class Timing:
    """Median of some runs, in milliseconds."""

    median: float
    runs: int


class Bench:
    """Runs work again and again and prints what it took."""

    def __init__(self, repeat: int, patience: float):
        self.repeat = repeat
        self.patience = patience

    def time(self, work, *, before=None) -> Timing:
        """The median of up to `repeat` runs that fit in `patience` seconds, one at least.
        `before` is not timed."""
        taken = []
        end = time.perf_counter() + self.patience
        while not taken or (len(taken) < self.repeat and time.perf_counter() < end):
            if before:
                before()
            start = time.perf_counter()
            work()
            taken.append(1000 * (time.perf_counter() - start))
        return Timing(statistics.median(taken), len(taken))

    def row(self, name, work, *, before=None, target=None, most_queries=None) -> Timing:
        """Time the work, count its queries, print both beside their targets."""
        timing = self.time(work, before=before)
        if before:
            before()
        with CaptureQueriesContext(connection) as captured:
            work()
        queries = len(captured)
        targets = []
        if target is not None:
            targets.append(_verdict(timing.median < target, f"< {target} ms"))
        if most_queries is not None:
            targets.append(_verdict(queries <= most_queries, f"≤ {most_queries} queries"))
        say(
            f"{name:<{WIDTH}}{timing.median:>10.2f} ms{queries:>5} q{timing.runs:>6} runs  "
            + ", ".join(targets)
        )
        return timing


def say(line=""):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def heading(text):
    say()
    say(text)
    say("-" * len(text))


def _verdict(kept: bool, target: str) -> str:
    return target if kept else f"{target} MISSED"


def forget():
    """As after a change of the facts: nothing is loaded."""
    ledger_module._kept = None


def get(path):
    response = Client().get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return b"".join(response) if response.streaming else response.content


# The real record


def measure_real(bench: Bench):
    heading("The real record: loading")
    begun = time.perf_counter()
    for name in fixtures.SITE:
        fixtures.load(name)
    seconds = time.perf_counter() - begun
    say(f"{'every fixture, unchecked, as loaddata':<{WIDTH}}{seconds:>10.2f} s   < 20 s")
    measure_memory()
    measure_ledger(bench)
    measure_pages(bench)
    measure_weights()


def measure_ledger(bench):
    heading("The record book")
    at = read_clock()
    bench.row("ledger, cold", Ledger.current, before=forget, most_queries=6)
    bench.row(
        f"{BOARD}, cold",
        lambda: standings(Ledger.current(), BOARD, at),
        before=forget,
        target=60,
        most_queries=6,
    )
    ledger = Ledger.current()
    for slug, row in ledger.leaderboards.items():
        rule = ledger.rule(row)
        ask = ledger.population if rule.metric.counts_people else ledger.standings
        bench.row(f"{slug}, loaded", lambda ask=ask, rule=rule: list(ask(rule, at)), target=5)
    for slug in (BOARD, TOTAL):
        rule = ledger.rule(ledger.leaderboards[slug])
        bench.row(
            f"progression of {slug}, first",
            lambda rule=rule: ledger.progression(rule, at),
            before=lambda: forget_narrowed(ledger),
            target=400,
        )
        bench.row(
            f"progression of {slug}, again",
            lambda rule=rule: ledger.progression(rule, at),
            target=10,
        )


def standings(ledger, slug, at):
    return list(ledger.standings(ledger.leaderboards[slug], at))


def forget_narrowed(ledger):
    Ledger.narrowed.forget(ledger)
    Ledger._progressed.forget(ledger)


def measure_pages(bench):
    heading("Whole pages, from a cold ledger")
    for name, path in PAGES.items():
        bench.row(name, lambda path=path: get(path), before=forget, target=COLD_TARGETS.get(name))
    heading("Whole pages, from a loaded one")
    for name, path in PAGES.items():
        target = WARM_TARGET if name in COLD_TARGETS else None
        bench.row(name, lambda path=path: get(path), target=target)


# Weight and memory


def measure_weights():
    heading("Weight of pages with their style sheet and scripts, in bytes")
    say(f"{'':<{WIDTH}}{'raw':>9}{'gzip -6':>9}{'brotli':>9}{'in all':>9}  (gzip -6, ≤ 61440)")
    static = {}
    for name, path in PAGES.items():
        body = get(path)
        parts = set(re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js))"', body))
        for part in parts - static.keys():
            static[part] = len(gzip.compress(Path(finders.find(part.decode())).read_bytes(), 6))
        zipped = len(gzip.compress(body, 6))
        total = zipped + sum(static[part] for part in parts)
        say(
            f"{name:<{WIDTH}}{len(body):>9}{zipped:>9}{_brotli(body):>9}{total:>9}"
            + ("" if total <= 61_440 or path.endswith((".json", ".csv")) else "  MISSED")
        )
    for part, size in sorted(static.items()):
        say(f"{part.decode():<{WIDTH}}{'':>9}{size:>9}")


def _brotli(body) -> str:
    try:
        import brotli
    except ImportError:
        return "-"
    return str(len(brotli.compress(body)))


def measure_memory():
    """In a process of its own, where nothing but the bare site has run."""
    heading("Memory, RSS")
    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite":
        url = f"sqlite:///{name}"
    else:
        url = re.sub(r"/[^/?]+(\?|$)", rf"/{name}\1", os.environ["DATABASE_URL"])
    result = subprocess.run(
        [sys.executable, __file__, "--memory-of-this-process"],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    say(result.stdout.rstrip() if result.returncode == 0 else result.stderr.strip()[-500:])


def print_memory():
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
    above = _verdict(used - bare <= 40, "≤ 40 MB")
    say(f"{'with every board and page asked once':<{WIDTH}}{used - bare:>+10.1f} MB  {above}")


def _rss() -> float:
    """Megabytes of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


# Made-up histories


def measure_scales(bench, scales, database):
    """The same questions to ever longer histories, beside what n log n would make of them."""
    heading("Made-up histories, N times the real one")
    at = synthetic.CONFIRMED_THROUGH
    before = {}
    for scale in scales:
        history = synthetic.write(scale)
        size = history.flights
        database.remake()
        begun = time.perf_counter()
        synthetic.save(history)
        say(
            f"{scale:g}×: {size} flights, {len(history.people)} people "
            f"(saved in {time.perf_counter() - begun:.0f} s)"
        )
        del history
        large = scale >= 100
        rows = {
            "cold leaderboard": bench.row(
                f"  {TOTAL}, cold",
                lambda: standings(Ledger.current(), TOTAL, at),
                before=forget,
                target=3000 if large else None,
                most_queries=6,
            )
        }
        ledger = Ledger.current()
        rule = ledger.rule(ledger.leaderboards[TOTAL])
        rows["leaderboard"] = bench.row(
            f"  {TOTAL}, loaded", lambda ledger=ledger: standings(ledger, TOTAL, at)
        )
        rows["progression"] = bench.row(
            f"  progression of {TOTAL}, first",
            lambda ledger=ledger, rule=rule: ledger.progression(rule, at),
            before=lambda ledger=ledger: forget_narrowed(ledger),
            target=10_000 if large else None,
        )
        for name, path in LARGE_PAGES.items():
            get(path)
            rows[f"page: {name}"] = bench.row(
                f"  page: {name}, loaded",
                lambda path=path: get(path),
                target=LARGE_WARM_TARGET if large else None,
            )
        forget()
        if before:
            was, then = before["size"], before["rows"]
            expected = size * math.log(size) / (was * math.log(was))
            say(f"  growth for {size / was:.1f} times the flights (n log n: {expected:.1f})")
            for name, timing in rows.items():
                say(f"    {name:<{WIDTH - 4}}{timing.median / then[name].median:>10.1f} times")
        before = {"size": size, "rows": rows}


# The database


class Database:
    """A database of the benchmark's own, made as Django makes those of tests."""

    def __enter__(self):
        self.real = settings.DATABASES["default"]["NAME"]
        if connection.vendor == "sqlite":
            self.folder = tempfile.TemporaryDirectory(prefix="benchmark-")
            name = str(Path(self.folder.name) / "benchmark.sqlite3")
        else:
            self.folder = None
            name = f"benchmark_{os.getpid()}"
        connection.settings_dict["TEST"]["NAME"] = name
        self._make()
        return self

    def _make(self):
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)

    def _remove(self):
        forget()
        connection.creation.destroy_test_db(str(self.real), verbosity=0)

    def remake(self):
        self._remove()
        self._make()

    def __exit__(self, *_):
        self._remove()
        if self.folder:
            self.folder.cleanup()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=30, help="most runs of each (30)")
    parser.add_argument("--patience", type=float, default=3, help="most seconds for each (3)")
    parser.add_argument(
        "--scale",
        default="",
        metavar="1,10,100",
        help="measure made-up histories of so many times the real size as well",
    )
    parser.add_argument("--no-real", action="store_true", help="leave out the real record")
    parser.add_argument("--memory-of-this-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        scales = [float(scale) for scale in options.scale.split(",") if scale]
    except ValueError:
        parser.error(f"--scale takes numbers, such as 1,10,100; not “{options.scale}”")
    # Loaded with DEBUG for its lenient settings; measured as in production.
    settings.DEBUG = False
    if options.memory_of_this_process:
        print_memory()
        return
    bench = Bench(options.repeat, options.patience)
    say(f"Python {sys.version.split()[0]}, Django {django.__version__}, {connection.vendor}")
    with Database() as database:
        if not options.no_real:
            measure_real(bench)
        if scales:
            measure_scales(bench, scales, database)


if __name__ == "__main__":
    main()
