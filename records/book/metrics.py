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

from records.instants import Precision, full_years, last_day, latest

from .careers import Astronaut, Career, Flight, Moment, Spacewalk, State
from .crews import COMMANDERS
from .plain import plain
from .values import DAY, ENDLESS, Unit, Value, elapsed, longest, total


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
    def reached_by(self) -> datetime:
        """The last instant at which it can have been reached: `reached_at` is the first one. Of
        several parts the one that is known less well may have been the last."""
        return max((turn.last for turn in self._turns), default=self.reached_at)

    @property
    def reached_precision(self) -> Precision:
        """How well `reached_at` is known, where something happened then."""
        return Precision.coarsest(turn.precision for turn in self._turns)

    @property
    def _turns(self) -> list[Moment]:
        """What of its parts may have been the last to happen."""
        turns = (turn for part in self.parts for turn in part.turns)
        return [turn for turn in turns if turn.first <= self.reached_at <= turn.last]

    @property
    def lost(self) -> bool:
        """Whether it rests on a flight that ended with the loss of the craft."""
        return any(isinstance(part, Flight) and part.lost for part in self.parts)


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of a career. `grows` says whether it rises during a flight; `lowest_first` that
    the least value is the record, as with the youngest; `each` names the part ("flight" or
    "spacewalk") that can be listed by itself instead of each astronaut's best, and `each_subject`
    says so; `between` says what a value is that lies between flights and is not their sum; `needs`
    what must be known of somebody to be ranked, "birth dates". One
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
    needs: str = ""

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


#: The greatest threshold that is taken: days, years or a number.
GREATEST_THRESHOLD = 100_000

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
    needs="",
):
    """Enter a function into the record book. `subject` begins the generated definition, and
    `each_subject` that of a list of every part; `between` and `needs` as of a `Metric`."""

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
            needs,
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
    return Mark(longest([flight.time for flight in career.flights]), best.until, (best,))


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
    value = total([flight.time for flight in career.flights])
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
    walks, mark = career.spacewalks, None
    if walks:
        value = Value(len(walks), Unit.COUNT, pending=sum(walk.open for walk in walks))
        mark = Mark(value, walks[-1].ended_at, walks)
    return _as_far_as_known(mark, career, Unit.COUNT)


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
    value = longest(
        [
            elapsed(
                down.landed_at,
                down.landing_mission.landing_precision,
                up.launched_at,
                up.launch_mission.launch_precision,
            )
            for down, up in pairs
        ]
    )
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
    if first is last:
        return Mark(last.time, last.until, (last,))
    known = last.until_precision if last.landed_at else Precision.SECOND
    value = elapsed(first.launched_at, first.launch_mission.launch_precision, last.until, known)
    if last.landed_at is None:
        # Its clock is as well known as that of the flight under way.
        below, above = value.below + last.time.below, value.above + last.time.above
        precision = Precision.coarsest((value.precision, last.precision))
        value = replace(value, precision=precision, below=below, above=above)
    return Mark(value, last.until, (first, last))


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
    value = Value(len(changed), Unit.COUNT, pending=sum(one.may_be_aloft for one in changed))
    return Mark(value, changed[-1].landed_at, tuple(changed))


@metric(
    title="Oldest in space",
    subject="The age of each astronaut at the launch of the latest flight",
    unit=Unit.DAYS,
    each="flight",
    each_subject="The age of the astronaut at the launch of every single flight",
    needs="birth dates",
)
def oldest(career):
    """Age at launch in full years and days, by UTC dates. If only the month or the year of birth is
    known, the latest possible birthday is taken and the age reads “at least”.
    What is compared are the days lived: of two ages that read the same, one may have had a leap day
    more.
    """
    if not (career.flights and career.astronaut.born_on):
        return None
    return _age(career.astronaut, career.flights[-1], least=True)


@metric(
    title="Youngest in space",
    subject="The age of each astronaut at the launch of the first flight",
    unit=Unit.DAYS,
    lowest_first=True,
    each="flight",
    each_subject="The age of the astronaut at the launch of every single flight",
    needs="birth dates",
)
def youngest(career):
    """Age at launch in full years and days, by UTC dates. If only the month or the year of birth is
    known, the earliest possible birthday is taken and the age reads “at most”.
    What is compared are the days lived: of two ages that read the same, one may have had a leap day
    more.
    """
    if not (career.flights and career.astronaut.born_on):
        return None
    return _age(career.astronaut, career.flights[0], least=False)


def _age(astronaut: Astronaut, flight: Flight, *, least: bool) -> Mark:
    """The age at the launch of the flight: the `least` that it can have been, or the most."""
    mission, precision = flight.launch_mission, astronaut.birth_precision
    born = (astronaut.born_on, last_day(astronaut.born_on, precision))
    launched = (
        mission.launched_at.date(),
        latest(mission.launched_at, mission.launch_precision).date(),
    )
    low, high = (launched[0] - born[1]).days, (launched[1] - born[0]).days
    years, days = _full_years(born[1], launched[0]) if least else _full_years(born[0], launched[1])
    if precision.by_the_year and full_years(born[1], launched[0]) == full_years(
        born[0], launched[1]
    ):
        days = None
    amount = low if least else high
    value = Value(amount, Unit.DAYS, precision, amount - low, high - amount, years=(years, days))
    return Mark(value, flight.launched_at, (flight,))


def _full_years(born_on: date, day: date) -> tuple[int, int]:
    """The full years of an age, and the days beyond."""
    years = full_years(born_on, day)
    birthday = born_on.year + years
    try:
        since = born_on.replace(year=birthday)
    except ValueError:  # Born on 29 February: the birthday of other years is 1 March.
        since = date(birthday, 3, 1)
    return years, (day - since).days


def _as_far_as_known(mark: Mark | None, career: Career, unit=Unit.SECONDS) -> Mark | None:
    """The mark, a lower bound where spacewalks of the career are missing; of who has no other, it
    is not known."""
    if not any(flight.spacewalks_missing for flight in career.flights):
        return mark
    if mark is None:
        return Mark(Value(0, unit, above=ENDLESS), career.flights[-1].launched_at, ())
    return replace(mark, value=replace(mark.value, above=ENDLESS))


def _moonwalks(career) -> tuple[Spacewalk, ...]:
    return tuple(walk for walk in career.spacewalks if walk.kind == "lunar-surface")


def _count(flights: Sequence[Flight]) -> Mark | None:
    """Flights, each counted from its launch."""
    if not flights:
        return None
    pending = sum(flight.may_be_unlaunched for flight in flights)
    value = Value(len(flights), Unit.COUNT, pending=pending)
    return Mark(value, flights[-1].launched_at, tuple(flights))


def _sum(walks: tuple[Spacewalk, ...]) -> Mark | None:
    if not walks:
        return None
    return Mark(total([walk.time for walk in walks]), walks[-1].ended_at, walks)


def _longest(walks: tuple[Spacewalk, ...]) -> Mark | None:
    if not walks:
        return None
    best = max(walks, key=attrgetter("seconds"))
    return Mark(longest([walk.time for walk in walks]), best.ended_at, (best,))


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
