"""Tables of standings: the boards, who flew to a station, the first rows in a story."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.careers import State
from records.book.population import PopulationStanding
from records.book.standings import Board, Standing, row_key

from .pieces import (
    BREAK,
    differing,
    folded,
    headcount,
    joined,
    link_to,
    links_to,
    nothing_here,
    orbit_bar,
    quiet,
    some_names,
    state,
    time,
    unless_landed,
    value,
    why,
)
from .table import Column, Table, TableRow
from .words import counted, rank

RANK = Column("rank", "Rank", kind="rank")
OVERALL = Column("overall", "Overall", joins="who")
WHO = Column("who", "Astronaut", kind="who", heads=True)
COUNTRY = Column("country", "Flown for", kind="country", joins="who", label="")
BAR = Column("bar", "Bar", kind="bar", unseen=True)
STATE = Column("state", "State", joins="who", label="", early=True)
REACHED = Column("reached", "Reached", kind="when", joins="value", label="", early=True)

#: Where people are counted: one row for each time that so many were there.
CROWDS = (
    RANK,
    Column("count", "People", kind="num", heads=True, sort="descending"),
    Column("begin", "From"),
    Column("end", "Until", joins="begin"),
    Column("who", "Who"),
)


def board(
    standings: Iterable[Standing],
    caption: str,
    *,
    value_label: str,
    scale: int,
    instant,
    countries: Mapping[str, str],
    evidence=None,
    lowest_first: bool = False,
    each: str = "",
    whole: Mapping[str | tuple, Standing | None] | None = None,
    why_empty: str = "",
) -> Table:
    """Standings as the page of a leaderboard shows them.

    `scale` is the greatest amount of the whole board, `countries` names those flown for, `evidence`
    the sources under each name. `whole` has where each row stands on the board before it was
    narrowed, by its key: None if it is not listed there, empty if nothing was narrowed. `why_empty`
    is said where there is no row.
    """
    columns = (
        RANK,
        *((OVERALL,) if whole else ()),
        WHO,
        COUNTRY,
        _value(value_label, sort="ascending" if lowest_first else "descending"),
        BAR,
        STATE,
        REACHED,
    )
    rows = (
        TableRow(
            {
                **(cells := _cells(one, scale, instant)),
                "overall": whole and _overall(whole.get(row_key(one.career, each))),
                "who": joined((_who(one), why(one, evidence))),
                "value": joined((cells["value"], differing(one, evidence)), BREAK),
                "country": countries.get(one.country, one.country),
                "state": _state(one),
                "reached": _reached(one),
            },
            css=f"is-{one.state.value}",
        )
        for one in standings
    )
    return Table(columns, rows, caption, kind="standings", empty=why_empty and _nobody(why_empty))


def first_rows(
    standings: Iterable[Standing], caption: str, *, scale: int, instant, evidence=None
) -> Table:
    """The first rows of a leaderboard, as a story shows them."""
    columns = [replace(one, unseen=True) for one in (RANK, WHO, _value("Value"), BAR)]
    rows = (
        TableRow(
            {
                **(cells := _cells(one, scale, instant)),
                "value": joined((cells["value"], differing(one, evidence)), BREAK),
                "who": joined((_who(one), unless_landed(one.state, lost=one.lost))),
            },
            css=f"is-{one.state.value}",
        )
        for one in standings
    )
    return Table(columns, rows, caption, kind="standings standings--compact")


def left_open(board: Board) -> SafeString:
    """Who is not ranked, and who may rank higher, with their names a click away."""
    needs, count = board.leaderboard.metric.needs, len(board.unranked)
    notes = []
    if count:
        are, their = ("is", "the") if count == 1 else ("are", "their")
        notes.append(
            folded(
                f"{counted(count, 'person', 'people')} {are} not ranked, since {their} {needs} are "
                f"not known. The ranks are among those whose {needs} are known.",
                links_to("astronaut", board.unranked),
            )
        )
    if more := board.open_ended:
        notes.append(
            folded(
                f"{counted(len(more), 'person', 'people')} may have made more spacewalks than are "
                "known here, and so may rank higher.",
                links_to("astronaut", more),
            )
        )
    return joined(notes)


def crowds(standings: Iterable[PopulationStanding], caption: str, why_empty: str) -> Table:
    """How many people were in space at once, and when."""
    rows = (TableRow(_crowd_cells(one)) for one in standings)
    return Table(CROWDS, rows, caption, empty=_nobody(why_empty))


def crowd(standing: PopulationStanding) -> SafeString:
    """How many were there at once, and from when on."""
    interval = standing.interval
    begin = time(interval.begin, interval.begin_precision, only_day=True)
    return format_html("<strong>{}</strong>, from {}", headcount(interval.headcount), begin)


def _nobody(why: str):
    return nothing_here("Nobody is on this board", why)


def _value(label: str, *, sort: str = "descending") -> Column:
    return Column("value", label, kind="num", sort=sort)


def _cells(standing: Standing, scale: int, instant) -> dict:
    return {
        "rank": rank(standing),
        "value": value(standing.value, instant, running=standing.running, aligned=True),
        "bar": orbit_bar(standing, scale),
    }


def _who(standing: Standing):
    return link_to("astronaut", standing.astronaut)


def _overall(standing: Standing | None):
    return rank(standing) if standing else quiet("not listed")


def _state(standing: Standing):
    """Nothing of a value that is no time, once the flight has landed: it says nothing of it."""
    if standing.metric.grows or standing.state is not State.LANDED:
        return state(standing.state, lost=standing.lost)
    return ""


def _reached(standing: Standing):
    if standing.running:
        return quiet("rising")
    return time(standing.reached_at, standing.mark.reached_precision, only_day=True)


def _crowd_cells(standing: PopulationStanding) -> dict:
    interval = standing.interval
    return {
        "rank": rank(standing),
        "count": headcount(interval.headcount),
        "begin": time(interval.begin, interval.begin_precision),
        "end": joined(
            (
                time(interval.end, interval.end_precision) or "still lasts",
                unless_landed(interval.state),
            )
        ),
        "who": folded("Who was in space", some_names(interval.aboard)),
    }
