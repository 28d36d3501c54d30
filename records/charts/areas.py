"""Areas: how many people were in space, over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from records.book.values import Unit, Value, extreme

from .scales import AmountScale, Tick, TimeScale, amount_scale

# In pixels.
TOP, BOTTOM, HEIGHT = 38, 246, 268

#: Units of the area's own drawing across, which is stretched to the breadth of the page.
ACROSS = 1000


@dataclass(frozen=True, slots=True)
class Year:
    """The most and the fewest people in space at once in a year, or in what there was of it."""

    year: int
    most: Value
    fewest: Value


@dataclass(frozen=True, slots=True)
class Population:
    """What the template draws: an SVG path in ACROSS × pixels, the greatest number and when it was
    first reached, and what the table says."""

    height: int
    bottom: int
    across: int
    time: TimeScale
    amounts: AmountScale
    d: str
    most: int
    most_at: datetime
    years: tuple[Year, ...]

    @property
    def time_ticks(self) -> tuple[Tick, ...]:
        return self.time.ticks

    @property
    def amount_ticks(self) -> tuple[Tick, ...]:
        return self.amounts.ticks

    @property
    def most_x(self) -> float:
        return self.time.x(self.most_at)

    @property
    def most_y(self) -> float:
        return self.amounts.y(self.most)

    @property
    def most_anchor(self) -> str:
        return "end" if self.most_x > 50 else "start"


def population_chart(
    series: Sequence[tuple[datetime, Value]], until: datetime
) -> Population | None:
    """The area from the first launch up to the instant; None before it.

    `series` are instants, each with how many were in space from then on
    (`records.book.population.Census.series`). What is drawn is what is written; the table says how
    sure it is.
    """
    series = [one for one in series if one[0] <= until]
    if not series:
        return None
    most = max(count.amount for _, count in series)
    time = TimeScale(series[0][0], until)
    amounts = amount_scale([most], Unit.COUNT, top=TOP, bottom=BOTTOM, words="People")
    return Population(
        HEIGHT,
        BOTTOM,
        ACROSS,
        time,
        amounts,
        _area(series, time, amounts),
        most,
        next(instant for instant, count in series if count.amount == most),
        tuple(_years(series, until)),
    )


def _area(series, time, amounts) -> str:
    """The outline. Of what falls into one unit across, the most is drawn as broad as the unit, and
    then the last: no hop of minutes gets lost, and thousands of launches stay a small picture."""
    columns: dict[int, tuple[int, int]] = {}
    for instant, value in series:
        count = value.amount
        column = min(round(time.x(instant) * ACROSS / 100), ACROSS - 1)
        most, _ = columns.get(column, (0, 0))
        columns[column] = (max(most, count), count)
    d, level = f"M0 {BOTTOM}", None
    for column, (most, last) in columns.items():
        if most != last:
            d += f"H{column}V{amounts.y(most):g}H{column + 1}V{amounts.y(last):g}"
        elif last != level:
            d += f"H{column}V{amounts.y(last):g}"
        level = last
    return f"{d}H{ACROSS}V{BOTTOM}Z"


def _years(series, until):
    place, count = 0, Value(0, Unit.COUNT)
    for year in range(series[0][0].year, until.year + 1):
        begin = datetime(year, 1, 1, tzinfo=UTC)
        # What was carried over from the year before counts, unless it ended as the year began.
        counts = [] if place < len(series) and series[place][0] == begin else [count]
        while place < len(series) and series[place][0].year == year:
            count = series[place][1]
            counts.append(count)
            place += 1
        yield Year(year, extreme(counts, max), extreme(counts, min))
