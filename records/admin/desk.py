"""What every page of the data desk has in common."""

import logging
import re

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import DatabaseError, connections, models, router, transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from records.models import triggers

from . import fields, meanwhile

logger = logging.getLogger(__name__)

#: A search for more than this is no search, and SQLite refuses very deep conditions.
LONGEST_SEARCH = 100
MOST_WORDS = 8


#: Control characters, but for tabs and the ends of lines.
CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Form(ModelForm):
    """A form that shows its rows without a query for each, and what the database refused.

    With `only_shown` it is never valid: the page comes back as it was typed, without complaint.
    """

    refusal = ""
    only_shown = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields.know_related(self)

    def is_valid(self):
        return super().is_valid() and not self.only_shown

    def _update_errors(self, errors):
        """Say without a field what a model's `clean()` says of one that is not on this form."""
        words = getattr(errors, "error_dict", {})
        for name in words.keys() - self.fields.keys() - {NON_FIELD_ERRORS}:
            words.setdefault(NON_FIELD_ERRORS, []).extend(words.pop(name))
        super()._update_errors(errors)

    def _post_clean(self):
        for name, value in list(self.cleaned_data.items()):
            # XML, and so every feed, knows no way to write one.
            if isinstance(value, str) and CONTROL.search(value):
                self.add_error(name, "This contains a control character; type it anew.")
        super()._post_clean()
        if self.refusal:
            self.add_error(NON_FIELD_ERRORS, f"Nothing was saved. {self.refusal}")


class _Desk:
    """Of pages and inlines alike: the site's own fields, and never a select with 790 options."""

    form = Form
    formfield_overrides = {
        models.DateTimeField: {"form_class": fields.InstantField, "widget": fields.InstantInput},
        models.DateField: {"form_class": fields.DayField, "widget": fields.DayInput},
        models.DurationField: {"form_class": fields.DurationField},
        models.URLField: {"assume_scheme": "https"},
    }

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = fields.ReferenceSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = fields.ReferencesSelect(db_field, self.admin_site)
            kwargs["form_class"] = fields.ReferencesField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class DeskAdmin(_Desk, admin.ModelAdmin):
    """A page of the data desk: what the database refuses is said in words, and nothing is lost.

    Of two who save a page that both have open, the second is shown what the first one saved beside
    what was typed, and decides.
    """

    class Media:
        css = {"all": ("css/admin.css",)}

    change_form_template = "admin/records/desk_form.html"
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True

    def get_ordering(self, request):
        """Said outright: rows that are counted with others lose the order of their model."""
        return self.ordering or self.opts.ordering

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request, obj=None):
        """A slug is in addresses, fixtures and fact tables: it is given once."""
        readonly = tuple(super().get_readonly_fields(request, obj))
        return (*readonly, "slug") if obj and "slug" in self.prepopulated_fields else readonly

    def get_search_results(self, request, queryset, search_term):
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    # What the database refuses. Validation comes first, but somebody else may save between it and
    # the saving, and rows that are each fine may clash together.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        typed = request.method == "POST" and object_id
        # Django would lead to the start page, and what was typed would be lost.
        if typed and super().get_object(request, unquote(object_id)) is None:
            return meanwhile.deleted(self, request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except meanwhile.Stale:
            request.only_shown = True
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DatabaseError as error:
            if request.method != "POST":
                raise
            logger.warning("The database refused a change of %s: %s", self.opts.label, error)
            # The same request again, now with a form that is not valid: Django shows it as typed.
            request.refusal = triggers.words(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        form.only_shown = getattr(request, "only_shown", False)
        return form

    # What somebody else saved while the form was open.

    def get_object(self, request, object_id, from_field=None):
        if request.method == "POST":
            meanwhile.take_turns(self.model)
        row = super().get_object(request, object_id, from_field)
        if row and request.method == "POST":
            # Now, since the form writes over the row.
            request.state_now = self._state(request, row)
        return row

    def save_form(self, request, form, change):
        if change and self._is_stale(request):
            raise meanwhile.Stale
        return super().save_form(request, form, change)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["opened"] = getattr(request, "state_now", "") or self._state(request, obj)
            if request.method == "POST" and self._is_stale(request):
                formsets = [one.formset for one in context["inline_admin_formsets"]]
                context["conflict"] = meanwhile.conflict(
                    context["adminform"].form,
                    [one for one in formsets if isinstance(one, meanwhile.MeanwhileFormSet)],
                )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _is_stale(self, request) -> bool:
        return request.POST.get(meanwhile.OPENED) != request.state_now

    def _state(self, request, row) -> str:
        inlines = self.get_inline_instances(request, row)
        return meanwhile.state_of(row, [one for one in inlines if not isinstance(one, Listing)])

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Otherwise PostgreSQL checks references only at the end of the transaction, after the
        # editor has been told that all is well.
        connections[router.db_for_write(self.model)].check_constraints()

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except DatabaseError as error:
            return self._not_deleted(request, error, object_id)

    def changelist_view(self, request, extra_context=None):
        if request.method == "GET":
            try:
                return super().changelist_view(request, extra_context)
            except OverflowError:  # A year of 20 digits in the date hierarchy.
                return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        if not all(map(fields.is_key, request.POST.getlist("_selected_action"))):
            self.message_user(request, "Choose from the rows of the list.", messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                return super().changelist_view(request, extra_context)
        except DatabaseError as error:
            return self._not_deleted(request, error)

    def _not_deleted(self, request, error, object_id=None):
        if request.method != "POST":
            raise error
        logger.warning("The database refused to delete %s: %s", self.opts.label, error)
        self.message_user(request, f"Nothing was deleted. {triggers.words(error)}", messages.ERROR)
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if object_id is None:
            return HttpResponseRedirect(reverse(f"{page}_changelist"))
        return HttpResponseRedirect(reverse(f"{page}_change", args=(object_id,)))


class DeskInline(_Desk, admin.TabularInline):
    """Rows edited on the page of what they belong to."""

    formset = meanwhile.MeanwhileFormSet
    extra = 0
    show_change_link = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field and field.widget, RelatedFieldWidgetWrapper):
            # Four icons beside each of four references leave no room for the row.
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class _ShownOnly(BaseInlineFormSet):
    """Rows that take nothing from what a form sends, whatever that is."""

    def __init__(self, data=None, files=None, **options):
        super().__init__(**options)

    def is_valid(self):
        return True

    def save(self, commit=True):
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []
        return []


class Listing(DeskInline):
    """Rows that are shown on a page and edited on their own."""

    formset = _ShownOnly
    can_delete = False
    view_on_site = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def link(row, text=None):
    """A link to the admin page of the row; a dash for none."""
    if row is None:
        return "–"
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=(row.pk,)), text or row)
