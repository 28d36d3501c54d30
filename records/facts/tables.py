"""What each CSV table of facts holds: one `FactTable` each, whose columns say all of its cells.

An export, an import, the downloads and their dictionary all follow from here.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter

from django.db.models import Model, prefetch_related_objects

from records.book.criteria import CRITERIA, ChoiceKind, Criterion
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

from . import cells, sheets
from .columns import (
    FactColumn,
    Unknown,
    Waiting,
    added,
    country,
    dated,
    day,
    derived,
    duration_precision,
    instant,
    link,
    listed,
    number,
    precision,
    published,
    seconds,
    shown,
    text,
    truth,
)


@dataclass(frozen=True)
class FactTable:
    """One CSV file and the model its rows are rows of.

    `key` are the columns that name a row. The file is in the order of the fields `order`. `related`
    is read with the rows beside what their columns hold. `prepare` tells the rows what derived
    columns write, as of an instant, or puts them into an order that no field knows.
    """

    name: str
    title: str
    model: type[Model]
    columns: tuple[FactColumn, ...]
    key: tuple[str, ...] = ("id",)
    order: tuple[str, ...] = ("pk",)
    related: tuple[str, ...] = ()
    prepare: Callable[[list, datetime], None] = lambda rows, at: None

    def __post_init__(self):
        described = tuple(column.of(self.model) for column in self.columns)
        object.__setattr__(self, "columns", described)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def optional(self) -> set[str]:
        """Columns that a file need not have."""
        return {one.name for one in self.columns if one.added or one.follows} - set(self.key)

    def rows(self, at: datetime) -> list[Model]:
        """All of the model's rows in the order of the file, ready to be written as of the instant:
        which launches are still to come depends on it."""
        names = chain.from_iterable(column.fields for column in self.columns)
        fields = [self.model._meta.get_field(name) for name in names]
        links = [field.name for field in fields if field.many_to_one]
        crowds = [field.name for field in fields if field.many_to_many]
        rows = self.model.objects.prefetch_related(*crowds).order_by(*self.order)
        if links:
            rows = rows.select_related(*links, *self.related)
        rows = list(rows)
        self.prepare(rows, at)
        return rows

    def key_of(self, row: Model) -> tuple[str, ...]:
        """The cells that name the row."""
        return tuple(column.write(row) for column in self.columns if column.name in self.key)

    def write(self, row: Model) -> list[str]:
        return [column.write(row) for column in self.columns]

    def csv(self, rows: Iterable[list[str]], *, spreadsheet: bool = False) -> bytes:
        """The file with those rows of cells. One that a spreadsheet could take for a formula has an
        apostrophe in front, which an import takes away."""
        lines = (map(cells.neutral, row) for row in rows)
        return sheets.written(chain([self.header], lines), spreadsheet=spreadsheet)

    @property
    def spellings(self) -> dict[str, str]:
        """What a header may say for the name of a column."""
        return {one.fields[0]: one.name for one in self.columns if one.fields[:1] == ("slug",)}

    def column_of(self, field: str) -> str:
        """The column an editor would look at for that field of the model."""
        return next((column.name for column in self.columns if field in column.fields), field)


# Columns of their own


def _read_aliases(line, known):
    return {"aliases": "\n".join(line.cells["aliases"].split(";"))}


def _read_stations(line, known):
    return {"stations": [known.find("stations", slug) for slug in listed(line.cells["stations"])]}


def _read_operators(line, known):
    slugs = listed(line.cells["operator_agency_ids"]) or [""]
    if twice := [slug for slug in slugs if slugs.count(slug) > 1]:
        raise ValueError(f"{twice[0]!r} is there {len(twice)} times")
    return {"operators": [known.find("agencies", slug) for slug in slugs]}


def _read_operator(line, known):
    """What a file says that is older than the column of all operators: who of them is the first."""
    if "operator_agency_ids" in line.cells:
        return {}
    first = known.find("agencies", line.cells["operator_agency_id"])
    station = known.stored("stations", line.cells["id"])
    operators = station.operators_in_order if station else []
    return {"operators": operators if first in operators[:1] else [first]}


def _write_stations(mission):
    return ";".join(sorted(station.slug for station in mission.stations.all()))


def _mission_status(mission):
    if mission.landed_at:
        return "lost" if mission.lost else "completed"
    return "planned" if mission.to_come else "in_flight"


def _read_status(line, known):
    return {"lost": line.cells["status"] == "lost"} if line.cells["status"] else {}


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
            # Files that do not say their order have the crew in it.
            return {"flight": flight, "position": line.place}
    raise Unknown(f"{astronaut} was not in space at the time of {walk.slug}")


def _read_position(line, known):
    cell = line.cells["position"]
    return {"position": cells.read_number(cell)} if cell else {}


def _read_flight(line, known):
    return {
        "flight": known.find("flights", line.cells["person_id"], line.cells["mission_id"]),
    }


def _read_cited_flight(line, known):
    person, mission = line.cells["flight_person_id"], line.cells["flight_mission_id"]
    if bool(person) != bool(mission):
        raise ValueError("a flight is named by its person and its mission, both")
    return {"flight": known.find("flights", person, mission) if person else None}


def _of_a_flight(whose: str) -> tuple[FactColumn, FactColumn]:
    """Columns of what belongs to one flight: the row is named by its mission up and its person."""
    return (
        FactColumn(
            "mission_id",
            "Mission launched on",
            read=_read_flight,
            write=attrgetter("flight.launch_mission.slug"),
            fields=("flight",),
            refers=("missions", "id"),
        ),
        derived(text("person_id", whose, "flight.astronaut.slug"), refers=("people", "id")),
    )


# What rows are told before they are written


def _first_flights(rows: list[Spacecraft], at: datetime):
    launches = (
        Mission.objects.filter(launch_flights__isnull=False)
        .order_by("-launched_at")
        .values_list("spacecraft_id", "launched_at")
    )
    first = dict(launches)  # Of each craft, the earliest comes last.
    for row in rows:
        row.first_crewed_at = first.get(row.pk)


def _launches_to_come(rows: list[Mission], at: datetime):
    for row in rows:
        row.to_come = row.launched_at > at


def _flight_numbers(rows: list[Flight], at: datetime):
    flown = Counter()
    for row in rows:
        flown[row.astronaut_id] += 1
        row.flight_number = flown[row.astronaut_id]


def _in_order_of_first_flights(rows: list[Astronaut], at: datetime):
    """Those who have none come last."""
    flights = Flight.objects.order_by(*_ORDER_OF_FLIGHTS).values_list("astronaut_id", flat=True)
    order = {astronaut: place for place, astronaut in enumerate(dict.fromkeys(flights))}
    rows.sort(key=lambda row: order.get(row.pk, len(order)))


_ORDER_OF_FLIGHTS = ("launch_mission__launched_at", "launch_mission__slug", "astronaut__slug")
_KINDS = ("orbital", "suborbital", "failed")
_FLIGHT = ("flight__astronaut", "flight__launch_mission", "flight__landing_mission")

#: In the order they are read: each refers only to earlier ones.
TABLES = (
    FactTable(
        "sources",
        "Where the facts come from",
        Source,
        (
            text("id", "Stable name of the source", "slug"),
            text("title", "Its title"),
            text("publisher", "Who publishes it"),
            text("licence", "Its licence or terms"),
            text("used_for", "Which facts rest on it"),
            text("retrieved_from", "Where it was found"),
            dated(
                "snapshot_date",
                "Day, month or year of the state that was used",
                "snapshot_on",
                "snapshot_precision",
            ),
        ),
    ),
    FactTable(
        "agencies",
        "Agencies, companies and programmes that people fly for",
        Agency,
        (
            text("id", "Stable name of the agency", "slug"),
            text("name", "Name"),
            text("abbreviation", "Short name"),
            country("country", "Its country; empty for one of several countries"),
            number("founded_year", "Year of its foundation", unit="year"),
            number("dissolved_year", "Year of its end", unit="year"),
        ),
    ),
    FactTable(
        "spacecraft",
        "Types of crewed spacecraft",
        Spacecraft,
        (
            text("id", "Stable name of the type", "slug"),
            text("name", "Name"),
            text("family", "Family: all variants of Soyuz are one"),
            link("operator_agency_id", "Who operates it", "operator", "agencies"),
            country("country", "Country of the operator"),
            derived(
                instant(
                    "first_crewed_flight_utc",
                    "First launch with people aboard; follows from the flights",
                    "first_crewed_at",
                ),
                required=False,
                across=True,
            ),
            truth("orbital", "Whether it can reach orbit"),
        ),
        prepare=_first_flights,
    ),
    FactTable(
        "stations",
        "Space stations",
        Station,
        (
            text("id", "Stable name of the station", "slug"),
            text("name", "Name"),
            FactColumn(
                "operator_agency_id",
                "The first of those who operate it",
                read=_read_operator,
                write=lambda row: row.operators_in_order[0].slug,
                fields=("operators",),
                refers=("agencies", "id"),
                follows=True,
            ),
            shown("launch_utc", "Launch of its first module", "launched_at", "launch_precision"),
            shown(
                "deorbit_utc",
                "End in the atmosphere; empty while it is in orbit",
                "deorbited_at",
                "deorbit_precision",
            ),
            shown(
                "first_crew_utc",
                "Docking or entry of its first crew",
                "first_crew_at",
                "first_crew_precision",
            ),
            added(
                FactColumn(
                    "operator_agency_ids",
                    "Ids of all who operate it, the first one first, separated by semicolons",
                    read=_read_operators,
                    write=lambda row: ";".join(agency.slug for agency in row.operators_in_order),
                    fields=("operators",),
                )
            ),
        ),
        order=("launched_at", "slug"),
        prepare=lambda rows, at: prefetch_related_objects(rows, "operator_rows__agency"),
    ),
    FactTable(
        "people",
        "Everyone who has flown, and three who died on the way",
        Astronaut,
        (
            text("id", "Stable name of the person", "slug"),
            text(
                "full_name",
                "Name as the person uses it; Chinese names put the family name first",
                "name",
            ),
            text("given_names", "Given names"),
            text("family_name", "Family name, by which lists are sorted"),
            text("native_name", "Name in the person’s own script"),
            text("sex", "F or M"),
            dated(
                "birth_date",
                "Day, month or year of birth, as far as it is known",
                "born_on",
                "birth_precision",
            ),
            day("death_date", "Day of death", "died_on"),
            country("nationality", "Country of the latest flight"),
            link("agency_id", "Agency of the latest flight", "agency", "agencies"),
            number("selection_year", "Year of selection", unit="year"),
            text("wikidata_id", "Item in Wikidata"),
            FactColumn(
                "aliases",
                "Other spellings and names, separated by semicolons",
                read=_read_aliases,
                write=lambda row: ";".join(row.alias_list),
                fields=("aliases",),
            ),
        ),
        prepare=_in_order_of_first_flights,
    ),
    FactTable(
        "missions",
        "Voyages of crewed spacecraft, with all launches and landings",
        Mission,
        (
            text("id", "Stable name of the mission", "slug"),
            text("name", "Name"),
            text("program", "Programme", "programme"),
            link("spacecraft_id", "Type of craft", "spacecraft", "spacecraft"),
            text("vehicle_name", "The craft’s own name"),
            link("operator_agency_id", "Who operated it", "operator", "agencies"),
            instant(
                "launch_utc",
                "Lift-off; for craft dropped from an aircraft, release",
                "launched_at",
                known_by="launch_precision",
            ),
            precision("launch_precision", "the launch"),
            instant(
                "landing_utc",
                "Landing of this craft, or its loss; empty while it is flying",
                "landed_at",
                known_by="landing_precision",
            ),
            precision("landing_precision", "the landing"),
            instant(
                "planned_landing_utc",
                "Planned landing of a mission under way",
                "planned_landing_at",
                known_by="planned_landing_precision",
            ),
            precision("planned_landing_precision", "the planned landing"),
            text("launch_site", "Where it was launched"),
            text("landing_site", "Where it landed: country, ocean or airfield"),
            derived(
                text(
                    "kind",
                    "Orbital, suborbital, or failed to reach space; follows from the boundary",
                ),
                options=_KINDS,
            ),
            text("boundary", "Highest boundary of space that it crossed"),
            FactColumn(
                "status",
                "What it was doing at the last confirmation; lost is loss of crew",
                read=_read_status,
                write=_mission_status,
                fields=("lost",),
                options=("planned", "in_flight", "completed", "lost"),
                follows=True,
                alike=frozenset({"planned", "in_flight"}),
            ),
            FactColumn(
                "stations",
                "Ids of the stations it visited, separated by semicolons",
                read=_read_stations,
                write=_write_stations,
                fields=("stations",),
            ),
            text("cospar_id", "International designator"),
            text("notes", "Anything a reader should know"),
        ),
        order=("launched_at", "slug"),
        prepare=_launches_to_come,
    ),
    FactTable(
        "flights",
        "Each person’s trips: up on one mission, down on the same or another",
        Flight,
        (
            link("person_id", "Who flew", "astronaut", "people"),
            derived(
                number(
                    "flight_number",
                    "The person’s first, second … trip, suborbital and failed ones counted",
                ),
                across=True,
            ),
            link("up_mission_id", "Mission launched on", "launch_mission", "missions"),
            link(
                "down_mission_id",
                "Mission landed on; empty while that is unknown",
                "landing_mission",
                "missions",
            ),
            derived(
                instant("start_utc", "Launch of the mission up; follows from it", "launched_at")
            ),
            derived(
                instant("end_utc", "Landing of the mission down; follows from it", "landed_at"),
                required=False,
            ),
            text("role", "Role in the crew"),
            country("nationality", "Country flown for at the time"),
            link("agency_id", "Agency flown for", "agency", "agencies"),
            derived(
                text("kind", "Kind of the mission up; follows from it", "launch_mission.kind"),
                options=_KINDS,
            ),
            text("notes", "Anything a reader should know"),
            added(number("position", "Place in the crew, where a source gives its order")),
        ),
        key=("person_id", "up_mission_id"),
        order=_ORDER_OF_FLIGHTS,
        prepare=_flight_numbers,
    ),
    FactTable(
        "spacewalks",
        "Spacewalks",
        Spacewalk,
        (
            text("id", "Stable name of the spacewalk", "slug"),
            instant("start_utc", "Start", "started_at", known_by="start_precision"),
            precision("start_precision", "the start"),
            published("Duration as the sponsoring programme published it; empty if it did not"),
            duration_precision(),
            seconds(
                "duration_margin_seconds",
                "How far off a duration known “about” may be; half an hour where the source does "
                "not say",
                "duration_margin",
                added=True,
            ),
            FactColumn(
                "station_or_mission",
                "Id of the station left, or of the mission whose craft was left",
                read=_read_place,
                write=lambda row: (row.station or row.craft).slug,
                fields=("station", "craft"),
                required=True,
            ),
            link(
                "mission_id",
                "Mission whose crew made it, if that is recorded",
                "mission",
                "missions",
            ),
            link("agency_id", "Agency of the programme it belongs to", "agency", "agencies"),
            text(
                "kind",
                "In orbit, in the hatch, on the Moon or in deep space",
                options=("orbital", "standup", "lunar-surface", "deep-space"),
            ),
            text("notes", "Anything a reader should know"),
        ),
        order=("started_at", "slug"),
    ),
    FactTable(
        "spacewalk_crew",
        "Who made each spacewalk",
        SpacewalkCrew,
        (
            link("spacewalk_id", "The spacewalk", "spacewalk", "spacewalks"),
            FactColumn(
                "person_id",
                "One of those who made it",
                read=_read_walker,
                write=attrgetter("flight.astronaut.slug"),
                fields=("flight",),
                refers=("people", "id"),
            ),
            published("Time of this person, if it differs", own=True),
            duration_precision(),
            replace(
                added(number("position", "Place among those who made it")), read=_read_position
            ),
        ),
        key=("spacewalk_id", "person_id"),
        order=("spacewalk__started_at", "spacewalk__slug", "position", "pk"),
        related=_FLIGHT,
    ),
    FactTable(
        "surface_stays",
        "Stays on the Moon",
        SurfaceStay,
        (
            *_of_a_flight("Who landed"),
            text("body", "Where: the Moon"),
            instant(
                "landed_utc",
                "Landing of the lunar module",
                "landed_at",
                known_by="landed_precision",
            ),
            precision("landed_precision", "the landing"),
            instant(
                "lifted_off_utc",
                "Lift-off of the lunar module",
                "lifted_off_at",
                known_by="lifted_off_precision",
            ),
            precision("lifted_off_precision", "the lift-off"),
            text("notes", "Anything a reader should know"),
        ),
        key=("mission_id", "person_id"),
        related=_FLIGHT,
    ),
)

#: Tables of the public download beside the ten: with them an empty site answers as this one does.
#: An import takes them where they are. Countries are read first, the others last.
COUNTRIES = FactTable(
    "countries",
    "States that people flew for, those that are gone included",
    Country,
    (
        text("code", "ISO 3166-1 alpha-3 code; SUN, CSK and DDR for states that are gone"),
        text("name", "Name in English"),
        text("demonym", "What one of its people is called"),
        country("successor", "The state that counts for it where successor states are combined"),
        text("flag_colours", "Up to five colours of its flag, separated by commas"),
    ),
    key=("code",),
    order=("code",),
)
SPACEWALK_GAPS = FactTable(
    "spacewalk_gaps",
    "Flights of which spacewalks are missing here",
    SpacewalkGap,
    (
        *_of_a_flight("Whose flight"),
        text("note", "What is missing, and why"),
    ),
    key=("mission_id", "person_id"),
    related=_FLIGHT,
)
CITATIONS = FactTable(
    "citations",
    "Which facts rest on which source",
    Citation,
    (
        link("source_id", "The source", "source", "sources"),
        text("kind", "All rows of a kind, instead of the one that is named"),
        text("covers", "Which facts of the row or the kind rest on it"),
        link("mission_id", "The mission whose facts they are", "mission", "missions"),
        link("person_id", "The person whose facts they are", "astronaut", "people"),
        link("spacewalk_id", "The spacewalk whose facts they are", "spacewalk", "spacewalks"),
        FactColumn(
            "flight_person_id",
            "Who made the flight whose facts they are",
            read=_read_cited_flight,
            write=lambda row: row.flight.astronaut.slug if row.flight else "",
            fields=("flight",),
            refers=("people", "id"),
        ),
        FactColumn(
            "flight_mission_id",
            "The mission that this flight went up on",
            write=lambda row: row.flight.launch_mission.slug if row.flight else "",
            refers=("missions", "id"),
            required=False,
        ),
        day("since", "First UTC day covered, of a kind; empty for no beginning", "since_on"),
        day("until", "Last UTC day covered, of a kind; empty for no end", "until_on"),
        dated(
            "checked",
            "Day, month or year in which the source was last consulted, or these facts last looked "
            "for elsewhere; empty if that was not written down",
            "checked_on",
            "checked_precision",
        ),
    ),
    key=(
        "source_id",
        "kind",
        "covers",
        "mission_id",
        "person_id",
        "spacewalk_id",
        "flight_person_id",
        "flight_mission_id",
    ),
    order=("source__slug", "kind", "covers", "pk"),
    related=_FLIGHT,
)
DISAGREEMENTS = FactTable(
    "disagreements",
    "Facts that sources give differently, and why one value is used",
    Disagreement,
    (
        text("id", "Stable name of the disagreement", "slug"),
        text("fact", "What is disputed"),
        link("mission_id", "The mission that it is about", "mission", "missions"),
        link("person_id", "The person that it is about", "astronaut", "people"),
        link("spacewalk_id", "The spacewalk that it is about", "spacewalk", "spacewalks"),
        text("metric", "What would be another value by the other sources, if any", options=()),
        text("reason", "Why the value used here is used"),
        dated(
            "checked",
            "Day, month or year in which the sources were last compared",
            "checked_on",
            "checked_precision",
        ),
        number("position", "Order among the disagreements"),
    ),
    order=("position", "slug"),
)
REPORTED_VALUES = FactTable(
    "reported_values",
    "The values that sources give for them",
    ReportedValue,
    (
        link("disagreement_id", "The disagreement", "disagreement", "disagreements"),
        text("value", "The value, as the source gives it"),
        link("source_id", "The source that gives it, if it is one of ours", "source", "sources"),
        text("reported_by", "Who gives it, if no source of ours says it alone"),
        truth("chosen", "Whether it is the one used here"),
        number("position", "Order among the values"),
    ),
    key=("disagreement_id", "value"),
    order=("disagreement__position", "disagreement__slug", "position", "pk"),
)
CONFIRMATIONS = FactTable(
    "confirmations",
    "Instants up to which the stewards have confirmed who is in space",
    Confirmation,
    (
        instant("through_utc", "Everyone’s status is right as of this instant", "through_at"),
        text("note", "What was checked, and against what"),
    ),
    key=("through_utc",),
    order=("through_at",),
)


def _criterion(one: Criterion) -> FactColumn:
    """The column of a criterion that editors can store, by what is chosen."""
    if one.kind is ChoiceKind.SWITCH:
        return truth(one.field, one.meaning)
    if one.kind.is_day:
        return day(one.field, one.meaning)
    if one.choices == "countries":
        return country(one.field, one.meaning)
    if one.choices in ("agencies", "stations"):
        return link(f"{one.field}_id", one.meaning, one.field, one.choices)
    return text(one.field, one.meaning)


LEADERBOARDS = FactTable(
    "leaderboards",
    "The rules of the site’s leaderboards",
    Leaderboard,
    (
        text("id", "Name in the address", "slug"),
        text("title", "Title"),
        text("group", "Heading it stands under"),
        number("position", "Order under the heading"),
        text("note", "What a reader should know that the rule does not say"),
        text("metric", "What is measured", options=()),
        number(
            "threshold",
            "Least value listed",
            unit="days of a duration, years of an age, or a number",
        ),
        text("each", "What is listed each by itself, instead of each person’s best"),
        *(_criterion(one) for one in CRITERIA.values() if one.field),
    ),
    order=("slug",),
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
