"""Calendars that programs subscribe to: iCalendar text (RFC 5545, RFC 7986). Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: Octets of a line, its end not counted (RFC 5545, 3.1).
LINE_LENGTH = 75

#: Revisions are numbered by the second from here on: they grow, and stay in 31 bits until 2088.
FIRST_REVISION = datetime(2020, 1, 1, tzinfo=UTC)

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something at an instant, or `by_day` on its day. The same `uid` later on is the same event,
    put right.

    `modified_at` is when what is said here last changed. A `tentative` event may not take place.
    """

    uid: str
    at: datetime
    summary: str
    description: str
    url: str
    modified_at: datetime
    tentative: bool
    by_day: bool = False


def calendar(
    name: str, description: str, events: Iterable[Event], *, url: str, refresh: timedelta
) -> str:
    """The calendar's text. `url` is where it is kept, `refresh` how often to come back for it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Record watch//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"DESCRIPTION:{_text(description)}",
        f"X-WR-CALDESC:{_text(description)}",
        f"SOURCE;VALUE=URI:{_plain(url)}",
        f"URL:{_plain(url)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_duration(refresh)}",
        f"X-PUBLISHED-TTL:{_duration(refresh)}",
    ]
    written = [line for event in events for line in _event(event)]
    lines += written or _UTC_ZONE
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


#: A calendar must have something in it, even with no event.
_UTC_ZONE = [
    "BEGIN:VTIMEZONE",
    "TZID:Etc/UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
]


def _event(event: Event) -> list[str]:
    modified = _instant(event.modified_at)
    revision = max(0, int((event.modified_at - FIRST_REVISION).total_seconds()))
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{modified}",
        f"LAST-MODIFIED:{modified}",
        f"SEQUENCE:{revision}",
        _start(event),
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"URL:{_plain(event.url)}",
        f"STATUS:{'TENTATIVE' if event.tentative else 'CONFIRMED'}",
        # Nobody is busy because a record falls.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _start(event: Event) -> str:
    if event.by_day:
        return f"DTSTART;VALUE=DATE:{event.at.astimezone(UTC):%Y%m%d}"
    return f"DTSTART:{_instant(event.at)}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _duration(length: timedelta) -> str:
    return f"PT{round(length.total_seconds()) // 3600}H"


def _text(text: str) -> str:
    """A text value: escaped, with no control characters but line breaks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (sign for sign in text if sign == "\n" or sign == "\t" or _prints(sign))
    return "".join(kept).translate(_ESCAPES)


def _plain(value: str) -> str:
    """A value that is not a text, such as an address: not escaped, on one line."""
    return "".join(filter(_prints, value))


def _prints(sign: str) -> bool:
    return sign >= " " and sign != "\x7f"


def _folded(line: str) -> Iterable[str]:
    """The line in parts of at most 75 octets, the later ones beginning with a space; no character
    is cut in two."""
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE_LENGTH:
            yield part
            part, size = " ", 1
        part += sign
        size += octets
    yield part
