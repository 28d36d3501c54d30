"""What cells and pages are made of, as HTML: links, instants, values, states, bars. No queries, no
clock."""

from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from records.book.careers import State
from records.book.values import Unit, Value
from records.instants import Precision

from .table import attributes
from .words import (
    counted,
    day,
    duration_parts,
    exact_instant,
    isoinstant,
    percent_of,
    reserve,
    state_words,
    thousands,
)
from .words import instant as instant_words

NOTHING = SafeString("")
BREAK = SafeString("<br>")

#: Of a crowd; who wants more asks for CSV or JSON.
MOST_NAMES = 30
#: Of those who share a first place, where boards are listed.
NAMED_LEADERS = 3


# Links and words


@lru_cache(maxsize=5000)
def page_of(slug, name) -> str:
    """The address of a named page of a slug, as `{% url %}` has it. For tables, which ask for the
    same ones a hundred times."""
    return reverse(name, args=(slug,))


# Typed, since text that is safe as HTML equals the same text that is not.
@lru_cache(maxsize=5000, typed=True)
def link(url: str, text: str, *, title: str = "") -> SafeString:
    if title:
        return format_html('<a href="{}" title="{}">{}</a>', url, title, text)
    return format_html('<a href="{}">{}</a>', url, text)


def link_to(page: str, thing) -> SafeString:
    """A link to the page of a thing that has a slug and a name: `link_to("mission", mission)`."""
    return link(page_of(thing.slug, page), thing.name)


def linked(thing, *, query: str = "", words: str = "") -> SafeString:
    """A thing of the database by its name, or in other words, linked to its page; nothing for
    none."""
    return link(f"{thing.get_absolute_url()}{query}", words or str(thing)) if thing else NOTHING


def abbreviated(agency) -> SafeString:
    """The same of an agency by its abbreviation."""
    return link(agency.get_absolute_url(), agency.abbreviation, title=agency.name)


def all_linked(things: Iterable, *, short: bool = False, query: str = "") -> SafeString:
    found = (abbreviated(one) if short else linked(one, query=query) for one in things)
    return joined(found, ", ")


def link_list(things: Iterable) -> SafeString:
    """The same as a list; nothing without any."""
    return _listed((linked(one) for one in things), "links")


def _listed(items: Iterable, css: str = "") -> SafeString:
    written = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return written and format_html("<ul{}>{}</ul>", attributes({"class": css}), written)


def links_to(page: str, things: Iterable) -> SafeString:
    """Links separated by commas."""
    return joined((link_to(page, thing) for thing in things), ", ")


def in_words(links: Iterable[SafeString]) -> SafeString:
    """`A`, `A and B`, `A, B and C`."""
    *most, last = [NOTHING, *links]
    return joined((joined(most, ", "), last), " and ")


def some_names(astronauts) -> SafeString:
    """Linked names of many people: the first of them, and how many others there are."""
    more = len(astronauts) - MOST_NAMES
    others = f" and {counted(more, 'other')}; CSV and JSON name everybody" if more > 0 else ""
    return joined((links_to("astronaut", astronauts[:MOST_NAMES]), others), "")


def joined(pieces: Iterable, sign: str | SafeString = " ") -> SafeString:
    """The pieces that say anything, escaped where they are plain text, with a sign between."""
    # Safe, since each piece is escaped or was safe before.
    return mark_safe(
        conditional_escape(sign).join(conditional_escape(one) for one in pieces if one)
    )


def folded(summary: str | SafeString, content: str | SafeString) -> SafeString:
    """What opens on demand."""
    return format_html("<details><summary>{}</summary> {}</details>", summary, content)


def quiet(words) -> SafeString:
    """Nothing where there is nothing to say."""
    return format_html('<span class="quiet">{}</span>', words) if words else NOTHING


def code(words) -> SafeString:
    return format_html("<code>{}</code>", words)


def paragraph(text: str | SafeString, css: str = "") -> SafeString:
    """Nothing where there is nothing to say."""
    if not text:
        return NOTHING
    return format_html("<p{}>{}</p>", attributes({"class": css}), text)


def kicker(text: str, url: str = "") -> SafeString:
    """Where a page or a story belongs, above its heading; nothing if that is nowhere."""
    return paragraph(link(url, text) if text and url else text, css="kicker")


def nothing_here(title: str, text: str = "", way_on: str = "") -> SafeString:
    """What stands where a list would, and why it does not; `way_on` leads to the page unasked."""
    way = format_html('<p><a href=".">{}</a></p>', way_on) if way_on else ""
    said = joined((paragraph(title, css="empty__title"), paragraph(text), way), "")
    return format_html('<div class="empty">{}</div>', said)


def hidden(name: str, value) -> SafeString:
    """What a form asks along with what is typed; nothing where nothing is asked."""
    if not value:
        return NOTHING
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


def and_so_on(page) -> str:
    """What the title of a later page of a list ends with."""
    return f", page {page.number}" if page.number > 1 else ""


# Instants and values


@lru_cache(maxsize=8000)
def time(at, precision=Precision.SECOND, *, only_day=False, exact=False) -> SafeString:
    """`<time datetime="…">27 September 2023, 11:17 UTC</time>`; nothing for an unknown instant.

    `exact` tells the seconds too, where they are known: for two instants that stand beside the time
    between them, so that a reader comes to the same.
    """
    if not at:
        return NOTHING
    write = day if only_day else exact_instant if exact else instant_words
    words = write(at, precision)
    written = isoinstant(at, precision)
    return format_html('<time datetime="{}">{}</time>', written, words) if written else words


def passed(tenure, *, exact=False) -> SafeString:
    """When a step of a record was made; `≈` where it may have been a little earlier or later."""
    at = time(tenure.change.passed_at, tenure.passed_precision, exact=exact)
    return joined(("≈" if tenure.change.passed_off_by else "", at))


def value(value: Value, instant=None, *, running=False, aligned=False) -> SafeString:
    """A metric's value; ticking if it is `running` and the page's `instant` is now.

    `aligned` writes each unit into a box of its own, so that days stand under days in a table, and
    tells the exact figure on request.
    """
    rising = running and value.unit is Unit.SECONDS and not value.precision.by_the_day
    if rising and instant is not None and instant.is_now:
        # What ticks is another one the next second: it is not kept.
        return _ticking(value, _drawn_value.__wrapped__(value, aligned))
    return _drawn_value(value, aligned)


@lru_cache(maxsize=4000)
def _drawn_value(value: Value, aligned: bool) -> SafeString:
    exact = format_html(' title="{}"', value.exact_text) if aligned and value.iso else NOTHING
    if value.unit is not Unit.SECONDS:
        machine = value.iso if value.number is None else value.number
        return format_html('<data value="{}"{}>{}</data>', machine, exact, value.text)
    text = value.text
    if value.is_unknown:
        return quiet(text)
    if aligned:
        parts = duration_parts(value)
        text = joined(format_html('<span class="part">{}</span>', part) for part in parts)
    return format_html('<time datetime="{}"{}>{}</time>', value.iso, exact, text)


def _ticking(value: Value, drawn: SafeString) -> SafeString:
    to_the_second = SafeString(" to-the-second" * (value.precision is Precision.SECOND))
    return format_html(
        '<live-duration seconds="{}"{} aria-live="off">{}</live-duration>',
        value.amount,
        to_the_second,
        drawn,
    )


def flight_time(flight, instant=None, *, aligned=False) -> SafeString:
    """How long a flight of the record book has lasted; ticking while it is under way."""
    return value(flight.time, instant, running=flight.state.running, aligned=aligned)


def person_days(total) -> SafeString:
    """The whole days in the time of many people (a Total); shorter times as they are."""
    time = total.person_time
    if not total.person_days:
        return time_of_all(total)
    days = thousands(total.person_days)
    written = format_html(
        '<data value="{}" title="{}">{}</data>',
        time.stated,
        time.text,
        joined((total.hedge and quiet(total.hedge), days)),
    )
    return joined((written, quiet(total.reserve)), ", ")


def time_of_all(total) -> SafeString:
    """The time in full (of a Total)."""
    return joined((value(total.person_time), quiet(total.reserve)), ", ")


def first_names(total) -> SafeString:
    """Who were launched first, of a Total: those who were so together, all of them."""
    return some_names([one.astronaut for one in total.firsts])


def first_launch(total) -> SafeString:
    """The day of that launch, as well as it is known."""
    return time(total.first.launched_at, total.first.launch_precision, only_day=True)


def fact(label: str, content, note: str = "") -> SafeString:
    """One of a list of facts, with a quiet line below it; nothing where there is no content."""
    if not content:
        return NOTHING
    said = joined((content, note and quiet(note)), BREAK)
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, said)


# States


@lru_cache
def state(state: State, *, lost=False) -> SafeString:
    """The word and the mark of a state; `lost` if it ended with the loss of the craft."""
    words = state_words(state, lost=lost)
    lost_too = SafeString(" state--lost") if lost else NOTHING
    return format_html('<span class="state state--{}{}">{}</span>', state.value, lost_too, words)


def aloft_names(aloft) -> SafeString:
    """Who is in space (`records.ledger.aloft.Aloft`), with what is not sure of each."""
    people = [*aloft.careers, *aloft.perhaps]
    lines = [
        joined((link_to("astronaut", one.astronaut), _doubt(one.flights[-1])))
        for one in people[:MOST_NAMES]
    ]
    more = f"{aloft.headcount.text} in all" if len(people) > MOST_NAMES else ""
    return joined((*lines, more), BREAK)


def _doubt(flight) -> SafeString:
    if flight.may_be_aloft:
        return quiet("may be up still")
    if flight.may_be_unlaunched:
        return quiet("may not be up yet")
    return NOTHING if flight.state is State.IN_FLIGHT else state(flight.state)


def unless_landed(of, *, lost=False) -> SafeString:
    """The state where there is more to say than that it landed."""
    return state(of, lost=lost) if lost or of is not State.LANDED else NOTHING


def caveat(standing) -> SafeString:
    """What must stand beside a value by itself: that its holder was lost, or that nobody has
    confirmed it. Only of values that rise in flight."""
    if standing.metric.grows and (standing.lost or standing.state is State.UNCONFIRMED):
        return state(standing.state, lost=standing.lost)
    return NOTHING


def left_open(aloft) -> SafeString:
    """Why it is not sure how many are in space (`records.ledger.aloft.Aloft`): whose landing or
    launch is not known well enough, and who was on them; nothing if all is known."""
    notes = (
        _left_open("landing", aloft.perhaps, "may have been up still"),
        _left_open("launch", aloft.unlaunched, "may not have been up yet"),
    )
    return joined(notes)


def _left_open(what: str, careers, may: str) -> SafeString:
    """`The landing of Soyuz MS-28 is known only to the day: Ada Vega may have been up still.`"""
    if not careers:
        return NOTHING
    flights = [career.flights[-1] for career in careers]
    ships = {ship.slug: ship for ship in (_ship(flight, what) for flight in flights)}
    known = max(
        (getattr(ship, f"{what}_precision") for ship in ships.values()), key=attrgetter("seconds")
    )
    return format_html(
        "The {}{} of {} {} known only to the {}: {} {}.",
        what,
        "" if len(ships) == 1 else "s",
        in_words(link_to("mission", ship) for ship in ships.values()),
        "is" if len(ships) == 1 else "are",
        known.value,
        in_words(link_to("astronaut", career.astronaut) for career in careers),
        may,
    )


def _ship(flight, what: str):
    return flight.landing_mission if what == "landing" else flight.launch_mission


def headcount(found) -> SafeString:
    """How many are in space (`records.book.headcounts.Headcount`), and how sure that is."""
    number = found.value.text if found.value.high else quiet("none")
    return joined((number, *map(quiet, found.caveats)), ", ")


def checked(evidence) -> str:
    """`checked 22 November 2026`: when a citation or a disagreement was, if that is known."""
    on = day(evidence.checked_on, evidence.checked_precision) if evidence.checked_on else ""
    return on and f"checked {on}"


def confirmed(confirmation) -> SafeString | str:
    """How far the stewards have confirmed the data."""
    if not confirmation.is_made:
        return "Nobody has confirmed the data yet"
    return format_html("Data confirmed through {}", time(confirmation.through_at))


def stamps(instant=None, confirmation=None) -> SafeString:
    """As of when a page tells the record, and how far that is confirmed; as much as is given."""
    said = []
    if instant:
        css = "stamp stamp--past" if not instant.is_now else "stamp"
        said.append(format_html('<span class="{}">As of {}</span>', css, time(instant.at)))
    if confirmation:
        said.append(format_html('<span class="stamp">{}</span>', confirmed(confirmation)))
    return paragraph(joined(said), css="stamps")


def time_steps(instant, launches) -> list[tuple[str | None, str, str]]:
    """Where to go on in time from the page's instant: the instant (None for now), the words and the
    relation of that page to this one."""
    before, after = launches
    steps = [(instant.day_earlier, "A day earlier", "prev"), _launch(before)]
    if not instant.is_now:
        steps.append(_launch(after if after and after.launched_at <= instant.now else None))
        steps += [(instant.day_later, "A day later", "next"), (None, "Now", "")]
    return [step for step in steps if step[0] != ""]


def _launch(mission) -> tuple[str, str, str]:
    if mission is None:
        return ("", "", "")
    return (isoinstant(mission.launched_at), f"At the launch of {mission.name}", "")


def byline(authors: Iterable) -> SafeString:
    """Who wrote a story, linked."""
    return in_words(
        format_html(
            '<a href="{}" rel="author"><bdi>{}</bdi></a>', page_of(one.slug, "author"), one.name
        )
        for one in authors
    )


def heirs(former: Iterable, words: str = "counts for") -> str:
    """`Soviet Union counts for Russia`: where successor states are combined."""
    counts = ", ".join(f"{one.name} {words} {one.successor.name}" for one in former)
    return counts or "but none of our countries has one"


# Standings and sources


def leaders(standings, instant, evidence=None) -> SafeString:
    """Who stands first, three of them by name, and with what; and with what reserve."""
    if not standings:
        return NOTHING
    names = links_to("astronaut", [one.astronaut for one in standings[:NAMED_LEADERS]])
    others = " and others" if len(standings) > NAMED_LEADERS else ""
    last = standings[-1]
    figure = value(last.value, instant, running=last.running)
    reserved = next(filter(None, map(reserve, standings)), "")
    notes = (caveat(last), quiet(reserved), any_differing(standings, evidence))
    shown = joined((format_html("<strong>{}</strong>", figure), *notes))
    return format_html("{}{}{} {}", names, others, "," if len(standings) == 1 else ":", shown)


def cited(support) -> SafeString:
    """What facts rest on: sources of their own, then those of all facts of their kind and time."""
    if not support.own and not support.general:
        return paragraph("No source is recorded for these facts by themselves.")
    first, intro = "Besides, for" if support.own else "For", NOTHING
    if support.general:
        when = "" if support.general[0].kind == "people" else " and time"
        intro = paragraph(f"{first} all facts of this kind{when}:")
    own, general = (_listed(map(_citation, one)) for one in (support.own, support.general))
    return joined((own, intro, general), "")


def _citation(one) -> SafeString:
    facts = quiet(f": {', '.join(filter(None, (one.covers, checked(one))))}")
    return format_html("{}, {}{}", one.source.title, one.source.publisher, facts)


def reported(value) -> SafeString:
    """What a source reports; the value that is used here stands out."""
    by = value.reported_by or value.source.title
    if not value.chosen:
        return fact(by, value.value)
    return format_html(
        '<div class="chosen"><dt>Used here: {}</dt><dd><strong>{}</strong></dd></div>',
        by,
        value.value,
    )


# Bars and reasons


def orbit_bar(standing, scale) -> SafeString:
    """The bar of a standing on the common scale (the greatest amount, as a rule)."""
    state = standing.state
    # A value that does not grow is a finished bar, wherever its holder is.
    if state.running and not standing.running:
        state = State.LANDED
    return _drawn_bar(percent_of(standing.value.amount, scale), state)


@lru_cache(maxsize=4000)
def _drawn_bar(percent: str, state: State) -> SafeString:
    bar = {"percent": percent, "state": state.value, "open": state.running}
    return render_to_string("components/orbit_bar.html", bar)


def why(standing, evidence=None) -> SafeString:
    """What the value of a standing is made of, and what that rests on by the evidence."""
    value, parts = standing.value, standing.mark.parts
    astronaut = standing.astronaut
    aged = value.unit is Unit.DAYS
    in_time = value.unit is Unit.SECONDS
    several = len(parts) > 1
    between = standing.metric.between if several else ""
    timed = in_time and not between
    shown = {
        "name": astronaut.name,
        "flights": [why_flight(flight, timed=timed) for flight in standing.flights],
        "spacewalks": standing.spacewalks,
        "total": value.exact_text if in_time and several else "",
        "total_label": between or "Sum",
        "born_on": astronaut.born_on if aged else None,
        "birth_precision": astronaut.birth_precision,
        "sources": [one.title for one in evidence.sources_of(standing)] if evidence else (),
        "methods_url": reverse("methods"),
    }
    return render_to_string("components/why.html", shown)


def differing(standing, evidence=None) -> SafeString:
    """A mark where sources give another value than a standing's, which leads to what they give."""
    return differ(standing.astronaut.slug, standing.metric, standing.mark.parts, evidence)


def any_differing(standings, evidence=None) -> SafeString:
    """The first such mark of several standings that share a value."""
    return next(filter(None, (differing(one, evidence) for one in standings)), NOTHING)


def differ(slug: str, metric, parts, evidence=None) -> SafeString:
    """The same of somebody's value by a metric, made of those parts."""
    found = evidence.differing(slug, metric, parts) if evidence else ()
    if not found:
        return NOTHING
    address = f"{page_of(slug, 'astronaut')}#{found[0].slug}"
    return quiet(link(address, "Sources differ"))


def why_flight(flight, *, timed: bool) -> SafeString:
    """One flight that a value is made of; `timed` says how long it lasted."""
    up, down = flight.launch_mission, flight.landing_mission if flight.landed_at else None
    draw = _drawn_flight if down else _drawn_flight.__wrapped__
    return draw(
        (up.slug, up.name, up.launched_at, up.launch_precision),
        down and (down.slug, down.name, down.landed_at, down.landing_precision),
        None if flight.state is State.UNCONFIRMED else flight.until,
        flight.time.exact_text if timed else "",
    )


@lru_cache(maxsize=4000)
def _drawn_flight(up, down, until, length) -> SafeString:
    if down:
        end = _ship_at(*down)
    elif until:
        end = f"{exact_instant(until)} and on"
    else:
        end = "its planned landing, of which nobody has told us"
    if not length:
        return format_html("{}, to {}", _ship_at(*up), end)
    return format_html('{}, to {}: <span class="num">{}</span>', _ship_at(*up), end, length)


def _ship_at(slug: str, name: str, at, precision: Precision) -> SafeString:
    url = page_of(slug, "mission")
    return format_html('<a href="{}">{}</a>, {}', url, name, exact_instant(at, precision))
