"""Instants: aware UTC datetimes to the second, how well each is known, and reading the clock.

One meaning of a date everywhere: `2024-02-04` asks about the end of that UTC day, `2024-02` and
`2024` about the end of the month and the year.
"""

import re
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from operator import attrgetter

#: Nobody had flown before this day; the record book answers from here on.
FIRST_INSTANT = datetime(1957, 10, 4, tzinfo=UTC)

#: What to write where there was no date to read.
WRITE = (
    "Write a date such as 2024-02-04 or 4 February 2024, "
    "or an instant such as 2024-02-04T08:30Z, in UTC."
)
#: No fact, story or advert lies outside these years. Arithmetic on later instants can overflow.
PLAUSIBLE_YEARS = range(1850, 2201)

#: No date that people write is longer.
LONGEST = 60

#: Years that can be written with four digits, and have a next one.
YEARS = range(1000, 9999)

DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}

#: By their number; formatting by `%B` takes ten times as long.
MONTHS = (
    "",
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

#: The ways to write a day, a month or a year. `one` and `other` are a day and a month in either
#: order.
_DATES = tuple(
    re.compile(way, re.ASCII)
    for way in (
        # 1969, 1969-07, 1969-7-20, 1969 Jul 20, 1969/07/20
        r"(?P<year>\d{4})"
        r"(?:(?P<by>[-/. ])(?P<month>\d{1,2}|[a-z]{3,9})(?:(?P=by)(?P<day>\d{1,2}))?)?",
        # 20 July 1969, 20-Jul-1969
        r"(?P<day>\d{1,2})[-/. ]{0,2}(?P<month>[a-z]{3,9})[-/. ]?(?P<year>\d{4})",
        # July 20 1969, July 1969
        r"(?P<month>[a-z]{3,9})[- ]?(?:(?P<day>\d{1,2})[- ])?(?P<year>\d{4})",
        # 7/1969
        r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})",
        # 20/7/1969, 7/20/1969, 20.7.1969
        r"(?P<one>\d{1,2})(?P<by>[-/. ])(?P<other>\d{1,2})(?P=by)(?P<year>\d{4})",
    )
)

#: 20/7/69, 20 July 69, 69-07-20
_SHORT_YEAR = re.compile(r"(?P<rest>\d{1,2}[-/. ].+[-/. ])(?P<year>\d\d)", re.ASCII)

_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r" ?(?P<half>[ap]m)? ?(?:z|utc?|gmt)?"
    r"(?:(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?)?(?![\w:])",
    re.ASCII,
)

#: What a word processor makes of a hyphen: hyphens of its own, dashes, a minus sign.
_HYPHENS = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")

_WEEKDAY = re.compile(r"(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6} ")

#: What people put around the parts of a date, and what is left of it.
_DECORATION = (
    (re.compile(r"(?<=[a-z])\."), ""),  # Jul. 20, 8:17 p.m.
    (re.compile(r"(?<=\d)(?:st|nd|rd|th)\b"), ""),
    (re.compile(r"(?<=\d)t(?=\d)"), " "),
    (re.compile(r",|\b(?:the|of|on|at)\b"), " "),
)


class Precision(StrEnum):
    """How well an instant or a duration is known, finest first.

    `seconds` is the length of the step that one of this precision is rounded to; a month counts
    31 days. `by_the_day` says that it is known only to the day, or worse, `by_the_year` only to a
    year. Only durations are known ABOUT, half an hour more or less.
    """

    SECOND = "second", 1
    MINUTE = "minute", 60
    ABOUT = "about", 3_600
    DAY = "day", 86_400
    MONTH = "month", 31 * 86_400
    YEAR = "year", 366 * 86_400
    #: A year that begins on the day given: of births, where the age on some day is known.
    AGE = "age", 366 * 86_400

    seconds: int
    by_the_day: bool
    by_the_year: bool

    def __new__(cls, value: str, seconds: int):
        member = str.__new__(cls, value)
        member._value_ = value
        member.seconds = seconds
        member.by_the_day = seconds >= 86_400
        member.by_the_year = seconds >= 366 * 86_400
        return member

    @classmethod
    def of_span(cls, first: datetime, last: datetime) -> "Precision":
        """How well an instant is known that lies between the two."""
        known = (cls.SECOND, cls.MINUTE, cls.DAY, cls.MONTH)
        return next((one for one in known if last <= latest(first, one)), cls.YEAR)

    @classmethod
    def coarsest(cls, precisions) -> "Precision":
        return max(precisions, key=attrgetter("seconds"), default=cls.SECOND)


#: The instant of the request that is being answered; None outside of any.
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def read_clock() -> datetime:
    """The present instant, UTC, to the second. Only views and commands call this; while a request
    is answered, it is the request's one instant."""
    return _held.get() or _look_at_clock()


@contextmanager
def one_instant():
    """Whatever reads the clock meanwhile gets the same instant."""
    token = _held.set(_held.get() or _look_at_clock())
    try:
        yield
    finally:
        _held.reset(token)


def _look_at_clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def full_minute(instant: datetime) -> datetime:
    """The latest full minute at the instant: the present of the record book."""
    return instant.replace(second=0, microsecond=0)


def period_start(instant: datetime | date, precision: str) -> datetime | date:
    """The first instant, or day, of the day, month or year that `instant` stands for; itself if
    it is known more finely."""
    coarser = {
        Precision.DAY: {},
        Precision.MONTH: {"day": 1},
        Precision.YEAR: {"month": 1, "day": 1},
    }.get(precision)
    if coarser is None:
        return instant
    if isinstance(instant, datetime):
        coarser = {"hour": 0, "minute": 0, "second": 0, "microsecond": 0, **coarser}
    return instant.replace(**coarser)


def period_end(instant: datetime, precision: str) -> datetime:
    """The first instant after the day, month or year that `instant` stands for.

    An instant known to the second or the minute is its own end.
    """
    if precision == Precision.DAY:
        return datetime(instant.year, instant.month, instant.day, tzinfo=UTC) + timedelta(days=1)
    if precision == Precision.MONTH:
        year, month = divmod(instant.year * 12 + instant.month, 12)
        return datetime(year, month + 1, 1, tzinfo=UTC)
    if precision == Precision.YEAR:
        return datetime(instant.year + 1, 1, 1, tzinfo=UTC)
    if precision == Precision.AGE:
        try:
            return instant.replace(year=instant.year + 1)
        except ValueError:  # From 29 February on.
            return datetime(instant.year + 1, 3, 1, tzinfo=UTC)
    return instant


def latest(instant: datetime, precision: str) -> datetime:
    """The last second that an instant may be, as well as it is known. The first is the one that is
    written: known to the minute, day, month or year, it is written as their beginning."""
    if precision == Precision.SECOND:
        return instant
    if precision == Precision.MINUTE:
        return instant + timedelta(seconds=59)
    end = period_end(instant, precision)
    return end if end == instant else end - timedelta(seconds=1)


def last_day(day: date, precision: str) -> date:
    """The last day of the month or year that `day` stands for; itself if it is known to the day."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (period_end(begin, precision) - timedelta(days=1)).date()


def full_years(born_on: date, day: date) -> int:
    """Birthdays up to and with the day. Of 29 February, that of other years is 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


# Reading what people write


@dataclass(frozen=True)
class Reading:
    """What a text says about when: the first instant that it can mean, UTC, and how well that is
    known. `4 February 2024` says midnight, to the day."""

    begin: datetime
    precision: Precision

    @property
    def last(self) -> datetime:
        """The instant asked about: the last second of a day, month or year."""
        end = period_end(self.begin, self.precision)
        return end - timedelta(seconds=1) if self.precision.by_the_day else end

    @property
    def written(self) -> str:
        """`2024-02-04`, or `2024-02-04T08:30:00Z`: what reads as the same again."""
        if self.precision.by_the_day:
            return written(self.begin, self.precision)
        return isoformat(self.begin) if self.begin.second else f"{self.begin:%Y-%m-%dT%H:%M}Z"


class Unreadable(ValueError):
    """Why a text says no date, in words for whoever wrote it; `nearest` are those it may mean."""

    def __init__(self, words: str, *nearest: Reading):
        super().__init__(words)
        self.nearest = nearest


def read_when(text: str, now: datetime | None = None) -> Reading:
    """What the text says, in the ways in which people write dates in English or in numbers.

    An instant without a zone is UTC; parts of a second are dropped. `today`, `yesterday` and
    `tomorrow` are read if `now` is given. Raises Unreadable for everything else, and for what can
    be meant in two ways.
    """
    plain = " ".join(_HYPHENS.sub("-", text).split()).lower() if len(text) <= LONGEST else ""
    if now and plain in DAYS_FROM_TODAY:
        day = now + timedelta(days=DAYS_FROM_TODAY[plain])
        return Reading(period_start(day, Precision.DAY), Precision.DAY)
    if not plain.isascii():
        raise Unreadable(WRITE)
    for decoration, left in _DECORATION:
        plain = decoration.sub(left, plain)
    time = _TIME.search(plain)
    if time:
        plain = f"{plain[: time.start()]} {plain[time.end() :]}"
    weekday = _WEEKDAY.match(plain.strip())
    if weekday:
        plain = plain.strip()[weekday.end() :]
    days = _read_days(" ".join(plain.split()))
    if (time or weekday) and days[0].precision != Precision.DAY:
        raise Unreadable(WRITE)
    readings = [_at_time(day, time) for day in days] if time else days
    if len(days) > 1:
        raise Unreadable(
            f"“{text.strip()}” can be {_named(days[0])} or {_named(days[1])}.", *readings
        )
    actual = WEEKDAYS[days[0].begin.weekday()]
    if weekday and not actual.lower().startswith(weekday["name"]):
        raise Unreadable(f"{_named(days[0])} was a {actual}.", *readings)
    return readings[0]


def _read_days(plain: str) -> list[Reading]:
    """The day, month or year that is written; two of them where the day may be the month."""
    match = next(filter(None, (way.fullmatch(plain) for way in _DATES)), None)
    if match is None:
        if days := _in_each_century(plain):
            raise Unreadable("Write all four digits of the year.", *days)
        raise Unreadable(WRITE)
    parts = match.groupdict()
    if "one" not in parts:
        return [_period(parts["year"], parts["month"] or "", parts.get("day") or "")]
    one, other = sorted((parts["one"], parts["other"]), key=int)
    if int(other) > 12 or int(one) == int(other):
        return [_period(parts["year"], one, other)]
    return [
        _period(parts["year"], parts["other"], parts["one"]),
        _period(parts["year"], parts["one"], parts["other"]),
    ]


def _in_each_century(plain: str) -> list[Reading]:
    """The days that may be meant where the date ends, or begins, with two digits of a year."""
    short = _SHORT_YEAR.fullmatch(plain)
    days = []
    for century in ("19", "20") if short else ():
        for whole in (f"{short['rest']}{century}{short['year']}", f"{century}{plain}"):
            with suppress(Unreadable):
                days += [day for day in _read_days(whole) if day.precision == Precision.DAY]
    return days


def _period(year: str, month: str, day: str) -> Reading:
    """The day, or else the month or the year. Raises Unreadable for one that there never was."""
    if int(year) not in YEARS:
        raise Unreadable(f"The year {year} cannot be meant.")
    if not month:
        return Reading(datetime(int(year), 1, 1, tzinfo=UTC), Precision.YEAR)
    number = _month_number(month)
    first = datetime(int(year), number, 1, tzinfo=UTC)
    if not day:
        return Reading(first, Precision.MONTH)
    length = last_day(first.date(), Precision.MONTH).day
    if not 0 < int(day) <= length:
        nearest = first.replace(day=length if int(day) else 1)
        raise Unreadable(
            f"{MONTHS[number]} {year} has {length} days.", Reading(nearest, Precision.DAY)
        )
    return Reading(first.replace(day=int(day)), Precision.DAY)


def _month_number(month: str) -> int:
    if month.isdecimal():
        if not 0 < int(month) <= 12:
            raise Unreadable(f"There is no month {int(month)}. {WRITE}")
        return int(month)
    named = (number for number, name in enumerate(MONTHS) if name.lower().startswith(month))
    if (number := next(named, None)) is None:
        raise Unreadable(WRITE)
    return number


def _at_time(day: Reading, time: re.Match) -> Reading:
    """The instant of the day. Raises Unreadable for a time that there is not."""
    hour, minute, second = (int(time[part] or 0) for part in ("hour", "minute", "second"))
    if time["half"]:
        hour = hour % 12 + (12 if time["half"] == "pm" else 0) if 0 < hour <= 12 else 24
    try:
        instant = day.begin.replace(hour=hour, minute=minute, second=second, tzinfo=_zone(time))
        instant = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"There is no such time of day. {WRITE}", day) from None
    return Reading(instant, Precision.SECOND if time["second"] else Precision.MINUTE)


def _zone(time: re.Match) -> timezone:
    """UTC, or so far from it: `+03:00`. Raises ValueError for a day or more."""
    if not time["sign"]:
        return UTC
    ahead = timedelta(hours=int(time["hours"]), minutes=int(time["minutes"] or 0))
    return timezone(ahead if time["sign"] == "+" else -ahead)


def _named(day: Reading) -> str:
    return f"{day.begin.day} {MONTHS[day.begin.month]} {day.begin.year}"


#: How much of `2024-02-04T08:30:00` is written of an instant known only so well.
_LENGTHS = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4, Precision.AGE: 0}


def isoformat(instant: datetime, precision: str = Precision.SECOND) -> str:
    """`2024-02-04T08:30:00Z`, or as much of it as is known, down to `2024`: how URLs, CSV and JSON
    write an instant. A year from a day on cannot be written so; it is empty."""
    text = instant.astimezone(UTC).isoformat(timespec="seconds")[:19]
    if precision == Precision.MINUTE:
        return f"{text[:16]}Z"
    return text[: _LENGTHS[precision]] if precision in _LENGTHS else f"{text}Z"


def written(instant, precision: str) -> str:
    """`2023-09-27 11:17:21`, or as much of it as is known."""
    formats = {
        Precision.MINUTE: "%Y-%m-%d %H:%M",
        Precision.DAY: "%Y-%m-%d",
        Precision.MONTH: "%Y-%m",
        Precision.YEAR: "%Y",
    }
    if precision == Precision.AGE:
        return f"{instant:%Y-%m-%d}/{last_day(instant, precision):%Y-%m-%d}"
    return instant.strftime(formats.get(precision, "%Y-%m-%d %H:%M:%S"))
