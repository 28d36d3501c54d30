"""/feeds/: what changed, for programs that follow it."""

from dataclasses import dataclass
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

#: How many of the newest entries a feed holds.
LATEST = 50


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed in both formats. The keys of its entries begin with `key`; `page` is the name of the
    address that shows the same to readers."""

    key: str
    title: str
    text: str
    page: str


@dataclass(frozen=True, slots=True)
class Told:
    """`beyond` is what JSON says beyond its format, under `_` and the name of the thing."""

    title: str
    text: str
    path: str
    published_at: datetime
    changed_at: datetime
    tags: list[str]
    beyond: dict


RECORDS = Feed(
    "records",
    "Record changes",
    "Who took which record of human spaceflight from whom, and when.",
    "record-changes",
)
CORRECTIONS = Feed(
    "corrections",
    "Corrections",
    "What was wrong in our stories, what is right, and when we put it right.",
    "corrections",
)


@require_safe
def records_atom(request):
    """The latest record changes as Atom."""
    return _atom(request, RECORDS, *_latest_records())


@require_safe
def records_json(request):
    """The same changes as JSON Feed 1.1; what is beyond it stands under `_record`."""
    return _json(request, RECORDS, *_latest_records())


@require_safe
def corrections_atom(request):
    """The latest corrections of stories that readers see, as Atom."""
    return _atom(request, CORRECTIONS, *_latest_corrections())


@require_safe
def corrections_json(request):
    """The same as JSON Feed 1.1; what is beyond it stands under `_correction`."""
    return _json(request, CORRECTIONS, *_latest_corrections())


# Formats


def _atom(request, feed: Feed, entries: dict[str, Told], changed_at: datetime):
    atom = PlainAtomFeed(
        title=_title(feed),
        link=_absolute(reverse(feed.page)),
        description=feed.text,
        subtitle=feed.text,
        language="en-GB",
        author_name=settings.SITE_NAME,
        feed_url=_absolute(request.path),
        feed_guid=lasting_id(f"feeds/{feed.key}"),
        updated=changed_at,
    )
    for key, entry in entries.items():
        atom.add_item(
            title=entry.title,
            link=_absolute(entry.path),
            description=entry.text,
            unique_id=lasting_id(key),
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
            categories=entry.tags,
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    atom.write(response, "utf-8")
    return response


def _json(request, feed: Feed, entries: dict[str, Told], changed_at: datetime):
    return JsonResponse(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _title(feed),
            "home_page_url": _absolute(reverse(feed.page)),
            "feed_url": _absolute(request.path),
            "description": feed.text,
            "language": "en-GB",
            "authors": [{"name": settings.SITE_NAME}],
            "items": [
                {
                    "id": lasting_id(key),
                    "url": _absolute(entry.path),
                    "title": entry.title,
                    "content_text": entry.text,
                    "date_published": isoformat(entry.published_at),
                    "date_modified": isoformat(entry.changed_at),
                    "tags": entry.tags,
                    **entry.beyond,
                }
                for key, entry in entries.items()
            ],
        },
        content_type="application/feed+json",
    )


def _title(feed: Feed) -> str:
    return f"{feed.title} · {settings.SITE_NAME}"


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


# Corrections


def _latest_corrections() -> tuple[dict[str, Told], datetime]:
    """The newest corrections by the keys of their entries, and when any of them last changed."""
    found = models.Correction.objects.public(read_clock()).with_changes()[:LATEST]
    first_slugs = models.FormerAddress.objects.lasting(models.Article)
    corrections = {f"{CORRECTIONS.key}/{_correction_key(one, first_slugs)}": one for one in found}
    said = {
        key: models.Said(
            (one.kind, one.wrong, one.right, one.article.headline, one.get_absolute_url()),
            max(one.made_at, one.amended_at or one.made_at),
        )
        for key, one in corrections.items()
    }
    changed_at = models.FeedEntry.objects.changed_at(CORRECTIONS.key, said)
    entries = {key: _of_correction(one, changed_at[key]) for key, one in corrections.items()}
    return entries, changed_at[CORRECTIONS.key]


def _correction_key(correction, first_slugs) -> str:
    """The same whatever the story's address becomes."""
    slug = first_slugs.get(("article", correction.article_id), correction.article.slug)
    return f"{slug}/{correction.made_at:%Y%m%d-%H%M%S}"


def _of_correction(correction, changed_at: datetime) -> Told:
    kind = correction.get_kind_display()
    return Told(
        title=f"{kind}: {correction.article.headline}",
        text=f"{correction.wrong}\n\n{correction.right}",
        path=correction.get_absolute_url(),
        published_at=correction.made_at,
        changed_at=changed_at,
        tags=[kind],
        beyond={
            "_correction": {
                "story": correction.article.slug,
                "kind": correction.kind,
                "wrong": correction.wrong,
                "right": correction.right,
            }
        },
    )


# Record changes


def _latest_records() -> tuple[dict[str, Told], datetime]:
    """The newest changes by the keys of their entries, and when any of them last changed."""
    ledger = Ledger.current()
    changes = islice(record_changes(ledger, full_minute(read_clock())), LATEST)
    latest = {f"{RECORDS.key}/{noted.key}": noted for noted in changes}
    said = {
        key: models.Said(_words(noted), noted.tenure.changed_at(ledger.confirmation))
        for key, noted in latest.items()
    }
    changed_at = models.FeedEntry.objects.changed_at(RECORDS.key, said)
    entries = {key: _of_record(noted, changed_at[key]) for key, noted in latest.items()}
    return entries, changed_at[RECORDS.key]


def _of_record(noted: Noted, changed_at: datetime) -> Told:
    tenure = noted.tenure
    return Told(
        title=_sentence(noted),
        text=_text(noted),
        path=_path(noted),
        published_at=tenure.change.passed_at,
        changed_at=changed_at,
        tags=_tags(noted),
        beyond={
            "_record": {
                "leaderboard": noted.leaderboard.slug,
                "kind": tenure.kind,
                "holders": [astronaut.slug for astronaut in tenure.change.holders],
                "previous": [astronaut.slug for astronaut in tenure.previous],
                "state": tenure.state,
                "sure": tenure.sure,
                "passed_at": isoformat(tenure.change.passed_at, tenure.passed_precision),
                "passed_precision": tenure.passed_precision,
            }
        },
    )


def _words(noted: Noted) -> tuple:
    """All that an entry says, in either format."""
    tenure = noted.tenure
    people = (tenure.change.holders, tenure.previous)
    slugs = [[astronaut.slug for astronaut in some] for some in people]
    return _text(noted), _path(noted), tenure.change.passed_at, _tags(noted), slugs


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
