"""What templates write with: words and pieces of `records.tables`, and the page's own links."""

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from records.charts.patches import draw_patch
from records.instants import isoformat
from records.tables.compare import flown, met
from records.tables.pieces import (
    abbreviated,
    all_linked,
    aloft_names,
    and_so_on,
    any_differing,
    byline,
    checked,
    cited,
    confirmed,
    differ,
    differing,
    fact,
    first_launch,
    first_names,
    flight_time,
    headcount,
    heirs,
    hidden,
    kicker,
    leaders,
    link_list,
    link_to,
    linked,
    links_to,
    nothing_here,
    orbit_bar,
    page_of,
    paragraph,
    passed,
    reported,
    stamps,
    state,
    time,
    time_of_all,
    time_steps,
    unless_landed,
    value,
)
from records.tables.table import attributes as written_attributes
from records.tables.watch import when, who
from records.tables.words import (
    day,
    instant,
    isoinstant,
    rank,
)

register = template.Library()

for words in (
    day,
    instant,
    isoinstant,
    page_of,
    rank,
):
    register.filter(words)

for piece in (
    first_launch,
    first_names,
    abbreviated,
    all_linked,
    aloft_names,
    and_so_on,
    any_differing,
    byline,
    checked,
    cited,
    confirmed,
    differ,
    differing,
    fact,
    flight_time,
    headcount,
    flown,
    heirs,
    hidden,
    kicker,
    leaders,
    link_list,
    link_to,
    linked,
    links_to,
    met,
    nothing_here,
    orbit_bar,
    paragraph,
    passed,
    reported,
    stamps,
    state,
    time,
    time_of_all,
    time_steps,
    unless_landed,
    value,
    when,
    who,
):
    register.simple_tag(piece)

#: The site's sections: label and URL name, in the order of the navigation.
SECTIONS = (
    ("News", "news"),
    ("Records", "leaderboards"),
    ("In space", "in-space"),
    ("Astronauts", "astronauts"),
    ("Missions", "missions"),
    ("Topics", "topics"),
)

SELECTED = SafeString(" selected")


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
    asked = {name: value for name, value in _asked(context).items() if value}
    if instant:
        asked["at"] = isoformat(instant.at)
    query = f"?{urlencode(asked, safe=':')}" if asked else ""
    return f"{settings.SITE_URL}{escape_uri_path(request.path)}{query}"


# What the page was asked: `request.asked`, which `records.views.questions` sets. It goes on into
# links and forms; what else stood in the address does not.


def _asked(context):
    return getattr(getattr(context, "request", None), "asked", {})


@register.simple_tag(takes_context=True)
def query(context, name="", value=None, **changes) -> str:
    """The page's query string with changes (None removes): `{% query page=2 %}`, or with one whose
    name is not known before: `{% query name value %}`."""
    changed = {**_asked(context), **changes, **({name: value} if name else {})}
    pairs = {name: value for name, value in changed.items() if value not in (None, "")}
    return f"?{urlencode(pairs)}"


@register.simple_tag(takes_context=True)
def kept_fields(context, *own) -> str:
    """Hidden inputs for what a form does not ask itself, so that sending it changes nothing else.
    A page of a list does not stay."""
    return format_html_join(
        "",
        '<input type="hidden" name="{}" value="{}">',
        (
            (name, value)
            for name, value in _asked(context).items()
            if value and name not in (*own, "page")
        ),
    )


@register.simple_tag(takes_context=True)
def typed(context, name, value=None) -> str:
    """What stands in the field: what could not be read, or else the value, if that is not simply
    what was asked."""
    asked = _asked(context)
    if problem := _problems(asked).get(name):
        return problem.typed
    return asked.get(name, "") if value is None else value


@register.simple_tag(takes_context=True)
def described(context, name, *hints) -> str:
    """The attributes of a field that name its hints, and its problem if it has one."""
    is_wrong = name in _problems(_asked(context))
    ids = " ".join((*([f"problem-{name}"] if is_wrong else []), *hints))
    described_by = format_html(' aria-describedby="{}"', ids) if ids else ""
    return format_html("{}{}", SafeString(' aria-invalid="true"') if is_wrong else "", described_by)


@register.simple_tag(takes_context=True)
def problem(context, name) -> str:
    """Why the field could not be read, to stand beneath it; empty if it could."""
    found = _problems(_asked(context)).get(name)
    if found is None:
        return ""
    return format_html('<p class="field__problem" id="problem-{}">{}</p>', name, found.words)


def _problems(asked) -> dict:
    return getattr(asked, "problems", {})


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


@register.simple_tag
def attributes(**written) -> str:
    """Attributes of a tag, those that say anything: `{% attributes aria_current=one.current %}`."""
    return written_attributes({name.replace("_", "-"): said for name, said in written.items()})


@register.simple_tag
def flags(**written) -> str:
    """Attributes without a value, those that hold: `{% flags checked=one.chosen %}`."""
    return "".join(f" {name}" for name, holds in written.items() if holds)


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
    named = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    shown = {"attributes": written_attributes(named), "patch": drawn}
    return render_to_string("components/patch.html", shown)
