"""Tables of the page that says how everything is counted."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.metrics import Metric
from records.instants import Precision

from .pieces import BREAK, checked, code, joined, link, quiet, time
from .table import Column, Table, TableRow
from .words import counted

CATEGORIES = (
    Column("by", "Narrowed by", heads=True),
    Column("words", "In words, by example"),
)

LISTS = (
    Column("asked", "Asked for, by example", heads=True),
    Column("listed", "Listed", joins="asked", label=""),
    Column("of", "Of which measures"),
)

PRECISIONS = (
    Column("instants", "Instants", heads=True),
    Column(Precision.SECOND, "To the second", kind="num"),
    Column(Precision.MINUTE, "minute", kind="num"),
    Column(Precision.DAY, "day", kind="num"),
    Column(Precision.MONTH, "month", kind="num", joins="instants", label="to the month"),
)

SOURCES = (
    Column("source", "Source", heads=True),
    Column("used", "Used for"),
    Column("facts", "Facts", joins="used", label=""),
    Column("state", "State of", joins="source", label="state of", early=True),
    Column("licence", "Licence", joins="source", label="", early=True),
)


def categories(rows: Iterable[tuple[str, str]]) -> Table:
    """What flights are narrowed by, and an example of each in words."""
    found = (TableRow({"by": label, "words": words}) for label, words in rows)
    return Table(CATEGORIES, found, "Ways to narrow the flights that count", captioned=True)


def lists(found: Mapping[tuple[str, str], list[Metric]]) -> Table:
    """What can be asked for and what is then listed, with the metrics of which it is so."""
    rows = (
        TableRow(
            {
                "asked": code(asked),
                "listed": f"{listed[:1].upper()}{listed[1:]}",
                "of": joined((link(f"#{one.key}", one.title) for one in metrics), ", "),
            }
        )
        for (asked, listed), metrics in found.items()
    )
    return Table(LISTS, rows, "Thresholds and parts that can be listed", captioned=True)


def precisions(found: Mapping[str, Counter]) -> Table:
    """How many instants of each kind are known how well."""
    known = [column.name for column in PRECISIONS[1:]]
    rows = (
        TableRow({"instants": words, **{name: str(counts[name]) for name in known}})
        for words, counts in found.items()
    )
    return Table(PRECISIONS, rows, "Instants by precision", captioned=True)


def sources(found: Iterable[dict]) -> Table:
    """Sources, each an anchor, with what is `cited` of them: citations and their rows."""
    rows = (
        TableRow(
            {
                "source": joined((one["title"], quiet(one["publisher"])), BREAK),
                "used": one["used_for"],
                "facts": joined((_cited(*each) for each in one["cited"]), "; ")
                or quiet("not counted"),
                "state": one["snapshot_date"],
                "licence": one["licence"],
            },
            id=f"source-{one['id']}",
        )
        for one in found
    )
    return Table(SOURCES, rows, "Sources", captioned=True)


def last_word(confirmation, *, stale: bool) -> SafeString | str:
    """What the stewards confirmed last; `stale` if it holds no longer."""
    if not confirmation.is_made:
        return "The stewards have not confirmed the facts yet."
    return format_html(
        "The stewards last confirmed everyone’s status through {}. A flight under way is taken as "
        "confirmed for {} longer{}.",
        time(confirmation.through_at),
        counted(confirmation.grace.days, "day"),
        "; that time is over, and a new confirmation is due" if stale else "",
    )


def _cited(citation, rows: int) -> SafeString:
    one = citation.mission or citation.astronaut or citation.spacewalk or citation.flight
    what = f"{rows} {citation.get_kind_display()}" if citation.kind else str(one)
    known = joined((citation.covers, checked(citation)), ", ")
    return joined((what, quiet(format_html("({})", known))))
