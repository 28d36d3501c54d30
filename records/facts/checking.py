"""Verifying the whole record: every row by itself, and the rules that span many rows.

`loaddata` calls no `full_clean`, and no constraint sees that a mission carries nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache, cached_property

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import CharField, ForeignKey, Model, TextField

from records.book.names import folded, words_of
from records.instants import full_years, isoformat, last_day, latest
from records.models import (
    Article,
    Astronaut,
    Authorship,
    Disagreement,
    Flight,
    Mission,
    ReportedValue,
    Spacewalk,
    SpacewalkCrew,
    Station,
    StationOperator,
)
from records.models.history import Former
from records.models.missions import Boundary
from records.texts import misreading

from . import refusals

#: Most people each craft has carried or can carry, by its slug or, for all variants, its family.
SEATS = {
    "Apollo": 3,
    "Dragon": 4,
    "Gemini": 2,
    "Mercury": 1,
    "New Shepard": 6,
    "Orion": 4,
    "Shenzhou": 3,
    "Soyuz": 3,
    "Space Shuttle": 8,
    "X-15": 1,
    "spaceshipone": 3,
    "spaceshiptwo": 6,
    "voskhod": 3,
    "vostok": 1,
}
AGES = range(18, 92)
LONGEST_FLIGHT = timedelta(days=500)
LONGEST_SUBORBITAL = timedelta(hours=1)
SHORTEST_SPACEWALK = timedelta(minutes=5)


@dataclass(frozen=True)
class Problem:
    """A row that is not as it should be, and why."""

    row: Model
    reason: str

    @property
    def key(self) -> str:
        """The row's natural key, as one word."""
        parts = self.row.natural_key() if hasattr(self.row, "natural_key") else (self.row.pk,)
        return "/".join(
            isoformat(part) if isinstance(part, datetime) else str(part) for part in parts
        )

    def __str__(self):
        return f"{self.row._meta.verbose_name} {self.key}: {self.reason}"


def check() -> Iterator[Problem]:
    """Every problem of the record and the newsroom; nothing is written."""
    yield from by_rows()
    yield from doubts()


def by_rows(*, only: Collection[tuple[type[Model], object]] | None = None) -> Iterator[Problem]:
    """What `full_clean()` refuses, row by row, and text that no form would have let in: of all rows
    or `only` of those, each a model and a primary key. Of those also what they are beside others,
    which `doubts` says of all.

    Foreign keys, unique keys and constraints are left to the database, which holds no row that
    breaks them, whatever wrote it. Asking it again for each takes five queries a row.
    """
    models = {model for model, _ in only} if only is not None else _models()
    for model in filter(models.__contains__, _models()):
        links = [
            field.name
            for field in model._meta.fields
            if isinstance(field, ForeignKey) and field.related_model._meta.app_label == "records"
        ]
        rows = model._default_manager.select_related(*links, *_ROUTES.get(model, ()))
        for row in rows.prefetch_related(*_CROWDS.get(model, ())):
            if only is not None and (model, row.pk) not in only:
                continue
            row.judged_with_others = only is None
            stored = {field.attname: getattr(row, field.attname) for field in _texts_of(model)}
            try:
                row.full_clean(exclude=links, validate_unique=False, validate_constraints=False)
            except ValidationError as error:
                yield Problem(row, refusals.sentence(error))
            for field in _texts_of(model):
                if stored[field.attname] != getattr(row, field.attname):
                    yield Problem(row, f"{field.name}: has white space or marks that are not kept")
    if only is not None and not models.isdisjoint(_IN_A_ROW):
        for problem in beside_each_other():
            if type(problem.row) in _IN_A_ROW and (type(problem.row), problem.row.pk) in only:
                yield problem


def _models() -> list[type[Model]]:
    """All but history: what was once said is not held to what holds now."""
    models = apps.get_app_config("records").get_models()
    return [model for model in models if not issubclass(model, Former)]


#: What `clean()` walks through beyond the row's own links.
_ROUTES = {
    SpacewalkCrew: ("flight__astronaut", "flight__launch_mission", "flight__landing_mission"),
}
_CROWDS = {
    Flight: ("spacewalks", "launch_mission__stations", "landing_mission__stations"),
    Mission: ("stations",),
    SpacewalkCrew: ("flight__launch_mission__stations", "flight__landing_mission__stations"),
}


def doubts() -> Iterator[Problem]:
    """What may be right and is asked about: the rules below, and texts that look wrong."""
    yield from across_rows()
    yield from beside_each_other()
    for model in _models():
        if model not in _IN_THE_RECORD:
            for row in model._default_manager.all():
                for _, reason in _misreadings(row):
                    yield Problem(row, reason)


def beside_each_other() -> Iterator[Problem]:
    """What forms refuse of rows that are entered side by side, and no row can tell alone."""
    for look in SIDE_BY_SIDE:
        for row, reason in look():
            yield Problem(row, reason)


def across_rows() -> Iterator[Problem]:
    """What the rules below find, a rule at a time."""
    record = _Record()
    for rule in RULES:
        for row, reason in rule(record):
            yield Problem(row, reason)


class _Record:
    """Every fact in memory, as the rules look at it: each row is read once, whatever refers to
    it."""

    @cached_property
    def astronauts(self) -> list[Astronaut]:
        return list(Astronaut.objects.order_by("pk"))

    @cached_property
    def missions(self) -> list[Mission]:
        return list(
            Mission.objects.select_related("spacecraft").prefetch_related("stations").order_by("pk")
        )

    @cached_property
    def stations(self) -> list[Station]:
        return list(Station.objects.with_operators().order_by("pk"))

    @cached_property
    def flights(self) -> list[Flight]:
        flights = _joined(
            Flight.objects.order_by("pk"),
            astronaut=self.astronauts,
            launch_mission=self.missions,
            landing_mission=self.missions,
        )
        return sorted(flights, key=lambda flight: flight.launched_at)

    @cached_property
    def careers(self) -> dict[int, list[Flight]]:
        """Flights in order by the primary key of their astronaut."""
        careers = defaultdict(list)
        for flight in self.flights:
            careers[flight.astronaut_id].append(flight)
        return careers

    @cached_property
    def spacewalks(self) -> list[Spacewalk]:
        return _joined(
            Spacewalk.objects.order_by("pk"),
            station=self.stations,
            craft=self.missions,
            mission=self.missions,
        )

    @cached_property
    def crews(self) -> list[SpacewalkCrew]:
        return _joined(
            SpacewalkCrew.objects.order_by("pk"), spacewalk=self.spacewalks, flight=self.flights
        )

    @cached_property
    def crew_sizes(self) -> tuple[Counter, Counter]:
        """How many went up and how many came down, by the primary key of the mission."""
        return (
            Counter(flight.launch_mission_id for flight in self.flights),
            Counter(flight.landing_mission_id for flight in self.flights),
        )


def _joined(rows, **referred) -> list:
    """The rows with what they refer to, by field, out of what was read before."""
    fields = {rows.model._meta.get_field(name): others for name, others in referred.items()}
    rows = list(rows)
    for field, others in fields.items():
        by_key = {other.pk: other for other in others}
        for row in rows:
            # To assign it would ask for each whether it may be: ten thousand times.
            field.set_cached_value(row, by_key.get(getattr(row, field.attname)))
    return rows


RULES: list[Callable[[_Record], Iterator[tuple[Model, str]]]] = []


def rule(function):
    """A rule yields each row that breaks it, with the reason in words."""
    RULES.append(function)
    return function


@rule
def names_tell_people_apart(record):
    owners = {}
    for astronaut in record.astronauts:
        other = owners.setdefault(folded(astronaut.name), astronaut)
        if other is not astronaut:
            yield astronaut, f"has the name of {other.slug}, {astronaut.name!r}"
    for astronaut in record.astronauts:
        for alias in astronaut.alias_list:
            other = owners.setdefault(folded(alias), astronaut)
            if other is not astronaut:
                yield astronaut, f"aliases: {alias!r} is also a name of {other.slug}"
            elif words_of(alias) == words_of(astronaut.name) and (
                # In plain letters it is of use to other programs that read the tables.
                astronaut.name.isascii() or not alias.isascii()
            ):
                yield astronaut, f"aliases: {alias!r} is the name itself"


@rule
def everybody_has_flown(record):
    for astronaut in record.astronauts:
        if astronaut.pk not in record.careers:
            yield astronaut, "has no flight"


@rule
def nationality_is_that_of_the_latest_flight(record):
    for astronaut in record.astronauts:
        if flights := record.careers.get(astronaut.pk):
            latest = flights[-1]
            if astronaut.nationality_id != latest.nationality_id:
                yield (
                    astronaut,
                    f"nationality is {astronaut.nationality.code}, on the latest flight "
                    f"{latest.nationality.code}",
                )


@rule
def nobody_flies_after_death_or_out_of_age(record):
    for flight in record.flights:
        astronaut, day = flight.astronaut, flight.launched_at.date()
        if astronaut.died_on and astronaut.died_on < day:
            yield flight, f"launched after the astronaut's death on {astronaut.died_on}"
        if astronaut.born_on:
            oldest = full_years(astronaut.born_on, flight.latest_launch.date())
            youngest = full_years(last_day(astronaut.born_on, astronaut.birth_precision), day)
            if oldest < AGES.start:
                yield flight, f"launched at the age of {oldest}"
            elif youngest >= AGES.stop:
                yield flight, f"launched at the age of {youngest}"


@rule
def flights_have_plausible_lengths(record):
    for flight in record.flights:
        if flight.landed_at is None:
            continue
        length = flight.landed_at - flight.latest_launch  # At least.
        if length > LONGEST_FLIGHT:
            yield flight, f"lasted {length.days} days, more than {LONGEST_FLIGHT.days}"
        if flight.launch_mission.boundary != Boundary.ORBIT and length > LONGEST_SUBORBITAL:
            yield flight, "did not reach orbit, but lasted more than an hour"


@rule
def missions_carry_somebody(record):
    up, down = record.crew_sizes
    for mission in record.missions:
        if not up[mission.pk] and not down[mission.pk]:
            yield mission, "carries nobody up or down"
        seats = SEATS.get(mission.spacecraft.slug) or SEATS.get(mission.spacecraft.family)
        for crew, direction in ((up[mission.pk], "up"), (down[mission.pk], "down")):
            if seats and crew > seats:
                yield (
                    mission,
                    f"carries {crew} {direction}; {mission.spacecraft} has {seats} seats",
                )


@rule
def crews_are_ordered_whole_or_not_at_all(record):
    crews = defaultdict(list)
    for flight in record.flights:
        crews[flight.launch_mission_id].append(flight)
    for crew in crews.values():
        places = [flight.position for flight in crew]
        for flight in crew:
            if flight.position is not None and places.count(flight.position) > 1:
                yield flight, f"has place {flight.position} in the crew, as somebody else does"
            elif flight.position is None and any(places):
                yield flight, "has no place in a crew whose order is given"


@rule
def roles_and_programmes_are_spelled_alike(record):
    """Both are free: new ones come with new crews and craft. A slip of the pen would be one."""
    for rows, name in ((record.flights, "role"), (record.missions, "programme")):
        used = Counter(getattr(row, name) for row in rows)
        for row in rows:
            word = getattr(row, name)
            commoner = [other for other, times in used.items() if times > used[word]]
            if found := _much_like(word, tuple(commoner)):
                yield (
                    row,
                    f"{name}: “{word}” is much like “{found}”; write it so, if it is the same",
                )


@cache
def _much_like(word: str, others: tuple[str, ...]) -> str:
    """The one of the others that differs by a letter or two; empty if none does."""
    return next(iter(get_close_matches(word, others, n=1, cutoff=0.9)), "")


@rule
def suborbital_craft_stay_below_orbit(record):
    for mission in record.missions:
        if mission.boundary == Boundary.ORBIT and not mission.spacecraft.orbital:
            yield mission, f"reached orbit, which {mission.spacecraft} cannot"


@rule
def somebody_operates_each_station(record):
    for station in record.stations:
        if not station.operators_in_order:
            yield station, "has no operator"


@rule
def landings_are_no_better_known_than_launches(record):
    """A landing to the second beside a launch to the minute was worked out from a duration."""
    for mission in record.missions:
        if (mission.launch_precision, mission.landing_precision) == ("minute", "second"):
            yield mission, "landed to the second, but its launch is known only to the minute"


@rule
def station_times_are_in_order(record):
    for station in record.stations:
        if (
            station.first_crew_at
            and station.deorbited_at
            and latest(station.deorbited_at, station.deorbit_precision) < station.first_crew_at
        ):
            yield station, "launch, first crew and end are out of order"


@rule
def spacewalks_have_crews(record):
    manned = {crew.spacewalk_id for crew in record.crews}
    for walk in record.spacewalks:
        if walk.pk not in manned:
            yield walk, "has no crew"
        if walk.duration and walk.duration < SHORTEST_SPACEWALK:
            yield walk, f"lasted {walk.duration}, less than five minutes"


@rule
def spacewalks_are_made_in_orbit(record):
    for crew in record.crews:
        if crew.flight.launch_mission.boundary != Boundary.ORBIT:
            yield crew, f"{crew.flight.launch_mission} did not reach orbit"


@rule
def spacewalks_are_filed_where_their_mission_went(record):
    visited = {
        mission.pk: {station.pk for station in mission.stations.all()}
        for mission in record.missions
    }
    for walk in record.spacewalks:
        if walk.mission and walk.station and walk.station_id not in visited[walk.mission_id]:
            yield walk, f"{walk.mission} did not visit {walk.station}"


def disagreements_have_values():
    given = set(ReportedValue.objects.values_list("disagreement", flat=True))
    for row in Disagreement.objects.exclude(pk__in=given):
        yield row, "has no values: give those the sources disagree on"


def one_of_several_values_is_used():
    groups = defaultdict(list)
    for value in ReportedValue.objects.select_related("disagreement").order_by("pk"):
        groups[value.disagreement_id].append(value)
    for values in groups.values():
        if len(values) < 2:
            yield values[-1], "is the only value: give those the sources disagree on"
        elif not any(value.chosen for value in values):
            yield values[-1], "neither this nor another value is the one that is used"


def each_place_is_taken_once():
    for model, whole in _IN_A_ROW.items():
        taken = {}
        for row in model.objects.select_related(whole).order_by("pk"):
            place = getattr(row, f"{whole}_id"), row.position
            if taken.setdefault(place, row) is not row:
                yield row, f"position: another one stands at place {row.position} already"


#: Rows that stand in an order → the field with what they are rows of.
_IN_A_ROW = {
    Authorship: "article",
    ReportedValue: "disagreement",
    SpacewalkCrew: "spacewalk",
    StationOperator: "station",
}

#: Each yields the rows that break it, with the reason in words.
SIDE_BY_SIDE = (disagreements_have_values, one_of_several_values_is_used, each_place_is_taken_once)


@rule
def texts_were_decoded_rightly(record):
    for rows in (
        record.astronauts,
        record.missions,
        record.stations,
        record.flights,
        record.spacewalks,
    ):
        for row in rows:
            yield from _misreadings(row)


#: What the rule above looks at.
_IN_THE_RECORD = (Astronaut, Mission, Station, Flight, Spacewalk)


def _misreadings(row: Model) -> Iterator[tuple[Model, str]]:
    for field in _texts_of(type(row)):
        markup = field.name == "body" and isinstance(row, Article)
        if words := misreading(getattr(row, field.attname), markup=markup):
            yield row, f"{field.name}: {words}"


@cache
def _texts_of(model: type[Model]) -> list[CharField | TextField]:
    fields = model._meta.fields
    return [one for one in fields if isinstance(one, CharField | TextField) and not one.choices]
