"""Totals: what the people of each country have flown, for each agency, to each station."""

from datetime import UTC, datetime

import pytest

from records.book.criteria import Category
from records.ledger import Ledger
from tests.factories import make_astronaut, make_country, make_flight, make_mission

pytestmark = pytest.mark.usefixtures("site")


def totals(at, *, of, boundary="orbit"):
    found = Ledger.current().totals(
        Category(boundary=boundary), datetime.fromisoformat(at).replace(tzinfo=UTC), of=of
    )
    return {total.code: total for total in found}


def by_country(flight):
    return (flight.country,)


def test_everything_adds_up_to_the_flights_themselves():
    ledger = Ledger.current()
    at = datetime(2020, 1, 1, tzinfo=UTC)
    whole = totals("2020-01-01", of=lambda flight: ("all",))["all"]
    flights = [
        flight
        for career in ledger.narrowed(Category())
        for flight in career.at(at, ledger.confirmation).flights
    ]
    assert whole.flights == len(flights)
    assert whole.person_time.amount == sum(flight.seconds for flight in flights)
    parts = totals("2020-01-01", of=by_country).values()
    assert sum(part.person_time.amount for part in parts) == whole.person_time.amount
    assert sum(part.people for part in parts) >= whole.people


def test_people_in_orbit_by_country_are_those_of_the_published_table():
    at = datetime(2025, 4, 11, tzinfo=UTC)
    assert len(Ledger.current().country_totals(Category(), at, successors=True)) == 43
    assert totals("2025-04-11", of=lambda flight: ("all",))["all"].people == 631


def test_a_flight_may_count_for_several_or_for_none():
    found = totals("1986-08-01", of=lambda flight: flight.stations)
    assert found["mir"].people == 2
    assert "skylab" in found
    assert "" not in found


def firsts(total):
    return [one.astronaut.slug for one in total.firsts]


def test_all_who_went_up_first_on_one_ship_are_the_first_by_family_name():
    found = totals("1970-01-01", of=lambda flight: (flight.launch_mission.slug,))
    assert firsts(found["apollo-11"]) == ["buzz-aldrin", "neil-armstrong", "michael-collins"]
    assert found["apollo-11"].first.astronaut.slug == "buzz-aldrin"


def test_firsts_of_the_real_record_are_shared_by_who_went_up_together():
    by_agency = totals("2026-11-01", of=lambda flight: (flight.agency,))
    to_station = totals("2026-11-01", of=lambda flight: flight.stations)
    assert firsts(totals("2026-11-01", of=by_country)["RUS"]) == [
        "aleksandr-kaleri",
        "aleksandr-viktorenko",
    ]
    assert firsts(by_agency["dlr"]) == ["reinhard-furrer", "ernst-messerschmid"]
    assert firsts(by_agency["spacex"]) == ["sarah-gillis", "anna-menon"]
    assert firsts(by_agency["saudi-space-agency"]) == ["ali-alqarni", "rayyanah-barnawi"]
    assert firsts(to_station["skylab"]) == ["pete-conrad", "joseph-kerwin", "paul-weitz"]
    assert len(firsts(to_station["iss"])) == 6
    women = Ledger.current().total(
        Category(sex="F", station="iss"), datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert firsts(women) == ["nancy-currie-gregg"]
    wide = totals("2026-11-01", of=by_country, boundary="80km")
    assert firsts(wide["ATG"]) == ["anastatia-mayers", "keisha-schahaff"]
    assert firsts(wide["USA"]) == ["alan-shepard"]


@pytest.mark.parametrize(
    ("launches", "shared"),
    [
        ((("1999-01-01T10:00:00", "second"), ("1999-01-01T10:00:00", "second")), 2),
        ((("1999-01-01T10:00:00", "second"), ("1999-01-01T10:00:01", "second")), 1),
        ((("1999-01-01T10:00:00", "second"), ("1999-01-01T10:00:40", "minute")), 2),
        ((("1999-01-01T10:00:00", "second"), ("1999-01-01", "day")), 2),
        ((("1999-01-01T10:00:00", "second"), ("1999-01-02", "day")), 1),
        ((("1999-01-01", "month"), ("1999-01-20T10:00:00", "second")), 2),
    ],
)
def test_ships_at_one_instant_at_the_coarser_precision_share_the_first_place(launches, shared):
    country = make_country("QQQ")
    for name, (at, precision) in zip(("Zoe Alpha", "Ada Zeta"), launches, strict=True):
        ship = make_mission(
            launched_at=at,
            launch_precision=precision,
            landed_at="1999-02-10",
            landing_precision="day",
        )
        make_flight(make_astronaut(name, nationality=country), ship)
    found = totals("2000-01-01", of=by_country)["QQQ"]
    assert firsts(found) == ["zoe-alpha", "ada-zeta"][:shared]


def test_a_day_known_landing_makes_the_sum_at_least():
    now = totals("2026-10-09", of=by_country)["CHN"]
    assert now.person_time.at_least
    assert now.person_time.text == f"at least {now.person_days} d"
    then = totals("2020-01-01", of=by_country)["CHN"]
    assert not then.person_time.at_least
