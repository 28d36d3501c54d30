"""Lines: what a career has reached, at an instant and over time.

Over time a career's value is a line of straight pieces: flat on the ground, rising by a second each
second in flight, jumping at a launch or a spacewalk. A row is one point of it. Standings compare
the rows of one instant; a progression follows the pieces; a forecast goes on where a line rises.

Scores are amounts, signed so that more is better. Seconds are counted from 1970.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter

from records.instants import Precision

from .careers import CONFIRMED, Career, Confirmation, Flight, State
from .metrics import ENDLESS, Mark, Metric
from .plain import plain
from .rules import Rule
from .values import Unit, step_of


class Row:
    """What one career has reached at an instant.

    `career` is what was measured, `whole` the career that it is the beginning of. `running` says
    that the value is rising at the instant. `certain` is the row without the time since the last
    confirmation of a flight that nobody has confirmed since, and the row itself where all of it
    is certain. `low` and `high` are the scores between which the true one lies. Rows are equal only
    to themselves.
    """

    __slots__ = (
        "_certain",
        "amount",
        "career",
        "high",
        "low",
        "mark",
        "order",
        "running",
        "score",
        "step",
        "whole",
    )

    def __init__(
        self,
        mark: Mark,
        score: int,
        career: Career,
        whole: Career,
        *,
        running: bool = False,
        certain: "Row | None" = None,
        low: int | None = None,
    ):
        self.mark, self.score, self.career, self.whole = mark, score, career, whole
        self.amount, self.step = mark.value.amount, mark.value.step
        self.running = running
        self._certain = certain
        value = mark.value
        self.low, self.high = value.low, value.high
        if score < 0:
            self.low, self.high = -value.high, -value.low
        if low is not None:
            self.low = min(self.low, low)
        #: Sorts rows, the best first. Of equal ones the better known come first: they end a tie
        #: that they have no part in, and a coarser one beside them then does not reach over them.
        self.order = (-score, self.step, not running)

    @property
    def certain(self) -> "Row":
        return self._certain or self

    @property
    def sameness(self) -> tuple:
        """What rows share that are truly equal: an exact amount, or times of the same ships."""
        if self.low == self.high:
            return (self.low,)
        if self.mark.value.unit is not Unit.SECONDS or self.high >= ENDLESS:
            return (self.whole.astronaut,)
        parts = self.mark.parts
        known = (part.ships if isinstance(part, Flight) else part.slug for part in parts)
        return self.low, self.high, *known

    @property
    def unconfirmed(self) -> bool:
        """Whether the value rests on a clock that nobody has confirmed."""
        return self._certain is not None

    @property
    def margin(self) -> int:
        """The coarsest step that the value is compared at: what is as far away is not level with
        it, unless that is less well known itself."""
        return max(self.step, self.certain.step)

    @property
    def margin_ever(self) -> int:
        """The same of whatever the career may have reached before, or may reach: another of its
        flights may be less well known."""
        return max(self.margin, step_of(self.mark.value.unit, self.whole.precision))

    def is_level(self, other: "Row") -> bool:
        """Whether the two are the same at the coarser precision of the two.

        Two running clocks stay as far apart as their launches; compared by the minute they would
        draw level and part again every minute, so they are level only to the second.
        """
        if self.amount == other.amount:
            return True
        if self.running and other.running:
            return False
        step = max(self.step, other.step)
        return self.amount // step == other.amount // step

    def risen(self, amount: int, second: int) -> "Row":
        """The row of a rising value as it is at another second."""
        mark = Mark(replace(self.mark.value, amount=amount), instant_of(second), self.mark.parts)
        return Row(mark, amount, self.career, self.whole, running=True)


# Measuring


def row_at(rule: Rule, career: Career, at: datetime, confirmation: Confirmation) -> Row | None:
    """What the career has reached at the instant; None if it is not on the leaderboard."""
    row = any_row_at(rule, career, at, confirmation)
    return row if row is not None and row.score >= rule.least else None


def any_row_at(rule: Rule, career: Career, at: datetime, confirmation: Confirmation) -> Row | None:
    """The same, whether or not it is enough to be listed; None if it is nothing at all."""
    if career.settled_at is not None and career.settled_at <= at:
        return final_row(rule.metric, career)
    if career.flights[0].launched_at > at:
        return None
    clipped = career.at(at, confirmation)
    begun = rule.category.narrow_clipped(clipped)
    row = measured(rule.metric, begun, career, confirmation)
    if row is not None and clipped.flights[-1].may_be_aloft:
        return _unless_aloft(rule, row, clipped, confirmation)
    if begun is clipped or clipped.flights[-1].state in CONFIRMED:
        return row
    return _unless_over(row, measured(rule.metric, clipped, career, confirmation))


def _unless_aloft(rule: Rule, row: Row, clipped: Career, confirmation: Confirmation) -> Row:
    """The row as it is known where the last flight may not have landed yet, and counts only once it
    has: then it is what there was before."""
    *landed, last = clipped.flights
    up = replace(clipped, flights=(*landed, replace(last, landed_at=None)))
    before = rule.category.narrow_clipped(up)
    if before is up:
        return row
    value, less = row.mark.value, measured(rule.metric, before, row.whole, confirmation)
    low = less.low if less else -ENDLESS - 1
    if row.score >= 0:
        least = max(0, less.low) if less else 0
        value = replace(value, pending=max(value.pending, value.amount - value.below - least))
    return Row(replace(row.mark, value=value), row.score, row.career, row.whole, low=low)


def _unless_over(row: Row | None, more: Row | None) -> Row | None:
    """The row without a flight that counts only once it is over; nobody has heard of it, so that
    the true score may be as high as with it."""
    if more is None:
        return row
    if row is None:
        row = Row(more.mark, -ENDLESS - 1, more.career, more.whole, low=-ENDLESS - 1)
    row.high = max(row.high, more.high)
    return row


def final_row(metric: Metric, career: Career) -> Row | None:
    """What a career that is over has come to, measured once."""
    # Threads share the careers. None of them ever changes or takes out what is kept, nor walks
    # through it; should two measure at the same time, both go on with the row that came first.
    try:
        return career.rows[metric.key]
    except KeyError:
        return career.rows.setdefault(metric.key, measured(metric, career, career, None))


def measured(
    metric: Metric, career: Career, whole: Career, confirmation: Confirmation | None
) -> Row | None:
    """The row of a career, clipped to an instant, that is the beginning of the `whole` one. Where
    nothing is under way it takes no confirmation."""
    mark = metric.measure(career) if career.flights else None
    if mark is None:
        return None
    certain, running, low = None, False, None
    score = metric.score(mark.value)
    if metric.grows and career.aloft is not None and mark.state is not State.LANDED:
        running = mark.state.running
        if mark.state is not State.IN_FLIGHT:
            known = metric.measure(career.certain(confirmation)) or mark
            low = metric.score(known.value) - known.value.below
            if not running:
                certain = Row(known, metric.score(known.value), career, whole)
    if career.flights[-1].may_be_unlaunched:
        earlier = career.flights[:-1]
        before = metric.measure(replace(career, flights=earlier)) if earlier else None
        low = metric.score(before.value) if before else -ENDLESS - 1
    return Row(mark, score, career, whole, running=running, certain=certain, low=low)


# Comparing

ORDER = attrgetter("order")


class Doubt:
    """Those of some rows that nobody has confirmed, and the score behind which they stand.

    An unconfirmed clock breaks no record: such a row stands behind all that share the first place,
    whatever its own figure, unless what is certain of it holds that place already.
    """

    def __init__(self, rows: Sequence[Row]):
        # Without a property of each row: there are many.
        unconfirmed = [row for row in rows if row._certain is not None]
        if not unconfirmed:
            self.rows, self.limit = set(), ENDLESS
            return
        confirmed = sorted((row for row in rows if row._certain is None), key=ORDER)
        holders = []
        # Of many rows only the first are looked at.
        for row in merge(confirmed, sorted(unconfirmed, key=_claim), key=_claim):
            if not all(row.certain.is_level(other.certain) for other in holders):
                break
            holders.append(row)
        self.rows = set(unconfirmed).difference(holders)
        self.limit = min(row.score for row in holders)

    def __bool__(self):
        return bool(self.rows)

    def __contains__(self, row: Row):
        return row in self.rows

    def shown(self, row: Row) -> int:
        """The score that gives the row its place."""
        return min(row.score, self.limit) if row in self.rows else row.score

    def order(self, row: Row) -> tuple:
        """What sorts rows where some are doubtful."""
        return (-self.shown(row), row in self.rows, *row.order)

    def sorted(self, rows: list[Row]) -> list[Row]:
        """The rows, best first."""
        if not self.rows:
            return sorted(rows, key=ORDER)
        found = sorted((row for row in rows if row not in self.rows), key=ORDER)
        # All others are in their places already.
        for row in rows:
            if row in self.rows:
                insort(found, row, key=self.order)
        return found


def _claim(row: Row) -> tuple:
    return row.certain.order


#: All rows are certain, or none of them is asked for a record.
NO_DOUBT = Doubt(())


def ties(rows: list[Row], doubt: Doubt = NO_DOUBT) -> Iterator[list[Row]]:
    """Rows in order by those that share their place, each group in the order it is shown in.

    Equality at the coarser precision is not transitive, so a newcomer must equal every member: a
    value known to the day never makes two different exact ones equal. Members of one precision
    equal one another at it, so one of each precision speaks for the rest.
    """
    place, count = 0, len(rows)
    while place < count:
        first = last = rows[place]
        end, speakers = place + 1, None
        while end < count:
            row = rows[end]
            if not row.is_level(last) or (doubt and (row in doubt) != (last in doubt)):
                break
            if speakers is None:
                speakers = {}
            speakers.setdefault((last.step, last.running), last)
            if not all(row.is_level(one) for one in speakers.values()):
                break
            last = row
            end += 1
        yield [first] if end == place + 1 else sorted(rows[place:end], key=_inside_a_tie)
        place = end


def rank_of(row: Row, rows: list[Row], doubt: Doubt = NO_DOUBT) -> int:
    """The rank of one of the rows, which are in order."""
    place = 1
    for group in ties(rows, doubt):
        if row in group:
            break
        place += len(group)
    return place


def _inside_a_tie(row: Row) -> tuple:
    """Who reached it first comes first, then the family name decides."""
    astronaut = row.career.astronaut
    return (row.mark.reached_at, astronaut.family_name, astronaut.slug)


# Over time


@plain()
class Piece:
    """A straight part of a line, from the second `begin` on: flat at what is certain of `row`, or
    rising, so that the score at second t is `offset` + t. Without a row the career is not on the
    leaderboard."""

    begin: int
    row: Row | None
    offset: int | None = None

    @property
    def score(self) -> int:
        """Where a flat one stands."""
        return self.row.certain.score if self.row else -ENDLESS

    def score_at(self, second: int) -> int:
        return self.score if self.offset is None else self.offset + second

    def row_at(self, second: int) -> Row | None:
        # In the second in which a flight draws level with what was reached before, that still
        # carries the value.
        if self.offset is None or not self.row.running:
            return self.row
        return self.row.risen(self.offset + second, second)


def line(
    rule: Rule, career: Career, until: datetime, confirmation: Confirmation
) -> Iterator[Piece]:
    """The pieces of a career's line up to the instant, in order of time."""
    last = second_of(until)
    corners = sorted({second_of(turn) for turn in career.turns(confirmation)})
    corners = [corner for corner in corners if corner <= last]
    for begin, end in zip(corners, [*corners[1:], last + 1], strict=False):
        yield from _between(rule, career, begin, end, confirmation)


def _between(rule, career, begin, end, confirmation) -> Iterator[Piece]:
    """The pieces from one corner up to, and without, the next: flat, rising, or flat until the
    flight under way outdoes what was reached before."""
    grows = rule.metric.grows
    row = row_at(rule, career, instant_of(begin), confirmation)
    if row is None and not grows:
        return
    # Not a flat piece that rises later: it may never be confirmed, and fall back.
    yield Piece(begin, row, row.amount - begin if row and row.running else None)
    if not grows or end - 1 == begin:
        return
    last = row_at(rule, career, instant_of(end - 1), confirmation)
    climbed = last.amount - (row.amount if row else 0) if last and last.running else 0
    if climbed <= 0:
        return
    offset = last.amount - (end - 1)
    # It rises second by second, at the latest up to the end, and is on the leaderboard from the
    # least that is listed on.
    start = max(begin, end - 1 - climbed)
    if row is None:
        start = max(start, rule.least - offset)
    yield Piece(start, row or last, offset)
    if start + 1 < end:
        yield Piece(start + 1, last, offset)


def blur_of(precision: Precision) -> int:
    """By how many seconds a passing in flight can truly have come earlier or later than by values
    that are known so well: each of the two is off by less than a step."""
    return 0 if precision is Precision.SECOND else 2 * precision.seconds


def second_of(instant: datetime) -> int:
    return round(instant.timestamp())


def instant_of(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
