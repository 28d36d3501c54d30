"""What was renamed is found under the names that it had, in every kind of address."""

import re

import pytest

from records import urls
from records.ledger import Ledger
from records.ledger.history import record_changes
from records.ledger.watch import prospects
from records.models import FormerAddress, Leaderboard
from records.views.errors import kind_of
from tests import factories as make
from tests.factories import instant

pytestmark = pytest.mark.django_db

AT = instant("2010-01-01")


def named_by_slug():
    """Name in the site map → address with a place for a slug, but for those of the newsroom."""
    return {
        one.name: "/" + str(one.pattern).replace("<slug:slug>", "{}")
        for one in urls.urlpatterns
        if "<slug:slug>" in str(one.pattern) and one.name != "article-preview"
    }


@pytest.fixture
def renamed():
    """Kind → a row that was called `old`, then `between`, and is `new` now."""
    flight = make.make_flight(days=10)
    walk = make.make_spacewalk(flight)
    topic, author = make.make_topic(), make.make_author()
    rows = {
        "article": make.make_article(topics=[topic], authors=[author]),
        "topic": topic,
        "author": author,
        "leaderboard": make.make_leaderboard(),
        "astronaut": flight.astronaut,
        "mission": flight.launch_mission,
        "agency": flight.agency,
        "station": make.make_station(),
        "spacewalk": walk,
    }
    for row in rows.values():
        for slug in ("old", "between", "new"):
            type(row).objects.filter(pk=row.pk).update(slug=slug)
    return rows


def test_every_address_with_a_slug_is_of_a_known_kind():
    assert [name for name in named_by_slug() if kind_of(name) is None] == []
    assert {kind_of(name)._meta.model_name for name in named_by_slug()} == {
        *("article", "topic", "author", "leaderboard", "astronaut", "mission"),
        *("agency", "station", "spacewalk"),
    }


@pytest.mark.parametrize("name", named_by_slug())
def test_every_former_address_leads_to_the_present_one_at_once(client, renamed, name):
    address = named_by_slug()[name]
    for old in ("old", "between", "OLD", "New"):
        response = client.get(address.format(old))
        assert (response.status_code, response["Location"]) == (301, address.format("new"))
    assert client.get(address.format("new")).status_code == 200
    assert client.get(address.format("old-er")).status_code == 404


def test_what_was_asked_for_goes_along(client, renamed):
    response = client.get("/records/old.json?at=2020-01-01&limit=3")
    assert response["Location"] == "/records/new.json?at=2020-01-01&limit=3"
    assert (
        client.get("/records/old.json?limit=3", follow=True).json()["leaderboard"]["slug"] == "new"
    )


def test_row_that_has_a_slug_today_goes_before_one_that_had_it(client):
    first, second = make.make_topic("first"), make.make_topic("second")
    make.make_article(topics=[first, second])
    type(first).objects.filter(pk=first.pk).update(slug="moved")
    type(second).objects.filter(pk=second.pk).update(slug="first")
    assert "<h1>Second</h1>" in client.get("/topics/first/").content.decode()
    assert type(first).objects.get_by_natural_key("first") == second
    second.articles.clear()
    second.delete()
    assert client.get("/topics/first/")["Location"] == "/topics/moved/"


def test_former_address_goes_with_its_row(renamed):
    renamed["station"].delete()
    assert not FormerAddress.objects.filter(kind="station").exists()
    assert FormerAddress.objects.filter(kind="author").count() == 3


@pytest.mark.parametrize(
    "path", ["/records/longest-spaceflight/", "/records/longest-spaceflight.json", "/missions/"]
)
@pytest.mark.parametrize("value", ["iss-of-old", "ISS-of-Old"])
def test_filter_takes_a_former_name_of_a_station(client, site, path, value):
    station = Leaderboard.station.field.related_model.objects.get(slug="iss")
    type(station).objects.filter(pk=station.pk).update(slug="iss-of-old")
    type(station).objects.filter(pk=station.pk).update(slug="iss")
    response = client.get(path, {"station": value})
    assert response.status_code == 200
    if path.endswith(".json"):
        assert response.json()["leaderboard"]["filters"]["station"] == "iss"
    else:
        assert re.search('<option value="iss" selected', response.content.decode())


def test_comparison_takes_former_names(client, renamed):
    other = make.make_flight(days=3).astronaut
    text = client.get(f"/compare/?a=old&b={other.slug}").content.decode()
    assert renamed["astronaut"].name in text
    assert "know nobody called" not in text


def test_board_in_a_story_is_shown_by_the_slug_that_it_had(client, renamed):
    make.make_article("a-story", body='One.\n\n::: leaderboard slug="old"\n:::')
    text = client.get("/news/a-story/").content.decode()
    assert 'href="/records/new/' in text


def test_ids_of_feeds_and_calendars_stay_when_somebody_is_renamed(clock):
    board = make.make_leaderboard("board", metric="longest-flight")
    first = make.make_flight(launch_mission=make.make_mission(launched_at="1999-03-01"), days=5)
    make.make_flight(launch_mission=make.make_mission(launched_at="2001-03-01"), days=9)
    make.make_flight(
        launch_mission=make.make_mission(
            launched_at="2009-12-30", planned_landing_at="2010-02-01", landed_at=None
        )
    )

    def ids():
        ledger = Ledger.current()
        steps = {one.key for one in record_changes(ledger, AT) if one.leaderboard.pk == board.pk}
        ahead = {one.key for one in prospects(ledger, AT) if one.leaderboard.pk == board.pk}
        return steps, ahead

    before = ids()
    assert all(before)
    for row, slug in (
        (board, "another-board"),
        (first.astronaut, "zz-another-name"),
        (first.launch_mission, "aa-another-ship"),
    ):
        type(row).objects.filter(pk=row.pk).update(slug=slug)
    assert ids() == before
