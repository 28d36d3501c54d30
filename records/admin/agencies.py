from django.contrib import admin
from django.db.models import Count

from records.models import Agency

from .history import HistoryAdmin


@admin.register(Agency)
class AgencyAdmin(HistoryAdmin):
    list_display = (
        "name",
        "abbreviation",
        "country",
        "founded_year",
        "dissolved_year",
        "astronauts",
    )
    list_select_related = ("country",)
    list_filter = (
        ("dissolved_year", admin.EmptyFieldListFilter),
        ("country", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("name", "abbreviation", "slug")
    autocomplete_fields = ("country",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "abbreviation", "slug", "country")}),
        ("From when to when", {"fields": (("founded_year", "dissolved_year"),)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(astronaut_count=Count("astronauts"))

    @admin.display(ordering="astronaut_count")
    def astronauts(self, agency):
        return agency.astronaut_count
