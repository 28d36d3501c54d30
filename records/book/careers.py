"""Careers: what each astronaut has flown, as of an instant."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from records.instants import FIRST_INSTANT, Precision, isoformat, latest

from .plain import plain
from .values import Unit, Value, elapsed, seconds_between

SECOND = timedelta(seconds=1)

STARTED_AT = attrgetter("started_at")
LAUNCHED_AT = attrgetter("launched_at")


class State(StrEnum):
    """What is known of a flight at an instant."""

    LANDED = "landed"
    IN_FLIGHT = "in_flight"
    PRESUMED = "presumed"
    UNCONFIRMED = "unconfirmed"

    @property
    def running(self) -> bool:
        """Whether the flight's clock runs."""
        return self in (State.IN_FLIGHT, State.PRESUMED)


#: How well a state is known, best first.
CERTAINTY = tuple(State)
#: Of which somebody has heard.
CONFIRMED = (State.LANDED, State.IN_FLIGHT)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The stewards' word: everyone's status is right as of `through_at`.

    A flight under way is taken as confirmed for `grace` longer.
    """

    through_at: datetime
    grace: timedelta

    @property
    def is_made(self) -> bool:
        """False for the one that stands in where nobody has confirmed anything."""
        return self.through_at > FIRST_INSTANT

    @property
    def written(self) -> str | None:
        """The instant as CSV and JSON write it."""
        return isoformat(self.through_at) if self.is_made else None

    @property
    def turns(self) -> tuple[datetime, datetime]:
        """The seconds from which on it is over, and its grace."""
        return self.through_at + SECOND, self.through_at + self.grace + SECOND

    def believed_until(self, plan_ends_at: datetime | None) -> datetime | None:
        """How long a flight under way with that plan is believed to last, without further word.

        Up to its planned landing; or, if it was confirmed after that had passed, for the grace.
        None if nothing ends it.
        """
        if plan_ends_at is not None and plan_ends_at < self.through_at:
            return self.through_at + self.grace
        return plan_ends_at


@plain(unsafe_hash=False)
class Astronaut:
    """Who a career belongs to. `country` is the code of the latest flight's, `lasting_name` the
    first slug they were public under, if that is another one by now."""

    slug: str
    name: str
    family_name: str
    sex: str
    country: str
    born_on: date | None = None
    birth_precision: Precision | None = None
    lasting_name: str = ""

    def __hash__(self):
        return hash(self.slug)

    @property
    def lasting_slug(self) -> str:
        """What they are called where a name must never change: in the ids of feeds."""
        return self.lasting_name or self.slug


@plain()
class Mission:
    """A spacecraft's voyage. `plan_ends_at` is when its planned landing has passed, if it has one:
    the end of the day or month that was named, as `plan_precision` says. `lasting_name` is as an
    astronaut's."""

    slug: str
    name: str
    programme: str
    family: str
    boundary: str
    launched_at: datetime
    launch_precision: Precision = Precision.SECOND
    landed_at: datetime | None = None
    landing_precision: Precision = Precision.SECOND
    plan_ends_at: datetime | None = None
    plan_precision: Precision = Precision.SECOND
    lost: bool = False
    stations: frozenset[str] = frozenset()
    lasting_name: str = ""

    @property
    def lasting_slug(self) -> str:
        return self.lasting_name or self.slug

    @property
    def launched_by(self) -> datetime:
        """The last second in which it can have been launched."""
        return latest(self.launched_at, self.launch_precision)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the craft has not landed though its planned landing has passed. In the database
        it is `records.models.missions.MissionQuerySet.overdue` that says so."""
        aloft = self.launched_at <= at and (self.landed_at is None or at < self.landed_at)
        return aloft and self.plan_ends_at is not None and self.plan_ends_at <= at

    def under_way(self, at: datetime, confirmation: Confirmation) -> tuple[State, datetime]:
        """What is known at the instant of a craft that has not landed; where its clock stands."""
        if at <= confirmation.through_at:
            return State.IN_FLIGHT, at
        limit = confirmation.believed_until(self.plan_ends_at)
        if limit is not None and at > limit:
            return State.UNCONFIRMED, limit
        if at <= confirmation.through_at + confirmation.grace:
            return State.IN_FLIGHT, at
        return State.PRESUMED, at

    def precision_of(self, state: State, until: datetime) -> Precision:
        """How well it is known where the clock of such a craft stands."""
        if state is State.UNCONFIRMED and until == self.plan_ends_at:
            return self.plan_precision
        return Precision.SECOND


class Moment(NamedTuple):
    """Something that happened: the first and the last instant at which it can have, and how well
    that is known."""

    first: datetime
    last: datetime
    precision: Precision


#: How far off a duration may be that is known about, in seconds.
ABOUT = 1_800

#: No spacewalk was longer, in seconds.
LONGEST_SPACEWALK = 36_000


def published_time(
    duration: timedelta | None, precision: str, margin: timedelta | None = None
) -> Value:
    """How long an EVA lasted by what its programme published.

    A published figure is the duration, to whatever unit it was published. One that is known only
    about may be `margin` more or less, half an hour where the source does not say; of one that
    nobody knows all that can be said is that none was ever longer than `LONGEST_SPACEWALK`.
    """
    if duration is None:
        most = LONGEST_SPACEWALK
        return Value(0, Unit.SECONDS, Precision.MINUTE, above=most, in_hours=True)
    seconds = round(duration.total_seconds())
    off = 0
    if precision == Precision.ABOUT:
        off = ABOUT if margin is None else round(margin.total_seconds())
    return Value(seconds, Unit.SECONDS, Precision(precision), min(off, seconds), off, in_hours=True)


@plain()
class Spacewalk:
    """One astronaut's part in one EVA; `time` is how long it lasted (`published_time`). `open` says
    that it may not have been over at the instant asked about."""

    slug: str
    started_at: datetime
    time: Value
    kind: str
    start_precision: Precision = Precision.MINUTE
    open: bool = False

    @property
    def seconds(self) -> int:
        return self.time.amount

    @property
    def ended_at(self) -> datetime:
        """The first instant at which it may have been over."""
        return self.started_at + timedelta(seconds=self.seconds - self.time.below)

    @property
    def turns(self) -> tuple[Moment]:
        """Its end. One that is known by the day is told by the day that it began on."""
        last = latest(self.started_at, self.start_precision) + timedelta(seconds=self.time.high)
        known = self.start_precision
        if not known.by_the_day:
            known = Precision.of_span(self.ended_at, last)
        return (Moment(self.ended_at, last, known),)

    def at(self, at: datetime) -> "Spacewalk | None":
        """The spacewalk as it stood at the instant; None before it may have been over. That is
        sure only once it would have been over however late it began and however long it was."""
        if self.ended_at > at:
            return None
        (end,) = self.turns
        if end.last <= at:
            return self
        time = replace(self.time, pending=self.seconds - self.time.below)
        return replace(self, time=time, open=True)

    def time_by(self, at: datetime) -> Value:
        """How long it had lasted by the instant, if it had begun."""
        if over := self.at(at):
            return over.time
        time = elapsed(self.started_at, self.start_precision, at)
        return replace(time, below=min(time.below, time.amount), in_hours=True)


@plain()
class Flight:
    """One trip, up on one mission, down on the same or another.

    `landed_at` is None while it is under way; `until` is where its clock stands: the landing, the
    instant asked about, or, for an unconfirmed flight, the end of what is believed. `time` is
    how long it has lasted by that clock, None before anybody has asked at an instant; a running
    clock is as good as the launch.
    `spacewalks_missing` says that some are known to have been made, or may have been, which are not
    among the `spacewalks`. `position` is the place in the crew, where a source gives the order.
    `asked_at` is the instant asked about where one of the ends is not known
    well enough to say that it had come by then; None elsewhere.
    """

    number: int
    launch_mission: Mission
    landing_mission: Mission | None
    country: str
    agency: str
    role: str
    launched_at: datetime
    landed_at: datetime | None
    until: datetime | None
    time: Value | None
    state: State
    spacewalks: tuple[Spacewalk, ...] = ()
    spacewalks_missing: bool = False
    position: int | None = None
    asked_at: datetime | None = None

    @classmethod
    def of(
        cls,
        launch_mission,
        landing_mission,
        *,
        number,
        country,
        agency,
        role,
        spacewalks=(),
        spacewalks_missing=False,
        position=None,
    ) -> "Flight":
        launched_at = launch_mission.launched_at
        landed_at = landing_mission.landed_at if landing_mission else None
        time = None
        if landed_at:
            # Known to the day it is that day's beginning, and nobody lands before the launch.
            landed_at = max(landed_at, launched_at + SECOND)
            time = elapsed(
                launched_at,
                launch_mission.launch_precision,
                landing_mission.landed_at,
                landing_mission.landing_precision,
            )
        return cls(
            number,
            launch_mission,
            landing_mission,
            country,
            agency,
            role,
            launched_at,
            landed_at,
            until=landed_at,
            time=time,
            state=State.LANDED if landed_at else State.IN_FLIGHT,
            spacewalks=tuple(sorted(spacewalks, key=STARTED_AT)) if spacewalks else (),
            spacewalks_missing=spacewalks_missing,
            position=position,
        )

    @property
    def seconds(self) -> int:
        """How long it has lasted by its clock."""
        return self.time.amount

    @property
    def precision(self) -> Precision:
        """The coarser of its two ends."""
        return self.time.precision if self.time else self.launch_mission.launch_precision

    @property
    def stations(self) -> frozenset[str]:
        """Stations visited by the ship up or the ship down."""
        if self.landing_mission is None:
            return self.launch_mission.stations
        return self.launch_mission.stations | self.landing_mission.stations

    @property
    def may_be_unlaunched(self) -> bool:
        """Whether its launch may come later than the instant asked about."""
        if self.asked_at is None:
            return False
        return self.asked_at < self.launch_mission.launched_by

    @property
    def may_be_aloft(self) -> bool:
        """Whether it has landed by what is written, but may land later than the instant asked
        about."""
        return self.asked_at is not None and self.landed_at is not None

    @property
    def turns(self) -> tuple[Moment, Moment]:
        """Its launch, and when its clock came to stand where it does."""
        up, end = self.launch_mission.launch_precision, self.until_precision
        return (
            Moment(self.launched_at, latest(self.launched_at, up), up),
            Moment(self.until, latest(self.until, end), end),
        )

    @property
    def landed_by(self) -> datetime | None:
        """The last second in which it can have landed."""
        if self.landed_at is None:
            return None
        down = self.landing_mission
        return max(latest(down.landed_at, down.landing_precision), self.landed_at)

    @property
    def ships(self) -> tuple[str, str]:
        """The ship up and the ship down, by slug."""
        down = self.landing_mission.slug if self.landing_mission else ""
        return self.launch_mission.slug, down

    @property
    def changed_ships(self) -> bool:
        return (
            self.landing_mission is not None
            and self.landing_mission.slug != self.launch_mission.slug
        )

    @property
    def lost(self) -> bool:
        """Whether it ended with the loss of the craft."""
        return self.landed_at is not None and self.landing_mission.lost

    @property
    def is_to_be_lost(self) -> bool:
        """Whether it ended with the loss of the craft, be it after the instant asked about."""
        return self.landing_mission is not None and self.landing_mission.lost

    @property
    def left_behind(self) -> bool:
        """Whether it is under way though the ship up has landed, and no other ship is known."""
        return (
            self.landed_at is None
            and self.landing_mission is None
            and self.launch_mission.landed_at is not None
        )

    @property
    def ship_down(self) -> Mission | None:
        """The mission down, as far as it is known where the clock stands: not by a landing that was
        still to come."""
        if self.landed_at is None and self.landing_mission and self.landing_mission.landed_at:
            return None
        return self.landing_mission

    @property
    def last_ship(self) -> Mission | None:
        """The ship that they came down on, or are on; None where the ship up has left without them
        and no other one is known."""
        down, up = self.ship_down, self.launch_mission
        if down and down.launched_at <= self.until:
            return down
        if up.landed_at is None or up.landed_at > self.until:
            return up
        return self.landing_mission

    @property
    def plan_ends_at(self) -> datetime | None:
        return self._last_ship.plan_ends_at

    @property
    def plan_precision(self) -> Precision:
        return self._last_ship.plan_precision

    @property
    def planned_landing_at(self) -> datetime | None:
        """The planned landing; of one known to the day or month an instant in it."""
        ends_at = self.plan_ends_at
        return ends_at - SECOND if ends_at and self.plan_precision.by_the_day else ends_at

    def is_overdue(self, at: datetime) -> bool:
        return self._last_ship.is_overdue(at)

    @property
    def _last_ship(self) -> Mission:
        """The ship down, as far as it is known; otherwise the ship up."""
        return self.landing_mission or self.launch_mission

    @property
    def until_precision(self) -> Precision:
        """How well it is known where the clock stands."""
        if self.landed_at is not None:
            return self.landing_mission.landing_precision
        return self._last_ship.precision_of(self.state, self.until)

    def parts(self) -> "Iterator[Flight]":
        """The flight with one spacewalk at a time; and with none, if some are missing."""
        for walk in self.spacewalks:
            yield replace(self, spacewalks=(walk,), spacewalks_missing=False)
        if self.spacewalks_missing:
            yield replace(self, spacewalks=())

    def at(self, at: datetime, confirmation: Confirmation) -> "Flight | None":
        """The flight as it stood at the instant; None before its launch.

        A spacewalk counts from its end on.
        """
        if self.launched_at > at:
            return None
        if self.landed_at is not None and self.landed_at <= at:
            return self if self.landed_by <= at else replace(self, asked_at=at)
        if self.landed_at is not None:
            # Its landing is known, so that it was aloft is certain.
            state, until = State.IN_FLIGHT, at
        else:
            state, until = self._last_ship.under_way(at, confirmation)
        time = elapsed(self.launched_at, self.launch_mission.launch_precision, until)
        if state is State.UNCONFIRMED:
            # It may have ended soon after the last confirmation, or go on to this day.
            since = max(self.launched_at, confirmation.through_at)
            stopped = self._last_ship.precision_of(state, until)
            known = Precision.coarsest((time.precision, stopped))
            below = time.below + max(0, seconds_between(since, until))
            time = replace(time, precision=known, below=below, above=seconds_between(until, at))
        return replace(
            self,
            landed_at=None,
            until=until,
            time=time,
            state=state,
            spacewalks=tuple(walk for one in self.spacewalks if (walk := one.at(at))),
            asked_at=at if at < self.launch_mission.launched_by else None,
        )


@plain()
class Career:
    """An astronaut's flights in order of time. `settled_at` is the instant from which nothing in
    it changes any more; None while a flight is under way. `precision` is that of whatever is known
    least well about how long anything lasted. `rows` keeps what was measured of a
    career that is over, by the key of the metric (`lines.final_row`)."""

    astronaut: Astronaut
    flights: tuple[Flight, ...]
    settled_at: datetime | None = None
    precision: Precision = Precision.SECOND
    rows: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, astronaut, flights) -> "Career":
        flights = tuple(sorted(flights, key=LAUNCHED_AT))
        known = [flight.precision for flight in flights]
        known += [walk.time.precision for flight in flights for walk in flight.spacewalks]
        settled_at = flights[-1].landed_by if flights else None
        return cls(astronaut, flights, settled_at, Precision.coarsest(known))

    @property
    def spacewalks(self) -> tuple[Spacewalk, ...]:
        return tuple(walk for flight in self.flights for walk in flight.spacewalks)

    @property
    def lost(self) -> bool:
        """Whether it ended with the loss of the craft."""
        return any(flight.lost for flight in self.flights)

    @property
    def aloft(self) -> Flight | None:
        """The flight under way, if there is one."""
        last = self.flights[-1] if self.flights else None
        return last if last and last.landed_at is None else None

    def at(self, at: datetime, confirmation: Confirmation) -> "Career":
        """The career as it stood at the instant."""
        if self.settled_at is not None and self.settled_at <= at:
            return self
        flights = (flight.at(at, confirmation) for flight in self.flights)
        return replace(self, flights=tuple(flight for flight in flights if flight))

    def turns(self, confirmation: Confirmation) -> Iterator[datetime]:
        """Instants from which on it is known to be another: launches, landings, ends of spacewalks,
        and the second in which a flight under way comes to be unconfirmed."""
        for flight in self.flights:
            yield flight.launched_at
            yield from (walk.ended_at for walk in flight.spacewalks)
            if flight.landed_at:
                yield flight.landed_at
            elif limit := confirmation.believed_until(flight.plan_ends_at):
                yield limit + SECOND

    def certain(self, confirmation: Confirmation) -> "Career":
        """The career with the clock of its flight under way stopped at the last confirmation."""
        *landed, last = self.flights
        until = max(last.launched_at, min(last.until, confirmation.through_at))
        time = elapsed(last.launched_at, last.launch_mission.launch_precision, until)
        return replace(self, flights=(*landed, replace(last, until=until, time=time)))

    def parts(self, each: str) -> "list[Career]":
        """The career cut up: a career for each "flight", or for each "spacewalk" of it, and one
        for those that are missing from a flight."""
        flights = self.flights
        if each == "spacewalk":
            flights = [part for flight in self.flights for part in flight.parts()]
        return [Career.of(self.astronaut, (flight,)) for flight in flights]
