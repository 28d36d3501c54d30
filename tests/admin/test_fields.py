from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from records.admin.fields import DayField, DurationField, InstantField, InstantInput
from records.instants import written

LANDING = datetime(2023, 9, 27, 11, 17, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2023-09-27 11:17:21",
        "2023-09-27T11:17:21Z",
        "2023-09-27T11:17:21.000Z",
        "2023-09-27t11:17:21z",
        " 2023-09-27T14:17:21+03:00 ",
        "27 September 2023, 11:17:21 UTC",
        "27/9/2023 11:17:21",
    ],
)
def test_instant_is_read_as_utc_to_the_second(text):
    field = InstantField()
    assert field.clean(text) == LANDING
    assert field.reading.precision == "second"


@pytest.mark.parametrize(
    ("text", "begin", "precision"),
    [
        ("2023-09-27", (2023, 9, 27), "day"),
        ("27 September 2023", (2023, 9, 27), "day"),
        ("September 2023", (2023, 9, 1), "month"),
        ("2023", (2023, 1, 1), "year"),
        ("2023-09-27 11:17", (2023, 9, 27, 11, 17), "minute"),
    ],
)
def test_a_field_remembers_how_much_was_written(text, begin, precision):
    field = InstantField()
    assert field.clean(text) == datetime(*begin, tzinfo=UTC)
    assert field.reading.precision == precision


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("soon", "Write an instant as 2023-09-27 11:17:21, in UTC."),
        ("now()", "Write an instant as"),
        ("٢٠٢٣-٠٩-٢٧", "Write an instant as"),
        ("3/4/1969", "“3/4/1969” can be 3 April 1969 or 4 March 1969. Write 1969-04-03 or 1969-0"),
        ("2023-02-30 10:00:00", "February 2023 has 28 days. Write 2023-02-28."),
        ("0001-01-01T00:00:00+14:00", "Write an instant as|year"),
        ("9998-12-31 23:59:59", "The year 9998 cannot be meant; from 1850 to 2200 is accepted."),
        ("9999-12-31 23:59:59", "Write an instant as"),
        ("2023-09-27 11:17:21.5", "Instants are kept to the second."),
        ("x" * 5000, "Write an instant as"),
    ],
)
def test_other_instants_are_refused_in_words(text, words):
    with pytest.raises(ValidationError, match=words):
        InstantField().clean(text)


def test_instant_is_shown_with_its_seconds_and_zone():
    html = InstantInput().render("landed_at", LANDING)
    assert 'value="2023-09-27 11:17:21"' in html
    assert html.endswith(">UTC</span>")


def test_day_of_no_plausible_year_is_refused():
    assert DayField().clean("1975-07-15") == date(1975, 7, 15)
    with pytest.raises(ValidationError, match="The year 1066 cannot be meant"):
        DayField().clean("1066-10-14")


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("15 July 1975", date(1975, 7, 15), "day"),
        ("July 1975", date(1975, 7, 1), "month"),
        ("1975", date(1975, 1, 1), "year"),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day, precision):
    field = DayField()
    assert field.clean(text) == day
    assert field.reading.precision == precision


@pytest.mark.parametrize("text", ["soon", "1975-07-15 10:00", "1975-07-15T10:00:00Z"])
def test_what_is_no_day_is_refused_in_words(text):
    with pytest.raises(ValidationError, match=r"Write a day as 1975-07-15\."):
        DayField().clean(text)


def test_half_past_six_hours_is_not_six_minutes():
    assert DurationField().clean("6:30") == timedelta(hours=6, minutes=30)
    assert DurationField().clean("06:30:15") == timedelta(hours=6, minutes=30, seconds=15)
    assert DurationField(required=False).clean("") is None


@pytest.mark.parametrize("text", ["6", "6:75", "6 hours", "P1D", "999999999999:00:00", "-6:30"])
def test_other_durations_are_refused_in_words(text):
    with pytest.raises(ValidationError, match="Write a duration as 6:30 or 6:30:15"):
        DurationField().clean(text)


def test_instant_is_written_as_well_as_it_is_known():
    assert written(LANDING, "second") == "2023-09-27 11:17:21"
    assert written(LANDING, "minute") == "2023-09-27 11:17"
    assert written(LANDING, "day") == "2023-09-27"
    assert written(LANDING, "month") == "2023-09"
