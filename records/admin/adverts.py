from django.contrib import admin

from records.instants import read_clock
from records.models import Advert

from .desk import DeskAdmin
from .fields import instant_column


class RunningFilter(admin.SimpleListFilter):
    title = "running now"
    parameter_name = "running"

    def lookups(self, request, model_admin):
        return (("yes", "yes"), ("no", "no"))

    def queryset(self, request, adverts):
        running = adverts.running(read_clock())
        if self.value() == "yes":
            return running
        return adverts.exclude(pk__in=running) if self.value() == "no" else adverts


@admin.register(Advert)
class AdvertAdmin(DeskAdmin):
    list_display = (
        "headline",
        "advertiser",
        "weight",
        instant_column("starts_at"),
        instant_column("ends_at", empty="no end"),
    )
    list_filter = (RunningFilter, "advertiser")
    search_fields = ("advertiser", "headline", "text", "slug")
    date_hierarchy = "starts_at"
    prepopulated_fields = {"slug": ("advertiser", "headline")}
    fieldsets = (
        (None, {"fields": ("advertiser", "headline", "slug", "text")}),
        ("Where it leads", {"fields": ("link", "link_text")}),
        ("When it runs", {"fields": (("starts_at", "ends_at"), "weight")}),
    )
