"""Statements: what a passage of a story says of a record, read as it is printed.

Only what can be read in one way is read. Whatever else a passage may say is said to be unreadable,
with the reason, and nobody guesses what it may mean.
"""

import re
from enum import StrEnum

from .metrics import Metric
from .plain import plain
from .values import DAY, ENDLESS, MINUTE, Unit


class Kind(StrEnum):
    """What is claimed: somebody's value, somebody's rank, how many reached a mark, or that nobody
    has."""

    VALUE = "value"
    RANK = "rank"
    COUNT = "count"
    NOBODY = "nobody"


class NotStated(ValueError):
    """Why a passage says nothing that could be checked, for editors."""


@plain()
class Statement:
    """A figure as it is printed: whole steps of so much. What is at least or at most so much has
    no other end; what is `shared` is a rank with others.

    `years` are those of an age that is told in full years and, or not, in days.
    """

    amount: int
    step: int = 1
    least: int = 0
    most: int = 0
    shared: bool = False
    years: tuple[int, int | None] | None = None

    @property
    def is_bound(self) -> bool:
        """Whether it says no more than how much it is at least, or at most."""
        return bool(self.least or self.most)


_SMALL = re.findall(
    "[a-z]+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
)
_TENS = re.findall("[a-z]+", "twenty thirty forty fifty sixty seventy eighty ninety")
_PLACES = re.findall(
    "[a-z]+",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
)
#: Words that put somebody first.
_FIRST = "longest|most|oldest|youngest|greatest|record|leads?|leading|longer|holds"

_WORD = {word: number for number, word in enumerate(_SMALL)}
_WORD |= {word: 20 + 10 * number for number, word in enumerate(_TENS)}
_WORD |= {
    f"{ten}-{_SMALL[one]}": 20 + 10 * number + one
    for number, ten in enumerate(_TENS)
    for one in range(1, 10)
}
_BIG = {"hundred": 100, "thousand": 1000}
_ONES = "|".join(sorted(_WORD, key=len, reverse=True))
_NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:an?|{_ONES})\s(?:hundred|thousand)|{_ONES}"
    r")"
)
_UNITS = {
    **dict.fromkeys(("year", "years"), "year"),
    **dict.fromkeys(("d", "day", "days"), "day"),
    **dict.fromkeys(("h", "hour", "hours"), "hour"),
    **dict.fromkeys(("m", "min", "minute", "minutes"), "minute"),
    **dict.fromkeys(("s", "second", "seconds"), "second"),
}
_SECONDS = {"day": DAY, "hour": 3600, "minute": MINUTE, "second": 1}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PART = rf"{_NUMBER}[\s-](?:{_UNIT})\b"
_LENGTH = re.compile(rf"(?<![\w.,-]){_PART}(?:(?:,\s|\sand\s|\s){_PART})*", re.I)
_PARTS = re.compile(rf"({_NUMBER})[\s-]({_UNIT})\b", re.I)
_COUNT = re.compile(rf"(?<![\w.,-]){_NUMBER}(?![\w-]|[.,]\d|\s(?:hundred|thousand)\b)", re.I)
_RANK = re.compile(rf"(?<![\w.,-])(?:(\d+)(?:st|nd|rd|th|=)|({'|'.join(_PLACES)}))(?![\w])", re.I)
_SHARED = re.compile(r"\b(?:shar(?:e|es|ed|ing)|ti(?:e|ed|es)|equal|level|joint)\b|\d=", re.I)
_NOBODY = re.compile(r"\b(?:nobody|no[\s-]one|none|no|never|not)\b", re.I)
#: A length of time that nobody can count in days.
_LOOSE = re.compile(r"\b(?:weeks?|months?|decades?|half|quarter|dozens?|fraction)\b|[½¼¾%]", re.I)
_BROKEN = re.compile(r"\d[.]\d|\d[–—/:]\d|\d\s[–—]\s\d|[-−]\d")
_BOUNDS = (
    (re.compile(r"(?:at\sleast|no\sfewer\sthan|no\sless\sthan)\s$", re.I), 1, 0, 0),
    (re.compile(r"(?:more\sthan|over|above|longer\sthan)\s$", re.I), 1, 0, 1),
    (re.compile(r"(?:at\smost|no\smore\sthan)\s$", re.I), 0, 1, 0),
    (re.compile(r"(?:less\sthan|fewer\sthan|under|below)\s$", re.I), 0, 1, -1),
)
_BEHIND = (
    (re.compile(r"^\s(?:at\sleast|or\smore)\b", re.I), 1, 0),
    (re.compile(r"^\s(?:at\smost|or\sless|or\sfewer)\b", re.I), 0, 1),
)
_LOOSELY = re.compile(
    r"\b(?P<word>about|around|some|roughly|nearly|almost|close\sto|approximately|just\sover|"
    r"(?<!add\s)(?<!adds\s)(?<!added\s)up\sto|"
    r"just\sunder|well\sover)\s$|(?P<sign>[≈~])\s?$",
    re.I,
)


def read(kind: Kind, passage: str, metric: Metric, mark: int | None = None) -> Statement:
    """What the passage states. `mark` is what was to be reached, in days for durations, years for
    ages, else a number; a figure of the passage that says the mark is not what is stated. Raises
    NotStated.
    """
    text = " ".join(passage.split())
    if kind is Kind.RANK:
        return _read_rank(text)
    if _BROKEN.search(text):
        raise NotStated("a figure is written with a fraction, a sign or a range.")
    if kind is Kind.NOBODY:
        return _read_nobody(text, metric, mark)
    if kind is Kind.COUNT or metric.unit is Unit.COUNT:
        return _read_count(text, mark)
    return _read_length(text, metric)


def _read_rank(text: str) -> Statement:
    places = [
        int(figure) if figure else _PLACES.index(word.lower()) + 1
        for figure, word in _RANK.findall(text)
    ]
    if not places and re.search(rf"\b(?:{_FIRST})\b", text, re.I):
        places = [1]
    if not places:
        raise NotStated("it says no place, such as “third” or “3rd”.")
    if len(places) > 1:
        raise NotStated("it says two places: bind the words of one.")
    if not places[0]:
        raise NotStated("there is no place 0.")
    return Statement(places[0], shared=bool(_SHARED.search(text)))


def _read_nobody(text: str, metric: Metric, mark: int | None) -> Statement:
    if not _NOBODY.search(text):
        raise NotStated("it does not say that nobody has: no “nobody” or “no”.")
    if mark is None:
        raise NotStated("say which mark nobody has reached.")
    if any(found != mark for found in _marks(text, metric)):
        raise NotStated("it says another mark.")
    return Statement(0)


def _marks(text: str, metric: Metric) -> list[int | None]:
    """The figures that may say a mark, in its unit; None for one that can be none."""
    lengths, rest = _lengths(text)
    if metric.unit is Unit.COUNT:
        return [_number(one[0]) for one in _counts(rest)]
    return [_in_marks(one[0], metric) for one in lengths]


def _in_marks(parts: str, metric: Metric) -> int | None:
    found = _PARTS.findall(parts)
    unit = "day" if metric.unit is Unit.SECONDS else "year"
    if len(found) == 1 and _UNITS[found[0][1].lower()] == unit:
        return _number(found[0][0])
    return None


def _read_count(text: str, mark: int | None) -> Statement:
    _, rest = _lengths(text)
    found = _counts(rest)
    if mark is not None and len(found) > 1:
        other = [one for one in found if _number(one[0]) != mark]
        found = other if len(other) == len(found) - 1 else found
    if len(found) > 1:
        # One of many is no figure: one flight, one of them.
        found = [one for one in found if one[0].lower() != "one"] or found[:1]
    if not found:
        raise NotStated("it says no number.")
    if len(found) > 1:
        raise NotStated("it says two numbers: bind the words of one.")
    (one,) = found
    if _LOOSE.search(text):
        raise NotStated("it says a number in words that can be read in several ways.")
    return _bounded(Statement(_number(one[0])), rest, one)


def _read_length(text: str, metric: Metric) -> Statement:
    if _LOOSE.search(text):
        raise NotStated("it says a length of time in words: write days, hours and minutes.")
    found, rest = _lengths(text)
    if not found:
        raise NotStated("it says no length of time: write days, hours and minutes, or years.")
    if len(found) > 1 or any(one[0].lower() != "one" for one in _counts(rest)):
        raise NotStated("it says two figures: bind the words of one.")
    (one,) = found
    parts = [(_number(number), _UNITS[unit.lower()]) for number, unit in _PARTS.findall(one[0])]
    units = [unit for _, unit in parts]
    order = ["year", *_SECONDS]
    if [order.index(unit) for unit in units] != sorted({order.index(unit) for unit in units}):
        raise NotStated("its units are not in order, the greatest first.")
    if metric.unit is Unit.DAYS:
        return _bounded(_age(parts, units), text, one)
    if "year" in units:
        raise NotStated("years have no length that could be checked: write days.")
    amount = sum(number * _SECONDS[unit] for number, unit in parts)
    return _bounded(Statement(amount, _SECONDS[units[-1]]), text, one)


def _age(parts: list[tuple[int, str]], units: list[str]) -> Statement:
    numbers = [number for number, _ in parts]
    if units == ["year"]:
        return Statement(numbers[0], years=(numbers[0], None))
    if units == ["year", "day"]:
        return Statement(numbers[0], years=(numbers[0], numbers[1]))
    if units == ["day"]:
        return Statement(numbers[0])
    raise NotStated("an age is written in years, or in years and days.")


def _lengths(text: str) -> tuple[list[re.Match], str]:
    """The lengths of time in a text, and the text with nothing in their places."""
    found = list(_LENGTH.finditer(text))
    return found, _LENGTH.sub(lambda one: "#" * len(one[0]), text)


def _counts(text: str) -> list[re.Match]:
    """The numbers in a text without lengths of time; “no one” is none."""
    return list(_COUNT.finditer(re.sub(r"\bno[\s-]one\b", "nobody", text, flags=re.I)))


def _number(text: str) -> int:
    text = text.lower()
    if text[0].isdigit():
        return int(text.replace(",", ""))
    first, _, big = text.partition(" ")
    return _WORD.get(first, 1) * _BIG.get(big, 1)


def _bounded(one: Statement, text: str, match: re.Match) -> Statement:
    """The statement with what the words around its figure make of it."""
    before, behind = text[: match.start()], text[match.end() :]
    if loosely := _LOOSELY.search(before):
        raise NotStated(f"“{loosely['word'] or loosely['sign']}” leaves open how much it is.")
    for pattern, least, most, more in _BOUNDS:
        if pattern.search(before):
            return Statement(one.amount + more, one.step, least, most, years=one.years)
    for pattern, least, most in _BEHIND:
        if pattern.search(behind):
            return Statement(one.amount, one.step, least, most, years=one.years)
    return one


def range_of(one: Statement) -> tuple[int, int]:
    """The true amounts of which a statement that is only a bound is so."""
    return (one.amount, ENDLESS) if one.least else (0, one.amount)
