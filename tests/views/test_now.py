"""Now is the current minute: one look at the clock, records by the minute, news by the second."""

import csv
import re
from datetime import timedelta

import pytest

from records.instants import full_minute, read_clock
from records.models import Advert
from records.models.articles import ArticleState
from tests.factories import instant, make_advert, make_article, make_flight, make_topic

pytestmark = pytest.mark.django_db

NOW = instant("2026-10-12T09:00:42")
MINUTE = "2026-10-12T09:00:00Z"
WITHIN = NOW - timedelta(seconds=12)
RECORD_JSON = [
    "/records/total-time-in-space.json",
    "/records/total-time-in-space/progression.json",
    "/in-space.json",
    "/countries.json",
    "/watch.json",
]
RECORD_PAGES = [
    "/records/",
    "/records/total-time-in-space/",
    "/records/most-people-in-orbit/",
    "/records/total-time-in-space/progression/",
    "/in-space/",
    "/watch/",
    "/astronauts/oleg-kononenko/",
    "/countries/",
    "/countries/USA/",
    "/stations/iss/",
    "/compare/?a=oleg-kononenko&b=frank-rubio",
]


@pytest.fixture(autouse=True)
def within_a_minute(clock):
    clock(NOW)


def test_the_latest_full_minute_is_the_present_of_the_record_book():
    assert read_clock() == NOW
    assert full_minute(read_clock()) == instant("2026-10-12T09:00:00")


@pytest.mark.parametrize("address", RECORD_JSON)
def test_without_an_instant_json_answers_for_the_latest_full_minute(client, address):
    assert client.get(address).json()["at"] == MINUTE


def test_without_an_instant_csv_answers_for_the_latest_full_minute(client):
    text = client.get("/records/total-time-in-space.csv").content.decode()
    first, *_ = csv.DictReader(text.splitlines())
    assert first["at"] == MINUTE


@pytest.mark.parametrize("address", RECORD_PAGES)
def test_without_an_instant_pages_say_the_latest_full_minute(client, address):
    page = client.get(address).content.decode()
    (stamp,) = re.findall(r'As of <time datetime="([^"]+)"', page)
    assert stamp == MINUTE
    assert f'data-at="{MINUTE}"' in page


@pytest.mark.parametrize("address", RECORD_PAGES)
def test_a_page_is_the_same_for_all_of_a_minute(client, address, clock):
    first = client.get(address).content
    clock(NOW + timedelta(seconds=17))
    assert client.get(address).content == first


@pytest.mark.parametrize("address", RECORD_JSON)
def test_an_instant_asked_for_is_answered_to_the_second(client, address):
    response = client.get(address, {"at": "2026-10-12T09:00:41Z"})
    assert response.json()["at"] == "2026-10-12T09:00:41Z"


@pytest.mark.parametrize("address", RECORD_JSON)
def test_the_future_begins_with_the_next_second(client, address):
    assert client.get(address, {"at": "2026-10-12T09:00:42Z"}).status_code == 200
    assert client.get(address, {"at": "2026-10-12T09:00:43Z"}).status_code == 400


def test_today_is_told_as_of_the_latest_full_minute(client):
    response = client.get("/in-space.json", {"at": "2026-10-12"})
    assert response.json()["at"] == MINUTE


def test_a_launch_within_the_minute_shows_with_the_next(client, clock):
    flight = make_flight(launched_at=WITHIN)
    ship, people = flight.launch_mission, "/in-space.json"

    def aloft():
        return ship.slug in [one["up_mission"] for one in client.get(people).json()["people"]]

    assert not aloft()
    assert ship.get_absolute_url() not in client.get("/missions/").content.decode()
    clock(NOW + timedelta(seconds=18))
    assert aloft()
    assert ship.get_absolute_url() in client.get("/missions/").content.decode()


def test_a_changed_fact_shows_at_once(client):
    flight = make_flight(launched_at=NOW - timedelta(days=3))
    (shown,) = [
        one
        for one in client.get("/in-space.json").json()["people"]
        if one["up_mission"] == flight.launch_mission.slug
    ]
    flight.launch_mission.stations.clear()
    flight.astronaut.name = "Changed Meanwhile"
    flight.astronaut.save()
    page = client.get("/in-space.json").json()
    assert page["at"] == MINUTE
    assert shown["name"] != "Changed Meanwhile"
    assert "Changed Meanwhile" in [one["name"] for one in page["people"]]


def test_a_story_is_public_from_its_second_on(client):
    topic = make_topic()
    story = make_article(published_at=NOW, topics=[topic])
    make_article(published_at=NOW + timedelta(seconds=1), headline="A second too early")
    for address in ("/", "/news/", topic.get_absolute_url()):
        page = client.get(address).content.decode()
        assert story.headline in page
        assert "A second too early" not in page
    assert client.get(story.get_absolute_url()).status_code == 200


def test_a_withdrawn_story_is_gone_from_its_second_on(client):
    story = make_article(published_at=NOW, state=ArticleState.WITHDRAWN, withdrawal_note="Wrong.")
    assert client.get(story.get_absolute_url()).status_code == 410


def test_a_story_may_embed_and_link_its_own_instant_at_once(client):
    body = '::: leaderboard slug="total-time-in-space" at="publication"\n:::'
    story = make_article(published_at=WITHIN, body=body)
    page = client.get(story.get_absolute_url()).content.decode()
    assert "When this story was published" in page
    own = re.search(r'href="(/records/total-time-in-space/\?at=2026-10-12T09:00:30Z)"', page)
    assert client.get(own[1]).status_code == 200


def test_a_story_shows_live_boards_as_of_the_latest_full_minute(client):
    story = make_article(
        published_at=WITHIN,
        body='::: leaderboard slug="total-time-in-space" at="live"\n:::',
    )
    page = client.get(story.get_absolute_url()).content.decode()
    assert f'Live, as of <time datetime="{MINUTE}"' in re.sub(r"\s+", " ", page)


def test_an_advert_runs_from_its_second_on(client):
    paragraph = "A paragraph of the story, as long as one is. " * 8
    story = make_article(published_at=WITHIN, body=f"{paragraph}\n\n" * 10)
    Advert.objects.all().delete()
    advert = make_advert(starts_at=NOW)
    assert advert.text in client.get(story.get_absolute_url()).content.decode()
