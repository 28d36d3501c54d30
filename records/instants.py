"""Instants: aware UTC datetimes to the second, how well each is known, and reading the clock.

One meaning of a date everywhere: `2024-02-04` asks about the end of that UTC day, `2024-02` and
`2024` about the end of the month and the year.
"""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter

#: Nobody had flown before this day; the record book answers from here on.
FIRST_INSTANT = datetime(1957, 10, 4, tzinfo=UTC)

ACCEPTED = "a date such as 2024-02-04, or an instant such as 2024-02-04T08:30Z, in UTC"

_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?P<zone>Z|[+ -]\d{2}:?\d{2})?)?",
    re.ASCII,
)


class Precision(StrEnum):
    """How well an instant is known, finest first.

    `seconds` is the length of the step an instant of this precision is rounded to; a month counts
    31 days. `by_the_day` says that it is known only to the day, or worse.
    """

    SECOND = "second", 1
    MINUTE = "minute", 60
    DAY = "day", 86_400
    MONTH = "month", 31 * 86_400
    YEAR = "year", 366 * 86_400

    seconds: int
    by_the_day: bool

    def __new__(cls, value: str, seconds: int):
        member = str.__new__(cls, value)
        member._value_ = value
        member.seconds = seconds
        member.by_the_day = seconds >= 86_400
        return member

    @classmethod
    def coarsest(cls, precisions) -> "Precision":
        return max(precisions, key=attrgetter("seconds"), default=cls.SECOND)


def read_clock() -> datetime:
    """The present instant, UTC, to the second. Only views and commands call this, once each."""
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
    return instant


def last_day(day: date, precision: str) -> date:
    """The last day of the month or year that `day` stands for; itself if it is known to the day."""
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return (period_end(begin, precision) - timedelta(days=1)).date()


def full_years(born_on: date, day: date) -> int:
    """Birthdays up to and with the day. Of 29 February, that of other years is 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def parse_instant(text: str) -> datetime:
    """Read a reader's date or instant; a date means the last second of that UTC day.

    An instant without a zone is UTC. Raises ValueError, with words for the reader, for anything
    else, and for instants before 4 October 1957.
    """
    match = _INSTANT.fullmatch(text.strip()) if len(text) <= 40 else None
    if match is None:
        raise ValueError(f"An instant must be {ACCEPTED}.")
    try:
        if match["time"] is None:
            day = datetime.combine(date.fromisoformat(match["date"]), datetime.min.time(), UTC)
            instant = day + timedelta(days=1) - timedelta(seconds=1)
        else:
            # A "+" in a query string arrives as a space.
            zone = (match["zone"] or "Z").replace(" ", "+")
            instant = datetime.fromisoformat(f"{match['date']}T{match['time']}{zone}").astimezone(
                UTC
            )
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such instant. An instant must be {ACCEPTED}.") from None
    if instant < FIRST_INSTANT:
        raise ValueError("The record book begins on 1957-10-04, with the first satellite.")
    return instant


def isoformat(instant: datetime) -> str:
    """`2024-02-04T08:30:00Z`: how URLs, CSV and JSON write an instant."""
    return f"{instant.astimezone(UTC).isoformat(timespec='seconds')[:19]}Z"


def written(instant, precision: str) -> str:
    """`2023-09-27 11:17:21`, or as much of it as is known."""
    formats = {
        Precision.MINUTE: "%Y-%m-%d %H:%M",
        Precision.DAY: "%Y-%m-%d",
        Precision.MONTH: "%Y-%m",
        Precision.YEAR: "%Y",
    }
    return instant.strftime(formats.get(precision, "%Y-%m-%d %H:%M:%S"))
