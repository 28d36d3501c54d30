"""Totals: what the people of each country have flown, for each agency, to each station."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from records.instants import Precision, written

from .careers import CERTAINTY, CONFIRMED, Astronaut, Career, Confirmation, Flight, State
from .tallies import number
from .values import DAY, Value, seconds_between, total

#: What readers are told of person-days.
HOW_WE_COUNT = (
    "Person-days are the whole days in the sum of every person’s flights from lift-off to landing, "
    "a flight under way as far as it has come. They read “at least” where a landing is known only "
    "to the day, “at most” or “≈” where a flight is counted in part that nobody has heard of since "
    "the last confirmation."
)


@dataclass(frozen=True, slots=True)
class First:
    """One of those who were launched first."""

    astronaut: Astronaut
    launched_at: datetime
    launch_precision: Precision


@dataclass(frozen=True, slots=True)
class Total:
    """People flown, their flights, the time of those, and who were the first and when.

    `firsts` are all who were launched first together, by family name. `code` is what the flights
    have in common. So many of the people and of the flights as are `unlaunched` may not have been
    launched by the instant: the times of their launches are not known well enough to say. `state`
    is that of the flight under way of which least is known; landed if none is.
    """

    code: str
    people: int
    flights: int
    person_time: Value
    firsts: tuple[First, ...]
    unlaunched_people: int = 0
    unlaunched_flights: int = 0
    state: State = State.LANDED

    @property
    def people_value(self) -> Value:
        return number(self.people, self.people - self.unlaunched_people)

    @property
    def flights_value(self) -> Value:
        return number(self.flights, self.flights - self.unlaunched_flights)

    @property
    def who_and_how_often(self) -> str:
        """`298, on 410 flights`"""
        flights = "flight" if self.flights == 1 else "flights"
        return f"{self.people_value.text}, on {self.flights_value.text} {flights}"

    @property
    def in_words(self) -> str:
        """`12 people have flown for it, 14 times in all`"""
        people, flights = self.people_value, self.flights_value
        who = "One person has" if people.high == 1 else f"{people.text} people have"
        often = "once" if flights.high == 1 else f"{flights.text} times"
        return f"{who} flown for it, {often} in all"

    @property
    def first(self) -> First:
        """Of those who were launched first together, the first by name."""
        return self.firsts[0]

    @property
    def person_days(self) -> int:
        """The whole days in their time."""
        time = self.person_time
        return (time.low if time.at_least else time.amount) // DAY

    @property
    def hedge(self) -> str:
        """The word in front of the days, if they are not known."""
        time = self.person_time
        return "" if time.low // DAY == time.high // DAY else time.hedge or "≈"

    @property
    def reserve(self) -> str:
        """What must be said beside the time where it counts a flight that nobody has confirmed."""
        return "" if self.state in CONFIRMED else f"in part {self.state}"


def totals(
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    of: Callable[[Flight], Iterable[str]],
) -> list[Total]:
    """Totals up to the instant, by people flown, then by their time.

    `careers` are narrowed to what counts, one for each person. `of` names what a flight counts for:
    one code or several. As it is asked of each flight, one person can count for two.
    """
    flown: dict[str, list[tuple[Astronaut, Flight]]] = {}
    for career in careers:
        for flight in career.at(at, confirmation).flights:
            for code in of(flight):
                flown.setdefault(code, []).append((career.astronaut, flight))
    found = (_total(code, pairs, at, confirmation) for code, pairs in flown.items())
    return sorted(found, key=lambda one: (-one.people, -one.person_time.amount, one.code))


def breadth(
    careers: Iterable[Career], at: datetime, *, of: Callable[[Flight], Iterable[str]]
) -> tuple[Value, Value]:
    """How many people have flown for any code that `of` gives for a flight, and for how many
    codes."""
    people = sure_people = 0
    codes, sure_codes = set(), set()
    for career in careers:
        begun = [flight for flight in career.flights if flight.launched_at <= at]
        found = {code for flight in begun for code in of(flight)}
        surely = (flight for flight in begun if flight.launch_mission.launched_by <= at)
        sure = {code for flight in surely for code in of(flight)}
        people += bool(found)
        sure_people += bool(sure)
        codes |= found
        sure_codes |= sure
    return number(people, sure_people), number(len(codes), len(sure_codes))


def _total(code: str, flown: list[tuple[Astronaut, Flight]], at, confirmation) -> Total:
    flights = [flight for _, flight in flown]
    people = {astronaut.slug for astronaut, _ in flown}
    surely = {astronaut.slug for astronaut, flight in flown if not flight.may_be_unlaunched}
    return Total(
        code,
        people=len(people),
        flights=len(flights),
        unlaunched_people=len(people - surely),
        unlaunched_flights=sum(flight.may_be_unlaunched for flight in flights),
        person_time=total([_time(one, at, confirmation) for one in flights]),
        firsts=_firsts(flown),
        state=max((flight.state for flight in flights), key=CERTAINTY.index),
    )


def _time(flight: Flight, at: datetime, confirmation: Confirmation) -> Value:
    """How long it has lasted. Of a flight that nobody has heard of it may be as little as up to the
    last confirmation, or as much as up to the instant; no second of it is certain."""
    if flight.state in CONFIRMED:
        return flight.time
    heard = max(flight.launched_at, min(flight.until, confirmation.through_at))
    time = flight.time
    return replace(
        time,
        precision=Precision.coarsest((time.precision, Precision.MINUTE)),
        below=time.below + seconds_between(heard, flight.until),
        above=time.above + seconds_between(flight.until, at),
    )


def _firsts(flown: list[tuple[Astronaut, Flight]]) -> tuple[First, ...]:
    """All who went up on the ship that was launched first, or cannot be told to have gone up later:
    at the coarser precision of the two launches it is the same instant."""
    _, earliest = min(flown, key=lambda pair: pair[1].launched_at)
    first = earliest.launch_mission
    found = {}
    for astronaut, flight in flown:
        ship = flight.launch_mission
        known = Precision.coarsest((first.launch_precision, ship.launch_precision))
        together = written(ship.launched_at, known) == written(first.launched_at, known)
        if ship.slug == first.slug or together:
            found.setdefault(
                astronaut.slug, First(astronaut, ship.launched_at, ship.launch_precision)
            )
    return tuple(sorted(found.values(), key=lambda one: _by_name(one.astronaut)))


def _by_name(astronaut: Astronaut) -> tuple[str, str]:
    return astronaut.family_name, astronaut.slug
