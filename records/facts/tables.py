"""What each CSV table of facts holds: one `Table` each, read and written by the same columns.

A column reads a cell into fields of the model and writes a row of the model as a cell. Derived
columns, which repeat what other facts already say, are only written; an import compares them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model

from records.models import (
    Agency,
    Astronaut,
    Citation,
    Confirmation,
    Country,
    Disagreement,
    Flight,
    Leaderboard,
    Mission,
    ReportedValue,
    Source,
    Spacecraft,
    Spacewalk,
    SpacewalkCrew,
    SpacewalkGap,
    Station,
    SurfaceStay,
)
from records.models.missions import Boundary

from . import cells


class Unknown(ValueError):
    """A cell names a row that is not there."""


class Waiting(Unknown):
    """A cell names a row that has itself been refused."""


class Known(Protocol):
    """The rows that cells can refer to, while a folder is read."""

    def find(self, table: str, *key: str) -> Model:
        """The table's row with that key. Raises Unknown or Waiting, in words."""

    def flights_of(self, astronaut: str) -> list[Flight]:
        """The astronaut's flights in order."""


@dataclass(frozen=True)
class Line:
    """One row of a CSV file: where it stands, its cells by column, and its place among the rows
    with the same first cell, counted from 1."""

    number: int
    cells: Mapping[str, str]
    place: int = 1


@dataclass(frozen=True)
class Column:
    """One column. `read` is None where the column is derived.

    `across` marks a derived column that needs the rows of several tables to be complete. `alike`
    are cells that time alone turns into one another: an older file is not wrong.
    """

    name: str
    write: Callable[[Model], str]
    read: Callable[[Line, Known], dict[str, Any]] | None = None
    fields: tuple[str, ...] = ()
    across: bool = False
    alike: frozenset[str] = frozenset()

    def agree(self, said: str, follows: str) -> bool:
        """Whether a cell says what follows from the rest of the facts."""
        return said == follows or {said, follows} <= self.alike


@dataclass(frozen=True)
class Table:
    """One CSV file and the model its rows are rows of.

    `rows(at)` are all of the model's rows in the order of the file, ready to be written as of the
    instant: which launches are still to come depends on it.
    """

    name: str
    model: type[Model]
    key: tuple[str, ...]
    rows: Callable[[datetime], list[Model]]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def key_of(self, row: Model) -> tuple[str, ...]:
        """The cells that name the row."""
        return tuple(column.write(row) for column in self.columns if column.name in self.key)

    def write(self, row: Model) -> list[str]:
        return [column.write(row) for column in self.columns]

    def column_of(self, field: str) -> str:
        """The column an editor would look at for that field of the model."""
        return next((column.name for column in self.columns if field in column.fields), field)


# Kinds of column


def text(name: str, field: str = "") -> Column:
    field = field or name
    return Column(
        name,
        read=lambda line, known: {field: line.cells[name]},
        write=lambda row: getattr(row, field),
        fields=(field,),
    )


def valued(name: str, read: Callable, write: Callable, field: str = "") -> Column:
    """A column whose cell is one value of one field."""
    field = field or name
    return Column(
        name,
        read=lambda line, known: {field: read(line.cells[name])},
        write=lambda row: write(getattr(row, field)),
        fields=(field,),
    )


def number(name: str) -> Column:
    return valued(name, cells.read_number, cells.write_number)


def day(name: str, field: str = "") -> Column:
    return valued(name, cells.read_day, cells.write_day, field)


def truth(name: str, field: str = "") -> Column:
    return valued(name, cells.read_truth, cells.write_truth, field)


def seconds(name: str, field: str) -> Column:
    return valued(name, cells.read_seconds, cells.write_seconds, field)


def instant(name: str, field: str) -> Column:
    return valued(name, cells.read_instant, cells.write_instant, field)


def dated(name: str, field: str, precision: str) -> Column:
    """A date that may be known to the month or year alone."""
    return Column(
        name,
        read=lambda line, known: dict(
            zip((field, precision), cells.read_date(line.cells[name]), strict=True)
        ),
        write=lambda row: cells.write_date(getattr(row, field), getattr(row, precision)),
        fields=(field, precision),
    )


def shown(name: str, field: str, precision: str) -> Column:
    """An instant whose precision is as it is written: the table has no column for it."""

    def read(line, known):
        value = cells.read_instant(line.cells[name])
        return {field: value, precision: cells.shown_precision(value)}

    return Column(
        name,
        read=read,
        write=lambda row: cells.write_instant(getattr(row, field)),
        fields=(field, precision),
    )


def link(name: str, field: str, table: str) -> Column:
    """The id of a row in another table, or empty."""

    def read(line, known):
        return {field: known.find(table, line.cells[name]) if line.cells[name] else None}

    def write(row):
        other = getattr(row, field)
        return other.natural_key()[0] if other else ""

    return Column(name, read=read, write=write, fields=(field,))


def derived(name: str, write: Callable, *, across: bool = False) -> Column:
    return Column(name, write=write, across=across)


# Columns of their own


def _read_aliases(line, known):
    return {"aliases": "\n".join(line.cells["aliases"].split(";"))}


def _read_stations(line, known):
    return {
        "stations": [
            known.find("stations", slug) for slug in line.cells["stations"].split(";") if slug
        ]
    }


def _write_stations(mission):
    return ";".join(sorted(station.slug for station in mission.stations.all()))


def _mission_status(mission):
    if mission.landed_at:
        return "lost" if mission.lost else "completed"
    return "planned" if mission.to_come else "in_flight"


def _read_status(line, known):
    return {"lost": line.cells["status"] == "lost"}


def _read_place(line, known):
    """`station_or_mission` is the id of a station, or of the mission whose craft was left."""
    place = line.cells["station_or_mission"]
    try:
        return {"station": known.find("stations", place), "craft": None}
    except Waiting:
        raise
    except Unknown:
        pass
    try:
        return {"station": None, "craft": known.find("missions", place)}
    except Unknown as error:
        raise type(error)(f"no station or mission has the id {place!r}") from None


def _read_walker(line, known):
    """The flight of the person on which the spacewalk took place."""
    walk = known.find("spacewalks", line.cells["spacewalk_id"])
    astronaut = known.find("people", line.cells["person_id"])
    for flight in known.flights_of(astronaut.slug):
        if flight.launch_mission.boundary == Boundary.ORBIT and flight.contains(walk):
            return {"flight": flight, "position": line.place}
    raise Unknown(f"{astronaut} was not in space at the time of {walk.slug}")


def _read_flight(line, known):
    return {
        "flight": known.find("flights", line.cells["person_id"], line.cells["mission_id"]),
    }


def _read_cited_flight(line, known):
    person, mission = line.cells["flight_person_id"], line.cells["flight_mission_id"]
    if bool(person) != bool(mission):
        raise ValueError("a flight is named by its person and its mission, both")
    return {"flight": known.find("flights", person, mission) if person else None}


# Rows in the order of the files


def _in_order_of_entry(model: type[Model], *related: str) -> Callable[[datetime], list[Model]]:
    return lambda at: list(model.objects.select_related(*related).order_by("pk"))


def _spacecraft(at):
    first = {}
    launches = (
        Mission.objects.filter(launch_flights__isnull=False)
        .order_by("-launched_at")
        .values_list("spacecraft_id", "launched_at")
    )
    for spacecraft, launched_at in launches:
        first[spacecraft] = launched_at
    rows = _in_order_of_entry(Spacecraft, "operator", "country")(at)
    for row in rows:
        row.first_crewed_at = first.get(row.pk)
    return rows


def _stations(at):
    return list(Station.objects.select_related("operator").order_by("launched_at", "slug"))


def _missions(at):
    rows = list(
        Mission.objects.select_related("spacecraft", "operator")
        .prefetch_related("stations")
        .order_by("launched_at", "slug")
    )
    for row in rows:
        row.to_come = row.launched_at > at
    return rows


def _flights(at):
    rows = list(
        Flight.objects.select_related(
            "astronaut", "launch_mission", "landing_mission", "nationality", "agency"
        ).order_by("launch_mission__launched_at", "launch_mission__slug", "astronaut__slug")
    )
    flown = {}
    for row in rows:
        row.number = flown[row.astronaut_id] = flown.get(row.astronaut_id, 0) + 1
    return rows


def _people(at):
    """In the order of their first flights; those who have none come last."""
    order = {}
    for astronaut in Flight.objects.order_by(
        "launch_mission__launched_at", "launch_mission__slug", "astronaut__slug"
    ).values_list("astronaut_id", flat=True):
        order.setdefault(astronaut, len(order))
    rows = Astronaut.objects.select_related("nationality", "agency")
    return sorted(rows, key=lambda row: (order.get(row.pk, len(order)), row.pk))


def _spacewalks(at):
    return list(
        Spacewalk.objects.select_related("station", "craft", "mission", "agency").order_by(
            "started_at", "slug"
        )
    )


def _spacewalk_crew(at):
    return list(
        SpacewalkCrew.objects.select_related(
            "spacewalk",
            "flight__astronaut",
            "flight__launch_mission",
            "flight__landing_mission",
        ).order_by("spacewalk__started_at", "spacewalk__slug", "position", "pk")
    )


#: Columns of what belongs to one flight: the row is named by its mission up and its person.
_OF_A_FLIGHT = (
    Column(
        "mission_id",
        read=_read_flight,
        write=lambda row: row.flight.launch_mission.slug,
        fields=("flight",),
    ),
    derived("person_id", lambda row: row.flight.astronaut.slug),
)

#: In the order they are read: each refers only to earlier ones.
TABLES = (
    Table(
        "sources",
        Source,
        ("id",),
        _in_order_of_entry(Source),
        (
            text("id", "slug"),
            text("title"),
            text("publisher"),
            text("licence"),
            text("used_for"),
            text("retrieved_from"),
            dated("snapshot_date", "snapshot_on", "snapshot_precision"),
        ),
    ),
    Table(
        "agencies",
        Agency,
        ("id",),
        _in_order_of_entry(Agency, "country"),
        (
            text("id", "slug"),
            text("name"),
            text("abbreviation"),
            link("country", "country", "countries"),
            number("founded_year"),
            number("dissolved_year"),
        ),
    ),
    Table(
        "spacecraft",
        Spacecraft,
        ("id",),
        _spacecraft,
        (
            text("id", "slug"),
            text("name"),
            text("family"),
            link("operator_agency_id", "operator", "agencies"),
            link("country", "country", "countries"),
            derived(
                "first_crewed_flight_utc",
                lambda row: cells.write_instant(row.first_crewed_at),
                across=True,
            ),
            truth("orbital"),
        ),
    ),
    Table(
        "stations",
        Station,
        ("id",),
        _stations,
        (
            text("id", "slug"),
            text("name"),
            link("operator_agency_id", "operator", "agencies"),
            shown("launch_utc", "launched_at", "launch_precision"),
            shown("deorbit_utc", "deorbited_at", "deorbit_precision"),
            shown("first_crew_utc", "first_crew_at", "first_crew_precision"),
        ),
    ),
    Table(
        "people",
        Astronaut,
        ("id",),
        _people,
        (
            text("id", "slug"),
            text("full_name", "name"),
            text("given_names"),
            text("family_name"),
            text("native_name"),
            text("sex"),
            dated("birth_date", "born_on", "birth_precision"),
            day("death_date", "died_on"),
            link("nationality", "nationality", "countries"),
            link("agency_id", "agency", "agencies"),
            number("selection_year"),
            text("wikidata_id"),
            Column(
                "aliases",
                read=_read_aliases,
                write=lambda row: ";".join(row.alias_list),
                fields=("aliases",),
            ),
        ),
    ),
    Table(
        "missions",
        Mission,
        ("id",),
        _missions,
        (
            text("id", "slug"),
            text("name"),
            text("program", "programme"),
            link("spacecraft_id", "spacecraft", "spacecraft"),
            text("vehicle_name"),
            link("operator_agency_id", "operator", "agencies"),
            instant("launch_utc", "launched_at"),
            text("launch_precision"),
            instant("landing_utc", "landed_at"),
            text("landing_precision"),
            instant("planned_landing_utc", "planned_landing_at"),
            text("planned_landing_precision"),
            text("launch_site"),
            text("landing_site"),
            derived("kind", lambda row: row.kind),
            text("boundary"),
            Column(
                "status",
                read=_read_status,
                write=_mission_status,
                fields=("lost",),
                alike=frozenset({"planned", "in_flight"}),
            ),
            Column("stations", read=_read_stations, write=_write_stations, fields=("stations",)),
            text("cospar_id"),
            text("notes"),
        ),
    ),
    Table(
        "flights",
        Flight,
        ("person_id", "up_mission_id"),
        _flights,
        (
            link("person_id", "astronaut", "people"),
            derived("flight_number", lambda row: str(row.number), across=True),
            link("up_mission_id", "launch_mission", "missions"),
            link("down_mission_id", "landing_mission", "missions"),
            derived("start_utc", lambda row: cells.write_instant(row.launched_at)),
            derived("end_utc", lambda row: cells.write_instant(row.landed_at)),
            text("role"),
            link("nationality", "nationality", "countries"),
            link("agency_id", "agency", "agencies"),
            derived("kind", lambda row: row.launch_mission.kind),
            text("notes"),
        ),
    ),
    Table(
        "spacewalks",
        Spacewalk,
        ("id",),
        _spacewalks,
        (
            text("id", "slug"),
            instant("start_utc", "started_at"),
            text("start_precision"),
            seconds("duration_seconds", "duration"),
            Column(
                "station_or_mission",
                read=_read_place,
                write=lambda row: (row.station or row.craft).slug,
                fields=("station", "craft"),
            ),
            link("mission_id", "mission", "missions"),
            link("agency_id", "agency", "agencies"),
            text("kind"),
            text("notes"),
        ),
    ),
    Table(
        "spacewalk_crew",
        SpacewalkCrew,
        ("spacewalk_id", "person_id"),
        _spacewalk_crew,
        (
            link("spacewalk_id", "spacewalk", "spacewalks"),
            Column(
                "person_id",
                read=_read_walker,
                write=lambda row: row.flight.astronaut.slug,
                fields=("flight", "position"),
            ),
            seconds("duration_seconds", "duration"),
        ),
    ),
    Table(
        "surface_stays",
        SurfaceStay,
        ("mission_id", "person_id"),
        _in_order_of_entry(
            SurfaceStay,
            "flight__astronaut",
            "flight__launch_mission",
            "flight__landing_mission",
        ),
        (
            *_OF_A_FLIGHT,
            text("body"),
            instant("landed_utc", "landed_at"),
            text("landed_precision"),
            instant("lifted_off_utc", "lifted_off_at"),
            text("lifted_off_precision"),
            text("notes"),
        ),
    ),
)

#: Tables of the public download beside the ten: with them an empty site answers as this one does.
#: An import takes them where they are. Countries are read first, the others last.
COUNTRIES = Table(
    "countries",
    Country,
    ("code",),
    lambda at: list(Country.objects.select_related("successor").order_by("code")),
    (
        text("code"),
        text("name"),
        text("demonym"),
        link("successor", "successor", "countries"),
        text("flag_colours"),
    ),
)
SPACEWALK_GAPS = Table(
    "spacewalk_gaps",
    SpacewalkGap,
    ("mission_id", "person_id"),
    _in_order_of_entry(SpacewalkGap, "flight__astronaut", "flight__launch_mission"),
    (
        *_OF_A_FLIGHT,
        text("note"),
    ),
)
CITATIONS = Table(
    "citations",
    Citation,
    (
        "source_id",
        "kind",
        "covers",
        "mission_id",
        "person_id",
        "spacewalk_id",
        "flight_person_id",
        "flight_mission_id",
    ),
    lambda at: list(
        Citation.objects.select_related(
            "source",
            "mission",
            "astronaut",
            "spacewalk",
            "flight__astronaut",
            "flight__launch_mission",
        ).order_by("source__slug", "kind", "covers", "pk")
    ),
    (
        link("source_id", "source", "sources"),
        text("kind"),
        text("covers"),
        link("mission_id", "mission", "missions"),
        link("person_id", "astronaut", "people"),
        link("spacewalk_id", "spacewalk", "spacewalks"),
        Column(
            "flight_person_id",
            read=_read_cited_flight,
            write=lambda row: row.flight.astronaut.slug if row.flight else "",
            fields=("flight",),
        ),
        derived(
            "flight_mission_id",
            lambda row: row.flight.launch_mission.slug if row.flight else "",
        ),
        day("since", "since_on"),
        day("until", "until_on"),
        dated("checked", "checked_on", "checked_precision"),
    ),
)
DISAGREEMENTS = Table(
    "disagreements",
    Disagreement,
    ("id",),
    lambda at: list(
        Disagreement.objects.select_related("mission", "astronaut", "spacewalk").order_by(
            "position", "slug"
        )
    ),
    (
        text("id", "slug"),
        text("fact"),
        link("mission_id", "mission", "missions"),
        link("person_id", "astronaut", "people"),
        link("spacewalk_id", "spacewalk", "spacewalks"),
        text("reason"),
        dated("checked", "checked_on", "checked_precision"),
        number("position"),
    ),
)
REPORTED_VALUES = Table(
    "reported_values",
    ReportedValue,
    ("disagreement_id", "value"),
    lambda at: list(
        ReportedValue.objects.select_related("disagreement", "source").order_by(
            "disagreement__position", "disagreement__slug", "position", "pk"
        )
    ),
    (
        link("disagreement_id", "disagreement", "disagreements"),
        text("value"),
        link("source_id", "source", "sources"),
        text("reported_by"),
        truth("chosen"),
        number("position"),
    ),
)
CONFIRMATIONS = Table(
    "confirmations",
    Confirmation,
    ("through_utc",),
    lambda at: list(Confirmation.objects.order_by("through_at")),
    (instant("through_utc", "through_at"), text("note")),
)
LEADERBOARDS = Table(
    "leaderboards",
    Leaderboard,
    ("id",),
    lambda at: list(
        Leaderboard.objects.select_related("country", "agency", "station").order_by("slug")
    ),
    (
        text("id", "slug"),
        text("title"),
        text("group"),
        number("position"),
        text("note"),
        text("metric"),
        number("threshold"),
        text("each"),
        text("sex"),
        link("country", "country", "countries"),
        truth("successors"),
        link("agency_id", "agency", "agencies"),
        link("station_id", "station", "stations"),
        text("spacecraft_family"),
        text("programme"),
        text("role"),
        truth("first_flights_only"),
        truth("landed_only"),
        day("launched_from"),
        day("launched_until"),
        text("boundary"),
    ),
)

#: Every table that can be downloaded, in the order they are read.
ALL_TABLES = (
    COUNTRIES,
    *TABLES,
    SPACEWALK_GAPS,
    CITATIONS,
    DISAGREEMENTS,
    REPORTED_VALUES,
    CONFIRMATIONS,
    LEADERBOARDS,
)

BY_MODEL = {table.model: table for table in ALL_TABLES}
