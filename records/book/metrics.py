"""Metrics: what can be measured of a career. The one place to add one.

A metric is a function of a `Career` that returns a `Mark`, or None where there is nothing to
measure. Its docstring is the "how we count" that readers see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from inspect import cleandoc
from operator import attrgetter

from records.instants import Precision

from .careers import Career, Flight, Spacewalk, State
from .values import DAY, Unit, Value


@dataclass(frozen=True, slots=True)
class Mark:
    """What one career has reached: the value, since when, and the parts it is made of."""

    value: Value
    reached_at: datetime
    parts: tuple[Flight | Spacewalk, ...]

    @property
    def state(self) -> State:
        """The state of the flight under way that it rests on, if any."""
        for part in self.parts:
            if isinstance(part, Flight) and part.state is not State.LANDED:
                return part.state
        return State.LANDED


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a career. `grows` says whether it rises during a flight; `lowest_first` that
    the least value is the record, as with the youngest."""

    key: str
    title: str
    subject: str
    unit: Unit
    grows: bool
    lowest_first: bool
    how_we_count: str
    measure: Callable[[Career], Mark | None]

    @property
    def value_label(self) -> str:
        """Heading of a column of its values."""
        return "Time" if self.unit is Unit.SECONDS else "Number"

    def score(self, value: Value) -> int:
        """The greater, the better."""
        return -value.amount if self.lowest_first else value.amount

    def threshold_amount(self, threshold: int | None) -> int:
        """The least amount listed: days for durations, else the metric's own unit."""
        if threshold is None:
            return 1
        return threshold * DAY if self.unit is Unit.SECONDS else threshold


#: Every metric by its key.
METRICS: dict[str, Metric] = {}


def metric(*, title: str, subject: str, unit: Unit, grows=False, lowest_first=False):
    """Enter a function into the record book. `subject` begins the generated definition."""

    def enter(measure):
        key = measure.__name__.replace("_", "-")
        METRICS[key] = Metric(
            key, title, subject, unit, grows, lowest_first, cleandoc(measure.__doc__), measure
        )
        return measure

    return enter


@metric(
    title="Longest single flight",
    subject="The longest single flight of each astronaut",
    unit=Unit.SECONDS,
    grows=True,
)
def longest_flight(career):
    """From lift-off of the ship up to touchdown, splashdown or loss of the ship down, in UTC. A
    flight under way counts as far as it has come.
    """
    if not career.flights:
        return None
    # The first of equals: who flew as long again did not reach it later.
    best = max(career.flights, key=attrgetter("seconds"))
    value = Value(best.seconds, Unit.SECONDS, best.precision, best.at_least)
    return Mark(value, best.until, (best,))


@metric(
    title="Total time in space",
    subject="The sum of each astronaut's flights",
    unit=Unit.SECONDS,
    grows=True,
)
def total_time(career):
    """The sum of the flights, each from lift-off to landing to the second; a flight under way
    counts as far as it has come.
    """
    if not career.flights:
        return None
    flights = career.flights
    value = Value(
        sum(flight.seconds for flight in flights),
        Unit.SECONDS,
        Precision.coarsest([flight.precision for flight in flights]),
        any(flight.at_least for flight in flights),
    )
    return Mark(value, flights[-1].until, flights)


@metric(
    title="Number of flights",
    subject="The number of each astronaut's flights",
    unit=Unit.COUNT,
)
def number_of_flights(career):
    """A flight counts from its launch. Going up on one ship and down on another is one flight."""
    if not career.flights:
        return None
    value = Value(len(career.flights), Unit.COUNT)
    return Mark(value, career.flights[-1].launched_at, career.flights)


@metric(
    title="Number of spacewalks",
    subject="The number of each astronaut's spacewalks",
    unit=Unit.COUNT,
)
def number_of_spacewalks(career):
    """Every EVA that the sponsoring programme lists counts once for each of its crew, standing in
    the hatch, on the Moon and inside an unpressurised module included, from its end on.
    """
    walks = career.spacewalks
    if not walks:
        return None
    return Mark(Value(len(walks), Unit.COUNT), walks[-1].ended_at, walks)


@metric(
    title="Total spacewalk time",
    subject="The sum of each astronaut's spacewalks",
    unit=Unit.SECONDS,
)
def total_spacewalk_time(career):
    """The sum of the durations that the sponsoring programmes published, whole minutes as a rule;
    where one crew member's part was shorter, that part.
    """
    walks = career.spacewalks
    if not walks:
        return None
    total = sum(walk.seconds for walk in walks)
    return Mark(Value(total, Unit.SECONDS, Precision.MINUTE), walks[-1].ended_at, walks)


@metric(
    title="Longest spacewalk",
    subject="The longest single spacewalk of each astronaut",
    unit=Unit.SECONDS,
)
def longest_spacewalk(career):
    """The longest duration that a sponsoring programme published for one EVA of the astronaut."""
    walks = career.spacewalks
    if not walks:
        return None
    best = max(walks, key=attrgetter("seconds"))
    return Mark(Value(best.seconds, Unit.SECONDS, Precision.MINUTE), best.ended_at, (best,))
