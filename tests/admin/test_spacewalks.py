from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Spacewalk
from tests import factories as make
from tests.admin.pages import add_row, complaints, save, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def filled(desk, flight, **changes):
    values = typed(desk.get(url("add", Spacewalk))) | {
        "slug": "walk-1",
        "agency": str(flight.agency.pk),
        "started_at": "2001-02-01 10:00:00",
        "start_precision": "minute",
        "duration": "6:30",
        "craft": str(flight.launch_mission.pk),
        **changes,
    }
    return add_row(values, "crew_rows", flight=str(flight.pk), position="1")


@pytest.fixture
def flight():
    return make.make_flight(launched_at="2001-01-01", days=100)


def test_spacewalk_is_added_with_its_crew(desk, flight):
    response = save(desk, url("add", Spacewalk), filled(desk, flight))
    assert response.status_code == 302, complaints(response)
    walk = Spacewalk.objects.get(slug="walk-1")
    assert walk.duration == timedelta(hours=6, minutes=30)
    assert list(walk.crew.all()) == [flight]


def test_spacewalk_outside_the_flight_is_refused(desk, flight):
    values = filled(desk, flight, started_at="2002-01-01 10:00:00")
    response = desk.post(url("add", Spacewalk), values)
    assert f"{flight.astronaut} was not in space then." in complaints(response)


def test_spacewalk_from_where_the_crew_was_not_is_refused(desk, flight):
    station = make.make_station(name="Alpha")
    for place in (
        {"craft": "", "station": str(station.pk)},
        {"craft": str(make.make_mission().pk)},
    ):
        response = desk.post(url("add", Spacewalk), filled(desk, flight, **place))
        assert response.status_code == 200
        assert f"{flight.astronaut} was not a" in complaints(response)
    flight.launch_mission.stations.add(station)
    values = filled(desk, flight, craft="", station=str(station.pk))
    assert save(desk, url("add", Spacewalk), values).status_code == 302


def test_spacewalk_from_a_station_that_was_gone_is_refused(desk, flight):
    station = make.make_station(name="Alpha", deorbited_at="2001-01-20")
    flight.launch_mission.stations.add(station)
    values = filled(desk, flight, craft="", station=str(station.pk))
    response = desk.post(url("add", Spacewalk), values)
    assert (
        "It was not there then: Alpha was launched on 1 January 1998 and came down on "
        "20 January 2001." in complaints(response)
    )


def test_spacewalk_from_both_or_neither_is_refused(desk, flight):
    for changes in ({"craft": ""}, {"station": str(make.make_station().pk)}):
        response = desk.post(url("add", Spacewalk), filled(desk, flight, **changes))
        assert "Name the station or the craft it was made from" in complaints(response)


def test_page_of_a_large_crew_costs_few_queries(desk):
    ship = make.make_mission()
    walk = make.make_spacewalk(*(make.make_flight(launch_mission=ship) for _ in range(6)))
    desk.get(url("change", walk))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url("change", walk))
    # One of them asks which was the last save.
    assert len(queries) <= 16


def test_spacewalk_of_nobody_is_refused(desk, flight):
    values = filled(desk, flight)
    without = {**values, "crew_rows-0-flight": "", "crew_rows-0-position": ""}
    response = desk.post(url("add", Spacewalk), without)
    assert "Name at least one of those who made it." in complaints(response)
    walk = make.make_spacewalk(flight, started_at="2001-02-01T10:00")
    values = typed(desk.get(url("change", walk))) | {"crew_rows-0-DELETE": "on"}
    response = desk.post(url("change", walk), values)
    assert "Name at least one of those who made it." in complaints(response)
    assert walk.crew.count() == 1


def test_spacewalk_to_come_is_refused(desk, flight):
    values = filled(desk, flight, started_at="2199-01-01 10:00:00")
    response = desk.post(url("add", Spacewalk), values)
    assert "A spacewalk is recorded once it has ended." in complaints(response)


def test_two_spacewalks_of_one_at_once_are_refused(desk, flight):
    make.make_spacewalk(flight, slug="walk-0", started_at="2001-02-01T11:00")
    response = desk.post(url("add", Spacewalk), filled(desk, flight))
    assert "was outside on" in complaints(response)
