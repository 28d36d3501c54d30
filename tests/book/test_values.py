"""How an amount is written, and when two are the same."""

import pytest

from records.book.values import DAY, ENDLESS, Unit, Value, duration_text, iso_duration
from records.instants import Precision

RUBIO = 370 * DAY + 21 * 3600 + 22 * 60 + 53


def seconds(amount, precision="second", **options):
    return Value(amount, Unit.SECONDS, Precision(precision), **options)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (RUBIO, "370 d 21 h 22 m"),
        (DAY, "1 d 0 h 0 m"),
        (DAY - 1, "23 h 59 m"),
        (3600, "1 h 0 m"),
        (108 * 60, "1 h 48 m"),
        (592, "9 m"),
        (0, "0 m"),
    ],
)
def test_durations_are_cut_off_at_the_minute(amount, text):
    assert seconds(amount).text == text
    assert duration_text(amount) == text


def test_a_duration_is_never_rounded_up():
    assert seconds(RUBIO + 6).text == "370 d 21 h 22 m"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (seconds(236 * DAY + 80_000, "day", above=DAY - 1), "at least 236 d"),
        (seconds(236 * DAY, "day", above=DAY - 1), "at least 236 d"),
        (seconds(236 * DAY, "month", above=31 * DAY), "at least 236 d"),
        (seconds(236 * DAY, "day", below=DAY, above=DAY), "≈ 236 d"),
        (seconds(3700, "minute", below=59, above=59), "1 h 1 m"),
        (seconds(3700, "minute", below=118, above=118), "≈ 1 h 1 m"),
        (seconds(7 * 3600, "about", below=1800, above=1800, in_hours=True), "about 7 h"),
        (seconds(25_560, "minute", above=ENDLESS, in_hours=True), "at least 7 h 6 m"),
        (seconds(0, "minute", above=ENDLESS, in_hours=True), "not known"),
        (
            seconds(9000, "about", below=1800, above=ENDLESS, in_hours=True),
            "at least 2 h 0 m",
        ),
        (seconds(236 * DAY, "day"), "≈ 236 d"),
        (Value(10, Unit.COUNT), "10"),
        (Value(10, Unit.COUNT, above=ENDLESS), "at least 10"),
        (seconds(3700, "minute"), "1 h 1 m"),
    ],
)
def test_a_value_says_how_well_it_is_known(value, text):
    assert value.text == text


def test_seconds_are_given_only_where_both_ends_are_known_to_the_second():
    assert seconds(RUBIO).exact_text == "370 d 21 h 22 m 53 s"
    assert seconds(RUBIO, "minute").exact_text == "370 d 21 h 22 m"
    assert seconds(RUBIO, "day", above=DAY - 1).exact_text == "at least 370 d"
    assert Value(10, Unit.COUNT).exact_text == "10"


def test_durations_have_an_iso_form_and_counts_have_none():
    assert seconds(RUBIO).iso == "P370DT21H22M53S"
    assert iso_duration(59) == "P0DT0H0M59S"
    assert Value(10, Unit.COUNT).iso is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (seconds(120), seconds(120), True),
        (seconds(120), seconds(121), False),
        (seconds(120, "minute"), seconds(179), True),
        (seconds(120, "minute"), seconds(180), False),
        (seconds(119, "minute"), seconds(120, "minute"), False),
        (seconds(DAY, "day"), seconds(2 * DAY - 1, "minute"), True),
        (seconds(DAY, "day"), seconds(2 * DAY), False),
        (Value(3, Unit.COUNT), Value(3, Unit.COUNT), True),
        (Value(3, Unit.COUNT), Value(4, Unit.COUNT), False),
    ],
)
def test_two_values_are_compared_at_the_coarser_precision(one, other, same):
    assert one.equals(other) is same
    assert other.equals(one) is same


def test_equality_at_the_coarser_precision_does_not_carry_over():
    by_the_day = seconds(DAY, "day")
    early, late = seconds(DAY + 3600), seconds(DAY + 7200)
    assert early.equals(by_the_day)
    assert by_the_day.equals(late)
    assert not early.equals(late)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Value(42, Unit.SECONDS), "42 s"),
        (Value(42, Unit.SECONDS, Precision.MINUTE), "under 1 m"),
        (Value(0, Unit.SECONDS), "0 m"),
        (Value(4 * DAY + 1, Unit.SECONDS, Precision.DAY, below=DAY), "at most 5 d"),
        (Value(4 * DAY + 1, Unit.SECONDS, Precision.DAY, above=DAY), "at least 4 d"),
    ],
)
def test_short_and_bounded_durations_say_nothing_false(value, text):
    assert value.text == text
    assert value.exact_text == text or value.amount == 0
