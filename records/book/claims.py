"""Claims: whether what a story states is what the record book answers, as far as that is known.

A verdict never says more than the facts: it is “agrees” or “contradicts” only if it is so in every
true history that they allow; whatever else is open cannot be checked, and the reason is said.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from records.instants import Precision

from .careers import Career, Confirmation, Flight
from .lines import Row, any_row_at
from .metrics import Metric
from .plain import plain
from .rules import Rule
from .standings import Board, Comparison, Standing
from .statements import NotStated, Statement, range_of
from .tallies import number
from .values import ENDLESS, MINUTE, Unit, Value


class Verdict(StrEnum):
    AGREES = "agrees"
    ROUNDED = "agrees, rounded"
    CUT_OFF = "agrees, cut off"
    CONTRADICTS = "contradicts the record"
    UNCHECKED = "cannot be checked"

    @property
    def agrees(self) -> bool:
        return self in (self.AGREES, self.ROUNDED, self.CUT_OFF)


@plain()
class Answer:
    """A verdict, with the reason where there is one."""

    verdict: Verdict
    reason: str = ""


NOT_SURE = Answer(Verdict.UNCHECKED, "what is known allows it, and allows others.")
AGREES, CONTRADICTS = Answer(Verdict.AGREES), Answer(Verdict.CONTRADICTS)


def _within(low: int, high: int, least: int, most: int) -> Answer:
    """Whether all that lies between two bounds lies between two others, or none of it does."""
    if least <= low and high <= most:
        return AGREES
    return CONTRADICTS if high < least or most < low else NOT_SURE


def judge_value(stated: Statement, value: Value) -> Answer:
    """Whether a value is as it is stated: at the precision printed, rounded or cut off."""
    if value.unit is Unit.DAYS and stated.years:
        return _judge_age(stated, value)
    low, high = value.low, value.high
    if stated.is_bound:
        return _within(low, high, *range_of(stated))
    if value.unit is not Unit.SECONDS:
        return _within(low, high, stated.amount, stated.amount)
    if stated.step <= MINUTE and not value.hedge and value.precision is Precision.MINUTE:
        # What is known to the minute is the difference of two times as they are printed.
        low = high = value.stated
    return _judge_length(stated, low, high)


def _judge_length(stated: Statement, low: int, high: int) -> Answer:
    """Cut off, it may be as much as a step more, and rounded as much as half of one less."""
    amount, step = stated.amount, stated.step
    found = _within(low, high, amount - step // 2, amount + step - 1)
    if found is not AGREES or step == 1:
        return found
    if high < amount + step - step // 2:
        return AGREES if low >= amount else Answer(Verdict.ROUNDED)
    # The pages of this site cut off at the minute.
    return Answer(Verdict.CUT_OFF) if low >= amount and step > MINUTE else AGREES


def _judge_age(stated: Statement, value: Value) -> Answer:
    """An age in full years, and the days beyond, has no other length than its dates give it."""
    years, days = stated.years
    if value.years is None or (value.low != value.high and value.years[1] is not None):
        return Answer(Verdict.UNCHECKED, "the birth date is not known to the day.")
    if stated.is_bound:
        if days is not None:
            return Answer(Verdict.UNCHECKED, "bounds of ages are read in full years alone.")
        return _within(value.years[0], value.years[0], *range_of(stated))
    if value.years[0] != years:
        return CONTRADICTS
    if days is None:
        return AGREES if not value.years[1] else Answer(Verdict.CUT_OFF)
    if value.years[1] is None:
        return NOT_SURE
    return AGREES if value.years[1] == days else CONTRADICTS


def judge_rank(stated: Statement, standing: Standing) -> Answer:
    """Whether somebody's rank is as it is stated; that it is shared only where it is said."""
    if stated.amount < standing.best or standing.worst < stated.amount:
        return CONTRADICTS
    if not standing.sure:
        return Answer(Verdict.UNCHECKED, "the rank is open, as far as is known.")
    if standing.rank != stated.amount or (stated.shared and not standing.tied):
        return CONTRADICTS
    return AGREES


def count(
    comparison: Comparison, at: datetime, confirmation: Confirmation, mark: int | None = None
) -> Value:
    """How many may have reached the mark on a board, and how many for certain; without a mark, all
    that it lists. Raises NotStated if it lists too few to say."""
    rule = comparison.leaderboard
    score = rule.least if mark is None else mark_score(rule.metric, mark)
    if score < rule.least:
        raise NotStated("the board lists only those beyond that mark.")
    rows, unranked = comparison.rows_at(at, confirmation)
    most = sum(row.high >= score for row in rows) + len(set(unranked))
    return number(most, sum(row.low >= score for row in rows))


def mark_score(metric: Metric, mark: int) -> int:
    """The least score that reaches the mark."""
    amount = metric.threshold_amount(mark)
    return -amount if metric.lowest_first else amount


def value_of(row: Row) -> Value:
    """What a row has come to, with all that is open of it: of a flight that nobody has confirmed
    also that it may have ended since."""
    return _with_scores(row.mark.value, row.low, row.high, falls=row.score < 0)


def best_of(board: Board) -> Value | None:
    """The record; None if nobody is on the board. Whose it is may be open."""
    if not board.rows:
        return None
    rows = [*board.rows, *board.others]
    low, high = max(row.low for row in rows), max(row.high for row in rows)
    falls = board.leaderboard.metric.lowest_first
    return _with_scores(board.leaders[0].value, low, high, falls=falls)


def most_of(crowds: Sequence[Value]) -> Value | None:
    """The same of crowds, the largest first."""
    if not crowds:
        return None
    low, high = max(one.low for one in crowds), max(one.high for one in crowds)
    return _with_scores(crowds[0], low, high)


def _with_scores(value: Value, low: int, high: int, *, falls: bool = False) -> Value:
    if falls:
        low, high = -high, -low
    if (low, high) == (value.low, value.high):
        return value
    below, above = max(0, value.amount - low), max(0, high - value.amount)
    return replace(value, below=below, above=min(ENDLESS, above), pending=0)


def reached(
    rule: Rule, careers: Sequence[Career], at: datetime, confirmation: Confirmation, mission=""
) -> Row | None:
    """The best that the careers (somebody's, or the parts of one) have come to; of the flight that
    was launched on a mission where that is said. None if the board would not list it."""
    rows = [any_row_at(rule, one, at, confirmation) for one in careers]
    listed = [row for row in rows if row and row.score >= rule.least]
    if mission:
        listed = [row for row in listed if mission in _ships(row)]
    return max(listed, key=attrgetter("score"), default=None)


def find(board: Board, slug: str, mission: str = "") -> Standing | None:
    """Where somebody stands, with the best of several rows; of the flight that was launched on a
    mission where that is said."""
    for place, row in enumerate(board.shown):
        if row.whole.astronaut.slug == slug and (not mission or mission in _ships(row)):
            return board[place]
    return None


def _ships(row: Row) -> set[str]:
    return {part.launch_mission.slug for part in row.mark.parts if isinstance(part, Flight)}
