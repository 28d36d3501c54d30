"""Whole histories made up by Hypothesis: crews that fly together, walk and overlap,
with instants known to the second, the minute or the day, and flights still under way."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from records.book.careers import Career, Confirmation, Flight, Spacewalk
from records.book.criteria import Category
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.instants import Precision, period_end
from tests.book.builders import career, mission, outside

BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

#: Few different lengths, so that marks are equalled, passed by a second, and passed by a mile.
LENGTHS = st.sampled_from([1, 59, 60, 3600, 86_399, 86_400, 86_401, 3 * 86_400, 10 * 86_400])
PRECISIONS = st.sampled_from([Precision.SECOND, Precision.SECOND, Precision.MINUTE, Precision.DAY])
#: How long a spacewalk was, and how well that and its start are known.
WALKS = st.tuples(
    st.sampled_from([3600, 7200]),
    st.sampled_from(["minute", "minute", "second", "about"]),
    st.sampled_from([Precision.SECOND, Precision.MINUTE, Precision.DAY]),
) | st.just((None, "unknown", Precision.MINUTE))


@dataclass(frozen=True)
class History:
    """Careers with the confirmation they are known by; `end` is after everything."""

    careers: tuple[Career, ...]
    confirmation: Confirmation
    end: datetime

    def _repr_pretty_(self, printer, cycle):
        printer.text(repr(self))

    def __repr__(self):
        lines = [
            f"{one.astronaut.slug}: up {flight.launched_at:%d %H:%M:%S}"
            f" ({flight.launch_mission.launch_precision}), down "
            + (f"{flight.landed_at:%d %H:%M:%S}" if flight.landed_at else "never")
            + f" ({flight.landing_mission.landing_precision}), plan {flight.plan_ends_at}"
            + "".join(f", walk until {walk.ended_at:%d %H:%M:%S}" for walk in flight.spacewalks)
            for one in self.careers
            for flight in one.flights
        ]
        known = f"confirmed through {self.confirmation.through_at}, {self.confirmation.grace}"
        return "\n".join(["", *lines, known])


def as_known(instant: datetime, precision: Precision) -> datetime:
    """An instant as it is written down if it is known only so well."""
    if precision is Precision.DAY:
        return instant.replace(hour=0, minute=0, second=0)
    return instant.replace(second=0) if precision is Precision.MINUTE else instant


@st.composite
def histories(draw, *, people=5, most_missions=6):
    names = [f"Pilot{number} Name{number % 3}" for number in range(people)]
    free_at = dict.fromkeys(names, BEGIN)
    flights = {name: [] for name in names}
    begin = BEGIN
    for _ in range(draw(st.integers(1, most_missions))):
        begin += timedelta(seconds=draw(st.sampled_from([0, 1, 60, 86_400, 5 * 86_400])))
        precision, landing_precision = draw(PRECISIONS), draw(PRECISIONS)
        up_at = as_known(begin, precision)
        ready = [name for name in names if free_at[name] <= up_at]
        if not ready:
            continue
        crew = draw(st.lists(st.sampled_from(ready), min_size=1, max_size=3, unique=True))
        under_way = draw(st.sampled_from([False, False, False, True]))
        down_at = as_known(up_at + timedelta(seconds=draw(LENGTHS)), landing_precision)
        if down_at <= up_at:
            continue
        plan_ends_at = None
        if under_way and draw(st.booleans()):
            plan_ends_at = period_end(up_at + timedelta(seconds=draw(LENGTHS)), Precision.DAY)
        ship = mission(
            up_at,
            None if under_way else down_at,
            launch_precision=precision,
            landing_precision=landing_precision,
            plan_ends_at=plan_ends_at,
            plan_precision=Precision.DAY,
        )
        country, role = draw(st.sampled_from(["USA", "RUS"])), draw(st.sampled_from(["Commander"]))
        for name in crew:
            flights[name].append(
                Flight.of(
                    ship,
                    ship,
                    number=1,
                    country=country,
                    agency="nasa",
                    role=role,
                    spacewalks=draw_walks(draw, name, up_at, down_at),
                )
            )
            free_at[name] = datetime.max.replace(tzinfo=UTC) if under_way else down_at
    confirmed = BEGIN + timedelta(seconds=draw(st.sampled_from([0, 3600, 86_400, 86_400 * 12])))
    careers = tuple(
        career(name, *trips, sex="F" if number % 2 else "M")
        for number, (name, trips) in enumerate(flights.items())
        if trips
    )
    grace = timedelta(days=draw(st.sampled_from([0, 2])))
    return History(careers, Confirmation(confirmed, grace), BEGIN + 60 * DAY)


#: How well somebody's birth date is known; None not at all.
BIRTHS = st.sampled_from([Precision.DAY, Precision.DAY, Precision.MONTH, Precision.AGE, None])


@st.composite
def open_histories(draw, **how):
    """Histories in which some birth dates are known poorly or not at all, and spacewalks of some
    flights are missing; known up to a while ago, or to the end."""
    history = draw(histories(**how))
    careers = []
    for one in history.careers:
        known = draw(BIRTHS)
        born_on = known and date(1970, draw(st.integers(1, 3)), 1)
        astronaut = replace(one.astronaut, born_on=born_on, birth_precision=known)
        flights = [
            replace(flight, spacewalks_missing=draw(st.sampled_from([False] * 5 + [True])))
            for flight in one.flights
        ]
        careers.append(Career.of(astronaut, flights))
    confirmed = draw(st.sampled_from([history.confirmation.through_at, history.end]))
    confirmation = replace(history.confirmation, through_at=confirmed)
    return replace(history, careers=tuple(careers), confirmation=confirmation)


def draw_walks(draw, name, up_at, down_at):
    length = round((down_at - up_at).total_seconds())
    if length < 86_399:
        return ()
    return tuple(
        Spacewalk(
            f"walk-{name}-{up_at:%d-%H-%M-%S}-{part}",
            as_known(up_at + part * timedelta(hours=8), known),
            outside(seconds, how),
            "orbital",
            known,
        )
        for part, (seconds, how, known) in enumerate(draw(st.lists(WALKS, max_size=2)))
    )


@st.composite
def rules(draw):
    """A leaderboard for people: a metric, a category and sometimes a threshold, or each part."""
    key = draw(st.sampled_from([key for key, metric in METRICS.items() if metric.measure]))
    # What rises in flight is where a progression is difficult.
    key = draw(st.sampled_from([key, "longest-flight", "total-time", "longest-career"]))
    metric = METRICS[key]
    category = draw(
        st.sampled_from(
            [
                Category(),
                Category(),
                Category(sex="F"),
                Category(countries=frozenset({"RUS"})),
                Category(first_only=True),
                Category(landed_only=True),
            ]
        )
    )
    threshold = draw(st.sampled_from([None, None, 1, 2]))
    return Rule(metric, category, threshold, draw(st.sampled_from(["", metric.each])))


def counted(rule: Rule, careers) -> list[Career]:
    """The careers that the leaderboard compares, as the ledger narrows them."""
    narrowed = [one for one in map(rule.category.narrow, careers) if one]
    if rule.each:
        return [part for one in narrowed for part in one.parts(rule.each)]
    return narrowed


INSTANTS = st.integers(-60, 60 * 86_400).map(lambda seconds: BEGIN + timedelta(seconds=seconds))


#: The same, after most has happened as a rule.
LATE_INSTANTS = INSTANTS | st.integers(10, 60).map(lambda days: BEGIN + days * DAY)


def boundaries(careers, changes, history) -> list[datetime]:
    """Every instant at which anything happens, with the seconds before and after it."""
    instants = {history.confirmation.through_at}
    instants.add(history.confirmation.through_at + history.confirmation.grace)
    for one in careers:
        for flight in one.flights:
            instants.update({flight.launched_at, flight.landed_at, flight.plan_ends_at})
            instants.update(walk.ended_at for walk in flight.spacewalks)
    for change in changes:
        instants.update({change.passed_at, change.sealed_at, change.until})
    instants.discard(None)
    around = {at + step * SECOND for at in instants for step in (-1, 0, 1)}
    return sorted(at for at in around if at <= history.end)
