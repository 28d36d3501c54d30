"""The sentence that says what a leaderboard counts."""

from datetime import date
from types import SimpleNamespace

import pytest

from records.book.criteria import Category
from records.book.definitions import category_words, definition, threshold_words
from records.book.metrics import METRICS
from records.book.rules import Rule

NAMES = SimpleNamespace(
    countries={"CAN": "Canada", "RUS": "Russia", "SUN": "Soviet Union"},
    agencies={"nasa": "NASA"},
    stations={"mir": "Mir", "iss": "International Space Station"},
)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "flights that reached orbit"),
        ({"boundary": "100km"}, "flights that climbed above 100 km"),
        ({"boundary": "80km"}, "flights that climbed above 80 km"),
        ({"sex": "F"}, "flights by women that reached orbit"),
        ({"sex": "M"}, "flights by men that reached orbit"),
        ({"first_only": True}, "first flights that reached orbit"),
        ({"landed_only": True}, "landed flights that reached orbit"),
        ({"role": "Commander"}, "flights as Commander that reached orbit"),
        ({"countries": frozenset({"CAN"})}, "flights that reached orbit, flown for Canada"),
        (
            {"countries": frozenset({"SUN", "RUS"})},
            "flights that reached orbit, flown for Russia or the Soviet Union",
        ),
        ({"agency": "nasa"}, "flights that reached orbit, for NASA"),
        ({"station": "mir"}, "flights that reached orbit, to Mir"),
        ({"station": "iss"}, "flights that reached orbit, to the International Space Station"),
        ({"family": "Soyuz"}, "flights that reached orbit, launched on Soyuz craft"),
        ({"programme": "Gemini"}, "flights that reached orbit, in the Gemini programme"),
        (
            {"launched_from": date(2001, 5, 1), "launched_until": date(2002, 5, 31)},
            "flights that reached orbit, launched from 1 May 2001 on, launched by 31 May 2002",
        ),
    ],
)
def test_every_field_of_a_category_has_its_words(fields, words):
    assert category_words(Category(**fields), NAMES) == words


def test_a_code_without_a_name_is_written_as_it_is():
    assert category_words(Category(agency="cnes"), NAMES).endswith("for cnes")


@pytest.mark.parametrize("metric", list(METRICS))
def test_every_metric_makes_a_sentence(metric):
    text = definition(Rule(METRICS[metric], Category(sex="F")), NAMES)
    assert text == f"{METRICS[metric].subject}, over flights by women that reached orbit."


@pytest.mark.parametrize(
    ("metric", "threshold", "words"),
    [
        ("longest-flight", 365, "365 days"),
        ("longest-flight", 1, "1 day"),
        ("number-of-flights", 5, "5"),
    ],
)
def test_a_threshold_is_said_in_its_unit(metric, threshold, words):
    leaderboard = Rule(METRICS[metric], Category(), threshold)
    assert threshold_words(leaderboard) == words
    assert definition(leaderboard, NAMES).endswith(f"; listed from {words} on.")
