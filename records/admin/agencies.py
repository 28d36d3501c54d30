from django.contrib import admin

from records.models import Agency

from .fields import called_with, count_column
from .history import HistoryAdmin


@admin.register(Agency)
class AgencyAdmin(HistoryAdmin):
    list_display = (
        "name",
        "abbreviation",
        "country",
        "founded_year",
        "dissolved_year",
        count_column("astronauts"),
    )
    related = ("country",)
    list_filter = (
        ("dissolved_year", admin.EmptyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "abbreviation", "slug")
    called = ("name", "abbreviation")
    autocomplete_fields = ("country",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "abbreviation", "slug", "country")}),
        ("From when to when", {"fields": (("founded_year", "dissolved_year"),)}),
    )

    def told_apart(self, agency):
        return called_with(agency.name, agency.abbreviation)
