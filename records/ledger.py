"""The ledger: careers loaded from the models and kept while the facts stand.

The joint between `models` and `book`. Six queries load everything the record book needs; while the
data version is the same, one query answers that nothing has changed.
"""

import gc
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from threading import Lock

from django.conf import settings
from django.db.models import Subquery

from records import models
from records.book import careers as book
from records.book.boards import Board, board
from records.book.careers import Career, Confirmation
from records.book.categories import Category
from records.book.forecast import Milestone, forecast, stands_until
from records.book.metrics import METRICS
from records.book.population import (
    Interval,
    PopulationStanding,
    intervals,
    population_progression,
    population_standings,
)
from records.book.progression import RecordChange, progression, progression_as_of
from records.book.standings import Leaderboard, Standing, row_at, standings
from records.book.tenures import Tenure, tenures
from records.book.totals import Total, totals
from records.instants import FIRST_INSTANT, Precision, period_end

#: What most readers look for first.
MAIN_METRICS = (
    "longest-flight",
    "total-time",
    "number-of-flights",
    "number-of-spacewalks",
    "total-spacewalk-time",
)


@dataclass(frozen=True)
class Names:
    """What codes and slugs are called, for the places, states and agencies that flights know;
    `colours` are those of the flags, `successors` the state that counts for a former one."""

    countries: Mapping[str, str]
    agencies: Mapping[str, str]
    stations: Mapping[str, str]
    families: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    successors: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)

    def combined(self, code: str) -> frozenset[str]:
        """The country with the former states that it succeeds, by code."""
        return frozenset({code, *(old for old, new in self.successors.items() if new == code)})


@dataclass(frozen=True)
class Noted:
    """A step of a record and the leaderboard it belongs to."""

    leaderboard: models.Leaderboard
    tenure: Tenure


#: How many forecasts are kept at once; leaderboards that readers narrow are without number.
FORECASTS_KEPT = 200


#: A row has about two kilobytes.
DRAWN_ROWS_KEPT = 4000


class Bounded(dict):
    """A dict that forgets what it was given first once it holds more than `size`."""

    def __init__(self, size: int):
        super().__init__()
        self.size = size

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        while len(self) > self.size:
            self.pop(next(iter(self)), None)


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
        self._load_careers()
        self.narrowed = lru_cache(maxsize=64)(self._narrowed)
        #: Rows of tables as HTML, beside the marks they show (`views.leaderboards`).
        self.drawn_rows: dict[tuple, tuple] = Bounded(DRAWN_ROWS_KEPT)
        #: Rows of a leaderboard that stay as they are, by the place of their careers.
        self.settled = lru_cache(maxsize=64)(lambda leaderboard: {})
        #: The latest boards asked for, for as long as their order stands.
        self._boards: dict[Leaderboard, Board] = Bounded(64)
        self.progressed = lru_cache(maxsize=64)(self._progressed)
        self.moved = lru_cache(maxsize=8)(self._moved)
        #: (leaderboard, places, top) → since when and until when a forecast stands, and it.
        self._forecasts: dict[tuple, tuple] = {}
        self.noted = lru_cache(maxsize=2)(self._noted)

    @classmethod
    def current(cls) -> "Ledger":
        """The ledger of the facts as they stand: one query if they have not changed."""
        global _kept
        token, confirmed_through = _version()
        kept = _kept
        if kept is not None and kept.token == token:
            return kept
        with _loading:
            if _kept is None or _kept.token != token:
                with _uncollected():
                    _kept = cls(token, confirmed_through)
            return _kept

    @classmethod
    def uncommitted(cls) -> "Ledger":
        """The ledger of the facts as the transaction that asks sees them, kept for nobody: what it
        wrote may yet be rolled back."""
        return cls(*_version())

    # Questions

    def standings(
        self, leaderboard: models.Leaderboard | Leaderboard, at: datetime
    ) -> list[Standing]:
        """The leaderboard at the instant, best first."""
        if isinstance(leaderboard, models.Leaderboard):
            leaderboard = self.rule(leaderboard)
        careers, settled = self.counted(leaderboard), self.settled(leaderboard)
        kept = self._boards.get(leaderboard)
        if kept and kept.holds(at):
            return kept.at(at)
        if kept and at < kept.since:
            return standings(leaderboard, careers, at, self.confirmation, settled=settled)
        found = board(leaderboard, careers, at, self.confirmation, settled=settled)
        self._boards[leaderboard] = found
        return list(found.rows)

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

    def counted(self, leaderboard: Leaderboard) -> tuple[Career, ...]:
        """The careers that the leaderboard compares, narrowed, and cut up if it lists each part."""
        return self.narrowed(leaderboard.category, leaderboard.each)

    def progression(self, leaderboard: Leaderboard, at: datetime) -> list[RecordChange]:
        """Every step of the record up to the instant, first one first; where people are counted,
        each time as many as ever, or more, came to be in space at once."""
        return progression_as_of(self.progressed(leaderboard, _end_of_month(at)), at)

    def tenures(self, leaderboard: Leaderboard, at: datetime) -> list[Tenure]:
        """The same steps, with who held the record before and how certain each is."""
        changes = self.progression(leaderboard, at)
        return tenures(leaderboard, changes, self.counted(leaderboard), at, self.confirmation)

    def record_changes(self, at: datetime) -> Iterator[Noted]:
        """Every step of every leaderboard up to the instant, the newest first."""
        for noted in self.noted(_end_of_month(at)):
            change = noted.tenure.change
            if change.passed_at > at:
                continue
            if change.until is None or change.until > at:
                rule = self.rule(noted.leaderboard)
                (tenure,) = tenures(
                    rule,
                    [change.as_of(at)],
                    self.counted(rule),
                    at,
                    self.confirmation,
                    previous=noted.tenure.previous,
                )
                noted = Noted(noted.leaderboard, tenure)
            yield noted

    def forecast(
        self, leaderboard: Leaderboard, at: datetime, *, places: int = 3, top: int = 0
    ) -> list[Milestone]:
        """What the flights under way will pass on the leaderboard next, by instant: `places` for
        each, and beyond them all that lead to a rank up to `top`. Kept for as long as it stands.
        """
        key = (leaderboard, places, top)
        since, until, found = self._forecasts.get(key, (None, None, None))
        if found is not None and since <= at and (until is None or at < until):
            return found
        careers = self.counted(leaderboard)
        found = forecast(leaderboard, careers, at, self.confirmation, places=places, top=top)
        if len(self._forecasts) >= FORECASTS_KEPT:
            self._forecasts.clear()
        until = stands_until(found, careers, at, self.confirmation)
        self._forecasts[key] = (at, until, found)
        return found

    def population(self, leaderboard: Leaderboard, at: datetime) -> list[PopulationStanding]:
        """The most crowded times in space, for a leaderboard that counts people."""
        least = leaderboard.threshold or 1
        found = population_standings(self.intervals(leaderboard.category, at))
        return [one for one in found if one.interval.count >= least]

    def intervals(self, category: Category, at: datetime) -> list[Interval]:
        """Who was in space together, from when to when, up to the instant."""
        return intervals(self.narrowed(category), at, self.confirmation)

    def launches_around(self, at: datetime) -> tuple[book.Mission | None, book.Mission | None]:
        """The last launch before the instant and the first one after it."""
        place = bisect_left(self.launches, at, key=attrgetter("launched_at"))
        before = self.launches[place - 1] if place else None
        later = bisect_right(self.launches, at, key=attrgetter("launched_at"))
        return before, self.launches[later] if later < len(self.launches) else None

    def country_totals(self, category: Category, at: datetime, *, successors: bool) -> list[Total]:
        """What each country has flown; former states counted for their successors if asked."""
        names = self.names.successors if successors else {}
        return self.totals(
            category, at, of=lambda flight: (names.get(flight.country, flight.country),)
        )

    def totals(
        self, category: Category, at: datetime, *, of: Callable[[book.Flight], Iterable[str]]
    ) -> list[Total]:
        """What has been flown for each code that `of` gives for a flight."""
        return totals(self.narrowed(category), at, self.confirmation, of=of)

    def people(self, category: Category, at: datetime) -> list[Standing]:
        """Everyone with a flight that counts, first launched first, with the time of all theirs."""
        standings = self.standings(Leaderboard(METRICS["total-time"], category), at)
        return sorted(
            standings,
            key=lambda one: (one.career.flights[0].launched_at, one.astronaut.family_name),
        )

    def aloft(self, at: datetime, boundary: str = "80km") -> list[Career]:
        """Careers, clipped to the instant, of those in space at it; first launched first.

        Unconfirmed ones are among them: their `aloft.state` says so.
        """
        clipped = [
            career.at(at, self.confirmation)
            for career in self.narrowed(Category(boundary=boundary))
            if career.settled_at is None or at < career.settled_at
        ]
        return sorted(
            (career for career in clipped if career.aloft),
            key=lambda career: (
                career.aloft.launched_at,
                career.aloft.launch_mission.slug,
                career.astronaut.family_name,
                career.astronaut.slug,
            ),
        )

    def rule(self, leaderboard: models.Leaderboard) -> Leaderboard:
        """The rule of a leaderboard row, in the book's terms."""
        country = leaderboard.country.code if leaderboard.country else ""
        category = Category(
            boundary=leaderboard.boundary,
            sex=leaderboard.sex,
            countries=self.countries_of(country, successors=leaderboard.successors),
            agency=leaderboard.agency.slug if leaderboard.agency else "",
            station=leaderboard.station.slug if leaderboard.station else "",
            family=leaderboard.spacecraft_family,
            programme=leaderboard.programme,
            role=leaderboard.role,
            first_only=leaderboard.first_flights_only,
            landed_only=leaderboard.landed_only,
            launched_from=leaderboard.launched_from,
            launched_until=leaderboard.launched_until,
        )
        return Leaderboard(
            METRICS[leaderboard.metric], category, leaderboard.threshold, leaderboard.each
        )

    def countries_of(self, code: str, *, successors: bool) -> frozenset[str]:
        if not code:
            return frozenset()
        return self.names.combined(code) if successors else frozenset({code})

    # Loading

    def _narrowed(self, category: Category, each: str = "") -> tuple[Career, ...]:
        narrowed = (category.narrow(career) for career in self.careers.values())
        careers = tuple(career for career in narrowed if career)
        if each:
            return tuple(part for career in careers for part in career.parts(each))
        return careers

    def _progressed(self, leaderboard: Leaderboard, until: datetime) -> list[RecordChange]:
        if leaderboard.metric.counts_people:
            found = self.intervals(leaderboard.category, until)
            return population_progression(found, least=leaderboard.threshold or 1)
        return progression(leaderboard, self.counted(leaderboard), until, self.confirmation)

    def _noted(self, until: datetime) -> list[Noted]:
        noted = [
            Noted(row, tenure)
            for row in self.leaderboards.values()
            for tenure in self.tenures(self.rule(row), until - timedelta(seconds=1))
        ]
        return sorted(noted, key=lambda one: one.tenure.change.passed_at, reverse=True)

    def _moved(self, since: datetime, until: datetime) -> tuple[models.Leaderboard, ...]:
        """The leaderboards whose record can have changed between the instants: all others need no
        progression to say that it did not. Asked as `moved`."""
        rows = self.leaderboards.values()
        return tuple(row for row in rows if self._may_have_moved(self.rule(row), since, until))

    def _may_have_moved(self, leaderboard: Leaderboard, since, until) -> bool:
        metric, known = leaderboard.metric, replace(self.confirmation, through_at=until)
        if metric.counts_people:
            return False
        # Figures never fall: only a career that went on can have reached the record of before.
        careers = self.counted(leaderboard)
        busy = [one for one in careers if one.settled_at is None or one.settled_at > since]
        after = [row for one in busy if (row := row_at(leaderboard, one, until, known))]
        if not after:
            return False
        best = max((mark.value for mark, _ in after), key=metric.score)
        before = [row for one in careers if (row := row_at(leaderboard, one, since, known))]
        record = max((mark.value for mark, _ in before), key=metric.score, default=None)
        return (
            record is None
            or metric.score(best) >= metric.score(record)
            or any(mark.value.equals(record) for mark, _ in after)
        )

    def _load_careers(self):
        # What refers to others is read first: rows that a writer commits meanwhile can then only
        # be missing at the referring end.
        walks = _spacewalks_by_flight()
        flight_rows = list(
            models.Flight.objects.order_by("launch_mission__launched_at", "pk").values_list(
                "pk",
                "astronaut_id",
                "launch_mission_id",
                "landing_mission_id",
                "nationality__code",
                "nationality__name",
                "nationality__successor__code",
                "nationality__flag_colours",
                "agency__slug",
                "agency__abbreviation",
                "role",
            )
        )
        missions, station_names = _missions()
        countries, agencies, successors, colours = {}, {}, {}, {}
        flights = defaultdict(list)
        for row in flight_rows:
            pk, astronaut, up, down, code, country, successor, flag, agency, abbreviation, role = (
                row
            )
            # One object for each name, however many flights share it.
            countries.setdefault(code, country)
            colours.setdefault(code, flag)
            agencies.setdefault(agency, abbreviation)
            if successor:
                successors[code] = successor
            trips = flights[astronaut]
            trips.append(
                book.Flight.of(
                    missions[up],
                    missions[down] if down else None,
                    number=len(trips) + 1,
                    country=code,
                    agency=agency,
                    role=role,
                    spacewalks=walks.get(pk, ()),
                )
            )
        self.careers: dict[str, Career] = {}
        for (
            pk,
            slug,
            name,
            family_name,
            sex,
            born_on,
            precision,
        ) in models.Astronaut.objects.values_list(
            "pk", "slug", "name", "family_name", "sex", "born_on", "birth_precision"
        ).order_by("pk"):
            if pk in flights:
                astronaut = book.Astronaut(
                    slug,
                    name,
                    family_name,
                    sex,
                    flights[pk][-1].country,
                    born_on,
                    Precision(precision) if precision else None,
                )
                self.careers[slug] = Career.of(astronaut, flights[pk])
        self.missions = {mission.slug: mission for mission in missions.values()}
        self.launches = sorted(missions.values(), key=attrgetter("launched_at", "slug"))
        self.names = Names(
            countries=dict(sorted(countries.items(), key=lambda item: item[1])),
            agencies=dict(sorted(agencies.items(), key=lambda item: item[1].casefold())),
            stations=station_names,
            families=tuple(sorted({mission.family for mission in missions.values()})),
            programmes=tuple(sorted({mission.programme for mission in missions.values()})),
            roles=tuple(sorted({row[-1] for row in flight_rows})),
            successors=successors,
            colours=colours,
        )


_kept: Ledger | None = None
_loading = Lock()


@contextmanager
def _uncollected():
    """Leave the garbage collector out of a load: all it would find are rows that stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _end_of_month(at: datetime) -> datetime:
    """How far a progression is worked out and kept: what is aloft is known to rise."""
    return period_end(at, Precision.MONTH)


def _version() -> tuple[str, datetime | None]:
    """The data version's token and the instant confirmed through."""
    latest = models.Confirmation.objects.order_by("-through_at").values("through_at")[:1]
    versions = models.DataVersion.objects.with_full_token()
    row = versions.values_list("full_token", Subquery(latest)).first()
    return row or ("", None)


def _missions():
    """Missions by primary key, and station names by slug in order of their launch."""
    stations = defaultdict(set)
    names = {}
    rows = {}
    for row in models.Mission.objects.values_list(
        "pk",
        "slug",
        "name",
        "programme",
        "spacecraft__family",
        "boundary",
        "launched_at",
        "launch_precision",
        "landed_at",
        "landing_precision",
        "planned_landing_at",
        "planned_landing_precision",
        "lost",
        "stations__slug",
        "stations__name",
        "stations__launched_at",
    ).order_by("pk"):
        *facts, slug, name, launched_at = row
        rows[row[0]] = facts
        if slug:
            stations[row[0]].add(slug)
            names[slug] = (launched_at, name)
    shared = lru_cache(maxsize=None)(frozenset)
    missions = {
        pk: _mission(*facts, stations=shared(tuple(sorted(stations.get(pk, ())))))
        for pk, (_, *facts) in rows.items()
    }
    return missions, {slug: name for slug, (_, name) in sorted(names.items(), key=lambda i: i[1])}


def _mission(
    slug,
    name,
    programme,
    family,
    boundary,
    launched_at,
    launch_precision,
    landed_at,
    landing_precision,
    planned_at,
    plan_precision,
    lost,
    *,
    stations,
):
    return book.Mission(
        slug,
        name,
        programme,
        family,
        boundary,
        launched_at,
        Precision(launch_precision),
        landed_at,
        Precision(landing_precision) if landed_at else Precision.SECOND,
        period_end(planned_at, plan_precision) if planned_at else None,
        lost,
        stations,
    )


def _spacewalks_by_flight() -> dict[int, list[book.Spacewalk]]:
    walks = defaultdict(list)
    for (
        flight,
        slug,
        started_at,
        precision,
        duration,
        own,
        kind,
    ) in models.SpacewalkCrew.objects.values_list(
        "flight_id",
        "spacewalk__slug",
        "spacewalk__started_at",
        "spacewalk__start_precision",
        "spacewalk__duration",
        "duration",
        "spacewalk__kind",
    ):
        seconds = round((own or duration).total_seconds())
        walks[flight].append(book.Spacewalk(slug, started_at, seconds, kind, Precision(precision)))
    return walks
