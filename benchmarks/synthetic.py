"""Made-up histories of spaceflight, as large as one likes: the real one's shape, N times over.

`write(scale)` tells the same history for the same scale and seed. `careers_of` builds it for the
record book in memory; `save` writes it to the database.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from django.db import connection

from records import models
from records.book import careers as book
from records.facts import fixtures
from records.instants import Precision
from records.models import triggers

FIRST_LAUNCH = datetime(1961, 4, 12, 6, 7, tzinfo=UTC)
#: What the stewards of the made-up world have confirmed; nothing is launched after it.
CONFIRMED_THROUGH = datetime(2026, 10, 9, tzinfo=UTC)
GRACE = timedelta(days=7)

MISSIONS = 410
#: Crews of one to seven, four on average.
CREW_SIZES = (1, 2, 3, 3, 3, 4, 5, 5, 6, 7)
REST = timedelta(days=120)
RETIREMENT = 0.5
DAY = 86_400
CHUNK = 5_000

#: Who stays as long stays on the station.
LONG = timedelta(days=60)
STATION = "iss"

#: What the shipped fixtures bring and the made-up flights refer to.
FRAME = (
    "countries",
    "sources",
    "agencies",
    "spacecraft",
    "stations",
    "leaderboards",
    "station_operators",
)


@dataclass(slots=True)
class Person:
    number: int
    sex: str
    country: str
    born_on: date

    @property
    def slug(self) -> str:
        return f"person-{self.number}"


@dataclass(slots=True)
class Walk:
    number: int
    started_at: datetime
    seconds: int
    #: Places in the mission's crew.
    crew: tuple[int, ...]

    @property
    def slug(self) -> str:
        return f"walk-{self.number}"


@dataclass(slots=True)
class Mission:
    number: int
    launched_at: datetime
    landed_at: datetime | None
    planned_at: datetime | None
    boundary: str
    crew: list[Person]
    walks: list[Walk] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return f"mission-{self.number}"

    @property
    def visits_station(self) -> bool:
        return (self.landed_at or self.planned_at) - self.launched_at > LONG


@dataclass(slots=True)
class History:
    people: list[Person]
    missions: list[Mission]

    @property
    def flights(self) -> int:
        return sum(len(mission.crew) for mission in self.missions)


def write(scale: float = 1, seed: int = 1961) -> History:
    """About 1,600 flights by 800 people for a scale of 1, ten times as many for 10."""
    chance = random.Random(seed)
    count = max(1, round(MISSIONS * scale))
    span = int((CONFIRMED_THROUGH - FIRST_LAUNCH).total_seconds()) - DAY
    history = History([], [])
    ready: list[Person] = []
    resting: dict[int, list[Person]] = defaultdict(list)
    today = 0
    walks = 0
    for number, second in enumerate(sorted(chance.sample(range(span), count)), 1):
        launched_at = FIRST_LAUNCH + timedelta(seconds=second)
        for day in range(today, second // DAY + 1):
            ready += resting.pop(day, ())
        today = second // DAY
        boundary, seconds = _voyage(chance)
        ends_at = launched_at + timedelta(seconds=seconds)
        crew = [
            _take(ready, chance)
            if ready and chance.random() < RETIREMENT
            else _newcomer(history, launched_at, chance)
            for _ in range(chance.choice(CREW_SIZES))
        ]
        under_way = ends_at > CONFIRMED_THROUGH
        mission = Mission(
            number,
            launched_at,
            None if under_way else ends_at,
            ends_at if under_way else None,
            boundary,
            crew,
        )
        for _ in range(chance.choice((0, 0, 1, 2, 4, 6)) if seconds > LONG.total_seconds() else 0):
            latest = min(ends_at, CONFIRMED_THROUGH) - timedelta(days=1)
            started_at = launched_at + chance.random() * (latest - launched_at)
            if started_at <= launched_at or started_at.date() in {
                walk.started_at.date() for walk in mission.walks
            }:
                continue
            walks += 1
            pair = tuple(sorted(chance.sample(range(len(crew)), min(2, len(crew)))))
            length = 60 * chance.randrange(60, 500)
            started_at = started_at.replace(second=0, microsecond=0) + timedelta(minutes=1)
            mission.walks.append(Walk(walks, started_at, length, pair))
        history.missions.append(mission)
        for person in crew:
            if chance.random() >= RETIREMENT:
                back = ends_at + REST - FIRST_LAUNCH
                resting[back.days + 1].append(person)
    return history


def _voyage(chance) -> tuple[str, int]:
    """The boundary crossed and the seconds from launch to landing."""
    kind = chance.random()
    if kind < 0.1:
        return chance.choice(("80km", "100km")), chance.randrange(600, 1200)
    if kind < 0.6:
        return "orbit", chance.randrange(5_000, 17 * DAY)
    if kind < 0.97:
        return "orbit", chance.randrange(90 * DAY, 215 * DAY)
    return "orbit", chance.randrange(300 * DAY, 438 * DAY)


def _take(ready, chance) -> Person:
    place = chance.randrange(len(ready))
    ready[place], ready[-1] = ready[-1], ready[place]
    return ready.pop()


def _newcomer(history, launched_at, chance) -> Person:
    sex = "F" if chance.random() < 0.15 else "M"
    country = chance.choices(("USA", "SUN" if launched_at.year < 1992 else "RUS", "CHN"), (5, 4, 1))
    born_on = launched_at.date() - timedelta(days=chance.randrange(9_500, 20_000))
    history.people.append(Person(len(history.people) + 1, sex, country[0], born_on))
    return history.people[-1]


# For the record book


def careers_of(history: History) -> dict[str, book.Career]:
    """Careers by slug, as the ledger would load them."""
    flights = defaultdict(list)
    for one in history.missions:
        mission = book.Mission(
            one.slug,
            one.slug,
            "Synthetic",
            "Soyuz",
            one.boundary,
            one.launched_at,
            landed_at=one.landed_at,
            plan_ends_at=one.planned_at,
            stations=frozenset({STATION} if one.visits_station else ()),
        )
        for place, person in enumerate(one.crew):
            trips = flights[person.number]
            trips.append(
                book.Flight.of(
                    mission,
                    mission if one.landed_at else None,
                    number=len(trips) + 1,
                    country=person.country,
                    agency="nasa",
                    role="Crew",
                    spacewalks=[
                        book.Spacewalk(
                            walk.slug,
                            walk.started_at,
                            book.published_time(timedelta(seconds=walk.seconds), "minute"),
                            "orbital",
                        )
                        for walk in one.walks
                        if place in walk.crew
                    ],
                )
            )
    return {
        person.slug: book.Career.of(
            book.Astronaut(
                person.slug,
                f"Person {person.number}",
                f"{person.number:06}",
                person.sex,
                person.country,
                person.born_on,
                Precision.DAY,
            ),
            flights[person.number],
        )
        for person in history.people
    }


def confirmation() -> book.Confirmation:
    return book.Confirmation(CONFIRMED_THROUGH, GRACE)


# For the database


def save(history: History) -> None:
    """Write the history into a migrated, empty database, with the fixtures' leaderboards.

    The triggers, which look at one row after another, are put aside meanwhile.
    """
    fixtures.load(*FRAME)
    _put_triggers_aside()
    try:
        _save_rows(history)
    finally:
        triggers.install()
    # With the triggers back this also renews the data version.
    models.Confirmation.objects.create(through_at=CONFIRMED_THROUGH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _save_rows(history):
    nasa = models.Agency.objects.get(slug="nasa")
    station = models.Station.objects.get(slug=STATION)
    spacecraft = models.Spacecraft.objects.first()
    countries = {country.code: country for country in models.Country.objects.all()}
    people = {
        person.number: models.Astronaut(
            slug=person.slug,
            name=f"Person {person.number}",
            given_names="Person",
            family_name=f"{person.number:06}",
            sex=person.sex,
            born_on=person.born_on,
            birth_precision=Precision.DAY,
            nationality=countries[person.country],
            agency=nasa,
        )
        for person in history.people
    }
    _bulk(models.Astronaut, people.values())
    missions = {
        one.number: models.Mission(
            slug=one.slug,
            name=one.slug,
            programme="Synthetic",
            spacecraft=spacecraft,
            operator=nasa,
            launched_at=one.launched_at,
            landed_at=one.landed_at,
            landing_precision=Precision.SECOND if one.landed_at else "",
            planned_landing_at=one.planned_at,
            planned_landing_precision=Precision.SECOND if one.planned_at else "",
            launch_site="Baikonur",
            boundary=one.boundary,
        )
        for one in history.missions
    }
    _bulk(models.Mission, missions.values())
    visits = models.Mission.stations.through
    _bulk(
        visits,
        (
            visits(mission=missions[one.number], station=station)
            for one in history.missions
            if one.visits_station
        ),
    )
    flights = {
        (one.number, place): models.Flight(
            astronaut=people[person.number],
            launch_mission=missions[one.number],
            landing_mission=missions[one.number] if one.landed_at else None,
            role="Crew",
            nationality=countries[person.country],
            agency=nasa,
        )
        for one in history.missions
        for place, person in enumerate(one.crew)
    }
    _bulk(models.Flight, flights.values())
    walks = {
        walk.number: models.Spacewalk(
            slug=walk.slug,
            started_at=walk.started_at,
            duration=timedelta(seconds=walk.seconds),
            station=station,
            mission=missions[one.number],
            agency=nasa,
        )
        for one in history.missions
        for walk in one.walks
    }
    _bulk(models.Spacewalk, walks.values())
    _bulk(
        models.SpacewalkCrew,
        (
            models.SpacewalkCrew(
                spacewalk=walks[walk.number],
                flight=flights[one.number, place],
                position=position,
            )
            for one in history.missions
            for walk in one.walks
            for position, place in enumerate(walk.crew, 1)
        ),
    )


def _bulk(model, rows):
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        model.objects.bulk_create(chunk)


def _put_triggers_aside():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass, tgname FROM pg_trigger WHERE NOT tgisinternal"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
