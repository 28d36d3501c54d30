"""iCalendar text, as RFC 5545 has it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from records.formats.icalendar import Event, calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def event(**fields) -> Event:
    fields = {
        "uid": "one@example.org",
        "at": at("2026-12-04T06:18:40"),
        "summary": "A place is reached",
        "description": "Why.",
        "url": "https://example.org/watch/#one",
        "modified_at": at("2026-10-09"),
        "tentative": False,
        **fields,
    }
    return Event(**fields)


def written(*events, name="Record watch", description="What falls next") -> str:
    return calendar(
        name,
        description,
        events,
        url="https://example.org/watch.ics",
        refresh=timedelta(hours=6),
    )


def properties(text: str) -> list[tuple[str, str]]:
    """Names and values as a calendar program reads them: unfolded, unescaped."""
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert unfolded.pop() == ""
    return [(name, _unescaped(value)) for name, value in (line.split(":", 1) for line in unfolded)]


def _unescaped(value: str) -> str:
    read, signs = [], iter(value)
    for sign in signs:
        if sign == "\\":
            sign = next(signs)
            sign = "\n" if sign in "nN" else sign
        read.append(sign)
    return "".join(read)


def values(text: str, name: str) -> list[str]:
    return [value for key, value in properties(text) if key == name]


def test_an_event_has_all_that_a_subscriber_needs():
    text = written(event())
    begin = text.index("BEGIN:VEVENT")
    assert text[begin : text.index("END:VCALENDAR")].split("\r\n") == [
        "BEGIN:VEVENT",
        "UID:one@example.org",
        "DTSTAMP:20261009T000000Z",
        "LAST-MODIFIED:20261009T000000Z",
        "SEQUENCE:213667200",
        "DTSTART:20261204T061840Z",
        "SUMMARY:A place is reached",
        "DESCRIPTION:Why.",
        "URL:https://example.org/watch/#one",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "",
    ]


def test_the_calendar_says_what_it_is_and_when_to_come_back():
    found = dict(properties(written(event())))
    assert found["VERSION"] == "2.0"
    assert found["PRODID"]
    assert found["METHOD"] == "PUBLISH"
    assert found["NAME"] == found["X-WR-CALNAME"] == "Record watch"
    assert found["REFRESH-INTERVAL;VALUE=DURATION"] == found["X-PUBLISHED-TTL"] == "PT6H"


def test_it_is_never_without_a_component():
    text = written()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "BEGIN:VTIMEZONE" in text
    assert "BEGIN:VEVENT" not in text
    assert "BEGIN:VTIMEZONE" not in written(event())


def test_a_tentative_event_says_so():
    assert values(written(event(tentative=True)), "STATUS") == ["TENTATIVE"]


def test_a_later_change_has_a_higher_revision():
    earlier, later = (
        int(values(written(event(modified_at=at(day))), "SEQUENCE")[0])
        for day in ("2026-10-09", "2026-10-09T00:00:01")
    )
    assert later > earlier
    assert int(values(written(event(modified_at=at("1999-01-01"))), "SEQUENCE")[0]) == 0


def test_commas_semicolons_backslashes_and_line_breaks_are_escaped():
    text = written(event(summary="a, b; c\\d\r\ne\nf\rg"))
    assert "SUMMARY:a\\, b\\; c\\\\d\\ne\\nf\\ng\r\n" in text


def test_long_lines_are_folded_between_characters():
    summary = "Прокопьев " * 30
    text = written(event(summary=summary))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert values(text, "SUMMARY") == [summary]


def test_an_address_cannot_break_out_of_its_line():
    text = written(event(url="https://example.org/\r\nATTENDEE:x"))
    assert not any(name == "ATTENDEE" for name, _ in properties(text))


@given(st.text(), st.text(), st.text())
def test_whatever_is_written_is_read_back(name, summary, description):
    text = written(event(summary=summary, description=description), name=name)
    for line in text.split("\r\n"):
        assert len(line.encode("utf-8", "surrogatepass")) <= 75
        assert all(sign >= " " or sign == "\t" for sign in line)
    assert text.count("\n") == text.count("\r\n") == text.count("\r")

    def readable(value):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(one for one in value if one in "\n\t" or (one >= " " and one != "\x7f"))

    assert values(text, "SUMMARY") == [readable(summary)]
    # The calendar's own description comes first.
    assert values(text, "DESCRIPTION")[1:] == [readable(description)]
    assert values(text, "NAME") == [readable(name)]


def test_an_event_known_by_the_day_takes_the_day():
    assert "DTSTART;VALUE=DATE:20261204\r\n" in written(event(by_day=True))
