"""What a row said before, who changed it and when."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.admin.desk import Listing
from records.admin.history import EDITED_WITH, HistoryAdmin
from records.facts import fixtures
from records.models import (
    Article,
    Astronaut,
    Flight,
    Leaderboard,
    Mission,
    ReportedValue,
    Spacewalk,
    SpacewalkGap,
)
from tests import factories as make
from tests.admin.pages import WITH_PAGE, add_row, save, typed, url

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


# Comparing


def compare(desk, row, **versions):
    address = reverse(f"admin:records_{row._meta.model_name}_compare", args=(row.pk,))
    return desk.get(address, versions)


def versions(desk, row):
    """Keys of what can be compared, the oldest first."""
    rows = desk.get(history_of(row)).context_data["table"].lines
    return re.findall(r'name="new" value="([^"]+)"', "".join(str(one) for one in rows))[::-1]


@pytest.fixture
def seconds(monkeypatch):
    """Each save comes a minute after the one before it."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr("simple_history.models.timezone.now", lambda: at)

    def later():
        nonlocal at
        at += timedelta(minutes=1)

    return later


def loaded(row):
    """The row as if it had come with the fixtures: nothing of it is kept."""
    for model in (type(row), *(other for other, _ in EDITED_WITH.get(row._meta.model_name, ()))):
        model.history.all().delete()
    return row


def change(desk, row, later, **fields):
    later()
    values = typed(desk.get(url("change", row)))
    assert save(desk, url("change", row), values | fields).status_code == 302


def test_any_two_states_of_a_page_are_compared_with_marked_words(desk, few_facts, seconds):
    image = loaded(make.make_image(caption="A capsule on a cold steppe at noon."))
    for caption in ("A capsule on a steppe at noon.", "A capsule on a steppe at dusk."):
        change(desk, image, seconds, caption=caption)
    change(desk, image, seconds, credit="ESA")
    found = versions(desk, image)
    assert found[0] == "loaded"
    assert len(found) == 4
    page = compare(desk, image, old=found[2], new="loaded").content.decode()
    for mark in ("[taken out: </span>cold", "[taken out: </span>noon", "[put in: </span>dusk"):
        assert mark in page
    assert "Credit" not in page.split("The whole of the newer one")[0]
    neighbours = compare(desk, image, new=found[2]).content.decode()
    assert "dusk" in neighbours
    assert "cold" not in neighbours
    assert "the first version there is" in compare(desk, image, new="loaded").content.decode()


def test_a_former_state_of_a_picture_is_put_back_as_a_new_one(desk, few_facts, seconds):
    image = loaded(make.make_image(caption="First", alt="One", credit="NASA"))
    change(desk, image, seconds, caption="Second", alt="Two", credit="ESA")
    page = compare(desk, image, new="loaded").content.decode()
    (address,) = re.findall(r'<a href="([^"]+former=[0-9]+)">', page)
    seconds()
    assert save(desk, url("change", image), typed(desk.get(address))).status_code == 302
    image.refresh_from_db()
    assert (image.caption, image.alt, image.credit) == ("First", "One", "NASA")
    assert len(versions(desk, image)) == 3


def test_states_are_compared_with_the_rows_beside_them(desk, few_facts, seconds):
    flight = make.make_flight(make.make_astronaut("Ada Vega"), days=3)
    mission, other = loaded(flight.launch_mission), make.make_astronaut("Ben Okoro")
    change(desk, mission, seconds, **{"launch_flights-0-role": "Pilot"})
    seconds()
    values = add_row(
        typed(desk.get(url("change", mission))),
        "launch_flights",
        astronaut=str(other.pk),
        role="Cook",
    )
    assert save(desk, url("change", mission), values).status_code == 302
    found = versions(desk, mission)
    page = compare(desk, mission, old="loaded", new=found[-1]).content.decode()
    assert "Flight Ada Vega on" in page
    assert "Commander" in page
    assert "Ben Okoro" in page
    assert "[put in: </span>role: Cook" in page
    change(desk, mission, seconds, **{"launch_flights-1-DELETE": "on"})
    page = compare(desk, mission, new=versions(desk, mission)[-1]).content.decode()
    assert "[taken out: </span>role: Cook" in page
    back = compare(desk, mission, old="loaded", new=versions(desk, mission)[-1]).content.decode()
    assert "Cook" not in back


def test_lists_of_a_row_are_in_its_history_and_put_back(desk, few_facts, seconds):
    one, other = make.make_station("one-post"), make.make_station("two-post")
    mission = loaded(make.make_mission(landed_at="1999-03-20", stations=[one]))
    change(desk, mission, seconds, stations=[str(other.pk)])
    latest, *_ = steps(desk, mission)
    assert changes(latest) == {"stations": ("one-post", "two-post")}
    form = desk.get(url("change", mission), {"former": mission.history.last().history_id})
    assert typed(form)["stations"] == [str(one.pk)]


def test_operators_of_a_station_and_adverts_have_a_history(desk, few_facts, seconds):
    station, advert = make.make_station(operators=[make.make_agency()]), make.make_advert()
    agency = make.make_agency("other-agency")
    change(desk, station, seconds, **{"operator_rows-0-agency": str(agency.pk)})
    change(desk, advert, seconds, weight="7")
    assert changes(steps(desk, station)[0])["agency"][1] == str(agency)
    assert changes(steps(desk, advert)[0])["weight"] == ("1", "7")


def test_what_was_written_elsewhere_since_can_be_compared(desk, few_facts, seconds):
    image = loaded(make.make_image(caption="First"))
    change(desk, image, seconds, caption="Second")
    type(image).objects.filter(pk=image.pk).update(caption="By a script")
    assert versions(desk, image)[-1] == "now"
    assert "By a script" in compare(desk, image, new="now").content.decode()


@pytest.mark.parametrize(
    "asked", [{}, {"new": "x"}, {"old": "", "new": "loaded"}, {"old": "9" * 40, "new": "loaded"}]
)
def test_versions_that_there_are_not_are_told(desk, few_facts, seconds, asked):
    image = loaded(make.make_image(caption="First"))
    change(desk, image, seconds, caption="Second")
    response = compare(desk, image, **asked)
    assert response.status_code == 302
    assert "Choose two versions" in desk.get(response["Location"]).content.decode()


@pytest.mark.parametrize("model", [one for one in WITH_PAGE if one is not Article])
def test_every_page_keeps_the_history_of_all_that_is_edited_on_it(model):
    page = admin.site.get_model_admin(model)
    assert isinstance(page, HistoryAdmin)
    rows = {one.model for one in page.inlines if not issubclass(one, Listing)}
    assert rows == {other for other, _ in EDITED_WITH.get(model._meta.model_name, ())}
    assert all(hasattr(one, "history") for one in (model, *rows))
    lists = {field.name for field in model._meta.many_to_many if field.name in _asked(page)}
    assert lists == set(model.history.model.list_names)


def _asked(page):
    return {name for _, options in page.fieldsets or () for name in options["fields"]}
