"""/agencies/: who flies people, and one with its people, missions, craft and stations."""

import re

import pytest

from tests.factories import (
    make_agency,
    make_astronaut,
    make_flight,
    make_mission,
    make_spacecraft,
)

pytestmark = pytest.mark.usefixtures("site")


def people(page):
    return [one.astronaut.slug for one in page.context["page"].object_list]


def test_agencies_stand_by_the_people_who_flew_for_them(client):
    rows = client.get("/agencies/", {"at": "1990-01-01"}).context["rows"]
    numbers = [row["total"].people if row["total"] else 0 for row in rows]
    assert numbers == sorted(numbers, reverse=True)
    assert rows[0]["agency"].slug == "nasa"


def test_people_count_for_the_agency_flown_for_on_each_flight(client):
    page = client.get("/agencies/axiom-space/", {"at": "2024-06-01"})
    assert people(page)[0] == "michael-lopez-alegria"
    whitson = next(
        one.career
        for one in page.context["page"].object_list
        if one.astronaut.slug == "peggy-whitson"
    )
    assert len(whitson.flights) == 1


def test_an_agency_shows_what_it_operates(client):
    page = client.get("/agencies/nasa/")
    assert set(page.context["programmes"]) >= {"Mercury", "Apollo"}
    assert {station.slug for station in page.context["stations"]} == {"skylab", "iss"}
    assert all(count and first.launched_at for _, count, first in page.context["craft"])
    assert 'href="/spacewalks/?agency=nasa"' in page.content.decode()


def test_an_agency_is_what_it_was_at_the_instant(client):
    page = client.get("/agencies/nasa/", {"at": "1962-03-01"})
    assert people(page) == ["john-glenn"]
    assert list(page.context["programmes"]) == ["Mercury"]
    everybody = client.get("/agencies/nasa/", {"at": "1962-03-01", "boundary": "80km"})
    assert people(everybody)[:2] == ["alan-shepard", "gus-grissom"]


def test_the_first_launches_are_told_as_well_as_they_are_known(client):
    agency = make_agency("acme")
    make_mission(
        launched_at="1999-03-01",
        launch_precision="month",
        operator=agency,
        programme="Hops",
        spacecraft=make_spacecraft("hopper", operator=agency),
    )
    text = client.get("/agencies/acme/").content.decode()
    assert "the first launched March 1999" in " ".join(re.sub("<[^>]+>", "", text).split())
    assert "1 March 1999" not in text


def test_an_agency_that_flew_nobody_says_so(client):
    make_agency("paper-space")
    assert "Nobody had flown for it" in client.get("/agencies/paper-space/").content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/agencies/?at=2999-01-01", 400),
        ("/agencies/?boundary=none", 400),
        ("/agencies/nasa/?boundary=moon", 400),
        ("/agencies/nasa/?page=x", 400),
        ("/agencies/nassa/", 404),
        ("/agencies/?at=1957-10-05", 200),
        ("/agencies/nasa/?at=1957-10-05", 200),
    ],
)
def test_a_bad_question_is_answered_in_words(client, address, status):
    assert client.get(address).status_code == status


def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    agency = make_agency("busy-space")
    for _ in range(20):
        make_flight(astronaut=make_astronaut(agency=agency), days=2)
    client.get("/agencies/esa/")
    with django_assert_max_num_queries(4):
        client.get("/agencies/")
    with django_assert_max_num_queries(7):
        assert len(people(client.get("/agencies/busy-space/"))) == 20
    with django_assert_max_num_queries(7):
        client.get("/agencies/nasa/")
