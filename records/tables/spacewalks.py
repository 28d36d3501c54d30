"""Tables of spacewalks."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from .pieces import link, link_to, links_to, nothing_here, page_of, time, value
from .table import Column, Table, TableRow

START = Column("start", "Start", heads=True)
PLACE = Column("place", "From", joins="start", label="from")
CREW = Column("crew", "Crew", joins="start", label="")
KIND = Column("kind", "Kind", joins="start", label="")
DURATION = Column("duration", "Duration", kind="num brief")

NEWEST_FIRST = Column("start", "Start", heads=True, sort="descending")

NONE_FITS = nothing_here(
    "No spacewalk",
    "No spacewalk in our data fits all of these by this instant. The first of all was on 18 March "
    "1965.",
    "Show every spacewalk",
)


def spacewalks(walks: Iterable, caption: str, *, places: bool = False) -> Table:
    """Spacewalks with their crews, newest first; `places` says what they were made from."""
    columns = (NEWEST_FIRST, *((PLACE,) if places else ()), CREW, KIND, DURATION)
    rows = (_row(walk, places=places) for walk in walks)
    return Table(columns, rows, caption, empty=NONE_FITS)


def of_mission(walks: Iterable, caption: str) -> Table:
    """Those of one crew, in order of time."""
    columns = (START, PLACE, CREW, KIND, DURATION)
    return Table(columns, (_row(walk) for walk in walks), caption, captioned=True)


def of_astronaut(parts: Iterable, caption: str) -> Table:
    """Those that one astronaut took part in, with the time that they were outside."""
    columns = (START, PLACE, KIND, DURATION)
    rows = (_row(one.spacewalk, crew=False, length=one.time_outside) for one in parts)
    return Table(columns, rows, caption, captioned=True)


def place(walk) -> SafeString:
    """The station, or the craft, that a spacewalk was made from."""
    if walk.station:
        return link_to("station", walk.station)
    return link_to("mission", walk.craft)


def _row(walk, *, places: bool = True, crew: bool = True, length=None) -> TableRow:
    start = time(walk.started_at, walk.start_precision)
    outside = [row.flight.astronaut for row in walk.crew_rows.all()] if crew else ()
    return TableRow(
        {
            "start": link(page_of(walk.slug, "spacewalk"), start),
            "place": place(walk) if places else "",
            "crew": links_to("astronaut", outside),
            "kind": walk.get_kind_display(),
            "duration": value(length or walk.time),
        }
    )
