"""Which flights count."""

from datetime import date

import pytest

from records.book.criteria import BOUNDARIES, Category
from tests.book.builders import (
    ALL_KNOWN,
    board,
    career,
    flight,
    instant,
    mission,
    ranks,
    trip,
    walk,
)


def counted(category, one):
    """Launch years of the flights that count."""
    narrowed = category.narrow(one)
    return [flight.launched_at.year for flight in narrowed.flights] if narrowed else None


VARIED = career(
    "Ada Vega",
    trip(
        "2000-01-01",
        "2000-01-02",
        country="SUN",
        agency="roscosmos",
        role="Pilot",
        family="Soyuz",
        programme="Mir",
        boundary="80km",
        stations=frozenset({"mir"}),
    ),
    trip(
        "2005-06-30T23:59:59",
        "2005-07-02",
        country="RUS",
        agency="esa",
        role="Commander",
        family="Shuttle",
        programme="ISS",
        boundary="100km",
        stations=frozenset({"iss"}),
    ),
    trip(
        "2010-01-01",
        "2010-01-02",
        country="RUS",
        agency="esa",
        role="Pilot",
        family="Dragon",
        programme="ISS",
        boundary="orbit",
        stations=frozenset({"iss", "tiangong"}),
    ),
)


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({}, [2000, 2005, 2010]),
        ({"boundary": "100km"}, [2005, 2010]),
        ({"boundary": "orbit"}, [2010]),
        ({"sex": "F"}, [2000, 2005, 2010]),
        ({"sex": "M"}, None),
        ({"countries": frozenset({"SUN"})}, [2000]),
        ({"countries": frozenset({"RUS"})}, [2005, 2010]),
        ({"countries": frozenset({"SUN", "RUS"})}, [2000, 2005, 2010]),
        ({"countries": frozenset({"USA"})}, None),
        ({"agency": "esa"}, [2005, 2010]),
        ({"station": "iss"}, [2005, 2010]),
        ({"station": "tiangong"}, [2010]),
        ({"family": "Soyuz"}, [2000]),
        ({"programme": "ISS"}, [2005, 2010]),
        ({"role": "Pilot"}, [2000, 2010]),
        ({"first_only": True}, [2000]),
        ({"launched_from": date(2005, 6, 30)}, [2005, 2010]),
        ({"launched_from": date(2005, 7, 1)}, [2010]),
        ({"launched_until": date(2005, 6, 30)}, [2000, 2005]),
        ({"launched_until": date(2005, 6, 29)}, [2000]),
        ({"role": "Pilot", "station": "iss"}, [2010]),
        ({"role": "Commander", "station": "tiangong"}, None),
    ],
)
def test_a_category_narrows_flights(fields, years):
    assert counted(Category(**{"boundary": "80km", **fields}), VARIED) == years


def test_orbit_lies_within_100_km_and_100_km_within_80_km():
    years = [set(counted(Category(boundary=one), VARIED)) for one in BOUNDARIES]
    assert years[0] > years[1] > years[2]


def test_a_flight_that_did_not_reach_space_counts_nowhere():
    one = career("Ada Vega", trip("1986-01-28", "1986-01-29", boundary="none"))
    assert [Category(boundary=boundary).narrow(one) for boundary in BOUNDARIES] == [None] * 3


def test_a_first_flight_is_the_first_whatever_it_reached():
    assert counted(Category(boundary="orbit", first_only=True), VARIED) is None


def test_the_country_is_the_one_flown_for_at_the_time():
    first, second = (
        trip("1990-01-01", "1990-06-01", country="SUN"),
        trip("2000-01-01", "2000-02-01", country="RUS"),
    )
    one = career("Ada Vega", first, second)
    (row,) = board([one], countries=frozenset({"SUN"}))
    assert row.country == "SUN"
    assert row.value.amount == first.seconds
    assert one.astronaut.country == "RUS"


def test_the_ship_down_may_bring_the_station_and_the_ship_up_its_family():
    up = mission("2000-01-01", "2000-03-01", family="Soyuz", stations=frozenset({"mir"}))
    down = mission("2000-02-01", "2000-06-01", family="Shuttle", stations=frozenset({"iss"}))
    one = career("Ada Vega", flight(up, down))
    assert Category(station="iss").narrow(one)
    assert Category(station="mir").narrow(one)
    assert Category(family="Soyuz").narrow(one)
    assert Category(family="Shuttle").narrow(one) is None


def test_spacewalks_go_with_the_flight_they_were_made_on():
    one = career(
        "Ada Vega",
        trip("2000-01-01", "2000-02-01", country="SUN", walks=[walk("2000-01-05")]),
        trip(
            "2003-01-01",
            "2003-02-01",
            country="RUS",
            walks=[walk("2003-01-05"), walk("2003-01-09")],
        ),
    )
    narrowed = Category(countries=frozenset({"RUS"})).narrow(one)
    assert [each.started_at.year for each in narrowed.spacewalks] == [2003, 2003]


def test_a_career_is_settled_when_the_last_flight_that_counts_has_landed():
    one = career("Ada Vega", trip("2000-01-01", "2000-02-01"), trip("2003-01-01", country="CAN"))
    assert one.settled_at is None
    assert Category(countries=frozenset({"USA"})).narrow(one).settled_at == instant("2000-02-01")


def test_a_career_in_which_everything_counts_is_left_as_it_is():
    assert Category(boundary="80km").narrow(VARIED) is VARIED


def test_landed_flights_only_leaves_out_what_is_under_way_at_that_instant():
    one = career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2003-01-01", "2003-06-01"))
    landed_only = Category(landed_only=True)
    during = landed_only.narrow_clipped(one.at(instant("2003-02-01"), ALL_KNOWN))
    after = landed_only.narrow_clipped(one.at(instant("2003-06-01"), ALL_KNOWN))
    assert (len(during.flights), len(after.flights)) == (1, 2)


def test_on_a_board_of_landed_flights_nobody_in_flight_is_listed():
    rows = board(
        [career("Ada Vega", trip("2000-01-01", "2000-06-01"))], "2000-03-01", landed_only=True
    )
    assert ranks(rows) == []


def test_a_category_knows_what_it_narrows():
    assert Category().active == {}
    assert Category(sex="F", boundary="80km").active == {"sex": "F", "boundary": "80km"}
