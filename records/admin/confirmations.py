from datetime import timedelta
from hashlib import sha256

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from records.book.careers import State
from records.book.criteria import LOWEST_BOUNDARY
from records.instants import isoformat, read_clock
from records.ledger import Ledger
from records.ledger.due import latest_word
from records.models import Confirmation, triggers
from records.tables import newsroom as tables
from records.tables.words import counted

from .fields import cut_nothing, instant_column
from .history import HistoryAdmin
from .saves import take_turns


class NowForm(forms.Form):
    """The button of the list of those aloft, and what it was pressed under."""

    note = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2, "cols": 60}),
        help_text="What was checked, and against what.",
    )
    #: The confirmation that was the latest one when the list was shown, and who stood on the list.
    after = forms.CharField(required=False, widget=forms.HiddenInput)
    listed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cut_nothing(self)


@admin.register(Confirmation)
class ConfirmationAdmin(HistoryAdmin):
    """A steward's word is given once; a new one follows it. A superuser may take one back."""

    change_list_template = "admin/records/confirmation/change_list.html"
    list_display = (
        instant_column("through_at", label="confirmed through"),
        "made_by",
        "note",
    )
    related = ("made_by",)
    search_fields = ("note", "made_by__username")
    date_hierarchy = "through_at"
    fields = ("through_at", "note")

    def get_changeform_initial_data(self, request):
        return {"through_at": read_clock(), **super().get_changeform_initial_data(request)}

    def get_fields(self, request, obj=None):
        return (*self.fields, "made_by") if obj else self.fields

    def has_change_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        """One at a time, and not by a slip in the list."""
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }

    def has_delete_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    def save_model(self, request, obj, form, change):
        obj.made_by = request.user
        super().save_model(request, obj, form, change)

    # “Everyone aloft as listed, as of now.”

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_now"
        now = path("now/", self.admin_site.admin_view(self.now_view), name=name)
        return [now, *super().get_urls()]

    def now_view(self, request):
        """Who is aloft by the data, what is overdue, and the button that confirms it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        at = read_clock()
        form = NowForm(request.POST or None)
        warning = ""
        if request.method == "POST" and not form.is_valid():
            complaints = [text for texts in form.errors.values() for text in texts]
            warning = " ".join(["Nothing was confirmed.", *complaints])
        elif request.method == "POST":
            try:
                warning = self._confirm(request, at, form.cleaned_data)
            except DatabaseError as error:
                warning = f"Nothing was confirmed. {triggers.words(error)}"
            if not warning:
                seen = self.has_view_permission(request)
                page = "records_confirmation_changelist" if seen else "index"
                return HttpResponseRedirect(reverse(f"admin:{page}"))
        ledger = Ledger.current()
        aloft = ledger.aloft(at, LOWEST_BOUNDARY)
        standing, rows = latest_word(at), [_row(career, at) for career in aloft]
        form = NowForm(
            initial={
                "after": _stamp(standing["latest"]),
                "listed": _list_of(aloft),
                "note": request.POST.get("note", ""),
            }
        )
        context = {
            **self.admin_site.each_context(request),
            "title": "Who is in space now",
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "warning": warning,
            "at": at,
            **standing,
            "grace": counted(ledger.confirmation.grace.days, "day"),
            "rows": rows,
            "aloft": tables.aloft(rows),
            "also_due": list(_also_due(aloft)),
        }
        return TemplateResponse(request, "admin/records/confirmation/now.html", context)

    def _confirm(self, request, at, sent) -> str:
        """Confirm through `at`, unless the list was another one; the words for why it was not.

        Of several who press the button under one list, the first one confirms; the others are told
        so. Returns nothing if there is nothing more to ask.
        """
        with transaction.atomic():
            take_turns(Confirmation)
            latest = Confirmation.objects.select_related("made_by").first()
            if _stamp(latest) != sent["after"] or (latest and latest.through_at >= at):
                if latest is None:
                    return "The latest confirmation was taken back meanwhile. Look again."
                who = f" by {latest.made_by}" if latest.made_by else ""
                text = f"It has just been {latest}{who}; nothing more was needed."
                self.message_user(request, text, messages.INFO)
                return ""
            if _list_of(Ledger.current().aloft(at, LOWEST_BOUNDARY)) != sent["listed"]:
                return "The list has changed since it was shown to you. Nothing was confirmed yet."
            row = Confirmation.objects.create(
                through_at=at, note=sent["note"], made_by=request.user
            )
            self.log_addition(request, row, [{"added": {}}])
        self.message_user(request, f"Everyone in space is now {row}.", messages.SUCCESS)
        return ""


def _stamp(confirmation: Confirmation | None) -> str:
    return isoformat(confirmation.through_at) if confirmation else ""


def _list_of(careers) -> str:
    """The same for two lists only if they name the same people on the same flights."""
    names = [f"{one.astronaut.slug} {one.aloft.launch_mission.slug}" for one in careers]
    return sha256("\n".join(names).encode()).hexdigest()


def _also_due(aloft):
    """What is due besides the landings that nobody has recorded, in words."""
    for one in aloft:
        if one.aloft.left_behind:
            yield (
                f"{one.astronaut.name}: {one.aloft.launch_mission.name} has landed, and no other "
                "ship is known to bring them down."
            )
    presumed = sum(one.aloft.state is State.PRESUMED for one in aloft)
    if presumed:
        flights, are = counted(presumed, "flight"), "is" if presumed == 1 else "are"
        yield f"{flights} under way {are} only presumed: the last confirmation is too old."


def _row(career, at) -> dict:
    flight = career.aloft
    return {
        "name": career.astronaut.name,
        "up_on": flight.launch_mission.name,
        "down_on": flight.landing_mission.name if flight.landing_mission else "not known",
        "launched": f"{flight.launched_at:%Y-%m-%d %H:%M}",
        "days": (at - flight.launched_at).days,
        "planned": _planned(flight, at),
        "state": flight.state.replace("_", " "),
    }


def _planned(flight, at) -> str:
    if not flight.plan_ends_at:
        return "–"
    # The last second of the day or month that was named.
    by = flight.plan_ends_at - timedelta(seconds=1)
    return f"{by:%Y-%m-%d}{' (overdue)' if flight.is_overdue(at) else ''}"
