"""Bars: who was in space, a row for each person, grouped by station; and columns by the year.

Everything across is in per cent of the drawing, everything downwards in pixels, so that letters
keep their size however narrow the screen is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

from records.book.values import Unit, Value

# In pixels.
ROW = 24
HEADING = 30
TOP = 20
BOTTOM = 6
COLUMNS_HEIGHT = 120

#: The least share of the drawing, in per cent, that can still be seen.
LEAST = 0.6


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time that somebody spent in space. `key` tells people apart, `state` is that of the flight
    (records.book.careers.State), `detail` whatever the table beside the chart needs."""

    group: str
    key: str
    label: str
    begin: datetime
    end: datetime
    state: str
    detail: object = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One stretch as drawn. `opens` and `closes` say that its ends lie in the drawing."""

    x: float
    end_x: float
    opens: bool
    closes: bool
    stretch: Stretch

    @property
    def stops(self) -> tuple[float, ...]:
        """Where those of its ends stand that lie in the drawing."""
        return (*((self.x,) if self.opens else ()), *((self.end_x,) if self.closes else ()))


@dataclass(frozen=True, slots=True)
class BarRow:
    """One person: the name at `label_x`, which its `anchor` ("start" or "end") stands at."""

    label: str
    y: int
    label_x: float
    anchor: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one station, whoever went up first on top."""

    title: str
    y: int
    rows: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True)
class BarTick:
    """A mark on the scale; `anchor` is where its words stand: "start", "middle" or "end"."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Bars:
    """What the template draws, from `begin` to `end`."""

    begin: datetime
    end: datetime
    height: int
    groups: tuple[Group, ...]
    ticks: tuple[BarTick, ...]

    @property
    def people(self) -> int:
        return len({bar.stretch.key for bar in self.all})

    @property
    def all(self) -> list[Bar]:
        """Every bar, from top to bottom."""
        return [bar for group in self.groups for row in group.rows for bar in row.bars]


def draw_bars(
    stretches: Iterable[Stretch], begin: datetime, end: datetime, *, last: str = ""
) -> Bars:
    """The stretches between two instants; what lies outside is cut off.

    The group with the most people comes first and the one titled `last` last; within a group, who
    went up first, a crew in the order it is given in.
    """
    span = (end - begin).total_seconds() or 1

    def across(instant: datetime) -> float:
        return round(100 * min(max((instant - begin).total_seconds() / span, 0), 1), 2)

    people: dict[str, dict[str, list[Stretch]]] = {}
    for stretch in sorted(stretches, key=attrgetter("begin")):
        if stretch.begin <= end and stretch.end >= begin:
            people.setdefault(stretch.group, {}).setdefault(stretch.key, []).append(stretch)
    y = TOP
    groups = []
    for title, members in sorted(
        people.items(), key=lambda item: (item[0] == last, -len(item[1]), item[0])
    ):
        heading = y
        y += HEADING
        rows = []
        for own in members.values():
            bars = tuple(
                _bar(stretch, across(stretch.begin), across(stretch.end), begin, end)
                for stretch in own
            )
            rows.append(_row(own[0].label, y, bars))
            y += ROW
        groups.append(Group(title, heading, tuple(rows)))
    return Bars(begin, end, y + BOTTOM, tuple(groups), tuple(_quarters(begin, end, across)))


def _bar(stretch, x, end_x, begin, end) -> Bar:
    # A hop of a quarter of an hour is to be seen as well.
    x, end_x = (x, max(end_x, x + LEAST)) if x < 50 else (min(x, end_x - LEAST), end_x)
    open_ended = stretch.state in ("in_flight", "presumed")
    return Bar(round(x, 2), round(end_x, 2), stretch.begin >= begin, not open_ended, stretch)


def _row(label: str, y: int, bars: tuple[Bar, ...]) -> BarRow:
    """The name stands over the first bar, on the side that has room for it."""
    ends = bars[0].x > 50
    at, anchor = (bars[0].end_x, "end") if ends else (bars[0].x, "start")
    return BarRow(label, y, at, anchor, bars)


def _quarters(begin: datetime, end: datetime, across) -> Iterable[BarTick]:
    """The first days of January, April, July and October, the year told with the first of them."""
    year = None
    for number in range(begin.year * 4, end.year * 4 + 4):
        first = datetime(number // 4, number % 4 * 3 + 1, 1, tzinfo=UTC)
        if begin <= first <= end:
            x = across(first)
            label = f"{first:%b}" if first.year == year else f"{first:%b} {first.year}"
            year = first.year
            yield BarTick(x, label, "start" if x < 8 else "end" if x > 92 else "middle")


# Columns


@dataclass(frozen=True, slots=True)
class YearBar:
    """One year: its number, and the column from `y` down, in pixels."""

    year: int
    value: Value
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Columns:
    """What the template draws. `most` is what the full height stands for."""

    height: int
    most: int
    columns: tuple[YearBar, ...]
    ticks: tuple[BarTick, ...]


NONE = Value(0, Unit.COUNT)


def draw_columns(numbers: Mapping[int, Value], *, until: int) -> Columns:
    """Numbers by the year, from the first year that has one up to `until`; years without are 0."""
    first = min((year for year, value in numbers.items() if value.amount), default=until)
    years = range(first, max(until, first) + 1)
    most = max((value.amount for value in numbers.values()), default=0) or 1
    step = 100 / len(years)
    columns = []
    for place, year in enumerate(years):
        value = numbers.get(year, NONE)
        height = round(COLUMNS_HEIGHT * value.amount / most, 1)
        columns.append(
            YearBar(
                year,
                value,
                round(step * (place + 0.1), 2),
                round(step * 0.8, 2),
                round(TOP + COLUMNS_HEIGHT - height, 1),
                height,
            )
        )
    return Columns(
        TOP + COLUMNS_HEIGHT, most, tuple(columns), tuple(_decades(years, step, len(years)))
    )


def _decades(years: range, step: float, count: int) -> Iterable[BarTick]:
    """Round years where there are many, else the first and the last."""
    every = 10 if count > 30 else 5 if count > 12 else 1 if count <= 4 else 2
    for place, year in enumerate(years):
        if year % every == 0:
            x = round(step * (place + 0.5), 2)
            yield BarTick(x, str(year), "start" if x < 8 else "end" if x > 92 else "middle")
