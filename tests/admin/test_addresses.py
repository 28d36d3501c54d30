"""Changing and proposing addresses in the newsroom."""

import pytest

from records.models import Article, Astronaut, Leaderboard, Topic
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def renamed(desk, row, slug):
    """Open the form, type another slug, press “Save”."""
    response = desk.post(url("change", row), typed(desk.get(url("change", row))) | {"slug": slug})
    assert response.status_code == 302, complaints(response)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("noun", "make_row"),
    [
        ("news", make.make_article),
        ("topics", lambda: make.make_article(topics=[make.make_topic()]).topics.get()),
        ("authors", lambda: make.make_article(authors=[make.make_author()]).authors.get()),
        ("records", make.make_leaderboard),
        ("agencies", make.make_agency),
        ("stations", make.make_station),
        ("astronauts", lambda: make.make_flight(days=3).astronaut),
        ("missions", lambda: make.make_flight(days=3).launch_mission),
    ],
)
def test_address_is_changed_by_typing_it_and_saving(desk, client, noun, make_row):
    row = make_row()
    old = row.slug
    assert renamed(desk, row, "a-new-name").slug == "a-new-name"
    response = desk.get(f"/{noun}/{old}/", follow=True)
    assert response.redirect_chain == [(f"/{noun}/a-new-name/", 301)]
    assert response.status_code == 200


def test_what_is_changed_with_the_address_is_shown_as_always(desk):
    make.make_leaderboard("longest", metric="longest-flight")
    flight = make.make_flight(launch_mission=make.make_mission(launched_at="1999-03-01"), days=3)
    mission = flight.launch_mission
    values = typed(desk.get(url("change", mission)))
    values |= {"slug": "a-new-name", "landed_at": "1999-03-09 00:00:00"}
    response = desk.post(url("change", mission), values)
    assert response.status_code == 200
    assert response.context_data["impact"]["shifts"]
    mission.refresh_from_db()
    assert mission.slug != "a-new-name"


@pytest.mark.parametrize(
    ("headline", "slug"),
    [("Кононенко обогнал Падалку", "kononenko-obognal-padalku"), ("Rubio’s year", "rubios-year")],
)
def test_address_that_is_left_empty_is_made_from_the_headline(desk, headline, slug):
    values = typed(desk.get(url("add", Article)))
    values |= {"headline": headline, "standfirst": "What happened.", "body": "A paragraph."}
    response = desk.post(url("add", Article), values)
    assert response.status_code == 302, complaints(response)
    assert Article.objects.get(headline=headline).slug == slug


def test_second_of_a_name_gets_a_number(desk):
    make.make_author("ada-vega", name="Ada Vega")
    model = type(make.make_author())
    values = typed(desk.get(url("add", model))) | {"name": "Ada Vega"}
    assert desk.post(url("add", model), values).status_code == 302
    assert model.objects.filter(slug="ada-vega-2").exists()


@pytest.mark.parametrize("name", ["…", ""])
def test_name_without_letters_asks_for_an_address(desk, name):
    values = typed(desk.get(url("add", Topic))) | {"name": name}
    response = desk.post(url("add", Topic), values)
    assert response.status_code == 200
    assert "no letters" in str(response.context_data["adminform"].form.errors["slug"])


@pytest.mark.parametrize("slug", ["Two Words", "ünder", "a--b", "-a", "changes"])
def test_address_that_is_none_is_told_at_its_field(desk, slug):
    board = make.make_leaderboard("a-board")
    values = typed(desk.get(url("change", board))) | {"slug": slug}
    response = desk.post(url("change", board), values)
    assert response.status_code == 200
    assert "slug" in response.context_data["adminform"].form.errors
    assert Leaderboard.objects.filter(slug="a-board").exists()
    assert Astronaut.objects.count() == 0
