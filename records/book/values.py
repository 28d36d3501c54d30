"""Values of metrics: an amount, its unit, how well it is known, and the one way to write it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from records.instants import Precision, full_minute, latest

from .plain import plain

DAY = 86_400
MINUTE = 60


class Unit(StrEnum):
    """What an amount counts. Durations are whole seconds, ages whole days."""

    SECONDS = "seconds"
    COUNT = "count"
    DAYS = "days"


#: More than any amount.
ENDLESS = 10**12


@plain()
class Value:
    """An amount in its unit, the best figure that the facts give.

    The true one is at most `below` less and at most `above` more; `ENDLESS` where nobody knows by
    how much. `pending` is how much of it may not have been reached by the instant asked about,
    though it was by the end of that day. `precision` is the coarsest of what it rests on. `years`
    are the full years of an age and the days beyond, None if only the years are sure; `in_hours`
    writes a duration in hours, as the field does for spacewalks.
    """

    amount: int
    unit: Unit
    precision: Precision = Precision.SECOND
    below: int = 0
    above: int = 0
    pending: int = 0
    years: tuple[int, int | None] | None = None
    in_hours: bool = False

    @property
    def low(self) -> int:
        """The least that the true amount can be."""
        return self.amount - self.below - self.pending

    @property
    def high(self) -> int:
        """The most that it can be."""
        return self.amount + self.above

    @property
    def at_least(self) -> bool:
        """Whether all that can be said is that the true amount is not less."""
        if self._is_within_a_day:
            return False
        if self.in_hours and self.above > self._less:
            return self.above >= self._grain
        return self.above >= self._grain > self._less and self.above > 10 * self._less

    @property
    def at_most(self) -> bool:
        """Whether all that can be said is that the true amount is not more."""
        if self._is_within_a_day:
            return self.high >= 2 * DAY
        return self._less >= self._grain > self.above and self._less > 10 * self.above

    @property
    def is_rough(self) -> bool:
        """Whether the true amount can be less as well as more than the text says."""
        by_the_day = self.unit is Unit.SECONDS and self.precision.by_the_day
        off = by_the_day or max(self._less, self.above) >= self._grain
        return off and not (self.at_least or self.at_most)

    @property
    def is_span(self) -> bool:
        """Whether it is a number of which the least and the most are told."""
        return self.unit is Unit.COUNT and self.low < self.high < ENDLESS

    @property
    def _less(self) -> int:
        """How much less the true amount can be."""
        return self.amount - self.low

    @property
    def _in_years(self) -> bool:
        """Whether only the full years of an age are told."""
        return self.years is not None and self.precision.by_the_year

    @property
    def _is_within_a_day(self) -> bool:
        """Whether it may be next to nothing, and is known only in days."""
        return self.unit is Unit.SECONDS and self.precision.by_the_day and self.low < DAY

    @property
    def _grain(self) -> int:
        """From how much on a bound matters to the text."""
        if self.years and self.years[1] is None:
            return 366
        if self.unit is not Unit.SECONDS:
            return 1
        return 3_600 if self.precision.by_the_day else MINUTE

    @property
    def is_unknown(self) -> bool:
        """Whether nothing of it is known, only that it was."""
        return self.amount == 0 and self.above >= self._grain and not self.is_span

    @property
    def text(self) -> str:
        """`370 d 21 h 22 m`, cut off at the minute; `77 years 103 days`; `7`. With a word in front
        if it is known only so well; a number that is not sure is `7 to 10`."""
        return "not known" if self.is_unknown else f"{self.hedge} {self._figure}".lstrip()

    @property
    def hedge(self) -> str:
        """The word in front of it."""
        if self.is_span:
            return ""
        if self.at_least:
            return "at least"
        if self.at_most:
            return "at most"
        if self.is_rough:
            return "about" if self.in_hours else "≈"
        return ""

    @property
    def _figure(self) -> str:
        amount = self.stated
        if self.is_span:
            return f"{self.low} to {self.high}"
        if self.unit is Unit.COUNT:
            return str(amount)
        if self.unit is Unit.DAYS and self.years is None:
            return f"{amount} day{'' if amount == 1 else 's'}"
        if self.unit is Unit.DAYS:
            years, days = self.years
            whole = f"{years} year{'' if years == 1 else 's'}"
            if self._in_years:
                return whole
            return f"{whole} {days} day{'' if days == 1 else 's'}"
        if self.precision.by_the_day:
            return f"{amount // DAY} d"
        if 0 < self.amount < MINUTE:
            return f"{self.amount} s" if self.precision is Precision.SECOND else "under 1 m"
        text = hours_text(amount) if self.in_hours else duration_text(amount)
        return text.removesuffix(" 0 m") if self.in_hours and self.is_rough else text

    @property
    def stated(self) -> int:
        """The amount as the text has it: no better than it is known."""
        if self._in_years and not self.at_most:
            return self.years[0] * 1461 // 4
        if self.unit is not Unit.SECONDS:
            return self.amount
        step = DAY if self.precision.by_the_day else min(self.precision.seconds, MINUTE)
        if self.at_most or self._is_within_a_day:
            # What is at most so much is not cut off.
            return -(-self.high // step) * step
        return (self.low if self.at_least else self.amount) // step * step

    @property
    def number(self) -> int | None:
        """The same for programs; None of an age of which only the years are told."""
        return None if self._in_years else self.stated

    @property
    def exact_text(self) -> str:
        """With seconds where the value is known to the second."""
        if self.unit is not Unit.SECONDS or self.precision is not Precision.SECOND:
            return self.text
        return f"{self.text} {self.stated % MINUTE} s" if self.amount >= MINUTE else self.text

    @property
    def iso(self) -> str | None:
        """ISO 8601 duration, `P370DT21H22M53S` or `P28229D`; None for a count, and for what is not
        known."""
        if self.is_unknown:
            return None
        if self.unit is Unit.DAYS:
            return f"P{self.years[0]}Y" if self._in_years else f"P{self.stated}D"
        return iso_duration(self.stated, self.precision) if self.unit is Unit.SECONDS else None

    @property
    def step(self) -> int:
        """The amount below which two values of this precision cannot be told apart."""
        return step_of(self.unit, self.precision)

    def equals(self, other: "Value") -> bool:
        """Whether the two are the same at the coarser precision of the two."""
        if self.amount == other.amount:
            return True
        step = max(self.step, other.step)
        return self.amount // step == other.amount // step


def step_of(unit: Unit, precision: Precision) -> int:
    """The least difference between two amounts that are known so well."""
    if unit is Unit.SECONDS:
        return precision.seconds
    return max(1, precision.seconds // DAY) if unit is Unit.DAYS else 1


def duration_text(seconds: int) -> str:
    """`370 d 21 h 22 m`, cut off at the minute; never months or years."""
    days, rest = divmod(seconds, DAY)
    if days:
        return f"{days} d {rest // 3600} h {rest % 3600 // 60} m"
    return hours_text(seconds)


def hours_text(seconds: int) -> str:
    """`60 h 21 m`: how the time of spacewalks is written, however many days it is."""
    hours, rest = divmod(seconds, 3600)
    minutes = rest // 60
    return f"{hours} h {minutes} m" if hours else f"{minutes} m"


def iso_duration(seconds: int, precision: Precision = Precision.SECOND) -> str:
    """`P370DT21H22M53S`, or as much of it as is known: `PT7H15M`, `P209D`."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    if precision.by_the_day:
        return f"P{days}D"
    if precision is Precision.SECOND:
        return f"P{days}DT{hours}H{minutes}M{rest}S"
    return f"P{days}DT{hours}H{minutes}M"


def elapsed(
    begin: datetime,
    begin_precision: Precision,
    end: datetime,
    end_precision: Precision = Precision.SECOND,
) -> Value:
    """The time from one instant to a later one.

    If one of them is known only to the minute, it is the difference of the two as they are printed.
    """
    if begin_precision == end_precision == Precision.SECOND:
        return Value(seconds_between(begin, end), Unit.SECONDS)
    precision = Precision.coarsest((begin_precision, end_precision))
    low = seconds_between(latest(begin, begin_precision), end)
    high = seconds_between(begin, latest(end, end_precision))
    if end_precision is Precision.MINUTE:
        begin = full_minute(begin)
    amount = seconds_between(begin, end)
    if end_precision.by_the_day:
        # Of one day with the begin it is written before it.
        amount = max(amount, 1)
    return Value(amount, Unit.SECONDS, precision, amount - low, high - amount)


def total(values: Sequence[Value]) -> Value:
    """The sum of durations."""
    if len(values) == 1:
        return values[0]
    return Value(
        sum(one.amount for one in values),
        Unit.SECONDS,
        Precision.coarsest(one.precision for one in values),
        sum(one.below for one in values),
        sum(one.above for one in values),
        sum(one.pending for one in values),
        in_hours=values[0].in_hours,
    )


def longest(values: Sequence[Value]) -> Value:
    """The longest of durations; another than the best figure of all may be the longest."""
    if len(values) == 1:
        return values[0]
    best = max(values, key=attrgetter("amount"))
    low = max(one.amount - one.below for one in values)
    return replace(
        best,
        below=best.amount - low,
        above=max(one.high for one in values) - best.amount,
        pending=low - max(one.low for one in values),
    )


def extreme(values: Sequence[Value], choose: Callable) -> Value:
    """The greatest or the smallest of numbers, whichever `choose` takes: `max` or `min`."""
    low, amount, high = (
        choose(getattr(one, bound) for one in values) for bound in ("low", "amount", "high")
    )
    return replace(values[0], amount=amount, below=amount - low, above=high - amount, pending=0)


def seconds_between(begin: datetime, end: datetime) -> int:
    return round((end - begin).total_seconds())
