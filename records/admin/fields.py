"""How the admin takes and shows instants, days, durations and references to other rows.

Instants are shown as `2023-09-27 11:17:21`, always UTC, in plain inputs that a time copied from a
source can be pasted into, in any way that people write one. What is not written is not made up: a
day without a time sets the precision beside it, or is asked back.
"""

import re
from datetime import date, timedelta
from itertools import pairwise

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.widgets import Script
from django.utils.html import format_html

from records.instants import (
    PLAUSIBLE_YEARS,
    Precision,
    Reading,
    Unreadable,
    read_clock,
    read_when,
    written,
)

#: Rows have 64-bit keys; a longer number is not one, and SQLite raises on it.
_LONGEST_KEY = 18

_DURATION = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


class InstantInput(forms.DateTimeInput):
    """One text input that says it is UTC. Scripts put buttons and the editor's own time beside
    it."""

    class Media:
        js = (Script("js/admin/times.js", type="module"),)

    def __init__(self, attrs=None):
        super().__init__(
            {
                "class": "vTextField instant",
                "size": 20,
                "placeholder": "yyyy-mm-dd hh:mm:ss",
                "title": "In UTC, or with an offset, such as 2026-11-28 08:00 +01:00",
            }
            | (attrs or {}),
            format="%Y-%m-%d %H:%M:%S",
        )

    def render(self, name, value, attrs=None, renderer=None):
        return format_html(
            '{}<span class="zone">UTC</span>', super().render(name, value, attrs, renderer)
        )


#: Parts of a second, which no fact has.
_PARTS_OF_A_SECOND = re.compile(r":\d\d\.\d*[1-9]", re.ASCII)


class InstantField(forms.DateTimeField):
    """An aware UTC instant to the second; of what is known less well the first one that it can
    mean. `reading` says how well the text knows it."""

    widget = InstantInput
    default_error_messages = {
        "invalid": "Write an instant as 2023-09-27 11:17:21, in UTC.",
    }
    #: What a text must say at least where no precision stands beside it.
    least = Precision.MINUTE
    too_little = "Write the time of day as well, such as 2023-09-27 11:17."
    reading: Reading | None = None

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        self.reading = _read(value, self)
        if _PARTS_OF_A_SECOND.search(value):
            raise ValidationError("Instants are kept to the second.", code="invalid")
        return self.reading.begin


def _read(text: str, field: forms.Field) -> Reading:
    """What the text says. Raises ValidationError, with what may be meant."""
    try:
        reading = read_when(text, read_clock())
    except Unreadable as error:
        words = field.error_messages["invalid"]
        if error.nearest:
            words = f"{error} Write {' or '.join(one.written for one in error.nearest)}."
        raise ValidationError(words, code="invalid") from None
    check_year(reading.begin)
    return reading


class DayInput(forms.DateInput):
    def __init__(self, attrs=None):
        super().__init__(
            {"class": "vTextField", "size": 12, "placeholder": "yyyy-mm-dd"} | (attrs or {}),
            format="%Y-%m-%d",
        )


class DayField(forms.DateField):
    """A day; of a month or a year the first one. `reading` says how well the text knows it."""

    widget = DayInput
    default_error_messages = {"invalid": "Write a day as 1975-07-15."}
    least = Precision.DAY
    too_little = "Write the whole day, such as 1975-07-15."
    reading: Reading | None = None

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        self.reading = _read(value, self)
        if not self.reading.precision.by_the_day:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return self.reading.begin.date()


def settle_precisions(form) -> None:
    """Let what was written about each date or instant agree with the precision beside it, which is
    the model's next field: it is set where the editor left it finer than the text, and asked back
    where the editor chose it so. For `clean()`."""
    names = [field.name for field in form._meta.model._meta.fields]
    for name, beside in pairwise((*names, "")):
        reading = getattr(form.fields.get(name), "reading", None)
        if reading is None or name not in form.cleaned_data:
            continue
        if beside.endswith("_precision") and beside in form.fields:
            _settle(form, name, beside, reading.precision)
        elif reading.precision.seconds > form.fields[name].least.seconds:
            form.add_error(name, form.fields[name].too_little)


def _settle(form, name: str, beside: str, known: Precision) -> None:
    given = form.cleaned_data.get(beside)
    if given is None or (given and Precision(given).seconds >= known.seconds):
        return
    if known not in dict(form.fields[beside].choices):
        form.add_error(name, f"A {known} alone is too little here.")
    elif given and beside in form.changed_data:
        form.add_error(
            name, f"This says no more than the {known}: write more, or say so beside it."
        )
    else:
        form.cleaned_data[beside] = known.value
        form.retype(beside, known.value)


def check_year(day) -> None:
    """Refuse a date or instant that cannot be meant. Raises ValidationError."""
    if day.year not in PLAUSIBLE_YEARS:
        raise ValidationError(
            f"The year {day.year} cannot be meant; from {PLAUSIBLE_YEARS[0]} to "
            f"{PLAUSIBLE_YEARS[-1]} is accepted.",
            code="year",
        )


class DurationField(forms.DurationField):
    """Hours, minutes and seconds. Django itself would read 6:30 as six minutes and a half."""

    default_error_messages = {"invalid": "Write a duration as 6:30 or 6:30:15: hours first."}

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, timedelta):
            return value or None
        match = _DURATION.fullmatch(str(value).strip())
        if match is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)


class _KnownOptions:
    """An autocomplete select that asks the database only for rows that its field does not know.

    Text that is no key, which Django's own widget would pass to the database, selects nothing. What
    was chosen stays in its order.
    """

    def optgroups(self, name, value, attrs=None):
        keys = [key for key in map(str, value) if is_key(key)]
        known = self.choices.field.known
        if not keys or not known.keys() >= set(keys):
            groups = super().optgroups(name, keys, attrs)
            for _, options, _ in groups:
                options.sort(
                    key=lambda one: str(one["value"]) in keys and keys.index(str(one["value"]))
                )
            return groups
        label = self.choices.field.label_from_instance
        options = [
            self.create_option(name, key, label(known[key]), selected=True, index=1)
            for key in dict.fromkeys(keys)
        ]
        if not (self.is_required or self.allow_multiple_selected):
            options.insert(0, self.create_option(name, "", "", selected=False, index=0))
        return [(None, options, 0)]


class ReferenceSelect(_KnownOptions, AutocompleteSelect):
    pass


class ReferencesSelect(_KnownOptions, AutocompleteSelectMultiple):
    pass


class _Knowing:
    """A choice of rows of which `known`, by their primary keys as text, need no query: a crew of
    seven would cost one for each of its references."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {}

    def __deepcopy__(self, memo):
        other = super().__deepcopy__(memo)
        other.known = {}
        return other


class ReferenceField(_Knowing, forms.ModelChoiceField):
    def to_python(self, value):
        return self.known.get(str(value)) or super().to_python(value)


class ReferencesField(_Knowing, forms.ModelMultipleChoiceField):
    def clean(self, value):
        keys = [str(key) for key in value or ()]
        for key in keys:
            if not is_key(key):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key[:40]},
                )
        if keys and self.known.keys() >= set(keys):
            return [row for key, row in self.known.items() if key in keys]
        return super().clean(value)


def is_key(text: str) -> bool:
    """Whether the text may be a row's primary key."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_KEY


def know_related(form: forms.ModelForm) -> None:
    """Let the form's references know the rows that its instance already holds."""
    for name, field in form.fields.items():
        if isinstance(field, ReferenceField):
            rows = [form.instance._state.fields_cache.get(name)]
        elif isinstance(field, ReferencesField):
            rows = form.initial.get(name) or ()
        else:
            continue
        field.known = {str(row.pk): row for row in rows if isinstance(row, models.Model)}


def cut_nothing(form: forms.Form) -> None:
    """Let a text that is too long come whole, and be told so: a browser cuts what is pasted to
    `maxlength`, without a word."""
    for field in form.fields.values():
        field.widget.attrs.pop("maxlength", None)


def begin_with_first(form: forms.Form) -> None:
    """Put the focus on the first field that holds a mistake, or else on the first one."""
    shown = [bound for bound in form if not bound.is_hidden]
    for bound in sorted(shown, key=lambda bound: not bound.errors)[:1]:
        # What wraps a widget of references shares its attributes with all other forms.
        widget = getattr(bound.field.widget, "widget", bound.field.widget)
        widget.attrs["autofocus"] = True


def instant_column(field: str, *, precision: str = "", label: str = "", empty: str = ""):
    """A column of a list: the instant in UTC, as well as it is known, sorted by itself.

    `field` and `precision` may lead through relations (`launch_mission__launched_at`).
    """

    @admin.display(description=label or _label(field), ordering=field, empty_value=empty or None)
    def column(row):
        instant = _follow(row, field)
        return instant and written(instant, _follow(row, precision) if precision else "second")

    column.__name__ = field
    return column


def count_column(relation: str, label: str = ""):
    """A column of a list: how many rows refer to this one (`DeskAdmin.get_queryset` counts)."""

    @admin.display(description=label or _label(relation), ordering=f"{relation}_count")
    def column(row):
        return getattr(row, f"{relation}_count")

    column.__name__, column.counts = relation, relation
    return column


def called_with(name: str, *particulars) -> str:
    """`Alan Shepard (born 1923, Freedom 7)`: a name with what tells it from others alike."""
    told = ", ".join(str(one) for one in particulars if one)
    return f"{name} ({told})" if told else name


def _label(field: str) -> str:
    return field.rpartition("__")[2].removesuffix("_at").removesuffix("_on").replace("_", " ")


def _follow(row, path: str):
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row
