"""What others saved while a form was being filled in."""

import re

from django.forms import BaseInlineFormSet, ModelChoiceField
from django.template.response import TemplateResponse

from records.tables import newsroom as tables

from .fields import ReferenceField

#: The field that says where a row stands among the others of its page.
PLACE = "position"

#: What a form sends besides what is typed.
BOOKKEEPING = re.compile(r"_FORMS$|__prefix__|-id$")


class MeanwhileFormSet(BaseInlineFormSet):
    """Rows of which some may have been removed or added while the form was open: it is sent as if
    they had been seen (records.admin.opened)."""

    #: Whether its rows take nothing from what is sent.
    only_shown = False
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


def only_typed(page, request, happened: str, *, status: int) -> TemplateResponse:
    """What was typed into the form of a row that is no longer there, or no longer this editor's to
    change, to be kept."""
    typed = [
        {"name": name, "text": "\n".join(filter(None, values))}
        for name, values in request.POST.lists()
        if any(values) and not name.startswith(("_", "csrf")) and not BOOKKEEPING.search(name)
    ]
    context = {
        **page.admin_site.each_context(request),
        "title": f"This {page.opts.verbose_name} {happened}",
        "opts": page.opts,
        "typed": tables.typed(typed),
    }
    return TemplateResponse(request, "admin/records/deleted.html", context, status=status)
