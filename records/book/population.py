"""Population: how many people were in space at once, and for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .careers import Astronaut, Career, Confirmation, State
from .progression import Kind, RecordChange
from .values import Unit, Value

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """A time during which the same people were in space, from `begin` up to and without `end`.

    `end` is None for the one that still lasts. `aboard` are sorted by slug. An unconfirmed flight
    is not counted.
    """

    begin: datetime
    end: datetime | None
    aboard: tuple[Astronaut, ...]

    @property
    def count(self) -> int:
        return len(self.aboard)

    @property
    def value(self) -> Value:
        return Value(self.count, Unit.COUNT)


@dataclass(frozen=True, slots=True)
class PopulationStanding:
    """One row of the board: the rank (shared where `tied`) and the interval."""

    rank: int
    tied: bool
    interval: Interval

    @property
    def value(self) -> Value:
        return self.interval.value


def intervals(
    careers: Iterable[Career], at: datetime, confirmation: Confirmation
) -> list[Interval]:
    """Every interval up to the instant, in order of time, those with nobody in space included.

    `careers` are narrowed to what counts. Empty before the first launch.
    """
    changes: dict[datetime, list[tuple[bool, Astronaut]]] = {}
    for career in careers:
        for flight in career.flights:
            clipped = flight.at(at, confirmation)
            if clipped is None:
                continue
            changes.setdefault(clipped.launched_at, []).append((True, career.astronaut))
            end = clipped.landed_at
            if clipped.state is State.UNCONFIRMED:
                end = clipped.until + SECOND
            if end:
                changes.setdefault(end, []).append((False, career.astronaut))
    aboard: dict[str, Astronaut] = {}
    found: list[Interval] = []
    for instant in sorted(changes):
        # Landings first: who lands and is launched again in one second is aboard.
        for launched, astronaut in sorted(changes[instant], key=lambda change: change[0]):
            if launched:
                aboard[astronaut.slug] = astronaut
            else:
                aboard.pop(astronaut.slug, None)
        if found:
            found[-1] = replace(found[-1], end=instant)
        found.append(Interval(instant, None, tuple(aboard[slug] for slug in sorted(aboard))))
    return found


def population_standings(found: list[Interval]) -> list[PopulationStanding]:
    """Intervals with anybody in space, the most crowded first; shared ranks, older ones first."""
    peopled = [interval for interval in found if interval.count]
    peopled.sort(key=lambda interval: (-interval.count, interval.begin))
    tally: dict[int, int] = {}
    for interval in peopled:
        tally[interval.count] = tally.get(interval.count, 0) + 1
    ranks: dict[int, int] = {}
    for place, interval in enumerate(peopled, start=1):
        ranks.setdefault(interval.count, place)
    return [
        PopulationStanding(ranks[interval.count], tally[interval.count] > 1, interval)
        for interval in peopled
    ]


def population_progression(found: list[Interval], *, least: int = 1) -> list[RecordChange]:
    """The record's steps: each time as many as ever, or more, came to be in space at once.

    A step's holders are those aboard; it lasts until the mark was equalled or broken. Fewer than
    `least` are no record.
    """
    steps: list[RecordChange] = []
    best = 0
    previous = 0
    for interval in found:
        count, was = interval.count, previous
        previous = count
        if count < max(best, least, 1) or (count == best and was >= count):
            continue
        last = steps[-1] if steps else None
        if last:
            steps[-1] = replace(last, until=interval.begin)
        kind = Kind.FIRST if last is None else Kind.BROKEN if count > best else Kind.EQUALLED
        steps.append(
            RecordChange(
                kind,
                interval.aboard,
                passed_at=interval.begin,
                sealed_at=interval.begin,
                until=None,
                began=interval.value,
                value=interval.value,
                before=last.value if last else None,
                rising=False,
            )
        )
        best = count
    return steps


def time_series(found: list[Interval]) -> list[tuple[datetime, int]]:
    """(instant, people in space from then on), for drawing."""
    return [(interval.begin, interval.count) for interval in found]
