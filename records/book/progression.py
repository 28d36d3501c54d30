"""Progression: who held a record, from when to when, and by how much.

The record is the upper envelope of the careers' lines. One sweep over their corners keeps the lines
in order; wherever the order among those at the front can change, the standings themselves say who
is first. So the two cannot disagree.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from records.instants import Precision

from .careers import SECOND, Astronaut, Career, Confirmation, State
from .holders import Proof, holders
from .lines import Piece, Row, blur_of, instant_of, line, row_at, second_of
from .metrics import ENDLESS
from .rules import Rule
from .standings import Board, Standing
from .values import Unit, Value


class ChangeKind(StrEnum):
    """How a record changed."""

    FIRST = "first"
    BROKEN = "broken"
    EQUALLED = "equalled"
    EXTENDED = "extended"
    RETURNED = "returned"
    #: Of a number of people: there may have been as many as ever, or more.
    PERHAPS = "perhaps"
    #: What readers are told instead where the spacecraft was lost (`Tenure.kind`).
    LOST = "lost"


#: What betters no record, or not for certain.
NOT_BETTER = (ChangeKind.EQUALLED, ChangeKind.RETURNED, ChangeKind.PERHAPS)


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One step of a record: who holds it, with what, and since when.

    `passed_at` is the first second at which the holders stand alone in front; `sealed_at` when the
    value stopped rising (the landing), None while it rises or if it was passed while rising;
    `until` when the next step followed, None for the present one. `began` is the value at
    `passed_at`, `value` the greatest it reached. `before` is the record that was broken.

    Where a clock that was ahead is not confirmed afterwards, the record has `returned` to what is
    certain.

    It is told as it was known at `known_at`. From `settles_at` on the holders surely had passed it,
    and up to `ends_at` the next step surely had not begun: of that span the `proof` says whether
    the record was theirs. `reached` is how well the launch, the landing or the spacewalk is known
    that made the step, if one did.
    """

    kind: ChangeKind
    holders: tuple[Astronaut, ...]
    passed_at: datetime
    sealed_at: datetime | None
    until: datetime | None
    began: Value
    value: Value
    before: Value | None
    rising: bool
    settles_at: datetime | None = field(default=None, compare=False)
    ends_at: datetime | None = field(default=None, compare=False)
    known_at: datetime | None = field(default=None, compare=False)
    proof: Proof | None = field(default=None, compare=False, repr=False)
    reached: Precision = field(default=Precision.SECOND, compare=False)

    @property
    def sure(self) -> bool:
        """Whether in every true history that the facts allow the holders, and they alone, held the
        record. It is worked out when it is read, since most steps are never shown."""
        if self.proof is None:
            return True
        if self.settles_at > self.known_at:
            return False
        doubted_at = self.proof.doubted_at(frozenset(self.holders), self.settles_at, self.ends_at)
        return doubted_at is None or doubted_at > self.known_at

    @property
    def passed_precision(self) -> Precision:
        """How well the instant of the passing is known: no better than the times it compares."""
        if self.began.unit is not Unit.SECONDS or not self.rising:
            return self.reached
        return Precision.coarsest(one.precision for one in (self.began, self.before) if one)

    @property
    def passed_off_by(self) -> int:
        """How many seconds earlier or later it may truly have been: of two values that are compared
        in flight neither need be exact."""
        return blur_of(self.passed_precision) if self.rising else 0

    @property
    def margin(self) -> Value | None:
        """How much better than the record before; None for the first one, for a shared one, and
        where nothing can be said but that it is better."""
        if self.before is None or self.kind in NOT_BETTER:
            return None
        better, worse = self.value, self.before
        if better.amount < worse.amount:
            better, worse = worse, better
        margin = replace(
            better,
            amount=better.amount - worse.amount,
            precision=Precision.coarsest((better.precision, worse.precision)),
            below=better.below + worse.above,
            above=better.above + worse.below,
            # The years of an age are of two birthdays; what lies between two ages is days.
            years=None,
        )
        return margin if margin.low >= margin.step or margin.low == margin.high else None

    def held(self, at: datetime) -> timedelta:
        """How long the step has lasted, up to the instant if it still does."""
        return (self.until or at) - self.passed_at

    def as_of(self, at: datetime) -> "RecordChange":
        """The step as it was known at an instant not before `passed_at`."""
        change = replace(self, known_at=at)
        if self.until and self.until > at:
            change = replace(change, until=None)
        if self.rising and (self.sealed_at is None or self.sealed_at > at):
            end = min(at, self.until - SECOND) if self.until else at
            risen = round((end - self.passed_at).total_seconds())
            change = replace(
                change,
                sealed_at=None,
                value=replace(self.began, amount=self.began.amount + risen),
            )
        return change


def progression_as_of(changes: Iterable[RecordChange], at: datetime) -> list[RecordChange]:
    """The steps up to the instant, the last one open, from a progression that may go further."""
    return [change.as_of(at) for change in changes if change.passed_at <= at]


def progression(
    leaderboard: Rule,
    careers: Iterable[Career],
    until: datetime,
    confirmation: Confirmation,
) -> list[RecordChange]:
    """Every step of the record up to the instant `until`, first one first.

    `careers` are already narrowed to the category. While a rising value is level with the record
    it has not passed it: the record is still held by those who set it.
    """
    steps: list[RecordChange] = []
    careers = tuple(careers)
    for at, leaders in _leaders_over_time(leaderboard, careers, until, confirmation):
        _take_step(steps, at, leaders, by_landing=leaderboard.category.counts_by_landing)
    proof = Proof(leaderboard, careers, until, confirmation)
    followers = [*steps, None][1:]
    found = []
    for change, following in zip(steps, followers, strict=False):
        ends_at = surely_before(change.until, following) if change.until else until
        found.append(replace(change, ends_at=ends_at, proof=proof).as_of(until))
    return found


def surely_before(until: datetime, following: RecordChange | None) -> datetime:
    """The last instant at which a step had surely not ended, by its end and the step after it."""
    follows = following is not None and following.passed_at == until
    return until - SECOND - timedelta(seconds=following.passed_off_by if follows else 0)


def _take_step(
    steps: list[RecordChange], at: datetime, leaders: list[Standing], *, by_landing: bool
) -> None:
    """Go on with what the leaders have done by the instant. `by_landing` says that flights count
    only once they have landed."""
    last = steps[-1] if steps else None
    if not leaders:
        if last and last.until is None:
            steps[-1] = _ended(last, at)
        return
    first = leaders[0]
    # How it stood on the day is not what is told of a record.
    value = replace(first.value, pending=0)
    # Where each flight is listed, one astronaut may stand there twice.
    people = tuple(dict.fromkeys(one.astronaut for one in leaders))
    same = last and last.until is None and set(people) == set(last.holders)
    rising = last and last.rising and last.sealed_at is None
    if same and rising and (first.running or first.reached_at >= last.passed_at):
        if not first.running:
            # That a clock stands at the plan's end is known a second later.
            sealed_at = at if first.state is State.UNCONFIRMED else first.reached_at
            steps[-1] = replace(last, sealed_at=sealed_at, value=value)
        return
    if same and not rising and _is_as_good(first, last):
        return
    if last is None:
        kind = ChangeKind.FIRST
    elif (
        set(people) > set(last.holders)
        and not first.running  # They rise on together.
        and _is_as_good(first, _ended(last, at))
    ):
        kind = ChangeKind.EQUALLED
    elif first.reached_at < last.passed_at or _is_no_better(first, _ended(last, at)):
        kind = ChangeKind.RETURNED
    elif same:
        kind = ChangeKind.EXTENDED
    else:
        kind = ChangeKind.BROKEN
    if last and last.until is None:
        last = steps[-1] = _ended(last, at)
    step = RecordChange(
        kind,
        people,
        passed_at=at,
        sealed_at=None if first.running else at,
        until=None,
        began=value,
        value=value,
        before=last.value if last else None,
        rising=first.running,
    )
    marks = [one.mark for one in leaders]
    made_it = [(mark.reached_by, mark.reached_precision) for mark in marks if mark.reached_at <= at]
    if by_landing:
        flights = (flight for one in leaders for flight in one.career.flights if flight.landed_at)
        made_it += [
            (flight.landed_by, flight.until_precision)
            for flight in flights
            if flight.landed_at <= at
        ]
    made_it = [(last, known) for last, known in made_it if at <= last]
    reached = Precision.coarsest(known for _, known in made_it)
    settles_at = max(at + timedelta(seconds=step.passed_off_by), *(last for last, _ in made_it), at)
    steps.append(replace(step, settles_at=settles_at, reached=reached))


def _is_as_good(standing: Standing, step: RecordChange) -> bool:
    if standing.running:
        # It rises on, out of reach of what it cannot be told from for the moment.
        return standing.value.amount == step.value.amount
    return standing.value.equals(step.value)


def _is_no_better(standing: Standing, step: RecordChange) -> bool:
    own, other = map(standing.metric.score, (standing.value, step.value))
    return own < other or (own == other and not standing.running)


def _ended(step: RecordChange, at: datetime) -> RecordChange:
    """The step as it was over at the instant, if not before."""
    if step.until is not None:
        return step
    if step.rising and step.sealed_at is None:
        risen = round((at - SECOND - step.passed_at).total_seconds())
        step = replace(step, value=replace(step.began, amount=step.began.amount + risen))
    return replace(step, until=at)


# The sweep


def _leaders_over_time(
    rule: Rule, careers: Iterable[Career], until: datetime, confirmation: Confirmation
) -> Iterator[tuple[datetime, list[Standing]]]:
    """The instants at which the leaders may change, in order, each with who leads then."""
    turns: dict[int, list[Turn]] = defaultdict(list)
    front = Front()
    for number, career in enumerate(_contenders(rule, careers, until, confirmation)):
        for piece in line(rule, career, until, confirmation):
            turns[piece.begin].append(Turn(number, piece))
            if piece.row:
                # What jumps is level only with what it cannot be told from, and that is nearer
                # than a step.
                margin = piece.row.margin - (not rule.metric.grows)
                front.margin = max(front.margin, margin)

    def leaders(second: int) -> tuple[datetime, list[Standing]]:
        at = instant_of(second)
        table = Board(rule, front.rows(second), at, confirmation)
        return at, holders(table.leaders)

    corners = sorted(turns)
    crossed = None
    for corner, following in zip(corners, [*corners[1:], second_of(until) + 1], strict=False):
        # No short cut: every line that turns here must turn.
        near = [front.turn(one, corner) for one in turns[corner]]
        if any(near) or crossed == corner:
            yield leaders(corner)
        for crossing in front.crossings(corner, following):
            if crossing == following:
                crossed = following
            else:
                yield leaders(crossing)


def _contenders(
    rule: Rule, careers: Iterable[Career], until: datetime, confirmation: Confirmation
) -> Iterator[Career]:
    """The careers whose lines can come near the record at all.

    A line never falls while what it rests on is certain. So a career that came, in the end, to less
    than another had already reached before its first launch, can be left out.
    """
    finals, going_on = [], []
    for career in careers:
        end = career.settled_at
        if end is None or end > until:
            going_on.append(career)
        elif row := row_at(rule, career, end, confirmation):
            finals.append(row)
    finals.sort(key=lambda row: row.whole.settled_at)
    ends = [row.whole.settled_at for row in finals]
    best = [-ENDLESS, *accumulate((row.score for row in finals), max)]
    margin = max((row.step for row in finals), default=0)
    for row in finals:
        before = bisect_left(ends, row.whole.flights[0].launched_at)
        if row.score >= best[before] - max(margin, row.margin_ever):
            yield row.whole
    yield from going_on


class Turn(NamedTuple):
    """A career's line, by its number, changing its course."""

    number: int
    piece: Piece


class Front:
    """All lines as they run at a second: those near the front may hold the record."""

    def __init__(self):
        #: The piece that each line is on, by its number.
        self.pieces: dict[int, Piece] = {}
        #: The flat lines as (score, number), and the rising ones as (offset, number), lowest first.
        self.flat: list[tuple[int, int]] = []
        self.rising: list[tuple[int, int]] = []
        #: Farther apart than this, no two rows share a place.
        self.margin = 0

    def turn(self, turn: Turn, second: int) -> bool:
        """Give a line its new course. Whether it is, or was, near the front."""
        number, piece = turn
        was = self.pieces.get(number)
        floor = self._floor(second)
        if was is not None:
            lines, place = self._place(number, was)
            del lines[bisect_left(lines, place)]
        self.pieces[number] = piece
        insort(*self._place(number, piece))
        return piece.score_at(second) >= floor or (
            was is not None and was.score_at(second) >= floor
        )

    def _place(self, number: int, piece: Piece) -> tuple[list, tuple[int, int]]:
        if piece.offset is None:
            return self.flat, (piece.score, number)
        return self.rising, (piece.offset, number)

    def rows(self, second: int) -> list[Row]:
        """The rows at the second of all that may stand first."""
        floor = self._floor(second)
        near = [*self._from(self.flat, floor), *self._from(self.rising, floor - second)]
        return [row for piece in near if (row := piece.row_at(second))]

    def _floor(self, second: int) -> int:
        """From this score on a line is near the front."""
        tops = [score for score, _ in self.flat[-1:]]
        tops += [offset + second for offset, _ in self.rising[-1:]]
        return max(tops, default=-ENDLESS) - self.margin

    def _from(self, lines: list[tuple[int, int]], least: int) -> list[Piece]:
        return [self.pieces[number] for _, number in lines[bisect_left(lines, (least, -1)) :]]

    def crossings(self, begin: int, end: int) -> list[int]:
        """The seconds after `begin`, up to `end`, in which a rising line draws level with, or
        passes, a flat one near the front. What counts of a clock that nobody has confirmed is what
        is certain."""
        if not (self.flat and self.rising):
            return []
        (top, _), (fastest, _) = self.flat[-1], self.rising[-1]
        if fastest + end < top - self.margin:
            return []
        marks = {
            (piece.row.certain.score, piece.row.certain.step)
            for piece in self._from(self.flat, top - self.margin)
            if piece.row
        }
        seconds = set()
        for piece in self._from(self.rising, fastest - self.margin):
            for score, step in marks:
                step = max(step, piece.row.step)
                level = score // step * step
                seconds.update(
                    reached - piece.offset for reached in (level, score, score + 1, level + step)
                )
        return sorted(second for second in seconds if begin < second <= end)
