"""Categories: which flights count. They narrow flights, never people."""

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
        """The career with only what counts; None if nothing does.

        Spacewalks count with the flight they were made on. What depends on the instant
        (`landed_only`) is left to `narrow_clipped`.
        """
        if self.sex and career.astronaut.sex != self.sex:
            return None
        flights = tuple(flight for flight in career.flights if self.admits(flight))
        if not flights:
            return None
        if len(flights) == len(career.flights):
            return career
        return Career.of(career.astronaut, flights)

    def narrow_clipped(self, career: Career) -> Career:
        """A career clipped to an instant, without the flight under way if that is left out."""
        if not self.landed_only or career.aloft is None:
            return career
        return replace(career, flights=career.flights[:-1])

    def admits(self, flight: Flight) -> bool:
        """Whether the flight counts, whoever flew it."""
        mission = flight.launch_mission
        return (
            mission.boundary in BOUNDARIES[BOUNDARIES.index(self.boundary) :]
            and (not self.countries or flight.country in self.countries)
            and (not self.agency or flight.agency == self.agency)
            and (not self.station or self.station in flight.stations)
            and (not self.family or mission.family == self.family)
            and (not self.programme or mission.programme == self.programme)
            and (not self.role or flight.role == self.role)
            and (not self.first_only or flight.number == 1)
            and (self.launched_from is None or flight.launched_at.date() >= self.launched_from)
            and (self.launched_until is None or flight.launched_at.date() <= self.launched_until)
        )

    @property
    def active(self) -> dict[str, object]:
        """The fields that narrow something, by name."""
        plain = Category()
        return {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
