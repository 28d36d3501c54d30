"""Disagreements in the admin: one value is used, and another can take its place at once."""

import pytest

from records.models import Disagreement
from tests.admin.pages import add_row, complaints, typed, url
from tests.factories import make_disagreement, make_mission, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def used(disagreement):
    return [value.value for value in disagreement.values.filter(chosen=True)]


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 0)])
def test_another_value_takes_its_place_in_one_save(desk, before, after):
    disagreement = make_disagreement("this", "that")
    disagreement.values.update(chosen=False)
    disagreement.values.filter(position=before + 1).update(chosen=True)
    values = typed(desk.get(url("change", disagreement)))
    del values[f"values-{before}-chosen"]
    values[f"values-{after}-chosen"] = "on"
    response = desk.post(url("change", disagreement), values)
    assert response.status_code == 302, complaints(response)
    assert used(disagreement) == [("this", "that")[after]]


@pytest.mark.parametrize(
    ("chosen", "words"), [((), "Tick the value"), ((0, 1), "Only one of the values")]
)
def test_exactly_one_value_is_used(desk, chosen, words):
    disagreement = make_disagreement("this", "that")
    values = typed(desk.get(url("change", disagreement)))
    values.pop("values-0-chosen")
    values |= {f"values-{number}-chosen": "on" for number in chosen}
    response = desk.post(url("change", disagreement), values)
    assert words in complaints(response)
    assert used(disagreement) == ["this"]


def test_a_disagreement_is_made_with_its_values(desk):
    mission = make_mission()
    values = typed(desk.get(url("add", Disagreement)))
    values |= {"fact": "Lunch", "slug": "lunch", "reason": "Noon.", "mission": str(mission.pk)}
    add_row(values, "values", value="noon", reported_by="Cook", chosen="on")
    add_row(values, "values", value="one", source=str(make_source().pk))
    response = desk.post(url("add", Disagreement), values)
    assert response.status_code == 302, complaints(response)
    assert used(Disagreement.objects.get(slug="lunch")) == ["noon"]


def test_a_mission_takes_a_source_on_its_own_page(desk):
    mission, source = make_mission(), make_source()
    values = typed(desk.get(url("change", mission)))
    add_row(values, "citations", source=str(source.pk), covers="landing time")
    response = desk.post(url("change", mission), values)
    assert response.status_code == 302, complaints(response)
    assert mission.citations.get().source == source


def test_a_disagreement_of_one_value_is_refused(desk):
    row = make_disagreement("this", "that")
    values = typed(desk.get(url("change", row))) | {"values-1-DELETE": "on"}
    response = desk.post(url("change", row), values)
    assert "two values or more" in complaints(response)
    assert row.values.count() == 2
