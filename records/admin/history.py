"""Pages that show what their row, and the rows edited with it, said before."""

from itertools import pairwise

from django.contrib import messages
from django.contrib.admin.utils import unquote

from records.instants import written
from records.models import Citation, Flight, ReportedValue, SpacewalkCrew, SpacewalkGap, SurfaceStay
from records.tables import newsroom as tables
from records.tables.table import Table

from .changes import between, name_references
from .desk import DeskAdmin
from .fields import is_key

#: More states than this are not read at once; the newest are shown.
MOST_STATES = 500

#: Rows that are edited on another row's page: the model and its reference to that row.
EDITED_WITH = {
    "mission": ((Flight, "launch_mission_id"), (Citation, "mission_id")),
    "spacewalk": ((SpacewalkCrew, "spacewalk_id"), (Citation, "spacewalk_id")),
    "astronaut": ((Citation, "astronaut_id"),),
    "flight": ((SurfaceStay, "flight_id"), (SpacewalkGap, "flight_id"), (Citation, "flight_id")),
    "disagreement": ((ReportedValue, "disagreement_id"),),
}
#: The parameter that says with which former state of its row a form is opened.
FORMER = "former"

KINDS = {"+": "added", "~": "changed", "-": "deleted"}


class HistoryAdmin(DeskAdmin):
    """A page whose history shows old and new values, with who changed them and when; its form can
    be opened with what the row said before, to be looked at and saved."""

    object_history_template = "admin/records/history.html"

    def history_view(self, request, object_id, extra_context=None):
        key = unquote(object_id)
        steps = _steps(self.model, int(key)) if is_key(key) else []
        context = {"steps": steps, "may_put_back": self.has_change_permission(request)}
        return super().history_view(request, object_id, {**(extra_context or {}), **context})

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        key = request.GET.get(FORMER, "")
        opened = row and self.saving and request.method == "GET"
        if opened and is_key(key) and self.has_change_permission(request, row):
            state = row.history.filter(history_id=key).exclude(history_type="-").first()
            if state:
                _say_again(row, state)
                at = written(state.history_date, "second")
                words = f"The form holds what was so on {at} UTC. Nothing is saved yet."
                self.message_user(request, words, messages.WARNING)
        return row


def _say_again(row, state) -> None:
    """Give the row the values of a former state, as far as what they refer to is still there."""
    for field in row.history.model.tracked_fields:
        value = getattr(state, field.attname)
        if field.primary_key or (
            field.is_relation
            and value is not None
            and not field.related_model._base_manager.filter(pk=value).exists()
        ):
            continue
        setattr(row, field.attname, value)


def _steps(model, key: int) -> list[dict]:
    """Every step of the row and of what is edited with it, the newest first."""
    own = model.history.model.objects.filter(**{model._meta.pk.attname: key})
    sources = [(model, own)]
    for other, reference in EDITED_WITH.get(model._meta.model_name, ()):
        # A row that belonged to another page before is followed there, too.
        rows = other.history.model.objects.filter(**{reference: key}).values(other._meta.pk.attname)
        states = other.history.model.objects.filter(**{f"{other._meta.pk.attname}__in": rows})
        sources.append((other, states))
    found = []
    for source, states in sources:
        found += steps_of(source, states)
    found.sort(key=lambda step: (step["at"], step["number"]), reverse=True)
    name_references(found)
    for step in found:
        own = step["model"] is model and step["kind"] != "deleted"
        step["former"] = step["number"] if own else None
    return [step | {"title": _title(step), "table": _table(step)} for step in found]


def _title(step: dict) -> str:
    who = f" by {step['who']}" if step["who"] else ""
    return f"{step['at']:%Y-%m-%d %H:%M:%S} UTC: {step['what']} {step['kind']}{who}"


def _table(step: dict) -> Table:
    if step["kind"] == "changed":
        return tables.changed(step["changes"])
    return tables.said(step["changes"], "new" if step["kind"] == "added" else "old")


def steps_of(model, states) -> list[dict]:
    """Each of the newest states of the model's rows, with the fields that differ from the state
    before it."""
    states = list(states.select_related("history_user")[:MOST_STATES])
    fields = [field for field in model.history.model.tracked_fields if not field.primary_key]
    key = model._meta.pk.attname
    states.sort(key=lambda state: (getattr(state, key), state.history_date, state.history_id))
    found = []
    for former, state in pairwise([None, *states]):
        if former is not None and getattr(former, key) != getattr(state, key):
            former = None
        if state.history_type == "-":
            changes = between(fields, state, None)
        else:
            changes = between(fields, former, state)
        if former is not None and not changes:
            continue  # Saved as it was.
        found.append(
            {
                "model": model,
                "key": getattr(state, key),
                "at": state.history_date,
                "number": state.history_id,
                "who": state.history_user,
                "what": model._meta.verbose_name,
                "kind": KINDS[state.history_type],
                "reason": state.history_change_reason or "",
                "changes": changes,
            }
        )
    return found
