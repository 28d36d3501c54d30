"""Tables of the newsroom and the data desk: what was typed, what was saved, what would move."""

from collections.abc import Iterable

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.metrics import Metric
from records.book.words import listed
from records.instants import written

from .differences import sides
from .pieces import joined, link, paragraph
from .table import Column, Table, TableRow
from .words import counted

ALOFT = (
    Column("name", "Astronaut", heads=True),
    Column("up_on", "Up on"),
    Column("down_on", "Down on"),
    Column("launched", "Launched, UTC"),
    Column("days", "Days"),
    Column("planned", "Landing planned by"),
    Column("state", "State"),
)

TYPED = (
    Column("name", "Field", heads=True),
    Column("text", "What you typed"),
)

#: What is shorter is a name or a number, and has no words to be marked.
WORDS_OF_A_TEXT = 4

FIELD = Column("field", "Field", heads=True)
TIMELINE = (
    Column("old", "Older"),
    Column("new", "Newer"),
    Column("at", "When, UTC", heads=True),
    Column("by", "Who"),
    Column("words", "What"),
)

MARKED = (FIELD, Column("change", "Change"))


def aloft(rows: Iterable[dict]) -> Table:
    """Those who are in space by the data, to be confirmed."""
    found = (TableRow({name: str(cell) for name, cell in row.items()}) for row in rows)
    return Table(ALOFT, found, "In space by the data", captioned=True, empty=paragraph("Nobody."))


def outcomes(found: Iterable) -> Table:
    """What tables of facts would add and change (records.facts.importing.Outcome)."""
    columns = (
        Column("table", "Table", heads=True),
        Column("added", "Added"),
        Column("changed", "Changed"),
        Column("unchanged", "Unchanged"),
        Column("unnamed", "Only in the record, kept"),
    )
    rows = (
        TableRow(
            {
                "table": one.table.name,
                "added": str(one.added),
                "changed": str(len(one.changed)),
                "unchanged": str(one.unchanged),
                "unnamed": str(one.unnamed),
            }
        )
        for one in found
    )
    return Table(columns, rows, "Rows of the tables", captioned=True)


def moves(found: Iterable, metric: Metric) -> Table:
    """Ranks that a change would move (records.ledger.impact.Move)."""
    columns = (
        Column("who", "People in space" if metric.counts_people else "Astronaut", heads=True),
        Column("before", "Rank now"),
        Column("after", "Rank then"),
    )
    rows = (
        TableRow(
            {
                "who": one.who,
                "before": _rank(one.before, tied=one.tied_before),
                "after": _rank(one.after, tied=one.tied_after),
            }
        )
        for one in found
    )
    return Table(columns, rows, "Ranks before and after", captioned=True)


def preview(rows: Iterable[dict], metric: Metric, total: int, at) -> Table:
    """The first rows of a leaderboard while its rule is being edited."""
    columns = (
        Column("rank", "Rank"),
        Column("name", "When" if metric.counts_people else "Astronaut", heads=True),
        Column("value", metric.title),
    )
    found = [TableRow(row) for row in rows]
    shown = len(found)
    what = f"The first {shown} of {total} rows" if total > shown else counted(total, "row")
    nothing = "Nothing in the facts counts on this leaderboard: readers would see an empty one."
    return Table(columns, found, f"{what}, at {at:%Y-%m-%d %H:%M} UTC", empty=paragraph(nothing))


def pending(changes: Iterable[dict]) -> Table:
    """What readers see of a story, with marks on what they would see."""
    nothing = "Nothing that readers see would change."
    return Table(MARKED, map(TableRow, changes), "What changes", empty=paragraph(nothing))


def marked(changes: Iterable[dict]) -> Table:
    """What differs between two versions of a story, with marks."""
    nothing = "They say the same."
    return Table(
        MARKED, map(TableRow, changes), "Changes", captioned=True, empty=paragraph(nothing)
    )


def timeline(entries: Iterable, compare: str, *, linked: bool) -> Table:
    """The history of a story (records.admin.revisions.HistoryEntry), with buttons to choose two
    versions of the page `compare`; `linked` to the history of its corrections."""
    entries = list(entries)
    chosen = [one.version for one in entries if one.version][:2]
    rows = (
        TableRow(
            {
                "old": _choice("old", one, chosen[1:]),
                "new": _choice("new", one, chosen[:1]),
                "at": written(one.at, "second") if one.at else "now",
                "by": str(one.by or ""),
                "words": _history_words(one, compare, linked),
            }
        )
        for one in entries
    )
    return Table(TIMELINE, rows, "The latest first", captioned=True)


def _choice(name: str, entry, chosen: list[str]) -> SafeString | str:
    if not entry.version:
        return ""
    at = written(entry.at, "second") if entry.at else entry.words
    checked = SafeString(" checked" if entry.version in chosen else "")
    words = f"{'Older' if name == 'old' else 'Newer'}: {at}"
    return format_html(
        '<input type="radio" name="{}" value="{}" aria-label="{}"{}>',
        name,
        entry.version,
        words,
        checked,
    )


def _history_words(entry, compare: str, linked: bool) -> SafeString | str:
    fields = listed(entry.fields)
    if entry.version:
        shown = link(f"{compare}?new={entry.version}", fields or "all of it")
        return joined((entry.words.rstrip("."), shown), ": ") if entry.has_former else entry.words
    if entry.correction and linked:
        url = reverse("admin:records_correction_history", args=(entry.correction,))
        return joined((link(url, entry.words), fields), ": ")
    return joined((entry.words, fields), ": ")


def changed(changes: Iterable[dict]) -> Table:
    """What a row said before it was changed, and since."""
    columns = (FIELD, Column("old", "Old value"), Column("new", "New value"))
    return Table(columns, map(_compared, changes), "What was changed", captioned=True)


def said(changes: Iterable[dict], which: str) -> Table:
    """What a row said when it was added ("new"), or until it was deleted ("old")."""
    columns = (FIELD, Column(which, "Value"))
    return Table(columns, map(_values, changes), "What it said", captioned=True)


def open_to(others: Iterable, user) -> list[str]:
    """Who else has a form open, in sentences (records.ledger.open_forms)."""
    found = []
    for one in others:
        since = f"{one.opened_at:%H:%M} UTC"
        if one.user != user.pk:
            found.append(f"{one.name} has this open, since {since}.")
        else:
            found.append(f"You have this open in another tab, since {since}.")
    return list(dict.fromkeys(found))


def typed(fields: Iterable[dict]) -> Table:
    """What was typed into a form whose row is gone."""
    rows = (TableRow({"name": one["name"], "text": linebreaksbr(one["text"])}) for one in fields)
    return Table(TYPED, rows, "What you typed", captioned=True)


def _rank(rank: int | None, *, tied: bool) -> str:
    return "not listed" if rank is None else f"{rank}{'=' * tied}"


def _values(change: dict) -> TableRow:
    old, new = linebreaksbr(change["old"]), linebreaksbr(change["new"])
    return TableRow({"field": change["field"], "old": old, "new": new})


def _compared(change: dict) -> TableRow:
    """The values; in texts with marks on the words that differ."""
    if min(len(change[side].split()) for side in ("old", "new")) < WORDS_OF_A_TEXT:
        return _values(change)
    old, new = sides(change["old"], change["new"])
    return TableRow({"field": change["field"], "old": old, "new": new})
