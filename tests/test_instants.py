"""One meaning of a date, and nonsense refused in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.instants import (
    FIRST_INSTANT,
    Precision,
    full_years,
    isoformat,
    last_day,
    parse_instant,
    period_end,
    read_clock,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-02-04", utc(2024, 2, 4, 23, 59, 59)),
        ("2024-02-29", utc(2024, 2, 29, 23, 59, 59)),
        ("2000-02-29", utc(2000, 2, 29, 23, 59, 59)),
        ("2023-12-31", utc(2023, 12, 31, 23, 59, 59)),
        ("1957-10-04", utc(1957, 10, 4, 23, 59, 59)),
        ("  2024-02-04 ", utc(2024, 2, 4, 23, 59, 59)),
        ("2024-02-04T08:30", utc(2024, 2, 4, 8, 30)),
        ("2024-02-04T08:30Z", utc(2024, 2, 4, 8, 30)),
        ("2024-02-04 08:30", utc(2024, 2, 4, 8, 30)),
        ("2024-02-04T08:30:59", utc(2024, 2, 4, 8, 30, 59)),
        ("2024-02-04T08:30:59Z", utc(2024, 2, 4, 8, 30, 59)),
        ("2024-02-04T08:30+03:00", utc(2024, 2, 4, 5, 30)),
        ("2024-02-04T08:30+0300", utc(2024, 2, 4, 5, 30)),
        ("2024-02-04T08:30-05:00", utc(2024, 2, 4, 13, 30)),
        ("2024-02-04T23:30-05:00", utc(2024, 2, 5, 4, 30)),
        ("1957-10-04T00:00:00Z", FIRST_INSTANT),
    ],
)
def test_a_date_is_the_end_of_its_day_and_an_instant_is_itself(text, instant):
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


def test_a_plus_that_arrived_as_a_space_is_still_a_plus():
    assert parse_instant("2024-02-04T08:30 03:00") == utc(2024, 2, 4, 5, 30)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now",
        "now()",
        "today",
        "9999-99-99",
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-13-01",
        "2024-00-10",
        "2024-01-00",
        "2024-1-1",
        "2024",
        "2024-02",
        "20240204",
        "24-02-04",
        "02/04/2024",
        "4 February 2024",
        "2024-02-04T",
        "2024-02-04T08",
        "2024-02-04T25:00",
        "2024-02-04T08:60",
        "2024-02-04T08:30:60",
        "2024-02-04T08:30:00.5",
        "2024-02-04T08:30z",
        "2024-02-04T08:30+25:00",
        "2024-02-04T08:30+99:99",
        "2024-02-04Z",
        "2024-02-04T08:30 UTC",
        "2024-W05-7",
        "-2024-02-04",
        "+2024-02-04",
        "-1",
        "0",
        "1e9",
        "1707033600",
        "NaN",
        "null",
        "٢٠٢٤-٠٢-٠٤",
        "２０２４-０２-０４",
        "2024–02–04",
        "2024-02-04\0",
        "2024-02-04\n2024-02-05",
        "2024-02-04' OR 1=1",
        "2024-02-04" + "0" * 5000,
        " " * 5000,
        "9999-12-31",
        "9999-12-31T23:59-01:00",
        "0001-01-01T00:00+01:00",
        "0000-01-01",
    ],
)
def test_nonsense_is_refused_saying_what_is_accepted(text):
    with pytest.raises(ValueError, match=r"must be a date such as 2024-02-04, or an instant such"):
        parse_instant(text)


@pytest.mark.parametrize("text", ["1957-10-03", "1066-10-14", "1957-10-03T23:59:59Z", "0001-01-01"])
def test_nothing_was_in_space_before_the_first_satellite(text):
    with pytest.raises(ValueError, match="begins on 1957-10-04"):
        parse_instant(text)


def test_the_last_whole_day_of_the_calendar_is_an_instant_like_any_other():
    assert parse_instant("9999-12-30") == utc(9999, 12, 30, 23, 59, 59)
    assert parse_instant("9999-12-31T23:59:59Z") == utc(9999, 12, 31, 23, 59, 59)


@given(st.text(max_size=60) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d(Z|[+-]\d\d:\d\d)"))
def test_any_text_is_an_instant_or_refused_in_words(text):
    assert words_of_refusal(text) is None or words_of_refusal(text).endswith(".")


def words_of_refusal(text):
    try:
        parse_instant(text)
    except ValueError as error:
        return str(error)
    return None


@given(st.integers(0, round((utc(9999, 12, 31) - FIRST_INSTANT).total_seconds())))
def test_what_the_site_writes_it_can_read(seconds):
    instant = FIRST_INSTANT + timedelta(seconds=seconds)
    assert parse_instant(isoformat(instant)) == instant


@pytest.mark.parametrize(
    ("instant", "precision", "end"),
    [
        (utc(2024, 2, 4, 8, 30, 15), Precision.SECOND, utc(2024, 2, 4, 8, 30, 15)),
        (utc(2024, 2, 4, 8, 30), Precision.MINUTE, utc(2024, 2, 4, 8, 30)),
        (utc(2024, 2, 4, 8, 30), Precision.DAY, utc(2024, 2, 5)),
        (utc(2024, 2, 28), Precision.DAY, utc(2024, 2, 29)),
        (utc(2023, 2, 28), Precision.DAY, utc(2023, 3, 1)),
        (utc(2024, 12, 31), Precision.DAY, utc(2025, 1, 1)),
        (utc(2024, 2, 1), Precision.MONTH, utc(2024, 3, 1)),
        (utc(2024, 2, 29), Precision.MONTH, utc(2024, 3, 1)),
        (utc(2024, 11, 1), Precision.MONTH, utc(2024, 12, 1)),
        (utc(2024, 12, 1), Precision.MONTH, utc(2025, 1, 1)),
        (utc(2024, 1, 1), Precision.MONTH, utc(2024, 2, 1)),
        (utc(2024, 6, 1), Precision.YEAR, utc(2025, 1, 1)),
    ],
)
def test_a_period_ends_where_the_next_one_begins(instant, precision, end):
    assert period_end(instant, precision) == end
    assert period_end(instant, precision.value) == end


def test_precisions_are_ordered_from_fine_to_coarse():
    steps = [precision.seconds for precision in Precision]
    assert steps == sorted(steps)
    assert Precision.coarsest([Precision.SECOND, Precision.DAY, Precision.MINUTE]) == "day"
    assert Precision.coarsest([]) == "second"


def test_only_days_and_worse_are_known_by_the_day():
    assert [one.value for one in Precision if one.by_the_day] == ["day", "month", "year"]


def test_the_clock_reads_whole_seconds_of_utc(clock):
    clock(utc(2026, 11, 22, 1, 2, 3) + timedelta(microseconds=999_999))
    assert read_clock() == utc(2026, 11, 22, 1, 2, 3)
    assert read_clock().tzinfo is UTC


def test_an_instant_is_written_in_utc_whatever_its_zone():
    assert isoformat(datetime.fromisoformat("2024-02-04T08:30:05+03:00")) == "2024-02-04T05:30:05Z"


@pytest.mark.parametrize(
    ("precision", "last"),
    [("day", "1936-02-01"), ("month", "1936-02-29"), ("year", "1936-12-31")],
)
def test_last_day_that_a_birth_date_can_mean(precision, last):
    assert last_day(date(1936, 2, 1), precision) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("born_on", "day", "years"),
    [
        ("1934-03-09", "1961-04-12", 27),
        ("1934-04-12", "1961-04-12", 27),
        ("1934-04-13", "1961-04-12", 26),
        ("1936-02-29", "1961-02-28", 24),
        ("1936-02-29", "1961-03-01", 25),
    ],
)
def test_age_counts_birthdays(born_on, day, years):
    assert full_years(date.fromisoformat(born_on), date.fromisoformat(day)) == years
