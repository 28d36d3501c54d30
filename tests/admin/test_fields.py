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
        " 2023-09-27T14:17:21+03:00 ",
    ],
)
def test_instant_is_read_as_utc_to_the_second(text):
    assert InstantField().clean(text) == LANDING


def test_day_alone_is_its_first_instant():
    assert InstantField().clean("2023-09-27") == datetime(2023, 9, 27, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("27/09/2023", "Write an instant as 2023-09-27 11:17:21, in UTC."),
        ("now()", "Write an instant as"),
        ("2023-02-30 10:00:00", "Write an instant as"),
        ("0001-01-01T00:00:00+14:00", "Write an instant as|year"),
        ("9999-12-31 23:59:59", "The year 9999 cannot be meant; from 1850 to 2200 is accepted."),
        ("2023-09-27 11:17:21.5", "Instants are kept to the second."),
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
    with pytest.raises(ValidationError, match="The year 1 cannot be meant"):
        DayField().clean("0001-01-01")


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
