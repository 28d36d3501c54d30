"""What was changed in the facts: told from the history, and nothing but the facts."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from records.facts import releases, revisions
from records.models import Astronaut, Country, Flight, Mission, SpacewalkCrew
from tests.factories import (
    make_astronaut,
    make_confirmation,
    make_country,
    make_flight,
    make_mission,
    make_spacewalk,
)

pytestmark = pytest.mark.django_db


def told() -> list[revisions.Revision]:
    return list(revisions.read(revisions.current(releases.current().token)))


def cells(revision) -> dict[str, tuple]:
    return {change.column: (change.old, change.new) for change in revision.changes}


@pytest.fixture
def vostok():
    return Mission.objects.get(slug="vostok-1")


def test_loaded_facts_have_no_revisions(site):
    assert told() == []


def test_a_changed_row_is_told_with_its_cells_before_and_since(vostok):
    before = vostok.notes
    vostok.notes = "Seen again."
    vostok.landed_at += timedelta(minutes=1)
    vostok.save()
    (one,) = told()
    assert (one.table.name, one.kind, one.key) == ("missions", "changed", {"id": "vostok-1"})
    assert one.at == vostok.history.latest().history_date
    assert one.url == "/missions/vostok-1/"
    assert cells(one) == {
        "notes": (before, "Seen again."),
        "landing_utc": ("1961-04-12T07:55:00Z", "1961-04-12T07:56:00Z"),
    }


def test_the_newest_comes_first_and_saving_a_row_as_it_was_is_nothing(vostok):
    for notes in ("One.", "One.", "", "", "Two."):
        vostok.notes = notes
        vostok.save()
    assert [cells(one)["notes"] for one in told()][:2] == [("", "Two."), ("One.", "")]
    assert len(told()) == 3


def test_rows_that_are_added_and_deleted_are_told_with_all_their_cells():
    flight = make_flight(make_astronaut("Ada Vega"), make_mission("test-1", notes="First."))
    flight.delete()
    deleted, added, mission, *_ = told()
    key = {"person_id": "ada-vega", "up_mission_id": "test-1"}
    assert (deleted.kind, deleted.key, deleted.url) == ("deleted", key, "")
    assert (added.kind, added.key) == ("added", key)
    assert cells(added)["role"] == ("", "Commander")
    assert cells(deleted)["role"] == ("Commander", "")
    assert cells(mission)["notes"] == ("", "First.")
    assert cells(mission)["status"] == ("", "in_flight")
    assert "landing_utc" not in cells(mission)


def test_rows_that_are_gone_keep_their_names():
    walk = make_spacewalk(flight := make_flight(make_astronaut("Ada Vega"), days=3), slug="walk")
    walk.crew_rows.get().delete()
    mission, astronaut = flight.launch_mission, flight.astronaut
    for row in (walk, flight, mission, astronaut):
        row.delete()
    crew = [one for one in told() if one.table.model is SpacewalkCrew]
    assert [one.kind for one in crew] == ["deleted", "added"]
    assert {tuple(one.key.values()) for one in crew} == {("walk", "ada-vega")}
    assert all(one.key["person_id"] == "ada-vega" for one in told() if one.table.model is Flight)


def test_a_reference_to_a_row_that_is_gone_without_a_trace_says_so(site):
    astronaut = Astronaut.objects.get(slug="yuri-gagarin")
    before, gone = astronaut.nationality, make_country("QQQ")
    for country in (gone, before):
        astronaut.nationality = country
        astronaut.save()
    gone.delete()
    Country.history.filter(code="QQQ").delete()
    assert [cells(one)["nationality"] for one in told() if one.table.model is Astronaut] == [
        (revisions.GONE, "SUN"),
        ("SUN", revisions.GONE),
    ]


def test_a_launch_is_planned_or_in_flight_as_of_the_change(vostok):
    make_mission("later", launched_at="2199-01-01")
    assert cells(told()[0])["status"] == ("", "planned")


def test_a_change_of_places_is_told():
    walk = make_spacewalk(make_flight(days=3), make_flight(days=3))
    row = walk.crew_rows.first()
    row.position = 7
    row.save()
    newest = told()[0]
    assert newest.table.name == "spacewalk_crew"
    assert cells(newest) == {"position": ("1", "7")}


def test_what_was_not_kept_is_not_made_up(vostok):
    for notes in ("One.", "Two."):
        vostok.notes = notes
        vostok.save()
    vostok.history.exclude(notes="Two.").delete()
    (one,) = told()
    assert cells(one)["notes"] == (None, "Two.")


def test_a_state_that_is_taken_out_of_the_history_is_told_no_more(vostok):
    vostok.notes = "A telephone number."
    vostok.save()
    assert len(told()) == 1
    vostok.history.all().delete()
    assert told() == []


def test_who_and_why_are_not_told(vostok):
    user = get_user_model().objects.create_user("grace-hopper", email="grace@example.org")
    confirmation = make_confirmation("2026-10-10", made_by=user, note="Seen.")
    vostok.notes = "Changed."
    vostok._history_user = user
    vostok._change_reason = "A private reason."
    vostok.save()
    confirmation.made_by = None
    confirmation.save()
    first, second = told()
    assert cells(second) == {"through_utc": ("", "2026-10-10T00:00:00Z"), "note": ("", "Seen.")}
    text = repr([(one.key, one.changes) for one in (first, second)])
    assert "grace" not in text
    assert "private" not in text


def test_only_cells_of_the_download_are_told_and_the_rest_is_named():
    kept = {table.name for table in revisions.KEPT}
    assert {"people", "missions", "flights", "spacewalks", "confirmations"} < kept
    for table in revisions.KEPT:
        names = {column.name for column in revisions.columns(table)}
        assert names <= set(table.header)
        assert names | {name.partition(".")[2] for name in revisions.unkept()} >= {
            column.name for column in table.columns if column.read
        }
    assert revisions.unkept() == [
        "stations.operator_agency_id",
        "stations.operator_agency_ids",
        "missions.stations",
    ]


def test_revisions_take_no_query_while_the_facts_stand(vostok, django_assert_num_queries):
    vostok.notes = "Changed."
    vostok.save()
    token = releases.current().token
    steps = revisions.current(token)
    with django_assert_num_queries(0):
        assert revisions.current(token) is steps
    vostok.notes = "Changed again."
    vostok.save()
    assert len(told()) == 2


def test_many_revisions_take_as_many_queries_as_few(site, django_assert_max_num_queries):
    for flight in Flight.objects.select_related("astronaut")[:60]:
        flight.notes = "Changed."
        flight.save()
        flight.astronaut.aliases = "Somebody"
        flight.astronaut.save()
    steps = revisions.current(releases.current().token)
    with django_assert_max_num_queries(25) as few:
        list(revisions.read(steps[:6]))
    with django_assert_max_num_queries(len(few)):
        assert len(list(revisions.read(steps))) == len(steps) > 100
