from django.contrib import admin
from django.db.models import Count

from records.models import Spacecraft

from .history import HistoryAdmin
from .impact import ImpactAdmin


@admin.register(Spacecraft)
class SpacecraftAdmin(ImpactAdmin, HistoryAdmin):
    list_display = ("name", "family", "operator", "country", "orbital", "missions")
    list_select_related = ("operator", "country")
    list_filter = ("orbital", "family", ("country", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "family", "slug", "operator__name", "operator__abbreviation")
    autocomplete_fields = ("operator", "country")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "family", "orbital")}),
        ("Whose it is", {"fields": ("operator", "country")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(mission_count=Count("missions"))

    @admin.display(ordering="mission_count")
    def missions(self, spacecraft):
        return spacecraft.mission_count
