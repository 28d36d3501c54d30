"""Scales: where things stand, and how many ticks say so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.book.values import DAY, Unit
from records.charts.scales import LETTER, MOST_TICKS, NARROW, TimeScale, amount_scale

BEGIN = datetime(1961, 4, 12, 6, 7, tzinfo=UTC)


def labels(ticks):
    return [tick.label for tick in ticks]


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), ["1970", "1980", "1990", "2000", "2010", "2020"]),
        (datetime(1969, 7, 20, tzinfo=UTC), ["1962", "1964", "1966", "1968"]),
        (datetime(1962, 4, 1, tzinfo=UTC), ["Jul 1961", "Oct", "Jan 1962", "Apr"]),
        (datetime(1961, 4, 15, tzinfo=UTC), ["13 Apr 1961", "14 Apr", "15 Apr"]),
        (datetime(1961, 4, 12, 18, tzinfo=UTC), ["09:00", "12:00", "15:00", "18:00"]),
    ],
)
def test_ticks_are_round_and_say_the_year_once(end, expected):
    assert labels(TimeScale(BEGIN, end).ticks) == expected


@given(st.integers(0, 200 * 366 * DAY))
def test_ticks_are_few_and_their_words_fit_on_a_phone(seconds):
    ticks = TimeScale(BEGIN, BEGIN + timedelta(seconds=seconds)).ticks
    assert 1 <= len(ticks) <= MOST_TICKS
    assert all(0 <= tick.at <= 100 for tick in ticks)
    assert [tick.at for tick in ticks] == sorted(tick.at for tick in ticks)
    assert sum(len(tick.label) for tick in ticks) * LETTER <= NARROW


def test_what_lies_outside_stands_at_the_edge():
    scale = TimeScale(BEGIN, BEGIN + timedelta(days=10))
    assert scale.x(BEGIN - timedelta(days=1)) == 0
    assert scale.x(BEGIN + timedelta(days=5)) == 50
    assert scale.x(BEGIN + timedelta(days=11)) == 100


def test_a_time_of_no_length_has_a_place():
    scale = TimeScale(BEGIN, BEGIN)
    assert scale.x(BEGIN) == 0
    assert labels(scale.ticks) == ["12 Apr 1961"]


@pytest.mark.parametrize(
    ("amounts", "unit", "words", "expected"),
    [
        ([6480, 437 * DAY], Unit.SECONDS, "Days", ["0", "100", "200", "300", "400"]),
        ([20 * 3600], Unit.SECONDS, "Hours", ["0", "5", "10", "15", "20"]),
        ([600], Unit.SECONDS, "Minutes", ["0", "2", "4", "6", "8", "10"]),
        ([1, 19], Unit.COUNT, "Number", ["0", "5", "10", "15"]),
        ([1], Unit.COUNT, "Number", ["0", "1"]),
        ([13_000, 28_229], Unit.DAYS, "Years of age", ["30", "40", "50", "60", "70"]),
    ],
)
def test_amounts_are_labelled_by_round_numbers_of_one_unit(amounts, unit, words, expected):
    scale = amount_scale(amounts, unit, top=10, bottom=110)
    assert scale.words == words
    assert labels(scale.ticks) == expected


@given(st.lists(st.integers(1, 10**9), min_size=1), st.sampled_from(list(Unit)))
def test_every_amount_has_its_place_between_top_and_bottom(amounts, unit):
    scale = amount_scale(amounts, unit, top=10, bottom=110)
    assert all(10 <= scale.y(amount) <= 110 for amount in amounts)
    assert sorted(map(scale.y, amounts), reverse=True) == list(map(scale.y, sorted(amounts)))
    assert 1 <= len(scale.ticks) <= MOST_TICKS


def test_words_at_the_edge_do_not_run_into_the_next():
    """A tick near the edge has its words shifted inwards."""
    begin = datetime(2019, 9, 25, tzinfo=UTC)
    ticks = TimeScale(begin, datetime(2026, 10, 8, tzinfo=UTC)).ticks
    assert labels(ticks) == ["2020", "2022", "2024", "2026"]
