"""Forecasts: what the flights under way will pass, and when. Arithmetic, no guesses.

In flight a value rises by a second each second, at once or from when the flight outdoes what the
astronaut had reached before. So the instant at which it passes a value that stands still is known
exactly, if the flight lasts as long; it does not depend on when one asks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from .boards import Board
from .careers import Astronaut, Career, Confirmation, Flight, State
from .metrics import ENDLESS, Mark
from .standings import Leaderboard, Row, certain_score, is_running, ranked
from .values import Value

#: What readers are told of forecasts.
HOW_WE_FORECAST = (
    "A forecast is arithmetic. In flight a value rises by a second each second, so the instant at "
    "which it passes one that stands still is known, if the flight lasts as long: it is the first "
    "second in which the astronaut stands ahead at the coarser precision of the two values. "
    "Whoever is rising too rises as fast and is not passed. A flight that is unconfirmed is told "
    "no future; its stopped clock is not passed, but holds its place. The planned landing says "
    "whether it comes first, and by how much the flight then falls short."
)

#: How many questions a forecast remembers its answer to.
MOST_TOLD = 16

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
    not confirmed.
    """

    leaderboard: Leaderboard
    astronaut: Astronaut
    passed: tuple[Astronaut, ...]
    value: Value
    rank: int
    passes_at: datetime
    plan_ends_at: datetime | None
    slack: timedelta | None
    presumed: bool
    flight: Flight

    @property
    def outlook(self) -> Outlook:
        if self.slack is None:
            return Outlook.OPEN
        return Outlook.EXPECTED if self.slack >= timedelta(0) else Outlook.NEEDS_EXTENSION

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
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    look: Look = Look(),
) -> list[Milestone]:
    """The milestones of everyone whose flight goes on at the instant, by instant. `careers` are
    already narrowed to the category."""
    if not leaderboard.metric.grows:
        return []
    board = Board(leaderboard, careers, at, confirmation, settled={})
    return Forecast(board).milestones(at, look)


@dataclass(frozen=True, slots=True)
class _Climber:
    """Someone whose flight goes on. `flat` is the row at present (None if not listed), `rise` that
    of the far future; from the flight's outdoing `flat` on, the amount at second t is offset + t.
    """

    career: Career
    flat: tuple[Mark, Career] | None
    rise: tuple[Mark, Career]
    offset: int
    #: The second at which the clock stops unless somebody confirms that it goes on.
    stops: int

    def amount(self, second: int) -> int:
        return max(self.offset + second, self.flat[0].value.amount if self.flat else 0)

    def row(self, second: int) -> tuple[Mark, Career]:
        """The row at the second, if the flight lasts as long."""
        if self.flat and self.offset + second < self.flat[0].value.amount:
            return self.flat
        mark, career = self.rise
        value = replace(mark.value, amount=self.offset + second)
        return replace(mark, value=value), career


def _climber(board: Board, career: Career, flat: Row | None) -> _Climber | None:
    metric, at = board.leaderboard.metric, board.since
    clipped = board.leaderboard.category.narrow_clipped(career.at(at, board.confirmation))
    aloft = clipped.aloft
    if aloft is None or not aloft.state.running:
        return None
    later = replace(aloft, until=aloft.until + timedelta(seconds=AGE), seconds=aloft.seconds + AGE)
    old = replace(clipped, flights=(*clipped.flights[:-1], later))
    mark = metric.measure(old)
    if mark is None or not is_running(mark, old, metric):
        return None
    offset = mark.value.amount - AGE - _second(at)
    limit = board.confirmation.believed_until(aloft.plan_ends_at)
    stops = _second(limit) if limit else ENDLESS
    return _Climber(career, flat, (mark, clipped), offset, stops)


class Forecast:
    """What the flights under way will pass on a board, of a metric that grows in flight, for as
    long as that holds.

    Only values that stand still can be passed: who is rising too rises as fast. A flight that
    nobody has confirmed is told no future, and its stopped clock is not passed but does hold its
    place. Scores are amounts: what grows is never counted backwards.
    """

    def __init__(self, board: Board):
        self.board = board
        flats = {id(career): row for row, career in board.rows_under_way}
        found = (_climber(board, one, flats.get(id(one))) for one in board.under_way)
        self.climbers = [climber for climber in found if climber]
        self._ladders: dict[tuple[int, int], tuple[list, list]] = {}
        #: What was answered: the question → since when and until when it stands, and the answer.
        self._told: dict[Look, tuple[datetime, datetime | None, list[Milestone]]] = {}

    def milestones(self, at: datetime, look: Look) -> list[Milestone]:
        """What is ahead at an instant for which the board holds, by instant."""
        if look in self._told:
            since, until, found = self._told[look]
            if since <= at and (until is None or at < until):
                return found
        found = [
            milestone
            for climber in self.climbers
            if look.only is None or climber.career.astronaut.slug in look.only
            for milestone in self._ahead(climber, at, look)
        ]
        found.sort(key=lambda one: (one.passes_at, one.rank, one.astronaut.slug))
        passes = (one.passes_at for one in found if one.passes_at > at)
        if len(self._told) >= MOST_TOLD:
            self._told.clear()
        self._told[look] = (at, min(passes, default=None), found)
        return found

    @cached_property
    def still(self) -> list[Row]:
        """Rows that stand still, lowest first."""
        board = self.board
        apart = {id(row) for row in board.unconfirmed}
        apart |= {id(climber.flat) for climber in self.climbers}
        return sorted((row for row in board.still if id(row) not in apart), key=_amount)

    @cached_property
    def amounts(self) -> list[int]:
        return [_amount(row) for row in self.still]

    @cached_property
    def stopped(self) -> list[tuple[int, int]]:
        """Of the stopped clocks what is certain and what they show."""
        metric, confirmation = self.board.leaderboard.metric, self.board.confirmation
        return [
            (certain_score(*row, metric, confirmation), _amount(row))
            for row in self.board.unconfirmed
        ]

    @cached_property
    def margin(self) -> int:
        """Less than this apart, two values can be equal."""
        return max(self.board.margin, *(one.rise[0].value.step for one in self.climbers), 1)

    def _ahead(self, climber: _Climber, at: datetime, look: Look) -> Iterator[Milestone]:
        second, least = _second(at), self.board.leaderboard.least
        aloft = climber.rise[1].aloft
        most = climber.offset + _second(look.latest(aloft)) if look.latest else None
        if not look.places and most is not None and self._certainly_ahead(most) >= look.top:
            return
        listed = climber.flat is not None or climber.offset + second >= least
        if look.places and not listed and self.board.leaderboard.threshold is not None:
            value = replace(climber.rise[0].value, amount=least)
            yield self._milestone(climber, least, value, ())
        clears, rungs = self._ladder(climber.rise[0].value.step, 0 if look.places else look.top)
        begin, end = bisect_right(clears, climber.amount(second)), len(clears)

        def reach(place: int) -> Milestone | None:
            passed = [row for row, other in rungs[place] if self._can_pass(climber, row, other)]
            if not passed:
                return None
            best = max((mark.value for mark, _ in passed), key=lambda value: value.amount)
            people = {career.astronaut for _, career in passed}
            return self._milestone(climber, clears[place], best, people)

        told = 0
        while begin < end and told < look.places:
            if one := reach(begin):
                told += 1
                yield one
            begin += 1
        if most is not None:
            end = bisect_right(clears, most)
        # Ranks only improve from one to the next, so the best ones are at the far end.
        while begin < end and look.top:
            end -= 1
            if self._certainly_ahead(clears[end]) >= look.top:
                break
            if one := reach(end):
                if one.rank > look.top:
                    break
                yield one

    def _certainly_ahead(self, amount: int) -> int:
        """How many stand above, however the ties fall: soon told, and for most there are enough."""
        return len(self.amounts) - bisect_left(self.amounts, amount + self.margin)

    def _ladder(self, step: int, top: int) -> tuple[list[int], list[list]]:
        """What someone with values of that step must reach to be clear of those who stand still:
        the amounts, lowest first, and for each the rows with the climber they may belong to. With
        `top`, of those who stand still only the ones that can lead to a rank up to it."""
        if (step, top) not in self._ladders:
            begin = 0
            if 0 < top <= len(self.amounts):
                # To be clear of a row takes less than a margin, and to be certainly behind another.
                begin = bisect_right(self.amounts, self.amounts[-top] - 2 * self.margin)
            rungs = [(row, None) for row in self.still[begin:]]
            rungs += [(one.flat, one) for one in self.climbers if self._stands_still(one)]

            def clear(rung):
                # From here on it is greater even at the coarser precision of the two.
                value = rung[0][0].value
                coarser = max(value.step, step)
                return (value.amount // coarser + 1) * coarser

            groups = [(key, list(rows)) for key, rows in groupby(sorted(rungs, key=clear), clear)]
            self._ladders[step, top] = ([key for key, _ in groups], [rows for _, rows in groups])
        return self._ladders[step, top]

    def _stands_still(self, climber: _Climber) -> bool:
        """Whether the flight under way has not yet outdone what was reached before."""
        flat = climber.flat
        return flat is not None and climber.offset + _second(self.board.since) < _amount(flat)

    def _can_pass(self, climber: _Climber, row, other: _Climber | None) -> bool:
        if other is not None and other.offset >= climber.offset:
            return False  # Itself, or someone who will rise from there before.
        if climber.flat is None:
            return True
        own, value = climber.flat[0].value, row[0].value
        step = max(own.step, value.step)
        return own.amount // step <= value.amount // step

    def _milestone(self, climber, amount: int, value: Value, passed) -> Milestone:
        second = amount - climber.offset
        passes_at = datetime.fromtimestamp(second, UTC)
        aloft = climber.rise[1].aloft
        plan = aloft.plan_ends_at
        return Milestone(
            self.board.leaderboard,
            climber.career.astronaut,
            tuple(sorted(passed, key=lambda one: (one.family_name, one.slug))),
            value,
            self._rank(climber, second),
            passes_at,
            plan,
            plan - passes_at if plan else None,
            aloft.state is State.PRESUMED,
            aloft,
        )

    def _rank(self, climber: _Climber, second: int) -> int:
        """The rank at the second, by the rule of the standings.

        Only rows near the climber's can share its rank: up to the first gap in which no two values
        can be equal. All above the gap are ahead.
        """
        metric, least = self.board.leaderboard.metric, self.board.leaderboard.least
        amount = climber.amount(second)
        others = [
            (risen, place)
            for place, one in enumerate(self.climbers)
            if one is not climber and (risen := one.amount(min(second, one.stops))) >= least
        ]
        near = [place for risen, place in others if amount - self.margin < risen <= amount]
        above = sorted((one for one in others if one[0] > amount), reverse=True)
        begin = bisect_left(self.amounts, amount - self.margin + 1)
        end, level = bisect_right(self.amounts, amount), amount
        while True:
            if end < len(self.amounts) and self.amounts[end] - level < self.margin:
                level = max(level, self.amounts[end])
                end += 1
            elif above and above[-1][0] - level < self.margin:
                risen, place = above.pop()
                near.append(place)
                level = max(level, risen)
            else:
                break
        ahead = len(self.amounts) - end + len(above)
        best = max([amount, *self.amounts[-1:], *(risen for risen, _ in others)])
        ahead += sum(max(certain, min(shown, best)) > amount for certain, shown in self.stopped)
        others = [self.climbers[place] for place in near]
        rows = [climber.row(second), *(one.row(min(second, one.stops)) for one in others)]
        rows += self.still[begin:end]
        for standing in ranked(rows, metric, self.board.confirmation):
            if standing.career.astronaut is climber.career.astronaut and standing.running:
                return ahead + standing.rank
        raise AssertionError("A row that was ranked is among the ranks.")


def _amount(row: tuple[Mark, Career]) -> int:
    return row[0].value.amount


def _second(instant: datetime) -> int:
    return round(instant.timestamp())
