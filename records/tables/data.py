"""Tables of the open data: what each column means, and which rows were changed."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from .pieces import BREAK, code, joined, link, nothing_here, quiet, time
from .table import Column, Table, TableRow
from .words import counted

COLUMNS = (
    Column("name", "Column", heads=True),
    Column("type", "Type", joins="name", label=""),
    Column("meaning", "Meaning"),
)

#: Of what a cell said; the CSV has all of it.
LONGEST = 300

IN_NO_CELL = SafeString("<li>nothing that a cell says</li>")

REVISIONS = (
    Column("when", "When", joins="row", label=""),
    Column("row", "Row", heads=True),
    Column("change", "Change"),
)

NO_REVISION = nothing_here(
    "No changes are recorded",
    "No row that keeps a history has been changed on this site since the facts were loaded.",
)


def dictionary(columns: Iterable, caption: str) -> Table:
    """What the columns of a table mean (records.facts.columns)."""
    rows = (
        TableRow(
            {
                "name": code(field.name),
                "type": joined((field.type, field.unit and quiet(field.unit)), BREAK),
                "meaning": _meaning(field),
            }
        )
        for field in columns
    )
    return Table(COLUMNS, rows, caption, captioned=True)


def revisions(found: Iterable, caption: str) -> Table:
    """Rows that were changed, with their cells before and since."""
    rows = (
        TableRow(
            {
                "when": time(one.at),
                "row": joined((one.table.name, _key(one)), BREAK),
                "change": _change(one),
            }
        )
        for one in found
    )
    return Table(REVISIONS, rows, caption, captioned=True, empty=NO_REVISION)


def _meaning(field) -> SafeString:
    options = code(", ".join(field.options)) if field.options else ""
    refers = quiet(f"({'.'.join(field.refers)})") if field.refers else ""
    empty = "" if field.required else quiet("may be empty")
    return joined((joined((field.words, options), ": "), refers, empty))


def _change(revision) -> SafeString:
    """The changed cells of a row, folded where all of them are new or gone."""
    lines = [(code(one.column), _values(one, revision.kind)) for one in revision.changes]
    written = format_html_join("", "<li>{}: {}</li>", lines)
    values = format_html('<ul class="changes">{}</ul>', written or IN_NO_CELL)
    if revision.kind == "changed":
        return values
    amount = quiet(f"with {counted(len(lines), 'value')}")
    return format_html(
        '<details class="dictionary"><summary>{} {}</summary>{}</details>',
        revision.kind,
        amount,
        values,
    )


def _values(change, kind: str) -> SafeString:
    """What a cell said before and says since, as far as the row was and is there."""
    if change.old is None:
        old = quiet("not kept")
    else:
        old = format_html("<del>{}</del>", _cut(change.old)) if change.old else quiet("empty")
    new = _cut(change.new) if change.new else quiet("empty")
    return joined(("" if kind == "added" else old, "" if kind == "deleted" else new), " → ")


def _cut(text: str) -> str:
    return Truncator(text).chars(LONGEST)


def _key(revision) -> SafeString:
    words = " / ".join(revision.key.values())
    return link(revision.url, words) if revision.url else quiet(words)
