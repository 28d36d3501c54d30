"""What a change would move, shown before it is saved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from records.instants import read_clock
from records.ledger import Ledger
from records.models import (
    Astronaut,
    Country,
    Flight,
    Leaderboard,
    Mission,
    Spacecraft,
    Spacewalk,
)
from tests import factories as make
from tests.admin.pages import add_row, typed, url

pytestmark = pytest.mark.django_db

AMERICANS = "longest-spaceflight-americans"


@pytest.fixture
def soyuz():
    """The mission that brought Frank Rubio down, with the longest flight by an American."""
    return Mission.objects.get(slug="soyuz-ms-23")


def shown(response):
    """Leaderboard → what the page says would move on it."""
    assert response.status_code == 200
    return {shift["leaderboard"].slug: shift for shift in response.context_data["impact"]["shifts"]}


def earlier(desk, mission, **fields):
    return typed(desk.get(url("change", mission))) | fields


def test_change_that_moves_nothing_is_saved_at_once(desk, soyuz):
    values = earlier(desk, soyuz, notes="Landed in the steppe.")
    assert desk.post(url("change", soyuz), values).status_code == 302
    soyuz.refresh_from_db()
    assert soyuz.notes == "Landed in the steppe."


def test_change_of_a_landing_shows_what_it_would_move_and_saves_nothing(desk, soyuz):
    landed_at = soyuz.landed_at
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21", notes="Half a thought")
    response = desk.post(url("change", soyuz), values)
    shift = shown(response)[AMERICANS]
    assert shift["holders"] == ("Frank Rubio", "Mark Vande Hei")
    moved = {move.who: (move.before, move.after) for move in shift["moves"]}
    assert moved["Frank Rubio"] == (1, 3)
    assert moved["Mark Vande Hei"] == (2, 1)
    assert any("Frank Rubio" in step for step in shift["gone"])
    page = response.content.decode()
    assert "Nothing is saved yet" in page
    assert typed(response)["notes"] == "Half a thought"
    assert typed(response)["landed_at"] == "2023-08-27 11:17:21"
    soyuz.refresh_from_db()
    assert soyuz.landed_at == landed_at


def test_a_landing_without_its_crew_is_asked_about(desk):
    ship = Mission.objects.get(slug="soyuz-ms-29")
    values = earlier(desk, ship, landed_at="2026-10-08 10:00:00", landing_precision="second")
    response = desk.post(url("change", ship), values)
    assert response.context_data["impact"]["left_behind"] == (
        "Anil Menon",
        "Anna Kikina",
        "Pyotr Dubrov",
    )
    page = response.content.decode()
    assert "Nothing is saved yet: this" in page
    assert "Anil Menon, Anna Kikina, Pyotr Dubrov" in page
    ship.refresh_from_db()
    assert ship.landed_at is None
    # It did land empty: saved all the same, and said before the next confirmation.
    assert desk.post(url("change", ship), typed(response)).status_code == 302
    page = desk.get("/admin/records/confirmation/now/").content.decode()
    assert "Anna Kikina: Soyuz MS-29 has landed" in page


def test_a_landing_with_its_crew_leaves_nobody_behind(desk):
    ship = Mission.objects.get(slug="soyuz-ms-29")
    values = earlier(desk, ship, landed_at="2026-10-08 10:00:00", landing_precision="second")
    for place in range(3):
        values[f"launch_flights-{place}-same_ship"] = "on"
    response = desk.post(url("change", ship), values)
    if response.status_code == 200:
        assert not response.context_data["impact"]["left_behind"]
        response = desk.post(url("change", ship), typed(response))
    assert response.status_code == 302
    assert set(ship.launch_flights.values_list("landing_mission", flat=True)) == {ship.pk}


def test_articles_about_what_moves_are_named(desk, soyuz):
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21")
    response = desk.post(url("change", soyuz), values)
    named = {article.slug for article in response.context_data["impact"]["articles"]}
    about = Leaderboard.objects.get(slug=AMERICANS).articles.published(read_clock())
    assert named >= set(about.values_list("slug", flat=True))
    assert named


def test_saving_again_saves_it(desk, soyuz):
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21")
    response = desk.post(url("change", soyuz), values)
    assert desk.post(url("change", soyuz), typed(response)).status_code == 302
    soyuz.refresh_from_db()
    assert soyuz.landed_at == datetime(2023, 8, 27, 11, 17, 21, tzinfo=UTC)


def test_what_was_seen_counts_for_what_was_typed_then(desk, soyuz):
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21")
    seen = typed(desk.post(url("change", soyuz), values))
    response = desk.post(url("change", soyuz), seen | {"landed_at": "2023-09-20 11:17:21"})
    assert AMERICANS in shown(response)
    response = desk.post(url("change", soyuz), values | {"_impact_seen": "0" * 64})
    assert AMERICANS in shown(response)
    assert desk.post(url("change", soyuz), values | {"_impact_seen": "ü"}).status_code == 200


def test_what_was_seen_counts_while_the_facts_stand(desk, soyuz):
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21")
    seen = typed(desk.post(url("change", soyuz), values))
    make.make_flight(make.make_astronaut("Ada Vega"), launched_at="2010-01-01", days=360)
    response = desk.post(url("change", soyuz), seen)
    assert shown(response)[AMERICANS]["holders"] == ("Frank Rubio", "Ada Vega")


def test_readers_are_shown_nothing_of_it(desk, client, soyuz):
    before = Ledger.current()
    values = earlier(desk, soyuz, landed_at="2023-08-27 11:17:21")
    desk.post(url("change", soyuz), values)
    assert Ledger.current().careers == before.careers
    page = client.get(f"/records/{AMERICANS}/?at=2024-01-01").content.decode()
    assert page.index("Rubio") < page.index("Vande Hei")


def test_new_mission_with_a_crew_is_judged_with_its_crew(desk):
    craft = make.make_spacecraft()
    ada = make.make_astronaut("Ada Vega")
    values = typed(desk.get(url("add", Mission))) | {
        "name": "Test 1",
        "slug": "test-1",
        "programme": "Test",
        "spacecraft": str(craft.pk),
        "operator": str(craft.operator.pk),
        "launched_at": "2001-05-01 10:00:00",
        "launch_precision": "second",
        "landed_at": "2003-05-01 10:00:00",
        "landing_precision": "second",
        "launch_site": "A launch site",
        "landing_site": "A landing site",
        "boundary": "orbit",
    }
    add_row(
        values,
        "launch_flights",
        astronaut=str(ada.pk),
        role="Commander",
        same_ship="on",
        landing_mission="",
    )
    response = desk.post(url("add", Mission), values)
    assert shown(response)["longest-spaceflight"]["holders"] == ("Valeri Polyakov", "Ada Vega")
    assert not Mission.objects.filter(slug="test-1").exists()
    assert desk.post(url("add", Mission), typed(response)).status_code == 302
    assert Flight.objects.filter(astronaut=ada).count() == 1


def test_crew_of_a_spacewalk_moves_the_spacewalkers(desk):
    leader = Astronaut.objects.get(slug="anatoly-solovyev")
    walk = Spacewalk.objects.filter(crew__astronaut=leader).last()
    values = typed(desk.get(url("change", walk)))
    row = next(
        name.removesuffix("-flight")
        for name, value in values.items()
        if name.endswith("-flight")
        and value
        and Flight.objects.get(pk=value).astronaut_id == leader.pk
    )
    response = desk.post(url("change", walk), values | {f"{row}-DELETE": "on"})
    assert "total-spacewalk-time" in shown(response) or "most-spacewalks" in shown(response)
    assert walk.crew_rows.filter(flight__astronaut=leader).exists()


def test_nothing_is_asked_of_a_form_that_is_not_valid(desk, soyuz):
    response = desk.post(url("change", soyuz), earlier(desk, soyuz, landed_at="1990-01-01"))
    assert response.status_code == 200
    assert not response.context_data.get("impact")
    assert response.context_data["errors"]


def test_landing_of_a_flight_under_way_is_no_change_of_ranks_by_itself(desk):
    at = read_clock()
    mission = make.make_mission(launched_at=at - timedelta(days=3))
    make.make_flight(launch_mission=mission)
    landed = f"{at - timedelta(minutes=1):%Y-%m-%d %H:%M:%S}"
    values = earlier(
        desk, mission, landed_at=landed, landing_precision="second", landing_site="A field"
    )
    assert desk.post(url("change", mission), values).status_code == 302


def test_deletion_shows_what_it_would_move(desk):
    flight = make.make_flight(make.make_astronaut("Ada Vega"), days=800, launched_at="2001-01-01")
    response = desk.get(url("delete", flight))
    assert shown(response)["longest-spaceflight"]["holders"] == ("Ada Vega", "Valeri Polyakov")
    assert Flight.objects.filter(pk=flight.pk).exists()
    assert desk.post(url("delete", flight), {"post": "yes"}).status_code == 302


def test_deletion_of_several_shows_what_it_would_move(desk):
    flights = Flight.objects.filter(launch_mission__slug="soyuz-ms-18", spacewalks=None)
    asked = {
        "action": "delete_selected",
        "_selected_action": [str(pk) for pk in flights.values_list("pk", flat=True)],
    }
    response = desk.post("/admin/records/flight/", asked)
    assert shown(response)
    assert "Deleting them moves" in response.content.decode()
    assert flights.exists()
    assert desk.post("/admin/records/flight/", asked | {"post": "yes"}).status_code == 302
    assert not flights.exists()


def test_deletion_that_is_refused_anyway_is_no_crash(desk, soyuz):
    assert desk.get(url("delete", soyuz)).status_code == 200
    assert desk.get("/admin/records/mission/999999999/delete/").status_code == 302


def test_staff_with_the_permission_may_save_others_may_not(client, soyuz):
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    client.force_login(staff)
    assert client.post(url("change", soyuz), {}).status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename="change_mission"))
    values = earlier(client, soyuz, landed_at="2023-08-27 11:17:21")
    response = client.post(url("change", soyuz), values)
    assert AMERICANS in shown(response)
    assert client.post(url("change", soyuz), typed(response)).status_code == 302


def test_a_change_below_the_first_ten_asks_and_counts_the_others(desk):
    flight = make.make_flight(make.make_astronaut("Ada Vega"), launched_at="2001-01-01", days=90)
    values = earlier(desk, flight.launch_mission, landed_at="2001-05-01 12:00:00")
    response = desk.post(url("change", flight.launch_mission), values)
    shift = shown(response)["longest-spaceflight"]
    (move,) = shift["moves"]
    assert (move.who, move.before > move.after > 10) == ("Ada Vega", True)
    assert shift["others"] == move.before - move.after
    assert f"{shift['others']} more ranks below the first ten move" in response.content.decode()


def test_a_story_about_the_crew_is_reason_to_ask(desk):
    """No rank moves by a second, but the story may state the time."""
    ada = make.make_astronaut("Ada Vega")
    flight = make.make_flight(ada, launched_at="2001-01-01", days=90)
    story = make.make_article(astronauts=[ada])
    values = earlier(desk, flight.launch_mission, landed_at="2001-04-01 12:00:01")
    response = desk.post(url("change", flight.launch_mission), values)
    assert story in response.context_data["impact"]["articles"]
    assert story.headline in response.content.decode()


def test_steps_that_differ_by_a_second_are_told_apart(desk, soyuz):
    values = earlier(desk, soyuz, landed_at=f"{soyuz.landed_at + timedelta(seconds=1):%F %T}")
    shift = shown(desk.post(url("change", soyuz), values))[AMERICANS]
    assert shift["gone"] != shift["new"]
    assert f"sealed {soyuz.landed_at:%F %T}" in shift["gone"][0]


def test_every_new_holder_is_named(desk):
    crew = [make.make_astronaut(name) for name in ("Ada Vega", "Ben Orth", "Cai Weng", "Dee Ruiz")]
    mission = make.make_mission(launched_at="2001-01-01", landed_at="2001-01-02")
    for one in crew:
        make.make_flight(one, mission)
    values = earlier(desk, mission, landed_at="2003-06-01 12:00:00")
    shift = shown(desk.post(url("change", mission), values))["longest-spaceflight"]
    assert all(one.name in shift["holders"][1] for one in crew)


def test_a_rank_of_the_census_that_goes_down_is_not_said_to_leave_the_board(desk):
    crew = make.make_mission(launched_at="2024-09-11T13:00", landed_at="2024-09-11T15:00")
    make.make_flight(launch_mission=crew, landing_mission=crew)
    shift = shown(desk.get(url("delete", crew.launch_flights.get())))["most-people-in-orbit"]
    assert shift["moves"]


def test_a_craft_of_another_family_moves_the_boards_of_the_family(desk):
    craft = Spacecraft.objects.get(slug="soyuz-ms")
    board = make.make_leaderboard(slug="soyuz-only", spacecraft_family="Soyuz")
    response = desk.post(url("change", craft), earlier(desk, craft, family="Other"))
    assert board.slug in shown(response)
    craft.refresh_from_db()
    assert craft.family == "Soyuz"


def test_a_successor_state_moves_the_boards_that_combine_them(desk):
    soviet = Country.objects.get(name="Soviet Union")
    board = make.make_leaderboard(slug="russians", country=soviet.successor, successors=True)
    response = desk.post(url("change", soviet), earlier(desk, soviet, successor=""))
    assert board.slug in shown(response)


def test_whether_a_craft_was_lost_moves_how_its_record_is_told(desk):
    mission = Mission.objects.get(slug="soyuz-11")
    values = earlier(desk, mission)
    del values["lost"]
    shift = shown(desk.post(url("change", mission), values))["longest-spaceflight"]
    assert "up to the loss of the spacecraft" in shift["gone"][0]
    assert "loss" not in shift["new"][0]
    mission.refresh_from_db()
    assert mission.lost
