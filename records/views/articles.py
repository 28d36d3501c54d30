"""/news/: the latest stories, their archive by year and month, and one story."""

import calendar
import json
import re
from collections import namedtuple
from datetime import UTC
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Cast
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from records import texts
from records.body.adverts import place
from records.body.claims import typed_claims
from records.body.parse import parse, parse_figure
from records.instants import isoformat, written
from records.ledger import Ledger
from records.models import (
    Advert,
    Article,
    Astronaut,
    Author,
    Authorship,
    Image,
    Leaderboard,
    Mission,
    PreviewSecret,
    Topic,
)
from records.models.articles import ArticleState
from records.stories.changes import told_changes
from records.stories.layout import lay_out
from records.stories.then_and_now import marked, then_and_now
from records.tables.pieces import joined, link, quiet
from records.tables.pieces import page_of as page_of_thing

from . import errors
from .questions import page_of, read_instant, read_parameters

PER_PAGE = 20
CHANGES_PER_PAGE = 20
RELATED = 4

#: Characters that could end the script element that JSON stands in.
UNSAFE_IN_SCRIPT = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@require_safe
def index(request):
    """Latest stories."""
    return _list(request, read_instant({}))


@require_safe
def year(request, year):
    return _list(request, read_instant({}), year=int(year))


@require_safe
def month(request, year, month):
    return _list(request, read_instant({}), year=int(year), month=int(month))


@require_safe
def detail(request, slug):
    """One story; 410 with a notice once it has been withdrawn."""
    instant = read_instant({})
    article = _stories().filter(slug=slug).first()
    if refused := _not_public(request, article, slug, instant):
        return refused
    context = _page(article, instant, Advert.objects.running(instant.stories_at))
    context["canonical"] = article.get_absolute_url()
    return render(request, "articles/detail.html", context)


@require_safe
def changes(request, slug):
    """What was changed of one story since readers first saw it, as far as they are told."""
    instant = read_instant({})
    article = _stories().filter(slug=slug).first()
    if refused := _not_public(request, article, slug, instant):
        return refused
    told = told_changes(article, instant.stories_at)
    page = page_of(told, read_parameters(request, allowed=("page",)), per_page=CHANGES_PER_PAGE)
    context = {"article": article, "page": page, "canonical": request.path}
    return render(request, "articles/changes.html", context)


def _not_public(request, article, slug, instant):
    """The answer for a story that was withdrawn; None if readers may see it. Raises Http404."""
    if article and _is_withdrawn(article, instant.stories_at):
        return errors.gone(request, article.withdrawal_note, article=article)
    if article is None or not article.is_public(instant.stories_at):
        raise Http404(f"There is no story “{slug[:60]}”. All of them are listed under News.")
    return None


def _stories():
    """Stories with what their pages ask for."""
    return Article.objects.select_related("primary_topic", "lead_image").prefetch_related(
        Prefetch("byline", Authorship.objects.select_related("author")), "topics", "corrections"
    )


def _page(article, instant, adverts) -> dict:
    """What the page of the story shows."""
    ledger = Ledger.current()
    authors = [authorship.author for authorship in article.byline.all()]
    claims = then_and_now(article, instant, ledger)
    body = marked(parse(article.body).blocks, claims)
    blocks = place(body, adverts, slug=article.slug)
    lead = parse_figure(article.lead_figure)
    return {
        "article": article,
        "authors": authors,
        "topics": _topics(article),
        "corrections": article.corrections.all(),
        "lead_image": article.lead_image,
        "lead": list(lay_out(lead.blocks, article.published_at, instant, ledger)),
        "blocks": list(lay_out(blocks, article.published_at, instant, ledger)),
        "claims": claims,
        "subjects": _linked(_subjects(article), article),
        "related": related_to(article, instant.stories_at),
        "metadata": _metadata(article, authors, article.corrections.all()),
        "instant": instant,
        "confirmation": ledger.confirmation,
    }


# Stories that readers do not see, for those who work on them and whom they show them to


@require_safe
def preview(request, slug):
    """Any story, or its changes, as it would be now: for those who may see it in the newsroom."""
    if refused := _not_staff(request):
        return refused
    instant = read_instant({})
    mine = _stories().visible_to(request.user, instant.stories_at)
    article = mine.select_related("pending").filter(slug=slug).first()
    if article is None:
        raise Http404(f"There is no story “{slug[:60]}” that you may see.")
    return _preview(request, article, instant)


@require_safe
def shared(request, token):
    """The same for whoever has a link: until it expires, or readers see what it leads to."""
    instant = read_instant({})
    found = PreviewSecret.objects.shared(token)
    article = found and _stories().select_related("pending").get(pk=found.article.pk)
    if not found:
        answer = errors.page_not_found(request, Http404(NO_LINK))
    elif article.is_public(instant.stories_at) and not found.changes:
        answer = errors.gone(request, f"{OVER} {settings.SITE_URL}{article.get_absolute_url()}")
    elif (
        found.until <= instant.stories_at
        or article.was_public(instant.stories_at) != bool(found.changes)
        or found.changes != getattr(getattr(article, "pending", None), "pk", 0)
    ):
        answer = errors.gone(request, ENDED)
    else:
        answer = _preview(request, article, instant)
    return _for_nobody_else(answer)


#: What those are told whose link leads nowhere any more.
NO_LINK = (
    "This link leads to no story: it was ended, or not copied whole. Ask whoever gave it to you."
)
ENDED = "This link has ended. Ask whoever gave it to you for a new one."
OVER = "This link has ended, because everybody can read the story now:"


@require_POST
def typed(request):
    """A story as it is being typed: the page, or for the form's script the page and its problems in
    JSON. Nothing is kept."""
    if refused := _not_staff(request):
        return refused
    instant = read_instant({})
    article = as_typed(request.POST)
    problems = article.problems().get("body", [])
    places = [SHOWN_PLACE._replace(slug=f"place-{number}") for number in range(1, 30)]
    key = request.POST.get("story", "")
    stored = Article.objects.visible_to(request.user, instant.stories_at).filter(
        pk=key if _KEY.fullmatch(key) else 0
    )
    # What is shown as at publication is so as of its own.
    article.published_at = stored.values_list("published_at", flat=True).first() or instant.at
    context = _page(article, instant, places)
    context |= {"preview": "As typed", "problems": problems, "framed": "frame" in request.POST}
    page = render(request, "articles/typed.html", context)
    if "frame" in request.POST:
        page = JsonResponse({"page": page.content.decode(), "problems": problems})
    return _for_nobody_else(page)


#: What may be the key of a row.
_KEY = re.compile(r"[0-9]{1,18}")

Place = namedtuple("Place", "slug weight headline text advertiser link")
#: What stands for an advert where one may be.
SHOWN_PLACE = Place("", 1, "An advert falls here, if one is running", "", "", "")


def as_typed(sent) -> Article:
    """The story that a form says, to be looked at and not to be saved. Whatever cannot be read is
    left out: this is not the place to say so."""

    def rows(name, model):
        keys = [key for key in sent.getlist(name) if _KEY.fullmatch(key)][:100]
        found = model.objects.in_bulk(keys)
        return [found[int(key)] for key in keys if int(key) in found]

    words = {name: sent.get(name, "") for name in ("headline", "short_headline", "standfirst")}
    clean = {name: texts.without_refused(text)[:10_000] for name, text in words.items()}
    lead = texts.without_refused(sent.get("lead_figure", ""))[:300]
    own = {"body": sent.get("body", ""), "lead_figure": lead, "claims": typed_claims(sent)}
    article = Article(pk=0, slug="as-typed", **own, **clean)
    article.primary_topic = next(iter(rows("primary_topic", Topic)), None)
    article.lead_image = next(iter(rows("lead_image", Image)), None)
    lists = {"astronauts": Astronaut, "missions": Mission, "leaderboards": Leaderboard}
    for name, model in ({"topics": Topic, "related": Article, "corrections": None} | lists).items():
        article.hold(name, rows(name, model) if model else [])
    authors = rows("byline", Author) or [
        author
        for number in range(20)
        for author in rows(f"byline-{number}-author", Author)
        if not sent.get(f"byline-{number}-DELETE")
    ]
    article.hold("byline", [Authorship(author=author) for author in authors])
    return article


def _not_staff(request):
    """The way to sign in for whoever may not work on stories, whether there is one or not."""
    user = request.user
    if not (user.is_active and user.is_staff):
        return _for_nobody_else(redirect_to_login(request.get_full_path(), reverse("admin:login")))
    if not any(user.has_perm(f"records.{may}_article") for may in ("view", "change", "add")):
        raise PermissionDenied
    return None


def _preview(request, article, instant):
    """The page as it will be, with a bar that says what readers see of it now."""
    state = article.state_at(instant.stories_at)
    words = state.label
    if getattr(article, "pending", None):
        article = article.pending.working_copy()
        words = f"Pending changes ({article.state}), readers see the story without them"
    elif state == ArticleState.SCHEDULED:
        words = f"Scheduled for {written(article.published_at, 'minute')} UTC"
    if not article.published_at:
        article.published_at = instant.at
    page = _page(article, instant, Advert.objects.running(instant.stories_at))
    public = state == ArticleState.PUBLISHED
    page["preview"] = words if public else f"{words} · not public"
    return _for_nobody_else(render(request, "articles/preview.html", page))


def _for_nobody_else(response):
    """The response, which no cache keeps, no search engine lists, and whose address no other site
    learns from a link."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def related_to(article, at):
    """Up to four other stories the public sees: the hand-picked ones, then those of the same
    primary topic, then those that share a topic; newest first in each."""
    picked = Article.related.through.objects.filter(
        from_article=article.pk, to_article=OuterRef("pk")
    )
    shared = Article.topics.through.objects.filter(
        article=OuterRef("pk"),
        topic__in=article.topics.through.objects.filter(article=article.pk).values("topic"),
    )
    # A bare condition would be NULL for a story without one, and PostgreSQL sorts NULL first.
    same = Case(
        When(primary_topic__isnull=False, primary_topic=article.primary_topic, then=Value(True)),
        default=Value(False),
    )
    return (
        Article.objects.published(at)
        .for_lists()
        .exclude(pk=article.pk)
        .annotate(hand_picked=Exists(picked), same_topic=same, shares_topic=Exists(shared))
        .filter(Q(hand_picked=True) | Q(same_topic=True) | Q(shares_topic=True))
        .order_by("-hand_picked", "-same_topic", "-published_at", "-pk")[:RELATED]
    )


def _list(request, instant, *, year=None, month=None):
    published = Article.objects.published(instant.stories_at)
    months = list(published.datetimes("published_at", "month", order="DESC", tzinfo=UTC))
    title, lede = "News", "Every story, newest first."
    if year is not None:
        title = _period(year, month)
        lede = f"Every story that appeared in {title}, newest first."
        published = _during(published, months, year, month)
    page = page_of(
        published.for_lists(), read_parameters(request, allowed=("page",)), per_page=PER_PAGE
    )
    return render(
        request,
        "articles/index.html",
        {
            "title": title,
            "lede": lede,
            "page": page,
            "kicker": "" if year is None else "News",
            "archive": _archive(months, request.path),
            "instant": instant,
            "canonical": request.path,
        },
    )


def _archive(months, path: str) -> list[dict]:
    """Years with their months, the newest first; the one whose page it is is the current one."""

    def entry(words: str, url: str) -> dict:
        return {"words": words, "url": url, "current": "page" if url == path else ""}

    return [
        {
            **entry(str(year), reverse("news-year", args=(year,))),
            "months": [
                entry(f"{one:%B}", reverse("news-month", args=(year, f"{one:%m}"))) for one in found
            ],
        }
        for year, found in groupby(months, key=attrgetter("year"))
    ]


def _during(published, months, year, month):
    """The stories of a year, or of a month of it. Raises Http404 where there are none."""
    if not any(one.year == year and month in (None, one.month) for one in months):
        years = ", ".join(str(one) for one in sorted({one.year for one in months}))
        known = f"The archive holds {years}." if years else "The archive is still empty."
        raise Http404(f"No story here appeared in {_period(year, month)}. {known}")
    published = published.filter(published_at__year=year)
    return published if month is None else published.filter(published_at__month=month)


def _period(year, month) -> str:
    """`2023` or `September 2023`; a month that is none is left as it was written."""
    if month is None:
        return str(year)
    return f"{calendar.month_name[month]} {year}" if 1 <= month <= 12 else f"{year}/{month:02}"


def _is_withdrawn(article, at) -> bool:
    """Whether readers have seen it and shall not any more."""
    appeared = article.published_at is not None and article.published_at <= at
    return appeared and article.state_at(at) == ArticleState.WITHDRAWN


def _topics(article):
    """The story's topics, the primary one first."""
    primary = article.primary_topic
    others = [topic for topic in article.topics.all() if topic != primary]
    return [primary, *others] if primary else others


def _subjects(article) -> dict:
    """The people, missions and records it is about, as slugs and names; one query for all, and none
    of a story that holds them."""
    about = {
        "astronauts": (Astronaut, "family_name"),
        "missions": (Mission, "launched_at"),
        "leaderboards": (Leaderboard, "title"),
    }
    if about.keys() <= article.__dict__.get("_prefetched_objects_cache", {}).keys():
        return {
            kind: [
                {"slug": row.slug, "name": str(row)}
                for row in sorted(getattr(article, kind).all(), key=attrgetter(order))
            ]
            for kind, (_, order) in about.items()
        }
    querysets = [
        model.objects.filter(articles=article.pk)
        .order_by()
        .annotate(subject=Value(kind), order=Cast(order, CharField()))
        .values_list("subject", "order", "slug", "title" if model is Leaderboard else "name")
        for kind, (model, order) in about.items()
    ]
    rows = sorted(querysets[0].union(*querysets[1:], all=True))
    return {
        kind: [{"slug": slug, "name": name} for which, _, slug, name in rows if which == kind]
        for kind in about
    }


def _linked(subjects: dict, article) -> dict[str, list]:
    """The same as links under their words; records as they stand, and stood when it appeared."""
    then = f"?at={isoformat(article.published_at)}"
    links = {
        "People": [
            link(page_of_thing(one["slug"], "astronaut"), one["name"])
            for one in subjects["astronauts"]
        ],
        "Missions": [
            link(page_of_thing(one["slug"], "mission"), one["name"]) for one in subjects["missions"]
        ],
        "Records": [
            joined((link(url, one["name"]), quiet(link(f"{url}{then}", "when published"))))
            for one in subjects["leaderboards"]
            for url in [page_of_thing(one["slug"], "leaderboard")]
        ],
    }
    return {words: found for words, found in links.items() if found}


def _metadata(article, authors, corrections) -> str:
    """The story described for machines (schema.org), safe inside a script element."""
    modified_at = article.updated_at or article.published_at
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.standfirst,
        "datePublished": isoformat(article.published_at),
        "dateModified": isoformat(modified_at),
        "mainEntityOfPage": settings.SITE_URL + article.get_absolute_url(),
        "author": [
            {
                "@type": "Person",
                "name": author.name,
                "url": settings.SITE_URL + reverse("author", args=(author.slug,)),
            }
            for author in authors
        ],
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME},
    }
    if image := article.lead_image:
        described["image"] = [settings.SITE_URL + one for one in (image.card, image.address)]
    if corrections:
        described["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": f"{one.wrong} {one.right}",
                "datePublished": isoformat(one.made_at),
            }
            for one in corrections
        ]
    text = json.dumps(described, ensure_ascii=False).translate(UNSAFE_IN_SCRIPT)
    return mark_safe(text)
