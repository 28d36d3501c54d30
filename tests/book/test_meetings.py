"""Meetings: when two people were in space at the same time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.book.careers import Astronaut, Career, Confirmation, Flight, Mission
from records.book.meetings import may_have_met, meetings
from records.instants import Precision

START = datetime(2000, 1, 1, tzinfo=UTC)
CONFIRMATION = Confirmation(datetime(2030, 1, 1, tzinfo=UTC), timedelta(days=7))


def mission(slug, begin, end, precision=Precision.SECOND):
    """From and to in days after the start; no end is under way."""
    landed_at = START + timedelta(days=end) if end is not None else None
    return Mission(
        slug,
        slug,
        "Test",
        "Test",
        "orbit",
        START + timedelta(days=begin),
        landed_at=landed_at,
        landing_precision=precision,
    )


def career(name, *trips):
    """Each trip is (mission up, mission down)."""
    flights = [
        Flight.of(up, down, number=number, country="USA", agency="nasa", role="Pilot")
        for number, (up, down) in enumerate(trips, start=1)
    ]
    return Career.of(Astronaut(name, name, name, "F", "USA"), flights)


def at(day, *careers):
    return [one.at(START + timedelta(days=day), CONFIRMATION) for one in careers]


UP = mission("up", 0, 10)
LATER = mission("later", 5, 20)


def test_who_goes_up_and_comes_down_on_one_ship_flies_together():
    (meeting,) = meetings(*at(30, career("ada", (UP, UP)), career("bea", (UP, UP))))
    assert meeting.up_together
    assert meeting.down_together
    assert meeting.value.amount == 10 * 86_400


def test_a_meeting_lasts_from_the_later_launch_to_the_earlier_landing():
    (meeting,) = meetings(*at(30, career("ada", (UP, UP)), career("bea", (LATER, LATER))))
    assert not meeting.up_together
    assert not meeting.down_together
    assert (meeting.begin, meeting.end) == (LATER.launched_at, UP.landed_at)
    assert not meeting.lasts


def test_coming_down_together_is_known_at_the_landing():
    one, other = career("ada", (UP, LATER)), career("bea", (LATER, LATER))
    (meeting,) = meetings(*at(30, one, other))
    assert meeting.down_together
    (before,) = meetings(*at(15, one, other))
    assert before.lasts
    assert not before.down_together


def test_who_lands_as_the_other_is_launched_has_not_met():
    after = mission("after", 10, 20)
    assert meetings(*at(30, career("ada", (UP, UP)), career("bea", (after, after)))) == []


def test_a_landing_known_to_the_day_makes_the_meeting_at_least_so_long():
    vague = mission("vague", 0, 10, Precision.DAY)
    (meeting,) = meetings(*at(30, career("ada", (vague, vague)), career("bea", (LATER, LATER))))
    assert meeting.value.at_least
    assert (meeting.begin_precision, meeting.end_precision) == ("second", "day")
    (other,) = meetings(*at(30, career("ada", (UP, UP)), career("bea", (LATER, LATER))))
    assert not other.value.at_least


@st.composite
def careers(draw, name):
    days = draw(st.lists(st.integers(0, 60), min_size=2, max_size=8, unique=True))
    days = sorted(days)[: len(days) // 2 * 2]
    trips = [
        mission(f"{name}-{begin}", begin, end)
        for begin, end in zip(days[::2], days[1::2], strict=True)
    ]
    return career(name, *((trip, trip) for trip in trips))


def test_who_is_launched_on_the_day_of_a_landing_may_have_met_who_landed():
    down = mission("one", 0, 2, Precision.DAY)
    ada, bo, cy = (
        career(name, (up, up))
        for name, up in (("Ada", down), ("Bo", mission("two", 2.5, 9)), ("Cy", mission("3", 3, 9)))
    )
    assert meetings(*at(20, ada, bo)) == []
    assert may_have_met(*at(20, ada, bo))
    assert not may_have_met(*at(20, ada, cy))


@given(careers("ada"), careers("bea"), st.integers(0, 70))
def test_meetings_are_the_seconds_both_are_aloft(one, other, day):
    clipped = at(day, one, other)
    found = meetings(*clipped)
    together = sum(
        1
        for half in range(2 * day)
        if all(
            person.at(START + timedelta(days=half / 2), CONFIRMATION).aloft
            for person in (one, other)
        )
    )
    assert sum(meeting.value.amount for meeting in found) == together * 43_200
    assert found == sorted(found, key=lambda meeting: meeting.begin)
    assert [(m.begin, m.end) for m in meetings(*reversed(clipped))] == [
        (m.begin, m.end) for m in found
    ]
