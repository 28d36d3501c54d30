"""What others saved while a form was being filled in."""

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.template.response import TemplateResponse

from records.tables import newsroom as tables

from .changes import between, name_references
from .fields import ReferenceField

#: The field that says where a row stands among the others of its page.
PLACE = "position"

#: What a form sends besides what is typed.
BOOKKEEPING = re.compile(r"_FORMS$|__prefix__|-id$")


class MeanwhileFormSet(BaseInlineFormSet):
    """Rows of which some may have been removed or added while the form was open.

    Those that are gone stay removed: their forms are no part of the page any more, but in `gone`
    with what was typed. Those that were added are left as they are.
    """

    saving = None

    def add_fields(self, form, index):
        """Find the row of each form where it stands already, not with a query for each."""
        super().add_fields(form, index)
        if PLACE in form.fields and not form.instance.pk:
            form.fields[PLACE].required = False
            form.initial[PLACE] = None
            form.fields[PLACE].help_text = "Empty: behind the others."
        name, row = self.model._meta.pk.name, form.instance
        key = form.fields[name]
        if isinstance(key, ModelChoiceField):
            key = ReferenceField(
                key.queryset, initial=key.initial, required=False, widget=key.widget
            )
            key.known = {str(row.pk): row} if row.pk else {}
            form.fields[name] = key

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self.is_bound and i < self.initial_form_count() and form.instance.pk is None:
            form.typed = super()._construct_form(i, **kwargs)
            form.empty_permitted, form.has_changed = True, lambda: False
        return form

    @property
    def gone(self) -> list:
        """The forms, as they were typed, of rows that are no longer there."""
        return [form.typed for form in self.forms if hasattr(form, "typed") and form.typed.data]

    @property
    def initial_forms(self):
        return [form for form in super().initial_forms if not hasattr(form, "typed")]

    def clean(self):
        super().clean()
        self._settle_places()

    def _settle_places(self):
        """No two rows stand at one place; what is given none comes behind the others."""
        kept = [
            form
            for form in self.forms
            if PLACE in form.fields
            and getattr(form, "cleaned_data", None)
            and not self._should_delete_form(form)
            and not hasattr(form, "typed")
        ]
        taken = {}
        for form in kept:
            place = form.cleaned_data.get(PLACE)
            if place is not None and taken.setdefault(place, form) is not form:
                form.add_error(PLACE, f"Another one stands at place {place} already.")
        for form in kept:
            left_empty = PLACE not in form.errors and form.cleaned_data.get(PLACE) is None
            if left_empty and not form.instance._meta.get_field(PLACE).null:
                place = max(taken, default=0) + 1
                taken[place] = form
                form.cleaned_data[PLACE] = form.instance.position = place

    def get_queryset(self):
        # The admin sets the rows beside the forms one by one, and takes them to be the same.
        if self.is_bound and "forms" in self.__dict__:
            return [form.instance for form in self.initial_forms]
        return super().get_queryset()

    def is_valid(self):
        return not (self.saving and self.saving.moved) and super().is_valid()

    def full_clean(self):
        if self.saving and self.saving.moved:
            # They were valid a moment ago, as their forms were.
            self._errors, self._non_form_errors = [], self.error_class()
            return
        super().full_clean()
        for form in self.forms:
            # What is said beside a hidden field is shown to nobody.
            for name in (self.fk.name, self.model._meta.pk.name):
                if name in form.errors:
                    form.add_error(None, form.errors[name].data)


def deleted(page, request) -> TemplateResponse:
    """What was typed into the form of a row that is no longer there, for the editor to keep."""
    typed = [
        {"name": name, "text": "\n".join(filter(None, values))}
        for name, values in request.POST.lists()
        if any(values) and not name.startswith(("_", "csrf")) and not BOOKKEEPING.search(name)
    ]
    context = {
        **page.admin_site.each_context(request),
        "title": f"This {page.opts.verbose_name} was deleted meanwhile",
        "opts": page.opts,
        "typed": tables.typed(typed),
    }
    return TemplateResponse(request, "admin/records/deleted.html", context, status=409)


def conflict(form, formsets, now) -> dict:
    """What is saved now beside what the forms say, for the template."""
    steps = [_step(now, form)]
    for formset in formsets:
        rows = formset.model._base_manager.filter(**{formset.fk.name: now})
        saved = {row.pk: row for row in rows}
        steps += [_step(saved.pop(one.instance.pk), one) for one in formset.initial_forms]
        for one in formset.gone:
            one.is_valid()
            steps.append(_step(None, one, "removed meanwhile"))
        steps += [_step(row, kind="added meanwhile, and not touched") for row in saved.values()]
    steps = [step for step in steps if step["changes"]]
    name_references(steps)
    saves = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(now), object_id=str(now.pk)
    )
    latest, words = saves.select_related("user").first(), ""
    if latest:
        at = f"{latest.action_time:%Y-%m-%d %H:%M:%S}"
        words = f"The last to save this page was {latest.user}, at {at} UTC."
    found = [tables.beside(step["changes"], step["what"]) for step in steps]
    return {"steps": steps, "tables": found, "latest": words}


def _step(row, form=None, kind="") -> dict:
    """How a row is saved, and how the form has it. One of the two may be missing."""
    options = (form.instance if form else row)._meta
    fields = [field for field in options.fields if not (field.primary_key or field.auto_created)]
    if form:
        fields = [field for field in fields if field.name in form.changed_data]
    changes = between(fields, row, form.instance if form else None)
    for field in options.many_to_many if form else ():
        name = form.asked_as.get(field.name, field.name)
        if name in form.changed_data and name in form.cleaned_data:
            old, new = list(getattr(row, field.name).all()), list(form.cleaned_data[name])
            changes.append({"field": field, "old": old, "new": new})
    name = f"{options.verbose_name} {row or ''}".strip()
    return {"what": f"{name}, {kind}" if kind else name, "changes": changes}
