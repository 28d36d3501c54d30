"""Loading: everything that the record book needs, read from the database in four queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import BigIntegerField, Func

from records import models
from records.book import careers as book
from records.book.careers import Career, published_time
from records.instants import Precision, period_end

#: By what the database calls them.
PRECISIONS = {one.value: one for one in Precision}


@dataclass(frozen=True)
class KnownNames:
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
class Record:
    """Everybody's career and every mission, by slug, and what codes and slugs are called."""

    careers: dict[str, Career]
    missions: dict[str, book.Mission]
    names: KnownNames


class Seconds(Func):
    """An instant as whole seconds since 1970.

    SQLite keeps text instead, of which Django makes an instant many times more slowly.
    """

    output_field = BigIntegerField(null=True)

    def get_db_converters(self, connection):
        return []  # It is a whole number already.

    def as_sqlite(self, compiler, connection):
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template)

    def as_postgresql(self, compiler, connection):
        template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"
        return self.as_sql(compiler, connection, template=template)


def load(names: Mapping[tuple[str, int], str]) -> Record:
    """The whole record as it stands in the database; `names` are those that last, by kind and
    primary key."""
    # What refers to others is read first: rows that a writer commits meanwhile can then only be
    # missing at the referring end.
    walks = _spacewalks_by_flight()
    # In no order: to sort each astronaut's few is less work than to sort all.
    flight_rows = models.Flight.objects.order_by().values_list(
        "pk",
        "astronaut_id",
        "launch_mission_id",
        "landing_mission_id",
        "role",
        "nationality__code",
        "agency__slug",
        "nationality__name",
        "nationality__successor__code",
        "nationality__flag_colours",
        "spacewalk_gap__pk",
        "position",
        "agency__abbreviation",
    )
    trips: dict[int, list[tuple]] = defaultdict(list)
    countries: dict[str, list] = {}
    agencies: dict[str, str] = {}
    roles = set()
    for pk, astronaut, up, down, role, code, agency, *country, gap, position, short in flight_rows:
        trips[astronaut].append((pk, up, down, role, code, agency, gap is not None, position))
        countries.setdefault(code, country)
        agencies.setdefault(agency, short)
        roles.add(role)
    missions, stations = _missions(names)
    return Record(
        careers=_careers(trips, missions, walks, names),
        missions={mission.slug: mission for mission in missions.values()},
        names=KnownNames(
            countries={code: name for code, (name, _, _) in sorted(countries.items(), key=_second)},
            agencies=dict(sorted(agencies.items(), key=lambda item: item[1].casefold())),
            stations=stations,
            families=tuple(sorted({mission.family for mission in missions.values()})),
            programmes=tuple(sorted({mission.programme for mission in missions.values()})),
            roles=tuple(sorted(roles)),
            successors={code: heir for code, (_, heir, _) in countries.items() if heir},
            colours={code: flag for code, (_, _, flag) in countries.items()},
        ),
    )


def _second(item):
    return item[1]


def _careers(trips, missions, walks, names) -> dict[str, Career]:
    """Careers by slug. `trips` are the rows of flights by astronaut, `names` those that last."""
    careers = {}
    people = models.Astronaut.objects.order_by("pk").values_list(
        "pk", "slug", "name", "family_name", "sex", "born_on", "birth_precision"
    )
    for astronaut, slug, name, family_name, sex, born_on, precision in people:
        rows = trips.get(astronaut)
        if rows is None:
            continue
        if len(rows) > 1:
            rows.sort(key=lambda row: (missions[row[1]].launched_at, row[0]))
        flights = [
            book.Flight.of(
                missions[up],
                missions[down] if down else None,
                number=number,
                country=country,
                agency=agency,
                role=role,
                spacewalks=walks.get(pk, ()),
                spacewalks_missing=missing,
                position=position,
            )
            for number, (pk, up, down, role, country, agency, missing, position) in enumerate(
                rows, 1
            )
        ]
        who = book.Astronaut(
            slug,
            name,
            family_name,
            sex,
            country=flights[-1].country,
            born_on=born_on,
            birth_precision=PRECISIONS.get(precision),
            lasting_name=names.get(("astronaut", astronaut), ""),
        )
        careers[slug] = Career.of(who, flights)
    return careers


def _missions(lasting) -> tuple[dict[int, book.Mission], dict[str, str]]:
    """Missions by primary key, and station names by slug in order of their launch."""
    rows, names = {}, {}
    stations = defaultdict(set)
    for pk, station, name, launched_at, *row in models.Mission.objects.order_by("pk").values_list(
        "pk",
        "stations__slug",
        "stations__name",
        "stations__launched_at",
        "slug",
        "name",
        "programme",
        "spacecraft__family",
        "boundary",
        Seconds("launched_at"),
        "launch_precision",
        Seconds("landed_at"),
        "landing_precision",
        Seconds("planned_landing_at"),
        "planned_landing_precision",
        "lost",
    ):
        rows[pk] = row
        if station:
            stations[pk].add(station)
            names[station] = (launched_at, name)
    shared: dict[frozenset, frozenset] = {}
    missions = {}
    for pk, row in rows.items():
        visited = frozenset(stations.get(pk, ()))
        visited = shared.setdefault(visited, visited)
        missions[pk] = _mission(*row, visited, lasting.get(("mission", pk), ""))
    return missions, {slug: name for slug, (_, name) in sorted(names.items(), key=_second)}


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
    stations,
    lasting_name,
) -> book.Mission:
    return book.Mission(
        slug,
        name,
        programme,
        family,
        boundary,
        _instant(launched_at),
        PRECISIONS[launch_precision],
        _instant(landed_at),
        PRECISIONS.get(landing_precision, Precision.SECOND),
        None if planned_at is None else period_end(_instant(planned_at), plan_precision),
        PRECISIONS.get(plan_precision, Precision.SECOND),
        lost,
        stations,
        lasting_name,
    )


def _spacewalks_by_flight() -> dict[int, list[book.Spacewalk]]:
    walks = defaultdict(list)
    # Most of a crew were outside for as long: one object for all of them.
    shared: dict[tuple, book.Spacewalk] = {}
    rows = models.SpacewalkCrew.objects.values_list(
        "flight_id",
        "spacewalk__slug",
        Seconds("spacewalk__started_at"),
        "spacewalk__start_precision",
        "spacewalk__kind",
        "spacewalk__duration",
        "spacewalk__duration_precision",
        "spacewalk__duration_margin",
        "duration",
        "duration_precision",
    )
    for flight, slug, started_at, precision, kind, *published, own, own_precision in rows:
        walk = shared.get((slug, own, own_precision))
        if walk is None:
            time = published_time(*((own, own_precision) if own_precision else published))
            walk = shared[slug, own, own_precision] = book.Spacewalk(
                slug, _instant(started_at), time, kind, PRECISIONS[precision]
            )
        walks[flight].append(walk)
    return walks


def _instant(second: int | None) -> datetime | None:
    return None if second is None else datetime.fromtimestamp(second, UTC)
