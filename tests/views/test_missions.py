"""/missions/: voyages, and one with its crews up and down."""

import pytest

from tests.factories import make_astronaut, make_flight, make_mission

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
    [("/missions/", 6), ("/missions/sts-125/", 14), ("/missions/soyuz-ms-22/", 14)],
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
