"""What a page counts, in words: which flights, and what it would add to count others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from records.book.careers import Career
from records.book.criteria import BOUNDARY_WORDS, DEFAULT_BOUNDARY, LOWEST_BOUNDARY
from records.book.rolls import Roll
from records.book.tallies import number
from records.book.values import Value
from records.book.words import AS_FAR_AS_IS_KNOWN, listed

from .words import counted

#: How many there are of each kind, by what one of them and several are called.
Amounts = Mapping[tuple[str, str], Value]

PEOPLE = ("person", "people")
FLIGHTS = ("flight", "flights")
COUNTRIES = ("country", "countries")
AGENCIES = ("agency", "agencies")
VALUES = ("value", "values")
STATIONS = ("station", "stations")


@dataclass(frozen=True)
class Way:
    """A link to the same page that counts other flights."""

    words: str
    url: str


@dataclass(frozen=True)
class Counting:
    """Which flights a page counts; what it adds, or would add, to count suborbital ones; and the
    `ways` to count others."""

    said: str
    effect: str = ""
    ways: tuple[Way, ...] = ()


def counting(
    boundary: str,
    effect: Callable[[str], str],
    url: Callable[[str], str],
    *,
    nobody: str = "",
) -> Counting:
    """The words for a page that counts flights which crossed the boundary.

    `effect` says what it does to count another boundary than orbit, as in `add 136 people`; `url`
    leads to the page that does. `nobody` are the words for it that nobody reached orbit, where
    suborbital flights are counted for that reason.
    """
    crossed = BOUNDARY_WORDS[boundary]
    if nobody:
        return Counting(f"{nobody}, so we count suborbital flights: those that {crossed}.")
    include = Way("Include suborbital flights", url(LOWEST_BOUNDARY))
    if boundary == DEFAULT_BOUNDARY:
        would = f"Suborbital flights would {effect(LOWEST_BOUNDARY)}."
        return Counting(f"We count flights that {crossed}.", would, (include,))
    only = Way("Count orbit only", url(DEFAULT_BOUNDARY))
    return Counting(
        f"We count flights that {crossed}, suborbital ones too.",
        f"Suborbital flights {effect(boundary)}.",
        (only,) if boundary == LOWEST_BOUNDARY else (only, include),
    )


def combining(combined: bool, effect: str, url: str) -> Counting:
    """The same of former states, `combined` with their successors or not; the `url` leads to the
    page that does the other."""
    said = "Former states counted for their successors"
    if combined:
        return Counting(f"{said} {effect}.", ways=(Way("Count them apart", url),))
    return Counting(f"{said} would {effect}.", ways=(Way("Combine them", url),))


def flown(roll: Roll, at: datetime) -> Amounts:
    """The people of a roll and their flights, up to the instant."""
    return {PEOPLE: roll.people(at), FLIGHTS: roll.flights(at)}


def flights_of(careers: Iterable[Career]) -> Value:
    """How many flights some careers have, clipped to an instant."""
    flights = [flight for career in careers for flight in career.flights]
    return number(len(flights), sum(not flight.may_be_unlaunched for flight in flights))


def compared(amounts: Callable[[str], Amounts]) -> Callable[[str], str]:
    """What it does to count another boundary than orbit, by the amounts of each boundary."""
    return lambda boundary: difference(amounts(DEFAULT_BOUNDARY), amounts(boundary))


def difference(before: Amounts, after: Amounts) -> str:
    """`add 136 people and 9 countries`, `add 72 people and take away 3 countries`, `add nobody`;
    `add 136 people, as far as is known` on the day of a launch known no better."""
    more = {names: after[names].amount - before[names].amount for names in before}
    added = [counted(number, *names) for names, number in more.items() if number > 0]
    removed = [counted(-number, *names) for names, number in more.items() if number < 0]
    said = _said({"add": listed(added), "take away": listed(removed)}, PEOPLE in more)
    sure = all(one.low == one.high for one in (*before.values(), *after.values()))
    return said if sure else f"{said}, {AS_FAR_AS_IS_KNOWN}"


def change(names: tuple[str, str], *, added: int = 0, removed: int = 0, changed: int = 0) -> str:
    """`add 136 people and change 8 values`: rows of a leaderboard, by what they are called."""
    numbers = {"add": (added, names), "take away": (removed, names), "change": (changed, VALUES)}
    said = {verb: counted(number, *of) for verb, (number, of) in numbers.items() if number}
    return _said(said, names == PEOPLE)


def _said(what: Mapping[str, str], people: bool) -> str:
    said = [f"{verb} {words}" for verb, words in what.items() if words]
    return listed(said) or f"add {'nobody' if people else 'nothing'}"
