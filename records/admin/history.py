"""Pages that show what their row, and the rows edited with it, said before."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from django.contrib.admin.utils import unquote
from django.db.models import ForeignKey

from records.models import Flight, SpacewalkCrew

from .desk import DeskAdmin
from .fields import is_key

#: More states than this are not read at once; the newest are shown.
MOST_STATES = 500

#: Rows that are edited on another row's page: the model and its reference to that row.
EDITED_WITH = {
    "mission": ((Flight, "launch_mission_id"),),
    "spacewalk": ((SpacewalkCrew, "spacewalk_id"),),
}
KINDS = {"+": "added", "~": "changed", "-": "deleted"}


class HistoryAdmin(DeskAdmin):
    """A page whose history shows old and new values, with who changed them and when."""

    object_history_template = "admin/records/history.html"

    def history_view(self, request, object_id, extra_context=None):
        key = unquote(object_id)
        steps = _steps(self.model, int(key)) if is_key(key) else []
        return super().history_view(request, object_id, {**(extra_context or {}), "steps": steps})


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
        found += _differences(source, list(states.select_related("history_user")[:MOST_STATES]))
    found.sort(key=lambda step: (step["at"], step["number"]), reverse=True)
    _name_references(found)
    return found


def _differences(model, states) -> list[dict]:
    """Each state of the model's rows, with the fields that differ from the state before it."""
    fields = [field for field in model.history.model.tracked_fields if not field.primary_key]
    key = model._meta.pk.attname
    states.sort(key=lambda state: (getattr(state, key), state.history_date, state.history_id))
    found = []
    for former, state in pairwise([None, *states]):
        if former is not None and getattr(former, key) != getattr(state, key):
            former = None
        changes = [
            {"field": field, "old": old, "new": new}
            for field in fields
            if (old := getattr(former, field.attname) if former else None)
            != (new := getattr(state, field.attname) if state.history_type != "-" else None)
            and (old, new) not in ((None, ""), ("", None))
        ]
        if former is not None and not changes:
            continue  # Saved as it was.
        found.append(
            {
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


def _name_references(steps) -> None:
    """Write every value as a reader of the page knows it: rows by name, choices by label."""
    wanted = {}
    for step in steps:
        for change in step["changes"]:
            field = change["field"]
            if isinstance(field, ForeignKey):
                keys = {change["old"], change["new"]} - {None}
                wanted.setdefault(field.related_model, set()).update(keys)
    # The names of flights are made of those of their astronauts and missions.
    named = {
        model: model._base_manager.select_related(*_parts_of_name(model)).in_bulk(keys)
        for model, keys in wanted.items()
    }
    for step in steps:
        for change in step["changes"]:
            field = change["field"]
            rows = named.get(field.related_model, {}) if field.related_model else None
            change["old"], change["new"] = (
                _written(field, value, rows) for value in (change["old"], change["new"])
            )
            change["field"] = field.verbose_name


def _parts_of_name(model):
    return ("astronaut", "launch_mission") if model is Flight else ()


def _written(field, value, rows) -> str:
    if value in (None, ""):
        return "–"
    if rows is not None:
        return str(rows.get(value) or f"a row that is no longer there ({value})")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
