from datetime import timedelta

import pytest
from django.core.management import call_command

from records.models import Flight
from tests import whole_record
from tests.factories import (
    make_agency,
    make_astronaut,
    make_country,
    make_flight,
    make_mission,
    make_source,
    make_spacecraft,
    make_spacewalk,
    make_station,
    make_surface_stay,
)


@pytest.fixture
def empty_record(db):
    """A migrated database without a single row, until the test is over."""
    whole_record.empty()


@pytest.fixture
def small_record(empty_record):
    """A few rows of every kind of fact.

    Ada Vega and Bo Lind visit Alpha, walk in space and stay on the Moon; Ada lands on another ship.
    Bo, who has since turned Russian, is up again, on a mission still under way. Cy Nord hops.
    """
    usa, russia = make_country("USA"), make_country("RUS")
    agency = make_agency("acme", country=usa, founded_year=1990)
    ship = make_spacecraft("ship", operator=agency, country=usa)
    hopper = make_spacecraft("hopper", operator=agency, country=usa, orbital=False)
    alpha = make_station("alpha", operators=[agency], first_crew_at="1999-03-02")
    one = make_mission(
        "one",
        launched_at="1999-03-01T12:00:05",
        landed_at="1999-03-11T10:00:00",
        spacecraft=ship,
        stations=[alpha],
        notes='A "quoted", note',
    )
    two = make_mission(
        "two", launched_at="1999-04-01T12:00", landed_at="1999-04-20T10:00:00", spacecraft=ship
    )
    hop = make_mission(
        "hop",
        launched_at="2001-01-01T15:00",
        landed_at="2001-01-01T15:10",
        spacecraft=hopper,
        boundary="100km",
    )
    three = make_mission(
        "three", launched_at="2003-01-01T12:00", spacecraft=ship, planned_landing_at="2003-07-01"
    )
    people = {"agency": agency}
    ada = make_astronaut(
        "Ada Vega", nationality=usa, born_on="1960-01-01", birth_precision="year", **people
    )
    ada.aliases = "Adèle Vega\nA. Vega"
    ada.save()
    bo = make_astronaut("Bo Lind", nationality=russia, born_on="1961-05-04", sex="M", **people)
    cy = make_astronaut("Cy Nord", nationality=usa, died_on="2002-02-02", **people)
    first = make_flight(ada, one, two)
    second = make_flight(bo, one, nationality=usa)
    make_flight(cy, hop)
    make_flight(bo, three, False)
    make_spacewalk(
        second,
        first,
        slug="walk-1",
        station=alpha,
        started_at="1999-03-03T08:00",
        duration=timedelta(hours=5),
    )
    make_surface_stay(first, landed_at="1999-03-05", lifted_off_at="1999-03-06T01:02:03")
    make_source("paper", snapshot_on="2020-05-01", snapshot_precision="month")


@pytest.fixture
def folder(small_record, tmp_path):
    """The small record as a folder of fact tables; the database is empty again."""
    call_command("export_facts", str(tmp_path / "facts"), verbosity=0)
    whole_record.empty()
    assert not Flight.objects.exists()
    return tmp_path / "facts"


@pytest.fixture
def empty():
    return whole_record.empty
