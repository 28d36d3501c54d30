"""Totals: what the people of each country have flown, for each agency, to each station."""

from datetime import UTC, datetime

import pytest

from records.book.criteria import Category
from records.ledger import Ledger

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
    assert whole.person_seconds == sum(flight.seconds for flight in flights)
    parts = totals("2020-01-01", of=by_country).values()
    assert sum(part.person_seconds for part in parts) == whole.person_seconds
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


def test_the_first_is_who_was_launched_first_by_family_name_among_a_crew():
    found = totals("1970-01-01", of=lambda flight: (flight.launch_mission.slug,))
    assert found["apollo-11"].first.slug == "buzz-aldrin"


def test_a_day_known_landing_makes_the_sum_at_least():
    now = totals("2026-10-09", of=by_country)["CHN"]
    assert now.at_least
    assert now.person_time.text == f"at least {now.person_days} d"
    then = totals("2020-01-01", of=by_country)["CHN"]
    assert not then.at_least
