"""Forecasts: what the flights under way will pass, and when. Arithmetic, no guesses.

In flight a value rises by a second each second, at once or from when the flight outdoes what the
astronaut had reached before. So the instant at which it passes a value that stands still is known
exactly, if the flight lasts as long; it does not depend on when one asks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from records.instants import Precision

from .careers import Astronaut, Career, Confirmation, Flight, State
from .lines import (
    NO_DOUBT,
    Doubt,
    Piece,
    Row,
    blur_of,
    instant_of,
    measured,
    rank_of,
    row_at,
    second_of,
)
from .metrics import ENDLESS
from .rules import Rule
from .standings import Board, row_key, standings
from .values import Value

#: What readers are told of forecasts.
HOW_WE_FORECAST = (
    "A forecast is arithmetic. In flight a value rises by a second each second, so the instant at "
    "which it passes one that stands still is known, if the flight lasts as long: it is the first "
    "second in which the astronaut stands ahead at the coarser precision of the two values. "
    "Whoever is rising too rises as fast and is not passed. A flight that is unconfirmed is told "
    "no future; its stopped clock is not passed, but holds its place. The planned landing says "
    "whether it comes first, and by how much the flight then falls short. A place that could turn "
    "out otherwise, since some value is not known exactly, is told “as far as is known”."
)

#: Longer than anybody can be expected to stay in space, in seconds.
AGE = 100 * 366 * 86_400


class Outlook(StrEnum):
    """What must happen for a milestone to come true."""

    EXPECTED = "expected"  # The planned landing comes later.
    NEEDS_EXTENSION = "needs_extension"  # The planned landing comes first.
    OPEN = "open"  # No planned landing is known.


@dataclass(frozen=True, slots=True)
class Milestone:
    """One place ahead: whom the astronaut passes, from which second on, and to which rank.

    `passed` are all whom the astronaut passes in that second, by family name, and `value` is the
    best of theirs; nobody is passed where the astronaut only joins a leaderboard that begins at a
    threshold, which is then the value. `rank` is the one reached, shared with anybody who is level
    then. `flight` is the one under way. `slack` is the planned landing less the milestone: negative
    by how much it falls short, None without a plan. `presumed` repeats that the flight itself is
    not confirmed, `own_precision` is how well the astronaut's own value is known. `sure` says that
    in every true history in which the flights go on it comes so: those are passed then, as well as
    the instant is known, and that is the rank.
    """

    leaderboard: Rule
    astronaut: Astronaut
    passed: tuple[Astronaut, ...]
    value: Value
    rank: int
    passes_at: datetime
    plan_ends_at: datetime | None
    slack: timedelta | None
    presumed: bool
    flight: Flight
    own_precision: Precision = Precision.SECOND
    sure: bool = field(default=True, compare=False)

    @property
    def outlook(self) -> Outlook:
        if self.slack is None:
            return Outlook.OPEN
        return Outlook.EXPECTED if self.slack >= timedelta(0) else Outlook.NEEDS_EXTENSION

    @property
    def precision(self) -> Precision:
        """How well the instant is known: no better than what is compared."""
        known = (self.value.precision, self.flight.precision, self.own_precision)
        return Precision.coarsest(known)

    @property
    def takes_record(self) -> bool:
        return self.rank == 1

    @property
    def joins(self) -> bool:
        """Whether it is only the beginning of the list that is reached."""
        return not self.passed


@dataclass(frozen=True, slots=True)
class Look:
    """What one wants to know ahead: the next `places` of everyone, and beyond them those that lead
    to a rank up to `top`, as far as a flight can be expected to last. `latest` tells the instant
    for a flight; without it there is no end. `only` are the slugs of those asked about, None for
    everyone."""

    places: int = 3
    top: int = 0
    latest: Callable[[Flight], datetime] | None = None
    only: frozenset[str] | None = None


def forecast(
    leaderboard: Rule,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    look: Look = Look(),
) -> list[Milestone]:
    """The milestones of everyone whose flight goes on at the instant, by instant. `careers` are
    already narrowed to the category."""
    if not leaderboard.metric.grows:
        return []
    careers = list(careers)
    table = standings(leaderboard, careers, at, confirmation)
    return Forecast(table, careers).milestones(look)


@dataclass(frozen=True, slots=True)
class Climber:
    """Someone whose flight goes on.

    `now` is the row at present (None if not listed); once the flight outdoes it, the value rises
    along `rise` for as long as the flight lasts. `stops` is the second at which the clock stops
    unless somebody confirms that it goes on.
    """

    now: Row | None
    rise: Piece
    stops: int

    @property
    def astronaut(self) -> Astronaut:
        return self.rise.row.career.astronaut

    @property
    def flight(self) -> Flight:
        return self.rise.row.career.aloft

    def is_rising(self, second: int) -> bool:
        """Whether the flight has come as far as what was reached before."""
        return self.now is None or self.rise.score_at(second) >= self.now.amount

    def amount_at(self, second: int) -> int:
        """What there is at the second, if the flight lasts as long."""
        return self.rise.score_at(second) if self.is_rising(second) else self.now.amount

    def row_at(self, second: int) -> Row:
        """The row at the second, if the flight lasts as long."""
        return self.rise.row_at(second) if self.is_rising(second) else self.now

    def low_at(self, second: int) -> int:
        """The least that there can be at the second: nobody may have heard of a landing."""
        if self.flight.state is State.PRESUMED:
            return self.now.low if self.now else -ENDLESS
        return self.row_at(min(second, self.stops)).low

    def has_yet_to_pass(self, row: Row) -> bool:
        """Whether the present row is not yet ahead of one that stands still."""
        if self.now is None:
            return True
        step = max(self.now.step, row.step)
        return self.now.amount // step <= row.amount // step


def _climber(table: Board, career: Career) -> Climber | None:
    """None for someone whose clock does not run."""
    rule, at, confirmation = table.leaderboard, table.at, table.confirmation
    begun = rule.category.narrow_clipped(career.at(at, confirmation))
    aloft = begun.aloft
    if aloft is None or not aloft.state.running:
        return None
    time = replace(aloft.time, amount=aloft.seconds + AGE)
    later = replace(aloft, until=aloft.until + timedelta(seconds=AGE), time=time)
    old = replace(begun, flights=(*begun.flights[:-1], later))
    far = measured(rule.metric, old, career, confirmation)
    if far is None or not far.running:
        return None
    row = Row(far.mark, far.score, begun, career, running=True)
    second, limit = second_of(at), confirmation.believed_until(aloft.plan_ends_at)
    return Climber(
        now=row_at(rule, career, at, confirmation),
        rise=Piece(second, row, far.amount - AGE - second),
        stops=second_of(limit) if limit else ENDLESS,
    )


class Rung(NamedTuple):
    """An amount to be reached, and who is passed there: rows that stand still for good, and
    climbers who do so for the time being."""

    amount: int
    rows: list[Row]
    climbers: list[Climber]


class Forecast:
    """What the flights under way will pass, by the standings at an instant, of a metric that grows
    in flight. `careers` are those that the standings compare.

    Only values that stand still can be passed: who is rising too rises as fast. A flight that
    nobody has confirmed is told no future, and its stopped clock is not passed but does hold its
    place. Scores are amounts: what grows is never counted backwards.
    """

    def __init__(self, table: Board, careers: Iterable[Career]):
        self.table, self.second = table, second_of(table.at)
        found = (
            _climber(table, one)
            for one in careers
            if one.settled_at is None or one.settled_at > table.at
            if one.flights[0].launched_at <= table.at
        )
        self.climbers = [climber for climber in found if climber]

    def milestones(self, look: Look) -> list[Milestone]:
        """What is ahead, by instant."""
        found = [
            milestone
            for climber in self.climbers
            if look.only is None or climber.astronaut.slug in look.only
            for milestone in self._ahead(climber, look)
        ]
        return sorted(found, key=lambda one: (one.passes_at, one.rank, one.astronaut.slug))

    @cached_property
    def still(self) -> list[Row]:
        """Rows that stand still and are certain, best first."""
        each = self.table.leaderboard.each
        climbing = {row_key(one.rise.row.career, each) for one in self.climbers}
        return [
            row
            for row in self.table.rows
            if not row.unconfirmed and row_key(row.career, each) not in climbing
        ]

    @cached_property
    def stopped(self) -> list[Row]:
        """Rows that nobody has confirmed."""
        return [row for row in self.table.rows if row.unconfirmed]

    @cached_property
    def margin(self) -> int:
        """So far apart, two rows never share a place."""
        rows = [*self.table.rows, *(one.rise.row for one in self.climbers)]
        return max((row.margin for row in rows), default=1)

    def _ahead(self, climber: Climber, look: Look) -> Iterator[Milestone]:
        rule, rise = self.table.leaderboard, climber.rise
        most = rise.score_at(second_of(look.latest(climber.flight))) if look.latest else None
        if not look.places and most is not None and self._certainly_ahead(most) >= look.top:
            return
        listed = climber.now is not None or rise.score_at(self.second) >= rule.least
        ahead = rule.threshold is not None and rule.least - rise.offset < self.second + AGE
        if look.places and not listed and ahead:
            value = replace(rise.row.mark.value, amount=rule.least)
            yield self._milestone(climber, rule.least, value)
        rungs = self._ladder(rise.row.step)
        begin = bisect_right(rungs, climber.row_at(self.second).amount, key=_amount)
        end, told = len(rungs), 0
        while begin < end and told < look.places:
            if passed := self._passed(climber, rungs[begin]):
                told += 1
                yield self._reach(climber, rungs[begin], passed)
            begin += 1
        if most is not None:
            end = bisect_right(rungs, most, key=_amount)
        # Ranks only improve from one to the next, so the best ones are at the far end.
        while begin < end and look.top:
            end -= 1
            if self._certainly_ahead(rungs[end].amount) >= look.top:
                break
            if passed := self._passed(climber, rungs[end]):
                one = self._reach(climber, rungs[end], passed)
                if one.rank > look.top:
                    break
                yield one

    def _certainly_ahead(self, amount: int) -> int:
        """How many stand above, however the ties fall: soon told, and for most there are enough."""
        return self._better_than(amount + self.margin - 1)

    def _better_than(self, score: int) -> int:
        """How many of those who stand still have more."""
        return bisect_left(self.still, -score, key=_descending)

    def _ladder(self, step: int) -> list[Rung]:
        """What someone with values of that step must reach to be clear of those who stand still,
        lowest first."""
        if step not in self._ladders:
            rungs: dict[int, Rung] = {}

            def rung(row: Row) -> Rung:
                # From here on it is greater even at the coarser precision of the two.
                coarser = max(row.step, step)
                amount = (row.amount // coarser + 1) * coarser
                return rungs.setdefault(amount, Rung(amount, [], []))

            for row in self.still:
                rung(row).rows.append(row)
            for one in self.climbers:
                if not one.is_rising(self.second):
                    rung(one.now).climbers.append(one)
            self._ladders[step] = sorted(rungs.values(), key=_amount)
        return self._ladders[step]

    @cached_property
    def _ladders(self) -> dict[int, list[Rung]]:
        return {}

    def _passed(self, climber: Climber, rung: Rung) -> list[Row]:
        # Who has been up for longer will rise from there before.
        later = (one.now for one in rung.climbers if one.rise.offset < climber.rise.offset)
        return [row for row in (*rung.rows, *later) if climber.has_yet_to_pass(row)]

    def _reach(self, climber: Climber, rung: Rung, passed: list[Row]) -> Milestone:
        best = max((row.mark.value for row in passed), key=_amount)
        return self._milestone(climber, rung.amount, best, passed)

    def _milestone(self, climber, amount: int, value: Value, rows: Sequence[Row] = ()) -> Milestone:
        second = amount - climber.rise.offset
        passed = {row.career.astronaut for row in rows}
        passes_at, flight = instant_of(second), climber.flight
        plan = flight.plan_ends_at
        found = Milestone(
            self.table.leaderboard,
            climber.astronaut,
            tuple(sorted(passed, key=lambda one: (one.family_name, one.slug))),
            value,
            self._rank(climber, second),
            passes_at,
            plan,
            plan - passes_at if plan else None,
            flight.state is State.PRESUMED,
            flight,
            climber.rise.row.mark.value.precision,
        )
        return replace(found, sure=self._is_sure(found, climber, second, rows))

    def _is_sure(self, told: Milestone, climber: Climber, second: int, passed) -> bool:
        """Whether it is the same in every true history in which the flights go on: not before the
        second and from then on, as well as that is known."""
        if self.table.is_open:
            return False
        blur = blur_of(told.precision)
        before, own = climber.row_at(second - blur - 1), climber.row_at(second + blur)
        least = most = self.table.leaderboard.least - 1
        if passed:
            least, most = min(row.low for row in passed), max(row.high for row in passed)
        if own.low <= most or before.high > least:
            return False
        return self._places(climber, second + blur) == range(told.rank, told.rank + 1)

    def _places(self, climber: Climber, second: int) -> range:
        """The ranks that the climber can truly have at the second. Who rises by the same ships
        alone is level for certain."""
        own = climber.row_at(second)
        high = max(own.high, climber.now.high) if climber.now else own.high
        lows, highs = self._bounds
        best = len(lows) - bisect_right(lows, high) + 1
        worst = len(highs) - bisect_left(highs, own.low) + 1
        for row in self.stopped:
            best += row.low > high
            worst += row.high + second - self.second >= own.low
        for one in self.climbers:
            then = one.row_at(second)
            if one is not climber and then.sameness != own.sameness:
                best += one.low_at(second) > high
                worst += then.high >= own.low
        return range(best, worst + 1)

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """The least and the most that those who stand still may truly have, each in order."""
        climbing = {one.astronaut for one in self.climbers}
        others = (row for row in self.table.others if row.whole.astronaut not in climbing)
        rows = [*self.still, *others]
        return sorted(row.low for row in rows), sorted(row.high for row in rows)

    def _rank(self, climber: Climber, second: int) -> int:
        """The rank at the second, by the rule of the standings.

        Only rows near the climber's can share its rank: up to the first gap in which no two values
        can be equal. All above the gap are ahead.
        """
        own, still, margin = climber.row_at(second), self.still, self.margin
        least = max(self.table.leaderboard.least, own.score - margin + 1)
        others = [
            one.row_at(until)
            for one in self.climbers
            if one is not climber and one.amount_at(until := min(second, one.stops)) >= least
        ]
        doubt = NO_DOUBT
        if self.stopped:
            others += self.stopped
            top = max(row.certain.score for row in (own, *still[:1], *others))
            doubt = Doubt([own, *others, *still[: self._better_than(top - margin)]])
        near = [row for row in others if own.score - margin < doubt.shown(row) <= own.score]
        above = sorted((row for row in others if doubt.shown(row) > own.score), key=doubt.order)
        begin, end = self._better_than(own.score), self._better_than(own.score - margin)
        level = own.score
        while True:
            if begin and still[begin - 1].score - level < margin:
                begin -= 1
                level = max(level, still[begin].score)
            elif above and doubt.shown(above[-1]) - level < margin:
                near.append(above.pop())
                level = max(level, doubt.shown(near[-1]))
            else:
                break
        rows = sorted([own, *near, *still[begin:end]], key=doubt.order)
        return begin + len(above) + rank_of(own, rows, doubt)


_amount = attrgetter("amount")


def _descending(row: Row) -> int:
    return -row.score
