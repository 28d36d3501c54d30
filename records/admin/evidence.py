from django.contrib import admin
from django.core.exceptions import ValidationError

from records.ledger import lookup
from records.models import Citation, Disagreement, ReportedValue
from records.models.evidence import SUBJECTS

from .desk import DeskInline, Form
from .fields import instant_column
from .history import HistoryAdmin
from .meanwhile import MeanwhileFormSet


class ReportedValueForm(Form):
    def _get_validation_exclusions(self):
        # That only one value is used is for the formset to say: another may be given up with it.
        return {*super()._get_validation_exclusions(), "chosen"}


class ReportedValueFormSet(MeanwhileFormSet):
    def clean(self):
        super().clean()
        kept = [
            form.cleaned_data
            for form in self.forms
            if not form.errors and form.cleaned_data and not self._should_delete_form(form)
        ]
        chosen = sum(bool(values.get("chosen")) for values in kept)
        if len(kept) < 2:
            raise ValidationError("Give two values or more: those the sources disagree on.")
        if chosen > 1:
            raise ValidationError("Only one of the values can be used.")
        if not chosen:
            raise ValidationError("Tick the value that is used here.")

    def save(self, commit=True):
        if commit:
            # The value given up first: the database never holds two that are used.
            given_up = [
                form.instance.pk
                for form in self.initial_forms
                if "chosen" in form.changed_data and not form.cleaned_data.get("chosen")
            ]
            for value in ReportedValue.objects.filter(pk__in=given_up):
                value.chosen = False
                value.save()
        return super().save(commit)


class ReportedValueInline(DeskInline):
    model = ReportedValue
    form = ReportedValueForm
    formset = ReportedValueFormSet
    verbose_name_plural = "values reported"
    fields = ("position", "value", "source", "reported_by", "chosen")
    autocomplete_fields = ("source",)
    show_change_link = False
    related = ("source", "disagreement")


class CitationInline(DeskInline):
    """What the facts on the page rest on, besides the sources of their kind."""

    model = Citation
    verbose_name_plural = "sources of these facts"
    fields = ("source", "covers", "checked_on", "checked_precision")
    autocomplete_fields = ("source",)
    show_change_link = False
    related = ("source",)


@admin.register(Disagreement)
class DisagreementAdmin(HistoryAdmin):
    list_display = (
        "fact",
        "about",
        "used",
        instant_column("checked_on", precision="checked_precision"),
        "position",
    )
    list_filter = (
        ("mission", admin.EmptyFieldListFilter),
        ("astronaut", admin.EmptyFieldListFilter),
        ("spacewalk", admin.EmptyFieldListFilter),
    )
    search_fields = ("fact", "slug", "reason", "values__value")
    named = {"mission__slug": lookup.missions, "astronaut__slug": lookup.astronauts}
    ordering = ("position", "slug")
    autocomplete_fields = ("mission", "astronaut", "spacewalk")
    prepopulated_fields = {"slug": ("fact",)}
    inlines = (ReportedValueInline,)
    fieldsets = (
        (None, {"fields": ("fact", "slug", "position")}),
        (
            "About",
            {
                "description": "One of the three, or none for something general.",
                "fields": ("mission", "astronaut", "spacewalk"),
            },
        ),
        (None, {"fields": ("metric", "reason", ("checked_on", "checked_precision"))}),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("mission", "astronaut", "spacewalk__station", "spacewalk__craft")
            .prefetch_related("values")
        )

    def about(self, disagreement):
        return disagreement.subject or "several"

    @admin.display(description="used here")
    def used(self, disagreement):
        return next((one.value for one in disagreement.values.all() if one.chosen), "–")


@admin.register(Citation)
class CitationAdmin(HistoryAdmin):
    list_display = (
        "source",
        "about",
        "covers",
        instant_column("checked_on", precision="checked_precision"),
    )
    list_filter = ("kind", ("source", admin.RelatedOnlyFieldListFilter))
    search_fields = ("covers", "source__title", "source__slug")
    named = {
        "mission__slug": lookup.missions,
        "astronaut__slug": lookup.astronauts,
        "flight__astronaut__slug": lookup.astronauts,
    }
    autocomplete_fields = ("source", *SUBJECTS)
    fieldsets = (
        (None, {"fields": ("source", "covers", ("checked_on", "checked_precision"))}),
        ("Of one row", {"fields": SUBJECTS}),
        (
            "Or of all facts of a kind",
            {
                "description": "Days are those of launches, landings and starts of spacewalks.",
                "fields": ("kind", ("since_on", "until_on")),
            },
        ),
    )
    related = (
        "source",
        "mission",
        "astronaut",
        "spacewalk__station",
        "spacewalk__craft",
        "flight__astronaut",
        "flight__launch_mission",
    )

    def about(self, citation):
        if citation.kind:
            span = " to ".join(str(day or "…") for day in (citation.since_on, citation.until_on))
            return f"all {citation.get_kind_display()}" + (f", {span}" if span != "… to …" else "")
        return next(filter(None, (getattr(citation, subject) for subject in SUBJECTS)))
