"""Standings: a leaderboard at an instant, with shared ranks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from .careers import Astronaut, Career, Confirmation, State
from .categories import Category
from .metrics import Mark, Metric


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """A metric over a category of flights, listing values from `threshold` on (days for durations,
    else the metric's own unit; None lists everything above zero)."""

    metric: Metric
    category: Category
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One row: the rank (shared where `tied`), who, and what they reached."""

    rank: int
    tied: bool
    career: Career
    mark: Mark
    grows: bool

    @property
    def astronaut(self) -> Astronaut:
        return self.career.astronaut

    @property
    def country(self) -> str:
        """Code of the country flown for on the latest flight that counts."""
        return self.career.flights[-1].country

    @property
    def value(self):
        return self.mark.value

    @property
    def state(self) -> State:
        return self.mark.state

    @property
    def running(self) -> bool:
        """Whether the value is rising at this instant."""
        return self.grows and self.state.running

    @property
    def reached_at(self) -> datetime:
        return self.mark.reached_at

    @property
    def aloft(self) -> bool:
        """Whether a flight that counts is under way, whether or not this value rests on it."""
        return self.career.aloft is not None


def standings(
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
) -> list[Standing]:
    """The leaderboard at the instant, best first. `careers` are already narrowed to the category.

    Standard competition ranking: two share rank 3, the next is 5. Values are equal if they are so
    at the coarser precision of the two. Inside a tie, who reached it first comes first, then the
    family name decides.
    """
    metric, category = leaderboard.metric, leaderboard.category
    least = metric.threshold_amount(leaderboard.threshold)
    rows = []
    for career in careers:
        clipped = category.narrow_clipped(career.at(at, confirmation))
        mark = metric.measure(clipped) if clipped.flights else None
        if mark and mark.value.amount >= least:
            rows.append((mark, clipped))
    return list(_ranked(rows, metric))


def _ranked(rows: list[tuple[Mark, Career]], metric: Metric) -> Iterable[Standing]:
    # An unconfirmed clock breaks no record: such a row stands behind the best certain one,
    # whatever its own figure.
    doubtful = {id(row) for row in rows if _is_doubtful(*row, metric)}
    best = max((row[0].value.amount for row in rows if id(row) not in doubtful), default=0)

    def order(row):
        amount = row[0].value.amount
        return (min(amount, best), id(row) not in doubtful, amount) if doubtful else amount

    rows.sort(key=order, reverse=True)
    place = 0
    while place < len(rows):
        group = _tie_from(rows, place, doubtful)
        group.sort(key=_inside_a_tie)
        for mark, career in group:
            yield Standing(place + 1, len(group) > 1, career, mark, metric.grows)
        place += len(group)


def _is_doubtful(mark: Mark, career: Career, metric: Metric) -> bool:
    return metric.grows and career.aloft is not None and mark.state is State.UNCONFIRMED


def _tie_from(rows, place, doubtful):
    """The rows from `place` on that all equal one another.

    Equality at the coarser precision is not transitive, so a newcomer must equal every member: a
    value known to the day never makes two different exact ones equal. Members of one precision
    equal one another at it, so one of each precision speaks for the rest.
    """
    first = rows[place]
    value = first[0].value
    group, speakers = [first], {value.precision: value}
    for row in islice(rows, place + 1, None):
        value = row[0].value
        if (id(row) in doubtful) != (id(first) in doubtful):
            break
        if not all(value.equals(speaker) for speaker in speakers.values()):
            break
        group.append(row)
        speakers.setdefault(value.precision, value)
    return group


def _inside_a_tie(row):
    mark, career = row
    return (mark.reached_at, career.astronaut.family_name, career.astronaut.slug)
