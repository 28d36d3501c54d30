"""/missions/: voyages, and one with its crews up and down."""

import pytest

from tests.factories import make_astronaut, make_flight, make_mission, make_station

pytestmark = pytest.mark.usefixtures("site")


def names(crew):
    return {entry["row"].astronaut.slug for entry in crew}


def test_the_crew_that_went_up_is_not_the_crew_that_came_down(client):
    page = client.get("/missions/soyuz-ms-23/")
    assert names(page.context["launch_crew"]) == set()
    assert names(page.context["landing_crew"]) == {
        "frank-rubio",
        "sergey-prokopyev",
        "dmitri-petelin",
    }
    up = client.get("/missions/soyuz-ms-22/")
    assert names(up.context["launch_crew"]) == names(page.context["landing_crew"])
    assert names(up.context["landing_crew"]) == set()


def order(crew):
    return [entry["row"].astronaut.slug for entry in crew]


@pytest.mark.parametrize(
    ("address", "crew"),
    [
        ("/missions/apollo-11/", ["neil-armstrong", "michael-collins", "buzz-aldrin"]),
        ("/missions/soyuz-ms-23/", ["sergey-prokopyev", "dmitri-petelin", "frank-rubio"]),
        (
            "/missions/sts-107/",
            [
                "rick-husband",
                "william-mccool",
                "michael-anderson",
                "david-brown",
                "kalpana-chawla",
                "laurel-clark",
                "ilan-ramon",
            ],
        ),
    ],
)
def test_a_crew_is_listed_commander_first_then_pilots_then_the_others(client, address, crew):
    page = client.get(address)
    assert order(page.context["landing_crew"]) == crew
    if "soyuz" not in address:
        assert order(page.context["launch_crew"]) == crew


def test_an_order_that_a_source_gives_is_kept_everywhere(client, clock):
    clock("2026-10-12T00:00:00Z")
    hop = make_station("hop", launched_at="2000-01-01")
    ship = make_mission("ark", launched_at="2026-10-11", stations=[hop])
    crew = (("Ada Vega", "Passenger", 1), ("Bo Orion", "Pilot", 3), ("Cy Lyra", "Commander", 2))
    for name, role, position in crew:
        make_flight(make_astronaut(name), ship, role=role, position=position)
    expected = ["ada-vega", "cy-lyra", "bo-orion"]
    assert order(client.get("/missions/ark/").context["launch_crew"]) == expected
    found = [one["slug"] for one in client.get("/in-space.json").json()["people"]]
    assert [slug for slug in found if slug in expected] == expected
    watched = [one.astronaut.slug for one in client.get("/watch/").context["page"]]
    assert [slug for slug in watched if slug in expected] == expected
    there = client.get("/stations/hop/").context["aloft"]
    assert [one.astronaut.slug for one in there] == expected
    page = client.get("/in-space/").content.decode()
    cards = [page.index(f'href="/astronauts/{slug}/"') for slug in expected]
    assert cards == sorted(cards)


@pytest.mark.parametrize(
    ("query", "some"),
    [
        ({"programme": "Apollo"}, "apollo-11"),
        ({"station": "skylab"}, "skylab-4"),
        ({"year": "1961"}, "vostok-1"),
    ],
)
def test_missions_are_narrowed_by_each_filter(client, query, some):
    page = client.get("/missions/", query)
    assert some in {mission.slug for mission in page.context["page"].object_list}
    assert page.context["total"] < 20


def test_missions_are_listed_newest_first(client, clock):
    clock("2026-11-22T00:00:00Z")
    launches = [m.launched_at for m in client.get("/missions/").context["page"].object_list]
    assert launches == sorted(launches, reverse=True)


@pytest.mark.parametrize(
    ("address", "ceiling"),
    [("/missions/", 7), ("/missions/sts-125/", 15), ("/missions/soyuz-ms-22/", 15)],
)
def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries, address, ceiling):
    client.get(address)
    with django_assert_max_num_queries(ceiling):
        assert client.get(address).status_code == 200


def test_a_crew_lost_with_its_craft_did_not_come_down_on_it(client):
    page = client.get("/missions/soyuz-11/").content.decode()
    assert 'data-label="Down on">lost with the craft</td>' in page
    assert 'data-label="Down on">this ship</td>' not in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-10-10", "Under way for 138 d"),
        ("2026-11-20", "Presumed to be under way for 179 d"),
        ("2026-12-20", "Unconfirmed. Its clock stopped after ≈ 190 d."),
    ],
)
def test_a_mission_says_how_sure_it_is_that_it_is_under_way(client, day, words, clock):
    clock(f"{day}T00:00:00Z")
    assert words in client.get("/missions/shenzhou-23/").context["lede"]


def test_who_is_to_come_down_on_a_mission_not_launched_is_no_crew_yet(client):
    flight = make_flight(make_astronaut("Ada Vega"), make_mission(launched_at="2199-01-01"))
    page = client.get(flight.launch_mission.get_absolute_url()).content.decode()
    assert "Crew at launch" in page
    assert "Crew at the end" not in page


def test_the_list_says_how_sure_it_is_that_a_mission_is_under_way(client, clock):
    def row(day):
        clock(f"{day}T00:00:00Z")
        page = client.get("/missions/", {"year": "2026"}).content.decode()
        return page[page.index("Shenzhou 23") :].partition("</tr>")[0]

    assert "unconfirmed" in row("2026-12-20")
    assert "presumed" in row("2026-11-20")
    assert "unconfirmed" not in row("2026-10-10")


# By name, and at an instant


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Soyuz MS-22", "soyuz-ms-22"),
        ("soyuz ms22", "soyuz-ms-22"),
        ("SOYUZMS22", "soyuz-ms-22"),
        ("ms-22 soyuz", "soyuz-ms-22"),
        ("Soyuz MS–22", "soyuz-ms-22"),
        ("soyuz ms 9", "soyuz-ms-09"),
        ("apollo 11", "apollo-11"),
        ("Apollo11", "apollo-11"),
        ("sts51l", "sts-51-l"),
        ("Freedom 7", "mercury-redstone-3"),
    ],
)
def test_a_mission_is_found_by_its_name_as_people_type_it(client, name, slug):
    page = client.get("/missions/", {"name": name})
    assert [mission.slug for mission in page.context["page"]] == [slug]
    assert f'name="name" value="{name}"' in page.content.decode()


def test_a_number_is_not_found_in_a_longer_one(client):
    page = client.get("/missions/", {"name": "sts 1"})
    assert [mission.slug for mission in page.context["page"]] == ["sts-1"]


@pytest.mark.parametrize("name", ["zzz", "%", "_", "-", "x" * 5000, "\u202e", "apollo 111"])
def test_a_name_that_no_mission_has_finds_none(client, name):
    page = client.get("/missions/", {"name": name})
    assert (page.status_code, page.context["total"]) == (200, 0)


def test_a_name_narrows_together_with_the_other_filters(client):
    page = client.get("/missions/", {"name": "soyuz", "year": "2022", "station": "iss"})
    assert {mission.slug for mission in page.context["page"]} == {
        "soyuz-ms-21",
        "soyuz-ms-22",
    }


def test_the_list_is_that_of_the_instant(client):
    page = client.get("/missions/", {"at": "1969-07-20"})
    first = page.context["page"][0]
    assert first.slug == "apollo-11"
    assert page.content.decode().count("in flight") >= 1


def test_a_mission_is_told_as_of_the_instant(client):
    def told(at):
        return " ".join(client.get("/missions/soyuz-ms-22/", {"at": at}).content.decode().split())

    assert "Not launched yet." in told("2022-09-01")
    under_way = told("2022-12-01")
    assert "Under way for" in under_way
    assert "Not landed yet" in under_way
    assert "Landed empty" not in under_way
    assert "/missions/soyuz-ms-23/" not in under_way
    assert "Landed empty" in told("2023-03-29")
    assert "/missions/soyuz-ms-23/" in told("2023-09-28")


def test_a_loss_is_none_before_it(client):
    before = client.get("/missions/sts-107/", {"at": "2003-01-31"}).content.decode()
    assert "Loss of the craft" not in before
    assert "Crew lost" not in before
    assert "Loss of the craft" in client.get("/missions/sts-107/").content.decode()


@pytest.mark.parametrize(
    ("launched_at", "launch_precision", "landing_precision", "text"),
    [
        ("2026-02-01", "day", "day", "≈ 1 d"),
        ("2026-02-01T15:00", "minute", "day", "≈ 1 d"),
        ("2026-02-20T15:00", "second", "month", "at most 9 d"),
    ],
)
def test_landing_known_to_the_day_or_month_of_the_launch(
    client, launched_at, launch_precision, landing_precision, text
):
    mission = make_mission(
        "hop",
        launched_at=launched_at,
        launch_precision=launch_precision,
        landed_at="2026-02-01",
        landing_precision=landing_precision,
    )
    mission.full_clean()
    make_flight(make_astronaut("Ada Vega"), mission)
    for address in ("/missions/hop/", "/astronauts/ada-vega/", "/records/longest-spaceflight/"):
        page = client.get(address, {"at": "2026-02-20T15:00:00Z"})
        assert page.status_code == 200
    assert text in client.get("/missions/hop/").content.decode()


def test_a_launch_site_that_is_unknown_leaves_no_trace(client):
    mission = make_mission(launch_site="")
    text = client.get(mission.get_absolute_url()).content.decode()
    assert "<dt>Launch</dt>" in text
    assert "None" not in text
