"""Wherever a value stands over which sources differ, the mark stands beside it."""

import csv
import io
import json
import re

import pytest

pytestmark = pytest.mark.usefixtures("site")

#: Sources differ over the total time of Oleg Kononenko, who stands first.
WHO = "oleg-kononenko"
MARK = re.compile(rf'href="/astronauts/{WHO}/#[\w-]+">Sources differ<')

PAGES = [
    "/",
    "/records/",
    "/records/total-time-in-space/",
    "/records/total-time-in-space/progression/",
    "/records/changes/?year=2024",
    "/countries/RUS/",
    "/agencies/roscosmos/",
    "/stations/iss/",
    f"/astronauts/{WHO}/",
    f"/compare/?a={WHO}&b=frank-rubio",
    "/news/kononenko-passes-padalka/",
    # The record fell in the year before.
    "/watch/?at=2024-09-01",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_marks_the_value(client, address):
    page = client.get(address)
    assert page.status_code == 200
    assert MARK.search(page.content.decode()), address


def test_every_place_of_the_value_on_the_page_of_the_astronaut_is_marked(client):
    text = client.get(f"/astronauts/{WHO}/").content.decode()
    figure = re.search(r"<dt>Total time in space</dt><dd>(.*?)</dd>", text, re.S)[1]
    assert MARK.search(figure)
    tables = re.findall(r"<table.*?</table>", text, re.S)
    marked = [
        re.search(r"<caption[^>]*>(.*?)</caption>", one, re.S)[1]
        for one in tables
        if MARK.search(one)
    ]
    assert [one.split(" ")[0] for one in marked] == ["Flights", "Records", "Places"]


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("/records/total-time-in-space.json", "standings"),
        ("/records/total-time-in-space/progression.json", "changes"),
        ("/watch.json?at=2024-09-01", "fallen"),
    ],
)
def test_json_says_so(client, address, rows):
    answer = client.get(address).json()[rows]
    assert all(isinstance(one["sources_differ"], bool) for one in answer)
    marked = [one for one in answer if one["sources_differ"]]
    assert marked
    assert any(WHO in json.dumps(one) for one in marked)


def test_json_of_the_watch_says_so_of_who_is_passed(client):
    """The one passed may be somebody whose value sources give differently."""
    answer = client.get("/watch.json?at=2023-06-01").json()["milestones"]
    assert all(isinstance(one["sources_differ"], bool) for one in answer)
    passed = {
        who["slug"]: one["sources_differ"]
        for one in answer
        if one["leaderboard"]["slug"] == "total-time-in-space"
        for who in one["passed"]
    }
    assert passed


@pytest.mark.parametrize(
    "address",
    ["/records/total-time-in-space.csv", "/records/total-time-in-space/progression.csv"],
)
def test_csv_says_so(client, address):
    rows = list(csv.DictReader(io.StringIO(client.get(address).content.decode())))
    assert {one["sources_differ"] for one in rows} == {"true", "false"}
    marked = [one for one in rows if one["sources_differ"] == "true"]
    assert any(WHO in (one.get("astronaut"), one.get("holders")) for one in marked)


def test_nothing_is_marked_over_which_sources_agree(client):
    text = client.get("/compare/?a=valentin-lebedev&b=frank-rubio").content.decode()
    assert "Sources differ" not in text
