from django.contrib import admin

from records.instants import read_clock
from records.models import Topic

from .desk import DeskAdmin


@admin.register(Topic)
class TopicAdmin(DeskAdmin):
    list_display = ("name", "slug", "public_articles")
    called = ("name",)
    search_fields = ("name", "slug", "description")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "description")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts(read_clock())

    @admin.display(ordering="article_count")
    def public_articles(self, topic):
        return topic.article_count
