"""A value for programs says no more than its text does."""

import pytest

from records.book.values import Unit, Value
from records.formats.columns import written_value
from records.instants import Precision

DAY = 86_400


@pytest.mark.parametrize(
    ("value", "text", "hedged"),
    [
        (Value(3 * DAY, Unit.SECONDS), "3 d 0 h 0 m 0 s", None),
        (Value(3 * DAY, Unit.SECONDS, Precision.DAY), "≈ 3 d", "about"),
        (
            Value(3 * DAY, Unit.SECONDS, Precision.MINUTE, below=4000, above=4000),
            "≈ 3 d 0 h 0 m",
            "about",
        ),
        (Value(3 * DAY, Unit.SECONDS, Precision.DAY, above=DAY - 1), "at least 3 d", "at_least"),
        (Value(7, Unit.COUNT, below=2), "5 to 7", "at_most"),
    ],
)
def test_the_word_in_front_has_a_field_of_its_own(value, text, hedged):
    written = written_value(value)
    assert written["text"] == text
    assert [one for one in ("at_least", "at_most", "about") if written[one]] == (
        [hedged] if hedged else []
    )


def test_an_age_of_which_only_the_years_are_told_has_no_number_of_days():
    known = Value(9400, Unit.DAYS, Precision.YEAR, below=365, years=(25, None))
    written = written_value(known)
    assert (written["days"], written["iso"], written["text"]) == (None, "P25Y", "25 years")
    assert (written["least"], written["most"]) == (9035, 9400)
