"""Scales: where instants and amounts stand on a chart, and the few ticks that say so.

Everything across is in per cent of the drawing, everything downwards in pixels, so that letters
keep their size however narrow the screen is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from records.book.values import DAY, Unit

#: Breadths of the drawing, in pixels, for which words are set: a phone's, and anything broader.
NARROW, WIDE = 280, 640

#: As many ticks as stay calm.
MOST_TICKS = 7

#: Breadth of a letter and height of a line, in pixels, generously.
LETTER, LINE = 6.6, 14

YEAR = 1461 * DAY // 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on a scale: `at` per cent across, or pixels down. `anchor` is where the words of one
    across stand: "start", "middle" or "end"."""

    at: float
    label: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class TimeScale:
    """Instants from `begin` to `end`, in per cent from left to right."""

    begin: datetime
    end: datetime

    def x(self, instant: datetime) -> float:
        """Where the instant stands; what lies outside stands at the edge."""
        span = (self.end - self.begin).total_seconds()
        if span <= 0:
            return 0.0
        share = (instant - self.begin).total_seconds() / span
        return round(100 * min(max(share, 0), 1), 3)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """Round years; months, days or hours where the whole is shorter; at most seven."""
        for candidates, write in _calendar(self.begin, self.end):
            marked = [one for one in candidates if self.begin <= one <= self.end]
            if 2 <= len(marked) <= MOST_TICKS:
                ticks = tuple(
                    Tick(x, label, _anchor(x, len(label) * LETTER))
                    for label, x in zip(
                        _without_repeats([write(one) for one in marked]),
                        map(self.x, marked),
                        strict=True,
                    )
                )
                if all(_end(one) + LETTER <= _begin(other) for one, other in pairwise(ticks)):
                    return ticks
        return (Tick(0.0, _day(self.begin)),)


@dataclass(frozen=True, slots=True)
class AmountScale:
    """Amounts from `least` to `most`, in pixels from `bottom` up to `top`.

    `step` is what two ticks lie apart, `unit` what one of the labels counts, `words` says so.
    """

    least: int
    most: int
    top: int
    bottom: int
    step: int
    unit: int
    words: str

    def y(self, amount: int) -> float:
        """Where the amount stands; what lies outside stands at the edge."""
        share = (amount - self.least) / ((self.most - self.least) or 1)
        return round(self.bottom - (self.bottom - self.top) * min(max(share, 0), 1), 1)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        first = -(-self.least // self.step) * self.step
        return tuple(
            Tick(self.y(amount), f"{amount // self.unit}")
            for amount in range(first, self.most + 1, self.step)
        )


def amount_scale(
    amounts: Iterable[int], unit: Unit, *, top: int, bottom: int, words: str = "Number"
) -> AmountScale:
    """The scale for amounts of metrics: from zero, but for ages, of which nobody is newborn.

    `words` are for counts; durations are labelled by the day, the hour or the minute, ages by the
    year.
    """
    amounts = list(amounts) or [0]
    low, high = min(amounts), max(amounts)
    size = 1
    if unit is Unit.SECONDS:
        size, words = next(
            (one for one in ((DAY, "Days"), (3600, "Hours")) if high >= 3 * one[0]),
            (60, "Minutes"),
        )
    elif unit is Unit.DAYS:
        size, words = YEAR // DAY, "Years of age"
    span = high - low if unit is Unit.DAYS else high
    step = _round_step(max(1, -(-span // size))) * size
    least = low // step * step if unit is Unit.DAYS else 0
    return AmountScale(least, max(high, least + step), top, bottom, step, size, words)


def _round_step(span: int) -> int:
    """1, 2 or 5 with noughts, so that at most five fit into the span."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if span <= 5 * factor * step:
                return factor * step
        step *= 10


def _calendar(begin: datetime, end: datetime):
    """Ways to mark a time, finest first: the instants, and how each is written."""
    span = end - begin
    if span <= timedelta(days=1):
        first = begin.replace(minute=0, second=0, microsecond=0)
        for hours in (1, 2, 3, 6, 12):
            yield _stepped(first, end, timedelta(hours=hours), hours), _hour
    if span <= timedelta(days=120):
        first = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
        for days in (1, 2, 5, 10, 20, 40):
            yield _stepped(first, end, timedelta(days=days), 1), _day
    if span <= timedelta(days=5 * 366):
        for months in (1, 2, 3, 6, 12):
            yield (
                [
                    datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
                    for number in range(begin.year * 12, end.year * 12 + 12)
                    if number % months == 0
                ],
                _month,
            )
    for years in (1, 2, 5, 10, 20, 50, 100):
        yield (
            [
                datetime(year, 1, 1, tzinfo=UTC)
                for year in range(begin.year, end.year + 1)
                if year % years == 0
            ],
            _year,
        )


def _stepped(first: datetime, end: datetime, step: timedelta, hours: int) -> list[datetime]:
    first = first.replace(hour=first.hour // hours * hours)
    return [first + step * number for number in range(int((end - first) / step) + 1)]


def _hour(instant: datetime) -> str:
    return f"{instant:%H:%M}"


def _day(instant: datetime) -> str:
    return f"{instant.day} {instant:%b} {instant.year}"


def _month(instant: datetime) -> str:
    return f"{instant:%b} {instant.year}"


def _year(instant: datetime) -> str:
    return str(instant.year)


def _without_repeats(labels: list[str]) -> list[str]:
    """The year only where it is another than in the label before."""
    shorter = [
        later.rpartition(" ")[0] if " " in later and later[-4:] == earlier[-4:] else later
        for earlier, later in pairwise(labels)
    ]
    return [labels[0], *shorter]


def _begin(tick: Tick) -> float:
    """Where its words begin on a phone, in pixels."""
    share = {"start": 0, "middle": 0.5, "end": 1}[tick.anchor]
    return tick.at * NARROW / 100 - share * len(tick.label) * LETTER


def _end(tick: Tick) -> float:
    return _begin(tick) + len(tick.label) * LETTER


def _anchor(x: float, broad: float) -> str:
    half = 50 * broad / NARROW
    return "start" if x < half else "end" if x > 100 - half else "middle"
