from django.contrib import admin
from django.db.models import Count

from records.models import Country

from .history import HistoryAdmin
from .impact import ImpactAdmin


@admin.register(Country)
class CountryAdmin(ImpactAdmin, HistoryAdmin):
    list_display = ("name", "code", "demonym", "successor", "astronauts")
    list_select_related = ("successor",)
    list_filter = (("successor", admin.EmptyFieldListFilter),)
    search_fields = ("name", "code", "demonym")
    autocomplete_fields = ("successor",)
    fieldsets = (
        (None, {"fields": ("code", "name", "demonym", "flag_colours")}),
        ("A state that no longer exists", {"fields": ("successor",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(astronaut_count=Count("astronauts"))

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "code") if obj else readonly

    @admin.display(ordering="astronaut_count")
    def astronauts(self, country):
        return country.astronaut_count
