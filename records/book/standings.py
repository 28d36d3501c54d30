"""Standings: a leaderboard at an instant, with shared ranks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .careers import Astronaut, Career, Confirmation, Flight, Spacewalk, State
from .categories import Category
from .metrics import Mark, Metric


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A metric over a category of flights, listing values from `threshold` on (days for durations,
    years for ages; None lists everything above zero). With `each` it lists every "flight" or
    "spacewalk" by itself instead of each astronaut's best."""

    metric: Metric
    category: Category
    threshold: int | None = None
    each: str = ""

    @property
    def least(self) -> int:
        """The least score that is listed."""
        amount = self.metric.threshold_amount(self.threshold)
        return -amount if self.metric.lowest_first else amount


@dataclass(frozen=True, slots=True)
class Standing:
    """One row: the rank (shared where `tied`), who, and what they reached."""

    rank: int
    tied: bool
    career: Career
    mark: Mark
    metric: Metric

    @property
    def astronaut(self) -> Astronaut:
        return self.career.astronaut

    @property
    def country(self) -> str:
        """Code of the country flown for: on the flight that the value is, or on the latest one."""
        last = self.mark.parts[-1]
        return last.country if isinstance(last, Flight) else self.career.flights[-1].country

    @property
    def value(self):
        return self.mark.value

    @property
    def state(self) -> State:
        return self.mark.state

    @property
    def running(self) -> bool:
        """Whether the value is rising at this instant."""
        return self.metric.grows and self.state.running

    @property
    def reached_at(self) -> datetime:
        return self.mark.reached_at

    @property
    def flights(self) -> tuple[Flight, ...]:
        """The flights that the value is made of."""
        return tuple(part for part in self.mark.parts if isinstance(part, Flight))

    @property
    def spacewalks(self) -> tuple[Spacewalk, ...]:
        """The spacewalks that the value is made of."""
        return tuple(part for part in self.mark.parts if isinstance(part, Spacewalk))

    @property
    def aloft(self) -> bool:
        """Whether a flight that counts is under way, whether or not this value rests on it."""
        return self.career.aloft is not None


def standings(
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    settled: dict[int, tuple[Mark, Career] | None] | None = None,
) -> list[Standing]:
    """The leaderboard at the instant, best first. `careers` are already narrowed to the category.

    `settled` remembers, between calls for the same leaderboard and careers, the rows of careers in
    which nothing changes any more; it is filled as it is used.

    Standard competition ranking: two share rank 3, the next is 5. Values are equal if they are so
    at the coarser precision of the two. Inside a tie, who reached it first comes first, then the
    family name decides.
    """
    settled = {} if settled is None else settled
    rows = []
    for place, career in enumerate(careers):
        if career.settled_at is None or career.settled_at > at:
            row = row_at(leaderboard, career, at, confirmation)
        elif place in settled:
            row = settled[place]
        else:
            row = settled[place] = row_at(leaderboard, career, at, confirmation)
        if row:
            rows.append(row)
    return list(ranked(rows, leaderboard.metric, confirmation))


def row_at(
    leaderboard: Leaderboard, career: Career, at: datetime, confirmation: Confirmation
) -> tuple[Mark, Career] | None:
    """The career's mark at the instant and the clipped career it was measured on; None if it is
    not on the board."""
    clipped = leaderboard.category.narrow_clipped(career.at(at, confirmation))
    mark = leaderboard.metric.measure(clipped) if clipped.flights else None
    if mark and leaderboard.metric.score(mark.value) >= leaderboard.least:
        return mark, clipped
    return None


def ranked(
    rows: list[tuple[Mark, Career]], metric: Metric, confirmation: Confirmation
) -> Iterable[Standing]:
    """Rows of `row_at` in order and with ranks. Sorts `rows` in place.

    An unconfirmed clock breaks no record: such a row stands behind all that share the first place,
    whatever its own figure, unless what is certain of it holds that place already.
    """
    score = metric.score
    doubtful = {id(row) for row in rows if is_unconfirmed(*row, metric)}
    best = 0
    if doubtful:
        claims = [(certain_mark(*row, metric, confirmation), row) for row in rows]
        claims.sort(key=lambda claim: (score(claim[0].value), -claim[0].value.step), reverse=True)
        first = _tie_from([(mark, row[1]) for mark, row in claims], 0, set(), metric)
        holders = [row for _, row in claims[: len(first)]]
        doubtful -= {id(row) for row in holders}
        best = min(score(row[0].value) for row in holders)

    def order(row):
        value = row[0].value
        points = score(value)
        # Of equal ones the better known first: it ends a tie that it has no part in, and a coarser
        # one beside it then does not reach over it.
        fine = (-value.step, is_running(*row, metric))
        if id(row) in doubtful:
            return (min(points, best), False, points, fine)
        return (points, True, points, fine)

    rows.sort(key=order, reverse=True)
    place = 0
    while place < len(rows):
        group = _tie_from(rows, place, doubtful, metric)
        group.sort(key=_inside_a_tie)
        for mark, career in group:
            yield Standing(place + 1, len(group) > 1, career, mark, metric)
        place += len(group)


def is_unconfirmed(mark: Mark, career: Career, metric: Metric) -> bool:
    """Whether the value rests on a clock that nobody has confirmed."""
    return metric.grows and career.aloft is not None and mark.state is State.UNCONFIRMED


def certain_mark(mark: Mark, career: Career, metric: Metric, confirmation: Confirmation) -> Mark:
    """The mark without the time since the last confirmation of a flight that has become
    unconfirmed."""
    if is_unconfirmed(mark, career, metric):
        return metric.measure(career.certain(confirmation)) or mark
    return mark


def certain_score(mark: Mark, career: Career, metric: Metric, confirmation: Confirmation) -> int:
    """The score of `certain_mark`."""
    return metric.score(certain_mark(mark, career, metric, confirmation).value)


def is_running(mark: Mark, career: Career, metric: Metric) -> bool:
    """Whether the value is rising at this instant."""
    return metric.grows and career.aloft is not None and mark.state.running


def _tie_from(rows, place, doubtful, metric):
    """The rows from `place` on that all equal one another.

    Equality at the coarser precision is not transitive, so a newcomer must equal every member: a
    value known to the day never makes two different exact ones equal. Members of one precision
    equal one another at it, so one of each precision speaks for the rest.

    Two running clocks stay as far apart as their launches; compared by the minute they would draw
    level and part again every minute, so they are equal only to the second.
    """
    first = rows[place]
    if place + 1 == len(rows) or not first[0].value.equals(rows[place + 1][0].value):
        return [first]  # Most rows share their place with nobody.
    group, speakers = [first], {}
    _speak(first, speakers, metric)
    # By index: an islice would walk through all the rows before it, for every place anew.
    for index in range(place + 1, len(rows)):
        row = rows[index]
        if (id(row) in doubtful) != (id(first) in doubtful):
            break
        value, running = row[0].value, is_running(*row, metric)
        if not all(
            value.amount == speaker.amount if running and also_running else value.equals(speaker)
            for (_, also_running), speaker in speakers.items()
        ):
            break
        group.append(row)
        _speak(row, speakers, metric)
    return group


def _speak(row, speakers, metric):
    value = row[0].value
    speakers.setdefault((value.precision, is_running(*row, metric)), value)


def _inside_a_tie(row):
    mark, career = row
    return (mark.reached_at, career.astronaut.family_name, career.astronaut.slug)
