from django.contrib import admin

from records.models import Country

from .fields import called_with, count_column
from .history import HistoryAdmin
from .impact import ImpactAdmin


@admin.register(Country)
class CountryAdmin(ImpactAdmin, HistoryAdmin):
    list_display = ("name", "code", "demonym", "successor", count_column("astronauts"))
    related = ("successor",)
    list_filter = (("successor", admin.EmptyFieldListFilter),)
    search_fields = ("name", "code", "demonym")
    called = ("name", "code", "demonym")
    autocomplete_fields = ("successor",)
    fieldsets = (
        (None, {"fields": ("code", "name", "demonym", "flag_colours")}),
        ("A state that no longer exists", {"fields": ("successor",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        return (*readonly, "code") if obj else readonly

    def told_apart(self, country):
        return called_with(country.name, country.code)
