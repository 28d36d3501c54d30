"""Pages whose changes are shown on the leaderboards before they are saved."""

import json

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils.crypto import constant_time_compare, salted_hmac

from records.book.careers import State
from records.book.tenures import Tenure
from records.facts import checking
from records.instants import Precision, read_clock, written
from records.ledger import Ledger
from records.ledger.impact import Impact, impact

from .desk import DeskAdmin
from .meanwhile import OPENED

#: The hidden input that says which impact of which form the editor has seen.
SEEN = "_impact_seen"
NOT_TYPED = (SEEN, OPENED, "csrfmiddlewaretoken", "_save", "_continue", "_addanother")


class Unseen(Exception):
    """Saving would move something that the editor has not been shown."""

    def __init__(self, impact: Impact):
        super().__init__()
        self.impact = impact


class ImpactAdmin(DeskAdmin):
    """A page that shows what its change would move, and saves it only when that was seen.

    The form is saved, the record book compared, and everything rolled back if something moves that
    has not been confirmed: the form comes back as it was typed, with what would move. What was
    confirmed counts for this form and this impact alone. A change that moves nothing is saved at
    once.
    """

    change_form_template = "admin/records/impact_form.html"
    delete_confirmation_template = "admin/records/impact_deletion.html"
    delete_selected_confirmation_template = "admin/records/impact_deletion_selected.html"
    actions = ("delete_selected",)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Unseen as unseen:
            # The same request again, only shown; see DeskAdmin.changeform_view.
            request.only_shown = True
            shown = {
                **(extra_context or {}),
                "impact": _described(unseen.impact),
                "impact_seen": _seen(request, unseen.impact),
            }
            return super().changeform_view(request, object_id, form_url, shown)

    def save_form(self, request, form, change):
        # Before the first row is written: the ledger that everybody reads.
        request.ledger_before = Ledger.current()
        request.problems_before = _problems()
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        problems = _problems() - request.problems_before
        moved = impact(request.ledger_before, Ledger.uncommitted(), read_clock(), problems)
        if moved and not constant_time_compare(request.POST.get(SEEN, ""), _seen(request, moved)):
            raise Unseen(moved)

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, unquote(object_id)) if request.method == "GET" else None
        if row is not None and self.has_delete_permission(request, row):
            extra_context = {**(extra_context or {}), "impact": _of_deleting([row])}
        return super().delete_view(request, object_id, extra_context)

    @admin.action(permissions=["delete"], description="Delete selected %(verbose_name_plural)s")
    def delete_selected(self, request, queryset):
        """Django's own, with what it would move on the page that asks whether one means it."""
        response = delete_selected(self, request, queryset)
        if response is not None:
            response.context_data["impact"] = _of_deleting(list(queryset))
        return response


def _of_deleting(rows) -> dict | None:
    """What deleting the rows would move, for the template; None if the database would not let them
    go."""
    before, problems_before = Ledger.current(), _problems()
    try:
        with transaction.atomic():
            for row in rows:
                row.delete()
            after, problems = Ledger.uncommitted(), _problems()
            transaction.set_rollback(True)
    except (ProtectedError, DatabaseError):
        return None
    moved = impact(before, after, read_clock(), problems - problems_before)
    return _described(moved) if moved else None


def _problems() -> set[str]:
    """What is wrong in the record as this transaction sees it."""
    return set(map(str, checking.across_rows()))


def _seen(request, moved: Impact) -> str:
    """A token for what was typed and what it moves: neither can change without another look."""
    # Sorted and without what is empty: a page shown again may put it in another order.
    typed = {
        name: sorted(filter(None, values))
        for name, values in request.POST.lists()
        if any(values) and name not in NOT_TYPED and "__prefix__" not in name
    }
    text = json.dumps([request.path, typed, moved.signature], sort_keys=True)
    return salted_hmac("records.admin.impact", text, algorithm="sha256").hexdigest()


def _described(moved: Impact) -> dict:
    """The impact in the words of its template."""
    return {
        "title": _title(moved),
        "shifts": [
            {
                "leaderboard": shift.leaderboard,
                "holders": shift.holders,
                "moves": shift.moves,
                "others": shift.others,
                "gone": [_step(step) for step in shift.gone],
                "new": [_step(step) for step in shift.new],
            }
            for shift in moved.shifts
        ],
        "articles": moved.articles,
        "left_behind": moved.left_behind,
        "problems": moved.problems,
    }


def _title(moved: Impact) -> str:
    if moved.shifts:
        return f"moves {len(moved.shifts)} leaderboard{'s' * (len(moved.shifts) > 1)}"
    if moved.left_behind:
        return "leaves somebody behind"
    if moved.problems:
        return "leaves the record with a gap or a contradiction"
    return f"touches {len(moved.articles)} published article{'s' * (len(moved.articles) > 1)}"


def _step(tenure: Tenure) -> str:
    """`2023-09-11 17:40:49 UTC: Frank Rubio, 370 d 21 h 22 m, sealed 2023-09-27 11:16:49`.

    To the second, since two steps may differ by no more; but by the day where no more is known.
    """
    step = tenure.change
    rising = step.rising and step.sealed_at is None
    parts = [
        ", ".join(one.name for one in step.holders),
        f"{step.began.exact_text} and rising" if rising else step.value.exact_text,
        *(["up to the loss of the spacecraft"] if tenure.lost else []),
        *(["unconfirmed"] if tenure.state is State.UNCONFIRMED else []),
        *(
            f"{word} {_known(instant, precision)}"
            for word, instant, precision in (
                ("sealed", tenure.sealed_at, tenure.sealed_precision),
                ("until", step.until, tenure.until_precision),
            )
            if instant
        ),
    ]
    return f"{_known(step.passed_at, tenure.passed_precision)} UTC: {', '.join(parts)}"


def _known(instant, precision) -> str:
    return written(instant, precision if precision.by_the_day else Precision.SECOND)
