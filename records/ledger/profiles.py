"""What the record book knows of one astronaut beside the career: places, records, company."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from records import models
from records.book import careers as book
from records.book.careers import SECOND, State
from records.book.lines import row_at
from records.book.metrics import Mark, Metric
from records.book.progression import RecordChange
from records.book.rules import Rule
from records.book.standings import Standing
from records.book.values import Value
from records.book.words import AS_FAR_AS_IS_KNOWN
from records.instants import Precision, period_end
from records.ledger import Ledger


@dataclass(frozen=True)
class Place:
    """An astronaut's standing on a leaderboard of `total` rows, the neighbours in rank (None at an
    end of the board), and where the best rank ever was held, with the first instant at which. No
    rank of a flight whose craft was lost is called the best."""

    leaderboard: models.Leaderboard
    standing: Standing
    total: int
    above: Standing | None
    below: Standing | None
    best: Standing | None
    best_at: datetime | None

    @property
    def best_precision(self) -> Precision:
        """How well that instant is known."""
        mark = self.best.mark
        known = mark.reached_at == self.best_at
        return mark.reached_precision if known else Precision.SECOND


@dataclass(frozen=True)
class RecordHeld:
    """A record the astronaut held, alone or with others, from one instant to another (None: still
    held), and the value it had come to. `state` is that of the flight which it rested on then, and
    `parts` are what it was made of. `sure` says that it is so in every true history that the facts
    allow."""

    leaderboard: models.Leaderboard
    begin: datetime
    end: datetime | None
    value: Value
    shared: bool
    state: State
    metric: Metric
    parts: tuple[book.Flight | book.Spacewalk, ...]
    begin_precision: Precision = Precision.SECOND
    end_precision: Precision = Precision.SECOND
    sure: bool = True

    @property
    def reserve(self) -> str:
        """What must be said beside it where it is not certain."""
        return "" if self.sure else AS_FAR_AS_IS_KNOWN


@dataclass(frozen=True)
class Companion:
    """Someone on the same ship, up or down, and the missions they shared."""

    astronaut: book.Astronaut
    missions: tuple[book.Mission, ...]


def directory(
    ledger: Ledger,
    at: datetime,
    *,
    country: str = "",
    agency: str = "",
    sex: str = "",
    surely: bool = False,
) -> list[book.Career]:
    """The careers, by family name, with any flight launched by the instant and flown as they
    say; if `surely`, only those of which that is certain."""
    everyone = ledger.kept(("directory",), lambda: sorted(ledger.careers.values(), key=_by_name))
    return [
        career
        for career in everyone
        if (not sex or career.astronaut.sex == sex)
        and any(
            (flight.launch_mission.launched_by if surely else flight.launched_at) <= at
            and (not country or flight.country == country)
            and (not agency or flight.agency == agency)
            for flight in career.flights
        )
    ]


def _by_name(career: book.Career) -> tuple[str, str]:
    return career.astronaut.family_name.casefold(), career.astronaut.name


def places(ledger: Ledger, slug: str, at: datetime) -> list[Place]:
    """The astronaut's places on every leaderboard that lists people, best ones first."""
    found = []
    for row in ledger.leaderboards.values():
        rule = ledger.rule(row)
        if rule.metric.counts_people or rule.each:
            continue
        board = ledger.standings(rule, at)
        found_here = board.find(slug)
        if found_here is None:
            continue
        index, standing = found_here
        found.append(
            Place(
                row,
                standing,
                len(board),
                board[index - 1] if index else None,
                board[index + 1] if index + 1 < len(board) else None,
                *_best(ledger, row, standing, at),
            )
        )
    return sorted(found, key=lambda place: (place.standing.rank, place.leaderboard.group))


def _best(ledger: Ledger, row, standing: Standing, at: datetime):
    """Where the best rank up to `at` was held and when first; Nones for a lost flight."""
    if standing.lost:
        return None, None
    earlier = _earlier(ledger, row, standing.astronaut.slug, at)
    return min([(standing, at), *earlier], key=lambda one: (one[0].rank, one[1]))


def _earlier(ledger: Ledger, row, slug: str, at: datetime) -> list[tuple[Standing, datetime]]:
    """The standing at each instant up to `at` at which the astronaut's value had stopped rising,
    latest first. Between those instants its rank can only fall."""
    rule = ledger.rule(row)
    career = rule.category.narrow(ledger.careers[slug])
    summits = ledger.kept(("summits", row.slug, slug), lambda: _summits(rule, career, ledger))
    passed = tuple(instant for instant in summits if instant <= at)

    def look_back():
        board = ledger.standings(rule, at)
        found = ((board.standing_before(career, instant), instant) for instant in passed)
        return [(standing, instant) for standing, instant in found if standing]

    return ledger.kept(("earlier ranks", row.slug, slug, len(passed)), look_back)


def _summits(rule: Rule, career: book.Career, ledger: Ledger) -> list[datetime]:
    """Instants known to the facts at which the career's value came to be better than before and
    stood still, latest first."""
    instants = set()
    for flight in career.flights:
        instants.add(flight.launched_at)
        instants.update(walk.ended_at for walk in flight.spacewalks)
        if flight.landed_at:
            instants.add(flight.landed_at)
    summits, best = [], None
    for instant in sorted(instants):
        row = row_at(rule, career, instant, ledger.confirmation)
        if row is None or row.running:
            continue
        if best is None or row.score > best:
            best = row.score
            summits.insert(0, instant)
    return summits


def records_held(
    ledger: Ledger, slug: str, at: datetime, *, lost_too: bool = False
) -> list[RecordHeld]:
    """Every record the astronaut ever held up to the instant, in order of time. What a flight
    reached whose craft was lost is no record that somebody held, but with `lost_too` it is told
    as well, for the sentence that says what was a record when it was flown."""
    found = []
    for row in _perhaps_led(ledger, slug, at):
        tenure: list[RecordChange] = []
        rule, state, last = ledger.rule(row), State.LANDED, None
        for change in ledger.progression(rule, at):
            held = any(holder.slug == slug for holder in change.holders)
            mark = _mark_at_the_end(ledger, rule, slug, change, at) if held else None
            if held and (lost_too or not (mark and mark.lost)):
                tenure.append(change)
                last = mark
                state = mark.state if mark and rule.metric.grows else State.LANDED
            elif tenure:
                found.append(_tenure(row, tenure, state, rule.metric, last, change))
                tenure = []
        if tenure:
            found.append(_tenure(row, tenure, state, rule.metric, last))
    return sorted(found, key=lambda one: (one.begin, one.leaderboard.slug))


def _mark_at_the_end(ledger: Ledger, rule, slug: str, change: RecordChange, at) -> Mark | None:
    """What the holder's value rested on at the end of the step."""
    career = rule.category.narrow(ledger.careers[slug])
    end = change.until - SECOND if change.until else at
    row = row_at(rule, career, end, ledger.confirmation)
    return row.mark if row else None


def _perhaps_led(ledger: Ledger, slug: str, at: datetime) -> list[models.Leaderboard]:
    """The leaderboards that list people, without those where others were ahead whenever the
    astronaut got further: most need no progression to say that they were never led."""
    until = period_end(at, Precision.MONTH)

    def look_back():
        led = []
        for row in ledger.leaderboards.values():
            rule = ledger.rule(row)
            if rule.metric.counts_people or rule.each:
                continue
            career = rule.category.narrow(ledger.careers[slug])
            board = ledger.standings(rule, at)
            if career and any(
                (reached := row_at(rule, career, flight.landed_at or until, ledger.confirmation))
                and not board.is_behind(reached.mark.value, flight.launched_at)
                for flight in career.flights
            ):
                led.append(row)
        return led

    return ledger.kept(("perhaps led", slug, until), look_back)


def _tenure(row, changes: list[RecordChange], state, metric, mark, following=None) -> RecordHeld:
    first, last = changes[0], changes[-1]
    return RecordHeld(
        row,
        first.passed_at,
        last.until,
        last.value,
        any(len(change.holders) > 1 for change in changes),
        state,
        metric,
        mark.parts if mark else (),
        first.passed_precision,
        following.passed_precision if following else Precision.SECOND,
        all(change.sure for change in changes),
    )


def companions(ledger: Ledger, slug: str, at: datetime) -> list[Companion]:
    """Everyone who was on the same ship up or down by the instant, most shared missions first."""
    aboard = ledger.kept(("aboard",), lambda: _aboard(ledger))
    shared = defaultdict(dict)
    for flight in ledger.careers[slug].flights:
        for mission in (flight.launch_mission, flight.landing_mission):
            if mission and mission.launched_at <= at:
                for other in aboard[mission.slug] - {slug}:
                    shared[other][mission.slug] = mission
    found = [
        Companion(ledger.careers[other].astronaut, tuple(missions.values()))
        for other, missions in shared.items()
    ]
    return sorted(
        found, key=lambda one: (-len(one.missions), one.astronaut.family_name, one.astronaut.slug)
    )


def _aboard(ledger: Ledger) -> dict[str, set[str]]:
    """Who was on each ship, up or down, by slugs."""
    aboard = defaultdict(set)
    for career in ledger.careers.values():
        for flight in career.flights:
            aboard[flight.launch_mission.slug].add(career.astronaut.slug)
            if flight.landing_mission:
                aboard[flight.landing_mission.slug].add(career.astronaut.slug)
    return dict(aboard)
