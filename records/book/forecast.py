"""Forecasts: what the flights under way will pass, and when. Arithmetic, no guesses.

In flight a value rises by a second each second, at once or from when the flight outdoes what the
astronaut had reached before. So the instant at which it passes a value that stands still is known
exactly, if the flight lasts as long; it does not depend on when one asks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from .careers import Astronaut, Career, Confirmation, Flight, State
from .metrics import Mark
from .standings import Leaderboard, certain_score, is_running, is_unconfirmed, ranked, row_at
from .values import Value

SECOND = timedelta(seconds=1)

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


def forecast(
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    places: int = 3,
    top: int = 0,
) -> list[Milestone]:
    """The next `places` milestones of everyone whose flight goes on at the instant, by instant;
    beyond them those that lead to a rank up to `top`.

    Only values that stand still can be passed: who is rising too rises as fast. A flight that
    nobody has confirmed is told no future, and its stopped clock is not passed but does hold its
    place. `careers` are already narrowed to the category.
    """
    if not leaderboard.metric.grows:
        return []
    careers = tuple(careers)
    climbers = [
        climber
        for career in careers
        if career.settled_at is None or at < career.settled_at
        if (climber := _climber(leaderboard, career, at, confirmation))
    ]
    if not climbers:
        return []
    scene = _Scene(leaderboard, careers, climbers, at, confirmation)
    found = [
        milestone
        for climber in climbers
        for milestone in scene.milestones(climber, places=places, top=top)
    ]
    return sorted(found, key=lambda one: (one.passes_at, one.rank, one.astronaut.slug))


def stands_until(
    milestones: Iterable[Milestone],
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
) -> datetime | None:
    """The instant at which a forecast made at `at` has to be made anew, by what is known; None if
    there is none. Until then every question has the same answer."""
    turns = [milestone.passes_at for milestone in milestones]
    turns.append(confirmation.through_at + confirmation.grace + SECOND)
    for career in careers:
        if career.settled_at is not None and career.settled_at <= at:
            continue
        for flight in career.flights:
            turns.append(flight.launched_at)
            turns += [walk.ended_at for walk in flight.spacewalks]
            if flight.landed_at:
                turns.append(flight.landed_at)
            elif flight.plan_ends_at:
                turns.append(max(flight.plan_ends_at, confirmation.through_at) + SECOND)
    return min((turn for turn in turns if turn > at), default=None)


@dataclass(frozen=True, slots=True)
class _Climber:
    """Someone whose flight goes on. `flat` is the row at present (None if not listed), `rise` that
    of the far future; from the flight's outdoing `flat` on, the amount at second t is offset + t.
    """

    career: Career
    flat: tuple[Mark, Career] | None
    rise: tuple[Mark, Career]
    offset: int

    def amount(self, second: int) -> int:
        return max(self.offset + second, self.flat[0].value.amount if self.flat else 0)

    def row(self, second: int) -> tuple[Mark, Career]:
        """The row at the second, if the flight lasts as long."""
        if self.flat and self.offset + second < self.flat[0].value.amount:
            return self.flat
        mark, career = self.rise
        value = replace(mark.value, amount=self.offset + second)
        return replace(mark, value=value), career


def _climber(leaderboard, career, at, confirmation) -> _Climber | None:
    clipped = leaderboard.category.narrow_clipped(career.at(at, confirmation))
    aloft = clipped.aloft
    if aloft is None or not aloft.state.running:
        return None
    later = replace(aloft, until=aloft.until + timedelta(seconds=AGE), seconds=aloft.seconds + AGE)
    old = replace(clipped, flights=(*clipped.flights[:-1], later))
    mark = leaderboard.metric.measure(old)
    if mark is None or not is_running(mark, old, leaderboard.metric):
        return None
    flat = row_at(leaderboard, career, at, confirmation)
    return _Climber(career, flat, (mark, clipped), mark.value.amount - AGE - _second(at))


class _Scene:
    """A leaderboard at an instant, with everyone's line into the future. Scores are amounts: what
    grows is never counted backwards."""

    def __init__(self, leaderboard, careers, climbers: list[_Climber], at, confirmation):
        self.leaderboard = leaderboard
        self.climbers = climbers
        self.at = at
        self.confirmation = confirmation
        metric = leaderboard.metric
        climbing = {id(climber.career) for climber in climbers}
        #: Where in the careers' order a row, or a climber's career, stands: by identity.
        self.places: dict[int, int] = {}
        rows = []
        for place, career in enumerate(careers):
            if id(career) in climbing:
                self.places[id(career)] = place
            elif row := row_at(leaderboard, career, at, confirmation):
                self.places[id(row)] = place
                rows.append(row)
        #: Rows that stand still, lowest first, and of the stopped clocks what is certain and what
        #: they show.
        self.still = [row for row in rows if not is_unconfirmed(*row, metric)]
        self.still.sort(key=_amount)
        self.amounts = [_amount(row) for row in self.still]
        self.stopped = [
            (certain_score(*row, metric, confirmation), _amount(row))
            for row in rows
            if is_unconfirmed(*row, metric)
        ]
        steps = [row[0].value.step for row in self.still]
        steps += [climber.rise[0].value.step for climber in climbers]
        steps += [climber.flat[0].value.step for climber in climbers if climber.flat]
        self.margin = max(steps)
        self.ladders: dict[int, tuple[list, list]] = {}

    def milestones(self, climber: _Climber, *, places: int, top: int) -> list[Milestone]:
        found = []
        if climber.flat is None:
            least = self.leaderboard.least
            value = replace(climber.rise[0].value, amount=least)
            if self.leaderboard.threshold is not None and climber.offset + _second(self.at) < least:
                found.append(self._milestone(climber, least, value, ()))
        clears, rungs = self._ladder(climber.rise[0].value.step)
        begin, end = bisect_right(clears, climber.amount(_second(self.at))), len(clears)

        def reach(place: int) -> Milestone | None:
            passed = [row for row, other in rungs[place] if self._can_pass(climber, row, other)]
            if not passed:
                return None
            best = max((mark.value for mark, _ in passed), key=lambda value: value.amount)
            people = {career.astronaut for _, career in passed}
            return self._milestone(climber, clears[place], best, people)

        while begin < end and len(found) < places:
            if one := reach(begin):
                found.append(one)
            begin += 1
        # Ranks only improve from one to the next, so the best ones are at the far end.
        while begin < end and top:
            end -= 1
            if one := reach(end):
                if one.rank > top:
                    break
                found.append(one)
        return found

    def _ladder(self, step: int) -> tuple[list[int], list[list]]:
        """What someone with values of that step must reach to be clear of those who stand still:
        the amounts, lowest first, and for each the rows with the climber they may belong to."""
        if step not in self.ladders:
            rungs = [(row, None) for row in self.still]
            rungs += [(one.flat, one) for one in self.climbers if self._stands_still(one)]

            def clear(rung):
                # From here on it is greater even at the coarser precision of the two.
                value = rung[0][0].value
                coarser = max(value.step, step)
                return (value.amount // coarser + 1) * coarser

            groups = [(key, list(rows)) for key, rows in groupby(sorted(rungs, key=clear), clear)]
            self.ladders[step] = ([key for key, _ in groups], [rows for _, rows in groups])
        return self.ladders[step]

    def _stands_still(self, climber: _Climber) -> bool:
        """Whether the flight under way has not yet outdone what was reached before."""
        flat = climber.flat
        return flat is not None and climber.offset + _second(self.at) < _amount(flat)

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
            self.leaderboard,
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
        amount, least = climber.amount(second), self.leaderboard.least
        others = sorted(
            (
                (risen, place)
                for place, one in enumerate(self.climbers)
                if one is not climber and (risen := one.amount(second)) >= least
            ),
            reverse=True,
        )
        near = [place for risen, place in others if amount - self.margin < risen <= amount]
        above = [one for one in others if one[0] > amount]
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
        best = max([amount, *self.amounts[-1:], *(risen for risen, _ in others[:1])])
        ahead += sum(max(certain, min(shown, best)) > amount for certain, shown in self.stopped)
        placed = [(self.places[id(row)], row) for row in self.still[begin:end]]
        for one in (climber, *(self.climbers[place] for place in near)):
            placed.append((self.places[id(one.career)], one.row(second)))
        # Among equal amounts the standings keep to the order of the careers.
        rows = [row for _, row in sorted(placed, key=itemgetter(0))]
        for standing in ranked(rows, self.leaderboard.metric, self.confirmation):
            if standing.career.astronaut is climber.career.astronaut and standing.running:
                return ahead + standing.rank
        raise AssertionError("A row that was ranked is among the ranks.")


def _amount(row: tuple[Mark, Career]) -> int:
    return row[0].value.amount


def _second(instant: datetime) -> int:
    return round(instant.timestamp())
