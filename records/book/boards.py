"""Boards: standings kept until something happens, and ranked only where somebody looks.

Between two events nothing on a board changes but the clocks that run, and all of them run at one
pace. So the rows that stand still keep their order, and so do those that rise; at an instant the
few that rise are threaded into the many that do not, and only the rows asked for are measured and
ranked.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby, islice, takewhile
from operator import itemgetter

from .careers import SECOND, Career, Confirmation, State
from .metrics import ENDLESS, Mark, Metric
from .standings import (
    Leaderboard,
    Row,
    Standing,
    are_level,
    certain_mark,
    certain_score,
    in_doubt,
    inside_a_tie,
    is_running,
    is_unconfirmed,
    placing,
    ranked,
    row_at,
    row_key,
    ties,
)
from .values import Value


class Board:
    """A leaderboard from `since` up to and without `until` (None: no end is known).

    `careers` are already narrowed to the category. `settled` remembers, for all boards of the
    metric, what was measured of careers in which nothing changes any more.
    """

    def __init__(
        self,
        leaderboard: Leaderboard,
        careers: Iterable[Career],
        at: datetime,
        confirmation: Confirmation,
        *,
        settled: dict[int, tuple[Mark | None, Career]],
    ):
        self.leaderboard = leaderboard
        self.confirmation = confirmation
        self.since = at
        self.rising: list[Row] = []
        #: Careers to be measured again at another instant, by the id of their row.
        self.going_on: dict[int, Career] = {}
        #: Rows that nobody has confirmed.
        self.unconfirmed: list[Row] = []
        metric = leaderboard.metric
        #: Careers in which something may still change.
        self.under_way: list[Career] = []
        still = []
        measured = {}
        least = leaderboard.least
        for career in careers:
            if career.settled_at is not None and career.settled_at <= at:
                row = settled.get(id(career))
                if row is None:
                    # The career is kept in the row, so that no other can come to have its id.
                    row = measured[id(career)] = (metric.measure(career), career)
                if row[0] and metric.score(row[0].value) >= least:
                    still.append(row)
                continue
            self.under_way.append(career)
            if row := row_at(leaderboard, career, at, confirmation):
                self.going_on[id(row)] = career
                (self.rising if is_running(*row, metric) else still).append(row)
                if is_unconfirmed(*row, metric):
                    self.unconfirmed.append(row)
        settled.update(measured)
        self.until = self._until()
        self._arrange(still)

    def holds(self, at: datetime) -> bool:
        """Whether nothing has happened at the instant but that clocks ran."""
        return self.since <= at and (self.until is None or at < self.until)

    def at(self, at: datetime) -> "Table":
        """The standings at an instant for which the board holds."""
        return Table(self, at)

    def renewed(self, row: Row, at: datetime) -> Row:
        """The row as it is at the instant."""
        career = self.going_on.get(id(row))
        return row_at(self.leaderboard, career, at, self.confirmation) if career else row

    @property
    def rows_under_way(self) -> Iterator[tuple[Row, Career]]:
        """The rows that may change, each with the whole career."""
        for row in (*self.still, *self.rising, *self.disputed):
            if id(row) in self.going_on:
                yield row, self.going_on[id(row)]

    def rank_before(self, career: Career, at: datetime) -> int | None:
        """The rank that the career had at an earlier instant, None if it was not on the board.

        Figures never fall: those that have not come near the career's figure of then were not above
        it, and need not be measured.
        """
        row = row_at(self.leaderboard, career, at, self.confirmation)
        if row is None:
            return None
        metric = self.leaderboard.metric
        margin = max(self.margin, row[0].value.step)
        # What nobody has confirmed stands behind the record, however far above it.
        doubtful = is_unconfirmed(*row, metric)
        mark = certain_mark(*row, metric, self.confirmation) if doubtful else row[0]
        points = metric.score(mark.value)
        # Twice, since equal ones stand in another order than that of their scores.
        near = self.still[: bisect_right(self.points, 2 * margin - points)]
        rows, again = [], [*self.under_way]
        for one in near:
            if id(one) in self.going_on:
                continue
            if one[1].settled_at <= at:
                rows.append(one)  # It has not changed since.
            else:
                again.append(one[1])
        measured = (row_at(self.leaderboard, one, at, self.confirmation) for one in again)
        rows += [one for one in measured if one]
        ahead = 0
        if not any(is_unconfirmed(*one, metric) for one in rows):
            rows, ahead = _from_gap(rows, points, margin, metric)
        return next(
            ahead + one.rank
            for one in ranked(rows, metric, self.confirmation)
            if one.astronaut == career.astronaut
        )

    def is_behind(self, value: Value, at: datetime) -> bool:
        """Whether someone was, for certain, ahead of the value at an earlier instant: figures never
        fall, so that it was no record from then on. False if that cannot be told."""
        metric = self.leaderboard.metric
        reach = max(self.margin, value.step) + metric.score(value)
        for row in self.still[: bisect_left(self.points, -reach)]:
            career = self.going_on.get(id(row), row[1])
            earlier = row_at(self.leaderboard, career, at, self.confirmation)
            if (
                earlier
                and metric.score(earlier[0].value) > reach
                and not (metric.grows and earlier[0].state is not State.LANDED)
            ):
                return True
        return False

    def place_of(self, key: tuple) -> int:
        """How many of the rows that stand still are better than one with that `placing`."""
        place = bisect_left(self.points, key[0])
        while place < len(self.points) and self._placing(self.still[place]) < key:
            place += 1
        return place

    def key_of(self, career: Career) -> str | tuple:
        """What `Table.find` knows the row by."""
        return row_key(career, self.leaderboard.each)

    @cached_property
    def places(self) -> dict[str | tuple, int]:
        """Places of the rows that stand still, by their keys."""
        return {self.key_of(career): place for place, (_, career) in enumerate(self.still)}

    def _arrange(self, still: list[Row]) -> None:
        metric, confirmation = self.leaderboard.metric, self.confirmation
        #: Less than this apart, two values can be equal.
        self.margin = max(_steps((*still, *self.rising)), default=1)
        #: Ids of the rows that nobody has confirmed.
        self.doubtful = {id(row) for row in self.unconfirmed}
        #: Those of the unconfirmed that the first place may have to do with: where they stand
        #: depends on the record, and that may be rising.
        self.disputed: list[Row] = []
        if self.unconfirmed:
            tops = [certain_score(*row, metric, confirmation) for row in self.unconfirmed]
            tops += [
                metric.score(row[0].value)
                for row in (*still, *self.rising)
                if id(row) not in self.doubtful
            ]
            near = max(tops) - self.margin
            self.disputed = [row for row in self.unconfirmed if metric.score(row[0].value) > near]
            disputed = {id(row) for row in self.disputed}
            still = [row for row in still if id(row) not in disputed]
        # As `_placing` would have it, all at once: nothing among them is rising.
        score, doubtful = metric.score, self.doubtful
        if self.unconfirmed or len(set(_steps(still))) > 1:
            still.sort(key=lambda row: (id(row) in doubtful, row[0].value.step))
        still.sort(key=lambda row: -score(row[0].value))
        #: Rank and whether it is shared, for each row, where all of them stand still.
        self.ranks: list[tuple[int, bool]] | None = None
        if not (self.rising or self.disputed):
            groups = list(self._groups(still))
            still = [row for _, group in groups for row in group]
            self.ranks = [
                rank
                for place, group in groups
                for rank in [(place + 1, len(group) > 1)] * len(group)
            ]
        #: Rows that stand still, best first, and their scores, negative, so that they ascend.
        self.still = still
        self.points = [-metric.score(row[0].value) for row in still]

    def _groups(self, still: list[Row]) -> Iterator[tuple[int, list[Row]]]:
        """Rows in order by those that share their place, as `ties` has them."""
        if self.margin > 1 or self.doubtful:
            yield from ties(still, 0, self.doubtful, self.leaderboard.metric)
            return
        # What is known to the unit is equal only if it is the same.
        place = 0
        for _, group in groupby(still, key=lambda row: row[0].value.amount):
            rows = sorted(group, key=inside_a_tie)
            yield place, rows
            place += len(rows)

    def _placing(self, row: Row) -> tuple:
        # What is doubtful but far below the record stands where its own figure puts it.
        limit = ENDLESS if id(row) in self.doubtful else None
        return placing(row, self.leaderboard.metric, limit=limit)

    def _until(self) -> datetime | None:
        turns = [*self.confirmation.turns]
        for career in self.under_way:
            turns += career.turns(self.confirmation)
        if self.leaderboard.metric.grows:
            turns += self._entries()
        return min((turn for turn in turns if turn > self.since), default=None)

    def _entries(self) -> Iterator[datetime]:
        """When someone aloft reaches what is listed at least, or outdoes an earlier flight."""
        metric, at = self.leaderboard.metric, self.since
        for career in self.under_way:
            clipped = self.leaderboard.category.narrow_clipped(career.at(at, self.confirmation))
            if not (clipped.aloft and clipped.aloft.state.running):
                continue
            mark = metric.measure(clipped)
            if mark is None:
                continue
            yield at + timedelta(seconds=self.leaderboard.least - mark.value.amount)
            if not is_running(mark, clipped, metric):
                behind = timedelta(seconds=mark.value.amount - clipped.aloft.seconds)
                yield at + behind
                yield at + behind + SECOND


class Table(Sequence):
    """The standings of a board at an instant, best first: what `standings` gives, without the work
    for rows that nobody looks at. A slice is a list."""

    def __init__(self, board: Board, at: datetime):
        self.board = board
        self.at = at
        self.rows = _Rows(board, at)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return self._standings(0)

    def __getitem__(self, index):
        if isinstance(index, slice):
            begin, end, step = index.indices(len(self))
            return list(islice(self._standings(begin), max(0, end - begin)))[::step]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return next(self._standings(place))

    @property
    def leaders(self) -> list[Standing]:
        """All who stand first."""
        return list(takewhile(lambda one: one.rank == 1, self))

    @property
    def scale(self) -> int:
        """The greatest amount, 0 on an empty board. It stands first, or last where the least is the
        record, unless nobody has confirmed it."""
        ends = [one.mark for one in (*self[:1], *self[-1:])]
        marks = [*ends, *(mark for mark, _ in self.board.disputed)]
        return max((mark.value.amount for mark in marks), default=0)

    def first(self, careers: Iterable[Career], count: int) -> list[Standing]:
        """The standings of the first `count` of those careers, for boards that list everyone once;
        without those that are not on it."""
        slugs = [career.astronaut.slug for career in careers]
        places = sorted(
            (place, slug) for slug in slugs if (place := self.rows.place_of(slug)) is not None
        )
        found = [self.find(slug) for _, slug in places[:count]]
        return [standing for _, standing in sorted(found, key=itemgetter(0))]

    def find(self, key: str | tuple) -> tuple[int, Standing] | None:
        """The place, counted from 0, and the standing of an astronaut by slug, or where each part
        is listed of one by its `row_key`; None if not on the board."""
        place = self.rows.place_of(key)
        if place is None:
            return None
        if self.board.ranks:
            return place, self[place]
        begin = self._beginning(place)
        return next(
            found
            for found in enumerate(self._standings(begin), begin)
            if self.board.key_of(found[1].career) == key
        )

    def _standings(self, begin: int) -> Iterator[Standing]:
        metric, ranks = self.board.leaderboard.metric, self.board.ranks
        if ranks:
            for place in range(begin, len(ranks)):
                mark, career = self.board.renewed(self.rows[place], self.at)
                yield Standing(*ranks[place], career, mark, metric)
            return
        for place, group in ties(self.rows, self._beginning(begin), self.rows.doubtful, metric):
            for row in group[max(0, begin - place) :]:
                mark, career = self.board.renewed(row, self.at)
                yield Standing(place + 1, len(group) > 1, career, mark, metric)

    def _beginning(self, place: int) -> int:
        """A place at or before this one from which on ranks do not depend on what stands above."""
        if self.board.ranks:
            return self.board.ranks[place][0] - 1 if place < len(self) else place
        metric, rows = self.board.leaderboard.metric, self.rows
        while 0 < place < len(rows) and are_level(
            rows[place - 1], rows[place], rows.doubtful, metric
        ):
            place -= 1
        return place


def _from_gap(rows: list[Row], points: int, margin: int, metric: Metric) -> tuple[list[Row], int]:
    """The rows that may share a place with one of those points, and how many are ahead of them: all
    above the first gap in which no two values can be equal."""
    level, scores = points, [metric.score(row[0].value) for row in rows]
    for score in sorted(score for score in scores if score > points):
        if score - level >= margin:
            break
        level = score
    near = [
        row for row, score in zip(rows, scores, strict=True) if points - margin < score <= level
    ]
    return near, sum(score > level for score in scores)


def _steps(rows: Iterable[Row]) -> list[int]:
    """The steps of the values, one for each precision among them."""
    values = {mark.value.precision: mark.value for mark, _ in rows}
    return [value.step for value in values.values()]


class _Rows(Sequence):
    """All rows of a board at an instant in the order that ranks are given in."""

    def __init__(self, board: Board, at: datetime):
        self.board = board
        self.at = at
        metric = board.leaderboard.metric
        risen = round((at - board.since).total_seconds())
        loose = [(placing(row, metric, risen=risen), row) for row in board.rising]
        self.doubtful = board.doubtful
        if board.disputed:
            self.doubtful, limit = self._in_doubt(risen)
            for row in board.disputed:
                bound = limit if id(row) in self.doubtful else None
                loose.append((placing(row, metric, limit=bound), row))
        loose.sort(key=itemgetter(0))
        #: The few to be threaded into those that stand still, how many of those are ahead of each,
        #: and where they come to lie.
        self.loose = [row for _, row in loose]
        self.ahead = [board.place_of(key) for key, _ in loose]
        self.threads = [place + more for more, place in enumerate(self.ahead)]
        #: Those of them that have been measured at the instant, by their place among the loose.
        self.measured: dict[int, Row] = {}

    def __len__(self):
        return len(self.board.still) + len(self.loose)

    def __getitem__(self, place):
        more = bisect_left(self.threads, place)
        if more == len(self.threads) or self.threads[more] != place:
            return self.board.still[place - more]
        if more not in self.measured:
            row = self.loose[more]
            rises = is_running(*row, self.board.leaderboard.metric)
            self.measured[more] = self.board.renewed(row, self.at) if rises else row
        return self.measured[more]

    def place_of(self, key: str | tuple) -> int | None:
        if key in self.loose_places:
            return self.loose_places[key]
        place = self.board.places.get(key)
        return None if place is None else place + bisect_right(self.ahead, place)

    @cached_property
    def loose_places(self) -> dict[str | tuple, int]:
        return {
            self.board.key_of(career): place
            for place, (_, career) in zip(self.threads, self.loose, strict=True)
        }

    def _in_doubt(self, risen: int) -> tuple[set[int], int]:
        """Of what nobody has confirmed, what stands behind the record, and its score."""
        board, metric = self.board, self.board.leaderboard.metric
        tops = [certain_score(*row, metric, board.confirmation) for row in board.disputed]
        tops += [metric.score(row[0].value) + risen for row in board.rising]
        tops += [-points for points in board.points[:1]]
        near = max(tops) - board.margin
        rows = [board.still[place] for place in range(bisect_left(board.points, -near))]
        rows += [
            board.renewed(row, self.at)
            for row in board.rising
            if metric.score(row[0].value) + risen > near
        ]
        doubtful, limit = in_doubt(rows + board.disputed, metric, board.confirmation)
        freed = {id(row) for row in board.disputed} - doubtful
        return board.doubtful - freed, limit
