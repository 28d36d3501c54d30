from django.contrib import admin, messages
from django.db.models import Count
from django.template.response import TemplateResponse

from records.instants import read_clock
from records.models import Topic

from .history import HistoryAdmin


@admin.register(Topic)
class TopicAdmin(HistoryAdmin):
    list_display = ("name", "slug", "public_articles")
    called = ("name",)
    search_fields = ("name", "slug", "description")
    prepopulated_fields = {"slug": ("name",)}
    actions = ("merge",)
    fieldsets = ((None, {"fields": ("name", "slug", "description")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).with_counts(read_clock())

    @admin.action(permissions=["change", "delete"], description="Merge selected topics")
    def merge(self, request, topics):
        """Asks which of the topics is kept, with the number of stories of each, then lets the
        others be that one."""
        topics = list(topics.annotate(stories=Count("articles", distinct=True)).order_by("name"))
        kept = next((one for one in topics if str(one.pk) == request.POST.get("keep")), None)
        if len(topics) < 2:
            self.message_user(request, "Choose two topics or more.", messages.ERROR)
        elif kept is None:
            context = self.admin_site.each_context(request) | {
                "title": "Merge topics",
                "opts": self.opts,
                "topics": topics,
                "media": self.media,
            }
            return TemplateResponse(request, "admin/records/topic/merge.html", context)
        else:
            others = [one for one in topics if one != kept]
            for one in others:
                self.log_deletions(request, [one])
            kept.absorb(others)
            names = ", ".join(one.name for one in others)
            self.log_change(request, kept, f"Merged with {names}.")
            self.message_user(request, f"{names}: now all of it is “{kept}”.", messages.SUCCESS)
        return None

    @admin.display(ordering="article_count")
    def public_articles(self, topic):
        return topic.article_count
