"""Impact: what a change of the facts moves on the leaderboards, before anybody has to live with it.

Compares two ledgers at one instant: the one that everybody reads, and one that holds the change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from records import models
from records.book.careers import Career
from records.book.lines import row_at
from records.book.population import PopulationStanding
from records.book.rules import Rule
from records.book.standings import Standing
from records.book.tenures import Tenure
from records.instants import Precision, written
from records.ledger import Ledger

#: Of those whose own careers stay as they are, ranks are listed if they touch one of the first so
#: many places. The others are counted.
TOP = 10


@dataclass(frozen=True, slots=True)
class Move:
    """A row that stands elsewhere: its rank before and after, None where it is not on the board,
    and whether the two are shared."""

    who: str
    before: int | None
    after: int | None
    tied_before: bool = False
    tied_after: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """What moves on one leaderboard.

    `moves` are listed, `others` more ranks move. `holders` are the names of the record's holders
    before and after, None if they stay. `gone` and `new` are steps of the record's history that
    would no longer, or only then, be in it.
    """

    leaderboard: models.Leaderboard
    moves: tuple[Move, ...]
    others: int
    holders: tuple[str, str] | None
    gone: tuple[Tenure, ...]
    new: tuple[Tenure, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change moves. False if it moves nothing.

    `articles` are those public now about a leaderboard that moves or an astronaut whose career is
    touched, newest first. `left_behind` are the names of those whose ship would have landed without
    them, no other being known to bring them down. `problems` are sentences of what would be wrong
    in the record that was not before, as `check_facts` and imports find it.
    """

    shifts: tuple[Shift, ...] = ()
    articles: tuple[models.Article, ...] = ()
    left_behind: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def __bool__(self):
        return bool(self.shifts or self.articles or self.left_behind or self.problems)

    @property
    def signature(self) -> str:
        """The same for two impacts only if they move the same; a running clock does not count."""
        return repr(
            [
                (
                    shift.leaderboard.slug,
                    [(move.who, move.before, move.after) for move in shift.moves],
                    [sorted(map(repr, map(_step_key, steps))) for steps in (shift.gone, shift.new)],
                )
                for shift in self.shifts
            ]
            + [self.left_behind, self.problems, [article.pk for article in self.articles]]
        )


def impact(before: Ledger, after: Ledger, at: datetime, problems: Iterable[str] = ()) -> Impact:
    """What moves between the ledgers, at the instant and in the history up to it."""
    problems = tuple(sorted(problems))
    slugs = before.careers.keys() | after.careers.keys()
    changed = frozenset(
        slug for slug in slugs if before.careers.get(slug) != after.careers.get(slug)
    )
    stranded = _left_behind(after, changed) - _left_behind(before, changed)
    names = tuple(after.careers[slug].astronaut.name for slug in sorted(stranded))
    shifts = tuple(_shifts(before, after, changed, at))
    boards = [shift.leaderboard.pk for shift in shifts]
    about = models.Article.objects.filter(
        Q(leaderboards__in=boards) | Q(astronauts__slug__in=changed)
    )
    articles = models.Article.objects.published(at).filter(pk__in=about.values("pk")).for_lists()
    return Impact(shifts, tuple(articles), names, problems)


def _left_behind(ledger: Ledger, slugs: frozenset[str]) -> set[str]:
    known = (slug for slug in slugs if slug in ledger.careers)
    return {slug for slug in known if ledger.careers[slug].flights[-1].left_behind}


def _shifts(before, after, changed, at) -> Iterator[Shift]:
    for row in before.leaderboards.values():
        # What a rule counts may change with the facts: which states succeeded which.
        was, rule = before.rule(row), after.rule(row)
        same = all(
            _narrowed(was, before.careers.get(slug)) == _narrowed(rule, after.careers.get(slug))
            for slug in changed
        )
        if same and was == rule:
            continue
        moves, others = _moves(_rows(before, was, at), _rows(after, rule, at), changed, rule)
        gone, come, holders = (), (), None
        steps = before.progression(was, at)
        if was != rule or _may_touch_record(rule, steps, after, changed, at):
            old, new = before.tenures(was, at), after.tenures(rule, at)
            gone, come = _without(old, new), _without(new, old)
            if _holders(old) != _holders(new):
                holders = (_holders(old), _holders(new))
        if moves or others or gone or come:
            yield Shift(row, moves, others, holders, gone, come)


def _may_touch_record(rule: Rule, steps, after: Ledger, changed, at) -> bool:
    """Whether the history of the record can be another one now that these careers have changed.

    Not if none of them held it and none comes up to it: figures never fall, so that who ends below
    every record since the first launch was never in front.
    """
    metric = rule.metric
    if metric.counts_people:
        return True
    if any(one.slug in changed for step in steps for one in step.holders):
        return True
    for slug in changed:
        career = _narrowed(rule, after.careers.get(slug))
        for part in (career.parts(rule.each) if rule.each else (career,)) if career else ():
            row = row_at(rule, part, at, after.confirmation)
            if row is None:
                continue
            value, begun = row.mark.value, part.flights[0].launched_at
            records = [one for one in steps if not one.until or one.until > begun]
            if not records or records[0].passed_at > begun:
                return True
            if any(
                metric.score(value) >= metric.score(one.began) or value.equals(one.began)
                for one in records
            ):
                return True
    return False


def _narrowed(rule: Rule, career: Career | None) -> Career | None:
    return rule.category.narrow(career) if career else None


def _rows(ledger: Ledger, rule: Rule, at: datetime) -> dict[tuple, Standing | PopulationStanding]:
    """The rows of the leaderboard by what each is of, so that it can be found on another."""
    if rule.metric.counts_people:
        return {(one.interval.begin,): one for one in ledger.population(rule, at)}
    standings = ledger.standings(rule, at)
    if rule.each:
        return {(one.astronaut.slug, _part(one, rule).slug): one for one in standings}
    return {(one.astronaut.slug,): one for one in standings}


def _part(standing: Standing, rule: Rule):
    """The mission or spacewalk that a row is of, where each is listed."""
    if rule.each == "flight":
        return standing.flights[0].launch_mission
    return standing.spacewalks[0]


def _called(row: Standing | PopulationStanding, rule: Rule) -> str:
    if rule.metric.counts_people:
        known = Precision.coarsest((row.interval.begin_precision, Precision.MINUTE))
        return f"since {written(row.interval.begin, known)}"
    if not rule.each:
        return row.astronaut.name
    part = _part(row, rule)
    return f"{row.astronaut.name}, {getattr(part, 'name', part.slug)}"


def _moves(before, after, changed, rule: Rule) -> tuple[tuple[Move, ...], int]:
    """Ranks that change: those of the astronauts whose careers do and those among the first places,
    in the order they end in; and how many other people's."""
    beyond = len(before) + len(after) + 1
    found, others = [], 0
    for key in before.keys() | after.keys():
        rows = before.get(key), after.get(key)
        ranks = [row and row.rank for row in rows]
        if ranks[0] == ranks[1]:
            continue
        if key[0] in changed or min(rank or beyond for rank in ranks) <= TOP:
            ties = [row is not None and row.tied for row in rows]
            found.append(Move(_called(rows[1] or rows[0], rule), *ranks, *ties))
        elif not rule.metric.counts_people:
            others += 1
    found.sort(key=lambda move: (move.after or beyond, move.before or beyond, move.who))
    return tuple(found), others


def _without(steps, others) -> tuple[Tenure, ...]:
    known = {_step_key(step) for step in others}
    return tuple(step for step in steps if _step_key(step) not in known)


def _step_key(tenure: Tenure) -> tuple:
    """What makes a step the same one. The value of a rising one differs from second to second."""
    step = tenure.change
    holders = tuple(sorted(one.slug for one in step.holders))
    value = None if step.rising and step.sealed_at is None else step.value
    return (tenure.kind, holders, step.passed_at, step.sealed_at, step.until, value)


def _holders(tenures) -> str:
    """Of everybody: a new name must not be among “3 others”."""
    return ", ".join(one.name for one in tenures[-1].change.holders) if tenures else "nobody"
