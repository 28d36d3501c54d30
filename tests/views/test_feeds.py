"""The feeds of record changes."""

import json
import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

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
    assert root.find(f"{ATOM}id").text == "tag:127.0.0.1,2026:feeds/records"
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
    assert "tag:127.0.0.1,2026:records/total-time-in-space/2024-02-04T08:30:18Z" in ids
    clock(instant("2026-12-24"))
    later = [one["id"] for one in items(client)]
    assert set(ids[:40]) <= set(later)


def test_an_entry_leads_to_its_step_on_the_page(client):
    (one,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    path, _, fragment = one["url"].removeprefix("http://127.0.0.1:8000").partition("#")
    assert f'id="{fragment}"' in client.get(path).content.decode()


def test_an_entry_says_who_took_what_from_whom(client):
    (one,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    assert re.fullmatch(
        r"Most time in space: Oleg Kononenko passed Gennady Padalka, 1110 d 14 h \d+ m\.",
        one["content_text"],
    )
    assert one["_record"]["previous"] == ["gennady-padalka"]
    assert one["_record"]["holders"] == ["oleg-kononenko"]


def test_equalled_marks_are_named_so(client):
    equalled = [one for one in items(client) if one["_record"]["kind"] == "equalled"]
    assert equalled
    assert all("equalled" in one["title"] for one in equalled)


def test_an_entry_is_updated_when_its_record_is_sealed(client, clock):
    (now,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
    clock(instant("2024-02-10"))
    (then,) = [one for one in items(client) if "/total-time-in-space/" in one["id"]]
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


def test_a_warm_feed_costs_one_query(client, django_assert_max_num_queries):
    client.get("/feeds/records.xml")
    with django_assert_max_num_queries(1):
        client.get("/feeds/records.xml")
