"""Population: how many people were in space at once, and for how long."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from records.instants import Precision, latest

from .careers import SECOND, Astronaut, Career, Confirmation, State
from .progression import ChangeKind, RecordChange
from .values import Unit, Value


@dataclass(frozen=True, slots=True)
class Interval:
    """A time during which the same people were in space, from `begin` up to and without `end`.

    `end` is None for the one that still lasts. The precisions are those of the launches and
    landings that began and ended it. An unconfirmed flight is not counted. So many as `below` may
    not have been launched yet in truth, and `above` more not have landed.
    """

    begin: datetime
    end: datetime | None
    count: int
    roster: "Roster" = field(repr=False, compare=False)
    place: int = field(repr=False, compare=False)
    begin_precision: Precision = Precision.SECOND
    end_precision: Precision = Precision.SECOND
    below: int = 0
    above: int = 0

    @property
    def aboard(self) -> tuple[Astronaut, ...]:
        """Who was in space, sorted by slug."""
        return self.roster.aboard(self.place)

    @property
    def value(self) -> Value:
        return Value(self.count, Unit.COUNT, below=self.below, above=self.above)


class Roster:
    """Who was in space in one interval after another: written out now and then, and in between
    only who came and went, since a crowd of a thousand changes thousands of times."""

    EVERY = 32

    def __init__(self):
        self._written: list[tuple[Astronaut, ...]] = []
        self._changes: list[tuple[list[Astronaut], list[Astronaut]]] = []
        self._now: dict[str, Astronaut] = {}

    def change(self, landed: list[Astronaut], launched: list[Astronaut]) -> int:
        """Begin the next interval. How many are in space in it."""
        # Landings first: who lands and is launched again in one second is aboard.
        _apply(self._now, landed, launched)
        if len(self._changes) % self.EVERY == 0:
            self._written.append(tuple(self._now.values()))
        self._changes.append((landed, launched))
        return len(self._now)

    def aboard(self, place: int) -> tuple[Astronaut, ...]:
        """Who was in space in the interval of that number, sorted by slug."""
        written, more = divmod(place, self.EVERY)
        people = {one.slug: one for one in self._written[written]}
        for landed, launched in self._changes[place - more + 1 : place + 1]:
            _apply(people, landed, launched)
        return tuple(people[slug] for slug in sorted(people))


def _apply(people: dict[str, Astronaut], landed, launched) -> None:
    for astronaut in landed:
        people.pop(astronaut.slug, None)
    for astronaut in launched:
        people[astronaut.slug] = astronaut


@dataclass(frozen=True, slots=True)
class PopulationStanding:
    """One row of the board: the rank (shared where `tied`) and the interval. What is sure of the
    rank is as of a `Standing`."""

    rank: int
    tied: bool
    interval: Interval
    best: int
    worst: int
    sure: bool

    @property
    def value(self) -> Value:
        return self.interval.value

    @property
    def settled(self) -> bool:
        """As of a `Standing`: nobody else is left out."""
        return self.sure


def intervals(
    careers: Iterable[Career], at: datetime, confirmation: Confirmation
) -> list[Interval]:
    """Every interval up to the instant, in order of time, those with nobody in space included.

    `careers` are narrowed to what counts. Empty before the first launch.
    """
    launched, landed = defaultdict(list), defaultdict(list)
    known = defaultdict(list)
    late, staying = [], []
    for career in careers:
        for flight in career.flights:
            clipped = flight.at(at, confirmation)
            if clipped is None:
                continue
            launched[clipped.launched_at].append(career.astronaut)
            up = clipped.launch_mission
            known[clipped.launched_at].append(up.launch_precision)
            if up.launch_precision is not Precision.SECOND:
                late.append((up.launched_at, latest(up.launched_at, up.launch_precision)))
            if clipped.state is State.UNCONFIRMED:
                end, precision = clipped.until + SECOND, clipped.precision
            elif clipped.landed_at:
                end, precision = clipped.landed_at, clipped.landing_mission.landing_precision
                if precision is not Precision.SECOND:
                    staying.append((end, clipped.landed_by))
            else:
                continue
            landed[end].append(career.astronaut)
            known[end].append(precision)
    instants = sorted(launched.keys() | landed.keys())
    roster = Roster()
    precisions = [Precision.coarsest(known[instant]) for instant in instants]
    return [
        Interval(
            begin,
            end,
            roster.change(landed[begin], launched[begin]),
            roster,
            place,
            precisions[place],
            precisions[place + 1] if end else Precision.SECOND,
            below=_touched(late, begin, end),
            above=_touched(staying, begin, end),
        )
        for place, (begin, end) in enumerate(zip(instants, [*instants[1:], None], strict=False))
    ]


def _touched(
    windows: list[tuple[datetime, datetime]], begin: datetime, end: datetime | None
) -> int:
    """How many of the windows, from the first instant to the last one possible, the interval
    meets; without those that it begins with and outlasts, as its begin is known no better."""
    return sum(
        begin <= last
        and (end is None or first < end)
        and not (begin == first and (not end or end > last))
        for first, last in windows
    )


class Census:
    """How many were in space over time, up to an instant. `careers` are narrowed to what counts."""

    def __init__(self, careers: Iterable[Career], at: datetime, confirmation: Confirmation):
        self.intervals = intervals(careers, at, confirmation)

    @cached_property
    def standings(self) -> list[PopulationStanding]:
        return population_standings(self.intervals)

    @cached_property
    def series(self) -> list[tuple[datetime, int]]:
        """(instant, people in space from then on), for drawing."""
        return [(interval.begin, interval.count) for interval in self.intervals]


def population_standings(found: list[Interval]) -> list[PopulationStanding]:
    """Intervals with anybody in space, the most crowded first; shared ranks, older ones first."""
    peopled = [interval for interval in found if interval.count]
    peopled.sort(key=lambda interval: (-interval.count, interval.begin))
    tally: dict[int, int] = {}
    for interval in peopled:
        tally[interval.count] = tally.get(interval.count, 0) + 1
    ranks: dict[int, int] = {}
    for place, interval in enumerate(peopled, start=1):
        ranks.setdefault(interval.count, place)
    lows = sorted(interval.value.low for interval in peopled)
    highs = sorted(interval.value.high for interval in peopled)
    return [
        _standing(interval, ranks[interval.count], tally[interval.count], lows, highs)
        for interval in peopled
    ]


def _standing(interval: Interval, rank: int, level: int, lows: list[int], highs: list[int]):
    ahead = len(lows) - bisect_right(lows, interval.value.high)
    not_behind = len(highs) - bisect_left(highs, interval.value.low)
    return PopulationStanding(
        rank,
        level > 1,
        interval,
        best=min(rank, ahead + 1),
        worst=max(rank, not_behind),
        sure=rank == ahead + 1 and not_behind - ahead == level,
    )


def population_progression(found: list[Interval], *, least: int = 1) -> list[RecordChange]:
    """The record's steps: each time as many as ever, or more, came to be in space at once.

    A step's holders are those aboard; it lasts until the mark was equalled or broken. Fewer than
    `least` are no record.
    """
    steps: list[RecordChange] = []
    best = 0
    previous = 0
    for interval in found:
        count, was = interval.count, previous
        previous = count
        if count < max(best, least, 1) or (count == best and was >= count):
            continue
        last = steps[-1] if steps else None
        if last:
            steps[-1] = replace(last, until=interval.begin)
        kind = (
            ChangeKind.FIRST
            if last is None
            else ChangeKind.BROKEN
            if count > best
            else ChangeKind.EQUALLED
        )
        value = Value(count, Unit.COUNT)
        steps.append(
            RecordChange(
                kind,
                interval.aboard,
                passed_at=interval.begin,
                sealed_at=interval.begin,
                until=None,
                began=value,
                value=value,
                before=last.value if last else None,
                rising=False,
            )
        )
        best = count
    return steps
