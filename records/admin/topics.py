from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.utils.text import Truncator

from records.instants import read_clock
from records.models import Article, ArticleRevision, Topic

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
            self.log_deletions(request, others)
            names = ", ".join(one.name for one in others)
            self._absorb(request, kept, others, f"Topics merged into “{kept}”: {names}.")
            self.log_change(request, kept, f"Merged with {names}.")
            self.message_user(request, f"{names}: now all of it is “{kept}”.", messages.SUCCESS)
        return None

    def _absorb(self, request, kept, others, words):
        """Merge them, and let each of their stories have it in its history."""
        at, field = read_clock(), ArticleRevision._meta.get_field("words")
        words = Truncator(words).chars(field.max_length)
        of_others = Q(topics__in=others) | Q(primary_topic__in=others)
        keys = set(Article.objects.filter(of_others).values_list("pk", flat=True))
        ArticleRevision.objects.keep_found_of(keys, at)
        kept.absorb(others)
        ArticleRevision.objects.keep_of(keys, request.user, at, words, merged=True)
        stories = Article.objects.filter(pk__in=keys).only("headline")
        LogEntry.objects.log_actions(request.user.pk, stories, CHANGE, words)

    @admin.display(ordering="article_count")
    def public_articles(self, topic):
        return topic.article_count
