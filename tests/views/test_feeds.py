"""The feeds of record changes."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError, connection

from records.models import (
    Astronaut,
    DataVersion,
    FeedEntry,
    Flight,
    Leaderboard,
    Mission,
    Said,
    Source,
)
from tests.factories import instant

pytestmark = pytest.mark.usefixtures("site")

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    root = ElementTree.fromstring(client.get("/feeds/records.xml").content)
    return root, root.findall(f"{ATOM}entry")


def items(client):
    return client.get("/feeds/records.json").json()["items"]


def test_the_feeds_say_what_they_are(client):
    atom, feed = client.get("/feeds/records.xml"), client.get("/feeds/records.json")
    assert atom["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed["Content-Type"] == "application/feed+json"
    about = feed.json()
    assert about["version"] == "https://jsonfeed.org/version/1.1"
    assert about["home_page_url"] == "http://127.0.0.1:8000/records/changes/"
    assert about["feed_url"] == "http://127.0.0.1:8000/feeds/records.json"
    root, _ = entries(client)
    assert root.find(f"{ATOM}id").text == "tag:spacesite.invalid,2026:feeds/records"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "http://127.0.0.1:8000/feeds/records.xml"
    assert links["alternate"] == "http://127.0.0.1:8000/records/changes/"
    assert root.find(f"{ATOM}author/{ATOM}name").text


@pytest.mark.parametrize("path", ["/feeds/records.xml", "/feeds/watch.xml"])
def test_summaries_are_the_plain_text_they_are_declared(client, path):
    summaries = ElementTree.fromstring(client.get(path).content).iter(f"{ATOM}summary")
    assert {one.get("type") for one in summaries} == {"text"}


def test_both_feeds_hold_the_latest_fifty_newest_first(client):
    _, atom = entries(client)
    feed = items(client)
    assert len(feed) == len(atom) == 50
    assert [one["id"] for one in feed] == [one.find(f"{ATOM}id").text for one in atom]
    assert [one["title"] for one in feed] == [one.find(f"{ATOM}title").text for one in atom]
    published = [one["date_published"] for one in feed]
    assert published == sorted(published, reverse=True)
    for one, entry in zip(feed, atom, strict=True):
        for name, tag in (("date_published", "published"), ("date_modified", "updated")):
            text = entry.find(f"{ATOM}{tag}").text
            assert datetime.fromisoformat(text) == datetime.fromisoformat(one[name])


def test_ids_are_unique_tag_uris_that_stay_the_same(client, clock):
    ids = [one["id"] for one in items(client)]
    assert len(set(ids)) == 50
    tag = "tag:spacesite.invalid,2026:records/total-time-in-space/oleg-kononenko/soyuz-ms-24/1"
    assert tag in ids
    clock(instant("2026-12-24"))
    later = [one["id"] for one in items(client)]
    assert set(ids[:40]) <= set(later)


def test_an_entry_leads_to_its_step_on_the_page(client):
    (one,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    path, _, fragment = one["url"].removeprefix("http://127.0.0.1:8000").partition("#")
    assert f'id="{fragment}"' in client.get(path).content.decode()


def test_an_entry_says_who_took_what_from_whom(client):
    (one,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    said = r"Most time in space: Oleg Kononenko passed Gennady Padalka, 1110 d 14 h \d+ m\."
    assert re.fullmatch(said, one["title"])
    assert one["content_text"] == f"{one['title']} 4 February 2024, 08:30 UTC."
    assert one["_record"]["passed_at"] == "2024-02-04T08:30:18Z"
    assert one["_record"]["passed_precision"] == "second"
    assert one["_record"]["previous"] == ["gennady-padalka"]
    assert one["_record"]["holders"] == ["oleg-kononenko"]


def test_equalled_marks_are_named_so(client):
    equalled = [one for one in items(client) if one["_record"]["kind"] == "equalled"]
    assert equalled
    assert all("equalled" in one["title"] for one in equalled)


def test_an_entry_is_updated_when_its_record_is_sealed(client, clock):
    DataVersion.objects.update(changed_at=instant("2024-01-01"))
    clock(instant("2024-02-10"))
    (then,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    clock(instant("2024-09-24"))
    (now,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    assert then["id"] == now["id"]
    assert then["date_published"] == now["date_published"] == then["date_modified"]
    assert then["title"].endswith("and rising.")
    assert now["date_modified"].startswith("2024-09-23")


def test_a_feed_does_not_change_while_nothing_happens(client, clock):
    clock(instant("2024-02-10"))
    earlier = client.get("/feeds/records.xml").content
    clock(instant("2024-02-10T05:00"))
    assert client.get("/feeds/records.xml").content == earlier


def test_the_json_feed_is_read_as_it_is_written(client):
    text = client.get("/feeds/records.json").content.decode()
    assert json.loads(text)["items"][0].keys() >= {"id", "url", "title", "content_text"}


def test_a_warm_feed_costs_three_queries(client, django_assert_max_num_queries):
    client.get("/feeds/records.xml")
    with django_assert_max_num_queries(3):
        client.get("/feeds/records.xml")


# What changed, and what did not

FEEDS = ("/feeds/records.xml", "/feeds/records.json", "/feeds/watch.xml", "/watch.ics")


def texts(client) -> list[str]:
    return [client.get(path).content.decode() for path in FEEDS]


def updated(client, path) -> dict[str, str]:
    """When each entry was updated, by its id, and the feed itself."""
    root = ElementTree.fromstring(client.get(path).content)
    return {
        one.find(f"{ATOM}id").text: one.find(f"{ATOM}updated").text
        for one in [root, *root.findall(f"{ATOM}entry")]
    }


def entry_texts(client, path) -> dict[str, str]:
    """All that each entry says but when it was updated, by its id."""
    found = {}
    for entry in ElementTree.fromstring(client.get(path).content).findall(f"{ATOM}entry"):
        entry.remove(entry.find(f"{ATOM}updated"))
        found[entry.find(f"{ATOM}id").text] = ElementTree.tostring(entry, encoding="unicode")
    return found


@pytest.fixture
def facts_change():
    """The database writes the time with every transaction, of which a test is but one."""
    times = iter(instant("2027-01-01") + timedelta(days=day) for day in range(9))

    def change(rows, **values):
        assert rows.update(**values)
        DataVersion.objects.update(changed_at=next(times))

    return change


def test_what_no_entry_says_changes_none(client, facts_change):
    before = texts(client)
    facts_change(Mission.objects.filter(slug="vostok-1"), notes="typo fixed")
    facts_change(Source.objects.all(), publisher="Another publisher")
    facts_change(Mission.objects.filter(slug="soyuz-ms-24"), notes="Said again.")
    facts_change(Leaderboard.objects.all(), note="Said in other words.")
    assert texts(client) == before


@pytest.mark.parametrize("path", ["/feeds/records.xml", "/feeds/watch.xml"])
def test_only_what_says_something_else_is_updated(client, facts_change, path):
    said, before = entry_texts(client, path), updated(client, path)
    facts_change(Leaderboard.objects.filter(slug="total-time-in-space"), title="Longest in all")
    told, after = entry_texts(client, path), updated(client, path)
    touched = {key for key in told if said.get(key) != told[key]}
    assert 0 < len(touched) < len(told)
    moved = {key for key in after if before.get(key) != after[key]}
    (feed,) = moved - touched
    assert feed.startswith("tag:spacesite.invalid,2026:feeds/")
    assert {after[key] for key in moved} == {"2027-01-01T00:00:00+00:00"}


def test_a_landing_updates_only_what_it_touches(client, facts_change):
    crew = Flight.objects.filter(launch_mission__landed_at=None, landing_mission=None)
    mission = crew.order_by("-launch_mission__launched_at").first().launch_mission
    said, before = entry_texts(client, "/feeds/watch.xml"), updated(client, "/feeds/watch.xml")
    facts_change(
        Mission.objects.filter(pk=mission.pk),
        landed_at=mission.launched_at + timedelta(days=3),
        landing_precision="second",
        planned_landing_at=None,
        planned_landing_precision="",
    )
    facts_change(mission.launch_flights.all(), landing_mission=mission)
    told, after = entry_texts(client, "/feeds/watch.xml"), updated(client, "/feeds/watch.xml")
    assert said.keys() - told.keys()
    for key, text in told.items():
        assert (text == said.get(key)) == (after[key] == before.get(key))


def test_ids_rest_on_nothing_that_a_correction_moves(client, facts_change):
    before = items(client)
    for mission in Mission.objects.filter(slug__in=["soyuz-ms-24", "soyuz-ms-25"]):
        later = mission.launched_at + timedelta(seconds=90)
        facts_change(Mission.objects.filter(pk=mission.pk), launched_at=later)
    facts_change(Astronaut.objects.filter(slug="oleg-kononenko"), name="Oleg D. Kononenko")
    after = items(client)
    assert {one["id"] for one in after} == {one["id"] for one in before}
    assert after != before


def test_ids_do_not_rest_on_the_address_of_the_site(client, settings):
    def ids():
        uids = re.findall("UID:[^:]*", client.get("/watch.ics").content.decode())
        return [updated(client, "/feeds/records.xml"), updated(client, "/feeds/watch.xml"), uids]

    before = ids()
    settings.SITE_URL = "https://elsewhere.example"
    assert ids() == before
    assert b"https://elsewhere.example" in client.get("/feeds/watch.xml").content


def test_a_database_that_takes_no_writing_tells_the_same(client, facts_change):
    texts(client)
    facts_change(Leaderboard.objects.filter(slug="total-time-in-space"), title="Longest in all")

    def refuse(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise DatabaseError("attempt to write a readonly database")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        unkept = texts(client)
    assert unkept == texts(client)
    assert unkept == texts(client)


def test_entries_are_no_facts(client):
    token = DataVersion.objects.current_token()
    texts(client)
    assert FeedEntry.objects.count() > 100
    assert DataVersion.objects.current_token() == token


def test_what_is_said_again_within_a_second_is_later(db):
    def told(*words):
        said = {"some/one": Said(words), "some/other": Said(("the same",))}
        return FeedEntry.objects.changed_at("some", said)

    first, same, other = told("a"), told("a"), told("b")
    assert first == same
    assert other["some/one"] == other["some"] == first["some"] + timedelta(seconds=1)
    assert other["some/other"] == first["some/other"]


def test_what_has_not_been_told_for_a_year_is_forgotten(db, facts_change):
    def tell(*keys):
        FeedEntry.objects.changed_at("some", {f"some/{key}": Said((key,)) for key in keys})
        return set(FeedEntry.objects.values_list("key", flat=True))

    DataVersion.objects.update(changed_at=instant("2025-12-01"))
    tell("old", "kept")
    DataVersion.objects.update(changed_at=instant("2026-11-01"))
    assert "some/old" in tell("kept", "new")
    DataVersion.objects.update(changed_at=instant("2026-12-05"))
    assert tell("kept") == {"some", "some/kept", "some/new"}
