"""Rolls: who was launched, the first one first, and how often in each year."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .careers import Astronaut, Career, Confirmation
from .metrics import METRICS, Mark
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
        self._launches = sorted(flight.launched_at for flight in flights)
        ships = {flight.launch_mission.slug: flight.launched_at for flight in flights}
        self._ships = sorted(ships.values())

    def at(self, at: datetime, confirmation: Confirmation) -> "People":
        """All who had been in space before the instant."""
        return People(self.careers[: bisect_left(self._entries, at)], at, confirmation)

    def people(self, at: datetime) -> int:
        """How many people had been launched by the instant."""
        return bisect_right(self._entries, at)

    def flights(self, at: datetime) -> int:
        """How many flights had begun by the instant."""
        return bisect_right(self._launches, at)

    def missions(self, at: datetime) -> int:
        """How many ships had been launched with any of them by the instant."""
        return bisect_right(self._ships, at)

    def by_year(self, at: datetime) -> dict[int, int]:
        """How many flights had begun in each year by the instant; years without any left out."""
        years, place, end = {}, 0, self.flights(at)
        while place < end:
            year = self._launches[place].year
            following = bisect_left(self._launches, datetime(year + 1, 1, 1, tzinfo=UTC))
            years[year] = min(following, end) - place
            place = following
        return years


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


def _first_launch(career: Career) -> tuple:
    astronaut = career.astronaut
    return career.flights[0].launched_at, astronaut.family_name, astronaut.slug
