"""Tables of the record watch: what each in space will pass, what fell of late."""

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.careers import State

from .pieces import (
    any_differing,
    in_words,
    joined,
    link,
    link_to,
    nothing_here,
    page_of,
    passed,
    quiet,
    state,
    time,
    unless_landed,
    value,
)
from .table import Column, Table, TableRow
from .words import exact_instant, isoinstant

MILESTONES = (
    Column("when", "When", joins="place", label=""),
    Column("board", "Leaderboard", heads=True),
    Column("place", "Place"),
    Column("plan", "By the plan", joins="place", label="", early=True),
)

FALLEN = (
    Column("passed", "Passed", joins="value", label=""),
    Column("board", "Leaderboard", heads=True),
    Column("who", "By", joins="value", label="by"),
    Column("value", "With"),
    Column("sealed", "Sealed at landing", joins="value", label="sealed", early=True),
)

NONE_FELL = nothing_here(
    "No record fell",
    "In the year before that instant no leaderboard of astronauts had a new first place.",
)


def milestones(prospects: Iterable, caption: str, instant, evidence=None) -> Table:
    """Places ahead of one astronaut."""
    rows = (
        TableRow(
            {
                "when": exact_when(one),
                "board": _board(one, instant),
                "place": joined(
                    (one.place[:1].upper() + one.place[1:], any_differing(one.passed, evidence))
                ),
                "plan": one.outlook,
            }
        )
        for one in prospects
    )
    return Table(MILESTONES, rows, caption, captioned=True)


def fallen(found: Iterable, instant, evidence=None) -> Table:
    """Records that fell in the last year."""
    rows = (
        TableRow(
            {
                "passed": passed(one.tenure),
                "board": _board(one, instant),
                "who": joined((f"{one.names}, {one.from_whom}", quiet(one.tenure.reserve))),
                "value": joined(
                    (
                        value(one.change.value),
                        unless_landed(one.tenure.state),
                        any_differing(one.tenure.leaders, evidence),
                    )
                ),
                "sealed": _sealed(one),
            }
        )
        for one in found
    )
    caption = "Records that fell in the last year"
    return Table(FALLEN, rows, caption, captioned=True, empty=NONE_FELL)


def who(prospect) -> SafeString:
    """Everybody who makes it."""
    return in_words(link_to("astronaut", one) for one in prospect.astronauts)


def when(prospect) -> SafeString:
    """When a milestone is passed: the day, where it is known no better."""
    at = prospect.milestone.passes_at
    if prospect.is_vague:
        return format_html("About {}", time(at, only_day=True))
    return time(at)


def exact_when(prospect) -> SafeString:
    """The same to the second."""
    if prospect.is_vague:
        return when(prospect)
    at, known = prospect.milestone.passes_at, prospect.milestone.precision
    written, words = isoinstant(at, known), exact_instant(at, known)
    return format_html('<time datetime="{}">{}</time>', written, words)


def _board(one, instant) -> SafeString:
    url = f"{page_of(one.leaderboard.slug, 'leaderboard')}{instant.query}"
    return link(url, one.leaderboard.title)


def _sealed(one) -> str | SafeString:
    tenure = one.tenure
    if not one.change.rising:
        return "Did not rise in flight"
    if tenure.sealed_at:
        return time(tenure.sealed_at, tenure.sealed_precision, only_day=True)
    if tenure.state is State.UNCONFIRMED:
        return state(tenure.state)
    return "Passed before landing" if one.change.until else "Still rising"
