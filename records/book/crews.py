"""Crews: the order in which those aboard are named, wherever a crew is listed."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Protocol, TypeVar

from .careers import Astronaut, Career, Flight

T = TypeVar("T")

#: Roles in command of a whole mission; a payload commander answers for the payload only.
COMMANDERS = ("Commander", "Mission Commander", "Vehicle Commander")


class Trip(Protocol):
    """What a flight says of a place in a crew, in the record book and in the database alike."""

    role: str
    position: int | None


class Named(Protocol):
    family_name: str
    slug: str


def in_order(crew: Iterable[T], of: Callable[[T], tuple[Trip, Named]]) -> list[T]:
    """Those of one ship: in the order that a source gives for all of them; or else the commander,
    the pilots, and the others by role, each by family name. `of` gives flight and astronaut."""
    crew = list(crew)
    places = [of(one)[0].position for one in crew]
    if None not in places and len(set(places)) == len(places):
        return sorted(crew, key=lambda one: of(one)[0].position)
    return sorted(crew, key=lambda one: _by_role(*of(one)))


def _by_role(trip: Trip, astronaut: Named) -> tuple:
    if trip.role in COMMANDERS:
        rank = 0
    else:
        rank = 1 if trip.role.endswith("Pilot") else 2
    return rank, trip.role, astronaut.family_name, astronaut.slug


def by_ship(people: Iterable[T], of: Callable[[T], tuple[Flight, Astronaut]]) -> list[T]:
    """Those on several ships: the first launched first, the crew of each in its order."""

    def ship(one: T) -> tuple:
        flight, _ = of(one)
        return flight.launched_at, flight.launch_mission.slug

    crews = groupby(sorted(people, key=ship), key=ship)
    return [one for _, crew in crews for one in in_order(crew, of)]


def aloft_in_order(careers: Iterable[Career]) -> list[Career]:
    """The same of those in space."""
    return by_ship(careers, lambda career: (career.aloft, career.astronaut))
