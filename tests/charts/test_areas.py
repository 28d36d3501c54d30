"""People in space over time."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.book.values import Unit, Value
from records.charts.areas import ACROSS, BOTTOM, population_chart
from tests.book.builders import instant


def count(amount, **bounds):
    return Value(amount, Unit.COUNT, **bounds)


SERIES = [
    (instant("1961-04-12"), count(1)),
    (instant("1961-04-13"), count(0)),
    (instant("1962-08-11"), count(1)),
    (instant("1962-08-12"), count(2)),
    (instant("1963-01-01"), count(0)),
    (instant("1965-03-01"), count(2)),
]


def test_there_is_nothing_to_draw_before_the_first_launch():
    assert population_chart([], instant("1960-01-01")) is None
    assert population_chart(SERIES, instant("1960-01-01")) is None


def test_the_area_is_closed_on_the_ground():
    d = population_chart(SERIES, instant("1970-01-01")).d
    assert d.startswith(f"M0 {BOTTOM}")
    assert d.endswith(f"H{ACROSS}V{BOTTOM}Z")


def test_the_greatest_number_is_said_with_the_first_time_it_was_reached():
    chart = population_chart(SERIES, instant("1970-01-01"))
    assert (chart.most, chart.most_at) == (2, instant("1962-08-12"))


def test_the_table_has_every_year_with_what_was_carried_over():
    chart = population_chart(SERIES, instant("1966-06-01"))
    assert [(one.year, one.most.amount, one.fewest.amount) for one in chart.years] == [
        (1961, 1, 0),
        (1962, 2, 0),
        (1963, 0, 0),
        (1964, 0, 0),
        (1965, 2, 0),
        (1966, 2, 2),
    ]


def test_the_table_says_how_sure_the_number_of_a_year_is():
    series = [
        (instant("1961-04-12"), count(3, above=2)),
        (instant("1961-05-12"), count(4, below=1)),
    ]
    (year,) = population_chart(series, instant("1961-12-31")).years
    assert (year.most.text, year.fewest.text) == ("3 to 5", "0")


def test_what_comes_after_the_instant_is_not_drawn():
    earlier = population_chart(SERIES, instant("1961-12-31"))
    assert earlier.most == 1
    assert [one.year for one in earlier.years] == [1961]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 20)), min_size=1, max_size=400))
def test_the_drawing_stays_small_and_reaches_the_top(steps):
    begin = instant("1961-04-12")
    found = {begin + timedelta(seconds=at): count(number) for at, number in steps}
    series = sorted(found.items())
    chart = population_chart(series, series[-1][0] + timedelta(days=1))
    heights = [float(y) for y in re.findall(r"V([\d.]+)", chart.d)]
    assert min(heights) == chart.amounts.y(chart.most)
    assert all(0 <= int(x) <= ACROSS for x in re.findall(r"H(\d+)", chart.d))
