"""Histories for tests of the book: plain objects, no database, instants as text, UTC.

`career("Ada Vega", trip("2000-01-01", "2000-01-11"))` flew for ten days; a trip without a landing
is under way.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from records.book.careers import (
    Astronaut,
    Career,
    Confirmation,
    Flight,
    Mission,
    Spacewalk,
    published_time,
)
from records.book.criteria import Category
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.book.standings import standings
from records.book.values import Value
from records.instants import Precision, period_end

_numbers = count(1)


def instant(value: str | datetime | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def confirmed_through(through_at="2100-01-01", *, grace_days=7) -> Confirmation:
    return Confirmation(instant(through_at), timedelta(days=grace_days))


#: Everything in a history is known.
ALL_KNOWN = confirmed_through()


def mission(launched_at="2000-01-01", landed_at=None, *, slug="", plan=None, **fields) -> Mission:
    """`plan` is the planned landing: `"2000-06-01"` by the day, `"2000-06"` by the month."""
    slug = slug or f"ship-{next(_numbers)}"
    for name in ("launch_precision", "landing_precision"):
        fields[name] = Precision(fields.get(name, "second"))
    if plan:
        by_month = len(plan) == len("2000-06")
        first = instant(f"{plan}-01" if by_month else plan)
        precision = Precision.MONTH if by_month else Precision.DAY
        fields |= {"plan_ends_at": period_end(first, precision), "plan_precision": precision}
    return Mission(
        slug=slug,
        name=fields.pop("name", slug),
        programme=fields.pop("programme", "Test"),
        family=fields.pop("family", "Ship"),
        boundary=fields.pop("boundary", "orbit"),
        launched_at=instant(launched_at),
        landed_at=instant(landed_at),
        **fields,
    )


def flight(up, down, *, country="USA", agency="nasa", role="Commander", walks=()) -> Flight:
    return Flight.of(
        up, down, number=1, country=country, agency=agency, role=role, spacewalks=walks
    )


def trip(launched_at="2000-01-01", landed_at=None, *, walks=(), **fields) -> Flight:
    """A flight up and down on one mission of its own; `fields` of either."""
    own = {name: fields.pop(name) for name in ("country", "agency", "role") if name in fields}
    ship = mission(launched_at, landed_at, **fields)
    return flight(ship, ship, walks=walks, **own)


def outside(seconds: int | None, precision="minute") -> Value:
    """A duration as its programme published it; None if it did not."""
    return published_time(None if seconds is None else timedelta(seconds=seconds), precision)


def walk(
    started_at, *, minutes=360, kind="orbital", precision="minute", known="minute"
) -> Spacewalk:
    """`precision` is that of the start, `known` that of the duration."""
    time = outside(None if minutes is None else minutes * 60, known)
    return Spacewalk(
        f"walk-{next(_numbers)}", instant(started_at), time, kind, Precision(precision)
    )


def career(name, *flights, sex="F") -> Career:
    """`career("Ada Vega", …)`; the last word is the family name."""
    ordered = sorted(flights, key=lambda one: one.launched_at)
    numbered = [replace(one, number=number) for number, one in enumerate(ordered, 1)]
    country = numbered[-1].country if numbered else "USA"
    who = Astronaut(name.lower().replace(" ", "-"), name, name.split()[-1], sex, country)
    return Career.of(who, numbered)


def board(careers, at="2090-01-01", *, metric="longest-flight", threshold=None, **options):
    """Standings of the careers at the instant. `confirmation`, or fields of a category."""
    confirmation = options.pop("confirmation", ALL_KNOWN)
    category = Category(**options)
    narrowed = [one for one in map(category.narrow, careers) if one]
    leaderboard = Rule(METRICS[metric], category, threshold)
    return list(standings(leaderboard, narrowed, instant(at), confirmation))


def ranks(rows) -> list[tuple[str, str]]:
    """`[("1", "Vega"), ("2=", "Ride"), …]`: rank, with = where shared, and family name."""
    return [(f"{row.rank}{'=' if row.tied else ''}", row.astronaut.family_name) for row in rows]
