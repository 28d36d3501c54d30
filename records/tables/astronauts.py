"""Tables of people and of one career: the directory, flights, records, ranks."""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.criteria import highest
from records.book.metrics import METRICS
from records.book.values import Value

from .counting import flights_of
from .pieces import (
    BREAK,
    caveat,
    differ,
    flight_time,
    joined,
    link,
    link_to,
    nothing_here,
    page_of,
    quiet,
    state,
    time,
    unless_landed,
    value,
)
from .table import Column, Table, TableRow
from .words import counted, kind, of_whom, ordinal, rank

#: Of flights that are not into orbit.
HEIGHTS = {"none": "did not reach space", "80km": "suborbital", "100km": "suborbital"}

DIRECTORY = (
    Column("name", "Name", heads=True, sort="ascending"),
    Column("country", "Flown for", joins="name", label=""),
    Column("kind", "Kind", joins="name", label="", help="Of the highest flight"),
    Column("flights", "Flights", kind="num"),
    Column("first", "First launch", joins="name", early=True),
    Column("last", "Last ship"),
)

FLOWN = (
    Column("name", "Astronaut", heads=True),
    Column("first", "First launch", sort="ascending", joins="name", label=""),
    Column("ship", "On", joins="name", label="on"),
    Column("flights", "Flights", kind="num", joins="name"),
    Column("time", "Time", kind="num"),
)

FLIGHTS = (
    Column("number", "No.", kind="num"),
    Column("up", "Up", heads=True),
    Column("down", "Down", joins="up"),
    Column("country", "Flown for", joins="up", label="", early=True),
    Column("role", "Role", joins="up", label="", early=True),
    Column("time", "Time", kind="num"),
    Column("total", "Total", kind="num", joins="time"),
)

HELD = (
    Column("board", "Leaderboard", heads=True),
    Column("begin", "From", joins="board", label="from"),
    Column("end", "Until", joins="board", label="until"),
    Column("value", "Value", kind="num"),
)

RANKS = (
    Column("board", "Leaderboard", heads=True),
    Column("rank", "Rank", kind="num"),
    Column("value", "Value", kind="num", joins="rank", label=""),
    Column("best", "Best ever", joins="board"),
    Column("neighbours", "Neighbours", joins="board", label=""),
)

NOBODY_FLEW = nothing_here(
    "Nobody had flown for it",
    "No flight that counts here had been launched for it by this instant.",
)
NOBODY_MATCHES = nothing_here(
    "Nobody matches", "No astronaut in our data fits all of these.", "Show everyone"
)


def directory(careers: Iterable, total: Value, countries) -> Table:
    """Everyone who has flown, by family name."""
    return Table(
        DIRECTORY,
        (
            TableRow(
                {
                    "name": _name(career),
                    "country": countries.get(career.astronaut.country, career.astronaut.country),
                    "kind": kind(highest(career)),
                    "flights": flights_of([career]).text,
                    "first": _first(career),
                    "last": _last_ship(career.flights[-1]),
                }
            )
            for career in careers
        ),
        counted(total, "astronaut"),
        empty=NOBODY_MATCHES,
    )


def flown(standings: Iterable, people: Value, instant, evidence=None) -> Table:
    """Everyone who flew for a country or an agency (standings of total time)."""
    metric = METRICS["total-time"]
    return Table(
        FLOWN,
        (
            TableRow(
                {
                    "name": _name(one.career),
                    "first": _first(one.career),
                    "ship": link_to("mission", one.career.flights[0].launch_mission),
                    "flights": flights_of([one.career]).text,
                    "time": _figure(one.astronaut.slug, metric, one.mark, instant, evidence),
                }
            )
            for one in standings
        ),
        f"{counted(people, 'person', 'people')}, by first flight for it",
        empty=NOBODY_FLEW,
    )


def flights(rows: Iterable[dict], astronaut, names, instant, evidence=None) -> Table:
    """One astronaut's flights, each with the total at its end."""
    caption = f"Flights of {astronaut.name} with running total"

    def marked(figure, metric: str, parts) -> SafeString:
        return joined((figure, differ(astronaut.slug, METRICS[metric], parts, evidence)), BREAK)

    found = (_flight(row["flight"], row["total"], names, instant, marked) for row in rows)
    return Table(FLIGHTS, found, caption, captioned=True)


def records_held(records: Iterable, astronaut, evidence=None) -> Table:
    caption = f"Records that {astronaut.name} held, in order of time"
    return Table(
        HELD,
        (
            TableRow(
                {
                    "board": joined((_board(one), quiet(_how(one)))),
                    "begin": time(one.begin, one.begin_precision, only_day=True),
                    "end": time(one.end, one.end_precision, only_day=True) or "still held",
                    "value": joined(
                        (
                            value(one.value, aligned=True),
                            unless_landed(one.state),
                            differ(astronaut.slug, one.metric, one.parts, evidence),
                        )
                    ),
                }
            )
            for one in records
        ),
        caption,
        captioned=True,
    )


def records_when_flown(records: Sequence) -> SafeString:
    """The same in one plain sentence, for who died in flight; nothing where there is none."""
    if not records:
        return SafeString("")
    said = (
        joined(
            (
                _board(one),
                value(one.value),
                _how(one),
                time(one.begin, one.begin_precision, only_day=True),
            ),
            ", ",
        )
        for one in records
    )
    were = "it was flown, this was a record"
    if len(records) > 1:
        were = "they were flown, these were records"
    return format_html("When {}: {}.", were, joined(said, "; "))


def _how(record) -> str:
    return ", ".join(filter(None, ("jointly" if record.shared else "", record.reserve)))


def ranks(places: Iterable, instant, evidence=None) -> Table:
    """Where one astronaut stands on the leaderboards, and beside whom."""
    rows = (_place(one, instant, evidence) for one in places)
    return Table(RANKS, rows, "Places on the leaderboards", captioned=True)


def _first(career):
    first = career.flights[0]
    return time(first.launched_at, first.launch_mission.launch_precision, only_day=True)


def _last_ship(flight):
    ship = flight.last_ship
    return link_to("mission", ship) if ship else quiet("no ship known")


def _name(career):
    aloft = career.aloft
    return joined((link_to("astronaut", career.astronaut), state(aloft.state) if aloft else ""))


def _board(of, query: str = ""):
    return link(f"{page_of(of.leaderboard.slug, 'leaderboard')}{query}", of.leaderboard.title)


def _flight(flight, total, names, instant, marked) -> TableRow:
    up, down = flight.launch_mission, flight.landing_mission
    country = names.countries.get(flight.country, flight.country)
    agency = names.agencies.get(flight.agency, flight.agency)
    height = HEIGHTS.get(up.boundary)
    return TableRow(
        {
            "number": str(flight.number),
            "up": _ship(up, time(flight.launched_at, up.launch_precision, exact=True)),
            "down": (
                _ship(down, _landed(flight, down)) if flight.landed_at else state(flight.state)
            ),
            "country": f"{country}, {agency}",
            "role": joined((flight.role, height and quiet(height)), BREAK),
            "time": marked(flight_time(flight, instant, aligned=True), "longest-flight", (flight,)),
            "total": total
            and marked(
                value(total.value, instant, running=total.state.running, aligned=True),
                "total-time",
                total.parts,
            ),
        }
    )


def _ship(mission, when):
    return joined((link_to("mission", mission), quiet(when)), BREAK)


def _landed(flight, mission):
    lost = "loss of the craft" if mission.lost else ""
    return joined((time(flight.landed_at, mission.landing_precision, exact=True), lost), ", ")


def _figure(slug: str, metric, mark, instant, evidence) -> SafeString:
    """A value with the mark that sources differ, where they do."""
    figure = value(mark.value, instant, running=metric.is_rising(mark), aligned=True)
    return joined((figure, differ(slug, metric, mark.parts, evidence)), BREAK)


def _place(place, instant, evidence) -> TableRow:
    standing = place.standing
    slug, metric = standing.astronaut.slug, standing.metric
    figure = _figure(slug, metric, standing.mark, instant, evidence)
    best = place.best and joined(
        (
            f"{'' if place.best.settled else '≈'}{ordinal(place.best.rank)}",
            quiet(joined(("by", time(place.best_at, place.best_precision, only_day=True)))),
        )
    )
    return TableRow(
        {
            "board": _board(place, instant.query),
            "rank": joined((rank(standing), quiet(of_whom(standing, place.total)))),
            "value": joined((figure, caveat(standing)), BREAK),
            "best": best,
            "neighbours": joined((_neighbour(place.above), _neighbour(place.below)), BREAK),
        }
    )


def _neighbour(standing):
    if standing is None:
        return ""
    return joined((quiet(rank(standing)), link_to("astronaut", standing.astronaut)))
