"""Tables of what many people flew together: by country, by agency, by station."""

from collections.abc import Iterable

from records.book.tallies import Tally

from .pieces import (
    all_linked,
    first_launch,
    first_names,
    headcount,
    joined,
    link,
    nothing_here,
    page_of,
    person_days,
    quiet,
    time,
)
from .table import Column, Table, TableRow
from .words import counted

COUNTRIES = (
    Column("country", "Country", heads=True),
    Column("people", "People", kind="num", sort="descending"),
    Column("days", "Person-days", kind="num"),
    Column("aloft", "In space", kind="num", joins="country", label="in space", early=True),
    Column("first", "First", joins="country", label="first"),
    Column("launched", "Launched", joins="country", label=""),
)

AGENCIES = (
    Column("agency", "Agency", heads=True),
    Column("country", "Country", joins="agency", label=""),
    Column("people", "People", kind="num", sort="descending"),
    Column("days", "Person-days", kind="num"),
    Column("first", "First", joins="agency", label="first", early=True),
    Column("missions", "Missions operated", kind="num", joins="agency"),
)

STATIONS = (
    Column("station", "Station", heads=True),
    Column("operator", "Operated by", joins="station", label=""),
    Column("launched", "Launched", sort="descending", joins="station", label="from"),
    Column("down", "Came down", joins="station", label=""),
    Column("people", "People", kind="num"),
    Column("days", "Person-days", kind="num"),
    Column("aloft", "There now", kind="num", joins="station", early=True),
)

NONE_LAUNCHED = "No flight that counts here had been launched by this instant."
NO_COUNTRY = nothing_here("No country had flown anybody", NONE_LAUNCHED)
NO_AGENCY = nothing_here("No agency had flown anybody", NONE_LAUNCHED)
NO_STATION = nothing_here(
    "No station yet",
    "None had been launched by this instant; the first in our data is Salyut 1, of 1971.",
)


def countries(rows: Iterable, caption: str, query: str) -> Table:
    """Rows of a total, its name, and how many are in space."""
    return Table(COUNTRIES, (_country(row, query) for row in rows), caption, empty=NO_COUNTRY)


def agencies(rows: Iterable[dict], caption: str, query: str) -> Table:
    return Table(AGENCIES, (_agency(row, query) for row in rows), caption, empty=NO_AGENCY)


def stations(rows: list[dict], instant) -> Table:
    found = (_station(row, instant) for row in rows)
    launched = Tally((one.launched_at, one.launched_by) for one in (row["station"] for row in rows))
    caption = counted(launched.at(instant.at), "station")
    return Table(STATIONS, found, caption, empty=NO_STATION)


def _country(row, query: str) -> TableRow:
    total = row.total
    return TableRow(
        {
            "country": link(f"{page_of(total.code, 'country')}{query}", row.name),
            "people": total.people_value.text,
            "days": person_days(total),
            "aloft": headcount(row.headcount),
            "first": first_names(total),
            "launched": first_launch(total),
        }
    )


def _agency(row: dict, query: str) -> TableRow:
    agency, total = row["agency"], row["total"]
    country, first = agency.country, ""
    if total:
        first = joined((first_names(total), str(total.first.launched_at.year)), ", ")
    return TableRow(
        {
            "agency": link(f"{page_of(agency.slug, 'agency')}{query}", agency.name),
            "country": (
                link(page_of(country.code, "country"), country.name)
                if country
                else quiet("several")
            ),
            "people": _people(row),
            "days": total and person_days(total),
            "first": first,
            "missions": row["missions"].text,
        }
    )


def _people(row: dict):
    """How many flew for an agency; of one without any that count, how many flew below orbit."""
    if row["total"]:
        return row["total"].people_value.text
    suborbital = row["suborbital"]
    below = quiet(f"{suborbital.text} suborbital") if suborbital.amount else ""
    return joined(("0", below), ", ")


def _station(row: dict, instant) -> TableRow:
    station, total = row["station"], row["total"]
    down = ""
    if station.deorbited_at and station.deorbited_at <= instant.at:
        down = time(station.deorbited_at, station.deorbit_precision, only_day=True)
    return TableRow(
        {
            "station": link(f"{page_of(station.slug, 'station')}{instant.query}", station.name),
            "operator": all_linked(station.operators_in_order, short=True),
            "launched": time(station.launched_at, station.launch_precision, only_day=True),
            "down": down or quiet("in orbit"),
            "people": total.people_value.text if total else "0",
            "days": total and person_days(total),
            "aloft": headcount(row["headcount"]),
        }
    )
