"""What each country's people have flown, up to an instant."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .careers import Astronaut, Career, Confirmation


@dataclass(frozen=True, slots=True)
class CountryTotal:
    """People flown, the seconds of all their flights, and the first of them.

    `at_least` says that a landing known only to the day is among them.
    """

    code: str
    people: int
    person_seconds: int
    at_least: bool
    first: Astronaut
    first_launched_at: datetime


def country_totals(
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    combined: Callable[[str], str] = str,
) -> list[CountryTotal]:
    """Countries by people flown, then person-time; `combined` maps a code to the one it counts for.

    A flight counts for the country flown for at the time, so one person can count for two.
    """
    people: dict[str, set[str]] = {}
    seconds: dict[str, int] = {}
    vague: set[str] = set()
    firsts: dict[str, tuple] = {}
    for career in careers:
        for flight in career.at(at, confirmation).flights:
            code = combined(flight.country)
            people.setdefault(code, set()).add(career.astronaut.slug)
            seconds[code] = seconds.get(code, 0) + flight.seconds
            if flight.at_least:
                vague.add(code)
            key = (flight.launched_at, career.astronaut.family_name, career.astronaut.slug)
            if code not in firsts or key < firsts[code][0]:
                firsts[code] = (key, career.astronaut)
    totals = [
        CountryTotal(
            code,
            len(people[code]),
            seconds[code],
            code in vague,
            firsts[code][1],
            firsts[code][0][0],
        )
        for code in people
    ]
    return sorted(totals, key=lambda total: (-total.people, -total.person_seconds, total.code))
