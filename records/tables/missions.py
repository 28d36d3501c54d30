"""Tables of missions and of their crews."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from records.book.tallies import Tally
from records.book.values import Value

from .pieces import flight_time, joined, link, link_to, nothing_here, page_of, quiet, state, time
from .table import Column, Table, TableRow
from .words import counted, kind

MISSION = Column("mission", "Mission", heads=True)
CRAFT = Column("craft", "Craft", joins="mission", label="")
LAUNCH = Column("launch", "Launch", sort="descending", joins="mission", label="")
LANDING = Column("landing", "Landing")
CREW = Column("crew", "Crew up", kind="num")

KIND = Column("kind", "Kind", joins="mission", label="", early=True)
INDEX = (MISSION, CRAFT, KIND, LAUNCH, LANDING, CREW)
VISITS = (MISSION, LAUNCH, LANDING, CREW)

PROGRAMMES = (
    Column("programme", "Programme", heads=True),
    Column("count", "Missions", kind="num"),
    Column("first", "First launch", sort="ascending", joins="programme", label="from"),
    Column("latest", "Latest launch", joins="programme", label="to"),
)

NONE_MATCHES = nothing_here(
    "No mission matches", "No mission in our data fits all of these.", "Show every mission"
)
NOBODY_UP = nothing_here("Launched without a crew", "It is here because it brought people down.")
NOBODY_DOWN = nothing_here("Landed empty", "Its crew came down on another ship.")
NOT_LANDED = nothing_here(
    "Not landed yet",
    "Or nobody has told us of it: who comes down on it is known when it lands.",
)


def index(missions: Iterable, total: Value, at) -> Table:
    """Missions; each that is under way has its `state`."""
    rows = (_mission(one, at, lost="lost", under_way=_state, craft=_craft) for one in missions)
    return Table(INDEX, rows, counted(total, "mission"), empty=NONE_MATCHES)


def visits(missions: list, total: Value, at) -> Table:
    """The latest ships that visited a station, of so many."""
    shown = len(missions)
    what = counted(total, "mission")
    if total.amount > shown:
        what = f"The latest {shown} of {total.text}"
    rows = (_mission(one, at, lost="lost with its crew", under_way=_under_way) for one in missions)
    return Table(VISITS, rows, f"{what}, by launch")


def programmes(found: Mapping[str, Sequence], at) -> Table:
    """What an agency operated, a row for each programme with its missions in order of time."""
    return Table(
        PROGRAMMES,
        (
            TableRow(
                {
                    "programme": link(_of_programme(name), name),
                    "count": launched(flown, at).text,
                    "first": _launch_day(flown[0]),
                    "latest": _launch_day(flown[-1]),
                }
            )
            for name, flown in found.items()
        ),
        "Missions by programme",
        captioned=True,
    )


def launched(missions: Iterable, at) -> Value:
    """How many of some missions had been launched by the instant."""
    return Tally((one.launched_at, one.launched_by) for one in missions).at(at)


def _of_programme(name: str) -> str:
    return f"{reverse('missions')}?{urlencode({'programme': name})}"


def _launch_day(mission) -> SafeString:
    return time(mission.launched_at, mission.launch_precision, only_day=True)


def crew_up(crew: Iterable[dict], mission, instant) -> Table:
    """Who was launched, and on what they came down: `row` is the flight as it is stored, `flight`
    that of the record book, None before the launch."""
    other = Column("other", "Down on")
    return _crew(crew, mission, instant, "Crew at launch", other, _down_on, NOBODY_UP)


def crew_down(crew: Iterable[dict], mission, instant) -> Table:
    """Who was aboard at the end, and on what they went up."""
    other, nobody = Column("other", "Up on"), NOBODY_DOWN if mission.landed_at else NOT_LANDED
    return _crew(crew, mission, instant, "Crew at the end", other, _up_on, nobody)


def _crew(crew, mission, instant, caption: str, other: Column, ship, empty) -> Table:
    time_words = "Time of flight" if mission.boundary == "none" else "Time in space"
    columns = (
        Column("astronaut", "Astronaut", heads=True),
        Column("role", "Role", joins="astronaut", label=""),
        Column("country", "Flown for", joins="astronaut", label="", early=True),
        Column("other", other.heading, joins="astronaut", label=other.heading.lower()),
        Column("time", time_words, kind="num"),
    )
    rows = (
        TableRow(
            {
                "astronaut": link_to("astronaut", row.astronaut),
                "role": row.role,
                "country": _flown_for(row),
                "other": ship(row, flight),
                "time": flight and flight_time(flight, instant, aligned=True),
            }
        )
        for row, flight in ((one["row"], one["flight"]) for one in crew)
    )
    return Table(columns, rows, caption, captioned=True, empty=empty)


def _flown_for(row) -> SafeString:
    country, agency = row.nationality, row.agency
    return joined(
        (
            link(page_of(country.code, "country"), country.name),
            link(page_of(agency.slug, "agency"), agency.abbreviation, title=agency.name),
        ),
        ", ",
    )


def _up_on(row, flight) -> str | SafeString:
    if row.launch_mission_id == row.landing_mission_id:
        return "this ship"
    return link_to("mission", row.launch_mission)


def _down_on(row, flight) -> str | SafeString:
    landing = row.landing_mission
    if landing is None:
        return state(flight.state) if flight else "not launched"
    if row.launch_mission_id == row.landing_mission_id:
        return "lost with the craft" if landing.lost else "this ship"
    lost = "lost with the craft" if landing.lost else ""
    return joined((link_to("mission", landing), lost), ", ")


def _mission(mission, at, *, lost: str, under_way, craft=lambda mission: "") -> TableRow:
    landed = mission.landed_at and mission.landed_at <= at
    day = time(mission.landed_at, mission.landing_precision, only_day=True) if landed else ""
    landing = joined((day, quiet(lost) if mission.lost else "")) if landed else under_way(mission)
    return TableRow(
        {
            "mission": link_to("mission", mission),
            "craft": craft(mission),
            "kind": kind(mission.boundary),
            "launch": time(mission.launched_at, mission.launch_precision, only_day=True),
            "landing": landing,
            "crew": str(len(mission.launch_flights.all())),
        }
    )


def _craft(mission) -> SafeString:
    vehicle = mission.vehicle_name and quiet(mission.vehicle_name)
    return joined((mission.spacecraft.name, vehicle))


def _state(mission) -> SafeString:
    return state(mission.state)


def _under_way(mission) -> SafeString:
    return quiet("under way")
