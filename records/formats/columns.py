"""Columns of tables for programs: what each is called and how it is read from a row, said once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import Enum
from itertools import chain
from typing import Any

from records.book.careers import Confirmation, Flight
from records.book.headcounts import Headcount
from records.book.values import ENDLESS, Unit, Value
from records.facts.cells import neutral
from records.facts.sheets import written
from records.instants import isoformat

#: Name → what a row has in that column, in the order of the columns.
Columns = Mapping[str, Callable[[Any], Any]]


def as_csv(columns: Columns, rows: Iterable, *, spreadsheet: bool = False) -> bytes:
    """The rows under the names of the columns."""
    reads = columns.values()
    lines = ([cell(read(row)) for read in reads] for row in rows)
    return written(chain([columns], lines), spreadsheet=spreadsheet)


def cell(value) -> str | int:
    """The value as CSV has it: `true`, an instant in UTC, nothing for None, text that no
    spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return isoformat(value)
    if isinstance(value, Enum):
        value = value.value
    return neutral(value) if isinstance(value, str) else value


def stamps(at: datetime, confirmation: Confirmation) -> Columns:
    """The two columns that are the same in every row: as of when it is true, and confirmed."""
    return {
        "at": lambda row: at,
        "confirmed_through": lambda row: confirmation.written,
    }


def value_columns(of: Callable[[Any], Value]) -> Columns:
    """The columns of a value that `of` reads from a row."""
    return {
        "value": lambda row: of(row).number,
        "unit": lambda row: of(row).unit,
        "text": lambda row: of(row).exact_text,
        "precision": lambda row: of(row).precision,
        "at_least": lambda row: of(row).at_least,
        "at_most": lambda row: of(row).at_most,
    }


def about_column(of: Callable[[Any], Value]) -> Columns:
    """Whether the true value can be less as well as more: the last column, as it came last."""
    return {"about": lambda row: of(row).is_rough}


def written_flight(flight: Flight) -> dict:
    """A flight in JSON, as it stood at the instant it was clipped to: the mission up, the mission
    down as far as it is known, and for whom it was flown."""
    down = flight.ship_down
    return {
        "launch_mission": flight.launch_mission.slug,
        "landing_mission": down.slug if down else None,
        "launched_at": isoformat(flight.launched_at, flight.launch_mission.launch_precision),
        "launch_precision": flight.launch_mission.launch_precision,
        "landed_at": (
            isoformat(flight.landed_at, flight.landing_mission.landing_precision)
            if flight.landed_at
            else None
        ),
        "landing_precision": flight.landing_mission.landing_precision if flight.landed_at else None,
        "country": flight.country,
        "agency": flight.agency,
        "role": flight.role,
        "state": flight.state,
    }


def written_headcount(found: Headcount) -> dict:
    """How many are in space, in JSON: the number as a value, of how many nobody has heard of late,
    and how few or many it can be whatever has become of those."""
    return {
        "value": written_value(found.value),
        "presumed": found.presumed,
        "unconfirmed": found.unconfirmed,
        "least": found.least,
        "most": found.most,
    }


def headcount_columns(of: Callable[[Any], Headcount]) -> Columns:
    """The same as columns, where there is one for the number and one for the unconfirmed."""
    return {
        "presumed": lambda row: of(row).presumed,
        "in_space_least": lambda row: of(row).least,
        "in_space_most": lambda row: of(row).most,
    }


def written_value(value: Value) -> dict:
    """A value in JSON: the amount under the name of its unit, and how well it is known."""
    written = {value.unit.value: value.number, "text": value.exact_text}
    if value.unit is not Unit.SECONDS:
        written |= {"least": value.low, "most": value.high if value.high < ENDLESS else None}
    if value.unit is not Unit.COUNT:
        written["iso"] = value.iso
    return {
        **written,
        "precision": value.precision,
        "at_least": value.at_least,
        "at_most": value.at_most,
        "about": value.is_rough,
    }
