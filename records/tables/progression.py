"""Tables of how records were passed on: the steps of one, the latest changes of all."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.safestring import SafeString

from records.book.careers import State
from records.book.metrics import Metric
from records.book.tenures import Tenure

from .pieces import (
    BREAK,
    any_differing,
    folded,
    joined,
    link,
    links_to,
    nothing_here,
    page_of,
    passed,
    quiet,
    some_names,
    state,
    time,
    value,
)
from .table import Column, Table, TableRow
from .words import counted

CHANGES = (
    Column("when", "When", sort="descending", joins="record", label=""),
    Column("record", "Record", heads=True),
    Column("who", "Who", joins="record", label="by"),
    Column("how", "How", joins="record", label=""),
    Column("value", "Value", kind="num"),
)

NO_CHANGE = nothing_here(
    "No record changed",
    "In the 365 days before this instant every record stayed with its holders. Choose a year to "
    "see earlier changes.",
)


def steps(
    tenures: Iterable[Tenure],
    metric: Metric,
    caption: str,
    instant,
    evidence=None,
    *,
    anchored: bool = True,
) -> Table:
    """Everyone who held a record, the first one first; each row is an anchor of its own where the
    page has no other table of them."""
    columns = (
        Column("who", held_by_words(metric), heads=True),
        Column("value", metric.value_label, kind="num"),
        Column("how", "How", joins="who", label=""),
        Column("margin", "Margin", kind="num", joins="who", label="by", early=True),
        Column("passed", "Passed", sort="ascending", joins="value", label="from"),
        Column("sealed", "Sealed", joins="who", early=True),
        Column("stood", "Stood", kind="num", joins="who"),
    )
    rows = (_step(one, instant, evidence) for one in tenures)
    if not anchored:
        rows = (replace(one, id="") for one in rows)
    return Table(columns, rows, caption)


def changes(found: Iterable, caption: str, instant, evidence=None) -> Table:
    """The changes of all records (each with its tenure and its leaderboard)."""
    return Table(
        CHANGES, (_change(one, instant, evidence) for one in found), caption, empty=NO_CHANGE
    )


def held_by_words(metric: Metric) -> str:
    return "In space then" if metric.counts_people else "Held by"


def holders(tenure: Tenure) -> SafeString:
    """Who holds a step; those who were counted, and hold nothing, fold away."""
    who = tenure.change.holders
    if tenure.people:
        return folded(counted(len(who), "person", "people"), some_names(who))
    return links_to("astronaut", who)


def anchor(tenure: Tenure) -> str:
    """Of a step on its page."""
    return f"step-{tenure.change.passed_at:%Y%m%d-%H%M%S}"


def _step(tenure: Tenure, instant, evidence) -> TableRow:
    cells = {
        "who": holders(tenure),
        "value": _value(tenure, instant, evidence, aligned=True),
        "how": joined((tenure.word, quiet(tenure.reserve)), BREAK),
        "margin": tenure.margin and value(tenure.margin),
        "passed": passed(tenure, exact=True),
        "sealed": _sealed(tenure),
        "stood": tenure.stood or quiet("still stands"),
    }
    return TableRow(cells, css=f"is-{tenure.state.value}", id=anchor(tenure))


def _value(tenure: Tenure, instant, evidence, *, aligned=False) -> SafeString:
    """What was reached, with the mark that sources differ, where they do."""
    figure = value(tenure.value, instant, running=tenure.running, aligned=aligned)
    return joined((figure, any_differing(tenure.leaders, evidence)), BREAK)


def _sealed(tenure: Tenure):
    if tenure.sealed_at:
        presumed = quiet("presumed") if tenure.state is State.PRESUMED else ""
        return joined((time(tenure.sealed_at, tenure.sealed_precision, only_day=True), presumed))
    if tenure.running or tenure.state is not State.IN_FLIGHT:
        return state(tenure.state)
    return quiet("passed while rising")


def _change(one, instant, evidence) -> TableRow:
    tenure, leaderboard = one.tenure, one.leaderboard
    url = f"{page_of(leaderboard.slug, 'progression')}#{anchor(tenure)}"
    doubtful = tenure.state in (State.PRESUMED, State.UNCONFIRMED)
    cells = {
        "when": passed(tenure),
        "record": link(url, leaderboard.title),
        "who": holders(tenure),
        "how": joined(
            (tenure.title, quiet(tenure.reserve), state(tenure.state) if doubtful else "")
        ),
        "value": _value(tenure, instant, evidence),
    }
    return TableRow(cells, css=f"is-{tenure.state.value}")
