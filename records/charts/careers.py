"""A career: the running total of time in space as a line, flat on the ground, rising in flight, and
the flights as bars on the same time line below it."""

from dataclasses import dataclass
from datetime import datetime

from records.book.careers import Career
from records.book.values import Unit

from .scales import AmountScale, TimeScale, amount_scale

# In pixels: the line's part, then the row of bars.
TOP, BOTTOM, BARS, HEIGHT = 20, 180, 194, 228

#: Units of the line's own drawing across, which is stretched to the breadth of the page.
ACROSS = 1000

#: The least breadth of a bar in per cent that can still be seen.
LEAST = 0.3


@dataclass(frozen=True, slots=True)
class FlightBar:
    """One flight: from `x` to `end` in per cent across, and its state."""

    x: float
    end: float
    state: str
    name: str


@dataclass(frozen=True, slots=True)
class CareerChart:
    """What the template draws: `d` is an SVG path in ACROSS × pixels."""

    height: int
    bottom: int
    bars_at: int
    across: int
    time: TimeScale
    amounts: AmountScale
    d: str
    bars: tuple[FlightBar, ...]


def draw_career(career: Career, at: datetime) -> CareerChart | None:
    """The chart of a career clipped to the instant; None without a flight.

    It begins with the first launch and ends at the last landing, or at the instant if someone is
    aloft.
    """
    if not career.flights:
        return None
    first, last = career.flights[0], career.flights[-1]
    time = TimeScale(first.launched_at, last.until)
    totals = [0]
    for flight in career.flights:
        totals.append(totals[-1] + flight.seconds)
    amounts = amount_scale(totals, Unit.SECONDS, top=TOP, bottom=BOTTOM)
    d = f"M0 {amounts.y(0)}"
    bars = []
    for flight, total in zip(career.flights, totals[1:], strict=True):
        begin, end = time.x(flight.launched_at), time.x(flight.until)
        d += f"H{_across(begin)}L{_across(end)} {amounts.y(total)}"
        width = max(end - begin, LEAST)
        x = round(min(begin, 100 - width), 3)
        name = flight.launch_mission.name
        bars.append(FlightBar(x, round(x + width, 3), flight.state.value, name))
    return CareerChart(HEIGHT, BOTTOM, BARS, ACROSS, time, amounts, f"{d}H{ACROSS}", tuple(bars))


def _across(x: float) -> float:
    return round(x * ACROSS / 100, 1)
