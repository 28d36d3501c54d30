from django.contrib import admin

from records.models import Source

from .fields import instant_column
from .history import HistoryAdmin


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    list_display = (
        "title",
        "publisher",
        "licence",
        instant_column("snapshot_on", precision="snapshot_precision"),
    )
    list_filter = ("licence",)
    search_fields = ("title", "publisher", "used_for", "retrieved_from", "slug")
    date_hierarchy = "snapshot_on"
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "publisher", "licence", "used_for")}),
        ("Its state", {"fields": ("retrieved_from", ("snapshot_on", "snapshot_precision"))}),
    )
