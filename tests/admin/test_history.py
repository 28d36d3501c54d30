"""What a row said before, who changed it and when."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.facts import fixtures
from records.models import (
    Astronaut,
    Flight,
    Leaderboard,
    Mission,
    ReportedValue,
    Spacewalk,
    SpacewalkGap,
)
from tests import factories as make
from tests.admin.pages import save, typed, url

pytestmark = pytest.mark.django_db


def history_of(row):
    return reverse(f"admin:records_{row._meta.model_name}_history", args=(row.pk,))


def steps(desk, row):
    return desk.get(history_of(row)).context_data["steps"]


def changes(step):
    return {change["field"]: (change["old"], change["new"]) for change in step["changes"]}


@pytest.fixture
def board():
    return Leaderboard.objects.get(slug="longest-spaceflight-women")


def test_loading_fixtures_keeps_no_history(board):
    fixtures.load("leaderboards")
    assert not board.history.exists()
    assert not Mission.history.exists()
    assert not Flight.history.exists()


def test_change_of_a_rule_is_kept_with_old_and_new_values(desk, steward, board):
    values = typed(desk.get(url("change", board))) | {"sex": "M", "threshold": "10"}
    assert desk.post(url("change", board), values).status_code == 302
    changed, loaded = steps(desk, board)
    assert changed["who"] == steward
    assert changes(changed) == {"sex": ("female", "male"), "threshold": ("–", "10")}
    assert loaded["who"] is None
    assert "before the first change" in loaded["reason"]
    assert changes(loaded)["title"][1] == board.title
    page = desk.get(history_of(board)).content.decode()
    assert "Old value" in page
    assert "grace" in page


def test_saving_a_rule_as_it_was_is_no_step(desk, board):
    for _ in range(2):
        desk.post(url("change", board), typed(desk.get(url("change", board))))
    assert [step["kind"] for step in steps(desk, board)] == ["added"]


def test_references_are_named_and_those_gone_are_said_to_be(desk, board):
    country = make.make_country("QQQ")
    values = typed(desk.get(url("change", board)))
    desk.post(url("change", board), values | {"country": str(country.pk)})
    assert changes(steps(desk, board)[0]) == {"country": ("–", str(country))}
    desk.post(url("change", board), typed(desk.get(url("change", board))) | {"country": ""})
    country.delete()
    assert changes(steps(desk, board)[0])["country"][0].startswith("a row that is no longer there")


def test_history_of_a_mission_holds_its_crew(few_facts, desk, steward):
    flight = make.make_flight(make.make_astronaut("Ada Vega"), days=3)
    mission = flight.launch_mission
    values = typed(desk.get(url("change", mission))) | {"launch_flights-0-role": "Pilot"}
    assert save(desk, url("change", mission), values).status_code == 302
    found = [step for step in steps(desk, mission) if step["what"] == "flight"]
    assert changes(found[0]) == {"role": ("Commander", "Pilot")}
    assert found[0]["who"] == steward


def test_history_of_a_spacewalk_holds_its_crew(few_facts, desk):
    mission = make.make_mission(landed_at="1999-03-20")
    walk = make.make_spacewalk(*(make.make_flight(launch_mission=mission) for _ in range(2)))
    row = walk.crew_rows.first()
    values = typed(desk.get(url("change", walk))) | {"crew_rows-0-DELETE": "on"}
    assert save(desk, url("change", walk), values).status_code == 302
    gone = steps(desk, walk)[0]
    assert (gone["what"], gone["kind"]) == ("spacewalk crew member", "deleted")
    assert changes(gone)["flight"][0] == str(row.flight)


@pytest.mark.parametrize("model", [Astronaut, Mission, Flight, Spacewalk, Leaderboard])
def test_row_without_history_says_so(desk, model):
    page = desk.get(history_of(model.objects.first())).content.decode()
    assert "It has not been changed since the facts were loaded." in page


def test_change_that_was_not_confirmed_leaves_no_trace(desk):
    mission = Mission.objects.get(slug="soyuz-ms-23")
    values = typed(desk.get(url("change", mission))) | {"landed_at": "2023-08-27 11:17:21"}
    desk.post(url("change", mission), values)
    assert not mission.history.exists()


def test_confirmation_is_in_its_own_history(desk, steward):
    row = make.make_confirmation()
    assert [step["kind"] for step in steps(desk, row)] == ["added"]


@pytest.mark.parametrize("key", ["abc", "9" * 40, "0", "1_5F"])
def test_history_of_nothing_is_no_crash(desk, key):
    response = desk.get(f"/admin/records/leaderboard/{key}/history/", follow=True)
    assert response.status_code == 200


def test_history_is_for_those_who_may_see_the_row(client, board):
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    client.force_login(staff)
    assert client.get(history_of(board)).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_leaderboard"))
    assert client.get(history_of(board)).status_code == 200


def test_long_history_costs_few_queries(desk):
    flights = [make.make_flight(days=3) for _ in range(3)]
    mission = flights[0].launch_mission
    for role in ("Pilot", "Passenger", "Cook"):
        for flight in flights:
            flight.role = role
            flight.launch_mission = flight.landing_mission = mission
            flight.save()
    with CaptureQueriesContext(connection) as queries:
        desk.get(history_of(mission))
    assert len(queries) <= 20


def test_readers_pages_know_nothing_of_who_is_logged_in(desk):
    for page in ("/", "/records/longest-spaceflight/", "/in-space/"):
        response = desk.get(page)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_row_that_was_deleted_first_of_all_still_says_what_it_was(desk):
    gap = make.make_spacewalk_gap(flight := make.make_flight(days=9), "The second one.")
    SpacewalkGap.history.all().delete()
    gap.delete()
    gone = steps(desk, flight)[0]
    assert (gone["what"], gone["kind"]) == ("gap in the spacewalks", "deleted")
    assert changes(gone)["note"][0] == "The second one."


def test_value_given_up_for_another_was_used_before(desk):
    row = make.make_disagreement("this", "that")
    ReportedValue.history.all().delete()
    values = typed(desk.get(url("change", row))) | {"values-1-chosen": "on"}
    del values["values-0-chosen"]
    assert desk.post(url("change", row), values).status_code == 302
    found = [changes(step) for step in steps(desk, row) if step["what"] == "reported value"]
    assert {"used here": ("yes", "no")} in found
    assert {"used here": ("no", "yes")} in found


@pytest.mark.parametrize("make_row", [make.make_topic, make.make_author], ids=["topic", "author"])
def test_newsrooms_own_rows_keep_what_they_said(desk, steward, make_row):
    row = make_row("far-mars")
    desk.post(url("change", row), typed(desk.get(url("change", row))) | {"name": "Red planet"})
    changed = steps(desk, row)[0]
    assert changed["who"] == steward
    assert changes(changed) == {"name": ("Far mars", "Red planet")}


def test_a_correction_that_is_amended_keeps_what_it_said(desk):
    row = make.make_correction(make.make_article(), wrong="The day of the landing was wrong.")
    values = typed(desk.get(url("change", row))) | {"wrong": "The day of the landing is wrong."}
    assert desk.post(url("change", row), values).status_code == 302
    page = desk.get(history_of(row)).content.decode()
    assert page.count("<ins>") == page.count("<del>") == 1


def test_form_can_be_opened_with_what_was_said_before_and_saved(desk, board):
    first = board.title
    for title in ("Second title", "Third title"):
        desk.post(url("change", board), typed(desk.get(url("change", board))) | {"title": title})
    loaded = steps(desk, board)[-1]
    address = f"{url('change', board)}?former={loaded['former']}"
    assert f'href="{address}"' in desk.get(history_of(board)).content.decode()
    opened = desk.get(address)
    assert "Nothing is saved yet." in opened.content.decode()
    board.refresh_from_db()
    assert board.title == "Third title"
    assert desk.post(address, typed(opened)).status_code == 302
    board.refresh_from_db()
    assert board.title == first
    assert changes(steps(desk, board)[0])["title"] == ("Third title", first)


def test_former_values_whose_row_is_gone_are_left_as_they_are(desk, board):
    country = make.make_country("QQQ")
    board.country = country
    board.save()
    former = board.history.first().history_id
    board.country = None
    board.save()
    country.delete()
    opened = desk.get(url("change", board), {"former": former})
    assert typed(opened)["country"] == ""


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "1_5F"])
def test_form_opened_with_a_state_that_is_not_there_is_as_it_is_stored(desk, board, key):
    opened = desk.get(url("change", board), {"former": key})
    assert opened.status_code == 200
    assert typed(opened)["title"] == board.title


def test_who_may_only_look_is_not_offered_the_form(client, board):
    board.title = "Another title"
    board.save()
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_leaderboard"))
    client.force_login(staff)
    page = client.get(history_of(board)).content.decode()
    assert "Another title" in page
    assert "?former=" not in page
    former = board.history.last().history_id
    assert "Another title" in client.get(url("change", board), {"former": former}).content.decode()
