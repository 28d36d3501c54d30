"""Progression: who held a record, from when to when, and by how much.

Over time each career's value is a line of straight pieces: flat on the ground, rising second by
second in flight, jumping at a launch or a spacewalk. The record is the upper envelope of the lines.
One sweep over their corners keeps the few lines near the envelope; wherever the order among those
can change, the standings themselves say who is first. So the two cannot disagree.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from records.instants import Precision

from .careers import SECOND, Astronaut, Career, Confirmation, State
from .metrics import ENDLESS
from .standings import Leaderboard, Standing, certain_score, is_running, ranked, row_at
from .values import Value


class Kind(StrEnum):
    """How a record changed."""

    FIRST = "first"
    BROKEN = "broken"
    EQUALLED = "equalled"
    EXTENDED = "extended"
    RETURNED = "returned"
    #: What readers are told instead where the spacecraft was lost (`Tenure.kind`).
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One step of a record: who holds it, with what, and since when.

    `passed_at` is the first second at which the holders stand alone in front; `sealed_at` when the
    value stopped rising (the landing), None while it rises or if it was passed while rising;
    `until` when the next step followed, None for the present one. `began` is the value at
    `passed_at`, `value` the greatest it reached. `before` is the record that was broken.

    Where a clock that was ahead is not confirmed afterwards, the record has `returned` to what is
    certain.
    """

    kind: Kind
    holders: tuple[Astronaut, ...]
    passed_at: datetime
    sealed_at: datetime | None
    until: datetime | None
    began: Value
    value: Value
    before: Value | None
    rising: bool

    @property
    def margin(self) -> Value | None:
        """How much better than the record before; None for the first one, for a shared one, and
        where nothing can be said but that it is better."""
        if self.before is None or self.kind in (Kind.EQUALLED, Kind.RETURNED):
            return None
        value, before = self.value, self.before
        margin = replace(
            value,
            amount=abs(value.amount - before.amount),
            precision=Precision.coarsest((value.precision, before.precision)),
            at_least=value.at_least and not before.at_least,
            at_most=before.at_least and not value.at_least,
            # The years of an age are of two birthdays; what lies between two ages is days.
            years=None,
        )
        return None if margin.at_least and margin.amount < margin.step else margin

    def held(self, at: datetime) -> timedelta:
        """How long the step has lasted, up to the instant if it still does."""
        return (self.until or at) - self.passed_at

    def as_of(self, at: datetime) -> "RecordChange":
        """The step as it was known at an instant not before `passed_at`."""
        change = self
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
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    until: datetime,
    confirmation: Confirmation,
) -> list[RecordChange]:
    """Every step of the record up to the instant `until`, first one first.

    `careers` are already narrowed to the category. While a rising value is level with the record
    it has not passed it: the record is still held by those who set it.
    """
    steps: list[RecordChange] = []
    for at, leaders in _leaders(leaderboard, careers, until, confirmation):
        _take_step(steps, at, leaders)
    return [change.as_of(until) for change in steps]


def holders(standings: list[Standing]) -> list[Standing]:
    """Who holds the record by the standings: rank 1, less those still rising level with it.

    Who had as much before the flight, or when a value that stands still was reached, is no
    challenger and holds it too; and who had more then holds it alone.
    """
    leaders = [one for one in standings if one.rank == 1]
    still = [one for one in leaders if not one.running]
    if not still or len(still) == len(leaders):
        return leaders
    ahead = [(one, _lead(one, still)) for one in leaders if one.running]
    alone = [one for one, lead in ahead if lead is not None and lead > 0]
    if alone:
        return alone
    level = [one for one, lead in ahead if lead is not None]
    return still + level


def _lead(rising: Standing, still: list[Standing]) -> int | None:
    """By how much a rising value surpassed those that stand still when they were reached; None if
    it had not come as far."""
    landed = replace(rising.career, flights=rising.career.flights[:-1])
    had = rising.metric.measure(landed) if landed.flights else None
    if had and all(had.value.equals(one.value) for one in still):
        return 0
    leads = []
    for one in still:
        since = round((rising.reached_at - one.reached_at).total_seconds())
        leads.append(rising.value.amount - since - one.value.amount)
    lead = min(leads)
    return lead if lead >= 0 else None


def _take_step(steps: list[RecordChange], at: datetime, leaders: list[Standing]) -> None:
    last = steps[-1] if steps else None
    if not leaders:
        if last and last.until is None:
            steps[-1] = _ended(last, at)
        return
    first = leaders[0]
    # Where each flight is listed, one astronaut may stand there twice.
    people = tuple(dict.fromkeys(one.astronaut for one in leaders))
    same = last and last.until is None and set(people) == set(last.holders)
    rising = last and last.rising and last.sealed_at is None
    if same and rising and (first.running or first.reached_at >= last.passed_at):
        if not first.running:
            # That a clock stands at the plan's end is known a second later.
            sealed_at = at if first.state is State.UNCONFIRMED else first.reached_at
            steps[-1] = replace(last, sealed_at=sealed_at, value=first.value)
        return
    if same and not rising and _is_as_good(first, last):
        return
    if last is None:
        kind = Kind.FIRST
    elif (
        set(people) > set(last.holders)
        and not first.running  # They rise on together.
        and _is_as_good(first, _ended(last, at))
    ):
        kind = Kind.EQUALLED
    elif first.reached_at < last.passed_at or _is_no_better(first, _ended(last, at)):
        kind = Kind.RETURNED
    elif same:
        kind = Kind.EXTENDED
    else:
        kind = Kind.BROKEN
    if last and last.until is None:
        last = steps[-1] = _ended(last, at)
    steps.append(
        RecordChange(
            kind,
            people,
            passed_at=at,
            sealed_at=None if first.running else at,
            until=None,
            began=first.value,
            value=first.value,
            before=last.value if last else None,
            rising=first.running,
        )
    )


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


def _leaders(
    leaderboard, careers, until, confirmation
) -> Iterator[tuple[datetime, list[Standing]]]:
    """Instants at which the leaders may change, each with them, in order."""
    metric = leaderboard.metric

    def first_of(careers, at):
        rows = [row_at(leaderboard, career, at, confirmation) for career in careers]
        group = []
        for one in ranked([row for row in rows if row], metric, confirmation):
            if one.rank > 1:
                break
            group.append(one)
        return holders(group)

    lines = _Lines(leaderboard, careers, until, confirmation)
    for at, is_near in lines.corners():
        if is_near:
            yield at, first_of(lines.near(at), at)
        for crossing in lines.crossings(at):
            yield crossing, first_of(lines.near(crossing), crossing)


@dataclass(slots=True)
class _Line:
    """Where one career's value stands: flat at `score`, and, while `offset` is not None, rising so
    that its score at second t is offset + t. An unconfirmed clock is flat at what is certain."""

    career: Career
    score: int
    step: int
    offset: int | None = None


class _Lines:
    """The sweep: which lines are near the envelope between one corner and the next.

    Scores are amounts, signed so that more is better; seconds are counted from 1970.
    """

    def __init__(self, leaderboard, careers, until, confirmation):
        self.leaderboard = leaderboard
        self.until = _second(until)
        self.confirmation = confirmation
        #: second → [(career's index, line from then on)]
        self.changes: dict[int, list] = defaultdict(list)
        self.margin = 0
        for index, career in enumerate(self._contenders(careers)):
            self._draw(index, career)
        #: Flat lines near the record, and rising ones, by index.
        self.flat: dict[int, _Line] = {}
        self.rising: dict[int, _Line] = {}
        #: (offset, index) of the rising lines, lowest first.
        self.order: list[tuple[int, int]] = []
        self.top: int | None = None
        self.next_corner = None
        #: The second of a crossing that falls on a corner, which has then to be looked at.
        self.crossed_at: int | None = None

    def _contenders(self, careers: Iterable[Career]) -> Iterator[Career]:
        """Careers whose lines can come near the envelope at all.

        A line never falls while what it rests on is certain. So a career that ended, in the end,
        below what another had already reached before its first launch, can be left out.
        """
        score = self.leaderboard.metric.score
        entries, finals, step = [], [], 1
        for career in careers:
            end = career.settled_at
            if end is None or _second(end) > self.until:
                entries.append((career, None))
            elif row := row_at(self.leaderboard, career, end, self.confirmation):
                value = row[0].value
                step = max(step, value.step)
                entries.append((career, score(value)))
                finals.append((end, score(value)))
        finals.sort()
        ends = [end for end, _ in finals]
        best = list(accumulate((points for _, points in finals), max))
        for career, points in entries:
            place = bisect_left(ends, career.flights[0].launched_at)
            if points is None or place == 0 or points >= best[place - 1] - step:
                yield career

    def _draw(self, index: int, career: Career) -> None:
        """Note the corners of one career's line."""
        metric = self.leaderboard.metric
        corners = sorted(set(map(_second, career.turns(self.confirmation))))
        instants = [at for at in corners if at <= self.until]
        for place, at in enumerate(instants):
            row = row_at(self.leaderboard, career, _instant(at), self.confirmation)
            unlisted = row is None
            if unlisted and not metric.grows:
                continue
            end = instants[place + 1] if place + 1 < len(instants) else self.until + 1
            line = self._line(career, row)
            if row and is_running(*row, metric):
                # Not a flat line that rises later: it may never be confirmed, and fall back.
                line.offset = row[0].value.amount - at
            self.changes[at].append((index, line))
            if not (metric.grows and end - 1 > at):
                continue
            last = row_at(self.leaderboard, career, _instant(end - 1), self.confirmation)
            if last is None or not is_running(*last, metric):
                continue
            climbed = last[0].value.amount - (0 if unlisted else row[0].value.amount)
            if climbed <= 0:
                continue
            rise = self._line(career, last)
            rise.offset = last[0].value.amount - (end - 1)
            # It rises second by second, at the latest up to the end of the piece, and stands on the
            # board from the least that is listed on.
            begin = max(at, end - 1 - climbed)
            if unlisted:
                begin = max(begin, self.leaderboard.least - rise.offset)
            self.changes[begin].append((index, rise))
            # Only now does the new flight carry the value.
            if begin + 1 < end:
                self.changes[begin + 1].append((index, rise))

    def _line(self, career, row) -> _Line:
        if row is None:
            return _Line(career, -ENDLESS, 1)
        mark, clipped = row
        metric = self.leaderboard.metric
        step = mark.value.step
        # What jumps is level only with what it cannot be told from, and that is nearer than a step.
        self.margin = max(self.margin, step if metric.grows else step - 1)
        return _Line(career, certain_score(mark, clipped, metric, self.confirmation), step)

    def corners(self) -> Iterator[tuple[datetime, bool]]:
        """The instants at which a line changes its course, in order, and whether one of those
        that do is or was near the record. The lines follow."""
        seconds = sorted(self.changes)
        for place, at in enumerate(seconds):
            self.next_corner = seconds[place + 1] if place + 1 < len(seconds) else self.until + 1
            floor = self._floor(at)
            # No short cut: every line that turns here must turn.
            near = [self._turn(index, line, at, floor) for index, line in self.changes[at]]
            yield _instant(at), any(near) or self.crossed_at == at

    def _turn(self, index: int, line: _Line, at: int, floor: int) -> bool:
        """Give one line its new course. Whether it is, or was, near the record."""
        near = self.flat.pop(index, None) is not None
        if was := self.rising.pop(index, None):
            del self.order[bisect_left(self.order, (was.offset, index))]
            near |= was.offset + at >= floor
        if line.offset is not None:
            self.rising[index] = line
            insort(self.order, (line.offset, index))
            return near or line.offset + at >= floor
        if self.top is None or line.score > self.top:
            self.top = line.score
            low = self.top - self.margin
            self.flat = {key: one for key, one in self.flat.items() if one.score >= low}
        if line.score >= self.top - self.margin:
            self.flat[index] = line
            return True
        return near

    def _floor(self, at: int) -> int:
        """Scores from here on are near the record at the second."""
        tops = [] if self.top is None else [self.top]
        if self.order:
            tops.append(self.order[-1][0] + at)
        return max(tops, default=-ENDLESS) - self.margin

    def near(self, at: datetime) -> list[Career]:
        """Careers that may stand first at the instant."""
        second = _second(at)
        floor = self._floor(second)
        near = [line.career for line in self.flat.values() if line.score >= floor]
        return near + [line.career for line in self._risen_to(floor - second)]

    def _risen_to(self, offset: int) -> Iterator[_Line]:
        for own, index in reversed(self.order):
            if own < offset:
                return
            yield self.rising[index]

    def crossings(self, corner: datetime) -> Iterator[datetime]:
        """Instants before the next corner at which a rising line draws level with, or passes, a
        flat one near the record."""
        begin, end = _second(corner), self.next_corner
        if not self.order or self.top is None:
            return
        best = self.order[-1][0]
        if best + end < self.top - self.margin:
            return
        seconds = set()
        for line in self._risen_to(best - self.margin):
            for flat in self.flat.values():
                step = max(line.step, flat.step)
                level = flat.score // step * step
                for score in (level, flat.score, flat.score + 1, level + step):
                    if begin < score - line.offset < end:
                        seconds.add(score - line.offset)
                    elif score - line.offset == end:
                        self.crossed_at = end
        yield from map(_instant, sorted(seconds))


def _second(instant: datetime) -> int:
    return round(instant.timestamp())


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
