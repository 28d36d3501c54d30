"""Pages whose changes are shown on the leaderboards before they are saved."""

from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.utils import unquote
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from records.book.careers import State
from records.book.metrics import METRICS
from records.book.tenures import Tenure
from records.instants import Precision, written
from records.ledger import Ledger
from records.ledger.impact import Impact, Shift
from records.tables import newsroom as tables
from records.tables.words import counted

from .desk import DeskAdmin
from .saves import Before


class ImpactAdmin(DeskAdmin):
    """A page that shows what its change would move, and saves it only when that was seen.

    The form is saved, the record book compared, and everything rolled back if something moves that
    has not been confirmed: the form comes back as it was typed, with what would move. What was
    confirmed counts for this form and this impact alone. A change that moves nothing is saved at
    once.
    """

    change_form_template = "admin/records/impact_form.html"
    actions = ("delete_selected",)

    def save_form(self, request, form, change):
        row = form.instance
        self.saving.look_before(row if change and "slug" in form.changed_data else None)
        return super().save_form(request, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.saving.look_after()

    def log_addition(self, request, obj, message):
        return None if self.saving.moved else super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        return None if self.saving.moved else super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        undone = self.saving.undone(self.model)
        return undone or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.saving.undone(self.model) or super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if moved := self.saving.moved:
            context |= {"impact": _described(moved), "impact_seen": self.saving.token(moved)}
        return super().render_change_form(request, context, add, change, form_url, obj)

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
    before = Before(Ledger.current())
    try:
        with transaction.atomic():
            for row in rows:
                row.delete()
            moved = before.moved()
            transaction.set_rollback(True)
    except (ProtectedError, DatabaseError):
        return None
    return _described(moved) if moved else None


def _described(moved: Impact) -> dict:
    """The impact in the words of its template."""
    return {
        "title": _title(moved),
        "shifts": [
            {
                "leaderboard": shift.leaderboard,
                "holders": shift.holders,
                "moves": shift.moves,
                "table": tables.moves(shift.moves, METRICS[shift.leaderboard.metric]),
                "others": shift.others,
                "others_words": _others(shift),
                "gone": [_step(step) for step in shift.gone],
                "new": [_step(step) for step in shift.new],
            }
            for shift in moved.shifts
        ],
        "articles": moved.articles,
        "left_behind": moved.left_behind,
        "problems": moved.problems,
    }


def _others(shift: Shift) -> str:
    """How many ranks move besides those that are listed."""
    if not shift.others:
        return ""
    one = "more rank" if shift.moves else "rank"
    move = "moves" if shift.others == 1 else "move"
    return f"{counted(shift.others, one)} below the first ten {move} as well."


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
