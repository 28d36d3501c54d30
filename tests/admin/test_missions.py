"""A mission and its crew, entered by a steward."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.instants import read_when
from records.models import Flight, Mission
from tests import factories as make
from tests.admin.pages import add_row, complaints, save, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


@pytest.fixture
def filled(desk):
    """The add form, filled in with a mission that has no crew yet."""
    craft = make.make_spacecraft()
    return typed(desk.get(url("add", Mission))) | {
        "name": "Test 1",
        "slug": "test-1",
        "programme": "Test",
        "spacecraft": str(craft.pk),
        "operator": str(craft.operator.pk),
        "launched_at": "2001-05-01 10:00:00",
        "launch_precision": "second",
        "launch_site": "A launch site",
        "boundary": "orbit",
    }


def aboard(values, astronaut, **row):
    row = {"role": "Commander", "same_ship": "on", "landing_mission": ""} | row
    return add_row(values, "launch_flights", astronaut=str(astronaut.pk), **row)


def test_mission_is_added_with_its_crew(desk, filled):
    ada, bea = make.make_astronaut("Ada Vega"), make.make_astronaut("Bea Lyra")
    aboard(filled, ada)
    aboard(filled, bea, role="Pilot", same_ship="")
    del filled["launch_flights-1-same_ship"]
    response = save(desk, url("add", Mission), filled)
    assert response.status_code == 302, complaints(response)
    mission = Mission.objects.get(slug="test-1")
    assert ada.flights.get().landing_mission == mission
    assert bea.flights.get().landing_mission is None


def test_crew_flies_for_its_own_country_and_agency_unless_told_otherwise(desk, filled):
    ada, bea = make.make_astronaut("Ada Vega"), make.make_astronaut("Bea Lyra")
    guest_of = make.make_agency()
    aboard(filled, ada)
    aboard(filled, bea, agency=str(guest_of.pk))
    assert save(desk, url("add", Mission), filled).status_code == 302
    assert ada.flights.get().agency == ada.agency
    assert bea.flights.get().agency == guest_of
    assert bea.flights.get().nationality == bea.nationality


def test_crew_of_a_new_mission_cannot_be_in_space_already(desk, filled):
    flight = make.make_flight(launched_at="2001-04-01", days=100)
    response = desk.post(url("add", Mission), aboard(filled, flight.astronaut))
    assert response.status_code == 200
    assert "nobody makes two flights at once" in complaints(response)
    assert not Mission.objects.filter(slug="test-1").exists()
    assert typed(response)["launch_flights-0-astronaut"] == str(flight.astronaut.pk)


def test_same_astronaut_twice_in_a_crew_is_refused(desk, filled):
    ada = make.make_astronaut("Ada Vega")
    aboard(filled, ada)
    aboard(filled, ada)
    response = desk.post(url("add", Mission), filled)
    assert response.status_code == 200
    assert not Flight.objects.filter(astronaut=ada).exists()


def test_somebody_comes_down_on_one_ship_only(desk):
    ship, other = make.make_mission(), make.make_mission()
    flight = make.make_flight(launch_mission=ship)
    values = typed(desk.get(url("change", ship)))
    values["launch_flights-0-landing_mission"] = str(other.pk)
    response = desk.post(url("change", ship), values)
    assert "Either untick" in complaints(response)
    del values["launch_flights-0-same_ship"]
    assert desk.post(url("change", ship), values).status_code == 302
    flight.refresh_from_db()
    assert flight.landing_mission == other


def test_form_shows_who_comes_down_on_what(desk):
    ship, other = make.make_mission(), make.make_mission()
    for landing in (ship, other, False):
        make.make_flight(launch_mission=ship, landing_mission=landing)
    values = typed(desk.get(url("change", ship)))
    rows = [
        (values.get(f"launch_flights-{n}-same_ship"), values[f"launch_flights-{n}-landing_mission"])
        for n in range(3)
    ]
    assert rows == [("on", ""), (None, str(other.pk)), (None, "")]


def test_landing_crew_is_listed_with_the_ship_it_went_up_on(desk):
    up, down = make.make_mission("ship-up"), make.make_mission("ship-down")
    flight = make.make_flight(launch_mission=up, landing_mission=down)
    page = desk.get(url("change", down)).content.decode()
    assert url("change", up) in page
    assert url("change", flight.astronaut) in page


def test_landing_is_refused_while_it_makes_a_crew_members_flight_impossible(desk):
    flight = make.make_flight(launched_at="2001-01-01", days=100)
    make.make_spacewalk(flight, started_at="2001-02-01T10:00")
    values = typed(desk.get(url("change", flight.launch_mission)))
    response = desk.post(
        url("change", flight.launch_mission), values | {"landed_at": "2001-01-20 00:00:00"}
    )
    assert "would lie outside the flight" in complaints(response)


def test_half_filled_mission_keeps_what_was_typed(desk, filled):
    filled |= {"launched_at": "of late", "landed_at": "2001-05-09", "notes": "<b>Kept</b>"}
    response = desk.post(url("add", Mission), aboard(filled, make.make_astronaut("Ada Vega")))
    still = typed(response)
    assert still["launched_at"] == "of late"
    assert still["notes"] == "<b>Kept</b>"
    assert still["launch_flights-0-role"] == "Commander"
    assert "Write an instant as" in complaints(response)


def test_page_of_a_crew_of_seven_costs_few_queries(desk):
    mission = make.make_mission(stations=[make.make_station(), make.make_station()])
    for _ in range(7):
        flight = make.make_flight(launch_mission=mission, landing_mission=make.make_mission())
        make.make_spacewalk(flight)
    desk.get(url("change", mission))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url("change", mission))
    assert len(queries) <= 17  # Three of them for the stories that name it, one for what is due.


def test_mission_planned_for_this_month_is_not_overdue_yet(desk, clock):
    clock(make.instant("1999-06-20T00:00"))
    make.make_mission("soon", planned_landing_at="1999-06-01", planned_landing_precision="month")
    page = desk.get(url("changelist", Mission) + "?status=overdue&q=soon")
    assert not page.context_data["cl"].result_list


def test_mission_can_be_looked_up_by_status(desk):
    overdue = make.make_mission("late", planned_landing_at="1999-06-01")
    page = desk.get(url("changelist", Mission) + "?status=overdue&q=late")
    assert list(page.context_data["cl"].result_list) == [overdue]
    for status in ("planned", "flying", "landed", "lost", "nonsense"):
        response = desk.get(url("changelist", Mission) + f"?status={status}")
        assert response.status_code == 200


def test_whoever_may_only_look_sees_the_crew(client):
    flight = make.make_flight(days=10)
    auditor = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    auditor.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(auditor)
    page = client.get(url("change", flight.launch_mission))
    assert page.status_code == 200
    assert flight.astronaut.name in page.content.decode()
    assert client.post(url("change", flight.launch_mission), {}).status_code == 403


def test_landing_to_come_is_refused(desk):
    mission = make.make_mission(launched_at="2001-01-01")
    values = typed(desk.get(url("change", mission))) | {
        "landed_at": "2199-01-01 10:00:00",
        "landing_precision": "second",
    }
    assert "That is still to come" in complaints(desk.post(url("change", mission), values))


def test_day_with_a_time_of_day_is_refused(desk):
    mission = make.make_mission(launched_at="2001-01-01")
    values = typed(desk.get(url("change", mission))) | {
        "landed_at": "2001-02-01 10:00:00",
        "landing_precision": "day",
    }
    response = desk.post(url("change", mission), values)
    assert "Known to the day, it must read 2001-02-01 00:00:00." in complaints(response)


def test_mission_may_land_on_the_day_of_its_launch_and_not_before(desk, filled):
    aboard(filled, make.make_astronaut("Ada Vega"))
    filled |= {
        "launched_at": "2001-05-01",
        "launch_precision": "day",
        "landed_at": "2001-04-30",
        "landing_precision": "day",
    }
    refused = desk.post(url("add", Mission), filled)
    assert "A mission must land after its launch." in complaints(refused)
    response = save(desk, url("add", Mission), filled | {"landed_at": "2001-05-01"})
    assert response.status_code == 302, complaints(response)
    assert Mission.objects.get(slug="test-1").landed_at == read_when("2001-05-01").begin


def test_mission_that_carries_nobody_is_asked_about(desk):
    flight = make.make_flight(days=9)
    mission = flight.launch_mission
    values = typed(desk.get(url("change", mission))) | {"launch_flights-0-DELETE": "on"}
    response = desk.post(url("change", mission), values)
    problems = response.context_data["impact"]["problems"]
    assert f"mission {mission.slug}: carries nobody up or down" in problems
    assert "What would then be wrong or missing" in response.content.decode()
    assert desk.post(url("change", mission), typed(response)).status_code == 302
    # What was wrong before is not held against the next change.
    values = typed(desk.get(url("change", mission))) | {"notes": "Empty"}
    assert desk.post(url("change", mission), values).status_code == 302


@pytest.mark.parametrize(
    ("launched_at", "precision"),
    [
        ("2001-05-01 10:00:15", "second"),
        ("1 May 2001, 10:00:15 UTC", "second"),
        ("2001-05-01T10:00:15.000Z", "second"),
        ("2001-05-01 10:00", "minute"),
        ("2001-05-01", "day"),
        ("1 May 2001", "day"),
        ("May 2001", "month"),
    ],
)
def test_an_instant_sets_the_precision_that_was_left_as_it_was(
    desk, filled, launched_at, precision
):
    filled |= {"launched_at": launched_at}
    save(desk, url("add", Mission), aboard(filled, make.make_astronaut()))
    mission = Mission.objects.get(slug="test-1")
    assert mission.launch_precision == precision
    assert mission.launched_at == read_when(launched_at).begin


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"launched_at": "2001-05-01", "launch_precision": "minute"}, "no more than the day"),
        ({"launched_at": "2001-05-01 10:00", "landed_at": "2001"}, "A year alone is too little"),
        ({"launched_at": "1/5/2001"}, "1 May 2001 or 5 January 2001"),
        ({"launched_at": "2001-05-01 10:00:15.5"}, "kept to the second"),
        ({"launched_at": "2001-05-01 10:00", "launch_precision": "day"}, "it must read 2001-05-01"),
    ],
)
def test_what_an_instant_leaves_open_is_asked_back(desk, filled, values, words):
    filled |= values
    response = desk.post(url("add", Mission), aboard(filled, make.make_astronaut()))
    assert words in complaints(response)
    assert values.items() <= typed(response).items()
    assert not Mission.objects.exists()


def test_a_precision_that_was_set_is_shown_before_it_is_saved(desk):
    flight = make.make_flight(days=10)
    page = url("change", flight.launch_mission)
    values = typed(desk.get(page)) | {"landed_at": "9 January 2001"}
    shown = typed(desk.post(page, values))
    assert shown["landed_at"] == "9 January 2001"
    assert shown["landing_precision"] == "day"


@pytest.mark.parametrize("term", ["test ms7", "Test MS-07", "TESTMS7", "Falke", "falke test"])
def test_a_mission_is_looked_up_as_people_type_its_name(desk, term):
    make.make_mission("other", name="Test MS-17")
    ship = make.make_mission("test-ms-07", name="Test MS-07", vehicle_name="Falkë")
    page = desk.get(url("changelist", Mission), {"q": term})
    assert [row.pk for row in page.context_data["cl"].result_list] == [ship.pk]


def test_a_mission_cannot_visit_a_station_that_was_not_there(desk):
    mission = make.make_mission(launched_at="1999-03-01", landed_at="1999-03-11")
    gone = make.make_station(name="Alpha", deorbited_at="1999-02-01")
    there = make.make_station(name="Beta", deorbited_at="1999-03-01")
    page = url("change", mission)
    response = desk.post(page, typed(desk.get(page)) | {"stations": [str(gone.pk)]})
    assert response.context_data["adminform"].form.errors["stations"] == [
        "It cannot have visited Alpha: Alpha was launched on 1 January 1998 and came down on "
        "1 February 1999."
    ]
    assert (
        save(desk, page, typed(desk.get(page)) | {"stations": [str(there.pk)]}).status_code == 302
    )
    # It is judged with the stations chosen beside the new times.
    moved = typed(desk.get(page)) | {"launched_at": "1999-03-05 12:00:00", "stations": []}
    response = save(desk, page, moved)
    assert response.status_code == 302, complaints(response)


def test_a_mission_keeps_the_station_from_which_its_crew_made_a_spacewalk(desk):
    walk = make.make_spacewalk(make.make_flight(days=10), station=make.make_station())
    page = url("change", walk.mission)
    response = desk.post(page, typed(desk.get(page)) | {"stations": []})
    assert response.status_code == 200
    assert "would be where neither ship went" in complaints(response)


def test_a_station_keeps_the_time_of_those_who_were_there(desk):
    station = make.make_station(name="Alpha")
    make.make_mission(landed_at="1999-03-05", stations=[station], name="Early")
    page = url("change", station)
    values = typed(desk.get(page)) | {"launched_at": "1999-04-01", "launch_precision": "day"}
    response = desk.post(page, values)
    assert "Early visited it; Alpha was launched on 1 April 1999." in complaints(response)
