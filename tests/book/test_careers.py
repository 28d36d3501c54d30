"""Careers as of an instant: what has happened by then, and how sure anybody is of it."""

from datetime import timedelta

import pytest

from records.book.careers import State
from tests.book.builders import (
    ALL_KNOWN,
    career,
    confirmed_through,
    flight,
    instant,
    mission,
    trip,
    walk,
)

CONFIRMED = confirmed_through("2000-03-01")


def state_at(at, under_way, confirmation=CONFIRMED):
    return under_way.at(instant(at), confirmation).state


def days_at(at, under_way, confirmation=CONFIRMED):
    return under_way.at(instant(at), confirmation).seconds / 86_400


# Clipped to an instant


def test_nobody_has_flown_before_the_launch():
    assert trip("2000-01-01T12:00").at(instant("2000-01-01T11:59:59"), ALL_KNOWN) is None


def test_a_flight_begins_with_its_launch():
    launched = trip("2000-01-01T12:00").at(instant("2000-01-01T12:00"), ALL_KNOWN)
    assert (launched.state, launched.seconds) == (State.IN_FLIGHT, 0)


def test_a_flight_lasts_as_long_as_it_has_come():
    clipped = trip("2000-01-01", "2000-01-11").at(instant("2000-01-03T06:00"), ALL_KNOWN)
    assert clipped.seconds == 2 * 86_400 + 6 * 3600
    assert clipped.landed_at is None
    assert clipped.until == instant("2000-01-03T06:00")


def test_a_flight_has_landed_at_the_very_second_of_its_landing():
    whole = trip("2000-01-01", "2000-01-11T00:00:01")
    assert whole.at(instant("2000-01-11"), ALL_KNOWN).state is State.IN_FLIGHT
    assert whole.at(instant("2000-01-11T00:00:01"), ALL_KNOWN).state is State.LANDED


def test_a_career_keeps_only_the_flights_launched_by_then():
    whole = career(
        "Ada Vega",
        trip("2003-01-01", "2003-02-01"),
        trip("2000-01-01", "2000-02-01"),
        trip("2006-01-01", "2006-02-01"),
    )
    clipped = whole.at(instant("2003-01-15"), ALL_KNOWN)
    assert [one.launched_at.year for one in clipped.flights] == [2000, 2003]
    assert clipped.aloft.launched_at.year == 2003


def test_a_career_before_the_first_launch_is_empty():
    clipped = career("Ada Vega", trip("2000-01-01", "2000-02-01")).at(
        instant("1999-01-01"), ALL_KNOWN
    )
    assert clipped.flights == ()
    assert clipped.aloft is None


def test_nobody_is_aloft_between_two_flights():
    whole = career("Ada Vega", trip("2000-01-01", "2000-02-01"), trip("2003-01-01", "2003-02-01"))
    assert whole.at(instant("2001-01-01"), ALL_KNOWN).aloft is None


def test_up_on_one_ship_and_down_on_another_is_one_flight():
    up, down = mission("2000-01-01", "2000-03-01"), mission("2000-02-01", "2000-06-01")
    whole = flight(up, down)
    assert whole.changed_ships
    assert whole.seconds == timedelta(days=152).total_seconds()
    assert whole.at(instant("2000-03-15"), ALL_KNOWN).state is State.IN_FLIGHT


def test_a_flight_stays_with_its_crew_when_its_ship_up_has_landed_without_them():
    stranded = flight(mission("2000-01-01", "2000-03-01"), None)
    assert state_at("2000-02-29", stranded) is State.IN_FLIGHT
    assert days_at("2000-03-11", stranded) == 70


def test_stations_of_a_flight_are_those_of_both_ships():
    up = mission("2000-01-01", "2000-03-01", stations=frozenset({"mir"}))
    down = mission("2000-02-01", "2000-06-01", stations=frozenset({"iss"}))
    assert flight(up, down).stations == {"mir", "iss"}
    assert flight(up, None).stations == {"mir"}


# Spacewalks


def test_a_spacewalk_counts_from_its_end():
    whole = trip("2000-01-01", "2000-02-01", walks=[walk("2000-01-05T10:00", minutes=90)])
    during = whole.at(instant("2000-01-05T11:29:59"), ALL_KNOWN)
    after = whole.at(instant("2000-01-05T11:30"), ALL_KNOWN)
    assert (len(during.spacewalks), len(after.spacewalks)) == (0, 1)


def test_spacewalks_of_a_career_are_in_order_of_time():
    whole = career(
        "Ada Vega",
        trip("2003-01-01", "2003-02-01", walks=[walk("2003-01-09"), walk("2003-01-05")]),
        trip("2000-01-01", "2000-02-01", walks=[walk("2000-01-05")]),
    )
    assert [one.started_at for one in whole.spacewalks] == [
        instant("2000-01-05"),
        instant("2003-01-05"),
        instant("2003-01-09"),
    ]


# What the database does not pretend


def test_a_flight_under_way_is_confirmed_until_the_grace_period_ends():
    under_way = trip("2000-01-01", plan="2000-08-01")
    assert state_at("2000-03-08", under_way) is State.IN_FLIGHT
    assert state_at("2000-03-08T00:00:01", under_way) is State.PRESUMED


def test_the_grace_period_is_a_setting():
    under_way = trip("2000-01-01", plan="2000-08-01")
    assert state_at("2000-03-05", under_way, confirmed_through("2000-03-01", grace_days=3)) is (
        State.PRESUMED
    )


def test_a_presumed_clock_runs_until_the_planned_day_is_over():
    under_way = trip("2000-01-01", plan="2000-08-01")
    assert state_at("2000-08-02", under_way) is State.PRESUMED
    assert days_at("2000-08-02", under_way) == 214
    assert state_at("2000-08-02T00:00:01", under_way) is State.UNCONFIRMED


def test_an_unconfirmed_clock_stands_still_at_the_planned_landing():
    under_way = trip("2000-01-01", plan="2000-08-01")
    assert days_at("2000-08-03", under_way) == days_at("2020-01-01", under_way) == 214
    assert under_way.at(instant("2020-01-01"), CONFIRMED).until == instant("2000-08-02")


def test_a_plan_by_the_month_has_passed_when_the_month_is_over():
    under_way = trip("2000-01-01", plan="2000-08")
    assert state_at("2000-08-31T23:59:59", under_way) is State.PRESUMED
    assert state_at("2000-09-01T00:00:01", under_way) is State.UNCONFIRMED
    assert days_at("2000-10-01", under_way) == 244


def test_without_a_plan_a_flight_is_presumed_for_ever():
    assert state_at("2050-01-01", trip("2000-01-01")) is State.PRESUMED


def test_whoever_was_confirmed_aloft_after_the_planned_landing_is_not_doubted_before_then():
    late = trip("2000-01-01", plan="2000-02-01")
    assert state_at("2000-02-15", late) is State.IN_FLIGHT
    assert state_at("2000-03-01", late) is State.IN_FLIGHT


def test_whoever_was_confirmed_after_the_planned_landing_is_believed_for_the_grace_period():
    late = trip("2000-01-01", plan="2000-02-01")
    assert state_at("2000-03-08", late) is State.IN_FLIGHT
    assert state_at("2000-03-08T00:00:01", late) is State.UNCONFIRMED
    assert days_at("2000-05-01", late) == 67


def test_a_plan_that_passes_within_the_grace_period_ends_the_certainty():
    under_way = trip("2000-01-01", plan="2000-03-03")
    assert state_at("2000-03-04", under_way) is State.IN_FLIGHT
    assert state_at("2000-03-05", under_way) is State.UNCONFIRMED


def test_a_flight_that_has_landed_since_was_certainly_aloft_whatever_was_confirmed():
    landed = trip("2000-01-01", "2005-01-01")
    assert state_at("2004-12-31", landed, confirmed_through("2000-02-01")) is State.IN_FLIGHT


def test_the_plan_of_the_ship_down_is_the_plan_of_the_flight():
    up, down = mission("2000-01-01", "2000-03-01"), mission("2000-02-01", plan="2000-06-01")
    assert flight(up, down).plan_ends_at == instant("2000-06-02")


@pytest.mark.parametrize(
    ("state", "running"),
    [
        (State.LANDED, False),
        (State.IN_FLIGHT, True),
        (State.PRESUMED, True),
        (State.UNCONFIRMED, False),
    ],
)
def test_only_confirmed_and_presumed_clocks_run(state, running):
    assert state.running is running


# How well it is known


def test_a_landing_known_to_the_day_makes_the_flight_at_least_that_long():
    whole = trip("2000-01-01T12:00", "2000-01-11", landing_precision="day")
    assert (whole.time.at_least, whole.precision) == (True, "day")


def test_a_running_clock_is_as_good_as_the_launch_even_if_the_landing_is_poorly_known():
    whole = trip("2000-01-01", "2000-01-11", launch_precision="minute", landing_precision="day")
    clipped = whole.at(instant("2000-01-05"), ALL_KNOWN)
    assert (clipped.time.at_least, clipped.precision) == (False, "minute")


def test_the_coarser_end_decides_the_precision_of_a_flight():
    assert trip("2000-01-01", "2000-01-11", launch_precision="minute").precision == "minute"
    assert trip("2000-01-01", "2000-01-11", landing_precision="minute").precision == "minute"
    assert trip("2000-01-01", "2000-01-11").precision == "second"


# Ships


@pytest.mark.parametrize(
    ("at", "last", "down"),
    [
        ("2000-02-01", "up", None),  # The other one is not launched yet.
        ("2000-03-05", "up", None),
        ("2000-04-01", "relief", None),  # The ship up has gone.
        ("2000-07-01", "relief", "relief"),
    ],
)
def test_the_last_ship_is_the_one_they_are_on_or_came_down_on(at, last, down):
    up = mission("2000-01-01", "2000-03-10", slug="up")
    relief = mission("2000-03-01", "2000-06-01", slug="relief")
    clipped = flight(up, relief).at(instant(at), ALL_KNOWN)
    assert clipped.last_ship.slug == last
    assert (clipped.ship_down.slug if clipped.ship_down else None) == down


def test_who_is_to_come_down_on_another_ship_is_on_it_as_soon_as_it_flies():
    up, down = mission("2000-01-01", "2000-03-10"), mission("2000-03-01", slug="down")
    trip = flight(up, down)
    assert trip.at(instant("2000-02-01"), ALL_KNOWN).last_ship is up
    assert trip.at(instant("2000-03-02"), ALL_KNOWN).last_ship is down
    assert trip.at(instant("2000-03-02"), ALL_KNOWN).ship_down is down


def test_who_was_left_behind_is_on_no_ship_that_is_known():
    left = flight(mission("2000-01-01", "2000-03-10"), None)
    assert left.at(instant("2000-03-11"), ALL_KNOWN).last_ship is None
    assert left.at(instant("2000-03-01"), ALL_KNOWN).last_ship is left.launch_mission
