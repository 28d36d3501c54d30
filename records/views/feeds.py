"""/feeds/: what changed, for programs that follow it."""

from datetime import datetime
from itertools import islice

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from records import models
from records.formats.atom import PlainAtomFeed, lasting_id
from records.instants import full_minute, isoformat, read_clock
from records.ledger import Ledger
from records.ledger.history import Noted, record_changes
from records.tables.words import instant

#: How many of the newest changes a feed holds.
LATEST = 50
#: Of the feed in both formats: the keys of its entries begin so.
KEY = "records"

RECORDS_TITLE = "Record changes"
RECORDS_TEXT = "Who took which record of human spaceflight from whom, and when."


@require_safe
def records_atom(request):
    """The latest record changes as Atom."""
    latest, changed_at = _latest()
    feed = PlainAtomFeed(
        title=_title(),
        link=_absolute(reverse("record-changes")),
        description=RECORDS_TEXT,
        subtitle=RECORDS_TEXT,
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_url=_absolute(reverse("feed-records-atom")),
        feed_guid=lasting_id("feeds/records"),
        updated=changed_at[KEY],
    )
    for key, noted in latest.items():
        sentence = _sentence(noted)
        feed.add_item(
            title=sentence,
            link=_absolute(_path(noted)),
            description=_text(noted),
            unique_id=lasting_id(key),
            pubdate=noted.tenure.change.passed_at,
            updateddate=changed_at[key],
            categories=_tags(noted),
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


@require_safe
def records_json(request):
    """The same changes as JSON Feed 1.1; what is beyond it stands under `_record`."""
    latest, changed_at = _latest()
    return JsonResponse(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(),
            "home_page_url": _absolute(reverse("record-changes")),
            "feed_url": _absolute(reverse("feed-records-json")),
            "description": RECORDS_TEXT,
            "language": "en-GB",
            "authors": [{"name": settings.SITE_NAME}],
            "items": [_item(key, noted, changed_at[key]) for key, noted in latest.items()],
        },
        content_type="application/feed+json",
    )


def _item(key: str, noted: Noted, changed_at: datetime) -> dict:
    tenure = noted.tenure
    sentence = _sentence(noted)
    return {
        "id": lasting_id(key),
        "url": _absolute(_path(noted)),
        "title": sentence,
        "content_text": _text(noted),
        "date_published": isoformat(tenure.change.passed_at),
        "date_modified": isoformat(changed_at),
        "tags": _tags(noted),
        "_record": {
            "leaderboard": noted.leaderboard.slug,
            "kind": tenure.kind,
            "holders": [astronaut.slug for astronaut in tenure.change.holders],
            "previous": [astronaut.slug for astronaut in tenure.previous],
            "state": tenure.state,
            "sure": tenure.sure,
            "passed_at": isoformat(tenure.change.passed_at, tenure.passed_precision),
            "passed_precision": tenure.passed_precision,
        },
    }


def _latest() -> tuple[dict[str, Noted], dict[str, datetime]]:
    """The newest changes by the keys of their entries, and when each entry last changed."""
    ledger = Ledger.current()
    changes = islice(record_changes(ledger, full_minute(read_clock())), LATEST)
    latest = {f"{KEY}/{noted.key}": noted for noted in changes}
    said = {
        key: models.Said(_words(noted), noted.tenure.changed_at(ledger.confirmation))
        for key, noted in latest.items()
    }
    return latest, models.FeedEntry.objects.changed_at(KEY, said)


def _words(noted: Noted) -> tuple:
    """All that an entry says, in either format."""
    tenure = noted.tenure
    people = (tenure.change.holders, tenure.previous)
    slugs = [[astronaut.slug for astronaut in some] for some in people]
    return _text(noted), _path(noted), tenure.change.passed_at, _tags(noted), slugs


def _title() -> str:
    return f"{RECORDS_TITLE} · {settings.SITE_NAME}"


def _sentence(noted: Noted) -> str:
    return noted.tenure.sentence(noted.leaderboard.title)


def _text(noted: Noted) -> str:
    """The same, and when, as well as it is known."""
    tenure = noted.tenure
    when = instant(tenure.change.passed_at, tenure.passed_precision)
    return f"{_sentence(noted)} {when}."


def _tags(noted: Noted) -> list[str]:
    return [noted.leaderboard.title, noted.tenure.kind, noted.tenure.state]


def _path(noted: Noted) -> str:
    path = reverse("progression", args=(noted.leaderboard.slug,))
    return f"{path}#step-{noted.tenure.change.passed_at:%Y%m%d-%H%M%S}"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
