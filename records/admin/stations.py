from django.contrib import admin

from records.models import Station, StationOperator

from .desk import DeskInline
from .fields import called_with, count_column, instant_column
from .history import HistoryAdmin


class OperatorsInline(DeskInline):
    model = StationOperator
    verbose_name_plural = "operators, in order"
    fields = ("position", "agency")
    autocomplete_fields = ("agency",)
    show_change_link = False
    min_num = 1
    related = ("agency",)


@admin.register(Station)
class StationAdmin(HistoryAdmin):
    list_display = (
        "name",
        "operated_by",
        instant_column("launched_at", precision="launch_precision"),
        instant_column("first_crew_at", precision="first_crew_precision", label="first crew"),
        instant_column("deorbited_at", precision="deorbit_precision", empty="in orbit"),
        count_column("missions"),
    )
    list_filter = (
        ("deorbited_at", admin.EmptyFieldListFilter),
        ("operators", admin.RelatedOnlyFieldListFilter),
    )
    called = ("name",)
    search_fields = ("name", "slug", "operators__name", "operators__abbreviation")
    date_hierarchy = "launched_at"
    inlines = (OperatorsInline,)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug")}),
        (
            "In orbit",
            {
                "fields": (
                    ("launched_at", "launch_precision"),
                    ("first_crew_at", "first_crew_precision"),
                    ("deorbited_at", "deorbit_precision"),
                )
            },
        ),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_operators()

    @admin.display(description="operated by")
    def operated_by(self, station):
        return ", ".join(agency.abbreviation for agency in station.operators_in_order)

    def told_apart(self, station):
        return called_with(station.name, f"{station.launched_at:%Y}")
