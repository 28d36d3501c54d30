"""What the charts show, as tables below them."""

from collections.abc import Iterable

from .pieces import NOTHING, joined, link, link_to, page_of, state, time
from .table import Column, Table, TableRow

FLOWN = (
    Column("who", "Astronaut", heads=True),
    Column("where", "Where", joins="who", label=""),
    Column("up", "Up"),
    Column("down", "Down", joins="up", label="to"),
)

YEARS = (
    Column("year", "Year", heads=True),
    Column("most", "Most at once", kind="num"),
    Column("fewest", "Fewest at once", kind="num"),
)


def flown(bars, caption: str) -> Table:
    """The bars of who was in space (records.charts.bars.Bars, whose stretches carry flights)."""
    rows = (
        _flown(group.title, bar.stretch)
        for group in bars.groups
        for row in group.rows
        for bar in row.bars
    )
    return Table(FLOWN, rows, caption, captioned=True)


def columns(drawn: Iterable, unit: str, caption: str) -> Table:
    """Numbers by the year; years without any are left out."""
    heads = (Column("year", "Year", heads=True), Column("amount", unit, kind="num"))
    rows = (
        TableRow({"year": str(one.year), "amount": one.value.text})
        for one in drawn
        if one.value.amount
    )
    return Table(heads, rows, caption, captioned=True)


def population(years: Iterable, caption: str) -> Table:
    """How many people were in space at once, year by year."""
    rows = (
        TableRow({"year": str(one.year), "most": one.most.text, "fewest": one.fewest.text})
        for one in years
    )
    return Table(YEARS, rows, caption, captioned=True)


def _flown(place: str, stretch) -> TableRow:
    flight = stretch.detail
    down = state(flight.state)
    if flight.landed_at:
        lost = "loss of the craft" if flight.landing_mission.lost else NOTHING
        ship = link_to("mission", flight.landing_mission)
        down = joined(
            (time(flight.landed_at, flight.until_precision, only_day=True), ship, lost), ", "
        )
    mission = flight.launch_mission
    launched = time(flight.launched_at, mission.launch_precision, only_day=True)
    up = (launched, link_to("mission", mission))
    return TableRow(
        {
            "who": link(page_of(stretch.key, "astronaut"), stretch.label),
            "where": place,
            "up": joined(up, ", "),
            "down": down,
        }
    )
