"""/feeds/: what changed, for programs that follow it."""

from itertools import islice
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from records.formats.atom import PlainAtomFeed
from records.instants import full_minute, isoformat, read_clock
from records.ledger import Ledger
from records.ledger.history import Noted, record_changes

#: How many of the newest changes a feed holds.
LATEST = 50

RECORDS_TITLE = "Record changes"
RECORDS_TEXT = "Who took which record of human spaceflight from whom, and when."


@require_safe
def records_atom(request):
    """The latest record changes as Atom."""
    ledger = Ledger.current()
    feed = PlainAtomFeed(
        title=_title(),
        link=_absolute(reverse("record-changes")),
        description=RECORDS_TEXT,
        subtitle=RECORDS_TEXT,
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_url=_absolute(reverse("feed-records-atom")),
        feed_guid=_tag("feeds/records"),
    )
    for noted in _latest(ledger):
        sentence = _sentence(noted)
        feed.add_item(
            title=sentence,
            link=_address(noted),
            description=sentence,
            unique_id=_id(noted),
            pubdate=noted.tenure.change.passed_at,
            updateddate=noted.tenure.changed_at(ledger.confirmation),
            categories=[noted.leaderboard.title, noted.tenure.kind, noted.tenure.state],
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


@require_safe
def records_json(request):
    """The same changes as JSON Feed 1.1; what is beyond it stands under `_record`."""
    ledger = Ledger.current()
    return JsonResponse(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(),
            "home_page_url": _absolute(reverse("record-changes")),
            "feed_url": _absolute(reverse("feed-records-json")),
            "description": RECORDS_TEXT,
            "language": "en-GB",
            "authors": [{"name": settings.SITE_NAME}],
            "items": [_item(noted, ledger) for noted in _latest(ledger)],
        },
        content_type="application/feed+json",
    )


def _item(noted: Noted, ledger: Ledger) -> dict:
    tenure = noted.tenure
    sentence = _sentence(noted)
    return {
        "id": _id(noted),
        "url": _address(noted),
        "title": sentence,
        "content_text": sentence,
        "date_published": isoformat(tenure.change.passed_at),
        "date_modified": isoformat(tenure.changed_at(ledger.confirmation)),
        "tags": [noted.leaderboard.title, tenure.kind, tenure.state],
        "_record": {
            "leaderboard": noted.leaderboard.slug,
            "kind": tenure.kind,
            "holders": [astronaut.slug for astronaut in tenure.change.holders],
            "previous": [astronaut.slug for astronaut in tenure.previous],
            "state": tenure.state,
        },
    }


def _latest(ledger: Ledger) -> list[Noted]:
    return list(islice(record_changes(ledger, full_minute(read_clock())), LATEST))


def _title() -> str:
    return f"{RECORDS_TITLE} · {settings.SITE_NAME}"


def _sentence(noted: Noted) -> str:
    return noted.tenure.sentence(noted.leaderboard.title)


def _address(noted: Noted) -> str:
    path = reverse("progression", args=(noted.leaderboard.slug,))
    return _absolute(f"{path}#step-{noted.tenure.change.passed_at:%Y%m%d-%H%M%S}")


def _id(noted: Noted) -> str:
    return _tag(f"records/{noted.leaderboard.slug}/{isoformat(noted.tenure.change.passed_at)}")


def _tag(path: str) -> str:
    """A tag URI (RFC 4151): it stays the same whatever becomes of the address."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{path}"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
