"""Wherever a duration stands beside the two instants that it lies between, a reader who takes one
from the other comes to what is printed, at the coarser precision of the two."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from records.ledger import Ledger
from records.models import Mission
from records.tables.astronauts import flights
from records.tables.pieces import why_flight
from records.tables.progression import steps
from records.views.questions import Instant
from tests.book.builders import instant

pytestmark = pytest.mark.django_db

TIME = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}(?:, \d\d:\d\d(?::\d\d)? UTC)?")
LENGTH = re.compile(r"(?:(\d+) d ?)?(?:(\d+) h ?)?(?:(\d+) m ?)?(?:(\d+) s)?$")
SECOND = '<span class="second">'
LATE = instant("2026-11-20")
ALL = Instant(LATE, LATE, "")


def plain(html) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", str(html))).strip()


def cells(table) -> list[dict[str, str]]:
    """What each line of a table says in each column, without what narrow screens repeat."""
    names = [column.name for column in table.columns]
    return [
        dict(zip(names, (plain(cell.partition(SECOND)[0]) for cell in line.cells), strict=True))
        for line in table.lines
    ]


def parsed(text: str) -> tuple[datetime, timedelta]:
    """An instant and the smallest unit that is written of it."""
    for form, unit in (
        ("%d %B %Y, %H:%M:%S UTC", timedelta(seconds=1)),
        ("%d %B %Y, %H:%M UTC", timedelta(minutes=1)),
        ("%d %B %Y", timedelta(days=1)),
    ):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC), unit
        except ValueError:
            continue
    raise AssertionError(text)


def cut(at: datetime, unit: timedelta) -> datetime:
    return at - (at - datetime.min.replace(tzinfo=UTC)) % unit


def check(begin: str, end: str, length: str):
    """What is printed of a time, from when to when. Known to the day it is hedged, and a bound."""
    (begun, one), (ended, other) = parsed(begin), parsed(end)
    unit = max(one, other)
    words = (begin, end, length)
    if unit == timedelta(days=1):
        assert re.match("≈|at least|at most", length), words
        return
    found = LENGTH.match(length)
    assert found, words
    assert found[0], words
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    printed = timedelta(days, hours=hours, minutes=minutes, seconds=seconds)
    if not found[4]:
        unit_printed = timedelta(minutes=1)
    else:
        assert unit == timedelta(seconds=1), words
        unit_printed = unit
    difference = cut(ended, unit) - cut(begun, unit)
    assert printed == difference - difference % unit_printed, words


def every_flight():
    return [one for career in Ledger.current().careers.values() for one in career.flights]


def test_why_a_flight_stands_where_it_does(site):
    told = 0
    for flight in every_flight():
        if flight.landed_at:
            words = plain(why_flight(flight, timed=True))
            begin, end = TIME.findall(words)
            check(begin, end, words.rpartition(": ")[2])
            told += 1
    assert told > 1200


def test_the_flights_of_an_astronaut(site):
    ledger, told = Ledger.current(), 0
    for career in ledger.careers.values():
        rows = [{"flight": one, "total": None} for one in career.flights if one.landed_at]
        for line in cells(flights(rows, career.astronaut, ledger.names, ALL)):
            (begin,), (end,) = TIME.findall(line["up"]), TIME.findall(line["down"])
            check(begin, end, line["time"])
            told += 1
    assert told > 1200


def test_the_times_and_the_length_of_a_mission(site, client):
    """One of each way in which its ends are known."""
    kinds = {}
    for mission in Mission.objects.filter(landed_at__lte=LATE).order_by("launched_at"):
        both = (mission.launch_precision, mission.landing_precision)
        # One that shows whether the seconds are cut off on the way.
        early = mission.launched_at.second > mission.landed_at.second
        kinds.setdefault((*both, early), mission)
    assert len(kinds) > 4
    for mission in kinds.values():
        page = client.get(mission.get_absolute_url()).content.decode()
        facts = plain(re.search(r'<dl class="facts">.*?</dl>', page, re.S)[0])
        begin, end = TIME.findall(facts)[:2]
        check(begin, end, re.search(r"(?:Flew for|after) (.*?)\.", plain(page))[1])


def test_how_long_a_record_stood(site):
    ledger, told = Ledger.current(), 0
    for row in {row.metric: row for row in ledger.leaderboards.values()}.values():
        rule = ledger.rule(row)
        found = cells(steps(ledger.tenures(rule, LATE), rule.metric, "", ALL))
        for one, following in pairwise(found):
            if TIME.fullmatch(one["passed"]) and TIME.fullmatch(following["passed"]):
                check(one["passed"], following["passed"], one["stood"])
                told += 1
    assert told > 100
