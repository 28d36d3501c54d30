"""Measure the site: `make bench`, or `python benchmarks/run.py --help`. See benchmarks/README.md.

It makes a database of its own beside the one DATABASE_URL names (a temporary SQLite file without
it), measures, prints what it found, and removes it. Nothing else is touched.
"""

import argparse
import gzip
import math
import os
import re
import sys
import tempfile
import time
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

from benchmarks import memory, newsroom, pages, synthetic  # noqa: E402
from benchmarks.pages import (  # noqa: E402
    LARGE_PAGES,
    LARGE_TARGETS,
    PAGES,
    TARGETS,
    TOTAL,
    forget,
    get,
    load_anew,
)
from benchmarks.timing import WIDTH, Bench, heading, say  # noqa: E402
from records.facts import fixtures  # noqa: E402
from records.instants import read_clock  # noqa: E402
from records.ledger import Ledger  # noqa: E402

BOARD = "longest-spaceflight"


# The real record


def measure_real(bench: Bench):
    heading("The real record: loading")
    begun = time.perf_counter()
    fixtures.load(*fixtures.SITE)
    seconds = time.perf_counter() - begun
    say(f"{'every fixture, unchecked, as loaddata':<{WIDTH}}{seconds:>10.2f} s   < 20 s")
    memory.measure()
    measure_ledger(bench)
    heading("Whole pages")
    pages.measure(bench, PAGES, TARGETS)
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
            lambda rule=rule: Ledger.current().progression(rule, at),
            before=load_anew,
            target=400,
        )
        bench.row(
            f"progression of {slug}, again",
            lambda rule=rule: ledger.progression(rule, at),
            target=10,
        )


def standings(ledger, slug, at):
    return list(ledger.standings(ledger.leaderboards[slug], at))


# Weight


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
            lambda rule=rule: Ledger.current().progression(rule, at),
            before=load_anew,
            target=10_000 if large else None,
        )
        times = pages.measure(bench, LARGE_PAGES, dict.fromkeys(LARGE_PAGES, LARGE_TARGETS))
        rows |= {f"page: {name}": time for name, time in times.items()}
        forget()
        if before:
            was, then = before["size"], before["rows"]
            expected = size * math.log(size) / (was * math.log(was))
            say(f"  growth for {size / was:.1f} times the flights (n log n: {expected:.1f})")
            for name, timing in rows.items():
                say(f"    {name:<{WIDTH - 4}}{timing.least / then[name].least:>10.1f} times")
        before = {"size": size, "rows": rows}


# The database


class Database:
    """A database of the benchmark's own, made as Django makes those of tests, but straight from the
    models: it is empty, so that all migrations together would come to the same, only later."""

    def __enter__(self):
        self.real = settings.DATABASES["default"]["NAME"]
        if connection.vendor == "sqlite":
            self.folder = tempfile.TemporaryDirectory(prefix="benchmark-")
            name = str(Path(self.folder.name) / "benchmark.sqlite3")
        else:
            self.folder = None
            name = f"benchmark_{os.getpid()}"
        connection.settings_dict["TEST"] |= {"NAME": name, "MIGRATE": False}
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
    parser.add_argument(
        "--newsroom", type=int, metavar="20000", help="measure the newsroom with so many stories"
    )
    parser.add_argument("--no-real", action="store_true", help="leave out the real record")
    parser.add_argument("--memory-of-this-process", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--growth-of-this-process", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    try:
        scales = [float(scale) for scale in options.scale.split(",") if scale]
    except ValueError:
        parser.error(f"--scale takes numbers, such as 1,10,100; not “{options.scale}”")
    # Loaded with DEBUG for its lenient settings; measured as in production.
    settings.DEBUG = False
    if options.memory_of_this_process:
        memory.print_everything_asked_once()
        return
    if options.growth_of_this_process:
        memory.print_growth(options.growth_of_this_process)
        return
    bench = Bench(options.repeat, options.patience)
    say(f"Python {sys.version.split()[0]}, Django {django.__version__}, {connection.vendor}")
    with Database() as database:
        if not options.no_real:
            measure_real(bench)
        if options.newsroom:
            if options.no_real:
                fixtures.load(*fixtures.SITE)
            newsroom.measure(bench, options.newsroom)
        if scales:
            measure_scales(bench, scales, database)


if __name__ == "__main__":
    main()
