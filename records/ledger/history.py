"""History: every record that changed hands, on all leaderboards at once."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge

from records import models
from records.book.lines import row_at
from records.book.rules import Rule
from records.book.tenures import Tenure, tenures
from records.instants import Precision, period_end

from .ledger import Ledger


@dataclass(frozen=True)
class Noted:
    """A step of a record and the leaderboard it belongs to.

    `key` is the same for the same step at every time: leaderboard, who made it, on which flight,
    and which of theirs there. No instant and no figure is part of it, since both are put
    right when facts are.
    """

    leaderboard: models.Leaderboard
    tenure: Tenure
    key: str


def record_changes(ledger: Ledger, at: datetime) -> Iterator[Noted]:
    """Every step of every leaderboard up to the instant, the newest first."""
    # Worked out to the end of the month: what is aloft is known to rise.
    until = period_end(at, Precision.MONTH)
    found = ledger.kept(("record changes", until), lambda: _noted(ledger, until))
    # How sure it is of a number of people is seen later: not known better than at the instant.
    crowds = _sorted(_of_boards(ledger, at, crowds=True))
    for noted in merge(found, crowds, key=_passed_at, reverse=True):
        change = noted.tenure.change
        if change.passed_at > at:
            continue
        if change.until is None or change.until > at:
            rule = ledger.rule(noted.leaderboard)
            (tenure,) = tenures(
                rule,
                [change.as_of(at)],
                ledger.careers_of(rule, [change]),
                at,
                ledger.confirmation,
                previous=noted.tenure.previous,
            )
            noted = replace(noted, tenure=tenure)
        yield noted


def _noted(ledger: Ledger, until: datetime) -> list[Noted]:
    return _sorted(_of_boards(ledger, until - timedelta(seconds=1), crowds=False))


def _of_boards(ledger: Ledger, at: datetime, *, crowds: bool) -> Iterator[Noted]:
    """The steps of the leaderboards that count people at once, or of all others."""
    for row in ledger.leaderboards.values():
        if ledger.rule(row).metric.counts_people is crowds:
            yield from _steps(ledger, row, at)


def _sorted(noted: Iterable[Noted]) -> list[Noted]:
    return sorted(noted, key=_passed_at, reverse=True)


def _passed_at(noted: Noted) -> datetime:
    return noted.tenure.change.passed_at


def _steps(ledger: Ledger, row: models.Leaderboard, at: datetime) -> Iterator[Noted]:
    steps = Counter()
    for tenure in ledger.tenures(ledger.rule(row), at):
        flight = _flight_of(ledger, tenure)
        steps[flight] += 1
        yield Noted(row, tenure, "/".join((row.lasting_slug, *flight, str(steps[flight]))))


def _flight_of(ledger: Ledger, tenure: Tenure) -> tuple[str, str]:
    """Who made the step, and with which launch: of several the latest, then the first by slug."""
    launches = [
        (
            -flight.launched_at.timestamp(),
            one.lasting_slug,
            flight.launch_mission.lasting_slug,
        )
        for one in tenure.newcomers or tenure.change.holders
        for flight in ledger.careers[one.slug].flights
        if flight.launched_at <= tenure.change.passed_at
    ]
    _, who, mission = min(launches)
    return who, mission


def moved(ledger: Ledger, since: datetime, until: datetime) -> tuple[models.Leaderboard, ...]:
    """The leaderboards whose record can have changed between the instants: all others need no
    progression to say that it did not."""

    def look():
        rows = ledger.leaderboards.values()
        return tuple(row for row in rows if _may_have_moved(ledger, ledger.rule(row), since, until))

    return ledger.kept(("moved", since, until), look)


def _may_have_moved(ledger: Ledger, rule: Rule, since: datetime, until: datetime) -> bool:
    if rule.metric.counts_people:
        return False
    known = replace(ledger.confirmation, through_at=until)
    # Figures never fall: only a career that went on can have reached the record of before.
    careers = ledger.counted(rule)
    busy = [one for one in careers if one.settled_at is None or one.settled_at > since]
    after = [row for one in busy if (row := row_at(rule, one, until, known))]
    if not after:
        return False
    before = ledger.comparison(rule).at(since, known).rows
    return not before or any(
        row.score >= before[0].score or row.mark.value.equals(before[0].mark.value) for row in after
    )
