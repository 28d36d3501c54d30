"""What a form said when it was opened. The form carries it, signed, so that a save can tell what
was typed from what was there, and what others changed meanwhile from both."""

import re
from copy import deepcopy
from dataclasses import asdict, dataclass, field

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core import signing
from django.forms.models import InlineForeignKeyField
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict

from .merging import DELETE, NEW, Difference, Kind, Merge, Page, Row, Spot

#: The hidden input that carries it.
OPENED = "_opened"
#: What was chosen where two changed the same, and the third text that somebody made of both.
CHOICE, THIRD = "choice-", "both-"
MINE, THEIRS, BOTH = "mine", "theirs", "both"

_SALT = "records.admin.opened"


@dataclass
class Opened:
    """The page as it was opened, after which of all saves, and what had been decided about its row
    by then.

    `asked` is what its author has been asked to choose, by the name of its place: where, what was
    stored and what was typed then.
    """

    page: Page
    saves: int
    decided: str = ""
    asked: dict[str, list] = field(default_factory=dict)

    @classmethod
    def now(cls, page: Page, decided: str) -> "Opened":
        latest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        return cls(page, latest or 0, decided)

    @classmethod
    def read(cls, text: str, path: str) -> "Opened | None":
        """None for what no form of this page carried."""
        try:
            return cls(**signing.Signer(salt=_SALT + path).unsign_object(text))
        except (signing.BadSignature, ValueError, TypeError):
            return None

    def signed(self, path: str) -> str:
        return signing.Signer(salt=_SALT + path).sign_object(asdict(self), compress=True)

    def ask(self, found: list[Difference]) -> None:
        """Remember what has to be chosen. It counts as opened as long as it is not."""
        for one in found:
            group, key, name = one.place
            self.asked[one.place.name] = [one.place, one.stored, one.typed]
            rows = self.page.setdefault(group, {})
            if name:
                rows[key][name] = one.opened
            elif one.opened is None:
                rows.pop(key, None)
            else:
                rows[key] = one.opened

    def settle(self, typed: Page, data: QueryDict) -> None:
        """Let what was chosen count: as seen, and typed so.

        Who chose something else than what was typed and then typed on is asked again: the one or
        the other would be lost.
        """
        for name, (place, seen, mine) in self.asked.items():
            choice, place = data.get(CHOICE + name, ""), Spot(*place)
            if place.field:
                third = normal([data.get(THIRD + name, "")])
                self._settle_field(place, seen, mine, choice, third, typed)
            else:
                self._settle_row(place, seen, mine, choice, typed)
        self.asked = {}

    def _settle_field(self, place, seen, mine, choice, third, typed):
        row = typed.get(place.group, {}).get(place.key)
        known = self.page.get(place.group, {}).get(place.key)
        if row is None or known is None:
            return
        if choice == MINE:
            known[place.field] = seen
        elif choice in (THEIRS, BOTH) and row.get(place.field, []) == mine:
            row[place.field] = seen if choice == THEIRS else third
            known[place.field] = seen

    def _settle_row(self, place, seen, mine, choice, typed):
        rows, known = typed.setdefault(place.group, {}), self.page.setdefault(place.group, {})
        if seen is None:  # Deleted by somebody else: the form has it no more.
            if choice in (MINE, THEIRS):
                known.pop(place.key, None)
            if choice == MINE:
                rows[f"{NEW}{place.key}"] = mine
            elif choice != THEIRS:
                rows[place.key] = mine
        elif choice in (MINE, THEIRS) and rows.get(place.key) == mine:
            known[place.key] = seen
            if choice == THEIRS:
                rows[place.key] = deepcopy(seen)

    @classmethod
    def unknown(cls, stored: Page) -> "Opened":
        """Of a form that does not say: nothing is known of what both have."""
        rows = {group: {} for group in stored if group}
        return cls.now({**rows, "": {"": dict.fromkeys(stored[""][""])}}, "")


# What forms say


def normal(values: list[str]) -> list[str]:
    """Values as they are compared: an empty one is none, and an end of a line one character."""
    return [value.replace("\r\n", "\n").replace("\r", "\n") for value in values if value]


def kind_of(formfield: forms.Field) -> Kind:
    widget = _widget(formfield)
    if getattr(widget, "allow_multiple_selected", False):
        return "list" if "data-ordered" in widget.attrs else "set"
    return "text" if isinstance(widget, forms.Textarea) else "value"


def merged_names(form: forms.BaseForm) -> list[str]:
    """The fields that two may both change: what is decided or uploaded is none."""
    return [
        name
        for name, one in form.fields.items()
        if not isinstance(one, forms.MultiValueField | forms.FileField | InlineForeignKeyField)
        and name != form._meta.model._meta.pk.name
    ]


def said_by(form: forms.BaseForm) -> Row:
    """What the form would send if it were sent as it is shown first."""
    return {name: _sent(form[name]) for name in merged_names(form)}


def _sent(bound: forms.BoundField) -> list[str]:
    widget, value = _widget(bound.field), bound.field.prepare_value(bound.initial)
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if value is None:
        return []
    if getattr(widget, "allow_multiple_selected", False):
        return _ordered(bound.field, [str(one) for one in value])
    shown = value if isinstance(widget, ChoiceWidget) else widget.format_value(value)
    return [] if shown is None else normal([str(shown)])


def _widget(formfield: forms.Field) -> forms.Widget:
    widget = formfield.widget
    return widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget


def _ordered(formfield: forms.Field, values: list[str]) -> list[str]:
    return sorted(values) if kind_of(formfield) == "set" else values


def page_of(form, formsets) -> Page:
    """What a form that is shown first says, with the rows beside it."""
    return {"": {"": said_by(form)}} | {
        formset.prefix: {str(one.instance.pk): said_by(one) for one in formset.initial_forms}
        for formset in formsets
    }


def typed_page(
    data: QueryDict, form, formsets, stored: Page, opened: Page
) -> tuple[Page, dict[Spot, int]]:
    """What was sent for the same forms, and at which number each row came. Rows that are only
    shown, or were not on the page when it was opened, are taken to be as they are stored; rows that
    cannot be counted are left out."""
    page: Page = {"": {"": _typed(data, form, "")}}
    numbers = {}
    for formset in formsets:
        if formset.prefix not in opened:
            page[formset.prefix] = deepcopy(stored[formset.prefix])
            continue
        sizes = [data.get(f"{formset.prefix}-{name}_FORMS", "") for name in ("INITIAL", "TOTAL")]
        if not all(size.isascii() and size.isdecimal() and len(size) < 5 for size in sizes):
            continue
        initial, total = (min(int(size), formset.absolute_max) for size in sizes)
        rows, one = {}, formset.empty_form
        for number in range(total):
            start = f"{formset.prefix}-{number}-"
            key = data.get(f"{start}{formset.model._meta.pk.name}", "") if number < initial else ""
            key = key or f"{NEW}{number}"
            numbers[Spot(formset.prefix, key)] = number
            rows[key] = _typed(data, one, start)
        if formset.only_shown:
            added = {key: row for key, row in rows.items() if key.startswith(NEW)}
            rows = deepcopy(stored[formset.prefix]) | added
        page[formset.prefix] = rows
    return page, numbers


def _typed(data: QueryDict, form, start: str) -> Row:
    found = {}
    for name in merged_names(form):
        values = normal(data.getlist(start + name))
        widget = _widget(form.fields[name])
        if isinstance(widget, forms.CheckboxInput):
            on = widget.value_from_datadict(data, {}, start + name)
            values = ["on"] if on else []
        elif not getattr(widget, "allow_multiple_selected", False):
            values = values[-1:]
        found[name] = _ordered(form.fields[name], list(dict.fromkeys(values)))
    return found


def kinds_of(form, formsets) -> dict[str, dict[str, Kind]]:
    shown = {"": form} | {formset.prefix: formset.empty_form for formset in formsets}
    return {
        group: {name: kind_of(one.fields[name]) for name in merged_names(one)}
        for group, one in shown.items()
    }


def sent_again(data: QueryDict, merge: Merge, numbers: dict[Spot, int], formsets) -> QueryDict:
    """The data as if the merged page had been typed: rows that are gone are no part of it, rows
    that were added are, and what was chosen is done with."""
    made = QueryDict(mutable=True)
    for name, values in data.lists():
        if not name.startswith((CHOICE, THIRD)):
            made.setlist(name, values)
    _write(made, "", merge.page[""][""], merge.kinds[""])
    for formset in formsets:
        if formset.prefix in merge.page:
            _write_rows(made, merge, numbers, formset)
        else:  # Django says so of a count that is missing; it takes -1 for one.
            made.pop(f"{formset.prefix}-INITIAL_FORMS", None)
    return made


def _write_rows(made: QueryDict, merge: Merge, numbers: dict[Spot, int], formset) -> None:
    prefix, pk, rows = formset.prefix, formset.model._meta.pk.name, merge.page[formset.prefix]
    as_sent: dict[int, dict] = {}
    for name in list(made):
        if found := re.fullmatch(rf"{re.escape(prefix)}-(\d+)-(.+)", name, re.ASCII | re.DOTALL):
            as_sent.setdefault(int(found[1]), {})[found[2]] = made.pop(name)
    old = [key for key in rows if not key.startswith(NEW)]
    new = [key for key in rows if key.startswith(NEW)]
    for number, key in enumerate((*old, *new)):
        start = f"{prefix}-{number}-"
        for rest, values in as_sent.get(numbers.get(Spot(prefix, key)), {}).items():
            made.setlist(start + rest, values)
        made.setdefault(start + formset.fk.name, str(formset.instance.pk))
        made[start + pk] = "" if key.startswith(NEW) else key
        _write(made, start, rows[key], merge.kinds[prefix])
    made[f"{prefix}-INITIAL_FORMS"] = str(len(old))
    made[f"{prefix}-TOTAL_FORMS"] = str(len(rows))


def _write(made: QueryDict, start: str, row: Row, kinds: dict[str, Kind]) -> None:
    for name, values in row.items():
        sent = normal(made.getlist(start + name))
        if kinds[name] == "set":
            sent.sort()
        if sent == values:
            continue
        if values:
            made.setlist(start + name, values)
        elif kinds[name] in ("set", "list") or name == DELETE:
            made.pop(start + name)
        else:
            made[start + name] = ""
