import logging

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404

logger = logging.getLogger(__name__)


def bad_request(request, exception=None):
    # Only a BadRequest is worded for the reader; a SuspiciousOperation is worded for the log.
    message = words_of(exception) if isinstance(exception, BadRequest) else ""
    return render(request, "errors/400.html", {"message": message}, status=400)


def permission_denied(request, exception=None):
    return render(request, "errors/403.html", status=403)


def csrf_failure(request, reason=""):
    # Only the newsroom has forms to send; elsewhere the view would have refused, but comes later.
    if "admin" not in request.resolver_match.app_names:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    return render(request, "errors/403.html", {"expired": True}, status=403)


def page_not_found(request, exception=None):
    return render(request, "errors/404.html", {"message": words_of(exception)}, status=404)


def gone(request, message=""):
    """For a view to return when something was public once and has been withdrawn."""
    return render(request, "errors/410.html", {"message": message}, status=410)


def server_error(request):
    """Anything may be broken here, the database first: no request, no queries, and a way out."""
    try:
        page = render_to_string("errors/500.html", {"SITE_NAME": settings.SITE_NAME})
    except Exception:
        logger.exception("The page that says sorry failed as well.")
        page = LAST_RESORT
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store"})


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
