"""Tables that set astronauts side by side: a column for each."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.careers import Career, State

from .pieces import (
    BREAK,
    differ,
    flight_time,
    joined,
    link,
    link_to,
    page_of,
    quiet,
    state,
    time,
    unless_landed,
    value,
)
from .table import Column, Table, TableRow
from .words import of_whom, rank


def figures(
    careers: Sequence[Career], metrics: Iterable[dict], names, instant, evidence=None
) -> Table:
    """Each metric that any of them has, with everyone's mark."""
    columns = (
        Column("metric", "Figure", heads=True, unseen=True),
        *_people(careers, joins="metric"),
    )
    flown_for = {one.astronaut.slug: _country(one, names) for one in careers}
    rows = [TableRow({"metric": "Flown for", **flown_for})]
    rows += [_figure(row, careers, instant, evidence) for row in metrics]
    return Table(columns, rows, "Figures", kind="compare", captioned=True)


def ranks(careers: Sequence[Career], boards: Iterable[dict], instant) -> Table:
    """Where each stands on the main leaderboards."""
    columns = (
        Column("board", "Leaderboard", heads=True),
        *_people(careers, joins="board"),
        Column("of", "Of", kind="num quiet", joins="board", label="of"),
    )
    rows = (_ranks(row, careers, instant) for row in boards)
    return Table(columns, rows, "Among everyone who reached orbit", kind="compare")


def flown(flight, instant) -> SafeString:
    """One flight: its ships, when it was launched, how long it lasted and how it ended."""
    ships = link_to("mission", flight.launch_mission)
    if flight.landed_at and flight.changed_ships:
        ships = joined(
            (ships, joined(("down on", link_to("mission", flight.landing_mission)))), ", "
        )
    launched = time(flight.launched_at, flight.launch_mission.launch_precision, only_day=True)
    length = flight_time(flight, instant)
    if flight.state is not State.LANDED:
        length = joined((length, state(flight.state)))
    lost = "lost with the craft" if flight.lost and flight.state is State.LANDED else ""
    return joined((ships, quiet(joined((launched, length, lost), ", "))), BREAK)


def met(meeting, instant) -> SafeString:
    """One time that two were in space together: from when to when, and on which ships."""
    begin = time(meeting.begin, meeting.begin_precision, only_day=True)
    end = time(meeting.end, meeting.end_precision, only_day=True)
    length = value(meeting.value, instant, running=meeting.lasts)
    when = (begin, "to", "this instant" if meeting.lasts else end)
    shown = joined((joined(when), format_html("<strong>{}</strong>", length)), ", ")
    return joined((shown, quiet(_together(meeting))), BREAK)


def _together(meeting) -> str:
    one, other = meeting.one, meeting.other
    up, down = one.launch_mission.name, one.landing_mission and one.landing_mission.name
    if meeting.up_together and meeting.down_together:
        return f"flown together, up on {up}{f' and down on {down}' if one.changed_ships else ''}"
    if meeting.up_together:
        return f"went up together on {up}"
    if meeting.down_together:
        return f"came down together on {down}"
    return f"on {up} and {other.launch_mission.name}"


def _people(careers: Sequence[Career], *, joins: str) -> list[Column]:
    """More than two have no room beside each other on a phone."""
    joins = joins if len(careers) > 2 else ""
    names = [(one.astronaut.slug, one.astronaut.name) for one in careers]
    return [Column(slug, name, kind="num", joins=joins) for slug, name in names]


def _country(career: Career, names) -> SafeString:
    code = career.astronaut.country
    return link(page_of(code, "country"), names.countries.get(code, code))


def _figure(row: dict, careers: Sequence[Career], instant, evidence) -> TableRow:
    cells = {
        career.astronaut.slug: _mark(cell, row["metric"], instant, evidence, career.astronaut.slug)
        for career, cell in zip(careers, row["cells"], strict=True)
    }
    return TableRow({"metric": row["metric"].title, **cells})


def _mark(cell: dict, metric, instant, evidence, slug: str) -> SafeString:
    mark = cell["mark"]
    if not mark:
        return quiet(cell["nothing"])
    figure = value(mark.value, instant, running=cell["running"])
    doubt = unless_landed(mark.state, lost=mark.lost and metric.grows)
    return joined((figure, doubt, differ(slug, metric, mark.parts, evidence)))


def _of(row: dict) -> str:
    """Among how many the ranks of a row are: by whoever of them most could be ahead of."""
    standings = [cell["standing"] for cell in row["cells"] if cell["standing"]]
    most = max(standings, key=attrgetter("open_to"))
    return of_whom(most, row["total"]).removeprefix("of ")


def _ranks(row: dict, careers: Sequence[Career], instant) -> TableRow:
    leaderboard = row["leaderboard"]
    cells = {
        career.astronaut.slug: rank(cell["standing"])
        if cell["standing"]
        else quiet(cell["nothing"])
        for career, cell in zip(careers, row["cells"], strict=True)
    }
    url = f"{page_of(leaderboard.slug, 'leaderboard')}{instant.query}"
    return TableRow({"board": link(url, leaderboard.title), **cells, "of": _of(row)})
