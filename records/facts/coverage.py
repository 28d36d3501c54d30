"""How much of the facts is known, how well, and how much rests on each source."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from records.models import Citation
from records.models.evidence import CoveredKind

from .releases import Release

#: Columns whose days put a row into the span of a citation, by kind.
DAYS = {
    CoveredKind.MISSIONS: ("launch_utc", "landing_utc"),
    CoveredKind.FLIGHTS: ("start_utc", "end_utc"),
    CoveredKind.SPACEWALKS: ("start_utc",),
    CoveredKind.PEOPLE: (),
    CoveredKind.STATIONS: (),
}

#: What may be missing, in words: (table, column) of the cells that are empty.
EMPTY = {
    "People whose birth date is not known": ("people", "birth_date"),
    "People without a selection year": ("people", "selection_year"),
    "People without a name in their own script": ("people", "native_name"),
    "People without an item in Wikidata": ("people", "wikidata_id"),
    "Missions without an international designator": ("missions", "cospar_id"),
    "Citations without a day on which they were checked": ("citations", "checked"),
}
#: What is known only roughly: (table, column, the cell that says so).
ROUGH = {
    "Landings known only to the day": ("missions", "landing_precision", "day"),
    "Spacewalks whose start is known only to the day": ("spacewalks", "start_precision", "day"),
}
#: Instants and the columns that say how well each is known.
PRECISIONS = {
    "Launches": ("missions", "launch_precision"),
    "Landings": ("missions", "landing_precision"),
    "Starts of spacewalks": ("spacewalks", "start_precision"),
    "Landings on the Moon": ("surface_stays", "landed_precision"),
}
_WHOLE_DATE = len("1934-03-09")


@dataclass(frozen=True)
class Gap:
    """How many of how many rows are not known as one would like."""

    words: str
    count: int
    of: int


def column(release: Release, table: str, name: str) -> list[str]:
    """Every cell of a column."""
    sheet = release.sheet(table)
    place = sheet.table.header.index(name)
    return [row[place] for row in sheet.rows]


@lru_cache(maxsize=1)
def gaps(release: Release) -> list[Gap]:
    """What is missing or rough in the facts as they stand, where there is any such."""
    found = []
    for words, (table, name) in EMPTY.items():
        cells = column(release, table, name)
        found.append(Gap(words, cells.count(""), len(cells)))
    births = [cell for cell in column(release, "people", "birth_date") if cell]
    vague = sum(len(cell) < _WHOLE_DATE for cell in births)
    found.append(Gap("Birth dates known only to the month or year", vague, len(births)))
    for words, (table, name, rough) in ROUGH.items():
        cells = [cell for cell in column(release, table, name) if cell]
        found.append(Gap(words, cells.count(rough), len(cells)))
    return [gap for gap in found if gap.count]


@lru_cache(maxsize=1)
def precisions(release: Release) -> dict[str, Counter]:
    """How many of each kind of instant are known to the second, minute, day or month."""
    return {
        words: Counter(filter(None, column(release, table, name)))
        for words, (table, name) in PRECISIONS.items()
    }


def covered(release: Release, citation: Citation) -> int:
    """How many rows of its kind a citation covers; 1 if it is of one row."""
    if not citation.kind:
        return 1
    names = DAYS[CoveredKind(citation.kind)]
    sheet = release.sheet(citation.kind)
    if not names:
        return len(sheet.rows)
    columns = [column(release, citation.kind, name) for name in names]
    return sum(citation.spans(*map(_day, cells)) for cells in zip(*columns, strict=True))


@lru_cache(maxsize=1)
def by_source(release: Release, citations: tuple[Citation, ...]) -> dict[str, list[tuple]]:
    """Source slug → (citation, rows covered) for each of its citations."""
    found: dict[str, list[tuple]] = {}
    for citation in citations:
        found.setdefault(citation.source.slug, []).append((citation, covered(release, citation)))
    return found


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell[:_WHOLE_DATE]) if cell else None
