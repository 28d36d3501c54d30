"""Tables and sentences of what stories show: boards, ranks and flights, then and now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.book.careers import Astronaut, Career, Flight
from records.book.metrics import total_time
from records.book.population import PopulationStanding
from records.book.standings import Standing
from records.book.values import Value
from records.book.words import listed
from records.models import Leaderboard

from . import standings as tables
from .pieces import joined, link_to, orbit_bar, quiet, unless_landed, value
from .table import Column, Table, TableRow
from .words import rank

#: Of those who have changed places no more are named in the sentence on what is so now.
MOST_NAMED = 5

FLIGHTS = (
    Column("who", "Astronaut", kind="who", heads=True),
    Column("up", "Up on", joins="who", label="up on"),
    Column("value", "Time in flight", kind="num"),
    Column("bar", "Bar", kind="bar", unseen=True),
)


@dataclass(frozen=True)
class RankThen:
    """Where somebody stands at an instant; `standing` is None where they are not listed. Of who
    was lost in flight no rank is told."""

    instant: object
    standing: Standing | None
    lost: bool = False

    @property
    def words(self) -> SafeString:
        """`3=, with 370 d 21 h 22 m`."""
        if self.standing is None:
            return quiet("not listed")
        one = self.standing
        amount = value(one.value, self.instant, running=one.running)
        place = "" if self.lost else format_html("{}, with ", rank(one))
        return joined((place, amount), "")

    @property
    def said(self) -> tuple | None:
        one = self.standing
        place = one and not self.lost and (one.rank, one.tied)
        return one and (place, None if one.running else one.value.amount)


@dataclass(frozen=True)
class RecordCard:
    """Somebody's place on a leaderboard when the story appeared, and now."""

    astronaut: Astronaut
    leaderboard: Leaderboard
    then: RankThen
    now: RankThen

    @property
    def is_still_so(self) -> bool:
        return self.then.said == self.now.said


@dataclass(frozen=True)
class ComparedFlight:
    """One flight as a bar: what `orbit_bar` needs of a standing."""

    astronaut: Astronaut
    flight: Flight
    value: Value

    @classmethod
    def of(cls, career: Career, flight: Flight) -> "ComparedFlight":
        return cls(career.astronaut, flight, total_time(replace(career, flights=(flight,))).value)

    @property
    def state(self):
        return self.flight.state

    @property
    def running(self) -> bool:
        return self.flight.state.running


def first_rows(rows: Sequence, top: int, caption: str, instant, evidence) -> Table:
    """The first rows of any leaderboard, people's or crowds'."""
    if rows and isinstance(rows[0], PopulationStanding):
        return tables.crowds(rows[:top], caption, "")
    scale = getattr(rows, "scale", 0)
    return tables.first_rows(rows[:top], caption, scale=scale, instant=instant, evidence=evidence)


def flights(flown: Sequence[ComparedFlight], caption: str, instant) -> Table:
    scale = max(one.value.amount for one in flown)
    rows = (
        TableRow(
            {
                "who": joined((link_to("astronaut", one.astronaut), unless_landed(one.state))),
                "up": link_to("mission", one.flight.launch_mission),
                "value": value(one.value, instant, running=one.running, aligned=True),
                "bar": orbit_bar(one, scale),
            },
            css=f"is-{one.state.value}",
        )
        for one in flown
    )
    return Table(FLIGHTS, rows, caption, kind="standings standings--compact")


def since(then: Sequence, now: Sequence, instant) -> SafeString | str:
    """What is so now of the first rows of a board: that they are the same, who leads, or who stands
    elsewhere."""
    if not now:
        return "Nobody is listed now."
    if _said(then) == _said(now):
        return "It is still so."
    if isinstance(now[0], PopulationStanding):
        return format_html("Now it begins with {}.", tables.crowd(now[0]))
    first = [one for one in now if one.rank == now[0].rank]
    leads = listed([one.astronaut.name for one in first])
    was = {one.astronaut.slug for one in then if one.rank == 1}
    same = was == {one.astronaut.slug for one in first}
    verb = "lead" if len(first) > 1 else "leads"
    sentence = format_html(
        "Now {} {}{}, with {}.",
        leads,
        "still " if same else "",
        verb,
        value(first[0].value, instant, running=first[0].running),
    )
    before = {_who(one): rank(one) for one in then}
    moved = [one for one in now if one not in first and before.get(_who(one)) != rank(one)]
    if not moved:
        return sentence
    named = [f"{rank(one)} {one.astronaut.name}" for one in moved[:MOST_NAMED]]
    if len(moved) > MOST_NAMED:
        named.append(f"{len(moved) - MOST_NAMED} more")
    return format_html("{} Elsewhere now: {}.", sentence, listed(named))


def still_counting(rows: Sequence, top: int, instant) -> SafeString | str:
    """Who is in flight and stands furthest up, if that is below the first rows: their time runs on
    in the sentence."""
    for one in rows[top:]:
        if isinstance(one, Standing) and one.running:
            who = link_to("astronaut", one.astronaut)
            amount = value(one.value, instant, running=True)
            words = "In flight now, in place {}: {}, with {}."
            return joined((format_html(words, rank(one), who, amount), unless_landed(one.state)))
    return ""


def _who(standing) -> tuple:
    if isinstance(standing, PopulationStanding):
        return (standing.interval.begin,)
    parts = standing.mark.parts
    # On a board of every flight or spacewalk somebody has several rows.
    begun = [getattr(one, "launched_at", None) or one.started_at for one in parts]
    return (standing.astronaut.slug, begun[0] if len(begun) == 1 else None)


def _said(rows: Sequence) -> list[tuple]:
    """What tells whether the rows say the same; a running value says nothing new by itself."""
    return [(one.rank, one.tied, _who(one), _amount(one)) for one in rows]


def _amount(one):
    if isinstance(one, PopulationStanding):
        return one.interval.count
    return None if one.running else one.value.amount
