"""Boards: standings kept for as long as their order is known to stand.

Between two events nothing on a board changes but the clocks that run, and each runs at the same
pace. So the second at which the order can change next is known, and until then only the rows of
those whose careers are not over need to be measured again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .careers import Career, Confirmation, State
from .standings import Leaderboard, Standing, is_running, row_at, standings

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Board:
    """Standings of a leaderboard from `since` up to and without `until` (None: no end is known).

    `changing` are the places of rows that must be measured again at another instant.
    """

    leaderboard: Leaderboard
    confirmation: Confirmation
    since: datetime
    until: datetime | None
    rows: list[Standing]
    changing: tuple[tuple[int, Career], ...]

    def holds(self, at: datetime) -> bool:
        """Whether the order at the instant is the kept one."""
        return self.since <= at and (self.until is None or at < self.until)

    def at(self, at: datetime) -> list[Standing]:
        """The standings at an instant for which the order holds."""
        rows = list(self.rows)
        for place, career in self.changing:
            mark, clipped = row_at(self.leaderboard, career, at, self.confirmation)
            rows[place] = replace(rows[place], mark=mark, career=clipped)
        return rows


def board(
    leaderboard: Leaderboard,
    careers: Sequence[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    settled: dict,
) -> Board:
    """The standings at the instant, and how long their order stands. `settled` is that of
    `standings`."""
    rows = standings(leaderboard, careers, at, confirmation, settled=settled)
    # With every flight or spacewalk listed by itself, an astronaut has a career for each of them.
    open_careers = {
        _key(career, leaderboard.each): career
        for career in careers
        if career.settled_at is None or career.settled_at > at
    }
    changing = tuple(
        (place, open_careers[key])
        for place, row in enumerate(rows)
        if (key := _key(row.career, leaderboard.each)) in open_careers
    )
    until = _order_stands_until(rows, open_careers.values(), at, confirmation, leaderboard)
    return Board(leaderboard, confirmation, at, until, rows, changing)


def _key(career: Career, each: str) -> tuple:
    """What is the same of a career and of the row measured on it, at whatever instant."""
    if not each:
        return (career.astronaut.slug,)
    (flight,) = career.flights
    walks = tuple(walk.slug for walk in flight.spacewalks) if each == "spacewalk" else ()
    return (career.astronaut.slug, flight.launched_at, *walks)


def _order_stands_until(
    rows: list[Standing],
    open_careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    leaderboard: Leaderboard,
) -> datetime | None:
    if any(row.state is State.UNCONFIRMED for row in rows):
        return at + SECOND  # Where such a row stands depends on the record, which may be rising.
    turns = [confirmation.through_at + SECOND]
    turns.append(confirmation.through_at + confirmation.grace + SECOND)
    for career in open_careers:
        turns += _events(career, confirmation)
    if leaderboard.metric.grows:
        turns += _crossings(rows, at)
        turns += _entries(leaderboard, open_careers, at, confirmation)
    return min((turn for turn in turns if turn > at), default=None)


def _events(career: Career, confirmation: Confirmation) -> Iterable[datetime]:
    """Launches, landings, ends of spacewalks, and when a flight under way is held to be over."""
    for flight in career.flights:
        yield flight.launched_at
        yield from (walk.ended_at for walk in flight.spacewalks)
        if flight.landed_at:
            yield flight.landed_at
        elif flight.plan_ends_at:
            yield max(flight.plan_ends_at, confirmation.through_at) + SECOND


def _crossings(rows: list[Standing], at: datetime) -> Iterable[datetime]:
    """When a rising value draws level with one that stands still, or parts from it."""
    still = sorted({(row.value.amount, row.value.step) for row in rows if not row.running})
    amounts = [amount for amount, _ in still]
    broadest = max((row.value.step for row in rows), default=1)
    for amount, own in {(row.value.amount, row.value.step) for row in rows if row.running}:
        first = bisect_left(amounts, amount - broadest)
        last = bisect_right(amounts, amount + broadest) + 1
        for other, step in still[first:last]:
            step = max(step, own)
            level = other // step * step
            for target in (level, other, other + 1, level + step):
                yield at + timedelta(seconds=target - amount)


def _entries(
    leaderboard: Leaderboard,
    open_careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
) -> Iterable[datetime]:
    """When someone aloft reaches what is listed at least, or outdoes an earlier flight."""
    for career in open_careers:
        clipped = leaderboard.category.narrow_clipped(career.at(at, confirmation))
        mark = leaderboard.metric.measure(clipped) if clipped.aloft else None
        if mark is None:
            continue
        yield at + timedelta(seconds=leaderboard.least - mark.value.amount)
        if not is_running(mark, clipped, leaderboard.metric):
            behind = timedelta(seconds=mark.value.amount - clipped.aloft.seconds)
            yield at + behind
            yield at + behind + SECOND
