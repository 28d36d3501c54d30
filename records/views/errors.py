"""Refusals, in the format of the address that was asked for: a page, JSON or a line of text.

An address that names something by a slug that it had before, or in capitals, is no refusal: it
leads on to where that stands now, whichever page or file of it was asked for.
"""

import logging
import re
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent
from django.http import (
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, reverse

from records import models
from records.instants import read_clock
from records.tables import newsroom

logger = logging.getLogger(__name__)

#: What pages are refused with.
PAGES = {400: "errors/400.html", 404: "errors/404.html", 410: "errors/410.html"}

#: How Django begins to say that a form was sent by another site.
FROM_ELSEWHERE = ("Origin checking failed", "Referer checking failed")
#: The address that shows a story as it is typed.
AS_TYPED = "article-typed"
#: What a form sends besides what is typed into it; and passwords.
NOT_TYPED = re.compile(r"^_|^csrf|password|_FORMS$|__prefix__|-id$|^next$")
#: What is not sent again with it: secrets, and the buttons that save or decide something.
NOT_SENT = re.compile(r"^csrf|password|^_(?!opened$|copy$)|^(choice|both)-|^next$|^post$|^action$")
#: What every form carries that comes back as it was typed when it is sent with “_preview”.
FILLED_IN = "_copy"


def bad_request(request, exception=None):
    # Only a BadRequest is worded for the reader; a SuspiciousOperation is worded for the log.
    message = words_of(exception) if isinstance(exception, BadRequest) else ""
    return _refusal(request, 400, message)


def permission_denied(request, exception=None):
    return render(request, "errors/403.html", status=403)


def csrf_failure(request, reason=""):
    match = request.resolver_match
    # Only the newsroom has forms to send; elsewhere the view would have refused, but comes later.
    if "admin" not in match.app_names and match.url_name != AS_TYPED:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    # What another site sends is nothing that anybody typed here; and a page that shows a story as
    # it is typed came from a form that is still open, beside it.
    shown = reason.startswith(FROM_ELSEWHERE) or match.url_name == AS_TYPED
    told = {} if shown else _typed(request)
    return render(request, "errors/403.html", {"expired": True, **told}, status=403)


def signed_out(request):
    """For the newsroom to return when a form comes in and nobody is signed in any more; None if
    nothing was typed into it."""
    told = _typed(request)
    context = {"signed_out": True, **told}
    return render(request, "errors/403.html", context, status=403) if told else None


def _typed(request) -> dict:
    """What was typed into the form, as its writer reads it, and all that it sent, to be sent once
    more and only shown; empty if nothing was typed."""
    try:
        sent = list(request.POST.lists())
    except (RequestDataTooBig, TooManyFieldsSent):
        return {}
    typed = [
        {"name": name, "text": "\n".join(filter(None, values))}
        for name, values in sent
        if any(values) and not NOT_TYPED.search(name)
    ]
    if not typed:
        return {}
    again = [(name, one) for name, values in sent if not NOT_SENT.search(name) for one in values]
    # Only the forms of the newsroom's own pages know how to be filled in and not saved.
    return {"typed": newsroom.typed(typed), "again": again if FILLED_IN in request.POST else None}


def page_not_found(request, exception=None):
    return led_on(request) or _refusal(request, 404, words_of(exception))


#: Word of an address's name in the site map → what its slug is of.
KINDS = {
    "article": models.Article,
    "topic": models.Topic,
    "author": models.Author,
    "leaderboard": models.Leaderboard,
    "progression": models.Leaderboard,
    "astronaut": models.Astronaut,
    "mission": models.Mission,
    "agency": models.Agency,
    "station": models.Station,
    "spacewalk": models.Spacewalk,
}


def kind_of(name: str) -> type[models.Slugged] | None:
    """What the slug in an address of that name is of; None if it has none that changes."""
    return next((KINDS[word] for word in (name or "").split("-") if word in KINDS), None)


def led_on(request) -> HttpResponse | None:
    """A redirect to where the thing that the address names stands by now; None if there is none,
    or none that readers may know of."""
    match = request.resolver_match
    model = kind_of(match.url_name) if match and "slug" in match.kwargs else None
    if model is None:
        return None
    rows = model.objects.all()
    if model in (models.Article, models.Topic, models.Author):
        rows = rows.ever_public(read_clock())
    slug = match.kwargs["slug"].lower()
    row = rows.named([slug]).get(slug)
    if row is None or row.slug == match.kwargs["slug"]:
        return None
    path = reverse(match.view_name, kwargs={**match.kwargs, "slug": row.slug})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)


def gone(request, message="", **shown):
    """For a view to return when something was public once and has been withdrawn; `shown` is what
    its page says of it besides."""
    return _refusal(request, 410, message, **shown)


def server_error(request):
    """Anything may be broken here, the database first: no context, no queries, and a way out."""
    if _ends_with(request, ".json", ".csv"):
        response = _refusal(request, 500, "The fault is ours. Please try again in a minute.")
        response["Cache-Control"] = "no-store"
        return response
    try:
        page = render_to_string("errors/500.html", {"SITE_NAME": settings.SITE_NAME})
    except Exception:
        logger.exception("The page that says sorry failed as well.")
        page = LAST_RESORT
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})


def _refusal(request, status: int, words: str, **shown) -> HttpResponse:
    """The refusal as a page; as a problem (RFC 9457) where JSON was asked for; as one line of text
    where CSV was."""
    if _ends_with(request, ".json"):
        title = HTTPStatus(status).phrase
        detail = words or title
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JsonResponse(
            problem,
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    if _ends_with(request, ".csv"):
        line = " ".join(words.split()) or HTTPStatus(status).phrase
        return HttpResponse(f"{line}\n", status=status, content_type="text/plain; charset=utf-8")
    return render(request, PAGES[status], {"message": words, **shown}, status=status)


def _ends_with(request, *endings: str) -> bool:
    return request.path.endswith(endings)


LAST_RESORT = """<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Something went wrong</title></head>
<body><h1>Something went wrong</h1><p>The fault is ours. Please try again in a minute.</p></body>
</html>
"""


def words_of(exception):
    """What a view said when it raised, unless it only let Django speak."""
    if exception is None or isinstance(exception, Resolver404) or not exception.args:
        return ""
    words = exception.args[0]
    if not isinstance(words, str) or words.endswith("matches the given query."):
        return ""
    return words
