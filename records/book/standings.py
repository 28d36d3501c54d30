"""Standings: a leaderboard at an instant, with shared ranks."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from records.instants import FIRST_INSTANT

from .careers import Astronaut, Career, Confirmation, Flight, Spacewalk, State
from .lines import ORDER, Doubt, Row, any_row_at, final_row, row_at, ties
from .metrics import ENDLESS, Mark, Metric
from .plain import plain
from .rules import Rule
from .values import Value


@plain()
class Standing:
    """One row: the rank (shared where `tied`), who, and what they reached.

    `settled` says that among those who are ranked, by what is known of them, the rank and whether
    it is shared are the same in every true history that the facts allow; `open_to` how many more
    could stand ahead, since nobody can say how far they came. `best` and `worst` are the ranks it
    can be.
    """

    rank: int
    tied: bool
    career: Career
    mark: Mark
    metric: Metric
    best: int = field(default=1, compare=False)
    worst: int = field(default=1, compare=False)
    settled: bool = field(default=True, compare=False)
    open_to: int = field(default=0, compare=False)

    @property
    def sure(self) -> bool:
        """Whether rank and tie are the same in every true history."""
        return self.settled and not self.open_to

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
        return self.metric.is_rising(self.mark)

    @property
    def lost(self) -> bool:
        """Whether the value ended with the loss of the craft."""
        return self.mark.lost

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


def row_key(career: Career, each: str) -> str | tuple:
    """What tells a row of a board from all others: the astronaut's slug, or with `each` the part
    of the career as well."""
    if not each:
        return career.astronaut.slug
    flight = career.flights[0]
    walks = flight.spacewalks if each == "spacewalk" else ()
    return career.astronaut.slug, flight.number, *(walk.slug for walk in walks)


def standings(
    leaderboard: Rule,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
) -> "Board":
    """The leaderboard at the instant, best first. `careers` are already narrowed to the category.

    Standard competition ranking: two share rank 3, the next is 5. Values are equal if they are so
    at the coarser precision of the two. Inside a tie, who reached it first comes first, then the
    family name decides.
    """
    return Comparison(leaderboard, careers).at(at, confirmation)


class Comparison:
    """The careers that a leaderboard compares. What those have come to that are over is sorted
    once, for every instant that anybody asks about. Nothing in it changes."""

    def __init__(self, leaderboard: Rule, careers: Iterable[Career]):
        self.leaderboard = leaderboard
        self.careers = tuple(careers)
        #: What careers that are over have come to, best first, and those without anything.
        self.finals, self.without = [], []
        #: Careers that go on, and when the last of the others was over.
        self.open, self.ended_at = [], FIRST_INSTANT
        for career in self.careers:
            if career.settled_at is None:
                self.open.append(career)
            else:
                self.ended_at = max(self.ended_at, career.settled_at)
                row = final_row(leaderboard.metric, career)
                if row is not None:
                    self.finals.append(row)
                elif leaderboard.metric.needs:
                    self.without.append(career)
        self.finals.sort(key=ORDER)

    def at(self, at: datetime, confirmation: Confirmation) -> "Board":
        """The leaderboard at the instant."""
        rule = self.leaderboard
        found, unranked = self.rows_at(at, confirmation)
        least = rule.least
        rows = [row for row in found if row.score >= least]
        others = [row for row in found if row.score < least]
        return Board(rule, rows, at, confirmation, others, unranked)

    def rows_at(
        self, at: datetime, confirmation: Confirmation
    ) -> tuple[list[Row], list[Astronaut]]:
        """What all have come to at the instant, in no order, and who may be anywhere among them."""
        rule = self.leaderboard
        found, going_on = list(self.finals), self.open
        if at < self.ended_at:
            found = [row for row in found if row.whole.settled_at <= at]
            going_on = [
                career
                for career in self.careers
                if career.settled_at is None or career.settled_at > at
            ]
        unranked = [one.astronaut for one in self.without if one.settled_at <= at]
        for career in going_on:
            if row := any_row_at(rule, career, at, confirmation):
                found.append(row)
            elif rule.metric.needs and career.flights[0].launched_at <= at:
                unranked.append(career.astronaut)
        return found, unranked


class Lineup(NamedTuple):
    """Rows in the order they are shown in, and for each the place, counted from 0, of the first of
    those that share its rank."""

    rows: list[Row]
    firsts: list[int]


class Board(Sequence):
    """The standings at an instant, best first: a sequence of `Standing`, each made when it is asked
    for. A slice is a list. Threads may share a table, since nothing in it changes."""

    def __init__(
        self,
        leaderboard: Rule,
        rows: list[Row],
        at: datetime,
        confirmation: Confirmation,
        others: Sequence[Row] = (),
        unranked: Sequence[Astronaut] = (),
    ):
        self.leaderboard, self.at, self.confirmation = leaderboard, at, confirmation
        #: Rows that are not listed by their figures, and may truly be.
        self.others = [row for row in others if row.high >= leaderboard.least]
        #: Whose rows would be on the board if more were known, and might have any rank.
        self._unranked = unranked
        self.doubt = Doubt(rows)
        #: Best first, but inside a tie by score.
        self.rows = self.doubt.sorted(rows)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return self._between(0, len(self))

    def __getitem__(self, index):
        places = range(len(self))[index]
        if isinstance(index, int):
            return next(self._between(places, places + 1))
        if places.step == 1:
            return list(self._between(places.start, places.stop))
        return [self[place] for place in places]

    @property
    def shown(self) -> list[Row]:
        """The rows in the order of the standings."""
        return self._lineup.rows

    @property
    def leaders(self) -> list[Standing]:
        """All who stand first."""
        first = next(ties(self.rows, self.doubt), [])
        return list(self._standings(0, first, first))

    @property
    def unranked(self) -> list[Astronaut]:
        """Who would be on the board if more were known of them, and might have any rank."""
        return sorted(set(self._unranked), key=attrgetter("family_name", "slug"))

    @property
    def open_ended(self) -> list[Astronaut]:
        """Who may have reached more than is known, nobody can say how much more."""
        rows = [*self.rows, *self.others]
        found = {row.whole.astronaut for row in rows if row.high >= ENDLESS}
        return sorted(found, key=attrgetter("family_name", "slug"))

    @property
    def is_open(self) -> bool:
        """Whether there is somebody of whom nobody can say how far they came."""
        return bool(self._unranked or self._open_ended)

    @property
    def scale(self) -> int:
        """The greatest amount, 0 on an empty board."""
        return max((row.amount for row in self.rows), default=0)

    def find(self, key: str | tuple) -> tuple[int, Standing] | None:
        """The place, counted from 0, and the standing of an astronaut by slug, or where each part
        is listed of one by its `row_key`; None if not on the board."""
        place = self._places.get(key)
        return None if place is None else (place, self[place])

    def standing_before(self, career: Career, at: datetime) -> Standing | None:
        """Where one of the careers stood at an earlier instant, None if it was not on the board.

        Figures never fall: whoever cannot have come as far as the career for certain had then, or
        to what cannot be told from it, was neither ahead of it nor level, and need not be measured.
        """
        rule, confirmation = self.leaderboard, self.confirmation
        own = row_at(rule, career, at, confirmation)
        if own is None:
            return None
        slug, least = career.astronaut.slug, min(own.certain.score, own.low) - own.margin
        ahead = (
            row.whole
            for row in (*self.rows, *self.others)
            if row.high >= least or row.high >= least - row.margin_ever
        )
        found = [
            any_row_at(rule, other, at, confirmation)
            for other in ahead
            if other.astronaut.slug != slug
        ]
        rows = [row for row in found if row and row.score >= rule.least]
        others = [row for row in found if row and row.score < rule.least]
        then = Board(rule, [own, *rows], at, confirmation, others, self._unranked)
        place = 0
        for group in ties(then.rows, then.doubt):
            if own in group:
                return next(then._standings(place, group, [own]))
            place += len(group)
        return None

    def is_behind(self, value: Value, at: datetime) -> bool:
        """Whether someone was, for certain, ahead of the value at an earlier instant: figures never
        fall, so that it was no record from then on. False if that cannot be told."""
        score = self.leaderboard.metric.score(value)
        for row in self.rows:
            if row.score <= score:
                continue
            then = row_at(self.leaderboard, row.whole, at, self.confirmation)
            if then is None or then.running or then.unconfirmed:
                continue
            if then.score - score >= max(value.step, then.margin_ever):
                return True
        return False

    @cached_property
    def _lineup(self) -> Lineup:
        rows, firsts = [], []
        for group in ties(self.rows, self.doubt):
            firsts += [len(rows)] * len(group)
            rows += group
        return Lineup(rows, firsts)

    def _between(self, begin: int, end: int) -> Iterator[Standing]:
        """The standings from one place on, up to and without another."""
        rows, firsts = self._lineup
        while begin < end:
            first = firsts[begin]
            following = bisect_right(firsts, first)
            asked = rows[begin : min(end, following)]
            yield from self._standings(first, rows[first:following], asked)
            begin = following

    def _standings(self, first: int, group: list[Row], rows: list[Row]) -> Iterator[Standing]:
        """The standings of some rows of those that share a rank; the first of those has that place.
        What a row truly is lies between its `low` and its `high`."""
        lows, highs = self._bounds
        count, least = len(lows), self.leaderboard.least
        number, tied = first + 1, len(group) > 1
        same = Counter(row.sameness for row in group)
        for row in rows:
            ahead = count - bisect_right(lows, row.high)
            not_behind = count - bisect_left(highs, row.low)
            level = same[row.sameness]
            settled = number == ahead + 1 and not_behind - ahead == level == len(group)
            settled = settled and row.low >= least
            best, worst = min(number, ahead + 1), max(number, not_behind - level + 1)
            open_to = len(self._unranked) + bisect_left(self._open_ended, row.low)
            yield Standing(
                number,
                tied,
                row.career,
                row.mark,
                self.leaderboard.metric,
                best,
                worst + open_to,
                settled,
                open_to,
            )

    @cached_property
    def _open_ended(self) -> list[int]:
        """The scores, in order, of the rows without an upper bound."""
        rows = [*self.rows, *self.others]
        return sorted(row.score for row in rows if row.high >= ENDLESS)

    @cached_property
    def _bounds(self) -> tuple[list[int], list[int]]:
        """The lowest and the highest scores that the rows can truly have, each in order, without
        what somebody may have done beyond all that is known."""
        rows = [*self.others, *reversed(self.rows)]
        highs = (row.high if row.high < ENDLESS else row.score for row in rows)
        return sorted(row.low for row in rows), sorted(highs)

    @cached_property
    def _places(self) -> dict[str | tuple, int]:
        each = self.leaderboard.each
        return {row_key(row.career, each): place for place, row in enumerate(self.shown)}
