from functools import partial

from django.contrib import admin
from django.urls import path

from records.models import Source

from .fields import called_with, instant_column
from .history import HistoryAdmin
from .uploads import tables_view


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    list_display = (
        "title",
        "publisher",
        "licence",
        instant_column("snapshot_on", precision="snapshot_precision"),
    )
    list_filter = ("licence",)
    called = ("title", "publisher")
    search_fields = ("title", "publisher", "used_for", "retrieved_from", "slug")
    date_hierarchy = "snapshot_on"
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "publisher", "licence", "used_for")}),
        ("Its state", {"fields": ("retrieved_from", ("snapshot_on", "snapshot_precision"))}),
    )

    def get_urls(self):
        """Also the page on which whole tables of facts are taken, a source of their own."""
        view = self.admin_site.admin_view(partial(tables_view, self))
        return [path("tables/", view, name="records_tables"), *super().get_urls()]

    def told_apart(self, source):
        return called_with(source.title, source.publisher)
