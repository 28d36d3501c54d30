from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    MiddlewareNotUsed,
    PermissionDenied,
    TooManyFieldsSent,
)
from django.http import Http404, QueryDict

from records.views import errors

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


def permissions_policy(get_response):
    def middleware(request):
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return middleware


def refuse_impossible_addresses(get_response):
    """No address of this site holds a NUL, on which PostgreSQL raises, or a thousand parameters."""

    def middleware(request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return errors.bad_request(
                request, BadRequest("The address contains a NUL character, which nothing here has.")
            )
        try:
            request.GET.keys()
        except TooManyFieldsSent:
            # Whoever looks at the query string later, Django's debug page included, must find one.
            request.GET = QueryDict("")
            return errors.bad_request(request, BadRequest("The address has too many parameters."))
        return get_response(request)

    return middleware


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
            return errors.page_not_found(request, Http404())
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, Http404):
            return errors.page_not_found(request, exception)
        if isinstance(exception, BadRequest):
            return errors.bad_request(request, exception)
        if isinstance(exception, PermissionDenied):
            return errors.permission_denied(request, exception)
        return None
