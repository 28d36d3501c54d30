"""The list of stories: what narrows it, however many topics and authors there are."""

from django.contrib.admin import ListFilter, SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import OuterRef, Prefetch, Q, Subquery

from records.instants import Unreadable, read_clock, read_when
from records.models import Article, Author, Decision, PendingVersion, Topic
from records.models.articles import ArticleState

#: What a filter takes of what is typed.
LONGEST = 100


class StoryList(ChangeList):
    """Shows who decided what last, and reads no text of a story."""

    def get_queryset(self, request, exclude_parameters=None):
        latest = Decision.objects.filter(article=OuterRef("article")).order_by("-made_at", "-pk")
        shown = Decision.objects.filter(pk=Subquery(latest.values("pk")[:1]))
        return (
            super()
            .get_queryset(request, exclude_parameters)
            .prefetch_related(
                Prefetch("decisions", shown.select_related("made_by"), to_attr="latest_decisions")
            )
            .defer("body", "standfirst")
        )


class StateFilter(SimpleListFilter):
    """The state that a story has at this instant, or that its changes have."""

    title = "state"
    parameter_name = "state"
    CHANGES = {
        f"changes_{state}": f"changes {label}" for state, label in PendingVersion.State.choices
    }

    def lookups(self, request, model_admin):
        return [*ArticleState.choices, *self.CHANGES.items()]

    def queryset(self, request, queryset):
        value = self.value()
        if value in self.CHANGES:
            return queryset.filter(pending__state=value.removeprefix("changes_"))
        if value in ArticleState.values:
            return queryset.in_state(value, read_clock())
        return queryset


class TypedFilter(ListFilter):
    """Stories by what is typed into a box."""

    template = "admin/records/article/named_filter.html"
    parameter_name = ""

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        typed = params.pop(self.parameter_name, [""])[-1]
        self.typed = typed.replace("\0", "").strip()[:LONGEST]
        if self.typed:
            self.used_parameters[self.parameter_name] = self.typed
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (self.parameter_name, "p")
        ]

    def has_output(self):
        return True

    def expected_parameters(self):
        return [self.parameter_name]

    def choices(self, changelist):
        return [
            {
                "title": self.title,
                "name": self.parameter_name,
                "typed": self.typed,
                "others": self.others,
                "without": changelist.get_query_string(remove=[self.parameter_name]),
            }
        ]


class DateFilter(TypedFilter):
    """Stories that appear on the day, or in the month or year, that is typed."""

    title = "date, such as 2023-09"
    parameter_name = "date"

    def queryset(self, request, queryset):
        if not self.typed:
            return queryset
        try:
            reading = read_when(self.typed, read_clock())
        except Unreadable:
            return queryset.none()
        return queryset.filter(published_at__range=(reading.begin, reading.last))


class NamedFilter(TypedFilter):
    """Stories of rows of the model, listed in the field, whose name or address holds it."""

    model = None
    listed = ""

    def queryset(self, request, queryset):
        if not self.typed:
            return queryset
        named = self.model.objects.filter(
            Q(name__icontains=self.typed) | Q(slug__icontains=self.typed)
        )
        stories = Article.objects.filter(**{f"{self.listed}__in": named})
        return queryset.filter(pk__in=stories.order_by().values("pk"))


class TopicFilter(NamedFilter):
    title = parameter_name = "topic"
    model = Topic
    listed = "topics"


class AuthorFilter(NamedFilter):
    title = parameter_name = "author"
    model = Author
    listed = "authors"
