"""A crew comes in one order in queries, on the desk and in the record book."""

import re

import pytest

from records.book.crews import in_order
from records.models import Flight, Mission
from records.models.missions import crew_order
from tests.factories import make_astronaut, make_flight, make_mission

pytestmark = pytest.mark.usefixtures("site")


@pytest.mark.parametrize("ship", ["launch_mission", "landing_mission"])
def test_every_crew_of_the_record_is_in_the_order_of_the_book(ship):
    flights = Flight.objects.exclude(**{ship: None}).select_related("astronaut")
    crews = {}
    for flight in flights.order_by(ship, *crew_order(ship)):
        crews.setdefault(getattr(flight, f"{ship}_id"), []).append(flight)
    assert len(crews) > 400
    for crew in crews.values():
        assert crew == in_order(crew, lambda one: (one, one.astronaut))


def crew(*positions):
    mission = make_mission("test-ship", launched_at="2026-11-01")
    roles = ("Flight Engineer", "Pilot", "Commander")
    names = ("Ada Abel", "Ben Bell", "Cy Cole")
    for name, role, position in zip(names, roles, positions, strict=True):
        make_flight(make_astronaut(name), mission, role=role, position=position)
    return mission


@pytest.mark.parametrize(
    ("positions", "names"),
    [
        ((None, None, None), ["Cole", "Bell", "Abel"]),
        ((2, 3, 1), ["Cole", "Abel", "Bell"]),
        # Of one nobody gives the place.
        ((1, 2, None), ["Cole", "Bell", "Abel"]),
    ],
)
def test_the_order_of_a_source_counts_where_it_gives_all_of_them(positions, names):
    mission = crew(*positions)
    flights = mission.launch_flights.order_by(*crew_order())
    assert [one.astronaut.family_name for one in flights] == names
    assert [
        one.astronaut.family_name for one in in_order(flights, lambda one: (one, one.astronaut))
    ] == names


def test_the_desk_lists_a_crew_in_that_order(admin_client):
    mission = Mission.objects.get(slug="sts-107")
    page = admin_client.get(f"/admin/records/mission/{mission.pk}/change/").content.decode()
    roles = re.findall(r'name="launch_flights-\d+-role" value="([^"]+)"', page)
    assert roles[:2] == ["Commander", "Pilot"]
    rows = admin_client.get("/admin/records/flight/?q=sts-107").content.decode()
    found = re.findall(r'field-role">([^<]+)<', rows)
    assert found == roles[: len(found)]
