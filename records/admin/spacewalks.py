from django.contrib import admin
from django.core.exceptions import ValidationError

from records.ledger import lookup
from records.models import Spacewalk, SpacewalkCrew

from .desk import DeskInline
from .evidence import CitationInline
from .fields import called_with, instant_column
from .history import HistoryAdmin
from .impact import ImpactAdmin
from .meanwhile import MeanwhileFormSet


class CrewFormSet(MeanwhileFormSet):
    def clean(self):
        super().clean()
        kept = (form for form in self.forms if not self._should_delete_form(form))
        if not any(form.instance.pk or form.has_changed() for form in kept):
            raise ValidationError("Name at least one of those who made it.")


class CrewInline(DeskInline):
    model = SpacewalkCrew
    formset = CrewFormSet
    verbose_name_plural = "crew"
    fields = ("position", "flight", "duration", "duration_precision")
    autocomplete_fields = ("flight",)
    show_change_link = False
    related = (
        "flight__astronaut",
        "flight__launch_mission",
        "spacewalk__station",
        "spacewalk__craft",
    )


@admin.register(Spacewalk)
class SpacewalkAdmin(ImpactAdmin, HistoryAdmin):
    list_display = (
        instant_column("started_at", precision="start_precision"),
        "crew_names",
        "made_from",
        "time",
        "kind",
        "agency",
    )
    related = ("station", "craft", "agency")
    list_filter = (
        "kind",
        ("station", admin.RelatedOnlyFieldListFilter),
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("slug", "station__name")
    called = ("slug",)
    named = {
        "crew__astronaut__slug": lookup.astronauts,
        "craft__slug": lookup.missions,
        "mission__slug": lookup.missions,
    }
    date_hierarchy = "started_at"
    ordering = ("-started_at", "slug")
    autocomplete_fields = ("station", "craft", "mission", "agency")
    inlines = (CrewInline, CitationInline)
    fieldsets = (
        (None, {"fields": ("slug", "agency", "kind")}),
        (
            "When and how long",
            {
                "fields": (
                    ("started_at", "start_precision"),
                    ("duration", "duration_precision", "duration_margin"),
                )
            },
        ),
        (
            "Made from",
            {
                "description": "From a station or from a mission's craft, one of the two.",
                "fields": ("station", "craft", "mission"),
            },
        ),
        (None, {"fields": ("notes",)}),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("station", "craft", "mission", "agency")
            .prefetch_related("crew_rows__flight__astronaut")
        )

    def told_apart(self, spacewalk):
        return called_with(str(spacewalk), self.crew_names(spacewalk))

    @admin.display(description="crew")
    def crew_names(self, spacewalk):
        rows = sorted(spacewalk.crew_rows.all(), key=lambda row: row.position)
        return ", ".join(str(row.flight.astronaut) for row in rows)

    @admin.display(description="duration", ordering="duration")
    def time(self, spacewalk):
        return spacewalk.time.exact_text

    @admin.display(description="from")
    def made_from(self, spacewalk):
        return spacewalk.station or spacewalk.craft
