from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Astronaut
from tests import factories as make
from tests.admin.pages import complaints, save, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


@pytest.mark.parametrize("text", ["Vegova", "ada vega", "Вега"])
def test_astronaut_is_found_by_any_of_their_names(text, desk):
    ada = make.make_astronaut("Ada Vega", aliases="A. Vegova", native_name="Ада Вега")
    page = desk.get(url("changelist", Astronaut), {"q": text})
    assert list(page.context_data["cl"].result_list) == [ada]


def test_autocompletion_finds_an_astronaut_by_an_alias(desk):
    ada = make.make_astronaut("Ada Vega", aliases="A. Vegova")
    found = desk.get(
        "/admin/autocomplete/",
        {
            "app_label": "records",
            "model_name": "flight",
            "field_name": "astronaut",
            "term": "Vegova",
        },
    ).json()
    assert found["results"] == [{"id": str(ada.pk), "text": "Ada Vega (has not flown)"}]


def test_career_is_listed_with_links_for_few_queries(desk):
    ada = make.make_astronaut("Ada Vega")
    for year in range(1990, 1998):
        make.make_flight(ada, launched_at=f"{year}-01-01", days=10)
    desk.get(url("change", ada))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(url("change", ada)).content.decode()
    assert len(queries) <= 12
    assert page.count("1990-01-01 00:00:00") == 1
    assert url("change", ada.flights.first().launch_mission) in page


def test_birth_after_the_first_launch_is_refused(desk):
    ada = make.make_flight(days=10).astronaut
    values = typed(desk.get(url("change", ada)))
    response = desk.post(
        url("change", ada), values | {"born_on": "2005-01-01", "birth_precision": "day"}
    )
    assert "launched on 1 March 1999" in complaints(response)


@pytest.mark.parametrize("name", ["Ada\x07 Vega", "Ada \x1bVega", "Ada\x9f Vega"])
def test_control_characters_are_refused_since_no_feed_can_carry_them(name, desk):
    ada = make.make_astronaut("Ada Vega")
    response = desk.post(url("change", ada), typed(desk.get(url("change", ada))) | {"name": name})
    assert response.status_code == 200
    assert "control character" in complaints(response)
    ada.refresh_from_db()
    assert ada.name == "Ada Vega"


def test_aliases_parted_by_semicolons_are_names_on_lines_of_their_own(desk):
    ada = make.make_flight(make.make_astronaut("Ada Vega"), days=3).astronaut
    values = typed(desk.get(url("change", ada))) | {"aliases": "A. Vega; Adah Vega ;\n;Ada V."}
    assert desk.post(url("change", ada), values).status_code == 302
    ada.refresh_from_db()
    assert ada.alias_list == ["A. Vega", "Adah Vega", "Ada V."]


@pytest.mark.parametrize(
    "term",
    ["lopez alegria", "LÓPEZ", "lopezalegria", "Alegría, Michael", "Майкл", "mich alegr"],
)
def test_an_astronaut_is_looked_up_as_people_type_the_name(desk, term):
    make.make_astronaut("Ada Vega")
    michael = make.make_astronaut(
        "Michael López-Alegría", native_name="Майкл", aliases="Mike L.-A."
    )
    asked = {"app_label": "records", "model_name": "flight", "field_name": "astronaut"}
    answer = desk.get("/admin/autocomplete/", asked | {"term": term}).json()
    assert [one["text"] for one in answer["results"]] == ["Michael López-Alegría (has not flown)"]
    page = desk.get(url("changelist", Astronaut), {"q": term})
    assert [row.pk for row in page.context_data["cl"].result_list] == [michael.pk]


def test_a_part_of_an_address_is_looked_up_too(desk):
    ada = make.make_astronaut("Ada Vega")
    make.make_astronaut("Bo Lind")
    page = desk.get(url("changelist", Astronaut), {"q": "ada-ve"})
    assert [row.pk for row in page.context_data["cl"].result_list] == [ada.pk]


@pytest.mark.parametrize(
    ("born_on", "given", "precision", "day"),
    [
        ("9 March 1934", "", "day", date(1934, 3, 9)),
        ("March 1934", "", "month", date(1934, 3, 1)),
        ("1934", "", "year", date(1934, 1, 1)),
        ("1934-03", "month", "month", date(1934, 3, 1)),
        ("1934-03-01", "month", "month", date(1934, 3, 1)),
    ],
)
def test_a_birth_date_says_itself_how_well_it_is_known(desk, born_on, given, precision, day):
    ada = make.make_astronaut("Ada Vega", born_on=None, birth_precision="")
    page = url("change", ada)
    values = typed(desk.get(page)) | {"born_on": born_on, "birth_precision": given}
    assert save(desk, page, values).status_code == 302
    ada.refresh_from_db()
    assert (ada.born_on, ada.birth_precision) == (day, precision)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"born_on": "1934", "birth_precision": "day"}, "no more than the year"),
        ({"born_on": "3/4/1934", "birth_precision": ""}, "3 April 1934 or 4 March 1934"),
        ({"born_on": "1934-02-30", "birth_precision": ""}, "February 1934 has 28 days"),
        ({"died_on": "1968"}, "Write the whole day"),
        ({"died_on": "March 1968"}, "Write the whole day"),
        ({"died_on": "1968-03-27 10:00"}, "Write a day as"),
    ],
)
def test_what_a_date_leaves_open_is_asked_back(desk, values, words):
    ada = make.make_astronaut("Ada Vega", born_on=None, birth_precision="")
    page = url("change", ada)
    response = desk.post(page, typed(desk.get(page)) | values)
    assert words in complaints(response)
    assert values.items() <= typed(response).items()
    ada.refresh_from_db()
    assert (ada.born_on, ada.birth_precision, ada.died_on) == (None, "", None)
