from django.contrib import admin
from django.utils.html import format_html, format_html_join

from records.body.adverts import place
from records.body.blocks import AdvertBlock, Paragraph
from records.body.parse import parse
from records.instants import read_clock
from records.models import Advert, Article

from .fields import instant_column
from .history import HistoryAdmin

#: Stories that are looked through for an advert's places: the latest.
LOOKED_THROUGH = 12


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
class AdvertAdmin(HistoryAdmin):
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
        ("Where it falls", {"fields": ("falls",)}),
    )
    readonly_fields = ("falls",)

    @admin.display(description="in the latest stories")
    def falls(self, advert):
        """Where readers see it now, among all that run: the stories, and after which paragraph."""
        at = read_clock()
        running = list(Advert.objects.running(at))
        if advert not in running:
            return "Nowhere: it is not running now."
        found = [
            (article.get_absolute_url(), article.list_headline, after)
            for article in Article.objects.published(at)[:LOOKED_THROUGH]
            for after in _places(article, running, advert)
        ]
        if not found:
            return f"In none of the latest {LOOKED_THROUGH}: others are drawn there by chance."
        lines = format_html_join("", '<li><a href="{}">{}</a>, after paragraph {}</li>', found)
        return format_html("<ul>{}</ul>", lines)


def _places(article, running, advert):
    """How many paragraphs stand before the advert in the story, each time that it does."""
    paragraphs = 0
    for block in place(parse(article.body).blocks, running, slug=article.slug):
        paragraphs += isinstance(block, Paragraph)
        if isinstance(block, AdvertBlock) and block.advert == advert:
            yield paragraphs
