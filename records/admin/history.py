"""Pages that show what their row, and the rows edited with it, said before."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from records.instants import written
from records.models import (
    Citation,
    Flight,
    ReportedValue,
    SpacewalkCrew,
    SpacewalkGap,
    StationOperator,
    SurfaceStay,
)
from records.models.history import History, keep_lists, kept_fields, state_of
from records.tables import differences
from records.tables import newsroom as tables
from records.tables.table import Table

from .changes import EMPTY, between, name_references
from .desk import DeskAdmin
from .fields import is_key

#: More states than this are not read at once; the newest are shown.
MOST_STATES = 500

#: Rows that are edited on another row's page: the model and its reference to that row.
EDITED_WITH = {
    "mission": ((Flight, "launch_mission_id"), (Citation, "mission_id")),
    "spacewalk": ((SpacewalkCrew, "spacewalk_id"), (Citation, "spacewalk_id")),
    "astronaut": ((Citation, "astronaut_id"),),
    "station": ((StationOperator, "station_id"),),
    "flight": ((SurfaceStay, "flight_id"), (SpacewalkGap, "flight_id"), (Citation, "flight_id")),
    "disagreement": ((ReportedValue, "disagreement_id"),),
}
#: The parameter that says with which former state of its row a form is opened.
FORMER = "former"

#: What can be compared besides what was kept: what is so now, and what was loaded.
NOW, LOADED = "now", "loaded"

KINDS = {"+": "added", "~": "changed", "-": "deleted"}


@dataclass(frozen=True, kw_only=True)
class HistoryEntry:
    """A line of a history: a version, a decision, or what was done to the correction of that key.

    `version` is its key among those that can be compared, `fields` what it changed; `has_former` if
    it is shown what that was. A story's `revision` has its `content`.
    """

    words: str
    version: str = ""
    number: float = 0
    has_former: bool = False
    revision: Any = None
    content: dict | None = None
    at: datetime | None = None
    by: Any = None
    fields: list[str] | tuple = ()
    correction: int | None = None

    @property
    def when(self) -> str:
        return f"{written(self.at, 'second')} UTC" if self.at else "now"

    @property
    def title(self) -> str:
        by = f" by {self.by}" if self.by else ""
        return f"{self.when}{by}. {self.words}" if self.at else self.words


class HistoryAdmin(DeskAdmin):
    """A page whose history shows old and new values, with who changed them and when; any two states
    of it can be compared, and its form can be opened with what the row said before, to be looked at
    and saved."""

    object_history_template = "admin/records/history.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_compare"
        view = self.admin_site.admin_view(self.compare_view)
        return [path("<path:object_id>/compare/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        key = unquote(object_id)
        states = PageStates(self.model, int(key)) if is_key(key) else None
        entries = states.versions if states else []
        compare = self._address("compare", object_id)
        context = {
            "steps": states.steps if states else [],
            "may_put_back": self.has_change_permission(request),
            "compare": compare,
            "table": tables.timeline(entries, compare, linked=False),
            "comparable": len(entries) > 1,
        }
        return super().history_view(request, object_id, {**(extra_context or {}), **context})

    @method_decorator(require_safe)
    def compare_view(self, request, object_id):
        """What differs between two states of the page; of one alone, from the one before it."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        states = PageStates(self.model, row.pk)
        old, new = states.chosen(request.GET.get("old"), request.GET.get("new", ""))
        if new is None or (old is None and "old" in request.GET):
            self.message_user(request, "Choose two versions of the list.", messages.ERROR)
            return HttpResponseRedirect(self._address("history", row.pk))
        itself = (self.model, row.pk)
        own = [(one, states.at(one.version).get(itself)) for one in (new, old) if one]
        form = self._address("change", row.pk)
        may = self.has_change_permission(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": f"What was changed of {row}",
            "opts": self.opts,
            "original": row,
            "media": self.media,
            "old": old,
            "new": new,
            "changes": tables.marked(states.changes(old, new)) if old else None,
            "whole": tables.said(states.said(new), "new"),
            "openable": [
                (one, f"{form}?{FORMER}={state.history_id}")
                for one, state in own
                if may and state and state.history_id
            ],
        }
        return TemplateResponse(request, "admin/records/compare.html", context)

    def _address(self, page, key) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=(key,))

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # They are written after the row, whose state holds them as they were.
        if set(form.changed_data) & set(self.model.history.model.list_names):
            keep_lists(form.instance)

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
    for name in row.history.model.list_names:
        if (slugs := getattr(state, name)) is not None:
            row.hold(name, getattr(row, name).model.objects.named(slugs).values())
    for field in row.history.model.tracked_fields:
        value = getattr(state, field.attname)
        if field.primary_key or (
            field.is_relation
            and value is not None
            and not field.related_model._base_manager.filter(pk=value).exists()
        ):
            continue
        setattr(row, field.attname, value)


class PageStates:
    """All states that were kept of a row and of the rows that are edited with it."""

    def __init__(self, model, key: int):
        self.model, self.key = model, key
        #: Model → its reference to the row of the page, and its states, the newest first.
        self.sources = {model: ("", self._states_of(model, {model._meta.pk.attname: key}))}
        for other, reference in EDITED_WITH.get(model._meta.model_name, ()):
            # A row that belonged to another page before is followed there, too.
            pk = other._meta.pk.attname
            rows = other.history.model.objects.filter(**{reference: key}).values(pk)
            self.sources[other] = reference, self._states_of(other, {f"{pk}__in": rows})

    @staticmethod
    def _states_of(model, wanted: dict) -> list:
        states = model.history.model.objects.filter(**wanted).select_related("history_user")
        return list(states[:MOST_STATES])

    @cached_property
    def steps(self) -> list[dict]:
        """Every step, the newest first."""
        found = [
            step for model, (_, states) in self.sources.items() for step in steps_of(model, states)
        ]
        found.sort(key=lambda step: (step["at"], step["number"]), reverse=True)
        name_references(found)
        for step in found:
            own = step["model"] is self.model and step["kind"] != "deleted"
            step["former"] = step["number"] if own else None
        return [step | {"title": _title(step), "table": _table(step)} for step in found]

    # Versions of the page: what all of its rows said from a second on

    @cached_property
    def versions(self) -> list[HistoryEntry]:
        """Those that can be compared, the newest first; what is so now among them if no state says
        it."""
        loaded = [step["at"] for step in self.steps if step["reason"] == History.AS_LOADED]
        saves = {}
        for step in self.steps:
            if step["reason"] != History.AS_LOADED:
                saves.setdefault(written(step["at"], "second"), []).append(step)
        found = [_version(number, *save) for number, save in enumerate(sorted(saves.items()))]
        if loaded:
            words = History.AS_LOADED
            found.insert(0, HistoryEntry(words=words, version=LOADED, number=-1, at=min(loaded)))
        if found and self._differ(self.at(found[-1].version), self.at(NOW)):
            words = "What is so now: loaded, or written elsewhere"
            found.append(HistoryEntry(words=words, version=NOW, number=inf, has_former=True))
        return found[::-1]

    def chosen(self, old: str | None, new: str) -> tuple[HistoryEntry | None, HistoryEntry | None]:
        """The two versions, the older first; without `old` the one before the other."""
        entries = self.versions
        numbers = {one.version: number for number, one in enumerate(entries)}
        if new not in numbers:
            return None, None
        place = numbers[new]
        if old is None:
            return entries[place + 1] if place + 1 < len(entries) else None, entries[place]
        if old not in numbers:
            return None, entries[place]
        newer, older = sorted((place, numbers[old]))
        return entries[older], entries[newer]

    def at(self, version: str) -> dict:
        """The state of each row in that version, by model and key; None for one that was not there
        or stood on another page."""
        found = {}
        for model, (reference, states) in self.sources.items():
            for key, state in _rows_at(model, states, version).items():
                there = state and state.history_type != "-"
                elsewhere = there and reference and getattr(state, reference) != self.key
                found[model, key] = state if there and not elsewhere else None
        return found

    def _differ(self, old: dict, new: dict) -> bool:
        return any(
            between(kept_fields(key[0]), old.get(key), new.get(key)) for key in old.keys() | new
        )

    def changes(self, old: HistoryEntry, new: HistoryEntry) -> list[dict]:
        """What differs, by field and row, with marks."""
        one, other = self.at(old.version), self.at(new.version)
        found = []
        for key in dict.fromkeys((*one, *other)):
            states = one.get(key), other.get(key)
            if steps := between(kept_fields(key[0]), *states):
                found.append({"key": key, "states": states, "changes": steps})
        name_references(found)
        return [change for row in found for change in self._marked(row)]

    def said(self, version: HistoryEntry) -> list[dict]:
        """All that the page says, by field and row."""
        found = [
            {"key": key, "changes": between(kept_fields(key[0]), None, state)}
            for key, state in self.at(version.version).items()
            if state
        ]
        name_references(found)
        return [
            {"field": self._named(row["key"], str(one["field"])), "old": "", "new": one["new"]}
            for row in found
            for one in row["changes"]
        ]

    def _marked(self, row: dict):
        old, new = row["states"]
        if old and new:
            for one in row["changes"]:
                values = ("" if one[side] == EMPTY else one[side] for side in ("old", "new"))
                name = self._named(row["key"], str(one["field"]))
                yield {"field": name, "change": differences.marked(*values)}
            return
        kind, side = ("removed", "old") if old else ("added", "new")
        said = ((kind, f"{one['field']}: {one[side]}") for one in row["changes"])
        yield {"field": self._named(row["key"]), "change": differences.listed(said)}

    def _named(self, key: tuple, field: str = "") -> str:
        """`Landing site`, `Flight Ada Vega on Test 1: role`."""
        model, pk = key
        if model is self.model:
            return (field or str(model._meta.verbose_name)).capitalize()
        state = next(
            one for one in self.sources[model][1] if getattr(one, model._meta.pk.attname) == pk
        )
        try:
            name = f"{model._meta.verbose_name} {state.instance}"
        except ObjectDoesNotExist:  # What it is called after is gone.
            name = f"{model._meta.verbose_name} {pk}"
        name = name[0].upper() + name[1:]
        return f"{name}: {field}" if field else name


def _rows_at(model, states: list, version: str) -> dict:
    """The state of each row in that version, by key. A state that was loaded held until the first
    change."""
    found = {}
    for state in reversed(states):
        key = getattr(state, model._meta.pk.attname)
        if state.history_change_reason == History.AS_LOADED:
            found.setdefault(key, state)
        elif version == NOW or (
            version != LOADED and written(state.history_date, "second") <= version
        ):
            found[key] = state
    if version != NOW:
        return found
    rows = model._base_manager.in_bulk(found)
    return {key: state_of(rows[key]) if key in rows else None for key in found}


def _version(number: int, at: str, steps: list[dict]) -> HistoryEntry:
    kinds = dict.fromkeys(f"{step['what']} {step['kind']}" for step in steps)
    fields = {
        str(change["field"]): None
        for step in steps
        if step["kind"] == "changed"
        for change in step["changes"]
    }
    words = ", ".join(kinds)
    return HistoryEntry(
        words=words[0].upper() + words[1:],
        version=at,
        number=number,
        has_former=True,
        at=steps[0]["at"],
        by=next((step["who"] for step in steps if step["who"]), None),
        fields=list(fields),
    )


def _title(step: dict) -> str:
    who = f" by {step['who']}" if step["who"] else ""
    done = "as it stood" if step["reason"] == History.AS_LOADED else step["kind"]
    return f"{step['at']:%Y-%m-%d %H:%M:%S} UTC: {step['what']} {done}{who}"


def _table(step: dict) -> Table:
    if step["kind"] == "changed":
        return tables.changed(step["changes"])
    return tables.said(step["changes"], "new" if step["kind"] == "added" else "old")


def steps_of(model, states) -> list[dict]:
    """Each of the states of the model's rows, with the fields that differ from the state before
    it."""
    fields, key = kept_fields(model), model._meta.pk.attname
    states = sorted(
        states, key=lambda state: (getattr(state, key), state.history_date, state.history_id)
    )
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
