"""Instants, durations, ranks and states in the words of the site: plain text, no clock."""

from collections.abc import Iterable
from datetime import UTC, datetime

from records.book.careers import State
from records.book.values import Value
from records.book.words import AS_FAR_AS_IS_KNOWN
from records.instants import MONTHS, Precision, isoformat, last_day

#: The least share of a bar, in per cent, that can still be seen.
LEAST_BAR = 0.4

#: What a flight is called by the boundary it crossed.
KINDS = {"orbit": "orbital", "100km": "suborbital", "80km": "suborbital"}

STATES = {
    State.LANDED: "landed",
    State.IN_FLIGHT: "in flight",
    State.PRESUMED: "in flight, presumed",
    State.UNCONFIRMED: "unconfirmed",
}


# Instants


def instant(at, precision=Precision.SECOND) -> str:
    """`27 September 2023, 11:17 UTC`, or as much of it as is known; seconds are cut off."""
    if not at:
        return ""
    at = _utc(at)
    if precision == Precision.AGE:
        return f"{instant(at, Precision.DAY)} to {instant(last_day(at, precision), Precision.DAY)}"
    if precision == Precision.YEAR:
        return str(at.year)
    if precision == Precision.MONTH:
        return f"{MONTHS[at.month]} {at.year}"
    words = f"{at.day} {MONTHS[at.month]} {at.year}"
    return words if precision == Precision.DAY else f"{words}, {at.hour:02}:{at.minute:02} UTC"


def exact_instant(at, precision=Precision.SECOND) -> str:
    """`27 September 2023, 11:17:21 UTC`, or as much of it as is known."""
    if at and precision == Precision.SECOND:
        at = _utc(at)
        clock = f"{at.hour:02}:{at.minute:02}:{at.second:02}"
        return f"{at.day} {MONTHS[at.month]} {at.year}, {clock} UTC"
    return instant(at, precision)


def day(at, precision=Precision.DAY) -> str:
    """`27 September 2023`: the UTC day of an instant, or a date; the month or year if only that
    is known."""
    return instant(at, Precision.coarsest((Precision(precision), Precision.DAY)))


def isoinstant(at, precision=Precision.SECOND) -> str:
    """`2023-09-27T11:17:21Z`, or as much of it as is known: for `datetime` attributes."""
    return isoformat(_utc(at), precision) if at else ""


def _utc(at) -> datetime:
    if not isinstance(at, datetime):
        return datetime(at.year, at.month, at.day, tzinfo=UTC)
    return at.astimezone(UTC)


# Durations


def duration_parts(value: Value) -> list[str]:
    """`["370 d", "21 h", "22 m"]`; empty for the units that are not known."""
    if value.precision.by_the_day:
        return [value.text, "", ""]
    words = value.text.removeprefix(value.hedge).split()
    parts = [" ".join(words[place : place + 2]) for place in range(0, len(words), 2)]
    return [f"{value.hedge} {parts[0]}".lstrip(), *parts[1:]]


# Numbers, ranks, states


def thousands(number) -> str:
    """`29,569`: how large numbers of days and people are written."""
    return f"{number:,}"


def ordinal(number) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    number = int(number)
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def rank(standing) -> str:
    """`3`, or `3=` where the rank is shared; `≈3` where what is known of the others on the board
    allows another."""
    return f"{'' if standing.settled else '≈'}{standing.rank}{'=' if standing.tied else ''}"


def among(standing) -> str:
    """Of whom its rank is told, where others could take it: `among those whose birth dates are
    known`. Empty where nobody else could."""
    if not standing.open_to:
        return ""
    needs = standing.metric.needs
    return f"among those whose {needs} are known" if needs else "as far as spacewalks are known"


def of_whom(standing, total: int) -> str:
    """`of 691 whose birth dates are known`: among how many the rank is."""
    needs = standing.metric.needs
    if needs:
        return f"of {total} whose {needs} are known"
    return ", ".join(filter(None, (f"of {total}", among(standing))))


def among_whom(standings: Iterable) -> str:
    """Of whom the ranks of some are, where others could take one of them; else empty."""
    found = next(filter(None, map(among, standings)), "")
    return found and f"Ranks are {found}."


def reserve(standing) -> str:
    """What must be said beside a rank that is not certain; empty beside one that is."""
    return among(standing) or ("" if standing.settled else AS_FAR_AS_IS_KNOWN)


def kind(boundary: str) -> str:
    """`orbital`, `suborbital`, or `neither` of what did not reach space."""
    return KINDS.get(boundary, "neither")


def percent_of(amount, scale) -> str:
    """The share of the scale in per cent, `84.27`, from 0 to 100; never too thin to be seen."""
    if not scale or not amount or amount < 0:
        return "0"
    return f"{min(max(100 * amount / scale, LEAST_BAR), 100):.4g}"


def counted(number: int | Value, one: str, many: str = "") -> str:
    """`1 mission`, `2 missions`, `1 to 2 missions`; `many` where it is not `one` with an s."""
    single = (number.high if isinstance(number, Value) else number) == 1
    text = number.text if isinstance(number, Value) else number
    return f"{text} {one if single else many or f'{one}s'}"


def state_words(state: State, *, lost: bool = False) -> str:
    """What is known of a flight, in a word or two; `lost` if its craft was lost."""
    return "lost with the craft" if lost and state is State.LANDED else STATES[state]
