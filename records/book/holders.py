"""Holders: who holds the record by the standings, and between when that is certain."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from .careers import SECOND, Astronaut, Career, Confirmation
from .lines import any_row_at, final_row, instant_of, line
from .metrics import ENDLESS
from .rules import Rule
from .standings import Board, Standing


def holders(standings: Sequence[Standing]) -> list[Standing]:
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


class Contender(NamedTuple):
    """A career by what may have come of it in the end: the greatest score."""

    most: int
    launched_at: datetime
    career: Career


class Proof:
    """Between when it is certain who held a record: the same in every true history. `careers` are
    all that are compared, narrowed to the category.

    Threads share it. What it keeps is never changed or taken out; should two work out the same at a
    time, that is all.
    """

    def __init__(
        self,
        rule: Rule,
        careers: tuple[Career, ...],
        until: datetime,
        confirmation: Confirmation,
    ):
        self.rule, self.until, self.confirmation = rule, until, confirmation
        self.careers = careers
        self._turning: dict[tuple, list[datetime]] = {}
        self._doubted: dict[tuple, datetime | None] = {}

    @cached_property
    def contenders(self) -> list[Contender]:
        """All careers, those first that may have come furthest."""
        found = (
            Contender(self._most(one), one.flights[0].launched_at, one) for one in self.careers
        )
        return sorted(found, key=lambda one: -one.most)

    @cached_property
    def careers_of(self) -> dict[Astronaut, list[Career]]:
        """The careers of each astronaut: several where every flight is compared."""
        found = {}
        for career in self.careers:
            found.setdefault(career.astronaut, []).append(career)
        return found

    def doubted_at(
        self, people: frozenset, settles_at: datetime, ends_at: datetime
    ) -> datetime | None:
        """The first instant of the span, from the one to the other, from which on it is not certain
        that those people, and they alone, held the record; None if it is so throughout.

        Values never fall, and between two turns of a line they rise evenly. So it is enough to ask
        at the turns of all lines that may come near.
        """
        span = people, settles_at, ends_at
        if span not in self._doubted:
            self._doubted[span] = self._doubted_within(*span)
        return self._doubted[span]

    def _doubted_within(self, people, settles_at, ends_at) -> datetime | None:
        if settles_at > ends_at:
            return settles_at
        held = self._held(people, settles_at)
        rivals = self._rivals(held, ends_at)
        if len({career.astronaut for career in rivals}) == 1:
            # Nobody else comes near.
            return None if self._is_sure(people, rivals, settles_at) else settles_at
        turns = self._turns(rivals, settles_at, ends_at)
        sure_at = settles_at
        for at in turns:
            if not self._is_sure(people, rivals, at):
                return sure_at
            sure_at = at
        return None

    def _most(self, career: Career) -> int:
        """The greatest score that the career can have come to."""
        row = None
        if career.settled_at is not None and career.settled_at <= self.until:
            row = final_row(self.rule.metric, career)
        elif career.flights[0].launched_at <= self.until:
            row = any_row_at(self.rule, career, self.until, self.confirmation)
        else:
            return -ENDLESS
        if row is None:
            # Of whom too little is known to measure anything might be so.
            return ENDLESS if self.rule.metric.needs else -ENDLESS
        return row.high

    def _held(self, people: frozenset, at: datetime) -> int:
        """The score that each of the holders surely had at the instant, in one of their careers."""
        found = []
        for one in people:
            careers = self.careers_of[one]
            rows = (any_row_at(self.rule, one, at, self.confirmation) for one in careers)
            found.append(max((row.low for row in rows if row), default=-ENDLESS))
        return min(found, default=-ENDLESS)

    def _rivals(self, held: int, ends_at: datetime) -> list[Career]:
        """The careers that may have come as far by the end."""
        found = []
        for most, launched_at, career in self.contenders:
            if most < held:
                break
            if launched_at <= ends_at and self._may_have(career, held, ends_at):
                found.append(career)
        return found

    def _may_have(self, career: Career, score: int, at: datetime) -> bool:
        """Whether the career may have come as far at the instant, at which it had begun."""
        row = any_row_at(self.rule, career, at, self.confirmation)
        return bool(self.rule.metric.needs) if row is None else row.high >= score

    def _turns(self, rivals, begin: datetime, end: datetime) -> list[datetime]:
        """The instants at which any of the lines turns, and the seconds before them."""
        turns = {begin, end}
        for career in rivals:
            for at in self._corners(career):
                turns.update(one for one in (at - SECOND, at) if begin < one < end)
        return sorted(turns)

    def _corners(self, career: Career) -> list[datetime]:
        """Where the line of the career turns, and its launches: who is not listed counts too."""
        key = career.astronaut.slug, career.flights[0].launched_at
        if key not in self._turning:
            pieces = line(self.rule, career, self.until, self.confirmation)
            self._turning[key] = [
                *(instant_of(piece.begin) for piece in pieces),
                *(flight.launched_at for flight in career.flights),
            ]
        return self._turning[key]

    def _is_sure(self, people, rivals, at: datetime) -> bool:
        """Whether at the instant it is."""
        rows, others, unranked = [], [], []
        for career in rivals:
            if career.flights[0].launched_at > at:
                continue
            row = any_row_at(self.rule, career, at, self.confirmation)
            if row is None:
                unranked += [career.astronaut] if self.rule.metric.needs else []
            else:
                (rows if row.score >= self.rule.least else others).append(row)
        leaders = Board(self.rule, rows, at, self.confirmation, others, unranked).leaders
        found = {one.astronaut for one in holders(leaders)}
        return found == people and all(one.sure for one in leaders)
