"""How templates write instants, durations, ranks and bars: no queries, no clock."""

import calendar
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from records.book.careers import State
from records.book.values import Unit, Value, duration_text, iso_duration
from records.charts.patches import draw_patch
from records.instants import Precision, isoformat

register = template.Library()

#: The site's sections: label and URL name, in the order of the navigation.
SECTIONS = (
    ("News", "news"),
    ("Records", "leaderboards"),
    ("In space", "in-space"),
    ("Astronauts", "astronauts"),
    ("Missions", "missions"),
    ("Topics", "topics"),
)

#: By their number; formatting by `%B` takes ten times as long.
MONTHS = tuple(calendar.month_name)

SELECTED = SafeString(" selected")

#: The least share of a bar, in per cent, that can still be seen.
LEAST_BAR = 0.4


# Instants


@register.filter
def instant(at, precision=Precision.SECOND) -> str:
    """`27 September 2023, 11:17 UTC`, or as much of it as is known; seconds are never shown.

    An instant that is known to the minute is that minute; one that is known better is cut off.
    """
    if not at:
        return ""
    at = _utc(at)
    if precision == Precision.MINUTE:
        at += timedelta(seconds=30)
    if precision == Precision.YEAR:
        return str(at.year)
    if precision == Precision.MONTH:
        return f"{MONTHS[at.month]} {at.year}"
    words = f"{at.day} {MONTHS[at.month]} {at.year}"
    return words if precision == Precision.DAY else f"{words}, {at.hour:02}:{at.minute:02} UTC"


@register.filter
def exact_instant(at, precision=Precision.SECOND) -> str:
    """`27 September 2023, 11:17:21 UTC`, or as much of it as is known."""
    if at and precision == Precision.SECOND:
        at = _utc(at)
        clock = f"{at.hour:02}:{at.minute:02}:{at.second:02}"
        return f"{at.day} {MONTHS[at.month]} {at.year}, {clock} UTC"
    return instant(at, precision)


@register.filter
def day(at, precision=Precision.DAY) -> str:
    """`27 September 2023`: the UTC day of an instant, or a date; the month or year if only that
    is known."""
    return instant(at, Precision.coarsest((Precision(precision), Precision.DAY)))


@register.filter
def isoinstant(at, precision=Precision.SECOND) -> str:
    """`2023-09-27T11:17:21Z`, `2023-09-27`, `2023-09` or `2023`: for `datetime` attributes."""
    if not at:
        return ""
    text = isoformat(_utc(at))
    lengths = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
    return text[: lengths.get(precision, len(text))]


@register.simple_tag
@lru_cache(maxsize=8000)
def time(at, precision=Precision.SECOND, *, only_day=False):
    """`<time datetime="…">27 September 2023, 11:17 UTC</time>`; nothing for an unknown instant."""
    if not at:
        return ""
    words = day(at, precision) if only_day else instant(at, precision)
    return format_html('<time datetime="{}">{}</time>', isoinstant(at, precision), words)


def _utc(at) -> datetime:
    if not isinstance(at, datetime):
        return datetime(at.year, at.month, at.day, tzinfo=UTC)
    return at.astimezone(UTC)


# Durations and values


@register.filter
def duration(length) -> str:
    """`370 d 21 h 22 m`, from a timedelta or from seconds."""
    return "" if length is None else duration_text(_seconds(length))


@register.filter
def exact_duration(seconds) -> str:
    """`370 d 21 h 22 m 53 s`."""
    return f"{duration_text(seconds)} {seconds % 60} s"


@register.filter
def isoduration(length) -> str:
    """`P370DT21H22M53S`, from a timedelta or from seconds."""
    return "" if length is None else iso_duration(_seconds(length))


def _seconds(length) -> int:
    return round(length.total_seconds()) if isinstance(length, timedelta) else int(length)


@register.simple_tag
def value(value, instant=None, *, running=False, aligned=False):
    """A metric's value; ticking if it is `running` and the page's `instant` is now.

    `aligned` writes each unit into a box of its own, so that days stand under days in a table.
    """
    in_time = value.unit is Unit.SECONDS
    live = running and in_time and not value.precision.by_the_day and _is_now(instant)
    # What ticks is another one the next second.
    draw = _drawn_value.__wrapped__ if live else _drawn_value
    return draw(value, live, aligned)


@lru_cache(maxsize=4000)
def _drawn_value(value, live, aligned) -> str:
    in_time = value.unit is Unit.SECONDS
    return render_to_string(
        "components/value.html",
        {
            "value": value,
            "in_time": in_time,
            "live": live,
            "to_the_second": value.precision is Precision.SECOND,
            "parts": duration_parts(value) if in_time and aligned else [],
        },
    )


@register.simple_tag
def flight_time(flight, instant=None, *, aligned=False):
    """How long a flight of the record book has lasted; ticking while it is under way."""
    length = Value(flight.seconds, Unit.SECONDS, flight.precision, flight.at_least)
    return value(length, instant, running=flight.state.running, aligned=aligned)


def _is_now(instant) -> bool:
    return instant is not None and instant.is_now


def duration_parts(value: Value) -> list[str]:
    """`["370 d", "21 h", "22 m"]`; empty for the units that are not known."""
    text = value.text
    if value.precision.by_the_day:
        return [text, "", ""]
    words = text.split()
    return [" ".join(words[place : place + 2]) for place in range(0, len(words), 2)]


@register.filter
def thousands(number) -> str:
    """`29,569`: how large numbers of days and people are written."""
    return f"{number:,}"


# Ranks and bars


@register.filter
def ordinal(number) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    number = int(number)
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


@register.filter
def rank(standing) -> str:
    """`3`, or `3=` where the rank is shared."""
    return f"{standing.rank}{'=' if standing.tied else ''}"


@register.filter
def percent_of(amount, scale) -> str:
    """The share of the scale in per cent, `84.27`, from 0 to 100; never too thin to be seen."""
    if not scale or not amount or amount < 0:
        return "0"
    return f"{min(max(100 * amount / scale, LEAST_BAR), 100):.4g}"


@register.simple_tag
def orbit_bar(standing, scale):
    """The bar of a standing on the common scale (the greatest amount, as a rule)."""
    state = standing.state.value
    # A value that does not grow is a finished bar, wherever its holder is.
    if standing.state.running and not standing.running:
        state = "landed"
    return _drawn_bar(percent_of(standing.value.amount, scale), state)


@lru_cache(maxsize=4000)
def _drawn_bar(percent, state) -> str:
    return render_to_string("components/orbit_bar.html", {"percent": percent, "state": state})


@register.inclusion_tag("components/why.html")
def why(standing, evidence=None):
    """What the value of a standing is made of, and what that rests on by the evidence."""
    value, parts = standing.value, standing.mark.parts
    astronaut = standing.astronaut
    aged = value.unit is Unit.DAYS
    in_time = value.unit is Unit.SECONDS
    several = len(parts) > 1
    between = standing.metric.between if several else ""
    return {
        "name": astronaut.name,
        "flights": standing.flights,
        "spacewalks": standing.spacewalks,
        "timed": in_time and not between,
        "total": value.exact_text if in_time and several else "",
        "total_label": between or "Sum",
        "born_on": astronaut.born_on if aged else None,
        "birth_precision": astronaut.birth_precision,
        "sources": evidence.sources_of(standing) if evidence else (),
    }


@register.filter
def reckoned_instant(at, precision=Precision.SECOND) -> str:
    """An instant as it is reckoned with: to the second, unless it is known only to the day."""
    return exact_instant(at, precision if Precision(precision).by_the_day else Precision.SECOND)


@register.simple_tag
def why_flight(flight, *, timed):
    """One flight that a value is made of; `timed` says how long it lasted."""
    up, down = flight.launch_mission, flight.landing_mission if flight.landed_at else None
    draw = _drawn_flight if down else _drawn_flight.__wrapped__
    return draw(
        (up.slug, up.name, up.launched_at, up.launch_precision),
        down and (down.slug, down.name, down.landed_at, down.landing_precision),
        flight.until,
        flight.seconds if timed else None,
        flight.precision if flight.state is State.UNCONFIRMED else None,
    )


@lru_cache(maxsize=4000)
def _drawn_flight(up, down, until, seconds, doubt) -> str:
    value = Value(seconds, Unit.SECONDS, doubt) if doubt and seconds is not None else None
    shown = {
        "up": up,
        "down": down,
        "until": until,
        "seconds": seconds,
        "doubted": doubt is not None,
        "doubtful": value,
        "by_the_day": down is not None and down[-1].by_the_day,
    }
    return render_to_string("components/why_flight.html", shown)


# The page


@register.inclusion_tag("components/site_nav.html", takes_context=True)
def site_nav(context):
    """The sections, the present one marked. Works without a request, as an error page must."""
    request = context.get("request")
    return {"sections": sections_at(request.path if request else "")}


def sections_at(path: str) -> list[dict]:
    """Each section's label, address and `aria-current`: the page itself, or a page in it."""
    sections = []
    for label, name in SECTIONS:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        current = "page" if path == url else "true" if path.startswith(url) else ""
        sections.append({"label": label, "url": url, "current": current})
    return sections


@register.simple_tag(takes_context=True)
def permalink(context, instant=None) -> str:
    """The page's own absolute address, with what the reader asked; dated if an instant is given.
    For paper, which has no address bar. Empty without a request, as on the page that says sorry."""
    # In an `include … only` the request is no variable any more, but the context keeps it.
    request = getattr(context, "request", None)
    if request is None:
        return ""
    asked = {name: value for name, value in request.GET.items() if value}
    if instant:
        asked["at"] = isoformat(instant.at)
    query = f"?{urlencode(asked, safe=':')}" if asked else ""
    return f"{settings.SITE_URL}{escape_uri_path(request.path)}{query}"


@register.simple_tag
def page_numbers(page) -> list:
    """The numbers for a pager, with `…` where some are left out."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def option_list(options, chosen=""):
    """The options of a select, kept: a form has hundreds, and they are those of all pages."""
    return _drawn_options(tuple(options.items()), chosen)


@lru_cache(maxsize=200)
def _drawn_options(options, chosen) -> str:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SELECTED if key == chosen else "", words) for key, words in options),
    )


@register.filter
@lru_cache(maxsize=5000)
def page_of(slug, name) -> str:
    """The address of a named page of a slug, as `{% url %}` has it. For tables, which ask for the
    same ones a hundred times."""
    return reverse(name, args=(slug,))


@register.filter
def lookup(names, key):
    """The name of a code, or the code where it has none."""
    return names.get(key, key)


@register.simple_tag
def patch(label, colours, flights=1, orbit="orbit", *, key=""):
    """A round patch drawn from facts.

    `colours` is the flag's, "#0032a0,#da291c" or a list; `orbit` a boundary or "moon"; `key` (a
    slug, as a rule) turns its figures a little, the same way every time.
    """
    if isinstance(colours, str):
        colours = colours.split(",")
    return _drawn_patch(label, tuple(filter(None, colours)), flights, orbit, key or label)


@lru_cache(maxsize=1000)
def _drawn_patch(label, colours, flights, orbit, key) -> str:
    drawn = draw_patch(colours, flights, orbit, key=key)
    return render_to_string("components/patch.html", {"label": label, "patch": drawn})
