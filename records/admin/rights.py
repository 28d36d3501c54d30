"""What somebody may do with which story, and which rows nobody deletes.

Whoever may publish may do all with every story. Others who may change stories write: their own,
from the first draft until it is in review, and may take it back from there. They see their own and
what everybody sees.
"""

from copy import copy

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied

from records.instants import read_clock
from records.models import Article
from records.models.articles import ArticleState

#: States between which a writer moves a story.
WRITERS_STATES = (ArticleState.DRAFT, ArticleState.IN_REVIEW)

#: What a writer fills in. The rest of a story is for those who publish it.
WRITERS_FIELDS = {
    "headline",
    "short_headline",
    "slug",
    "standfirst",
    "body",
    "claims",
    "state",
    "lead_image",
    *("search_title", "search_description", "social_title", "social_text"),
    "primary_topic",
    "topics",
    "astronauts",
    "missions",
    "leaderboards",
    "related",
}


def may_publish(user) -> bool:
    """Whether they may publish, schedule, withdraw and correct any story."""
    return user.has_perm("records.publish_article")


def is_own(user, article) -> bool:
    """Whether they began the story or stand in its byline. Asked of the database once."""
    known = article.__dict__.setdefault("_own_of", {})
    if user.pk not in known:
        known[user.pk] = Article.objects.of(user).filter(pk=article.pk).exists()
    return known[user.pk]


def may_work_on(user, article) -> bool:
    """Whether the story's state is theirs to choose: for a writer draft or in review."""
    return may_publish(user) or (
        article.state in WRITERS_STATES
        and not article.was_public(read_clock())
        and is_own(user, article)
    )


def may_write(user, article) -> bool:
    """Whether they may change what the story says."""
    return may_publish(user) or (article.state == ArticleState.DRAFT and may_work_on(user, article))


def visible(user, articles):
    """Those of the stories that they may see in the newsroom."""
    return articles.visible_to(user, read_clock())


class OwnStories:
    """Of the page of a story: a writer's form has no button, field or choice that publishes."""

    def get_queryset(self, request):
        return visible(request.user, super().get_queryset(request))

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        if article:
            article.as_stored = copy(article)
        return article

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_work_on(request.user, stored(obj)))

    def may_change_rows(self, request, obj):
        allowed = super().may_change_rows(request, obj)
        return allowed and (obj is None or may_write(request.user, stored(obj)))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_write(request.user, stored(obj)))

    def shut_fields(self, request, obj=None) -> list[str]:
        """What of the form is not for them to fill in."""
        if may_publish(request.user):
            return []
        names = {field.name for field in (*self.opts.fields, *self.opts.many_to_many)}
        open_to = {"state"} if obj and not may_write(request.user, stored(obj)) else WRITERS_FIELDS
        shown = flatten_fieldsets(self.get_fieldsets(request, obj))
        return [name for name in shown if name in names - open_to]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "state" and field and not may_publish(request.user):
            field.choices = [one for one in field.choices if one[0] in WRITERS_STATES]
        if db_field.name == "related" and field:
            field.queryset = visible(request.user, field.queryset)
        return field

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        if not (may_publish(request.user) or obj.state in WRITERS_STATES):
            raise PermissionDenied  # However it was asked for.
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """The primary topic is among the topics, without having to be named twice."""
        given = form.cleaned_data
        primary, topics = given.get("primary_topic"), given.get("topics")
        if primary and topics is not None and primary not in topics:
            given["topics"] = [*topics, primary]
        super().save_related(request, form, formsets, change)


def stored(article) -> Article:
    """The story as the database has it: a form writes over the row, valid or not."""
    return getattr(article, "as_stored", article)
