"""Tables of how everything is counted: ways to narrow, to list, sources, precisions."""

from collections.abc import Iterable, Mapping

from django.utils.safestring import SafeString

from .pieces import BREAK, code, joined, link, quiet
from .table import Column, Row, Table
from .words import day

NARROWED = (
    Column("by", "Narrowed by", heads=True),
    Column("words", "In words, by example"),
)

LISTED = (
    Column("asked", "Asked for, by example", heads=True),
    Column("listed", "Listed", joins="asked", label=""),
    Column("metrics", "Of which measures"),
)

PRECISIONS = (
    Column("instants", "Instants", heads=True),
    Column("second", "To the second", kind="num"),
    Column("minute", "minute", kind="num"),
    Column("day", "day", kind="num", joins="instants", label="to the day"),
    Column("month", "month", kind="num", joins="instants", label="to the month"),
)

SOURCES = (
    Column("source", "Source", heads=True),
    Column("used", "Used for"),
    Column("facts", "Facts", joins="used", early=True),
    Column("state", "State of", joins="source", label="state of", early=True),
    Column("licence", "Licence", joins="source", label=""),
)


def narrowed(boundaries: Iterable[tuple[str, str]], criteria: Iterable[tuple[str, str]]) -> Table:
    """Label and words of each boundary, and of each criterion by an example."""
    rows = [
        *((f"Boundary: {one}", f"flights that {words}") for one, words in boundaries),
        *criteria,
    ]
    named = (Row({"by": label, "words": words}) for label, words in rows)
    return Table(NARROWED, named, "Ways to narrow the flights that count", captioned=True)


def listed(lists: Mapping[tuple[str, str], Iterable]) -> Table:
    """(What is asked for, what is then listed) → the metrics of which it is so."""
    rows = (
        Row(
            {
                "asked": code(asked),
                "listed": words[:1].upper() + words[1:],
                "metrics": joined((link(f"#{one.key}", one.title) for one in metrics), ", "),
            }
        )
        for (asked, words), metrics in lists.items()
    )
    return Table(LISTED, rows, "Thresholds and parts that can be listed", captioned=True)


def precisions(found: Mapping[str, Mapping[str, int]]) -> Table:
    """How many instants of each kind are known how well."""
    rows = (
        Row(
            {
                "instants": words,
                **{name: str(counts.get(name, 0)) for name in ("second", "minute", "day", "month")},
            }
        )
        for words, counts in found.items()
    )
    return Table(PRECISIONS, rows, "Instants by precision", captioned=True)


def sources(found: Iterable[dict]) -> Table:
    """Each source, what it is `cited` for (citations and the rows they cover) and how it may be
    used."""
    rows = (
        Row(
            {
                "source": joined((one["title"], quiet(one["publisher"])), BREAK),
                "used": one["used_for"],
                "facts": joined((_cited(*cited) for cited in one["cited"]), "; ")
                or quiet("not counted"),
                "state": one["snapshot_date"] or "",
                "licence": one["licence"],
            },
            id=f"source-{one['id']}",
        )
        for one in found
    )
    return Table(SOURCES, rows, "Sources", captioned=True)


def _cited(citation, rows: int) -> SafeString:
    if citation.kind:
        what = f"{rows} {citation.get_kind_display()}"
    else:
        what = str(citation.mission or citation.astronaut or citation.spacewalk or citation.flight)
    checked = ""
    if citation.checked_on:
        checked = f", checked {day(citation.checked_on, citation.checked_precision)}"
    return joined((what, quiet(f" ({citation.covers}{checked})")), "")
