"""The ledger: careers loaded from the models and kept while the facts stand.

The joint between `models` and `book`. Seven queries load everything the record book needs; while
the data version is the same, one query answers that nothing has changed.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from operator import attrgetter

from django.conf import settings
from django.db.models import Subquery

from records import models
from records.book import careers as book
from records.book.careers import Career, Confirmation
from records.book.crews import aloft_in_order, by_ship
from records.book.criteria import DEFAULT_BOUNDARY, Category
from records.book.forecast import Forecast, Look, Milestone
from records.book.headcounts import Headcount
from records.book.lines import row_at
from records.book.metrics import METRICS
from records.book.population import (
    Census,
    PopulationStanding,
    population_progression,
)
from records.book.progression import RecordChange, progression, progression_as_of
from records.book.rolls import People, Roll
from records.book.rules import Rule
from records.book.standings import Board, Comparison
from records.book.tallies import Tally
from records.book.tenures import Tenure, tenures
from records.book.totals import Total, breadth, totals
from records.book.values import Value
from records.instants import FIRST_INSTANT, Precision, period_end
from records.ledger.answers import Answers, remembered
from records.ledger.loading import load

#: What most readers look for first.
MAIN_METRICS = (
    "longest-flight",
    "total-time",
    "number-of-flights",
    "number-of-spacewalks",
    "total-spacewalk-time",
)


class Ledger:
    """The whole record at one data version. `Ledger.current()` is the way to come by one."""

    def __init__(self, token: str, confirmed_through: datetime | None):
        self.token = token
        self.confirmation = Confirmation(
            confirmed_through or FIRST_INSTANT, timedelta(days=settings.GRACE_PERIOD_DAYS)
        )
        self.leaderboards: dict[str, models.Leaderboard] = {
            leaderboard.slug: leaderboard
            for leaderboard in models.Leaderboard.objects.select_related(
                "country", "agency", "station"
            )
        }
        lasting = models.FormerAddress.objects.lasting(
            models.Leaderboard, models.Astronaut, models.Mission
        )
        for row in self.leaderboards.values():
            row.lasting_slug = lasting.get(("leaderboard", row.pk), row.slug)
        record = load(lasting)
        self.careers = record.careers
        self.missions = record.missions
        self.names = record.names
        self.launches = sorted(self.missions.values(), key=attrgetter("launched_at", "slug"))
        heirs = self.names.successors
        self._heir_of = lambda flight: (heirs.get(flight.country, flight.country),)
        self._answers = Answers(1024)

    @classmethod
    def current(cls) -> "Ledger":
        """The ledger of the facts as they stand: one query if they have not changed."""
        token, confirmed_through = _version()
        return LATEST.kept(token, lambda: cls(token, confirmed_through))

    @classmethod
    def uncommitted(cls, known: "Ledger | None" = None) -> "Ledger":
        """The ledger of the facts as the transaction that asks sees them, kept for nobody: what it
        wrote may yet be rolled back. Careers that are as in a `known` ledger are that one's own,
        with what was measured of them."""
        ledger = cls(*_version())
        for slug, career in (known.careers if known else {}).items():
            if ledger.careers.get(slug) == career:
                ledger.careers[slug] = career
        return ledger

    # Questions

    def leaderboard(self, slug: str) -> models.Leaderboard | None:
        """The leaderboard of that slug, or the one that had it; None if there never was any."""
        if slug not in self.leaderboards:
            row = models.Leaderboard.objects.named([slug]).get(slug)
            slug = row.slug if row else slug
        return self.leaderboards.get(slug)

    def standings(self, leaderboard: models.Leaderboard | Rule, at: datetime) -> Board:
        """The leaderboard at the instant, best first."""
        if isinstance(leaderboard, models.Leaderboard):
            leaderboard = self.rule(leaderboard)
        return self._table(leaderboard, at)

    @remembered(64)
    def _table(self, leaderboard: Rule, at: datetime) -> Board:
        return self.comparison(leaderboard).at(at, self.confirmation)

    @property
    def main_boards(self) -> list[models.Leaderboard]:
        """The leaderboards of the main metrics that compare all who reached orbit: nothing
        narrowed, no threshold."""
        return [
            row
            for row in self.leaderboards.values()
            if row.metric in MAIN_METRICS
            and (rule := self.rule(row)).threshold is None
            and not (rule.category.active or rule.each)
        ]

    def counted(self, leaderboard: Rule) -> tuple[Career, ...]:
        """The careers that the leaderboard compares, narrowed, and cut up if it lists each part."""
        return self.narrowed(leaderboard.category, leaderboard.each)

    @remembered(64)
    def comparison(self, leaderboard: Rule) -> Comparison:
        """The same, with what those have come to whose careers are over."""
        return Comparison(leaderboard, self.counted(leaderboard))

    def progression(self, leaderboard: Rule, at: datetime) -> list[RecordChange]:
        """Every step of the record up to the instant, first one first; where people are counted,
        each time as many as ever, or more, came to be in space at once."""
        if leaderboard.metric.counts_people:
            found = self.census(leaderboard.category, at).intervals
            return population_progression(found, least=leaderboard.threshold or 1)
        return progression_as_of(self._progressed(leaderboard, _end_of_month(at)), at)

    def tenures(self, leaderboard: Rule, at: datetime) -> list[Tenure]:
        """The same steps, with who held the record before and how certain each is."""
        changes = self.progression(leaderboard, at)
        holders = self.careers_of(leaderboard, changes)
        return tenures(leaderboard, changes, holders, at, self.confirmation)

    def forecast(self, leaderboard: Rule, at: datetime, look: Look) -> list[Milestone]:
        """What the flights under way will pass on the leaderboard next, by instant."""
        # Where nobody is aloft, as in many categories, it needs no standings to say so.
        if not leaderboard.metric.grows or not self.aloft_for(leaderboard.category, at):
            return []
        return self._forecast(leaderboard, at, look)

    @remembered(64)
    def _forecast(self, leaderboard: Rule, at: datetime, look: Look) -> list[Milestone]:
        table = self.standings(leaderboard, at)
        return Forecast(table, self.counted(leaderboard)).milestones(look)

    def population(self, leaderboard: Rule, at: datetime) -> list[PopulationStanding]:
        """The most crowded times in space, for a leaderboard that counts people."""
        least = leaderboard.threshold or 1
        found = self.census(leaderboard.category, at).standings
        return found[: bisect_right(found, -least, key=lambda one: -one.interval.count)]

    @remembered(8)
    def census(self, category: Category, at: datetime) -> Census:
        """Who was in space together, from when to when, up to the instant."""
        return Census(self.narrowed(category), at, self.confirmation)

    @cached_property
    def launch_years(self) -> list[int]:
        """The years in which anything was launched."""
        return list(dict.fromkeys(mission.launched_at.year for mission in self.launches))

    def kept(self, question: tuple, ask: Callable):
        """What `ask` reads of the facts, read once while they stand. A question about an instant
        has to say which part of them it sees: that of all `launched(at)`, for one."""
        return self._answers.kept(question, ask)

    def launched(self, at: datetime) -> Value:
        """How many missions had been launched by the instant."""
        return self._launched.at(at)

    def may_be_unlaunched(self, at: datetime) -> list[str]:
        """The missions that were launched by the instant by what is written, but may come later:
        none, but for an instant in the minute or on the day of a launch known no better."""
        return [one.slug for one in self._vague if one.launched_at <= at < one.launched_by]

    def visits(self, station: str, at: datetime) -> Value:
        """How many ships that visited the station had been launched by the instant."""
        return self._visits(station).at(at)

    def launches_around(self, at: datetime) -> tuple[book.Mission | None, book.Mission | None]:
        """The last launch before the instant and the first one after it."""
        place = bisect_left(self.launches, at, key=attrgetter("launched_at"))
        before = self.launches[place - 1] if place else None
        later = bisect_right(self.launches, at, key=attrgetter("launched_at"))
        return before, self.launches[later] if later < len(self.launches) else None

    def country_totals(self, category: Category, at: datetime, *, successors: bool) -> list[Total]:
        """What each country has flown; former states counted for their successors if asked."""
        return self.totals(category, at, of=self.country_of(successors=successors))

    def country_of(self, *, successors: bool) -> Callable[[book.Flight], Iterable[str]]:
        """The country that a flight counts for, or the one that counts for it now."""
        return self._heir_of if successors else _country_of

    def total(self, category: Category, at: datetime) -> Total | None:
        """What has been flown in all; None before the first launch."""
        return next(iter(self.totals(category, at, of=_whatever)), None)

    def totals(
        self, category: Category, at: datetime, *, of: Callable[[book.Flight], Iterable[str]]
    ) -> list[Total]:
        """What has been flown for each code that `of` gives for a flight. It is kept by `of`: the
        same function has to come again."""
        return self._totals(category, at, of)

    @remembered(16)
    def _totals(self, category: Category, at: datetime, of) -> list[Total]:
        return totals(self.narrowed(category), at, self.confirmation, of=of)

    def breadth(self, category: Category, at: datetime, *, of: Callable) -> tuple[Value, Value]:
        """How many people have flown for any code that `of` gives for a flight, and for how many
        codes. It is kept by `of`, as totals are."""
        return self._breadth(category, at, of)

    @remembered(16)
    def _breadth(self, category: Category, at: datetime, of) -> tuple[Value, Value]:
        return breadth(self.narrowed(category), at, of=of)

    def people(self, category: Category, at: datetime) -> People:
        """Everyone with a flight that counts, first launched first, with the time of all theirs."""
        return self.roll(category).at(at, self.confirmation)

    def aloft(self, at: datetime, boundary: str = DEFAULT_BOUNDARY) -> list[Career]:
        """Careers, clipped to the instant, of those in space at it; first launched first, each
        crew in its order.

        Unconfirmed ones are among them: their `aloft.state` says so.
        """
        return self.aloft_for(Category(boundary=boundary), at)

    def headcount(self, category: Category, at: datetime) -> Headcount:
        """How many are in space at the instant on flights that count."""
        return Headcount.of(self.aloft_for(category, at) + self.perhaps_aloft(category, at))

    def aloft_for(self, category: Category, at: datetime) -> list[Career]:
        """The same of those on a flight that counts, each with only what counts."""
        return aloft_in_order(career for career in self._going_on(category, at) if career.aloft)

    def perhaps_aloft(self, category: Category, at: datetime) -> list[Career]:
        """Careers, clipped to the instant, of those whose landing is written by then, but is known
        so poorly that they may have been up still."""
        found = (one for one in self._going_on(category, at) if one.flights[-1].may_be_aloft)
        return by_ship(found, lambda career: (career.flights[-1], career.astronaut))

    def _going_on(self, category: Category, at: datetime) -> Iterator[Career]:
        """Careers with a flight that counts, clipped to the instant, in which something may change
        after it."""
        begun = (
            career
            for career in self.unsettled(Category(boundary=category.boundary), at)
            if career.flights[0].launched_at <= at
        )
        clipped = (career.at(at, self.confirmation) for career in category.narrow_all(begun))
        return (career for career in clipped if career.flights)

    def unsettled(self, category: Category, at: datetime) -> list[Career]:
        """Careers in which something changes, or may change, after the instant."""
        careers, ends = self._by_end(category)
        return careers[bisect_right(ends, at) :]

    def rule(self, leaderboard: models.Leaderboard) -> Rule:
        """The rule of a leaderboard row, in the book's terms."""
        return Rule(
            METRICS[leaderboard.metric],
            self.category(leaderboard.criteria),
            leaderboard.threshold,
            leaderboard.each,
        )

    def category(self, chosen: Mapping[str, object]) -> Category:
        """The category of what was chosen, by the names of the criteria. A country is chosen by
        its code, and stands for several where successor states are combined."""
        values = {name: value for name, value in chosen.items() if value}
        combined = values.pop("successors", False)
        if code := values.get("countries"):
            values["countries"] = self.countries_of(code, successors=combined)
        return Category(**values)

    def countries_of(self, code: str, *, successors: bool) -> frozenset[str]:
        if not code:
            return frozenset()
        return self.names.combined(code) if successors else frozenset({code})

    def effects(self, before: Rule, after: Rule, at: datetime) -> Counter[str]:
        """How many rows are "added" to a leaderboard, "removed" or "changed" if its category is
        another one, which admits more."""
        effects = Counter()
        for within, career in self._beyond(before.category, after.category, after.each):
            old = within and row_at(before, within, at, self.confirmation)
            new = row_at(after, career, at, self.confirmation)
            if old is None or new is None:
                effects["added"] += new is not None
                effects["removed"] += old is not None
            else:
                effects["changed"] += old.mark.value != new.mark.value
        return effects

    @remembered(16)
    def _beyond(
        self, before: Category, after: Category, each: str
    ) -> list[tuple[Career | None, Career]]:
        """The careers of which the second category admits more than the first: what each of the
        two admits of them."""
        pairs = ((before.narrow(career), career) for career in self.narrowed(after, each))
        return [
            (within, career)
            for within, career in pairs
            if within is None or len(within.flights) < len(career.flights)
        ]

    # What is worked out once

    @remembered(64)
    def narrowed(self, category: Category, each: str = "") -> tuple[Career, ...]:
        """The careers with only the flights that the category admits, cut up if each is listed."""
        whole = Category(boundary=category.boundary)
        careers = self.careers.values() if category == whole else self.narrowed(whole)
        careers = tuple(category.narrow_all(careers))
        if each:
            return tuple(part for career in careers for part in career.parts(each))
        return careers

    @remembered(16)
    def roll(self, category: Category) -> Roll:
        """The careers that the category admits in the order of their first launches."""
        return Roll(self.narrowed(category))

    @remembered(16)
    def _visits(self, station: str) -> Tally:
        visited = (one for one in self.launches if station in one.stations)
        return Tally((one.launched_at, one.launched_by) for one in visited)

    @cached_property
    def _launched(self) -> Tally:
        return Tally((one.launched_at, one.launched_by) for one in self.launches)

    @cached_property
    def _vague(self) -> list[book.Mission]:
        return [one for one in self.launches if one.launched_by > one.launched_at]

    @remembered(4)
    def _by_end(self, category: Category) -> tuple[list[Career], list[datetime]]:
        """The careers by the instant at which they were over, those that are not last; and the
        instants."""
        careers = sorted(self.narrowed(category), key=_end_of)
        return careers, [_end_of(career) for career in careers]

    @remembered(64)
    def _progressed(self, leaderboard: Rule, until: datetime) -> list[RecordChange]:
        careers = self.counted(leaderboard)
        return progression(leaderboard, careers, until, self.confirmation)

    def careers_of(self, leaderboard: Rule, changes: Iterable[RecordChange]) -> list[Career]:
        """Of the careers that the leaderboard compares those of the holders."""
        slugs = sorted({one.slug for change in changes for one in change.holders})
        careers = leaderboard.category.narrow_all(self.careers[slug] for slug in slugs)
        if leaderboard.each:
            return [part for career in careers for part in career.parts(leaderboard.each)]
        return list(careers)


#: The ledger of the latest data version that was asked for.
LATEST = Answers(1)


def _country_of(flight: book.Flight) -> tuple[str]:
    return (flight.country,)


def _whatever(flight: book.Flight) -> tuple[str]:
    return ("",)


def _end_of(career: Career) -> datetime:
    return career.settled_at or datetime.max.replace(tzinfo=UTC)


def _end_of_month(at: datetime) -> datetime:
    """How far a progression is worked out and kept: what is aloft is known to rise."""
    return period_end(at, Precision.MONTH)


def _version() -> tuple[str, datetime | None]:
    """The data version's token and the instant confirmed through."""
    latest = models.Confirmation.objects.order_by("-through_at").values("through_at")[:1]
    versions = models.DataVersion.objects.with_full_token()
    row = versions.values_list("full_token", Subquery(latest)).first()
    return row or ("", None)
