"""What the flights under way will pass: told ahead, and come true by letting time pass."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.careers import Career, Flight
from records.book.criteria import Category
from records.book.forecast import Look, Outlook, forecast
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.instants import Precision
from tests.book.builders import (
    ALL_KNOWN,
    career,
    confirmed_through,
    flight,
    instant,
    mission,
    trip,
)
from tests.book.plain_standings import standings

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
BEGIN = instant("2000-01-01")


def rule(metric="longest-flight", threshold=None, each="", **category) -> Rule:
    return Rule(METRICS[metric], Category(**category), threshold, each)


def milestones(careers, at="2001-01-01", *, confirmation=ALL_KNOWN, places=3, top=0, **options):
    look = Look(places=places, top=top)
    return forecast(rule(**options), careers, instant(at), confirmation, look)


def told(found) -> list[tuple]:
    """`[("Vega", ["Ride"], 1, "2000-01-11 00:00:01")]`: who passes whom, to which rank, when."""
    return [
        (
            one.astronaut.family_name,
            [passed.family_name for passed in one.passed],
            one.rank,
            f"{one.passes_at:%Y-%m-%d %H:%M:%S}",
        )
        for one in found
    ]


# By example

RIDE = career("Sally Ride", trip("1990-01-01", "1990-01-11"))
LUCID = career("Shannon Lucid", trip("1991-01-01", "1991-01-21"))


def test_the_next_places_are_told_to_the_second():
    vega = career("Ada Vega", trip("2000-01-01"))
    assert told(milestones([RIDE, LUCID, vega], "2000-01-05")) == [
        ("Vega", ["Ride"], 2, "2000-01-11 00:00:01"),
        ("Vega", ["Lucid"], 1, "2000-01-21 00:00:01"),
    ]


def test_only_the_next_places_are_told_unless_the_top_is_asked_for():
    vega = career("Ada Vega", trip("2000-01-01"))
    more = [career(f"Pilot {n}", trip("1980-01-01", f"1980-02-{n:02}")) for n in range(1, 10)]
    assert [one.rank for one in milestones([*more, vega], "2000-01-05", places=2)] == [9, 8]
    assert [one.rank for one in milestones([*more, vega], "2000-01-05", places=1, top=2)] == [
        9,
        2,
        1,
    ]


def test_those_with_the_same_value_are_passed_together():
    twin = career("Mark Other", trip("1990-01-01", "1990-01-11"))
    vega = career("Ada Vega", trip("2000-01-01"))
    assert told(milestones([RIDE, twin, vega], "2000-01-05")) == [
        ("Vega", ["Other", "Ride"], 1, "2000-01-11 00:00:01")
    ]


def test_values_that_cannot_be_told_apart_are_passed_in_the_same_minute():
    minute = {"launch_precision": "minute", "landing_precision": "minute"}
    ride = career("Sally Ride", trip("1990-01-01", "1990-01-11T00:00:10", **minute))
    lucid = career("Shannon Lucid", trip("1991-01-01", "1991-01-11T00:00:50", **minute))
    vega = career("Ada Vega", trip("2000-01-01"))
    assert told(milestones([ride, lucid, vega], "2000-01-05")) == [
        ("Vega", ["Lucid", "Ride"], 1, "2000-01-11 00:01:00")
    ]


def test_a_flight_that_has_yet_to_outdo_an_earlier_one_is_told_what_comes_after():
    vega = career("Ada Vega", trip("1995-01-01", "1995-01-16"), trip("2000-01-01"))
    assert told(milestones([RIDE, LUCID, vega], "2000-01-05")) == [
        ("Vega", ["Lucid"], 1, "2000-01-21 00:00:01")
    ]


def test_who_is_about_to_rise_out_of_reach_is_not_passed():
    ride = career("Sally Ride", trip("1990-01-01", "1990-01-11"), trip("1999-12-31"))
    vega = career("Ada Vega", trip("2000-01-01"))
    assert milestones([ride, vega], "2000-01-05") == []
    assert told(milestones([ride, LUCID, vega], "2000-01-05")) == [
        ("Ride", ["Lucid"], 1, "2000-01-20 00:00:01"),
        ("Vega", ["Lucid"], 2, "2000-01-21 00:00:01"),
    ]


def test_who_will_rise_later_from_an_earlier_flight_is_passed_first():
    ride = career("Sally Ride", trip("1990-01-01", "1990-01-11"), trip("2000-01-02"))
    vega = career("Ada Vega", trip("2000-01-01"))
    assert told(milestones([ride, vega], "2000-01-05")) == [
        ("Vega", ["Ride"], 1, "2000-01-11 00:00:01")
    ]


def test_crew_mates_share_the_place_they_reach():
    ship = mission("2000-01-01")
    crew = [career(name, flight(ship, ship)) for name in ("Ada Vega", "Bo Orion")]
    assert told(milestones([RIDE, *crew], "2000-01-05")) == [
        ("Vega", ["Ride"], 1, "2000-01-11 00:00:01"),
        ("Orion", ["Ride"], 1, "2000-01-11 00:00:01"),
    ]


def test_a_list_that_begins_at_a_threshold_is_joined():
    vega = career("Ada Vega", trip("2000-01-01"))
    found = milestones([RIDE, LUCID, vega], "2000-01-05", threshold=15)
    assert told(found) == [
        ("Vega", [], 2, "2000-01-16 00:00:00"),
        ("Vega", ["Lucid"], 1, "2000-01-21 00:00:01"),
    ]
    assert [one.joins for one in found] == [True, False]
    assert found[0].value.text == "15 d 0 h 0 m"


def test_in_a_list_of_every_flight_ones_own_are_passed_too():
    vega = career("Ada Vega", trip("1995-01-01", "1995-01-16"), trip("2000-01-01"))
    parts = [part for one in (RIDE, vega) for part in one.parts("flight")]
    assert told(milestones(parts, "2000-01-05", each="flight")) == [
        ("Vega", ["Ride"], 2, "2000-01-11 00:00:01"),
        ("Vega", ["Vega"], 1, "2000-01-16 00:00:01"),
    ]


@pytest.mark.parametrize(
    ("plan", "outlook", "slack"),
    [
        ("2000-02", Outlook.EXPECTED, 50),
        ("2000-01-10", Outlook.EXPECTED, 0),
        ("2000-01-08", Outlook.NEEDS_EXTENSION, -2),
        (None, Outlook.OPEN, None),
    ],
)
def test_the_planned_landing_says_what_must_happen(plan, outlook, slack):
    vega = career("Ada Vega", trip("2000-01-01", plan=plan))
    ride = career("Sally Ride", trip("1990-01-01", "1990-01-10T23:59:59"))
    (found,) = milestones([ride, vega], "2000-01-05")
    assert found.outlook is outlook
    assert found.slack == (slack if slack is None else slack * DAY)
    assert found.takes_record


def test_a_presumed_flight_makes_its_forecast_presumed():
    vega = career("Ada Vega", trip("2000-01-01"))
    (found,) = milestones([RIDE, vega], "2000-01-10", confirmation=confirmed_through("2000-01-02"))
    assert found.presumed
    (found,) = milestones([RIDE, vega], "2000-01-10", confirmation=confirmed_through("2000-01-05"))
    assert not found.presumed


def test_an_unconfirmed_flight_is_told_nothing_and_is_not_passed_but_holds_its_place():
    lost = career("Lost Touch", trip("2000-01-01", plan="2000-01-12"))
    vega = career("Ada Vega", trip("2000-01-05"))
    known = confirmed_through("2000-01-06")
    found = milestones([RIDE, LUCID, lost, vega], "2000-01-14", confirmation=known)
    assert told(found) == [
        ("Vega", ["Ride"], 3, "2000-01-15 00:00:01"),
        ("Vega", ["Lucid"], 1, "2000-01-25 00:00:01"),
    ]


def test_what_does_not_rise_in_flight_is_not_forecast():
    vega = career("Ada Vega", trip("2000-01-01"))
    twice = career(
        "Twice Flown", trip("1990-01-01", "1990-01-11"), trip("1991-01-01", "1991-02-01")
    )
    assert milestones([twice, vega], "2000-01-05", metric="number-of-flights") == []
    assert milestones([twice, vega], "2000-01-05", metric="people-aloft") == []


def test_landed_flights_only_have_no_future():
    vega = career("Ada Vega", trip("2000-01-01"))
    assert milestones([RIDE, vega], "2000-01-05", landed_only=True) == []


def test_what_is_too_far_ahead_is_left_out():
    vega = career("Ada Vega", trip("2000-01-01"))

    def ranks(days):
        look = Look(places=0, top=9, latest=lambda flight: flight.launched_at + days * DAY)
        at = instant("2000-01-05")
        return [one.rank for one in forecast(rule(), [RIDE, LUCID, vega], at, ALL_KNOWN, look)]

    assert (ranks(9), ranks(11), ranks(21)) == ([], [2], [2, 1])


def test_only_those_asked_about_are_told():
    crew = [career(name, trip("2000-01-01")) for name in ("Ada Vega", "Bo Lind")]
    look = Look(only=frozenset({"bo-lind"}))
    found = forecast(rule(), [RIDE, *crew], instant("2000-01-05"), ALL_KNOWN, look)
    assert [one.astronaut.name for one in found] == ["Bo Lind"]


# For every history

LENGTHS = st.one_of(st.integers(1, 300), st.sampled_from([59, 60, 61, 90, 119, 120, 121, 180]))
GROWING = st.sampled_from([key for key, metric in METRICS.items() if metric.grows])
#: By this second all who are still aloft have been launched and all others have landed.
QUIET = 5000


@st.composite
def people(draw, precisions=("second",)):
    """Careers of flights a few minutes long, so that values meet; the last flight may be under way.
    From QUIET on nothing happens but that clocks run."""
    careers = []
    for number in range(draw(st.integers(1, 6))):
        begin, trips = draw(st.integers(0, 50)), []
        for _ in range(draw(st.integers(0, 3))):
            length = draw(LENGTHS)
            trips.append((begin, begin + length, Precision(draw(st.sampled_from(precisions)))))
            begin += length + draw(st.integers(1, 100))
        if not trips or draw(st.booleans()):
            launched = QUIET - draw(st.sampled_from([0, 1, 2, 30, 60]))
            trips.append((launched, None, Precision.SECOND))
        careers.append(career(f"Pilot{number} Name{number % 3}", *(_flight(*one) for one in trips)))
    return careers


def _flight(begin, end, precision) -> Flight:
    ship = mission(
        BEGIN + begin * SECOND,
        None if end is None else BEGIN + end * SECOND,
        landing_precision=precision,
    )
    return flight(ship, ship)


ASKED = st.integers(QUIET, QUIET + 200).map(lambda seconds: BEGIN + seconds * SECOND)
ALL = Look(places=10, top=10)


def of(leaderboard, careers, at):
    return forecast(leaderboard, careers, at, ALL_KNOWN, ALL)


def row_of(rows, astronaut):
    return next((row for row in rows if row.astronaut == astronaut), None)


def strictly_ahead(one, other) -> bool:
    return other is None or (one is not None and one.rank < other.rank)


@given(people(), ASKED, GROWING)
def test_a_forecast_comes_true_by_letting_time_pass(careers, at, metric):
    leaderboard = rule(metric)
    for one in of(leaderboard, careers, at):
        then = standings(leaderboard, careers, one.passes_at, ALL_KNOWN)
        own = row_of(then, one.astronaut)
        assert own.rank == one.rank
        for passed in one.passed:
            assert strictly_ahead(own, row_of(then, passed))
        before = standings(leaderboard, careers, one.passes_at - SECOND, ALL_KNOWN)
        own = row_of(before, one.astronaut)
        for passed in one.passed:
            assert not strictly_ahead(own, row_of(before, passed))


@given(people(precisions=("second", "minute", "day")), ASKED, GROWING)
def test_it_comes_true_however_well_the_landings_are_known(careers, at, metric):
    leaderboard = rule(metric)
    for one in of(leaderboard, careers, at):
        then = standings(leaderboard, careers, one.passes_at, ALL_KNOWN)
        own = row_of(then, one.astronaut)
        assert own.rank == one.rank
        assert all(strictly_ahead(own, row_of(then, passed)) for passed in one.passed)


@given(people(), ASKED, GROWING)
def test_nobody_is_passed_who_was_not_told(careers, at, metric):
    leaderboard = rule(metric)
    told = {
        (one.astronaut, passed)
        for one in of(leaderboard, careers, at)
        if one.passes_at <= at + DAY
        for passed in one.passed
    }
    now = standings(leaderboard, careers, at, ALL_KNOWN)
    later = standings(leaderboard, careers, at + DAY, ALL_KNOWN)
    happened = {
        (one.astronaut, other.astronaut)
        for one in later
        for other in later
        if strictly_ahead(one, other)
        and (before := row_of(now, one.astronaut))
        and (beside := row_of(now, other.astronaut))
        and not strictly_ahead(before, beside)
    }
    assert happened <= told


@given(people(), ASKED, st.integers(1, 300), GROWING)
def test_an_instant_told_does_not_depend_on_when_one_asks(careers, at, wait, metric):
    leaderboard = rule(metric)
    later = at + wait * SECOND
    ahead = [one for one in of(leaderboard, careers, at) if one.passes_at > later]
    told = [(one.astronaut, one.passed, one.value, one.rank, one.passes_at) for one in ahead]
    assert told == [
        (one.astronaut, one.passed, one.value, one.rank, one.passes_at)
        for one in of(leaderboard, careers, later)
    ]


@given(people(), ASKED, st.integers(1, 300), GROWING)
def test_the_slack_agrees_with_landing_at_the_plan(careers, at, days, metric):
    plan = at + days * SECOND
    planned = [_with_plan(one, plan, landed=False) for one in careers]
    landed = [_with_plan(one, plan, landed=True) for one in careers]
    leaderboard = rule(metric)
    for one in of(leaderboard, planned, at):
        then = standings(leaderboard, landed, one.passes_at + DAY, ALL_KNOWN)
        own = row_of(then, one.astronaut)
        passes = all(strictly_ahead(own, row_of(then, passed)) for passed in one.passed)
        assert one.slack == plan - one.passes_at
        assert passes is (one.slack >= timedelta(0)) is (one.outlook is Outlook.EXPECTED)


def _with_plan(one: Career, plan, *, landed: bool) -> Career:
    flights = [
        _replanned(each, plan, landed=landed) if each.landed_at is None else each
        for each in one.flights
    ]
    return Career.of(one.astronaut, flights)


def _replanned(under_way: Flight, plan, *, landed: bool) -> Flight:
    ship = replace(under_way.launch_mission, plan_ends_at=plan, landed_at=plan if landed else None)
    return flight(ship, ship)


def test_the_histories_are_worth_trying():
    """Every kind of milestone does occur among them."""
    seen = set()

    @given(people(), ASKED, GROWING)
    # The same search every time: what it finds is not left to chance.
    @settings(max_examples=300, database=None, derandomize=True)
    def look(careers, at, metric):
        for one in of(rule(metric), careers, at):
            seen.update(
                {
                    "takes the record" if one.takes_record else "does not",
                    "several" if len(one.passed) > 1 else "one",
                    "soon" if one.passes_at < at + 100 * SECOND else "late",
                }
            )

    look()
    assert seen == {*("takes the record", "does not", "several", "one", "soon", "late")}
