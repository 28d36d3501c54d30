"""/in-space/: who is there, and how sure anybody is of it."""

import json
import re
from pathlib import Path

import pytest

from records.models import Flight, Mission
from tests.factories import make_astronaut, make_flight, make_mission

pytestmark = pytest.mark.usefixtures("site")


def people(page):
    """Astronaut → state, from the page itself."""
    items = re.findall(r'<li class="person is-(\w+)">(.*?)</li>', page.content.decode(), re.S)
    return {re.search(r"/astronauts/([^/]+)/", text)[1]: state for state, text in items}


@pytest.mark.parametrize(
    ("now", "state", "headline"),
    [
        ("2026-10-10T00:00:00Z", "in_flight", "10 in space"),
        ("2026-11-22T00:00:00Z", "presumed", "10 in space, all presumed"),
        ("2027-06-01T00:00:00Z", "unconfirmed", "Nobody in space, 10 unconfirmed"),
    ],
)
def test_who_is_in_space_is_as_sure_as_the_data(client, now, state, headline, clock):
    clock(now)
    page = client.get("/in-space/")
    assert people(page)["anil-menon"] == state
    assert len(people(page)) == 10
    assert re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", page.content.decode(), re.S)[1] == headline


def test_an_old_crew_is_in_space_at_its_time(client):
    page = client.get("/in-space/", {"at": "1969-07-20T20:18Z"})
    assert people(page) == {
        "neil-armstrong": "in_flight",
        "buzz-aldrin": "in_flight",
        "michael-collins": "in_flight",
    }


def test_nobody_was_in_space_before_gagarin(client):
    page = client.get("/in-space/", {"at": "1961-04-11"})
    assert people(page) == {}
    assert "Nobody was in space" in page.content.decode()


def test_the_page_takes_three_queries_however_many_are_aloft(client, django_assert_max_num_queries):
    client.get("/in-space/")
    with django_assert_max_num_queries(3):
        assert len(people(client.get("/in-space/", {"at": "2024-09-11T20:00Z"}))) == 19


# The twin of the page

DOCUMENT = Path(__file__).parents[2] / "docs" / "in-space-json.md"


def answer(client, **query):
    return client.get("/in-space.json", query).json()


def test_the_documented_example_is_what_the_site_answers(client):
    text = DOCUMENT.read_text()
    address = re.search(r"`GET (\S+)`", text)[1]
    live = client.get(address).json()
    assert json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1]) == live
    fields = text[text.index("## Fields") :]
    documented = set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", fields, re.M))
    assert documented == set(live) | {
        *(f"people[].{name}" for name in live["people"][0]),
        *(f"headcount.{name}" for name in live["headcount"]),
    }


@pytest.mark.parametrize(
    ("at", "boundary", "count"),
    [
        ("2024-09-11T20:00Z", "80km", 19),
        ("2023-05-30T16:00Z", "orbit", 17),
        ("2023-05-25T16:25Z", "80km", 20),
        ("2023-05-25T16:25Z", "orbit", 14),
        ("1969-07-20T20:18Z", "80km", 3),
    ],
)
def test_as_many_are_in_space_as_were(client, at, boundary, count):
    found = answer(client, at=at, boundary=boundary)
    assert found["count"] == len(found["people"]) == count
    assert found["unconfirmed"] == 0
    page = client.get("/in-space/", {"at": at, "boundary": boundary})
    assert people(page) == {one["slug"]: one["state"] for one in found["people"]}


def test_where_somebody_is_follows_the_ship(client):
    found = {one["slug"]: one for one in answer(client, at="2023-01-01")["people"]}
    rubio = found["frank-rubio"]
    assert (rubio["up_mission"], rubio["station"]) == ("soyuz-ms-22", "iss")
    assert rubio["since"].startswith("2022-09-21T")
    assert rubio["state"] == "in_flight"
    between = answer(client, at="1986-06-01")["people"]
    assert [one["station"] for one in between] == [None, None]
    assert between[0]["stations"] == ["mir", "salyut-7"]


def test_the_unconfirmed_are_listed_and_not_counted(client, clock):
    clock("2027-06-01T00:00:00Z")
    found = answer(client)
    assert (found["count"], found["unconfirmed"], len(found["people"])) == (0, 10, 10)
    assert {one["state"] for one in found["people"]} == {"unconfirmed"}


def test_a_crew_is_in_space_until_the_instant_it_was_lost(client):
    assert answer(client, at="2003-02-01T13:59:31Z")["count"] == 10
    after = client.get("/in-space/", {"at": "2003-02-01T13:59:32Z"})
    assert len(people(after)) == 3
    assert "loss of the craft" in after.content.decode()


@pytest.mark.parametrize("query", ["at=soon", "at=1957-10-03", "at=2999-01-01", "boundary=none"])
@pytest.mark.parametrize("address", ["/in-space/", "/in-space.json"])
def test_a_bad_question_is_answered_in_words(client, address, query):
    assert client.get(f"{address}?{query}").status_code == 400


def test_everybody_is_told_with_whom_they_fly_and_when_they_are_to_land(client, clock):
    """The plan as well as it is known, by the month, the day, or not at all."""
    clock("2026-10-12T00:00:00Z")
    make_flight(
        make_astronaut("Ada Vega"),
        make_mission(launched_at="2026-10-11", planned_landing_at="2026-12-24"),
    )
    make_flight(make_astronaut("Bo Orion"), make_mission(launched_at="2026-10-11"))
    found = {one["slug"]: one for one in answer(client)["people"]}
    menon = found["anil-menon"]
    assert (menon["country"], menon["agency"]) == ("USA", "nasa")
    assert (menon["planned_landing"], menon["planned_landing_precision"]) == ("2027-03", "month")
    assert menon["flight"]["launch_mission"] == menon["up_mission"] == "soyuz-ms-29"
    assert menon["flight"]["landing_mission"] is None
    assert menon["flight"]["landed_at"] is None
    vega, orion = found["ada-vega"], found["bo-orion"]
    assert (vega["planned_landing"], vega["planned_landing_precision"]) == ("2026-12-24", "day")
    assert (orion["planned_landing"], orion["planned_landing_precision"]) == (None, None)


# Going on in time


def test_the_page_leads_a_day_back_and_forth_and_to_launches(client):
    page = client.get("/in-space/", {"at": "1969-07-20T20:18Z", "boundary": "orbit"})
    links = re.findall(r'href="(\?[^"]*)"', page.content.decode())
    links = [link.replace("&amp;", "&") for link in links]
    assert "?at=1969-07-19T20%3A18%3A00Z&boundary=orbit" in links
    assert "?at=1969-07-21T20%3A18%3A00Z&boundary=orbit" in links
    assert "?at=1969-07-16T13%3A32%3A00Z&boundary=orbit" in links
    assert "?boundary=orbit" in links


def test_the_canonical_page_has_no_date(client):
    page = client.get("/in-space/", {"at": "1969-07-20"}).content.decode()
    assert re.search(r'rel="canonical" href="([^"]+)"', page)[1].endswith("/in-space/")


# The charts


def test_the_bars_show_everybody_of_the_year_before_under_their_station(client):
    text = client.get("/in-space/", {"at": "1974-02-08T12:00Z"}).content.decode()
    chart = text[text.index('<figure class="chart">') : text.index("These bars as a table")]
    names = re.findall(r'class="chart__name"[^>]*>([^<]+)<', chart)
    assert names.index("Pete Conrad") < names.index("Alan Bean") < names.index("Gerald Carr")
    headings = re.findall(r'class="chart__heading"[^>]*>([^<]+)<', chart)
    assert headings == ["Skylab", "On no station"]
    assert text.count("chart__bar--in_flight") > 0


def test_before_the_first_launch_there_is_no_chart(client):
    assert "<figure" not in client.get("/in-space/", {"at": "1957-10-05"}).content.decode()


def test_a_drawing_is_kept_no_longer_than_it_is_true(client, clock):
    clock("2026-10-10T00:01:10Z")
    client.get("/in-space/")
    clock("2026-10-10T00:01:50Z")
    before = client.get("/in-space/").content.decode()
    Mission.objects.filter(slug="soyuz-ms-29").update(
        landed_at="2026-10-10T00:00:20Z",
        landing_precision="second",
        planned_landing_at=None,
        planned_landing_precision="",
    )
    Flight.objects.filter(launch_mission__slug="soyuz-ms-29").update(
        landing_mission=Mission.objects.get(slug="soyuz-ms-29")
    )
    after = client.get("/in-space/").content.decode()
    assert before.count("chart__bar--in_flight") > after.count("chart__bar--in_flight") > 0


def test_who_landed_on_that_day_may_have_been_up_still(client, site):
    """Of the landing of Shenzhou 22 only the day is known."""
    at = "2026-05-29T06:00:00Z"
    crew = client.get("/in-space.json", {"at": at}).json()["may_be_in_space"]
    assert len(crew) == 3
    page = client.get("/in-space/", {"at": at}).content.decode()
    assert "10 to 13 in space" in page
    assert 'The landing of <a href="/missions/shenzhou-22/">' in page
    assert "is known only to the day: " in page
    assert " may have been up still." in page
    assert all(f'href="/astronauts/{slug}/"' in page for slug in crew)
    after = client.get("/in-space.json", {"at": "2026-05-30"}).json()
    assert after["may_be_in_space"] == []
