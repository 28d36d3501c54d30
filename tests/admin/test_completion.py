"""Choosing a row by its name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records import models
from records.models import Article, Astronaut, Flight, Leaderboard, Mission
from tests import factories as make

pytestmark = pytest.mark.django_db

#: A field that refers to each of the models whose rows have names.
FIELDS = {
    Mission: ("article", "missions"),
    Astronaut: ("article", "astronauts"),
    Flight: ("spacewalkcrew", "flight"),
    Leaderboard: ("article", "leaderboards"),
    Article: ("article", "related"),
    models.Station: ("leaderboard", "station"),
    models.Agency: ("leaderboard", "agency"),
    models.Country: ("leaderboard", "country"),
    models.Spacecraft: ("mission", "spacecraft"),
    models.Source: ("citation", "source"),
    models.Topic: ("article", "topics"),
    models.Author: ("authorship", "author"),
}


def offered(desk, model, term):
    name, field = FIELDS[model]
    asked = {"app_label": "records", "model_name": name, "field_name": field, "term": term}
    return desk.get("/admin/autocomplete/", asked).json()["results"]


def test_the_very_mission_comes_first(desk):
    for name in ("Shenzhou 23", "shenzhou 6", "Apollo 1", "Soyuz 1", "Gemini 3"):
        row = Mission.objects.filter(name__iexact=name).first()
        if row:
            assert offered(desk, Mission, name)[0]["id"] == str(row.pk), name


@pytest.mark.parametrize("model", [one for one in FIELDS if one not in (Flight, Article)])
def test_every_row_is_first_when_its_whole_name_is_typed(model, desk):
    """But for namesakes, any of whom may be."""
    field = next(one for one in ("name", "title") if hasattr(model, one) or _has(model, one))
    rows = list(model.objects.order_by("pk"))
    for row in rows[:: max(1, len(rows) // 12)]:
        called = getattr(row, field)
        first = offered(desk, model, called)[0]
        namesakes = model.objects.filter(**{f"{field}__iexact": called})
        assert first["id"] in {str(one.pk) for one in namesakes}, called


def _has(model, name):
    return any(field.name == name for field in model._meta.fields)


def test_flight_of_the_very_person_comes_first(desk):
    for first, other in (("Ada Vega", "Ada Vegara"), ("Bo Li", "Bo Lind")):
        make.make_flight(make.make_astronaut(other), days=1)
        flight = make.make_flight(make.make_astronaut(first), days=1)
        make.make_flight(make.make_astronaut(f"{other} Senior"), days=1)
        assert offered(desk, Flight, first)[0]["id"] == str(flight.pk)


def test_people_are_told_apart_by_year_and_first_mission(desk):
    first = make.make_astronaut("Ada Vega", born_on="1950-05-01")
    craft = make.make_mission("early-bird", launched_at="1990-01-01", landed_at="1990-02-01")
    make.make_flight(first, craft)
    make.make_flight(first, launched_at="1995-01-01", days=2)
    make.make_astronaut("Bo Vega")
    texts = [one["text"] for one in offered(desk, Astronaut, "Vega")][:2]
    assert texts == ["Ada Vega (born 1950, Early bird)", "Bo Vega (has not flown)"]


def test_flights_of_one_person_are_told_apart(desk):
    pilot = make.make_astronaut("Ada Vega")
    for slug, year in (("early-bird", 1990), ("late-bird", 1999)):
        launched, landed = f"{year}-01-01", f"{year}-01-09"
        make.make_flight(pilot, make.make_mission(slug, launched_at=launched, landed_at=landed))
    texts = {one["text"] for one in offered(desk, Flight, "Ada Vega")}
    assert texts == {
        "Ada Vega on Early bird (1990, Commander)",
        "Ada Vega on Late bird (1999, Commander)",
    }


def test_stories_of_one_headline_are_told_apart(desk):
    make.make_article("one", headline="The same")
    make.make_article("two", headline="The same", state="draft", published_at=None)
    texts = {one["text"] for one in offered(desk, Article, "The same")}
    assert texts == {"The same (published, 1 March 2020)", "The same (draft)"}


def test_completion_costs_few_queries(desk):
    offered(desk, Mission, "a")
    for model in FIELDS:
        with CaptureQueriesContext(connection) as queries:
            offered(desk, model, "a")
        assert len(queries) <= 6, model


def test_drafts_that_are_offered_cost_no_query_each(desk):
    counts = []
    for number in (2, 12):
        for one in range(number):
            make.make_article(f"quartz-{number}-{one}", state="draft", published_at=None)
        with CaptureQueriesContext(connection) as queries:
            assert len(offered(desk, Article, "quartz")) >= number
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 12
