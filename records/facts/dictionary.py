"""The data dictionary: what every column of every downloaded table means.

One `Field` for each column of `records.facts.tables`, by table and column; the datapackage, the
JSON and the data page are written from it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """Types of the Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


@dataclass(frozen=True)
class Field:
    """One column: its type, its meaning in a sentence without an end, its unit if it has one.

    `refers` is the (table, column) whose values it takes; `options` all values there can be; an
    empty cell is possible unless `required`.
    """

    words: str
    type: Type = Type.STRING
    unit: str = ""
    refers: tuple[str, str] | None = None
    options: tuple[str, ...] = ()
    required: bool = False

    def value(self, cell: str):
        """The cell as JSON has it: a number, true or false, text; None if it is empty."""
        if not cell:
            return None
        if self.type is Type.INTEGER:
            return int(cell)
        return cell == "true" if self.type is Type.BOOLEAN else cell


def _id(words: str) -> Field:
    return Field(words, required=True)


def _number(words: str, *, unit: str = "", required: bool = False) -> Field:
    return Field(words, Type.INTEGER, unit=unit, required=required)


def _truth(words: str) -> Field:
    return Field(words, Type.BOOLEAN, required=True)


def _instant(words: str, *, required: bool = False) -> Field:
    return Field(words, Type.DATETIME, unit="UTC", required=required)


def _refers(table: str, words: str, *, column: str = "id", required: bool = False) -> Field:
    return Field(words, refers=(table, column), required=required)


def _country(words: str, *, required: bool = False) -> Field:
    return _refers("countries", words, column="code", required=required)


def _precision(of: str, *, required: bool = False) -> Field:
    return Field(
        f"How well {of} is known; an instant known to the day or month is written as its beginning",
        options=("second", "minute", "day", "month"),
        required=required,
    )


_NOTES = Field("Anything a reader should know")
_BOUNDARIES = ("orbit", "100km", "80km", "none")
_KINDS = ("orbital", "suborbital", "failed")

TITLES = {
    "countries": "States that people flew for, those that are gone included",
    "sources": "Where the facts come from",
    "agencies": "Agencies, companies and programmes that people fly for",
    "spacecraft": "Types of crewed spacecraft",
    "stations": "Space stations",
    "people": "Everyone who has flown, and three who died on the way",
    "missions": "Voyages of crewed spacecraft, with all launches and landings",
    "flights": "Each person’s trips: up on one mission, down on the same or another",
    "spacewalks": "Spacewalks",
    "spacewalk_crew": "Who made each spacewalk",
    "surface_stays": "Stays on the Moon",
    "spacewalk_gaps": "Flights of which spacewalks are missing here",
    "citations": "Which facts rest on which source",
    "disagreements": "Facts that sources give differently, and why one value is used",
    "reported_values": "The values that sources give for them",
    "confirmations": "Instants up to which the stewards have confirmed who is in space",
    "leaderboards": "The rules of the site’s leaderboards",
}

DICTIONARY: dict[str, dict[str, Field]] = {
    "countries": {
        "code": _id("ISO 3166-1 alpha-3 code; SUN, CSK and DDR for states that are gone"),
        "name": Field("Name in English", required=True),
        "demonym": Field("What one of its people is called", required=True),
        "successor": _country("The state that counts for it where successor states are combined"),
        "flag_colours": Field("Up to five colours of its flag, separated by commas"),
    },
    "sources": {
        "id": _id("Stable name of the source"),
        "title": Field("Its title", required=True),
        "publisher": Field("Who publishes it", required=True),
        "licence": Field("Its licence or terms", required=True),
        "used_for": Field("Which facts rest on it", required=True),
        "retrieved_from": Field("Where it was found"),
        "snapshot_date": Field("Day, month or year of the state that was used"),
    },
    "agencies": {
        "id": _id("Stable name of the agency"),
        "name": Field("Name", required=True),
        "abbreviation": Field("Short name", required=True),
        "country": _country("Its country; empty for one of several countries"),
        "founded_year": _number("Year of its foundation", unit="year"),
        "dissolved_year": _number("Year of its end", unit="year"),
    },
    "spacecraft": {
        "id": _id("Stable name of the type"),
        "name": Field("Name", required=True),
        "family": Field("Family: all variants of Soyuz are one", required=True),
        "operator_agency_id": _refers("agencies", "Who operates it", required=True),
        "country": _country("Country of the operator", required=True),
        "first_crewed_flight_utc": _instant(
            "First launch with people aboard; follows from the flights"
        ),
        "orbital": _truth("Whether it can reach orbit"),
    },
    "stations": {
        "id": _id("Stable name of the station"),
        "name": Field("Name", required=True),
        "operator_agency_id": _refers("agencies", "Who operates it", required=True),
        "launch_utc": _instant("Launch of its first module", required=True),
        "deorbit_utc": _instant("End in the atmosphere; empty while it is in orbit"),
        "first_crew_utc": _instant("Docking or entry of its first crew"),
    },
    "people": {
        "id": _id("Stable name of the person"),
        "full_name": Field(
            "Name as the person uses it; Chinese names put the family name first", required=True
        ),
        "given_names": Field("Given names", required=True),
        "family_name": Field("Family name, by which lists are sorted", required=True),
        "native_name": Field("Name in the person’s own script"),
        "sex": Field("F or M", options=("F", "M"), required=True),
        "birth_date": Field("Day, month or year of birth, as far as it is known"),
        "death_date": Field("Day of death", Type.DATE),
        "nationality": _country("Country of the latest flight", required=True),
        "agency_id": _refers("agencies", "Agency of the latest flight", required=True),
        "selection_year": _number("Year of selection", unit="year"),
        "wikidata_id": Field("Item in Wikidata"),
        "aliases": Field("Other spellings and names, separated by semicolons"),
    },
    "missions": {
        "id": _id("Stable name of the mission"),
        "name": Field("Name", required=True),
        "program": Field("Programme", required=True),
        "spacecraft_id": _refers("spacecraft", "Type of craft", required=True),
        "vehicle_name": Field("The craft’s own name"),
        "operator_agency_id": _refers("agencies", "Who operated it", required=True),
        "launch_utc": _instant(
            "Lift-off; for craft dropped from an aircraft, release", required=True
        ),
        "launch_precision": _precision("the launch", required=True),
        "landing_utc": _instant("Landing of this craft, or its loss; empty while it is flying"),
        "landing_precision": _precision("the landing"),
        "planned_landing_utc": _instant("Planned landing of a mission under way"),
        "planned_landing_precision": _precision("the planned landing"),
        "launch_site": Field("Where it was launched", required=True),
        "landing_site": Field("Where it landed: country, ocean or airfield"),
        "kind": Field(
            "Orbital, suborbital, or failed to reach space; follows from the boundary",
            options=_KINDS,
            required=True,
        ),
        "boundary": Field(
            "Highest boundary of space that it crossed", options=_BOUNDARIES, required=True
        ),
        "status": Field(
            "What it was doing at the last confirmation; lost is loss of crew",
            options=("planned", "in_flight", "completed", "lost"),
            required=True,
        ),
        "stations": Field("Ids of the stations it visited, separated by semicolons"),
        "cospar_id": Field("International designator"),
        "notes": _NOTES,
    },
    "flights": {
        "person_id": _refers("people", "Who flew", required=True),
        "flight_number": _number(
            "The person’s first, second … trip, suborbital and failed ones counted",
            required=True,
        ),
        "up_mission_id": _refers("missions", "Mission launched on", required=True),
        "down_mission_id": _refers("missions", "Mission landed on; empty while that is unknown"),
        "start_utc": _instant("Launch of the mission up; follows from it", required=True),
        "end_utc": _instant("Landing of the mission down; follows from it"),
        "role": Field("Role in the crew", required=True),
        "nationality": _country("Country flown for at the time", required=True),
        "agency_id": _refers("agencies", "Agency flown for", required=True),
        "kind": Field("Kind of the mission up; follows from it", options=_KINDS, required=True),
        "notes": _NOTES,
    },
    "spacewalks": {
        "id": _id("Stable name of the spacewalk"),
        "start_utc": _instant("Start", required=True),
        "start_precision": _precision("the start", required=True),
        "duration_seconds": _number(
            "Duration as the sponsoring programme publishes it", unit="s", required=True
        ),
        "station_or_mission": Field(
            "Id of the station left, or of the mission whose craft was left", required=True
        ),
        "mission_id": _refers("missions", "Mission whose crew made it, if that is recorded"),
        "agency_id": _refers("agencies", "Agency of the programme it belongs to", required=True),
        "kind": Field(
            "In orbit, in the hatch, on the Moon or in deep space",
            options=("orbital", "standup", "lunar-surface", "deep-space"),
            required=True,
        ),
        "notes": _NOTES,
    },
    "spacewalk_crew": {
        "spacewalk_id": _refers("spacewalks", "The spacewalk", required=True),
        "person_id": _refers("people", "One of those who made it, in order", required=True),
        "duration_seconds": _number("Time of this person, if it differs", unit="s"),
    },
    "surface_stays": {
        "mission_id": _refers("missions", "Mission launched on", required=True),
        "person_id": _refers("people", "Who landed", required=True),
        "body": Field("Where: the Moon", required=True),
        "landed_utc": _instant("Landing of the lunar module", required=True),
        "landed_precision": _precision("the landing", required=True),
        "lifted_off_utc": _instant("Lift-off of the lunar module", required=True),
        "lifted_off_precision": _precision("the lift-off", required=True),
        "notes": _NOTES,
    },
    "spacewalk_gaps": {
        "mission_id": _refers("missions", "Mission launched on", required=True),
        "person_id": _refers("people", "Whose flight", required=True),
        "note": Field("What is missing, and why", required=True),
    },
    "citations": {
        "source_id": _refers("sources", "The source", required=True),
        "kind": Field(
            "All rows of a kind, instead of the one that is named",
            options=("missions", "flights", "people", "spacewalks", "stations"),
        ),
        "covers": Field("Which facts of the row or the kind rest on it", required=True),
        "mission_id": _refers("missions", "The mission whose facts they are"),
        "person_id": _refers("people", "The person whose facts they are"),
        "spacewalk_id": _refers("spacewalks", "The spacewalk whose facts they are"),
        "flight_person_id": _refers("people", "Who made the flight whose facts they are"),
        "flight_mission_id": _refers("missions", "The mission that this flight went up on"),
        "since": Field("First UTC day covered, of a kind; empty for no beginning", Type.DATE),
        "until": Field("Last UTC day covered, of a kind; empty for no end", Type.DATE),
        "checked": Field(
            "Day, month or year in which the source was last consulted, or these facts last looked "
            "for elsewhere; empty if that was not written down"
        ),
    },
    "disagreements": {
        "id": _id("Stable name of the disagreement"),
        "fact": Field("What is disputed", required=True),
        "mission_id": _refers("missions", "The mission that it is about"),
        "person_id": _refers("people", "The person that it is about"),
        "spacewalk_id": _refers("spacewalks", "The spacewalk that it is about"),
        "reason": Field("Why the value used here is used", required=True),
        "checked": Field("Day, month or year in which the sources were last compared"),
        "position": _number("Order among the disagreements", required=True),
    },
    "reported_values": {
        "disagreement_id": _refers("disagreements", "The disagreement", required=True),
        "value": Field("The value, as the source gives it", required=True),
        "source_id": _refers("sources", "The source that gives it, if it is one of ours"),
        "reported_by": Field("Who gives it, if no source of ours says it alone"),
        "chosen": _truth("Whether it is the one used here"),
        "position": _number("Order among the values", required=True),
    },
    "confirmations": {
        "through_utc": _instant("Everyone’s status is right as of this instant", required=True),
        "note": Field("What was checked, and against what"),
    },
    "leaderboards": {
        "id": _id("Name in the address"),
        "title": Field("Title", required=True),
        "group": Field("Heading it stands under", required=True),
        "position": _number("Order under the heading", required=True),
        "note": Field("What a reader should know that the rule does not say"),
        "metric": Field("What is measured", required=True),
        "threshold": _number(
            "Least value listed", unit="days of a duration, years of an age, or a number"
        ),
        "each": Field(
            "What is listed each by itself, instead of each person’s best",
            options=("flight", "spacewalk"),
        ),
        "sex": Field("Only flights by F or M", options=("F", "M")),
        "country": _country("Only flights for this country"),
        "successors": _truth("Whether former states count for their successors"),
        "agency_id": _refers("agencies", "Only flights for this agency"),
        "station_id": _refers("stations", "Only flights to this station"),
        "spacecraft_family": Field("Only launches on this family of craft"),
        "programme": Field("Only flights of this programme"),
        "role": Field("Only flights in this role"),
        "first_flights_only": _truth("Only everybody’s first flight"),
        "landed_only": _truth("Whether flights under way are left out"),
        "launched_from": Field("First launch day counted", Type.DATE),
        "launched_until": Field("Last launch day counted", Type.DATE),
        "boundary": Field(
            "Flights that crossed at least this boundary count",
            options=_BOUNDARIES[:-1],
            required=True,
        ),
    },
}
