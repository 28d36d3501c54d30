"""/admin/: the name of the newsroom, its start page, what all of its pages share, and what keeps
typed text from being lost."""

import json
import re
from functools import wraps
from itertools import product
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest
from django.db import DataError
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import Resolver404, path, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_safe

from records.instants import isoformat, read_clock
from records.ledger import open_forms
from records.ledger.due import latest_word
from records.models import Article, KeptText
from records.tables import newsroom as tables

from . import errors

#: The hidden input that names the copy of a form, and the cookie that says which one was saved.
COPY, SAVED = "_copy", "saved_copy"
A_COPY = re.compile("[a-z0-9-]{1,40}")
A_KEY = re.compile(r"\d{1,18}", re.ASCII)
#: Copies of one page that are offered.
MOST_COPIES = 5
LONGEST_KEPT = 1_500_000

#: Nothing is called by more.
LONGEST_NAME = 200

#: Pages of the newsroom that are nowhere to arrive at.
NO_PAGES = {
    f"admin:{name}"
    for name in (
        *("login", "logout", "jsi18n", "autocomplete"),
        *("view_on_site", "session", "kept", "open"),
    )
}


class LoginForm(AdminAuthenticationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.pop("maxlength", None)  # It would cut what is pasted.


class Completion(AutocompleteJsonView):
    """What is called as was typed comes first, then what begins so; and of two of one name each
    says which it is."""

    def get_queryset(self):
        rows = super().get_queryset()
        called, term = self.model_admin.called, self.term.strip()[:LONGEST_NAME]
        if not (called and term):
            return rows
        ways = product(("iexact", "istartswith", "icontains"), called)
        nearer = [
            When(**{f"{name}__{lookup}": term}, then=Value(place))
            for place, (lookup, name) in enumerate(ways)
        ]
        nearness = Case(*nearer, default=Value(len(nearer)), output_field=IntegerField())
        return rows.annotate(_nearness=nearness).order_by("_nearness", *rows.query.order_by)

    def serialize_result(self, row, to_field_name):
        return {
            **super().serialize_result(row, to_field_name),
            "text": self.model_admin.told_apart(row),
        }


class Newsroom(AdminSite):
    """Django's admin, whose start page says how old the facts are and what is overdue, and which
    loses nothing that is typed into its forms."""

    site_header = site_title = f"{settings.SITE_NAME} newsroom"
    index_title = "Stories and facts"

    def index(self, request, extra_context=None):
        return super().index(request, {**latest_word(read_clock()), **(extra_context or {})})

    login_form = LoginForm

    def login(self, request, extra_context=None):
        """Django's own; whoever comes with the address of no page arrives at the start page."""
        for sent in ("GET", "POST"):
            given = getattr(request, sent)
            wanted = given.get(REDIRECT_FIELD_NAME)
            if wanted is not None and not self._leads_somewhere(request, wanted):
                setattr(request, sent, given.copy())
                getattr(request, sent)[REDIRECT_FIELD_NAME] = reverse("admin:index")
        return super().login(request, extra_context)

    def _leads_somewhere(self, request, address: str) -> bool:
        """Whether the address is that of a page of the newsroom. One of a row that is gone leads to
        the start page, and says so."""
        own = {request.get_host()}
        if not url_has_allowed_host_and_scheme(address, own, require_https=request.is_secure()):
            return False
        try:
            match = resolve(urlsplit(address).path)
        except (Resolver404, ValueError):
            return False
        if match.view_name == "article-preview":
            return Article.objects.filter(slug=match.kwargs["slug"]).exists()
        # What has no name is what Django's admin keeps for addresses of nothing.
        named = match.url_name and match.view_name not in NO_PAGES
        return bool(named) and match.namespace == self.name

    def autocomplete_view(self, request):
        return Completion.as_view(admin_site=self)(request)

    def get_urls(self):
        return [
            path("session/", self.session_view, name="session"),
            path("kept/", self.kept_view, name="kept"),
            path("open/", self.open_view, name="open"),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        """As Django's own, but that what was sent with no session is shown, not thrown away; and
        the copy of a form that was saved is dropped, here and in the browser."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def outer(request, *args, **kwargs):
            if request.method == "POST" and request.POST and not self.has_permission(request):
                return self._signed_out(request) or inner(request, *args, **kwargs)
            try:
                response = inner(request, *args, **kwargs)
            except (OverflowError, DataError) as error:
                # Only numbers of more digits than a database has: a key or a year of twenty.
                raise BadRequest("A number in it is larger than any that is kept here.") from error
            copy = request.POST.get(COPY, "") if request.method == "POST" else ""
            if isinstance(response, HttpResponseRedirect) and A_COPY.fullmatch(copy):
                KeptText.objects.filter(user=request.user, copy=copy).delete()
                response.set_cookie(
                    SAVED,
                    copy,
                    max_age=300,
                    path=reverse("admin:index"),
                    secure=settings.SESSION_COOKIE_SECURE,
                    samesite="Lax",
                )
            return response

        return outer

    def _signed_out(self, request):
        """What was typed, if it was sent from a form of ours when nobody was signed in any more."""
        page = csrf_protect(errors.signed_out)(request)
        if page is not None:
            add_never_cache_headers(page)
        return page

    # For the scripts of the forms

    @method_decorator([never_cache, require_safe])
    def session_view(self, request):
        """Who is signed in, if anybody, and the token that forms are sent with."""
        signed_in = self.has_permission(request)
        return JsonResponse(
            {
                "user": str(request.user.pk) if signed_in else "",
                "name": request.user.get_username() if signed_in else "",
                "token": get_token(request),
            }
        )

    @method_decorator([never_cache, csrf_protect])
    def kept_view(self, request):
        """Copies of the reader's own unsaved forms: read, kept and thrown away. Never a redirect,
        and nothing of the story changes."""
        if not self.has_permission(request):
            return JsonResponse({"problem": "Nobody is signed in."}, status=401)
        sent = request.GET if request.method == "GET" else request.POST
        page, copy = sent.get("page", ""), sent.get("copy", "")
        mine = KeptText.objects.filter(user=request.user)
        if request.method == "GET":
            found = mine.filter(page=page)[:MOST_COPIES] if self._is_kept(request, page) else ()
            return JsonResponse({"copies": [_told(one) for one in found]})
        if request.method != "POST" or not A_COPY.fullmatch(copy):
            return JsonResponse({"problem": "No copy is named."}, status=400)
        if "discard" in sent:
            mine.filter(copy=copy).delete()
            return JsonResponse({})
        if not self._is_kept(request, page):
            return JsonResponse({"problem": "Texts of this page are not kept here."}, status=404)
        try:
            typed = _pairs(sent.get("typed", ""))
        except ValueError as error:
            return JsonResponse({"problem": str(error)}, status=400)
        at = read_clock()
        KeptText.objects.keep(request.user, page, copy, typed, at)
        return JsonResponse({"kept_at": isoformat(at)})

    @method_decorator([never_cache, csrf_protect])
    def open_view(self, request):
        """A form says that it is open, and is told who else has it open and who saved it since."""
        if not self.has_permission(request):
            return JsonResponse({"problem": "Nobody is signed in."}, status=401)
        page, copy = request.POST.get("page", ""), request.POST.get("copy", "")
        saves = request.POST.get("saves", "")
        if request.method != "POST" or not (A_COPY.fullmatch(copy) and A_KEY.fullmatch(saves)):
            return JsonResponse({"problem": "No form is named."}, status=400)
        row = self._row_of_form(request, page)
        if row is None:
            return JsonResponse({"problem": "There is no such form."}, status=404)
        at = read_clock()
        if "closed" in request.POST:
            open_forms.close(page, request.user, copy, at)
            return JsonResponse({})
        arrived = "arrived" in request.POST
        others = open_forms.see(page, request.user, copy, at, arrived=arrived)
        words = tables.open_to(others, request.user)
        return JsonResponse({"words": [*words, *_saved(row, int(saves), request.user)]})

    def _row_of_form(self, request, page: str):
        """The row whose form this is, if this user may change it."""
        try:
            match = resolve(page)
        except (Resolver404, ValueError):
            return None
        pages = getattr(match.func, "model_admin", None)
        key = match.kwargs.get("object_id", "")
        if pages is None or len(page) > 200 or not A_KEY.fullmatch(key):
            return None
        if match.url_name != f"{pages.opts.app_label}_{pages.opts.model_name}_change":
            return None
        row = pages.model._base_manager.filter(pk=key).first()
        return row if row and pages.has_change_permission(request, row) else None

    def _is_kept(self, request, page: str) -> bool:
        """Whether it is the form of a story that this user may write."""
        try:
            match = resolve(page)
        except (Resolver404, ValueError):
            return False
        options = Article._meta
        names = [f"{options.app_label}_{options.model_name}_{kind}" for kind in ("add", "change")]
        if len(page) > 200 or match.app_names != ["admin"] or match.url_name not in names:
            return False
        pages = self._registry[Article]
        if match.url_name == names[0]:
            return pages.has_add_permission(request)
        key = match.kwargs.get("object_id", "")
        story = Article.objects.filter(pk=key).first() if A_KEY.fullmatch(key) else None
        return story is not None and pages.has_change_permission(request, story)


def _saved(row, saves: int, user) -> list[str]:
    """Who was the last to save the row after so many of all saves."""
    found = LogEntry.objects.filter(
        content_type=get_content_type_for_model(row), object_id=str(row.pk), pk__gt=saves
    )
    latest = found.select_related("user").order_by("-pk").first()
    if latest is None:
        return []
    who = "You (in another tab)" if latest.user == user else str(latest.user)
    at = f"{latest.action_time:%H:%M:%S} UTC"
    return [f"{who} saved this at {at}. What you type is merged with it when you save."]


def _told(kept: KeptText) -> dict:
    return {"copy": kept.copy, "at": isoformat(kept.kept_at), "typed": kept.pairs}


def _pairs(text: str) -> list:
    """Names and values of a form. Raises ValueError, with words, for anything else."""
    if len(text) > LONGEST_KEPT:
        raise ValueError("This is too long to be kept here.")
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, list) or not all(
        isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) for part in one)
        for one in pairs
    ):
        raise ValueError("Names and values of a form are expected.")
    return pairs
