"""/stations/: space stations, and one with who flew to it."""

import re

import pytest

from records.ledger import Ledger
from tests.factories import make_astronaut, make_flight, make_mission, make_station

pytestmark = pytest.mark.usefixtures("site")


def people(page):
    return [one.astronaut.slug for one in page.context["page"].object_list]


def test_stations_are_listed_newest_first_as_far_as_they_were_launched(client):
    page = client.get("/stations/", {"at": "1975-01-01"})
    rows = page.context["stations"]
    assert [row["station"].slug for row in rows] == ["salyut-4", "salyut-3", "skylab", "salyut-1"]
    assert [row["total"].people if row["total"] else 0 for row in rows] == [0, 2, 9, 3]


def test_who_flew_up_or_down_on_a_visiting_ship_flew_to_the_station(client):
    page = client.get("/stations/iss/", {"at": "2024-04-12"})
    assert page.context["page"].paginator.count == 280
    # Up on a shuttle and down on a Soyuz.
    assert "donald-pettit" in people(client.get("/stations/iss/", {"at": "2003-05-05"}))


def test_most_time_on_flights_to_it_comes_first(client):
    page = client.get("/stations/mir/", {"at": "2001-03-23"})
    assert people(page)[0] == "sergei-avdeyev"
    seconds = [one.value.amount for one in page.context["page"].object_list]
    assert seconds == sorted(seconds, reverse=True)


def test_who_is_there_now_is_as_sure_as_the_data(client, clock):
    clock("2026-11-22T00:00:00Z")
    page = client.get("/stations/iss/")
    assert {one.aloft.state for one in page.context["aloft"]} == {"presumed"}
    assert len(page.context["aloft"]) == 7
    assert client.get("/stations/mir/").context["aloft"] == []


def test_a_station_tells_its_dates_as_far_as_they_had_come(client):
    then = client.get("/stations/skylab/", {"at": "1974-02-08"}).content.decode()
    assert "26 May 1973" in then
    assert "11 July 1979" not in then
    assert "11 July 1979" in client.get("/stations/skylab/").content.decode()
    early = client.get("/stations/skylab/", {"at": "1973-05-01"}).content.decode()
    assert "Not launched yet" in early
    assert "26 May 1973" not in early


def test_spacewalks_from_a_station_are_counted_and_linked(client):
    page = client.get("/stations/iss/", {"at": "2018-02-02"})
    assert page.context["outside"].startswith("207 spacewalks")
    assert 'href="/spacewalks/?station=iss"' in page.content.decode()


def test_a_station_has_all_its_operators_and_each_of_them_lists_it(client):
    order = ["nasa", "roscosmos", "esa", "jaxa", "csa"]
    page = client.get("/stations/iss/").content.decode()
    operators = re.search(r"<dt>Operators</dt><dd>(.*?)</dd>", page, re.S)[1]
    assert re.findall(r"/agencies/([^/]+)/", operators) == order
    for slug in order:
        stations = client.get(f"/agencies/{slug}/").context["stations"]
        assert "iss" in {station.slug for station in stations}
    index = client.get("/stations/").content.decode()
    row = next(one for one in index.split("<tr") if 'href="/stations/iss/"' in one)
    assert re.findall(r"/agencies/([^/]+)/", row)[:5] == order
    assert "<dt>Operator</dt>" in client.get("/stations/skylab/").content.decode()
    facts = client.get("/data/facts.json").json()["tables"]["stations"]
    (iss,) = (one for one in facts if one["id"] == "iss")
    assert iss["operator_agency_ids"] == ";".join(order)
    assert iss["operator_agency_id"] == "nasa"


def test_a_station_nobody_reached_says_so(client):
    make_station("lonely", launched_at="1999-01-01")
    page = client.get("/stations/lonely/").content.decode()
    assert "Nobody is there" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/stations/?at=soon", 400),
        ("/stations/?boundary=none", 400),
        ("/stations/iss/?at=2999-01-01", 400),
        ("/stations/iss/?page=0", 404),
        ("/stations/iss/?page=1000", 404),
        ("/stations/iiss/", 404),
        ("/stations/?at=1957-10-05", 200),
        ("/stations/iss/?at=1957-10-05", 200),
    ],
)
def test_a_bad_question_is_answered_in_words(client, address, status):
    assert client.get(address).status_code == status


def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    station = make_station("crowded", launched_at="1998-01-01")
    for number in range(20):
        mission = make_mission(
            launched_at=f"1999-03-{number + 1:02}",
            landed_at=f"1999-03-{number + 1:02}T12:00",
            stations=[station],
        )
        make_flight(astronaut=make_astronaut(), launch_mission=mission)
    Ledger.current()
    with django_assert_max_num_queries(4):
        client.get("/stations/")
    # Three of them read what the facts rest on, once for each version of them.
    with django_assert_max_num_queries(11):
        assert len(people(client.get("/stations/crowded/"))) == 20
    with django_assert_max_num_queries(10):
        client.get("/stations/iss/")


def test_of_a_great_crowd_aboard_the_first_have_a_card_each(client):
    station = make_station("crowded", launched_at="1998-01-01")
    for day in range(1, 6):
        mission = make_mission(launched_at=f"1999-03-{day:02}", stations=[station])
        for _ in range(6):
            make_flight(astronaut=make_astronaut(), launch_mission=mission)
    page = client.get("/stations/crowded/", {"at": "1999-04-01"})
    aboard = [one.astronaut.slug for one in page.context["aloft"]]
    assert len(aboard) == 24
    assert aboard == people(page)[:24]
    assert page.context["there"] == 30
    assert "Everyone in space" in page.content.decode()


def test_the_unconfirmed_are_not_counted_among_those_there(client, clock):
    # The plan of Shenzhou 23 has passed.
    clock("2026-12-20T00:00:00Z")
    page = client.get("/stations/tiangong/")
    (row,) = (
        row
        for row in client.get("/stations/").context["stations"]
        if row["station"].slug == "tiangong"
    )
    groups = client.get("/in-space/").context["places"]
    for found in (page.context["headcount"], row["headcount"]):
        assert (found.count, found.unconfirmed) == (0, 3)
    assert '<span class="quiet">none</span>, <span class="quiet">3 unconfirmed</span>' in (
        page.content.decode()
    )
    (tiangong,) = (group for group in groups if group["station"] == "tiangong")
    assert tiangong["headcount"] == row["headcount"]
