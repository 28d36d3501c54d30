"""Rolls: who was launched, the first one first."""

from hypothesis import given, settings

from records.book.rolls import Roll
from tests.book.histories import INSTANTS, histories


@settings(max_examples=100, deadline=None)
@given(histories(people=9, most_missions=12), INSTANTS)
def test_a_roll_counts_what_had_been_launched_by_the_instant(history, at):
    roll = Roll(history.careers)
    clipped = [one.at(at, history.confirmation) for one in history.careers]
    flights = [flight for one in clipped for flight in one.flights]
    assert roll.people(at).amount == sum(bool(one.flights) for one in clipped)
    assert roll.flights(at).amount == len(flights)
    assert roll.missions(at).amount == len({flight.launch_mission.slug for flight in flights})
    years = roll.by_year(at)
    assert sum(one.amount for one in years.values()) == len(flights)
    assert all(
        count.amount == sum(flight.launched_at.year == year for flight in flights)
        for year, count in years.items()
    )


@settings(max_examples=100, deadline=None)
@given(histories(people=9, most_missions=12), INSTANTS)
def test_people_stand_as_they_did_at_the_instant_by_their_first_launch(history, at):
    people = Roll(history.careers).at(at, history.confirmation)
    begun = {one for one in history.careers if one.flights[0].launched_at < at}
    assert {one.astronaut for one in people} == {one.astronaut for one in begun}
    launches = [one.career.flights[0].launched_at for one in people]
    assert launches == sorted(launches)
    for one in people[:3]:
        assert one.value.amount == sum(flight.seconds for flight in one.career.flights)
        assert one.running == (one.career.aloft is not None and one.career.aloft.state.running)
