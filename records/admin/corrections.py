from django.contrib import admin

from records.instants import read_clock
from records.models import Correction

from .fields import instant_column
from .history import HistoryAdmin


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin):
    """Corrections are amended, never deleted, and stay with their article."""

    list_display = (instant_column("made_at"), "kind", "article", "wrong", "right")
    related = ("article",)
    list_filter = ("kind",)
    search_fields = ("article__headline", "wrong", "right")
    date_hierarchy = "made_at"
    autocomplete_fields = ("article",)
    fieldsets = (
        (None, {"fields": ("article", "kind", "made_at")}),
        ("The correction", {"fields": ("wrong", "right")}),
    )

    def get_changeform_initial_data(self, request):
        return {"made_at": read_clock(), **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request, obj=None):
        return ("article",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False
