"""Bars: who was in space, a row for each person, grouped by station."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.book.tallies import number
from records.charts.bars import LEAST, Stretch, draw_bars, draw_columns

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)


def stretch(key, begin, end, group="Station", state="landed"):
    return Stretch(
        group, key, key.title(), datetime(*begin, tzinfo=UTC), datetime(*end, tzinfo=UTC), state
    )


def rows(bars):
    return {row.label: row for group in bars.groups for row in group.rows}


def test_a_bar_lies_where_its_time_lies():
    bars = draw_bars([stretch("ada", (2025, 4, 2), (2025, 7, 2, 12))], BEGIN, END)
    (bar,) = bars.all
    assert round(bar.x) == 25
    assert bar.end_x == 50
    assert bar.opens
    assert bar.closes


def test_what_lies_outside_is_cut_off_and_left_open():
    (bar,) = draw_bars([stretch("ada", (2024, 4, 2), (2025, 7, 2))], BEGIN, END).all
    assert bar.x == 0
    assert not bar.opens
    before = stretch("bea", (2024, 4, 2), (2024, 7, 2))
    after = stretch("cyd", (2026, 4, 2), (2026, 7, 2))
    assert draw_bars([before, after], BEGIN, END).all == []


def test_a_flight_under_way_has_an_open_end():
    running = stretch("ada", (2025, 4, 2), (2026, 1, 1), state="in_flight")
    stopped = stretch("bea", (2025, 4, 2), (2025, 12, 1), state="unconfirmed")
    bars = {bar.stretch.key: bar for bar in draw_bars([running, stopped], BEGIN, END).all}
    assert not bars["ada"].closes
    assert bars["bea"].closes


def test_a_hop_of_minutes_can_be_seen_at_either_end():
    early = Stretch("None", "ada", "Ada", BEGIN, BEGIN + timedelta(minutes=11), "landed")
    late = Stretch("None", "bea", "Bea", END - timedelta(minutes=11), END, "landed")
    for bar in draw_bars([early, late], BEGIN, END).all:
        assert bar.end_x - bar.x >= LEAST - 0.01
        assert 0 <= bar.x < bar.end_x <= 100


def test_the_fullest_station_comes_first_and_the_last_group_last():
    stretches = [
        stretch("ada", (2025, 4, 2), (2025, 5, 1), group="None"),
        stretch("bea", (2025, 4, 2), (2025, 5, 1), group="None"),
        stretch("cyd", (2025, 4, 2), (2025, 5, 1), group="None"),
        stretch("dot", (2025, 4, 2), (2025, 5, 1), group="Small"),
        stretch("eve", (2025, 4, 2), (2025, 5, 1), group="Large"),
        stretch("fay", (2025, 4, 2), (2025, 5, 1), group="Large"),
    ]
    bars = draw_bars(stretches, BEGIN, END, last="None")
    assert [group.title for group in bars.groups] == ["Large", "Small", "None"]


def test_a_person_has_one_row_for_all_flights_to_a_station():
    twice = [
        stretch("ada", (2025, 2, 2), (2025, 3, 1)),
        stretch("ada", (2025, 10, 2), (2025, 11, 1)),
    ]
    bars = draw_bars(twice, BEGIN, END)
    assert bars.people == 1
    assert len(rows(bars)["Ada"].bars) == 2


def test_the_year_is_told_with_its_first_quarter():
    bars = draw_bars([], datetime(2024, 11, 1, tzinfo=UTC), datetime(2025, 11, 1, tzinfo=UTC))
    assert [tick.label for tick in bars.ticks] == ["Jan 2025", "Apr", "Jul", "Oct"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdef"),
            st.sampled_from(("One", "Two")),
            st.integers(-400, 800),
            st.integers(0, 800),
        ),
        max_size=20,
    )
)
def test_everything_lies_within_the_drawing_and_no_two_rows_share_a_line(found):
    stretches = [
        Stretch(
            group,
            key,
            key,
            BEGIN + timedelta(days=begin),
            BEGIN + timedelta(days=begin + length),
            "landed",
        )
        for key, group, begin, length in found
    ]
    bars = draw_bars(stretches, BEGIN, END)
    assert all(0 <= bar.x < bar.end_x <= 100 for bar in bars.all)
    lines = [group.y for group in bars.groups]
    lines += [row.y for group in bars.groups for row in group.rows]
    assert len(lines) == len(set(lines))
    assert max(lines, default=0) < bars.height
    shown = [one for one in stretches if one.begin <= END and one.end >= BEGIN]
    assert len(bars.all) == len(shown)


# Columns


def test_columns_run_from_the_first_year_with_something_to_the_last():
    chart = draw_columns({1961: number(2, 2), 1963: number(4, 3)}, until=1965)
    assert [(one.year, one.value.text) for one in chart.columns] == [
        (1961, "2"),
        (1962, "0"),
        (1963, "3 to 4"),
        (1964, "0"),
        (1965, "0"),
    ]
    tallest = max(chart.columns, key=lambda one: one.height)
    assert (tallest.year, chart.most) == (1963, 4)
    assert all(one.y + one.height == chart.height for one in chart.columns)


def test_nothing_is_drawn_of_nothing():
    assert not any(one.value.amount for one in draw_columns({}, until=1957).columns)
