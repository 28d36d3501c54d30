"""What counts: orbit, unless a page says otherwise, and every page says so alike."""

import csv
import io
import json
import re

import pytest

from records.book.criteria import DEFAULT_BOUNDARY, LOWEST_BOUNDARY
from records.models import Agency, Country, Mission
from tests.factories import (
    make_agency,
    make_astronaut,
    make_confirmation,
    make_country,
    make_flight,
    make_mission,
    make_station,
)

pytestmark = pytest.mark.usefixtures("site")

#: A quiet day; crews of two suborbital flights beside those in orbit; the first American, below
#: orbit and alone; a crew that was lost half a minute later.
INSTANTS = (
    "2024-02-04T08:30Z",
    "2023-05-25T16:25Z",
    "2021-07-11T15:30Z",
    "1961-05-05T14:40Z",
    "2003-02-01T13:59Z",
)


def text(page):
    """The page's words, without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def aboard(page):
    """Slugs of those whose cards a page shows."""
    cards = re.findall(r'<li class="person is-\w+">(.*?)</li>', page.content.decode(), re.S)
    return {re.search(r"/astronauts/([^/]+)/", card)[1] for card in cards}


def there(page):
    """Slugs of those whom the facts of a country's or an agency's page name as in space."""
    found = re.search(r"<dt>In space</dt><dd>(.*?)</dd>", page.content.decode(), re.S)
    return set(re.findall(r"/astronauts/([^/]+)/", found[1])) if found else set()


@pytest.mark.parametrize("boundary", [DEFAULT_BOUNDARY, LOWEST_BOUNDARY])
@pytest.mark.parametrize("at", INSTANTS)
def test_every_page_agrees_on_who_is_in_space(client, at, boundary):
    query = {"at": at, "boundary": boundary}
    answer = client.get("/in-space.json", query).json()
    slugs = {one["slug"] for one in answer["people"]}
    assert answer["boundary"] == boundary
    assert aboard(client.get("/in-space/", query)) == slugs
    countries = client.get("/countries.json", query).json()
    assert sum(one["in_space"] for one in countries["countries"]) == len(slugs)
    of_countries = [
        there(client.get(f"/countries/{one.code}/", query)) for one in Country.objects.all()
    ]
    assert set().union(*of_countries) == slugs
    of_agencies = [
        there(client.get(f"/agencies/{one.slug}/", query)) for one in Agency.objects.all()
    ]
    assert set().union(*of_agencies) == slugs
    board = "most-people-in-orbit" if boundary == DEFAULT_BOUNDARY else "most-people-in-space"
    rows = client.get(f"/records/{board}.json", {"at": at}).json()["standings"]
    now = [row["aboard"] for row in rows if row["interval"]["until"] is None]
    assert now == ([sorted(slugs)] if slugs else [])
    if boundary == DEFAULT_BOUNDARY:
        assert client.get("/in-space.json", {"at": at}).json() == answer
        assert aboard(client.get("/in-space/", {"at": at})) == slugs
        assert client.get("/countries.json", {"at": at}).json() == countries


def test_a_suborbital_crew_is_not_in_space_until_a_reader_counts_it(client, clock):
    """On every page, the front page among them."""
    country, agency = make_country("QQQ"), make_agency("hop-space")
    make_confirmation("2026-11-20")
    hopper = make_astronaut("Hope Hopper", nationality=country, agency=agency)
    up = make_mission("hop-1", launched_at="2026-11-20T12:00", boundary="100km")
    make_flight(hopper, up)
    clock("2026-11-20T12:05:00Z")
    front = client.get("/")
    assert front.context["headcount"].count == 10
    assert "Suborbital flights would add 1 person. Include suborbital flights" in text(front)
    assert 'href="/in-space/?boundary=80km"' in front.content.decode()
    assert client.get("/in-space.json").json()["count"] == 10
    assert "hope-hopper" not in aboard(client.get("/in-space/"))
    wide = client.get("/in-space/", {"boundary": "80km"})
    assert "hope-hopper" in aboard(wide)
    assert "Suborbital flights add 1 person. Count orbit only" in text(wide)
    assert "QQQ" not in {one["code"] for one in client.get("/countries.json").json()["countries"]}


def people_of(client, address, query):
    """How many people a page counts."""
    page = client.get(address, query).context
    if address == "/in-space/":
        return page["headcount"].count + page["headcount"].unconfirmed
    if address == "/countries/":
        return page["total"].people
    if address.startswith("/records/"):
        return page["page"].paginator.count
    return page["total"].people if page["total"] else 0


@pytest.mark.parametrize("boundary", ["100km", "80km"])
@pytest.mark.parametrize(
    "address",
    [
        "/in-space/",
        "/countries/",
        "/countries/USA/",
        "/countries/GBR/",
        "/agencies/nasa/",
        "/records/total-time-in-space/",
        "/records/oldest-in-space/",
        "/records/longest-spaceflight-women/",
    ],
)
def test_the_line_says_what_suborbital_flights_add(client, address, boundary):
    at = "2023-05-25T16:25Z"
    orbit = people_of(client, address, {"at": at, "boundary": "orbit"})
    wide = people_of(client, address, {"at": at, "boundary": boundary})
    said = text(client.get(address, {"at": at, "boundary": boundary}))
    more = wide - orbit
    words = {0: "(add nobody|change)", 1: "add 1 person"}.get(more, f"add {more} people")
    assert re.search(rf"suborbital ones too\. Suborbital flights {words}", said), (orbit, wide)
    assert "Count orbit only" in said
    if boundary == "80km":
        narrow = text(client.get(address, {"at": at, "boundary": "orbit"}))
        assert "We count flights that reached orbit." in narrow
        assert re.search(rf"Suborbital flights would {words}", narrow)


def test_the_line_tells_values_that_would_change_apart(client):
    """Alan Shepard and Gus Grissom flew once below orbit and again into it."""
    said = text(client.get("/records/most-spaceflights/", {"at": "1972-01-01"}))
    ours = client.get("/records/most-spaceflights.json", {"at": "1972-01-01"}).json()
    wide = client.get(
        "/records/most-spaceflights.json", {"at": "1972-01-01", "boundary": "80km"}
    ).json()
    values = [
        {row["astronaut"]["slug"]: row["value"]["count"] for row in one["standings"]}
        for one in (ours, wide)
    ]
    changed = [slug for slug, value in values[0].items() if values[1][slug] != value]
    assert {"alan-shepard", "gus-grissom"} <= set(changed)
    more = wide["total"] - ours["total"]
    assert f"would add {more} people and change {len(changed)} values." in said


def test_the_line_of_a_board_that_counts_people_compares_the_most_at_once(client):
    at = {"at": "2024-01-01"}
    said = text(client.get("/records/most-people-in-orbit/", at))
    assert "would raise the most at once from 17 to 20." in said
    said = text(client.get("/records/most-people-in-space/", at))
    assert "Suborbital flights raise the most at once from 17 to 20. Count orbit only" in said
    assert 'href="/records/most-people-in-space/?at=2024-01-01&amp;boundary=orbit"' in (
        client.get("/records/most-people-in-space/", at).content.decode()
    )


def test_the_switch_of_successor_states_says_what_it_changes(client):
    at = {"at": "2024-02-04"}
    apart = client.get("/countries.json", at).json()["countries"]
    together = client.get("/countries.json", {**at, "successors": "1"}).json()["countries"]
    fewer = len(apart) - len(together)
    said = text(client.get("/countries/", at))
    assert f"for their successors would take away {fewer} countries. Combine them" in said
    said = text(client.get("/countries/", {**at, "successors": "1"}))
    assert f"for their successors take away {fewer} countries. Count them apart" in said
    people = {
        switch: client.get("/countries/RUS/", {**at, **query}).context["total"]
        for switch, query in (("off", {}), ("on", {"successors": "1"}))
    }
    more = people["on"].people - people["off"].people
    flights = people["on"].flights - people["off"].flights
    said = text(client.get("/countries/RUS/", at))
    assert f"would add {more} people and {flights} flights. Combine them" in said
    assert "successors" not in text(client.get("/countries/JPN/", at)).split("We count")[1][:200]


def test_the_switch_of_a_board_says_what_it_changes(client):
    query = {"at": "2024-02-04", "country": "RUS"}
    boards = [
        {
            row["astronaut"]["slug"]: row["value"]["seconds"]
            for row in client.get("/records/total-time-in-space.json", one).json()["standings"]
        }
        for one in (query, {**query, "successors": "1"})
    ]
    more = len(boards[1]) - len(boards[0])
    changed = sum(boards[1][slug] != value for slug, value in boards[0].items())
    assert more
    assert changed
    effect = f"add {more} people and change {changed} values."
    said = text(client.get("/records/total-time-in-space/", query))
    assert f"successors would {effect} Combine them" in said
    said = text(client.get("/records/total-time-in-space/", {**query, "successors": "1"}))
    assert f"successors {effect} Count them apart" in said
    for other in ({"country": "JPN"}, {}):
        page = client.get("/records/total-time-in-space/", {"at": "2024-02-04", **other})
        assert "successors would" not in text(page)


@pytest.mark.parametrize("kind", ["agency", "country"])
def test_where_nobody_reached_orbit_the_page_opens_with_suborbital_flights(client, kind):
    country, agency = make_country("QQQ"), make_agency("hop-space")
    hopper = make_astronaut("Hope Hopper", nationality=country, agency=agency)
    hop = make_mission(launched_at="2001-01-01", landed_at="2001-01-01T00:10", boundary="80km")
    make_flight(hopper, hop)
    address = {"agency": "/agencies/hop-space/", "country": "/countries/QQQ/"}[kind]
    page = client.get(address)
    assert [one.astronaut.slug for one in page.context["page"].object_list] == ["hope-hopper"]
    words = "Nobody has reached orbit for it, so we count suborbital flights: those that climbed"
    assert words in text(page)
    assert words not in text(client.get(address, {"boundary": "80km"}))
    assert client.get(address, {"boundary": "100km"}).context["total"] is None
    later = make_mission(launched_at="2002-01-01", landed_at="2002-01-03")
    make_flight(make_astronaut(nationality=country, agency=agency), later)
    assert words not in text(client.get(address))
    assert "Suborbital flights would add 1 person and 1 flight" in text(client.get(address))
    assert words.replace("has", "had") in text(client.get(address, {"at": "2001-06-01"}))


def test_real_pages_of_those_who_never_reached_orbit_are_not_empty(client):
    for address in ("/countries/PRT/", "/agencies/blue-origin/", "/agencies/scaled-composites/"):
        page = client.get(address, {"at": "2024-01-01"})
        assert page.context["total"].people, address
        assert "reached orbit for it, so we count suborbital flights" in text(page), address


def test_the_list_of_agencies_tells_those_who_flew_below_orbit_apart(client):
    page = client.get("/agencies/", {"at": "2024-01-01"})
    below = client.get("/agencies/blue-origin/", {"at": "2024-01-01"}).context["total"].people
    (row,) = (one for one in page.content.decode().split("<tr") if "/agencies/blue-origin/" in one)
    assert f'0, <span class="quiet">{below} suborbital</span>' in row


@pytest.mark.parametrize("address", ["/stations/", "/stations/hop/"])
def test_stations_count_orbit_and_say_so(client, address):
    station = make_station("hop", launched_at="2000-01-01")
    for day, boundary in ((1, "orbit"), (2, "100km")):
        ship = make_mission(
            launched_at=f"2001-01-{day:02}",
            landed_at=f"2001-01-{day:02}T10:00",
            boundary=boundary,
            stations=[station],
        )
        make_flight(make_astronaut(), ship)
    page = client.get(address, {"at": "2001-02-01"})
    assert "We count flights that reached orbit. Suborbital flights would add 1 person" in text(
        page
    )
    wide = client.get(address, {"at": "2001-02-01", "boundary": "80km"})
    assert "Suborbital flights add 1 person" in text(wide)


def test_a_career_and_a_comparison_count_as_the_boards_do(client):
    at = {"at": "1972-01-01"}
    rows = client.get("/records/total-time-in-space.json", at).json()["standings"]
    board = {row["astronaut"]["slug"]: row["value"]["seconds"] for row in rows}["alan-shepard"]
    page = client.get("/astronauts/alan-shepard/", at)
    figures = {one["title"]: one["mark"].value.amount for one in page.context["figures"]}
    assert figures["Total time in space"] == board
    assert figures["Number of flights"] == 1
    assert page.context["flights"][-1]["total"].value.amount == board
    assert "Suborbital flights would add 1 flight. Include suborbital flights" in text(page)
    wide = client.get("/astronauts/alan-shepard/", {**at, "boundary": "80km"})
    assert {one["title"]: one["mark"].value.amount for one in wide.context["figures"]}[
        "Number of flights"
    ] == 2
    compared = client.get("/compare/", {"a": "alan-shepard", "b": "john-glenn", **at})
    cells = {row["metric"].key: row["cells"] for row in compared.context["metrics"]}
    assert [one["mark"].value.amount for one in cells["number-of-flights"]] == [1, 1]
    assert "We count flights that reached orbit." in text(compared)
    hoppers = client.get("/compare/", {"a": "jeff-bezos", "b": "mark-bezos"})
    assert "None of them has reached orbit, so we count suborbital flights" in text(hoppers)
    assert "We count" not in text(client.get("/astronauts/frank-rubio/"))


def test_the_directories_list_everybody_and_mark_how_high_they_went(client):
    page = client.get("/astronauts/", {"name": "McAuliffe"}).content.decode()
    assert 'data-label="Kind">neither<' in page
    for name, kind in (("Shepard", "orbital"), ("Bezos", "suborbital"), ("Rubio", "orbital")):
        page = client.get("/astronauts/", {"name": name}).content.decode()
        assert f'data-label="Kind">{kind}<' in page, name
    assert client.get("/astronauts/").context["total"] == 790
    for mission, kind in (
        ("Mercury-Redstone 3", "suborbital"),
        ("STS-51-L", "neither"),
        ("Vostok 1", "orbital"),
    ):
        year = Mission.objects.get(name__startswith=mission).launched_at.year
        rows = client.get("/missions/", {"year": year}).content.decode().split("<tr")
        (row,) = (row for row in rows if f">{mission}" in row and "data-label" in row)
        assert f'data-label="Kind">{kind}<' in row


def test_the_chart_over_time_is_drawn_of_orbit(client):
    """Twenty were in space at once, fourteen of them in orbit; seventeen were in orbit later."""
    charts = [
        client.get("/in-space/", {"at": "2023-05-26", **query}).context["charts"]
        for query in ({}, {"boundary": "80km"})
    ]
    for one in charts:
        drawn = one[one.index("How many at once") :]
        assert "People in orbit over time" in drawn
        assert ">14, " in drawn
        assert ">20, " not in drawn


@pytest.mark.parametrize("boundary", ["orbit", "100km"])
def test_json_and_csv_say_which_boundary_they_count(client, boundary):
    query = {"at": "2024-01-01", "boundary": boundary}
    assert client.get("/in-space.json", query).json()["boundary"] == boundary
    assert client.get("/countries.json", query).json()["boundary"] == boundary
    for address in (
        "/countries.csv",
        "/records/longest-spaceflight.csv",
        "/records/most-people-in-orbit.csv",
        "/records/longest-spaceflight/progression.csv",
    ):
        lines = csv.DictReader(io.StringIO(client.get(address, query).content.decode()))
        assert {line["boundary"] for line in lines} == {boundary}, address
    for address in (
        "/records/longest-spaceflight.json",
        "/records/longest-spaceflight/progression.json",
    ):
        assert client.get(address, query).json()["leaderboard"]["boundary"] == boundary
    watched = json.dumps(client.get("/watch.json", {"at": "2024-01-01"}).json())
    assert '"boundary": "orbit"' in watched
