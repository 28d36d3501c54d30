"""Rolls: who was launched, the first one first, and how often in each year."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .careers import Astronaut, Career, Confirmation, Mission
from .metrics import METRICS, Mark
from .tallies import Tally
from .values import Value


@dataclass(frozen=True, slots=True)
class Flown:
    """One who flew: the career as it stood at an instant, and the mark of all its time."""

    career: Career
    mark: Mark

    @property
    def astronaut(self) -> Astronaut:
        return self.career.astronaut

    @property
    def value(self) -> Value:
        return self.mark.value

    @property
    def running(self) -> bool:
        return self.mark.state.running


class Roll:
    """Everyone with a flight that counts, by the first of those, at whatever instant one asks.

    `careers` are narrowed to what counts, one for each person.
    """

    def __init__(self, careers: Sequence[Career]):
        self.careers = sorted(careers, key=_first_launch)
        self._entries = [career.flights[0].launched_at for career in self.careers]
        flights = [flight for career in careers for flight in career.flights]
        ships = {flight.launch_mission.slug: flight.launch_mission for flight in flights}
        self._people = Tally(
            (first, min(one.launch_mission.launched_by for one in career.flights))
            for first, career in zip(self._entries, self.careers, strict=True)
        )
        self._flights = Tally(_launch(one.launch_mission) for one in flights)
        self._ships = Tally(_launch(one) for one in ships.values())
        years = defaultdict(list)
        for flight in flights:
            years[flight.launched_at.year].append(_launch(flight.launch_mission))
        self._years = {year: Tally(years[year]) for year in sorted(years)}

    def at(self, at: datetime, confirmation: Confirmation) -> "People":
        """All who had been in space before the instant."""
        return People(self.careers[: bisect_left(self._entries, at)], at, confirmation)

    def people(self, at: datetime) -> Value:
        """How many people had been launched by the instant."""
        return self._people.at(at)

    def flights(self, at: datetime) -> Value:
        """How many flights had begun by the instant."""
        return self._flights.at(at)

    def missions(self, at: datetime) -> Value:
        """How many ships had been launched with any of them by the instant."""
        return self._ships.at(at)

    def by_year(self, at: datetime) -> dict[int, Value]:
        """How many flights had begun in each year by the instant; years without any left out."""
        years = {year: tally.at(at) for year, tally in self._years.items() if year <= at.year}
        return {year: value for year, value in years.items() if value.amount}


class People(Sequence):
    """Those who flew as they stood at an instant, clipped only where one looks. A slice is a list
    of `Flown`."""

    def __init__(self, careers: list[Career], at: datetime, confirmation: Confirmation):
        self.careers = careers
        self.instant = at
        self.confirmation = confirmation

    def __len__(self):
        return len(self.careers)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self._flown(career) for career in self.careers[index]]
        return self._flown(self.careers[index])

    def _flown(self, career: Career) -> Flown:
        clipped = career.at(self.instant, self.confirmation)
        return Flown(clipped, METRICS["total-time"].measure(clipped))


def _launch(mission: Mission) -> tuple[datetime, datetime]:
    return mission.launched_at, mission.launched_by


def _first_launch(career: Career) -> tuple:
    astronaut = career.astronaut
    return career.flights[0].launched_at, astronaut.family_name, astronaut.slug
