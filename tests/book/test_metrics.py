"""Every metric, by hand."""

from dataclasses import replace
from inspect import cleandoc

import pytest

from records.book.metrics import METRICS
from records.book.values import DAY
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip, walk

#: The metrics of a career; those without a measure count people.
OF_CAREERS = [key for key, metric in METRICS.items() if metric.measure]


def measure(metric, one, at="2090-01-01", confirmation=ALL_KNOWN):
    return METRICS[metric].measure(one.at(instant(at), confirmation))


THREE_TRIPS = career(
    "Ada Vega",
    trip("2000-01-01", "2000-01-11", walks=[walk("2000-01-05T10:00", minutes=300)]),
    trip(
        "2003-01-01",
        "2003-03-02",
        walks=[
            walk("2003-01-05T10:00", minutes=400),
            walk("2003-01-09T10:00", minutes=400),
        ],
    ),
    trip("2006-01-01", "2006-01-06"),
)


@pytest.mark.parametrize(
    ("metric", "amount", "reached_at"),
    [
        ("longest-flight", 60 * DAY, "2003-03-02"),
        ("total-time", 75 * DAY, "2006-01-06"),
        ("number-of-flights", 3, "2006-01-01"),
        ("number-of-spacewalks", 3, "2003-01-09T16:40"),
        ("total-spacewalk-time", 1100 * 60, "2003-01-09T16:40"),
        ("longest-spacewalk", 400 * 60, "2003-01-05T16:40"),
    ],
)
def test_a_metric_says_how_much_and_since_when(metric, amount, reached_at):
    mark = measure(metric, THREE_TRIPS)
    assert mark.value.amount == amount
    assert mark.reached_at == instant(reached_at)


@pytest.mark.parametrize(
    ("metric", "amount"),
    [
        ("longest-flight", 10 * DAY),
        ("total-time", 14 * DAY),
        ("number-of-flights", 2),
        ("number-of-spacewalks", 1),
        ("total-spacewalk-time", 300 * 60),
        ("longest-spacewalk", 300 * 60),
    ],
)
def test_a_metric_during_a_flight_counts_what_has_happened(metric, amount):
    assert measure(metric, THREE_TRIPS, "2003-01-05").value.amount == amount


@pytest.mark.parametrize("metric", OF_CAREERS)
def test_there_is_nothing_to_measure_before_the_first_launch(metric):
    assert measure(metric, THREE_TRIPS, "1999-12-31") is None


@pytest.mark.parametrize(
    "metric", ["number-of-spacewalks", "total-spacewalk-time", "longest-spacewalk"]
)
def test_whoever_stayed_inside_has_no_spacewalk_record(metric):
    assert measure(metric, career("Ada Vega", trip("2000-01-01", "2000-01-11"))) is None


@pytest.mark.parametrize("metric", list(METRICS))
def test_a_metric_explains_itself(metric):
    entry = METRICS[metric]
    assert entry.key == metric
    assert entry.title
    assert entry.subject
    if entry.measure:
        assert entry.how_we_count == cleandoc(entry.measure.__doc__)
    assert entry.how_we_count.endswith(".")


def test_of_two_equal_flights_the_first_set_the_mark():
    twice = career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2003-01-01", "2003-01-11"))
    assert measure("longest-flight", twice).reached_at == instant("2000-01-11")


def test_a_total_with_a_part_known_to_the_day_reads_at_least():
    mixed = career(
        "Ada Vega",
        trip("2000-01-01", "2000-01-11"),
        trip("2003-01-01T12:00", "2003-03-02", landing_precision="day"),
    )
    value = measure("total-time", mixed).value
    assert (value.precision, value.at_least, value.text) == ("day", True, "at least 69 d")


def test_the_longest_flight_is_as_well_known_as_that_flight_alone():
    mixed = career(
        "Ada Vega",
        trip("2000-01-01", "2000-02-20"),
        trip("2003-01-01T12:00", "2003-01-05", landing_precision="day"),
    )
    value = measure("longest-flight", mixed).value
    assert (value.precision, value.at_least) == ("second", False)


def test_spacewalk_times_are_never_better_than_to_the_minute():
    assert measure("total-spacewalk-time", THREE_TRIPS).value.precision == "minute"
    assert measure("longest-spacewalk", THREE_TRIPS).value.exact_text == "6 h 40 m"


def test_only_time_in_space_grows_during_a_flight():
    assert {key for key, metric in METRICS.items() if metric.grows} >= {
        "longest-flight",
        "total-time",
    }
    assert not METRICS["number-of-flights"].grows
    assert not METRICS["total-spacewalk-time"].grows


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2000-02-01", "in_flight"),
        ("2000-04-01", "presumed"),
        ("2000-10-01", "unconfirmed"),
    ],
)
def test_a_mark_has_the_state_of_the_flight_under_way_it_rests_on(at, state):
    one = career("Ada Vega", trip("1990-01-01", "1990-01-02"), trip("2000-01-01", plan="2000-08"))
    confirmation = confirmed_through("2000-03-01")
    assert measure("total-time", one, at, confirmation).state == state
    assert measure("longest-flight", one, at, confirmation).state == state


def test_a_mark_set_on_an_earlier_flight_does_not_rest_on_the_flight_under_way():
    one = career("Ada Vega", trip("1990-01-01", "1991-01-01"), trip("2000-01-01"))
    assert measure("longest-flight", one, "2000-02-01").state == "landed"


@pytest.mark.parametrize(
    ("metric", "threshold", "least"),
    [
        ("longest-flight", 365, 365 * DAY),
        ("longest-flight", None, 1),
        ("number-of-flights", 5, 5),
        ("number-of-spacewalks", None, 1),
    ],
)
def test_a_threshold_counts_days_for_durations(metric, threshold, least):
    assert METRICS[metric].threshold_amount(threshold) == least


def test_units_are_those_of_the_values():
    marks = {key: mark for key in OF_CAREERS if (mark := measure(key, THREE_TRIPS))}
    assert len(marks) >= 6
    for key, mark in marks.items():
        assert mark.value.unit is METRICS[key].unit


@pytest.mark.parametrize(
    "metric", ["number-of-spacewalks", "total-spacewalk-time", "longest-spacewalk"]
)
def test_spacewalks_that_are_missing_make_a_lower_bound(metric):
    known = trip("2000-01-01", "2000-01-11", walks=(walk("2000-01-03"),))
    gap = replace(trip("2001-01-01", "2001-01-11"), spacewalks_missing=True)
    assert not measure(metric, career("Ada Vega", known)).value.at_least
    assert measure(metric, career("Ada Vega", known, gap)).value.at_least
    nothing_else = measure(metric, career("Ada Vega", gap))
    assert (nothing_else.value.text, nothing_else.parts) == ("not known", ())
    assert not measure("total-time", career("Ada Vega", known, gap)).value.at_least
