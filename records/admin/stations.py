from django.contrib import admin

from records.models import Station

from .fields import count_column, instant_column
from .history import HistoryAdmin


@admin.register(Station)
class StationAdmin(HistoryAdmin):
    list_display = (
        "name",
        "operator",
        instant_column("launched_at", precision="launch_precision"),
        instant_column("first_crew_at", precision="first_crew_precision", label="first crew"),
        instant_column("deorbited_at", precision="deorbit_precision", empty="in orbit"),
        count_column("missions"),
    )
    related = ("operator",)
    list_filter = (
        ("deorbited_at", admin.EmptyFieldListFilter),
        ("operator", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "slug", "operator__name", "operator__abbreviation")
    date_hierarchy = "launched_at"
    autocomplete_fields = ("operator",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "operator")}),
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
