"""One meaning of a date, however it is written, and nonsense refused in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.instants import (
    Precision,
    Unreadable,
    full_years,
    isoformat,
    last_day,
    period_end,
    period_start,
    read_clock,
    read_when,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


NOW = utc(2026, 11, 22, 12, 0, 5)

LANDING = ("1969-07-20T20:17:40Z", "second")
MINUTE = ("1969-07-20T20:17Z", "minute")
DAY = ("1969-07-20", "day")
MONTH = ("1969-07", "month")
YEAR = ("1969", "year")

#: What people and programs write, and how it is read.
WRITTEN = {
    "1969-07-20": DAY,
    "  1969-07-20 ": DAY,
    "1969-7-20": DAY,
    "1969/07/20": DAY,
    "1969.7.20": DAY,
    "1969 July 20": DAY,
    "1969-Jul-20": DAY,
    "20 July 1969": DAY,
    "20 july 1969": DAY,
    "20 JULY 1969": DAY,
    "20 Jul 1969": DAY,
    "20 Jul. 1969": DAY,
    "20. July 1969": DAY,
    "20-Jul-1969": DAY,
    "20Jul1969": DAY,
    "20th July 1969": DAY,
    "the 20th of July, 1969": DAY,
    "July 20, 1969": DAY,
    "July 20 1969": DAY,
    "July 20th, 1969": DAY,
    "Jul. 20, 1969": DAY,
    "20\u00a0July\u00a01969": DAY,
    "1969\u201107\u201120": DAY,
    "20\u2013Jul\u20131969": DAY,
    "Sunday, 20 July 1969": DAY,
    "Sun 20 Jul 1969": DAY,
    "20/7/1969": DAY,
    "7/20/1969": DAY,
    "20.7.1969": DAY,
    "20-07-1969": DAY,
    "2 Sept 2024": ("2024-09-02", "day"),
    "4/4/2024": ("2024-04-04", "day"),
    "29 February 2000": ("2000-02-29", "day"),
    "July 1969": MONTH,
    "Jul 1969": MONTH,
    "July, 1969": MONTH,
    "1969 July": MONTH,
    "1969-07": MONTH,
    "1969-7": MONTH,
    "7/1969": MONTH,
    "07.1969": MONTH,
    "1969": YEAR,
    " 1969 ": YEAR,
    "1969-07-20T20:17:40Z": LANDING,
    "1969-07-20T20:17:40.000Z": LANDING,
    "1969-07-20T20:17:40.999999Z": LANDING,
    "1969-07-20t20:17:40z": LANDING,
    "1969-07-20 20:17:40": LANDING,
    "1969-07-20T23:17:40+03:00": LANDING,
    "1969-07-20T23:17:40.5+0300": LANDING,
    "1969-07-20T15:17:40-05:00": LANDING,
    "1969-07-20T23:17:40+03": LANDING,
    "20 July 1969 20:17:40": LANDING,
    "20 July 1969, 20:17:40 UTC": LANDING,
    "20:17:40 UTC, 20 July 1969": LANDING,
    "20:17:40 on 20 July 1969": LANDING,
    "July 20, 1969, 8:17:40 p.m. UTC": LANDING,
    "July 20, 1969 at 8:17:40 PM": LANDING,
    "Sun, 20 Jul 1969 20:17:40 GMT": LANDING,
    "Sun Jul 20 20:17:40 1969": LANDING,
    "Sun Jul 20 1969 22:17:40 GMT+0200": LANDING,
    "1969-07-20T20:17": MINUTE,
    "1969-07-20T20:17Z": MINUTE,
    "1969-07-20 20:17": MINUTE,
    "20/7/1969 20:17": MINUTE,
    "1969-07-21T01:17+05:00": MINUTE,
    "12:05 am, 21 July 1969": ("1969-07-21T00:05Z", "minute"),
    "12:05 pm, 21 July 1969": ("1969-07-21T12:05Z", "minute"),
    "today": ("2026-11-22", "day"),
    "Yesterday": ("2026-11-21", "day"),
    "tomorrow": ("2026-11-23", "day"),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_dates_are_read_as_people_write_them(text):
    reading = read_when(text, NOW)
    assert (reading.written, reading.precision) == WRITTEN[text]
    assert reading.begin.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("4 February 2024", utc(2024, 2, 4, 23, 59, 59)),
        ("2023-12-31", utc(2023, 12, 31, 23, 59, 59)),
        ("February 2024", utc(2024, 2, 29, 23, 59, 59)),
        ("2023-12", utc(2023, 12, 31, 23, 59, 59)),
        ("2024", utc(2024, 12, 31, 23, 59, 59)),
        ("2024-02-04T08:30", utc(2024, 2, 4, 8, 30)),
        ("2024-02-04T23:30:15-05:00", utc(2024, 2, 5, 4, 30, 15)),
        ("9998", utc(9998, 12, 31, 23, 59, 59)),
    ],
)
def test_a_day_month_or_year_means_its_end_and_an_instant_is_itself(text, last):
    assert read_when(text).last == last


@pytest.mark.parametrize(
    ("text", "words", "readings"),
    [
        ("3/4/1969", "3 April 1969 or 4 March 1969", ["1969-04-03", "1969-03-04"]),
        ("03.04.1969", "3 April 1969 or 4 March 1969", ["1969-04-03", "1969-03-04"]),
        ("4-3-1969", "4 March 1969 or 3 April 1969", ["1969-03-04", "1969-04-03"]),
        ("12/11/2024", "12 November 2024 or 11 December", ["2024-11-12", "2024-12-11"]),
        ("3/4/1969 20:17", "3 April", ["1969-04-03T20:17Z", "1969-03-04T20:17Z"]),
    ],
)
def test_what_can_be_meant_in_two_ways_is_asked_back_with_both(text, words, readings):
    with pytest.raises(Unreadable, match=words) as refused:
        read_when(text)
    assert sorted(one.written for one in refused.value.nearest) == sorted(readings)


@pytest.mark.parametrize(
    ("text", "words", "nearest"),
    [
        ("2024-02-30", "February 2024 has 29 days", "2024-02-29"),
        ("30 February 2023", "February 2023 has 28 days", "2023-02-28"),
        ("31/4/1969", "April 1969 has 30 days", "1969-04-30"),
        ("32.1.2024", "January 2024 has 31 days", "2024-01-31"),
        ("1900-02-29", "February 1900 has 28 days", "1900-02-28"),
        ("2024-01-00", "January 2024 has 31 days", "2024-01-01"),
        ("Monday, 20 July 1969", "20 July 1969 was a Sunday", "1969-07-20"),
        ("2024-02-04T25:00", "no such time of day", "2024-02-04"),
        ("2024-02-04T08:60", "no such time of day", "2024-02-04"),
        ("2024-02-04T08:30:60", "no such time of day", "2024-02-04"),
        ("2024-02-04T08:30+25:00", "no such time of day", "2024-02-04"),
        ("13:05 pm, 4 February 2024", "no such time of day", "2024-02-04"),
    ],
)
def test_a_day_or_time_that_there_is_not_is_refused_with_the_nearest(text, words, nearest):
    with pytest.raises(Unreadable, match=words) as refused:
        read_when(text)
    assert [one.written for one in refused.value.nearest] == [nearest]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("20/7/69", {"1969-07-20", "2069-07-20"}),
        ("20 July 69", {"1969-07-20", "2069-07-20"}),
        ("20.07.69 20:17", {"1969-07-20", "2069-07-20"}),
        ("3/4/69", {"1969-04-03", "1969-03-04", "2069-04-03", "2069-03-04"}),
        ("24-02-04", {"1904-02-24", "2004-02-24", "1924-02-04", "2024-02-04"}),
    ],
)
def test_two_digits_of_a_year_are_asked_back_with_what_they_may_mean(text, days):
    with pytest.raises(Unreadable, match="all four digits") as refused:
        read_when(text)
    assert {one.written for one in refused.value.nearest} == days


@pytest.mark.parametrize("text", ["2024-13-01", "2024-00-10", "13/1969", "20/30/1969", "1969-20-7"])
def test_there_are_twelve_months(text):
    with pytest.raises(Unreadable, match="There is no month"):
        read_when(text)


@pytest.mark.parametrize("text", ["9999", "9999-99-99", "9999-12-31", "0000-01-01", "0999"])
def test_a_year_that_cannot_be_meant_is_refused(text):
    with pytest.raises(Unreadable, match="cannot be meant"):
        read_when(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "now()",
        "the",
        "at",
        "20240204",
        "20 July",
        "July 20",
        "20 Juli 1969",
        "20 Ma 1969",
        "2024-02-04T",
        "2024-02-04T08",
        "2024-02-04Z",
        "2024-02-04T08:30 EST",
        "2024-02-04T08:30X",
        "2024-02-04T08:30+99:99",
        "08:30",
        "1969 20:17",
        "July 1969 20:17",
        "Sunday, July 1969",
        "Sunday",
        "20:17 20:18 1969",
        "2024-W05-7",
        "2024-035",
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
        "2024-02-04\0",
        "2024-02-04\n2024-02-05",
        "2024-02-04' OR 1=1",
        "2024-02-04" + "0" * 5000,
        "2024-02-04 " * 5000,
        " " * 5000,
    ],
)
def test_nonsense_is_refused_saying_what_to_write(text):
    with pytest.raises(
        Unreadable, match=r"Write a date such as 2024-02-04 or 4 February 2024"
    ) as no:
        read_when(text, NOW)
    assert no.value.nearest == ()


@given(
    st.text(max_size=70)
    | st.from_regex(
        r"\d{1,4}[-/. ]([A-Z][a-z]{2,8}|\d{1,2})[-/. ,]\d{1,4}(T\d\d:\d\d)?", fullmatch=True
    )
)
def test_any_text_is_read_or_refused_in_words(text):
    words, readings = understood(text)
    assert words == "" or words.endswith(".")
    for reading in readings:
        assert reading.begin <= reading.last
        assert read_when(reading.written).begin == reading.begin


def understood(text):
    """Why it is refused, and what may be meant."""
    try:
        return "", (read_when(text, NOW),)
    except Unreadable as error:
        return str(error), error.nearest


SECONDS = round((utc(2200, 1, 1) - utc(1957, 10, 4)).total_seconds())


@given(st.integers(0, SECONDS))
def test_what_the_site_and_scripts_write_is_read(seconds):
    instant = utc(1957, 10, 4) + timedelta(seconds=seconds)
    assert read_when(isoformat(instant)).begin == instant
    assert read_when(instant.strftime("%Y-%m-%dT%H:%M:%S.000Z")).begin == instant
    for written in ("%-d %B %Y", "%B %-d, %Y", "%d %b %Y", "%A, %-d %B %Y", "%Y-%-m-%-d"):
        reading = read_when(instant.strftime(written))
        assert reading.begin == period_start(instant, "day")
        assert reading.precision == "day"


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
    assert [one.value for one in Precision if one.by_the_day] == ["day", "month", "year", "age"]


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
