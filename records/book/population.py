"""Population: how many people were in space at once, and for how long."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import field, replace
from datetime import datetime
from functools import cached_property

from records.instants import Precision, latest

from .careers import SECOND, Astronaut, Career, Confirmation, State
from .headcounts import Headcount
from .plain import plain
from .progression import ChangeKind, RecordChange
from .values import Value, extreme


@plain()
class Interval:
    """A time during which the same people were in space, from `begin` up to and without `end`.

    `end` is None for the one that still lasts. The precisions are those of the launches and
    landings that began and ended it. `headcount` says how many there were, at every second that
    surely belongs to it; in the seconds or on the day of its begin there were so many, or so many
    as before. Its `presumed` ones were so from the begin on. `state` is that of the flight of which
    least is known: presumed if one still lasts only on that presumption, unconfirmed if the end is
    somebody's planned landing, of which there is no word.
    """

    begin: datetime
    end: datetime | None
    headcount: Headcount
    roster: "Roster" = field(repr=False, compare=False)
    place: int = field(repr=False, compare=False)
    begin_precision: Precision = Precision.SECOND
    end_precision: Precision = Precision.SECOND
    state: State = State.LANDED

    @property
    def aboard(self) -> tuple[Astronaut, ...]:
        """Who was in space, sorted by slug."""
        return self.roster.aboard(self.place)

    @property
    def count(self) -> int:
        return self.headcount.count

    @property
    def value(self) -> Value:
        return self.headcount.value


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


@plain()
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
    late, staying = Windows(), Windows()
    # From when to when people were presumed to be there, and from when on not even that.
    presumed, unconfirmed, given_up = Windows(), Windows(), set()
    graced = confirmation.through_at + confirmation.grace
    for career in careers:
        for flight in career.flights:
            clipped = flight.at(at, confirmation)
            if clipped is None:
                continue
            up, down = clipped.launch_mission, clipped.landing_mission
            launched[clipped.launched_at].append(career.astronaut)
            known[clipped.launched_at].append(up.launch_precision)
            if up.launch_precision is not Precision.SECOND:
                late.add(clipped.launched_at, latest(up.launched_at, up.launch_precision))
            if clipped.state is State.UNCONFIRMED:
                end, precision = clipped.until + SECOND, clipped.precision
                given_up.add(end)
                unconfirmed.add(end, at)
            elif clipped.landed_at:
                end, precision = clipped.landed_at, down.landing_precision
                if precision is not Precision.SECOND:
                    staying.add(end, clipped.landed_by)
            else:
                end = None
            if flight.landed_at is None:
                presumed.add(max(graced + SECOND, clipped.launched_at), clipped.until)
            if end:
                landed[end].append(career.astronaut)
                known[end].append(precision)
    instants = sorted(launched.keys() | landed.keys())
    roster = Roster()
    precisions = [Precision.coarsest(known[instant]) for instant in instants]
    found = []
    for place, (begin, end) in enumerate(zip(instants, [*instants[1:], None], strict=False)):
        last = end - SECOND if end else at
        # A launch or a landing that the interval begins with, and that is over before it ends, is
        # what the precision of the begin says; unless both could come first.
        settled = not (launched[begin] and landed[begin])
        headcount = Headcount(
            roster.change(landed[begin], launched[begin]),
            presumed=presumed.over(begin),
            unconfirmed=unconfirmed.over(begin),
            unlaunched=late.met(begin, last, settled=settled),
            landing=staying.met(begin, last, settled=settled),
        )
        lasts = State.PRESUMED if end is None and presumed.over(at) else State.LANDED
        found.append(
            Interval(
                begin,
                end,
                headcount,
                roster,
                place,
                precisions[place],
                precisions[place + 1] if end else Precision.SECOND,
                State.UNCONFIRMED if end in given_up else lasts,
            )
        )
    return found


class Windows:
    """Spans of time, each from its first second to its last one."""

    def __init__(self):
        self._firsts: list[datetime] = []
        self._lasts: list[datetime] = []
        self._begun: dict[datetime, list[datetime]] = defaultdict(list)

    def add(self, first: datetime, last: datetime) -> None:
        if first <= last:
            insort(self._firsts, first)
            insort(self._lasts, last)
            insort(self._begun[first], last)

    def over(self, at: datetime) -> int:
        """How many the instant lies in."""
        return self.met(at, at, settled=False)

    def met(self, begin: datetime, last: datetime, *, settled: bool) -> int:
        """How many have a second between the two; if `settled`, without those that begin with the
        first one and are over by the last."""
        found = bisect_right(self._firsts, last) - bisect_left(self._lasts, begin)
        over = bisect_right(self._begun.get(begin, ()), last) if settled else 0
        return found - over


class Census:
    """How many were in space over time, up to an instant. `careers` are narrowed to what counts."""

    def __init__(self, careers: Iterable[Career], at: datetime, confirmation: Confirmation):
        self.intervals = intervals(careers, at, confirmation)

    @cached_property
    def standings(self) -> list[PopulationStanding]:
        return population_standings(self.intervals)

    @cached_property
    def most(self) -> Value:
        """The greatest number of people at once, between the least and the most it can have been;
        0 before the first launch."""
        found = [one.headcount.widest for one in self.intervals] or [Headcount().widest]
        return extreme(found, max)

    @cached_property
    def series(self) -> list[tuple[datetime, Value]]:
        """(instant, people in space from then on), for drawing; between the least and the most that
        it can have been, whatever became of those of whom nobody has heard."""
        return [(one.begin, one.headcount.widest) for one in self.intervals]


def population_standings(found: list[Interval]) -> list[PopulationStanding]:
    """Intervals with anybody in space, the most crowded first; shared ranks, older ones first."""
    peopled = [interval for interval in found if interval.count]
    peopled.sort(key=lambda interval: (-interval.count, interval.begin))
    tally = Counter(interval.count for interval in peopled)
    # Those of which nothing is open: only they are level for certain.
    exact = Counter(one.count for one in peopled if one.headcount.is_sure)
    ranks: dict[int, int] = {}
    for place, interval in enumerate(peopled, start=1):
        ranks.setdefault(interval.count, place)
    lows = sorted(interval.headcount.least for interval in peopled)
    highs = sorted(interval.headcount.most for interval in peopled)
    rows = []
    for interval in peopled:
        found, rank, shared = interval.headcount, ranks[interval.count], tally[interval.count]
        level = exact[interval.count] if found.is_sure else 1
        ahead = len(lows) - bisect_right(lows, found.most)
        not_behind = len(highs) - bisect_left(highs, found.least)
        rows.append(
            PopulationStanding(
                rank,
                shared > 1,
                interval,
                best=min(rank, ahead + 1),
                worst=max(rank, not_behind - level + 1),
                sure=rank == ahead + 1 and not_behind - ahead == level == shared,
            )
        )
    return rows


def population_progression(found: list[Interval], *, least: int = 1) -> list[RecordChange]:
    """The record's steps: each time as many as ever, or more, came to be in space at once.

    A step's holders are those aboard; it lasts until the mark was equalled or broken. Fewer than
    `least` are no record. The value of a step lies between the most that had surely been in space
    at once by then and the most that can have been; where that leaves open whether there were as
    many as ever, or more, the mark has `perhaps` been broken. Of those whom nobody has confirmed
    any more none breaks a record.
    """
    steps: list[RecordChange] = []
    sure = possible = was = 0
    for interval in found:
        count, before, was = interval.count, was, interval.count
        low, high = interval.value.low, interval.value.high
        last = steps[-1] if steps else None
        best = last.value.amount if last else max(least, 1)
        newly = count > best or (count == best and (last is None or before < count))
        if not newly and (last is None or high <= possible):
            sure, possible = max(sure, low), max(possible, high)
            continue
        kind = _kind(interval, last, sure, possible)
        sure, possible = max(sure, low), max(possible, high)
        amount = max(best, count)
        value = replace(interval.value, amount=amount, below=amount - sure, above=possible - amount)
        if last:
            steps[-1] = replace(last, until=interval.begin)
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
                reached=interval.begin_precision,
            )
        )
    return steps


def _kind(interval: Interval, last: RecordChange | None, sure: int, possible: int) -> ChangeKind:
    """What an interval did to a record that lay between the two numbers before it."""
    low, high = interval.value.low, interval.value.high
    if last is None:
        return ChangeKind.FIRST
    if low > possible:
        return ChangeKind.BROKEN
    if low == high == sure == possible:
        return ChangeKind.EQUALLED
    return ChangeKind.PERHAPS
