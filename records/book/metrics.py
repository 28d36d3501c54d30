"""Metrics: what can be measured of a career. The one place to add one.

A metric is a function of a `Career` that returns a `Mark`, or None where there is nothing to
measure. Its docstring is the "how we count" that readers see.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from inspect import cleandoc
from itertools import pairwise
from operator import attrgetter

from records.instants import Precision, full_years, last_day

from .careers import Career, Flight, Spacewalk, State
from .crews import COMMANDERS
from .plain import plain
from .values import DAY, Unit, Value


@plain()
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

    @property
    def reached_precision(self) -> Precision:
        """How well `reached_at` is known, where something happened then."""
        known = []
        for part in self.parts:
            if isinstance(part, Spacewalk):
                ends = ((part.ended_at, part.start_precision),)
            else:
                ends = (
                    (part.launched_at, part.launch_mission.launch_precision),
                    (part.until, part.until_precision),
                )
            known += [precision for at, precision in ends if at == self.reached_at]
        return Precision.coarsest(known)

    @property
    def lost(self) -> bool:
        """Whether it rests on a flight that ended with the loss of the craft."""
        return any(isinstance(part, Flight) and part.lost for part in self.parts)


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a career. `grows` says whether it rises during a flight; `lowest_first` that
    the least value is the record, as with the youngest; `each` names the part ("flight" or
    "spacewalk") that can be listed by itself instead of each astronaut's best, and `each_subject`
    says so; `between` says what a value is that lies between flights and is not their sum. One
    without a `measure` counts people, not what one of them has reached (`population`).
    """

    key: str
    title: str
    subject: str
    unit: Unit
    grows: bool
    lowest_first: bool
    each: str
    how_we_count: str
    measure: Callable[[Career], Mark | None] | None
    each_subject: str = ""
    between: str = ""

    @property
    def counts_people(self) -> bool:
        return self.measure is None

    @property
    def value_label(self) -> str:
        """Heading of a column of its values."""
        return {Unit.SECONDS: "Time", Unit.DAYS: "Age", Unit.COUNT: "Number"}[self.unit]

    def score(self, value: Value) -> int:
        """The greater, the better."""
        return -value.amount if self.lowest_first else value.amount

    def is_rising(self, mark: Mark) -> bool:
        """Whether the mark is rising at the instant that it was measured at."""
        return self.grows and mark.state.running

    def threshold_amount(self, threshold: int | None) -> int:
        """The least amount listed, or the greatest where the lowest comes first. `threshold` is in
        days for durations, in years for ages, else a number; None lists all but zeros."""
        if threshold is None:
            return ENDLESS if self.lowest_first else 1
        if self.unit is Unit.SECONDS:
            return threshold * DAY
        if self.unit is Unit.DAYS:
            # Four years hold 1461 days; a birthday more or less does not matter to a listing.
            return threshold * 1461 // 4
        return threshold


#: More than any amount.
ENDLESS = 10**12

#: Every metric by its key.
METRICS: dict[str, Metric] = {}


def metric(
    *,
    title: str,
    subject: str,
    unit: Unit,
    grows=False,
    lowest_first=False,
    each="",
    each_subject="",
    between="",
):
    """Enter a function into the record book. `subject` begins the generated definition, and
    `each_subject` that of a list of every part; `between` as of a `Metric`."""

    def enter(measure):
        key = measure.__name__.replace("_", "-")
        METRICS[key] = Metric(
            key,
            title,
            subject,
            unit,
            grows,
            lowest_first,
            each,
            cleandoc(measure.__doc__),
            measure,
            each_subject,
            between,
        )
        return measure

    return enter


#: Those that only say what somebody has done, beside whom no rank or record is told.
PLAIN_METRICS = ("total-time", "number-of-flights", "number-of-spacewalks", "total-spacewalk-time")


@metric(
    title="Longest single flight",
    subject="The longest single flight of each astronaut",
    unit=Unit.SECONDS,
    grows=True,
    each="flight",
    each_subject="Every single flight by how long it lasted",
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
    subject="The sum of each astronaut’s flights",
    unit=Unit.SECONDS,
    grows=True,
)
def total_time(career):
    """The sum of the flights, each from lift-off to landing to the second; a flight under way
    counts as far as it has come.
    """
    if not career.flights:
        return None
    seconds, precision, at_least = 0, Precision.SECOND, False
    for flight in career.flights:
        seconds += flight.seconds
        at_least = at_least or flight.at_least
        if flight.precision.seconds > precision.seconds:
            precision = flight.precision
    value = Value(seconds, Unit.SECONDS, precision, at_least)
    return Mark(value, career.flights[-1].until, career.flights)


@metric(
    title="Number of flights",
    subject="The number of each astronaut’s flights",
    unit=Unit.COUNT,
)
def number_of_flights(career):
    """A flight counts from its launch. Going up on one ship and down on another is one flight."""
    return _count(career.flights)


@metric(
    title="Number of spacewalks",
    subject="The number of each astronaut’s spacewalks",
    unit=Unit.COUNT,
)
def number_of_spacewalks(career):
    """Every EVA that the sponsoring programme lists counts once for each of its crew, standing in
    the hatch, on the Moon and inside an unpressurised module included, from its end on. Where some
    are known to be missing in the data, the number reads “at least”.
    """
    walks = career.spacewalks
    if not walks:
        return None
    return _as_far_as_known(Mark(Value(len(walks), Unit.COUNT), walks[-1].ended_at, walks), career)


@metric(
    title="Total spacewalk time",
    subject="The sum of each astronaut’s spacewalks",
    unit=Unit.SECONDS,
)
def total_spacewalk_time(career):
    """The sum of the durations that the sponsoring programmes published, whole minutes as a rule;
    where one crew member's part was shorter, that part. Where spacewalks are known to be missing in
    the data, the sum reads “at least”.
    """
    return _as_far_as_known(_sum(career.spacewalks), career)


@metric(
    title="Longest spacewalk",
    subject="The longest single spacewalk of each astronaut",
    unit=Unit.SECONDS,
    each="spacewalk",
    each_subject="Each astronaut’s part in every spacewalk, by how long it lasted",
)
def longest_spacewalk(career):
    """The longest duration that a sponsoring programme published for one EVA of the astronaut.
    Where spacewalks are known to be missing in the data, it reads “at least”.
    """
    return _as_far_as_known(_longest(career.spacewalks), career)


@metric(
    title="Time walking on the Moon",
    subject="The sum of each astronaut’s walks on the Moon",
    unit=Unit.SECONDS,
)
def moonwalk_time(career):
    """The sum of the published durations of the EVAs on the Moon's surface, from opening to closing
    the hatch of the lander's cabin.
    """
    return _sum(_moonwalks(career))


@metric(
    title="Longest walk on the Moon",
    subject="The longest single walk on the Moon of each astronaut",
    unit=Unit.SECONDS,
    each="spacewalk",
    each_subject="Each astronaut’s part in every walk on the Moon, by how long it lasted",
)
def longest_moonwalk(career):
    """The longest published duration of one EVA on the Moon's surface."""
    return _longest(_moonwalks(career))


@metric(
    title="Longest gap between two flights",
    subject="The longest time on the ground between two flights of each astronaut",
    unit=Unit.SECONDS,
    between="From the landing to the next launch",
)
def longest_gap(career):
    """From a landing to the same astronaut's next launch among the flights that count."""
    pairs = list(pairwise(career.flights))
    if not pairs:
        return None
    landed, launched = max(pairs, key=lambda pair: pair[1].launched_at - pair[0].landed_at)
    precision = Precision.coarsest(
        (landed.landing_mission.landing_precision, launched.launch_mission.launch_precision)
    )
    seconds = round((launched.launched_at - landed.landed_at).total_seconds())
    # A landing known to the day is written as the day's first instant.
    value = Value(seconds, Unit.SECONDS, precision, at_most=landed.at_least)
    return Mark(value, launched.launched_at, (landed, launched))


@metric(
    title="Longest career in space",
    subject="The time from each astronaut’s first launch to the last landing",
    unit=Unit.SECONDS,
    grows=True,
    between="From the first launch to the last landing, or as far as it has come",
)
def longest_career(career):
    """From the first launch to the last landing among the flights that count, the years on the
    ground included; a flight under way counts as far as it has come.
    """
    if not career.flights:
        return None
    first, last = career.flights[0], career.flights[-1]
    precision = Precision.coarsest((first.launch_mission.launch_precision, last.precision))
    seconds = round((last.until - first.launched_at).total_seconds())
    value = Value(seconds, Unit.SECONDS, precision, last.at_least)
    return Mark(value, last.until, (first, last) if first is not last else (last,))


@metric(
    title="Missions commanded",
    subject="The number of missions that each astronaut commanded",
    unit=Unit.COUNT,
)
def missions_commanded(career):
    """Flights launched as commander of the ship or the mission. Commanding a station's crew is not
    in our data, and a payload commander commands no mission.
    """
    return _count([flight for flight in career.flights if flight.role in COMMANDERS])


@metric(
    title="Flights that came down on another ship",
    subject="The number of each astronaut’s flights that came down on another ship",
    unit=Unit.COUNT,
    each="flight",
    each_subject="Every flight that came down on another ship",
)
def ship_changes(career):
    """Flights that landed on another ship than they were launched on, from their landing on."""
    changed = [flight for flight in career.flights if flight.landed_at and flight.changed_ships]
    if not changed:
        return None
    return Mark(Value(len(changed), Unit.COUNT), changed[-1].landed_at, tuple(changed))


@metric(
    title="Oldest in space",
    subject="The age of each astronaut at the launch of the latest flight",
    unit=Unit.DAYS,
    each="flight",
    each_subject="The age of the astronaut at the launch of every single flight",
)
def oldest(career):
    """Age at launch in full years and days, by UTC dates. If only the month or the year of birth is
    known, the latest possible birthday is taken and the age reads “at least”.
    What is compared are the days lived: of two ages that read the same, one may have had a leap day
    more.
    """
    born_on = career.astronaut.born_on
    if not (career.flights and born_on):
        return None
    precision = career.astronaut.birth_precision
    vague = precision is not Precision.DAY
    if vague:
        born_on = last_day(born_on, precision)
    return _age(career.flights[-1], born_on, precision, at_least=vague)


@metric(
    title="Youngest in space",
    subject="The age of each astronaut at the launch of the first flight",
    unit=Unit.DAYS,
    lowest_first=True,
    each="flight",
    each_subject="The age of the astronaut at the launch of every single flight",
)
def youngest(career):
    """Age at launch in full years and days, by UTC dates. If only the month or the year of birth is
    known, the earliest possible birthday is taken and the age reads “at most”.
    What is compared are the days lived: of two ages that read the same, one may have had a leap day
    more.
    """
    born_on = career.astronaut.born_on
    if not (career.flights and born_on):
        return None
    precision = career.astronaut.birth_precision
    return _age(career.flights[0], born_on, precision, at_most=precision is not Precision.DAY)


def _age(flight, born_on, precision, **bound) -> Mark:
    day = flight.launched_at.date()
    years = full_years(born_on, day)
    birthday = born_on.year + years
    try:
        since = born_on.replace(year=birthday)
    except ValueError:  # Born on 29 February: the birthday of other years is 1 March.
        since = date(birthday, 3, 1)
    value = Value(
        (day - born_on).days, Unit.DAYS, precision, years=(years, (day - since).days), **bound
    )
    return Mark(value, flight.launched_at, (flight,))


def _as_far_as_known(mark: Mark | None, career: Career) -> Mark | None:
    """The mark, a lower bound where spacewalks of the career are missing."""
    if mark is None or not any(flight.spacewalks_missing for flight in career.flights):
        return mark
    return replace(mark, value=replace(mark.value, at_least=True))


def _moonwalks(career) -> tuple[Spacewalk, ...]:
    return tuple(walk for walk in career.spacewalks if walk.kind == "lunar-surface")


def _count(flights: Sequence[Flight]) -> Mark | None:
    """Flights, each counted from its launch."""
    if not flights:
        return None
    return Mark(Value(len(flights), Unit.COUNT), flights[-1].launched_at, tuple(flights))


def _sum(walks: tuple[Spacewalk, ...]) -> Mark | None:
    if not walks:
        return None
    value = _time_outside(sum(walk.seconds for walk in walks))
    return Mark(value, walks[-1].ended_at, walks)


def _longest(walks: tuple[Spacewalk, ...]) -> Mark | None:
    if not walks:
        return None
    best = max(walks, key=attrgetter("seconds"))
    return Mark(_time_outside(best.seconds), best.ended_at, (best,))


def _time_outside(seconds: int) -> Value:
    """Spacewalks are published in hours and minutes."""
    return Value(seconds, Unit.SECONDS, Precision.MINUTE, in_hours=True)


METRICS["people-aloft"] = Metric(
    "people-aloft",
    "Most people in space at once",
    "The times when the most people were in space at once",
    Unit.COUNT,
    grows=False,
    lowest_first=False,
    each="",
    how_we_count="Everyone on a flight that counts is in space from lift-off to landing. Each time "
    "between two launches or landings is listed by itself, with how many people were in space and "
    "for how long it lasted. Unconfirmed flights are not counted.",
    measure=None,
)
