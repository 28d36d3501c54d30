from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    MiddlewareNotUsed,
    PermissionDenied,
    TooManyFieldsSent,
)
from django.http import Http404, QueryDict
from django.urls import get_resolver

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


#: How the addresses of files, feeds and calendars end: those that programs read.
FOR_PROGRAMS = (".json", ".csv", ".xml", ".ics", ".zip")


def open_to_other_sites(get_response):
    """Scripts of every site may read what is public and made for programs, refusals too."""

    def middleware(request):
        response = get_response(request)
        if request.path.endswith(FOR_PROGRAMS) and not request.path.startswith("/admin/"):
            response.setdefault("Access-Control-Allow-Origin", "*")
        return response

    return middleware


#: For how long what is not the page itself may be kept: to be asked for again each time.
ASK_AGAIN = "max-age=0, must-revalidate"


def refusals_are_asked_for_again(get_response):
    """Nobody keeps a redirect or a refusal, unless the view says so.

    Browsers keep a 301, 404, 405 or 410 for as long as they like where no time is said, and a story
    that is published again, or an address that is given anew, could not be reached any more.
    """

    def middleware(request):
        response = get_response(request)
        if response.status_code >= 300 and response.status_code != 304:
            response.setdefault("Cache-Control", ASK_AGAIN)
        return response

    return middleware


def permissions_policy(get_response):
    def middleware(request):
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def say_what_was_refused(get_response):
    """A page that could not read all that it was asked is a 400, or a 404, whatever it shows."""

    def middleware(request):
        response = get_response(request)
        asked = getattr(request, "asked", None)
        if asked is not None and response.status_code == 200:
            response.status_code = asked.status
        return response

    return middleware


def refuse_impossible_addresses(get_response):
    """No address of this site holds a NUL, on which PostgreSQL raises, or a thousand parameters."""

    def middleware(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            message = "The address contains a NUL character, which nothing here has."
            return error_page(request, 400, BadRequest(message))
        try:
            request.GET.keys()
        except TooManyFieldsSent:
            # Whoever looks at the query string later, Django's debug page included, must find one.
            request.GET = QueryDict("")
            message = "The address has too many parameters."
            return error_page(request, 400, BadRequest(message))
        return get_response(request)

    return middleware


#: What a view may raise, and the status it stands for.
STATUSES = {Http404: 404, BadRequest: 400, PermissionDenied: 403}


def error_page(request, status: int, exception):
    """The site's own page for the status, which urls.py names."""
    return get_resolver().resolve_error_handler(status)(request, exception=exception)


class same_error_pages_under_debug:
    """Under DEBUG, too, a reader's mistake gets the site's own page instead of Django's.

    What the site answers to a bad address is a part of it, to be seen while working on it. Errors
    of the code (500) keep Django's traceback page.
    """

    def __init__(self, get_response):
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None:
            return error_page(request, 404, Http404())
        return response

    def process_exception(self, request, exception):
        for kind, status in STATUSES.items():
            if isinstance(exception, kind):
                return error_page(request, status, exception)
        return None
