"""What every page of the data desk has in common."""

import logging
from collections.abc import Callable, Mapping
from copy import copy
from functools import partial, reduce
from operator import and_, or_

from django.contrib import admin, messages
from django.contrib.admin.utils import lookup_spawns_duplicates
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    FieldError,
    PermissionDenied,
    ValidationError,
)
from django.db import DatabaseError, connections, models, router, transaction
from django.db.models import CheckConstraint
from django.forms import BaseInlineFormSet, ModelForm
from django.forms.models import InlineForeignKeyField, construct_instance
from django.forms.utils import ErrorDict
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from records.instants import read_clock
from records.ledger import open_forms
from records.ledger.lookup import NameIndex
from records.models import DataVersion, triggers
from records.models.gate import ColumnsCheck
from records.models.slugs import proposed_slug
from records.tables import newsroom as tables

from . import deleting, fields, meanwhile
from .opened import Opened, page_of
from .saves import Save, take_turns
from .used import may_be_named, stories_using

logger = logging.getLogger(__name__)

#: A search for more than this is no search, and SQLite refuses very deep conditions.
LONGEST_SEARCH = 100
MOST_WORDS = 8

#: No mission has a crew, and no story a byline, of more. A form that claims a thousand million rows
#: would be made of two thousand, which takes a minute.
MOST_ROWS = 100


SLUG_HELP = (
    "Name in the address: lower-case letters, digits and hyphens. Left empty, it is made from the "
    "name. If you change it, the old address leads on to the new one."
)


class Form(ModelForm):
    """A form that asks the database nothing twice, and says what the database refused.

    `saving` is what it is part of, if it is to be saved. A form that is only shown is never valid:
    the page comes back as it was typed.
    """

    saving = None
    #: Lists of the model that the form asks for by another name.
    asked_as: Mapping[str, str] = {}
    #: The fields whose words the slug is made of where none is typed.
    named_by: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields.know_related(self)
        if self.named_by and "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = SLUG_HELP
        fields.cut_nothing(self)

    def is_valid(self):
        return super().is_valid() and not (self.saving and self.saving.is_only_shown)

    def full_clean(self):
        if self.saving and self.saving.moved:
            # It was valid a moment ago, or nothing would have moved.
            self._errors, self.cleaned_data = ErrorDict(), {}
            self.data = self.saving.typed
        else:
            super().full_clean()

    def clean(self):
        fields.settle_precisions(self)
        self._propose_slug()
        return super().clean()

    def _propose_slug(self) -> None:
        if not self.named_by or self.cleaned_data.get("slug", "given"):
            return
        names = [self.cleaned_data.get(name) or "" for name in self.named_by]
        slug = proposed_slug(self._meta.model, names)
        if slug:
            self.cleaned_data["slug"] = slug
            self.retype("slug", slug)
        else:
            self.add_error("slug", "Type one: the name has no letters that it could be made of.")

    def retype(self, name: str, value: str) -> None:
        """Take the value as what was typed: a page that comes back shows it, and sends it again."""
        typed = (self.saving.typed if self.saving else self.data).copy()
        typed[self.add_prefix(name)] = value
        self.data = typed
        if self.saving:
            self.saving.typed = typed
        vars(self).pop("changed_data", None)

    def _update_errors(self, errors):
        """Say without a field what a model's `clean()` says of one that is not on this form."""
        words = getattr(errors, "error_dict", {})
        for name in words.keys() - self.fields.keys() - {NON_FIELD_ERRORS}:
            words.setdefault(NON_FIELD_ERRORS, []).extend(words.pop(name))
        super()._update_errors(errors)

    def _post_clean(self):
        """As Django's own, but what a field has just found is not looked up once more for the
        model, and a row that stays as it is is not asked whether it may."""
        excluded = self._get_validation_exclusions() | _names_of(self, InlineForeignKeyField)
        looked_up = _names_of(self, fields.ReferenceField)
        self.instance = row = construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )
        self._say(
            row.full_clean, excluded | looked_up, validate_unique=False, validate_constraints=False
        )
        if not (row.pk and not self.has_changed()):
            for constraint in self._doubtful_constraints(excluded | self.errors.keys()):
                self._say(constraint.validate, type(row), row, excluded | self.errors.keys())
            self.validate_unique()
        if self.saving and self.saving.refusal:
            self.add_error(NON_FIELD_ERRORS, f"Nothing was saved. {self.saving.refusal}")

    def _say(self, check, *args, **options):
        try:
            check(*args, **options)
        except ValidationError as error:
            self._update_errors(error)

    def _doubtful_constraints(self, excluded) -> list:
        """Those to be validated one by one: one question is enough for all checks if none is
        broken."""
        row = self.instance
        checks = [
            one
            for one in row._meta.constraints
            if isinstance(one, CheckConstraint) and not isinstance(one, ColumnsCheck)
        ]
        others = [one for one in row._meta.constraints if one not in checks]
        try:
            against = row._get_field_expression_map(row._meta, excluded)
            if not checks or reduce(and_, (one.condition for one in checks)).check(against):
                return others
        except FieldError:  # One is about a field that is not on the form, or not valid.
            pass
        return checks + others


def _names_of(form, kind) -> set[str]:
    return {name for name, field in form.fields.items() if isinstance(field, kind)}


class _Desk:
    """Of pages and inlines alike: the site's own fields, and never a select with 790 options."""

    form = Form
    formfield_overrides = {
        models.DateTimeField: {"form_class": fields.InstantField, "widget": fields.InstantInput},
        models.DateField: {"form_class": fields.DayField, "widget": fields.DayInput},
        models.DurationField: {"form_class": fields.DurationField},
        models.URLField: {"assume_scheme": "https"},
    }

    #: What a row is shown with, read together with it.
    related = ()

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.related) if self.related else rows

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = fields.ReferenceSelect(db_field, self.admin_site)
            kwargs["form_class"] = fields.ReferenceField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = fields.ReferencesSelect(db_field, self.admin_site)
            kwargs["form_class"] = fields.ReferencesField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class DeskAdmin(_Desk, admin.ModelAdmin):
    """A page of the data desk: what the database refuses is said in words, and nothing is lost.

    Of two who save a page that both have open, the second one's changes are merged with those of
    the first; where both changed the same, the second is shown both, and chooses.
    """

    change_form_template = "admin/records/desk_form.html"
    delete_confirmation_template = "admin/records/deletion.html"
    delete_selected_confirmation_template = "admin/records/deletion_selected.html"
    list_per_page = 50
    show_full_result_count = False
    save_on_top = True

    def get_queryset(self, request):
        counted = {one.counts for one in self.list_display if hasattr(one, "counts")}
        counts = {f"{relation}_count": self._count_of(relation) for relation in counted}
        return super().get_queryset(request).annotate(**counts)

    def _count_of(self, relation: str) -> models.Subquery:
        """How many rows each has, counted for those alone that the page lists."""
        itself = self.model._base_manager.filter(pk=models.OuterRef("pk")).values("pk")
        return models.Subquery(itself.annotate(count=models.Count(relation)).values("count"))

    def get_ordering(self, request):
        """Said outright: rows that are counted with others lose the order of their model."""
        return self.ordering or self.opts.ordering

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    #: By what its rows are called: whoever types that when choosing one finds it first.
    called: tuple[str, ...] = ()

    def told_apart(self, row) -> str:
        """The row as one to choose, told from others of its name."""
        return str(row)

    #: Whose names are looked up as people type them, by the path to their slugs.
    named: Mapping[str, Callable[[str], NameIndex]] = {}

    def get_search_results(self, request, queryset, search_term):
        """The rows with every word, in a name or in a field of `search_fields`."""
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        if not (words and self.named):
            return super().get_search_results(request, queryset, " ".join(words))
        token = DataVersion.objects.current_token()
        for word in words:
            matches = {f"{field}__icontains": word for field in self.search_fields} | {
                f"{path}__in": names(token).containing(word) for path, names in self.named.items()
            }
            queryset = queryset.filter(reduce(or_, (models.Q(one) for one in matches.items())))
        paths = (*self.search_fields, *self.named)
        return queryset, any(lookup_spawns_duplicates(self.opts, path) for path in paths)

    def may_change_rows(self, request, obj) -> bool:
        """Whether they may change the rows that are edited on this page and have none of their
        own; without a row, those of a new one."""
        if obj is None:
            return self.has_add_permission(request) or self.has_change_permission(request)
        return self.has_change_permission(request, obj)

    # A save

    #: Of a page that is being saved, or opened for it: a copy for one request.
    saving: Save | None = None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if "_saveasnew" in request.POST:
            # No page here has that button, but Django would take the rows beside the form for new.
            request.POST = request.POST.copy()
            del request.POST["_saveasnew"]
        page = copy(self)
        page.saving = Save(request)
        view = super(DeskAdmin, page).changeform_view
        try:
            return page.saving.through(partial(view, request, object_id, form_url, extra_context))
        except PermissionDenied:
            if not (page.saving.is_sent and page.saving.stored):
                raise
            # It may have been theirs to change when they opened it.
            return meanwhile.only_typed(page, request, "is not yours to change", status=403)

    def get_object(self, request, object_id, from_field=None):
        saving = self.saving
        if saving and saving.stored:
            return saving.stored_again()
        if request.method == "POST":
            take_turns(self.model)
        row = super().get_object(request, object_id, from_field)
        if saving and row:
            row = self.opened(row)
            lists = {one.name for one in self.opts.many_to_many} & set(self.autocomplete_fields)
            saving.keep_stored(row, lists)
            if request.method == "POST" and self.has_change_permission(request, row):
                self._merge(request, row)
        return row

    def opened(self, row):
        """What the form of the row edits: the row itself, or a copy of it."""
        return row

    def decided(self, request, row) -> str:
        """What has been decided about the row besides what its form says, in words."""
        return ""

    def decides(self, request) -> bool:
        """Whether the form is sent to decide something about the row."""
        return False

    def _merge(self, request, row):
        """Take what others changed since the form was opened into what is saved with it."""
        as_opened = copy(request)
        as_opened.method = "GET"
        form = self.get_form(as_opened, row, change=True)(instance=row)
        found = self._create_formsets(as_opened, row, change=True)
        formsets = []
        for formset, inline in zip(*found, strict=True):
            if isinstance(formset, meanwhile.MeanwhileFormSet):
                formset.only_shown = not inline.has_change_permission(request, row)
                formsets.append(formset)
        self.saving.merge(
            *(form, formsets, request.user),
            decided=self.decided(request, row),
            decides=self.decides(request),
        )
        request.POST = self.saving.typed

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        if request.method == "POST" and self.saving:
            # Django would lead to the start page, and what was typed would be lost.
            return meanwhile.only_typed(self, request, "was deleted meanwhile", status=409)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.saving = self.saving
        form.named_by = tuple(self.prepopulated_fields.get("slug", ()))
        return form

    def get_formsets_with_inlines(self, request, obj=None):
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.saving = formset.form.saving = self.saving
            yield formset, inline

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method != "POST":
            formsets = [one.formset for one in context["inline_admin_formsets"]]
            edited = [one for one in formsets if isinstance(one, meanwhile.MeanwhileFormSet)]
            # Of what is stored, whatever the form was opened with.
            form = type(context["adminform"].form)(instance=self.saving.stored_again())
            page = page_of(form, edited)
            self.saving.opened = Opened.now(page, self.decided(request, obj))
            if self.has_change_permission(request, obj):
                context["present"] = _arrive(request)
        if self.saving.opened:
            context["opened"] = self.saving.opened.signed(request.path)
            context["saves"] = self.saving.saves or self.saving.opened.saves
        context["conflict"], context["merged"] = self.saving.conflict, self.saving.merged
        context["copy"] = request.POST.get("_copy", "")[:40]
        if add:
            fields.begin_with_first(context["adminform"].form)
        if obj and may_be_named(self.model):
            context["used"] = stories_using([obj])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def log_change(self, request, obj, message):
        if self.saving and self.saving.merged:
            self.message_user(request, self.saving.merged, messages.INFO)
        return super().log_change(request, obj, message)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Otherwise PostgreSQL checks references only at the end of the transaction, after the
        # editor has been told that all is well.
        connections[router.db_for_write(self.model)].check_constraints()

    def get_deleted_objects(self, objs, request):
        """As Django's own; what a story names, or is about, is not deleted, and the page that asks
        whether one means it says which stories these are."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if may_be_named(self.model) and (used := stories_using(list(objs))):
            more = [f"{used['more']} more stories"] if used["more"] else []
            named = [format_html("Story that names it: {}", link) for link in used["links"]]
            protected = [*protected, *named, *more]
        # The pages of one row and of several are filled in by Django: both know the request.
        request.deletion_seen = deleting.seen(objs)
        # Where nothing is deleted, it is no matter of rights: what keeps it is named.
        return deleted, counts, set() if protected else missing, protected

    def delete_model(self, request, obj):
        deleting.look_again(request.POST.get(deleting.SEEN, ""), [obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        deleting.look_again(request.POST.get(deleting.SEEN, ""), queryset)
        super().delete_queryset(request, queryset)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except deleting.AskAgain as reason:
            self.message_user(request, str(reason), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
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
                take_turns(self.model)
                return super().changelist_view(request, extra_context)
        except deleting.AskAgain as reason:
            self.message_user(request, str(reason), messages.ERROR)
            request.POST = request.POST.copy()
            del request.POST["post"]
            return super().changelist_view(request, extra_context)
        except DatabaseError as error:
            return self._not_deleted(request, error)

    def _not_deleted(self, request, error, object_id=None):
        if request.method != "POST":
            raise error
        logger.warning("Refused to delete %s: %s", self.opts.label, error)
        protected = isinstance(error, models.ProtectedError)
        words = error.args[0] if protected else triggers.words(error)
        self.message_user(request, f"Nothing was deleted. {words}", messages.ERROR)
        page = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if object_id is None:
            return HttpResponseRedirect(reverse(f"{page}_changelist"))
        return HttpResponseRedirect(reverse(f"{page}_change", args=(object_id,)))


class DeskInline(_Desk, admin.TabularInline):
    """Rows edited on the page of what they belong to."""

    formset = meanwhile.MeanwhileFormSet
    extra = 0
    max_num = MOST_ROWS
    show_change_link = True

    # Rows without a page of their own come with the page that they are edited on: whoever may
    # change a spacewalk may say who made it.

    def has_view_permission(self, request, obj=None):
        if self.admin_site.is_registered(self.model):
            return super().has_view_permission(request, obj)
        return self._page.has_view_or_change_permission(request, obj)

    def has_add_permission(self, request, obj):
        if self.admin_site.is_registered(self.model):
            return super().has_add_permission(request, obj)
        return self._page.may_change_rows(request, obj)

    def has_change_permission(self, request, obj=None):
        if self.admin_site.is_registered(self.model):
            return super().has_change_permission(request, obj)
        return self._page.may_change_rows(request, obj)

    def has_delete_permission(self, request, obj=None):
        if self.admin_site.is_registered(self.model):
            return super().has_delete_permission(request, obj)
        return self._page.may_change_rows(request, obj)

    def get_formset(self, request, obj=None, **kwargs):
        # Where no row may be added, Django sets `max_num` to 0, and takes no new one anyway.
        limits = {"validate_max": self.max_num > 0, "absolute_max": MOST_ROWS + 1}
        return super().get_formset(request, obj, **limits | kwargs)

    @property
    def _page(self) -> "DeskAdmin":
        return self.admin_site.get_model_admin(self.parent_model)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field and field.widget, RelatedFieldWidgetWrapper):
            # Four icons beside each of four references leave no room for the row.
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field


class _ShownOnly(BaseInlineFormSet):
    """Rows that take nothing from what a form sends, whatever that is. They are read once, though
    the page may be asked for twice."""

    saving = None

    def __init__(self, data=None, files=None, **options):
        super().__init__(**options)

    def get_queryset(self):
        rows = super().get_queryset()
        return self.saving.listed.setdefault(self.prefix, rows) if self.saving else rows

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


def _arrive(request) -> list[str]:
    """Note that the form is open, and say to whom else it is. Other tabs of the same user are left
    to its scripts: nobody can tell them from this one yet."""
    at = read_clock()
    others = open_forms.see(request.path, request.user, "", at, arrived=True)
    return tables.open_to((one for one in others if one.user != request.user.pk), request.user)


def link(row, text=None):
    """A link to the admin page of the row; a dash for none."""
    if row is None:
        return "–"
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return format_html('<a href="{}">{}</a>', reverse(name, args=(row.pk,)), text or row)
