"""Timing: work done again and again, and what it took."""

import statistics
import sys
import time
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

WIDTH = 40


@dataclass
class Timing:
    """Milliseconds that the processor was busy with some runs: the least and the median."""

    least: float
    median: float
    runs: int


class Bench:
    """Runs work again and again and prints what it took."""

    def __init__(self, repeat: int, patience: float):
        self.repeat = repeat
        self.patience = patience

    def time(self, work, *, before=None) -> Timing:
        """Up to `repeat` runs that fit in `patience` seconds, one at least. `before` is not
        timed."""
        taken = []
        end = time.perf_counter() + self.patience
        while not taken or (len(taken) < self.repeat and time.perf_counter() < end):
            if before:
                before()
            start = time.process_time()
            work()
            taken.append(1000 * (time.process_time() - start))
        return Timing(min(taken), statistics.median(taken), len(taken))

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
            targets.append(verdict(timing.least < target, f"< {target} ms"))
        if most_queries is not None:
            targets.append(verdict(queries <= most_queries, f"≤ {most_queries} queries"))
        say(
            f"{name:<{WIDTH}}{timing.least:>9.2f}{timing.median:>9.2f} ms{queries:>5} q"
            f"{timing.runs:>6} runs  " + ", ".join(targets)
        )
        return timing


def say(line=""):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def heading(text):
    say()
    say(text)
    say("-" * len(text))


def verdict(kept: bool, target: str) -> str:
    return target if kept else f"{target} MISSED"
