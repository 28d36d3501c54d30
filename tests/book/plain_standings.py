"""Standings as plainly as they can be said: every career measured anew, every pair compared.

The record book's own must give the same, whatever it remembers and leaves out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from records.book.careers import Career, Confirmation, State
from records.book.metrics import Mark, Metric
from records.book.rules import Rule
from records.book.standings import Standing

#: What stands on a board: a mark, and the career, clipped, that it was measured on.
Row = tuple[Mark, Career]


def standings(
    leaderboard: Rule,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
) -> list[Standing]:
    """The leaderboard at the instant, best first. `careers` are already narrowed to the category.

    Standard competition ranking: two share rank 3, the next is 5. Values are equal if they are so
    at the coarser precision of the two. Inside a tie, who reached it first comes first, then the
    family name decides.
    """
    rows = [row for career in careers if (row := row_at(leaderboard, career, at, confirmation))]
    return list(ranked(rows, leaderboard.metric, confirmation))


def row_at(
    leaderboard: Rule, career: Career, at: datetime, confirmation: Confirmation
) -> Row | None:
    """The career's mark at the instant and the clipped career it was measured on; None if it is
    not on the board."""
    if career.flights[0].launched_at > at:
        return None
    flown = career.at(at, confirmation)
    clipped = leaderboard.category.narrow_clipped(flown)
    mark = leaderboard.metric.measure(clipped) if clipped.flights else None
    if mark and leaderboard.metric.score(mark.value) >= leaderboard.least:
        return unless_aloft(mark, flown, leaderboard), clipped
    return None


def unless_aloft(mark: Mark, flown: Career, leaderboard: Rule) -> Mark:
    """The mark, of which so much is open as the last flight brought, if that counts only once it
    has landed and may not have."""
    *landed, last = flown.flights
    value, metric = mark.value, leaderboard.metric
    if not last.may_be_aloft or metric.score(value) < 0:
        return mark
    up = replace(flown, flights=(*landed, replace(last, landed_at=None)))
    before = leaderboard.category.narrow_clipped(up)
    if before is up:
        return mark
    less = metric.measure(before) if before.flights else None
    brought = value.amount - value.below - (less.value.low if less else 0)
    return replace(mark, value=replace(value, pending=max(value.pending, brought)))


def ranked(rows: list[Row], metric: Metric, confirmation: Confirmation) -> Iterator[Standing]:
    """Rows of `row_at` in order and with ranks. Sorts `rows` in place."""
    doubtful, limit = in_doubt(rows, metric, confirmation)
    rows.sort(key=lambda row: placing(row, metric, limit=limit if id(row) in doubtful else None))
    for place, group in ties(rows, 0, doubtful, metric):
        for mark, career in group:
            yield Standing(place + 1, len(group) > 1, career, mark, metric)


def in_doubt(
    rows: Iterable[Row], metric: Metric, confirmation: Confirmation
) -> tuple[set[int], int]:
    """The ids of rows that nobody has confirmed, and the score behind which they stand.

    An unconfirmed clock breaks no record: such a row stands behind all that share the first place,
    whatever its own figure, unless what is certain of it holds that place already.
    """
    score = metric.score
    doubtful = {id(row) for row in rows if is_unconfirmed(*row, metric)}
    if not doubtful:
        return doubtful, 0
    claims = [(certain_mark(*row, metric, confirmation), row) for row in rows]
    claims.sort(key=lambda claim: placing((claim[0], claim[1][1]), metric))
    first = _tie_from([(mark, row[1]) for mark, row in claims], 0, set(), metric)
    holders = [row for _, row in claims[: len(first)]]
    limit = min(score(row[0].value) for row in holders)
    return doubtful - {id(row) for row in holders}, limit


def placing(row: Row, metric: Metric, *, limit: int | None = None, risen: int = 0) -> tuple:
    """What sorts rows, the best first. `limit` is the score behind which a doubtful row stands,
    None for any other; `risen` what a rising one has won since it was measured.

    Of equal ones the better known come first: they end a tie that they have no part in, and a
    coarser one beside them then does not reach over them.
    """
    mark, career = row
    points = metric.score(mark.value) + risen
    shown = points if limit is None else min(points, limit)
    return (
        -shown,
        limit is not None,
        -points,
        mark.value.step,
        not is_running(mark, career, metric),
    )


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


def ties(
    rows: Sequence[Row], begin: int, doubtful: set[int], metric: Metric
) -> Iterator[tuple[int, list[Row]]]:
    """Rows in order, from the place `begin` on, by those that share their place, which is given
    beside them, counted from 0."""
    while begin < len(rows):
        group = _tie_from(rows, begin, doubtful, metric)
        yield begin, group
        begin += len(group)


def _tie_from(rows, place, doubtful, metric) -> list[Row]:
    """The rows from `place` on that all equal one another, in the order they are shown in.

    Equality at the coarser precision is not transitive, so a newcomer must equal every member: a
    value known to the day never makes two different exact ones equal. Members of one precision
    equal one another at it, so one of each precision speaks for the rest.
    """
    group, speakers = [rows[place]], {}
    # By index: an islice would walk through all the rows before it, for every place anew.
    for index in range(place + 1, len(rows)):
        row, last = rows[index], group[-1]
        if not are_level(row, last, doubtful, metric):
            break
        speakers.setdefault((last[0].value.precision, is_running(*last, metric)), last)
        if not all(are_level(row, speaker, doubtful, metric) for speaker in speakers.values()):
            break
        group.append(row)
    return sorted(group, key=inside_a_tie) if len(group) > 1 else group


def are_level(row: Row, other: Row, doubtful: set[int], metric: Metric) -> bool:
    """Whether the two may share a place.

    Two running clocks stay as far apart as their launches; compared by the minute they would draw
    level and part again every minute, so they are equal only to the second.
    """
    value, others = row[0].value, other[0].value
    if not value.equals(others) or (id(row) in doubtful) != (id(other) in doubtful):
        return False
    return value.amount == others.amount or not (
        is_running(*row, metric) and is_running(*other, metric)
    )


def inside_a_tie(row: Row) -> tuple:
    """What sorts rows that share a place."""
    mark, career = row
    return (mark.reached_at, career.astronaut.family_name, career.astronaut.slug)
