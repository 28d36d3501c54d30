"""What must come after what, and what cannot be at once: judged as well as the times are known."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from records.instants import Precision, latest, period_start
from records.models import SpacewalkCrew
from tests.factories import (
    day,
    instant,
    make_astronaut,
    make_flight,
    make_mission,
    make_spacewalk,
    make_station,
    make_surface_stay,
)

pytestmark = pytest.mark.django_db


def accepted(make) -> bool:
    """Whether the database takes what `make` writes; models must say the same of the rows it
    returns."""
    try:
        with transaction.atomic():
            rows = make()
    except IntegrityError:
        return False
    for row in rows:
        row.full_clean()
    return True


def refused_by_models(row, words):
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "precision", "last"),
    [
        ("2020-02-03T10:20:30", "second", "2020-02-03T10:20:30"),
        ("2020-02-03T10:20:00", "minute", "2020-02-03T10:20:59"),
        ("2020-02-03", "day", "2020-02-03T23:59:59"),
        ("2020-02-01", "month", "2020-02-29T23:59:59"),
        ("2021-12-01", "month", "2021-12-31T23:59:59"),
        ("2021-01-01", "year", "2021-12-31T23:59:59"),
    ],
)
def test_last_second_that_an_instant_may_be(written, precision, last):
    assert latest(instant(written), precision) == instant(last)


#: Two instants and how well each is known; whether the second may come after the first.
ORDERS = [
    ("2001-11-01T10:00", "second", "2001-11-01T10:00:01", "second", True),
    ("2001-11-01T10:00", "second", "2001-11-01T10:00", "second", False),
    ("2001-11-01T10:00", "second", "2001-11-01T09:00", "minute", False),
    ("2001-11-01T10:00:30", "second", "2001-11-01T10:00", "minute", True),
    ("2001-11-01", "day", "2001-11-01", "day", True),
    ("2001-11-01T15:00", "second", "2001-11-01", "day", True),
    ("2001-11-01", "day", "2001-11-01T15:00", "minute", True),
    ("2001-11-02", "day", "2001-11-01", "day", False),
    ("2001-11-02T00:00:01", "second", "2001-11-01", "day", False),
    ("2001-11-01", "month", "2001-11-01", "month", True),
    ("2001-11-20", "day", "2001-11-01", "month", True),
    ("2001-12-01", "day", "2001-11-01", "month", False),
    ("2004-02-29T12:00", "second", "2004-02-01", "month", True),
    ("2003-03-01T00:00", "minute", "2003-02-01", "month", False),
]
each_order = pytest.mark.parametrize(("first", "of_first", "second", "of_second", "may"), ORDERS)


@each_order
def test_landing_after_launch(first, of_first, second, of_second, may):
    def make():
        times = {"launched_at": first, "launch_precision": of_first}
        mission = make_mission(landed_at=second, landing_precision=of_second, **times)
        return [mission, make_flight(launch_mission=mission)]

    assert accepted(make) == may


@each_order
def test_planned_landing_after_launch(first, of_first, second, of_second, may):
    def make():
        plan = {"planned_landing_at": second, "planned_landing_precision": of_second}
        return [make_mission(launched_at=first, launch_precision=of_first, **plan)]

    assert accepted(make) == may


@each_order
def test_first_crew_and_end_of_a_station_after_its_launch(first, of_first, second, of_second, may):
    times = {"launched_at": instant(first), "launch_precision": of_first}
    crewed = {"first_crew_at": second, "first_crew_precision": of_second}
    ended = {"deorbited_at": second, "deorbit_precision": of_second}
    assert accepted(lambda: [make_station(**times, **crewed)]) == may
    assert accepted(lambda: [make_station(**times, **ended)]) == may


@each_order
def test_end_of_a_surface_stay_after_its_beginning(first, of_first, second, of_second, may):
    flight = make_flight(launched_at="2000-01-01", days=2000)

    def make():
        times = {"landed_precision": of_first, "lifted_off_precision": of_second}
        return [make_surface_stay(flight, landed_at=first, lifted_off_at=second, **times)]

    assert accepted(make) == may


@each_order
def test_one_flight_after_the_other(first, of_first, second, of_second, may):
    """The first lands when the second is launched."""
    if (first, of_first) == (second, of_second):
        may = True  # Down and up again at the same second: nothing says that it was not.

    def make():
        one = make_flight(
            launch_mission=make_mission(
                launched_at="2000-01-01", landed_at=first, landing_precision=of_first
            )
        )
        mission = make_mission(
            launched_at=second, launch_precision=of_second, landed_at="2005-01-01"
        )
        return [one, make_flight(one.astronaut, mission)]

    assert accepted(make) == may


@pytest.mark.parametrize(
    ("born_on", "of_birth", "launched_at", "of_launch", "may"),
    [
        ("2001-10-31", "day", "2001-11-01T00:00", "second", True),
        ("2001-11-01", "day", "2001-11-01T10:00", "second", False),
        ("2001-11-20", "day", "2001-11-01", "month", True),
        ("2001-01-01", "year", "2001-11-01", "day", True),
        ("2001-12-01", "month", "2001-11-01", "day", False),
    ],
)
def test_flight_after_birth(born_on, of_birth, launched_at, of_launch, may):
    def make():
        astronaut = make_astronaut(born_on=born_on, birth_precision=of_birth)
        mission = make_mission(
            launched_at=launched_at, launch_precision=of_launch, landed_at="2002-01-05"
        )
        return [make_flight(astronaut, mission), astronaut]

    assert accepted(make) == may


#: A start, how well it is known, hours; likewise of another; whether one person may make both.
WALKS = [
    ("2001-02-03T10:00", "minute", 6, "2001-02-03T16:00", "minute", 1, True),
    ("2001-02-03T10:00", "minute", 6, "2001-02-03T15:58", "minute", 1, False),
    ("2001-02-03T10:00", "second", 6, "2001-02-03T15:59:59", "second", 1, False),
    ("2001-02-03", "day", 6, "2001-02-03T10:00", "minute", 6, True),
    ("2001-02-03", "day", 6, "2001-02-03", "day", 6, True),
    # Before it there are nine hours of the day, after it five, and the night that follows.
    ("2001-02-03", "day", 10, "2001-02-03T09:00", "minute", 10, True),
    ("2001-02-03", "day", 6, "2001-02-04T05:00", "minute", 6, True),
    ("2001-02-01", "month", 6, "2001-02-03T10:00", "minute", 6, True),
    ("2001-02-03", "day", 6, "2001-02-02T23:58", "minute", 6, True),
]


@pytest.mark.parametrize(
    ("one", "of_one", "hours", "other", "of_other", "others_hours", "may"), WALKS
)
@pytest.mark.parametrize("turned", [False, True])
def test_two_spacewalks_of_one(one, of_one, hours, other, of_other, others_hours, may, turned):
    walks = [(one, of_one, hours), (other, of_other, others_hours)]

    def make():
        flight = make_flight(launched_at="2001-01-01", days=100)
        made = [
            make_spacewalk(
                flight, started_at=start, start_precision=precision, duration=timedelta(hours=long)
            )
            for start, precision, long in walks[:: -1 if turned else 1]
        ]
        return [*made, *(walk.crew_rows.get() for walk in made)]

    assert accepted(make) == may


def test_part_that_ended_earlier_leaves_time_for_another():
    flight = make_flight(launched_at="2001-01-01", days=100)
    walk = make_spacewalk(flight, started_at="2001-02-02T10:00")
    crew = walk.crew_rows.get()
    crew.duration, crew.duration_precision = timedelta(hours=2), "minute"
    crew.save()
    other = make_spacewalk(flight, started_at="2001-02-02T12:00")
    crew.full_clean()
    other.full_clean()


def test_form_says_who_was_outside_elsewhere():
    flight = make_flight(make_astronaut("Ada Vega"), launched_at="2001-01-01", days=100)
    make_spacewalk(flight, started_at="2001-02-02T10:00")
    other = make_flight(launch_mission=flight.launch_mission)
    walk = make_spacewalk(other, started_at="2001-02-02T12:00")
    row = SpacewalkCrew(spacewalk=walk, flight=flight)
    refused_by_models(row, "Ada Vega was outside on")
    late = make_spacewalk(flight, started_at="2001-02-03T12:00")
    late.started_at = instant("2001-02-02T13:00")
    refused_by_models(late, "nobody makes two spacewalks at once")


@pytest.mark.parametrize(
    ("start", "precision", "landed_at", "of_landing", "may"),
    [
        ("2001-01-01T12:00", "minute", "2001-01-11", "day", True),
        ("2001-01-11T20:00", "minute", "2001-01-11", "day", False),
        ("2001-01-11T17:00", "minute", "2001-01-11", "day", True),
        ("2001-01-11", "day", "2001-01-11T05:00", "second", False),
        ("2001-01-11", "day", "2001-01-11T07:00", "second", True),
        ("2001-01-01", "day", "2001-01-11T07:00", "second", True),
        ("2000-12-31", "day", "2001-01-11T07:00", "second", False),
        ("2001-01-01", "month", "2001-01-02T09:00", "second", True),
        ("2001-01-01", "month", "2001-01-01T17:00", "second", False),
        ("2001-01-25T10:00", "minute", "2001-01-01", "month", True),
    ],
)
def test_spacewalk_within_its_flight(start, precision, landed_at, of_landing, may):
    """The flight begins at noon of 1 January; the spacewalk takes six hours."""

    def make():
        mission = make_mission(
            launched_at="2001-01-01T12:00", landed_at=landed_at, landing_precision=of_landing
        )
        flight = make_flight(launch_mission=mission)
        walk = make_spacewalk(flight, started_at=start, start_precision=precision)
        return [walk, flight, walk.crew_rows.get()]

    assert accepted(make) == may


def test_every_true_history_of_two_flights_is_accepted():
    """Written as well as they are known, times that were in order are never refused."""
    landed, launched = instant("2001-11-30T23:59:40"), instant("2001-11-30T23:59:50")
    for of_landing, of_launch in product(("second", "minute", "day", "month"), repeat=2):
        one = make_flight(
            launch_mission=make_mission(
                launched_at="2000-01-01",
                landed_at=_known(landed, of_landing),
                landing_precision=of_landing,
            )
        )
        second = make_mission(
            launched_at=_known(launched, of_launch),
            launch_precision=of_launch,
            landed_at="2002-01-01",
        )
        make_flight(one.astronaut, second).full_clean()


def _known(moment, precision):
    if precision == Precision.MINUTE:
        moment = moment.replace(second=0)
    return period_start(moment, precision)


def test_death_may_come_in_the_year_of_birth_only_from_its_first_day():
    make_astronaut(born_on="1961-01-01", birth_precision="year", died_on="1961-05-01").full_clean()
    with pytest.raises(IntegrityError):
        make_astronaut(born_on="1961-01-01", birth_precision="year", died_on=day("1960-12-31"))
