"""/watch/: what the flights under way will pass, and when: a page, JSON, a feed, a calendar."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records import models
from records.book.careers import Astronaut, Flight, State
from records.book.forecast import Look, Milestone, Outlook
from records.book.progression import Kind, RecordChange
from records.book.tenures import Tenure
from records.book.values import Unit, duration_text
from records.formats.atom import PlainAtomFeed
from records.formats.icalendar import Event, calendar
from records.instants import Precision, isoformat, period_end
from records.ledger import Ledger

from .questions import page_of, read_instant, read_parameters

#: Places from here up are worth a line beside the next one.
TOP = 10
#: A landing is put off by so much now and then; what falls short by more is not counted on.
NEAR_MISS = timedelta(days=60)
#: How far ahead calendars look where no landing is planned.
HORIZON = timedelta(days=365)
YEAR = timedelta(days=365)
PEOPLE_PER_PAGE = 20
#: How often programs are asked to come back.
REFRESH = timedelta(hours=6)
TITLE = "Record watch"
LEDE = (
    "The next places that those in space will reach if their flights last as long, to the second, "
    "and whether the planned landing comes first."
)


def latest_near(flight: Flight) -> datetime:
    """Until when a flight can be expected to last."""
    if flight.plan_ends_at:
        return flight.plan_ends_at + NEAR_MISS
    return flight.launched_at + HORIZON


#: The next place of everyone aloft, and the near ones in a first ten.
ALL_AHEAD = Look(places=1, top=TOP, latest=latest_near)
#: Only the latter.
HIGH_AHEAD = Look(places=0, top=TOP, latest=latest_near)


@dataclass(frozen=True)
class Prospect:
    """One milestone on a shipped leaderboard, with all crew mates who reach it in that second."""

    leaderboard: models.Leaderboard
    milestone: Milestone
    astronauts: tuple[Astronaut, ...]

    @property
    def names(self) -> str:
        return _joined([one.name for one in self.astronauts])

    @property
    def place(self) -> str:
        """`rank 9, passing Kathleen Rubins (300 d 1 h 31 m)`."""
        one = self.milestone
        if one.joins:
            return f"rank {one.rank}, joining the list at {one.value.text}"
        return f"rank {one.rank}, passing {_some(one.passed)} ({one.value.text})"

    @property
    def is_vague(self) -> bool:
        """Whether the value ahead is known only to the day, and so the instant too."""
        return self.milestone.value.precision.by_the_day

    @property
    def outlook(self) -> str:
        """What must happen, in words: `Falls 3 d 4 h short; needs an extension`…"""
        one = self.milestone
        if one.outlook is Outlook.OPEN:
            return "No planned landing is known"
        if one.outlook is Outlook.EXPECTED:
            return f"{self._length(one.slack)} before the planned landing"
        return f"Falls {self._length(-one.slack)} short; needs an extension"

    def _length(self, length: timedelta) -> str:
        """`3 d 4 h`; `4 h 12 m` if it is less than a day; `about 3 d` if it is vague."""
        if self.is_vague:
            return f"about {length.days} d" if length.days else "less than a day"
        text = duration_text(round(length.total_seconds()))
        return text.rpartition(" h ")[0] + " h" if length.days else text

    @property
    def is_near(self) -> bool:
        """Whether the flight lasts as long by the plan, or nearly."""
        return self.milestone.passes_at <= latest_near(self.milestone.flight)

    @property
    def is_high(self) -> bool:
        """Whether it is worth a line in calendars: near, and in the first ten."""
        return self.is_near and self.milestone.rank <= TOP

    @property
    def key(self) -> str:
        """The same for the same milestone at every time: leaderboard, who passes, who is passed.

        Of several the first by slug speaks for all. Neither rank nor instant are part of it, since
        both are put right when facts are.
        """
        passed = [one.slug for one in self.milestone.passed] or ["list"]
        return _key(self.leaderboard, [one.slug for one in self.astronauts], passed)


@dataclass(frozen=True)
class Fallen:
    """A record that changed: the step, and the one before it."""

    leaderboard: models.Leaderboard
    tenure: Tenure
    before: RecordChange

    @property
    def change(self) -> RecordChange:
        return self.tenure.change

    @property
    def names(self) -> str:
        return _joined([one.name for one in self.change.holders])

    @property
    def from_whom(self) -> str:
        before = [one for one in self.before.holders if one not in self.change.holders]
        if self.change.kind is Kind.EQUALLED:
            return f"level with {_joined([one.name for one in before])}" if before else "level"
        return f"from {_joined([one.name for one in before])}" if before else "their own"

    @property
    def key(self) -> str:
        holders = [one.slug for one in self.change.holders]
        return _key(self.leaderboard, holders, [one.slug for one in self.before.holders])


@require_safe
def index(request):
    """Records that could fall, everyone aloft with their next places, what fell in a year."""
    parameters = read_parameters(request, allowed=("at", "page"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    aloft = ledger.aloft(instant.at)
    page = page_of(
        [one for one in aloft if one.aloft.state.running], parameters, per_page=PEOPLE_PER_PAGE
    )
    shown = frozenset(one.astronaut.slug for one in page)
    found = prospects(ledger, instant.at, replace(ALL_AHEAD, only=shown))
    return render(
        request,
        "watch/index.html",
        {
            "title": TITLE,
            "lede": LEDE,
            "instant": instant,
            "parameters": parameters,
            "canonical": request.path,
            "records": records_that_could_fall(high_prospects(ledger, instant.at)),
            "page": page,
            "people": _people(found, page),
            "unconfirmed": [one for one in aloft if one.aloft.state is State.UNCONFIRMED],
            "fallen": fallen(ledger, instant.at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
        },
    )


@require_safe
def as_json(request):
    """The rows of the page; docs/watch.md describes them."""
    at = read_instant(read_parameters(request, allowed=("at",))).at
    ledger = Ledger.current()
    return JsonResponse(
        {
            "at": isoformat(at),
            "confirmed_through": ledger.confirmation.written,
            "milestones": [_written(one) for one in prospects(ledger, at)],
            "fallen": [_written_fallen(one) for one in fallen(ledger, at)],
        }
    )


@require_safe
def as_calendar(request):
    """A calendar to subscribe to: what is to come and near, and records that fell in a year."""
    at = read_instant(read_parameters(request, allowed=())).at
    ledger = Ledger.current()
    text = calendar(
        f"{TITLE} · {settings.SITE_NAME}",
        LEDE,
        sorted(_events(ledger, at), key=lambda event: (event.at, event.uid)),
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
    at = read_instant(read_parameters(request, allowed=())).at
    feed = PlainAtomFeed(
        title=f"{TITLE} · {settings.SITE_NAME}",
        link=settings.SITE_URL + reverse("watch"),
        description=LEDE,
        subtitle=LEDE,
        feed_url=settings.SITE_URL + request.path,
        feed_guid=settings.SITE_URL + request.path,
        language="en-GB",
        author_name=settings.SITE_NAME,
    )
    events = _events(Ledger.current(), at)
    for event in sorted(events, key=lambda event: (event.modified_at, event.at), reverse=True):
        feed.add_item(
            title=f"{event.summary}: {_when(event)}",
            link=event.url,
            unique_id=f"{settings.SITE_URL}{reverse('watch')}#{event.uid.partition('@')[0]}",
            description=event.description,
            updateddate=event.modified_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


# What there is to tell


def prospects(ledger: Ledger, at: datetime, look: Look = ALL_AHEAD) -> list[Prospect]:
    """What is ahead on each leaderboard, by instant. Lists of every single flight say nothing new
    and are left out."""
    found = []
    for row in ledger.leaderboards.values():
        if row.each:
            continue
        told = set()
        for milestone in ledger.forecast(ledger.rule(row), at, look):
            one = Prospect(row, milestone, (milestone.astronaut,))
            if milestone.astronaut not in told or one.is_near:
                found.append(one)
            told.add(milestone.astronaut)
    return sorted(found, key=lambda one: one.milestone.passes_at)


def high_prospects(ledger: Ledger, at: datetime) -> list[Prospect]:
    """Those of them that are worth a line in calendars: near, and in the first ten."""
    return [one for one in prospects(ledger, at, HIGH_AHEAD) if one.is_high]


def records_that_could_fall(found: list[Prospect]) -> list[Prospect]:
    """The near ones among them that lead to the first place, crew mates together."""
    return together([one for one in found if one.milestone.takes_record and one.is_near])


def next_to_fall(ledger: Ledger, at: datetime, count: int) -> list[Prospect]:
    """For the front page: the next records by the plan, or else the next places near the top."""
    high = [one for one in high_prospects(ledger, at) if one.leaderboard.threshold is None]
    return together([one for one in high if one.milestone.takes_record] or high)[:count]


def together(found: list[Prospect]) -> list[Prospect]:
    """Crew mates who pass the same people in the same second as one prospect."""
    groups: dict[tuple, list[Prospect]] = {}
    for one in found:
        milestone = one.milestone
        key = (one.leaderboard.slug, milestone.passes_at, milestone.passed)
        groups.setdefault(key, []).append(one)
    return [
        Prospect(
            members[0].leaderboard,
            members[0].milestone,
            tuple(
                sorted(
                    (one.milestone.astronaut for one in members),
                    key=lambda one: (one.family_name, one.slug),
                )
            ),
        )
        for members in groups.values()
    ]


def fallen(ledger: Ledger, at: datetime) -> list[Fallen]:
    """Records that changed in the year before the instant, the latest first; none of them is said
    to have fallen to a crew that was lost."""
    since = at - YEAR
    month = datetime(since.year, since.month, 1, tzinfo=since.tzinfo)
    found = []
    for row in ledger.moved(month, period_end(at, Precision.MONTH)):
        rule = ledger.rule(row)
        if rule.each:
            continue
        found += [
            Fallen(row, one, before.change)
            for before, one in pairwise(ledger.tenures(rule, at))
            if since < one.change.passed_at <= at and one.kind not in (Kind.RETURNED, Kind.LOST)
        ]
    return sorted(found, key=lambda one: one.change.passed_at, reverse=True)


def _people(found: list[Prospect], careers) -> list[dict]:
    """Those aloft with what is ahead of them: places in a first ten, and apart from them the next
    ones of the other leaderboards."""
    ahead: dict[str, list[Prospect]] = {}
    for one in found:
        ahead.setdefault(one.milestone.astronaut.slug, []).append(one)

    def told(career):
        return ahead.get(career.astronaut.slug, [])

    return [
        {
            "career": career,
            "high": [one for one in told(career) if one.is_high],
            "low": [one for one in told(career) if not one.is_high],
            "plan": career.aloft.plan_ends_at and _planned_day(career.aloft.plan_ends_at),
        }
        for career in careers
    ]


# Calendar and feed


def _events(ledger: Ledger, at: datetime) -> list[Event]:
    host = urlsplit(settings.SITE_URL).hostname
    changed_at = models.DataVersion.objects.values_list("changed_at", flat=True).first() or at
    graced = ledger.confirmation.through_at + ledger.confirmation.grace
    # After the grace period the same milestones are told as presumed ones.
    modified_at = max(changed_at, graced) if graced < at else changed_at
    events = {
        one.key: Event(
            uid=f"{one.key}@{host}",
            at=one.milestone.passes_at,
            summary=_summary(one),
            description=_description(one),
            url=settings.SITE_URL + one.leaderboard.get_absolute_url(),
            modified_at=modified_at,
            by_day=one.is_vague,
            tentative=True,
        )
        for one in together(high_prospects(ledger, at))
    }
    for one in fallen(ledger, at):
        if one.change.kind is Kind.EXTENDED:
            continue
        events[one.key] = Event(
            uid=f"{one.key}@{host}",
            at=one.change.passed_at,
            summary=f"{one.names}: record, {one.leaderboard.title}",
            description=f"{_record_words(one)}.",
            url=settings.SITE_URL + one.leaderboard.get_absolute_url(),
            modified_at=max(changed_at, one.change.passed_at),
            by_day=one.tenure.passed_precision.by_the_day,
            tentative=False,
        )
    return list(events.values())


def _summary(one: Prospect) -> str:
    """`Anna Kikina: rank 9, Most time in space by a woman (presumed)`."""
    marks = []
    if one.milestone.presumed:
        marks.append("presumed")
    if one.milestone.outlook is Outlook.NEEDS_EXTENSION:
        marks.append("needs an extension")
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
        lines.append("The value ahead is known only to the day, and so is this.")
    if milestone.presumed:
        lines.append("The flight is presumed to go on; the last confirmation is too long ago.")
    return "\n".join(lines)


def _record_words(one: Fallen) -> str:
    return f"{one.names}: {one.change.value.text}, {one.from_whom}"


# JSON


def _written(one: Prospect) -> dict:
    milestone = one.milestone
    return {
        "leaderboard": {"slug": one.leaderboard.slug, "title": one.leaderboard.title},
        "astronaut": _person(milestone.astronaut),
        "mission": milestone.flight.launch_mission.slug,
        "passes_at": isoformat(milestone.passes_at),
        "rank": milestone.rank,
        "passed": [_person(passed) for passed in milestone.passed],
        "value": _value(milestone.value),
        "planned_landing_by": (
            isoformat(milestone.plan_ends_at) if milestone.plan_ends_at else None
        ),
        "slack_seconds": (
            None if milestone.slack is None else round(milestone.slack.total_seconds())
        ),
        "outlook": milestone.outlook.value,
        "presumed": milestone.presumed,
    }


def _written_fallen(one: Fallen) -> dict:
    change = one.change
    return {
        "leaderboard": {"slug": one.leaderboard.slug, "title": one.leaderboard.title},
        "kind": change.kind.value,
        "holders": [_person(holder) for holder in change.holders],
        "before": [_person(holder) for holder in one.before.holders],
        "value": _value(change.value),
        "passed_at": isoformat(change.passed_at),
        "passed_precision": one.tenure.passed_precision,
        "sealed_at": isoformat(one.tenure.sealed_at) if one.tenure.sealed_at else None,
    }


def _person(astronaut: Astronaut) -> dict:
    return {"slug": astronaut.slug, "name": astronaut.name}


def _value(value) -> dict:
    written = {value.unit.value: value.amount, "text": value.text}
    return written if value.unit is Unit.COUNT else {**written, "iso": value.iso}


# Words


def _key(leaderboard, passing: list[str], passed: list[str]) -> str:
    return ".".join((leaderboard.slug, min(passing), min(passed)))


def _joined(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _some(people: tuple[Astronaut, ...]) -> str:
    names = [one.name for one in people]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} others"]
    return _joined(names)


def _when(event: Event) -> str:
    return _day(event.at) if event.by_day else f"{_day(event.at)}, {event.at:%H:%M} UTC"


def _planned_day(plan_ends_at: datetime) -> str:
    """The day at whose end, or in which, the planned landing has passed."""
    return _day(plan_ends_at - timedelta(seconds=1))


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}"
