"""How many people were in space at once, and when that was a record."""

from itertools import pairwise

from hypothesis import given, settings

from records.book.careers import State
from records.book.population import (
    Census,
    intervals,
    population_progression,
    population_standings,
)
from records.book.progression import ChangeKind, progression_as_of
from records.instants import Precision
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip
from tests.book.histories import INSTANTS, SECOND, boundaries, histories

MANY = settings(max_examples=150, deadline=None)


def told(careers, *, until="2090-01-01", confirmation=ALL_KNOWN, least=1):
    """`[("first", 1, "2000-01-01"), …]`"""
    found = intervals(careers, instant(until), confirmation)
    return [
        (change.kind, change.value.amount, f"{change.passed_at:%Y-%m-%d}")
        for change in population_progression(found, least=least)
    ]


def is_doubt(change):
    """Whether a step is told for what may have been, with fewer by what is written."""
    return change.kind is ChangeKind.PERHAPS and len(change.holders) < change.value.amount


def aboard(careers, at, confirmation):
    """Who is in space at the instant, counted by hand."""
    flights = ((one.astronaut.slug, one.at(at, confirmation).aloft) for one in careers)
    return {slug for slug, aloft in flights if aloft and aloft.state is not State.UNCONFIRMED}


@MANY
@given(histories())
def test_an_interval_holds_those_who_are_in_space_at_each_of_its_seconds(history):
    found = intervals(history.careers, history.end, history.confirmation)
    for at in boundaries(history.careers, [], history):
        expected = aboard(history.careers, at, history.confirmation)
        inside = [one for one in found if one.begin <= at and (one.end is None or at < one.end)]
        assert len(inside) <= 1
        assert {one.slug for interval in inside for one in interval.aboard} == expected, at


@MANY
@given(histories())
def test_the_mark_is_the_greatest_number_up_to_every_instant(history):
    found = intervals(history.careers, history.end, history.confirmation)
    changes = population_progression(found)
    for earlier, later in pairwise(changes):
        assert earlier.until == later.passed_at
        if later.kind is ChangeKind.EQUALLED:
            assert later.value == earlier.value
            assert later.value.low == later.value.high
        if later.kind is ChangeKind.BROKEN:
            assert later.value.low > earlier.value.high
        assert later.value.amount >= earlier.value.amount
    for at in boundaries(history.careers, [], history):
        most = max((one.count for one in found if one.begin <= at), default=0)
        holding = [
            one for one in changes if one.passed_at <= at and (one.until is None or at < one.until)
        ]
        assert [one.value.amount for one in holding] == ([most] if most else [])
        if holding:
            best = population_standings(intervals(history.careers, at, history.confirmation))[0]
            assert best.value.amount == holding[0].value.amount


@MANY
@given(histories(), INSTANTS)
def test_what_was_known_then_is_what_is_worked_out_up_to_then(history, at):
    """But for how sure it was, which is seen later."""
    whole = population_progression(intervals(history.careers, history.end, history.confirmation))
    then = population_progression(intervals(history.careers, at, history.confirmation))
    known = [
        [(one.passed_at, one.holders, one.value.amount) for one in steps if not is_doubt(one)]
        for steps in (progression_as_of(whole, at), then)
    ]
    assert known[0] == known[1]


def test_equalled_marks_are_told_apart_from_broken_ones():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-11")),
        career("Cy Moss", trip("2000-02-05", "2000-02-11")),
    ]
    assert told(careers) == [
        (ChangeKind.FIRST, 1, "2000-01-01"),
        (ChangeKind.EQUALLED, 1, "2000-02-01"),
        (ChangeKind.BROKEN, 2, "2000-02-05"),
    ]


def test_fewer_than_the_threshold_are_no_record():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-01-05", "2000-01-11")),
    ]
    assert told(careers, least=2) == [(ChangeKind.FIRST, 2, "2000-01-05")]


def test_an_exchange_in_one_second_is_no_crowd():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-01-11", "2000-01-21")),
    ]
    found = intervals(careers, instant("2000-02-01"), ALL_KNOWN)
    assert [one.count for one in found] == [1, 1, 0]


def test_who_is_not_confirmed_is_counted_up_to_the_planned_landing():
    careers = [career("Ada Vega", trip("2000-01-01", plan="2000-01-10"))]
    known = confirmed_through("2000-01-02")
    alone, nobody = intervals(careers, instant("2000-02-01"), known)
    assert (alone.count, nobody.count) == (1, 0)
    assert alone.end == instant("2000-01-11") + SECOND


def test_the_series_is_what_a_chart_draws():
    careers = [career("Ada Vega", trip("2000-01-01", "2000-01-11"))]
    census = Census(careers, instant("2000-02-01"), ALL_KNOWN)
    series = [(begin, value.amount) for begin, value in census.series]
    assert series == [(instant("2000-01-01"), 1), (instant("2000-01-11"), 0)]


def test_who_was_aboard_is_known_of_every_one_of_many_intervals():
    days = [f"2000-{month:02}-{day:02}" for month in range(1, 5) for day in range(1, 29)]
    careers = [
        career(f"Pilot{number} Vega", trip(begin, end))
        for number, (begin, end) in enumerate(zip(days, days[3:], strict=False))
    ]
    found = intervals(careers, instant("2001-01-01"), ALL_KNOWN)
    assert len(found) > 100
    for one in found:
        assert {who.slug for who in one.aboard} == aboard(careers, one.begin, ALL_KNOWN)
        assert one.count == len(one.aboard)


def test_nobody_is_in_space_before_the_first_launch():
    assert intervals([], instant("2000-01-01"), ALL_KNOWN) == []
    assert population_progression([]) == []


def test_the_times_of_a_crowd_are_known_as_well_as_its_launches_and_landings():
    ada = career("Ada Vega", trip("2000-01-01T10:00", "2000-01-03", landing_precision="day"))
    ben = career("Ben Orth", trip("2000-01-02T12:00", "2000-01-05T09:00"))
    found = intervals([ada, ben], instant("2001-01-01"), ALL_KNOWN)
    assert [(one.count, one.begin_precision, one.end_precision) for one in found] == [
        (1, Precision.SECOND, Precision.SECOND),
        (2, Precision.SECOND, Precision.DAY),
        (1, Precision.DAY, Precision.SECOND),
        (0, Precision.SECOND, Precision.SECOND),
    ]
