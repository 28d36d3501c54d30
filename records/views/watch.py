"""/watch/: what the flights under way will pass, and when: a page, JSON, a feed, a calendar."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records import models
from records.book.careers import Astronaut, State
from records.book.forecast import Outlook
from records.book.progression import ChangeKind
from records.book.words import AS_FAR_AS_IS_KNOWN
from records.formats.atom import PlainAtomFeed, lasting_id
from records.formats.columns import written_flight, written_value
from records.formats.icalendar import Event, calendar
from records.instants import isoformat
from records.ledger import Ledger
from records.ledger.support import Evidence
from records.ledger.watch import (
    ALL_AHEAD,
    NEAR_MISS,
    Fallen,
    Prospect,
    fallen,
    high_prospects,
    prospects,
    records_that_could_fall,
    together,
)
from records.tables import watch as tables
from records.tables.words import day

from .questions import Instant, page_of, read_instant, read_parameters

PEOPLE_PER_PAGE = 20
#: How often programs are asked to come back.
REFRESH = timedelta(hours=6)
#: Of the calendar and the feed: the keys of their entries begin so.
KEY = "watch"
TITLE = "Record watch"
LEDE = (
    "The next places that those in space will reach if their flights last as long, to the second, "
    "and whether the planned landing comes first."
)

NO_RECORDS = (
    "Nobody in space comes to stand first on a leaderboard before the planned landing, nor within "
    f"{NEAR_MISS.days} days after it."
)


@require_safe
def index(request):
    """Records that could fall, everyone aloft with their next places, what fell in a year."""
    parameters = read_parameters(request, allowed=("at", "page"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    aloft = ledger.aloft(instant.at)
    page = page_of(
        [one for one in aloft if one.aloft.state.running and not one.aloft.is_to_be_lost],
        parameters,
        per_page=PEOPLE_PER_PAGE,
    )
    shown = frozenset(one.astronaut.slug for one in page)
    found = prospects(ledger, instant.at, replace(ALL_AHEAD, only=shown))
    evidence = Evidence.current(ledger.token)

    return render(
        request,
        "watch/index.html",
        {
            "title": TITLE,
            "heading": TITLE if instant.is_now else f"{TITLE} on {day(instant.at)}",
            "lede": LEDE,
            "instant": instant,
            "canonical": request.path,
            "evidence": evidence,
            "records": records_that_could_fall(high_prospects(ledger, instant.at)),
            "page": page,
            "people": _people(found, page, instant, evidence),
            "unconfirmed": [one.astronaut for one in aloft if one.aloft.state is State.UNCONFIRMED],
            "no_records": NO_RECORDS,
            "fallen": (fell := fallen(ledger, instant.at)),
            "fallen_table": tables.fallen(fell, instant, evidence),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
        },
    )


@require_safe
def as_json(request):
    """The rows of the page; docs/watch.md describes them."""
    at = read_instant(read_parameters(request, allowed=("at",))).at
    ledger = Ledger.current()
    evidence = Evidence.current(ledger.token)
    return JsonResponse(
        {
            "at": isoformat(at),
            "confirmed_through": ledger.confirmation.written,
            "milestones": [
                _written(one, sources_differ=evidence.differ(*one.passed))
                for one in prospects(ledger, at)
            ],
            "fallen": [_written_fallen(one, evidence) for one in fallen(ledger, at)],
        }
    )


@require_safe
def as_calendar(request):
    """A calendar to subscribe to: what is to come and near, and records that fell in a year."""
    events, _ = _events()
    text = calendar(
        f"{TITLE} · {settings.SITE_NAME}",
        LEDE,
        sorted(events.values(), key=lambda event: (event.at, event.uid)),
        url=settings.SITE_URL + request.path,
        refresh=REFRESH,
    )
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="watch.ics"'},
    )


@require_safe
def as_feed(request):
    """The same as an Atom feed, the latest change first."""
    events, changed_at = _events()
    feed = PlainAtomFeed(
        title=f"{TITLE} · {settings.SITE_NAME}",
        link=settings.SITE_URL + reverse("watch"),
        description=LEDE,
        subtitle=LEDE,
        feed_url=settings.SITE_URL + request.path,
        feed_guid=lasting_id("feeds/watch"),
        updated=changed_at,
        language="en-GB",
        author_name=settings.SITE_NAME,
    )
    latest = sorted(
        events.items(), key=lambda item: (item[1].modified_at, item[1].at), reverse=True
    )
    for key, event in latest:
        feed.add_item(
            title=f"{event.summary}: {_when(event)}",
            link=event.url,
            unique_id=lasting_id(key),
            description=event.description,
            updateddate=event.modified_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _people(found: list[Prospect], careers, instant: Instant, evidence: Evidence) -> list[dict]:
    """Those aloft with what is ahead of them: places in a first ten, and apart from them the next
    ones of the other leaderboards."""
    ahead: dict[str, list[Prospect]] = {}
    for one in found:
        ahead.setdefault(one.milestone.astronaut.slug, []).append(one)

    def shown(career) -> dict:
        theirs = ahead.get(career.astronaut.slug, [])
        high = [one for one in theirs if one.is_high]
        low = [one for one in theirs if not one.is_high]
        name, other = career.astronaut.name, "other " if high else ""
        return {
            "career": career,
            "high": high,
            "high_table": tables.milestones(
                high, f"Places in a first ten: {name}", instant, evidence
            ),
            "low": low,
            "low_table": tables.milestones(low, f"Next places: {name}", instant, evidence),
            "low_words": f"The next place on each {other}leaderboard ({len(low)})",
            "plan": f"landing planned by {_planned_day(plan)}"
            if (plan := career.aloft.plan_ends_at)
            else "no planned landing known",
        }

    return [shown(career) for career in careers]


# Calendar and feed


def _events() -> tuple[dict[str, Event], datetime]:
    """What the calendar and the feed hold, by the keys of their entries, and when any of it last
    changed."""
    at = read_instant({}).at
    ledger = Ledger.current()
    graced = ledger.confirmation.through_at + ledger.confirmation.grace
    found: dict[str, tuple[Event, datetime | None]] = {}
    for one in together(high_prospects(ledger, at)):
        found[f"{KEY}/{one.key}"] = (
            Event(
                uid=_uid(one.key),
                at=one.milestone.passes_at,
                summary=_summary(one),
                description=_description(one),
                url=one.leaderboard.get_absolute_url(),
                modified_at=at,
                by_day=one.is_vague,
                tentative=True,
            ),
            graced if one.milestone.presumed else None,
        )
    for one in fallen(ledger, at):
        if one.change.kind is ChangeKind.EXTENDED:
            continue
        found[f"{KEY}/{one.key}"] = (
            Event(
                uid=_uid(one.key),
                at=one.change.passed_at,
                summary=f"{one.names}: record, {one.leaderboard.title}",
                description=f"{_record_words(one)}.",
                url=one.leaderboard.get_absolute_url(),
                modified_at=at,
                by_day=one.tenure.passed_precision.by_the_day,
                tentative=False,
            ),
            one.tenure.changed_at(ledger.confirmation),
        )
    said = {
        key: models.Said(
            (one.at, one.by_day, one.summary, one.description, one.url, one.tentative), since
        )
        for key, (one, since) in found.items()
    }
    changed_at = models.FeedEntry.objects.changed_at(KEY, said)
    events = {
        key: replace(one, modified_at=changed_at[key], url=settings.SITE_URL + one.url)
        for key, (one, _) in found.items()
    }
    return events, changed_at[KEY]


def _uid(key: str) -> str:
    """The same whatever becomes of the site's address."""
    return f"{key}@record-watch"


def _summary(one: Prospect) -> str:
    """`Anna Kikina: rank 9, Most time in space by a woman (presumed)`."""
    marks = []
    if one.milestone.presumed:
        marks.append("presumed")
    if one.milestone.outlook is Outlook.NEEDS_EXTENSION:
        marks.append("needs an extension")
    if not one.milestone.sure:
        marks.append(AS_FAR_AS_IS_KNOWN)
    place = "takes the record" if one.milestone.takes_record else f"rank {one.milestone.rank}"
    note = f" ({', '.join(marks)})" if marks else ""
    return f"{one.names}: {place}, {one.leaderboard.title}{note}"


def _description(one: Prospect) -> str:
    """The same at length, a sentence to a line."""
    milestone = one.milestone
    lines = [f"{one.names}: {one.place}.", f"{one.outlook}."]
    if milestone.plan_ends_at:
        lines.append(f"Landing planned by {_planned_day(milestone.plan_ends_at)}.")
    if one.is_vague:
        lines.append("One of the values compared is known only to the day, and so is this.")
    if milestone.presumed:
        lines.append("The flight is presumed to go on; the last confirmation is too long ago.")
    return "\n".join(lines)


def _record_words(one: Fallen) -> str:
    change = one.change
    value = f"{change.began.text} and rising" if one.tenure.running else change.value.text
    said = (f"{one.names}: {value}", one.from_whom, one.tenure.reserve)
    return ", ".join(filter(None, said))


# JSON


def _written(one: Prospect, *, sources_differ: bool) -> dict:
    milestone = one.milestone
    return {
        "leaderboard": _board(one.leaderboard),
        "astronaut": _person(milestone.astronaut),
        "mission": milestone.flight.launch_mission.slug,
        "flight": written_flight(milestone.flight),
        "passes_at": isoformat(milestone.passes_at, milestone.precision),
        "passes_precision": milestone.precision,
        "rank": milestone.rank,
        "sure": milestone.sure,
        "passed": [_person(who) for who in milestone.passed],
        "value": written_value(milestone.value),
        "sources_differ": sources_differ,
        "planned_landing_by": (
            isoformat(milestone.plan_ends_at) if milestone.plan_ends_at else None
        ),
        "slack_seconds": (None if one.slack is None else round(one.slack.total_seconds())),
        "outlook": milestone.outlook.value,
        "presumed": milestone.presumed,
        "state": milestone.flight.state,
    }


def _written_fallen(one: Fallen, evidence: Evidence) -> dict:
    change = one.change
    return {
        "leaderboard": _board(one.leaderboard),
        "kind": change.kind.value,
        "holders": [_person(holder) for holder in change.holders],
        "before": [_person(holder) for holder in one.before.holders],
        "value": written_value(change.value),
        "sources_differ": evidence.differ(*one.tenure.leaders),
        "passed_at": isoformat(change.passed_at, one.tenure.passed_precision),
        "passed_precision": one.tenure.passed_precision,
        "passed_off_by": change.passed_off_by,
        "state": one.tenure.state,
        "sure": one.tenure.sure,
        "sealed_at": (
            isoformat(one.tenure.sealed_at, one.tenure.sealed_precision)
            if one.tenure.sealed_at
            else None
        ),
    }


def _board(leaderboard: models.Leaderboard) -> dict:
    return {
        "slug": leaderboard.slug,
        "title": leaderboard.title,
        "boundary": leaderboard.boundary,
    }


def _person(astronaut: Astronaut) -> dict:
    return {"slug": astronaut.slug, "name": astronaut.name}


# Words


def _when(event: Event) -> str:
    return _day(event.at) if event.by_day else f"{_day(event.at)}, {event.at:%H:%M} UTC"


def _planned_day(plan_ends_at: datetime) -> str:
    """The day at whose end, or in which, the planned landing has passed."""
    return _day(plan_ends_at - timedelta(seconds=1))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}"
