from django.contrib import admin

from records.models import Spacecraft

from .fields import count_column
from .history import HistoryAdmin
from .impact import ImpactAdmin


@admin.register(Spacecraft)
class SpacecraftAdmin(ImpactAdmin, HistoryAdmin):
    list_display = (
        "name",
        "family",
        "operator",
        "country",
        "orbital",
        count_column("missions"),
    )
    related = ("operator", "country")
    list_filter = ("orbital", "family", ("country", admin.RelatedOnlyFieldListFilter))
    called = ("name", "family")
    search_fields = ("name", "family", "slug", "operator__name", "operator__abbreviation")
    autocomplete_fields = ("operator", "country")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "family", "orbital")}),
        ("Whose it is", {"fields": ("operator", "country")}),
    )
