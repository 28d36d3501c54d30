"""Tables that set astronauts side by side: a column for each."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from records.book.careers import Career

from .pieces import joined, link, page_of, quiet, unless_landed, value
from .table import Column, Table, TableRow
from .words import rank


def figures(careers: Sequence[Career], metrics: Iterable[dict], names, instant) -> Table:
    """Each metric that any of them has, with everyone's mark."""
    columns = (
        Column("metric", "Figure", heads=True, unseen=True),
        *_people(careers, joins="metric"),
    )
    flown_for = {one.astronaut.slug: _country(one, names) for one in careers}
    rows = [TableRow({"metric": "Flown for", **flown_for})]
    rows += [_figure(row, careers, instant) for row in metrics]
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


def _people(careers: Sequence[Career], *, joins: str) -> list[Column]:
    """More than two have no room beside each other on a phone."""
    joins = joins if len(careers) > 2 else ""
    names = [(one.astronaut.slug, one.astronaut.name) for one in careers]
    return [Column(slug, name, kind="num", joins=joins) for slug, name in names]


def _country(career: Career, names) -> SafeString:
    code = career.astronaut.country
    return link(page_of(code, "country"), names.countries.get(code, code))


def _figure(row: dict, careers: Sequence[Career], instant) -> TableRow:
    cells = {
        career.astronaut.slug: _mark(cell, row["metric"], instant)
        for career, cell in zip(careers, row["cells"], strict=True)
    }
    return TableRow({"metric": row["metric"].title, **cells})


def _mark(cell: dict, metric, instant) -> SafeString:
    mark = cell["mark"]
    if not mark:
        return quiet(cell["nothing"])
    figure = value(mark.value, instant, running=cell["running"])
    return joined((figure, unless_landed(mark.state, lost=mark.lost and metric.grows)))


def _ranks(row: dict, careers: Sequence[Career], instant) -> TableRow:
    leaderboard = row["leaderboard"]
    cells = {
        career.astronaut.slug: rank(cell["standing"])
        if cell["standing"]
        else quiet(cell["nothing"])
        for career, cell in zip(careers, row["cells"], strict=True)
    }
    url = f"{page_of(leaderboard.slug, 'leaderboard')}{instant.query}"
    return TableRow({"board": link(url, leaderboard.title), **cells, "of": str(row["total"])})
