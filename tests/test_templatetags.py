"""How templates write instants, durations, ranks and bars."""

from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template

from records.book.careers import State
from records.book.values import Unit, Value
from records.instants import Precision
from records.tables import words
from records.templatetags import records as tags
from records.views.questions import Instant, read_parameters

LANDING = datetime(2023, 9, 27, 11, 17, 21, tzinfo=UTC)
RUBIO = 370 * 86_400 + 21 * 3600 + 22 * 60 + 16
AT = datetime(2026, 11, 22, 20, 33, tzinfo=UTC)
NOW = Instant(AT, is_now=True, now=AT)
THEN = Instant(LANDING, is_now=False, now=AT)


def draw(source, **context):
    return Template("{% load records %}" + source).render(Context(context)).strip()


def standing(*, amount=RUBIO, state=State.LANDED, running=False, rank=1, tied=False, settled=True):
    return SimpleNamespace(
        value=Value(amount, Unit.SECONDS),
        state=state,
        running=running,
        rank=rank,
        tied=tied,
        settled=settled,
    )


# Instants


@pytest.mark.parametrize(
    ("precision", "words", "machine"),
    [
        ("second", "27 September 2023, 11:17 UTC", "2023-09-27T11:17:21Z"),
        ("minute", "27 September 2023, 11:17 UTC", "2023-09-27T11:17Z"),
        ("day", "27 September 2023", "2023-09-27"),
        ("month", "September 2023", "2023-09"),
        ("year", "2023", "2023"),
    ],
)
def test_instant_is_written_as_well_as_it_is_known(precision, words, machine):
    assert tags.instant(LANDING, precision) == words
    assert tags.isoinstant(LANDING, precision) == machine
    assert draw("{% time at precision %}", at=LANDING, precision=precision) == (
        f'<time datetime="{machine}">{words}</time>'
    )


def test_seconds_are_shown_only_when_asked_for_and_known():
    finest = ("second", "minute", "day")
    written = [draw("{% time at known exact=True %}", at=LANDING, known=known) for known in finest]
    assert written == [
        '<time datetime="2023-09-27T11:17:21Z">27 September 2023, 11:17:21 UTC</time>',
        '<time datetime="2023-09-27T11:17Z">27 September 2023, 11:17 UTC</time>',
        '<time datetime="2023-09-27">27 September 2023</time>',
    ]


def test_instant_of_another_zone_is_written_in_utc():
    at = datetime(2024, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=3)))
    assert tags.instant(at) == "31 December 2023, 22:30 UTC"
    assert tags.day(at) == "31 December 2023"


def test_day_is_never_finer_than_a_day_nor_than_what_is_known():
    assert tags.day(LANDING, "second") == "27 September 2023"
    assert tags.day(date(1934, 3, 9)) == "9 March 1934"
    assert tags.day(date(1963, 5, 1), "month") == "May 1963"


def test_unknown_instants_and_lengths_are_blank():
    source = '{{ none|instant }}{{ none|day }}{{ none|isoinstant }}{% time none "day" %}'
    assert draw(source, none=None) == ""


# Durations and values


def test_value_is_a_time_element_with_the_words_of_the_book():
    assert draw("{% value v now %}", v=Value(RUBIO, Unit.SECONDS), now=NOW) == (
        '<time datetime="P370DT21H22M16S">370 d 21 h 22 m</time>'
    )


def test_count_is_plain_data():
    assert draw("{% value v now running=True %}", v=Value(16, Unit.COUNT), now=NOW) == (
        '<data value="16">16</data>'
    )


def test_running_value_ticks_around_text_that_is_right_without_scripts():
    html = draw("{% value v now running=True %}", v=Value(RUBIO, Unit.SECONDS), now=NOW)
    assert html == (
        f'<live-duration seconds="{RUBIO}" to-the-second aria-live="off">'
        '<time datetime="P370DT21H22M16S">370 d 21 h 22 m</time></live-duration>'
    )


def test_seconds_of_a_launch_known_to_the_minute_are_not_made_up():
    value = Value(RUBIO, Unit.SECONDS, Precision.MINUTE)
    html = draw("{% value v now running=True %}", v=value, now=NOW)
    assert "<live-duration" in html
    assert "to-the-second" not in html


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        (Value(RUBIO, Unit.SECONDS), THEN),
        (Value(RUBIO, Unit.SECONDS), None),
        (Value(RUBIO, Unit.SECONDS, Precision.DAY), NOW),
    ],
    ids=["in the past", "at no instant", "known to the day"],
)
def test_value_stands_still_where_ticking_would_pretend(value, instant):
    html = draw("{% value v instant running=True %}", v=value, instant=instant)
    assert "live-duration" not in html


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        (Value(RUBIO, Unit.SECONDS), ["370 d", "21 h", "22 m"]),
        (Value(3 * 3600 + 60, Unit.SECONDS), ["3 h", "1 m"]),
        (Value(59, Unit.SECONDS), ["59 s"]),
        (Value(RUBIO, Unit.SECONDS, Precision.DAY), ["≈ 370 d", "", ""]),
        (Value(RUBIO, Unit.SECONDS, Precision.DAY, above=86_399), ["at least 370 d", "", ""]),
    ],
)
def test_aligned_value_has_a_box_for_each_unit(value, parts):
    html = draw("{% value v now aligned=True %}", v=value, now=NOW)
    assert html.count("<span") == len(parts)
    assert all(f'<span class="part">{part}</span>' in html for part in parts)


def test_flight_under_way_ticks():
    flight = SimpleNamespace(time=Value(RUBIO, Unit.SECONDS), state=State.IN_FLIGHT)
    assert "<live-duration" in draw("{% flight_time f now %}", f=flight, now=NOW)
    flight.state = State.UNCONFIRMED
    assert "<live-duration" not in draw("{% flight_time f now %}", f=flight, now=NOW)


# Ranks and bars


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *[(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (21, "21st"), (101, "101st")],
        *[(11, "11th"), (12, "12th"), (13, "13th"), (111, "111th"), (112, "112th")],
    ],
)
def test_ordinal(number, written):
    assert words.ordinal(number) == written


def test_shared_rank_says_so():
    assert tags.rank(standing(rank=3, tied=True)) == "3="
    assert tags.rank(standing(rank=5)) == "5"


def test_a_rank_that_the_facts_leave_open_says_so():
    assert tags.rank(standing(rank=3, tied=True, settled=False)) == "≈3="


@pytest.mark.parametrize(
    ("amount", "scale", "percent"),
    [
        (50, 100, "50"),
        (1, 3, "33.33"),
        (100, 100, "100"),
        (150, 100, "100"),
        (1, 100_000, "0.4"),
        (0, 100, "0"),
        (-5, 100, "0"),
        (5, 0, "0"),
        (None, 100, "0"),
    ],
)
def test_bar_stays_on_its_scale(amount, scale, percent):
    assert words.percent_of(amount, scale) == percent


@pytest.mark.parametrize(
    ("state", "running", "drawn"),
    [
        (State.LANDED, False, "landed"),
        (State.IN_FLIGHT, True, "in_flight"),
        (State.PRESUMED, True, "presumed"),
        (State.UNCONFIRMED, False, "unconfirmed"),
        (State.IN_FLIGHT, False, "landed"),
    ],
)
def test_bar_is_open_only_while_the_value_rises(state, running, drawn):
    html = draw("{% orbit_bar s 40000000 %}", s=standing(state=state, running=running))
    assert f"orbit-bar--{drawn}" in html
    assert ("orbit-bar__halo" in html) == running
    assert ("orbit-bar__stop" in html) != running


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.LANDED, "landed"),
        (State.IN_FLIGHT, "in flight"),
        (State.PRESUMED, "in flight, presumed"),
        (State.UNCONFIRMED, "unconfirmed"),
    ],
)
def test_state_is_told_in_words(state, words):
    html = draw("{% state state %}", state=state)
    assert f">{words}</span>" in html


# The page


def current(path):
    return {one["label"]: one["current"] for one in tags.sections_at(path) if one["current"]}


def test_section_is_marked_on_its_page_and_on_the_pages_in_it():
    assert current("/records/") == {"Records": "page"}
    assert current("/records/longest-spaceflight/") == {"Records": "true"}
    assert current("/") == {}


def test_navigation_needs_no_request():
    html = draw("{% site_nav %}")
    assert '<a href="/in-space/">In space</a>' in html
    assert "aria-current" not in html


def test_section_that_no_address_has_is_left_out(monkeypatch):
    monkeypatch.setattr(tags, "SECTIONS", (("Records", "leaderboards"), ("Dreams", "dreams")))
    assert [one["label"] for one in tags.sections_at("/")] == ["Records"]


def test_long_pager_leaves_numbers_out():
    numbers = tags.page_numbers(Paginator(range(1000), 10).page(50))
    assert numbers == [1, "…", 49, 50, 51, "…", 100]


def test_code_without_a_name_stands_for_itself():
    assert tags.lookup({"USA": "United States"}, "USA") == "United States"
    assert tags.lookup({}, "XXX") == "XXX"


def test_patch_is_described_where_it_stands_alone_and_hidden_beside_a_name():
    alone = draw('{% patch "Patch of Frank Rubio" "#0a3161,#b31942" 1 %}')
    assert 'role="img" aria-label="Patch of Frank Rubio"' in alone
    beside = draw('{% patch "" "#0a3161,#b31942" 1 key="frank-rubio" %}')
    assert 'aria-hidden="true"' in beside


def test_thousands_are_set_apart():
    assert [words.thousands(number) for number in (29_569, 569)] == ["29,569", "569"]


# The page's own address


def address(rf, path, instant=None):
    template = Template("{% load records %}{% permalink instant %}")
    request = rf.get(path)
    read_parameters(request, allowed=("at", "country", "agency"))
    return template.render(RequestContext(request, {"instant": instant}))


def test_the_address_on_paper_is_absolute_and_keeps_what_was_asked(rf):
    assert address(rf, "/records/x/?country=USA&agency=&ref=elsewhere") == (
        "http://127.0.0.1:8000/records/x/?country=USA"
    )


def test_the_address_on_paper_is_dated_where_the_page_has_an_instant(rf):
    at = datetime(2024, 2, 4, 8, 40, tzinfo=UTC)
    now = Instant(at, is_now=True, now=at)
    assert address(rf, "/records/", now).endswith("/records/?at=2024-02-04T08:40:00Z")


def test_without_a_request_there_is_no_address():
    assert Template("{% load records %}{% permalink %}").render(Context()) == ""
