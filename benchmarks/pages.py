"""Whole pages, each three times: cold, in the same minute again, and as the first of a minute."""

from datetime import timedelta

from django.test import Client

from benchmarks.timing import WIDTH, Bench, Timing, say, verdict
from records.instants import full_minute, read_clock
from records.ledger import Ledger
from records.ledger.ledger import LATEST
from records.views import questions

TOTAL = "total-time-in-space"
PAGES = {
    "home": "/",
    "records index": "/records/",
    "leaderboard": f"/records/{TOTAL}/",
    "leaderboard at an instant": f"/records/{TOTAL}/?at=2024-02-04T08:40Z",
    "every single flight": "/records/longest-flights/",
    "progression": f"/records/{TOTAL}/progression/",
    "people in orbit": "/records/most-people-in-orbit/",
    "in space": "/in-space/",
    "watch": "/watch/",
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
#: Pages of made-up histories.
LARGE_PAGES = {
    **{name: path for name, path in PAGES.items() if name not in ("article", "JSON", "CSV")},
    "astronaut": "/astronauts/person-1/",
    "mission": "/missions/mission-1/",
}
#: The most milliseconds that a page of the real record may take: cold, in the same minute, as the
#: first of a minute.
TARGETS = {
    "home": (60, 15, 40),
    "records index": (120, 15, 40),
    "leaderboard": (60, 25, 30),
    "leaderboard at an instant": (60, 25, 30),
    "every single flight": (60, 25, 30),
    "astronaut": (300, 25, 60),
    "watch": (150, 40, 80),
    "progression": (400, 25, 25),
}
#: The same of ten times the real record.
LARGE_TARGETS = (1500, 50, 400)
TIMES = ("cold", "same minute", "first of a minute")


class Clock:
    """The site's clock: it stands at a full minute until it is told to go on."""

    def __init__(self):
        self.now = full_minute(read_clock())
        questions.read_clock = lambda: self.now

    def next_minute(self):
        self.now += timedelta(minutes=1)


def forget():
    """As after a change of the facts: nothing is loaded."""
    LATEST.forget()


def load_anew():
    """The ledger is there and nothing was asked of it."""
    forget()
    Ledger.current()


def get(path):
    response = Client().get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")
    return b"".join(response) if response.streaming else response.content


def measure(bench: Bench, pages: dict[str, str], targets: dict) -> dict[str, Timing]:
    """Print the three times of each page, least and median, and give them by page and time."""
    clock, found = Clock(), {}
    say(f"{'':<{WIDTH - 14}}" + "".join(f"{time:>20}" for time in TIMES) + "   (least, median)")
    for name, path in pages.items():
        times = [
            bench.time(lambda path=path: get(path), before=before)
            for before in (forget, None, clock.next_minute)
        ]
        found |= {f"{name}, {which}": time for which, time in zip(TIMES, times, strict=True)}
        told = "".join(f"{time.least:>11.1f}{time.median:>9.1f}" for time in times)
        most = targets.get(name)
        kept = most and all(time.least < ms for time, ms in zip(times, most, strict=True))
        said = verdict(kept, "< " + " / ".join(map(str, most))) if most else ""
        say(f"{name:<{WIDTH - 14}}{told}   {said}")
    return found
