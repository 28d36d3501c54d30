"""Categories: which flights count. They narrow flights, never people."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from .careers import Career, Flight

#: A flight that crossed a boundary crossed every one before it in this order.
BOUNDARIES = ("80km", "100km", "orbit")
BOUNDARY_WORDS = {
    "orbit": "reached orbit",
    "100km": "climbed above 100 km",
    "80km": "climbed above 80 km",
}
SEX_WORDS = {"F": "by women", "M": "by men"}


@dataclass(frozen=True, slots=True)
class Category:
    """Which flights count; an empty field narrows nothing.

    `countries` are the codes that count, several where successor states are combined;
    `launched_from` and `launched_until` are UTC days, both counted.
    """

    boundary: str = "orbit"
    sex: str = ""
    countries: frozenset[str] = frozenset()
    agency: str = ""
    station: str = ""
    family: str = ""
    programme: str = ""
    role: str = ""
    first_only: bool = False
    landed_only: bool = False
    launched_from: date | None = None
    launched_until: date | None = None

    def narrow(self, career: Career) -> Career | None:
        """The career with only what counts; None if nothing does."""
        return next(self.narrow_all((career,)), None)

    def narrow_all(self, careers: Iterable[Career]) -> Iterator[Career]:
        """The careers with only what counts, without those of which nothing does.

        Spacewalks count with the flight they were made on. What depends on the instant
        (`landed_only`) is left to `narrow_clipped`.
        """
        tests = list(self._tests())
        for career in careers:
            if self.sex and career.astronaut.sex != self.sex:
                continue
            flights = career.flights
            for test in tests:
                # Of most careers either all counts or nothing.
                if not all(map(test, flights)):
                    flights = tuple(filter(test, flights))
                    if not flights:
                        break
            if flights is career.flights:
                yield career
            elif flights:
                yield Career.of(career.astronaut, flights)

    def narrow_clipped(self, career: Career) -> Career:
        """A career clipped to an instant, without the flight under way if that is left out."""
        if not self.landed_only or career.aloft is None:
            return career
        return replace(career, flights=career.flights[:-1])

    def _tests(self) -> Iterator[Callable[[Flight], bool]]:
        """What a flight must pass to count, whoever flew it."""
        if self.countries:
            yield lambda flight: flight.country in self.countries
        if self.agency:
            yield lambda flight: flight.agency == self.agency
        if self.station:
            yield lambda flight: self.station in flight.stations
        if self.family:
            yield lambda flight: flight.launch_mission.family == self.family
        if self.programme:
            yield lambda flight: flight.launch_mission.programme == self.programme
        if self.role:
            yield lambda flight: flight.role == self.role
        if self.first_only:
            yield lambda flight: flight.number == 1
        if self.launched_from:
            yield lambda flight: flight.launched_at.date() >= self.launched_from
        if self.launched_until:
            yield lambda flight: flight.launched_at.date() <= self.launched_until
        # Last, since most flights pass it.
        crossed = BOUNDARIES[BOUNDARIES.index(self.boundary) :]
        yield lambda flight: flight.launch_mission.boundary in crossed

    @property
    def active(self) -> dict[str, object]:
        """The fields that narrow something, by name."""
        plain = Category()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
