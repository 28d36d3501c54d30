from django import forms
from django.contrib import admin
from django.db import models

from records.instants import read_clock
from records.models import Article, Authorship, Correction

from .desk import DeskAdmin, DeskInline
from .fields import called_with, instant_column
from .rights import OwnStories
from .writing import Writing


class BylineInline(DeskInline):
    model = Authorship
    verbose_name_plural = "byline, in order"
    fields = ("position", "author")
    autocomplete_fields = ("author",)
    show_change_link = False
    related = ("author",)

    def get_extra(self, request, obj=None, **kwargs):
        return super().get_extra(request, obj, **kwargs) + (obj is None and has_byline(request))


class CorrectionsInline(DeskInline):
    """Corrections are amended, never deleted."""

    model = Correction
    can_delete = False
    fields = ("kind", "made_at", "wrong", "right")
    formfield_overrides = DeskInline.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 30})}
    }
    related = ("article",)

    def has_delete_permission(self, request, obj=None):
        return False


def has_byline(request) -> bool:
    """Whether they write under a name of their own."""
    return hasattr(request.user, "author")


@admin.register(Article)
class ArticleAdmin(Writing, OwnStories, DeskAdmin):
    list_display = (
        "headline",
        "state",
        instant_column("published_at"),
        instant_column("updated_at"),
        "primary_topic",
        "byline",
    )
    list_filter = ("state", "primary_topic", "authors")
    called = ("headline", "short_headline")
    search_fields = ("headline", "short_headline", "standfirst", "slug", "byline__author__name")
    date_hierarchy = "published_at"
    autocomplete_fields = (
        "topics",
        "primary_topic",
        "astronauts",
        "missions",
        "leaderboards",
        "related",
    )
    prepopulated_fields = {"slug": ("headline",)}
    inlines = (BylineInline, CorrectionsInline)
    fieldsets = (
        (None, {"fields": ("headline", "short_headline", "slug", "standfirst", "body")}),
        (
            "Publication",
            {"fields": ("state", "published_at", "updated_at", "withdrawal_note")},
        ),
        ("Topics", {"fields": ("primary_topic", "topics")}),
        ("What it is about", {"fields": ("astronauts", "missions", "leaderboards", "related")}),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("primary_topic")
            .prefetch_related("byline__author")
        )

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *self.shut_fields(request, obj))

    def has_delete_permission(self, request, obj=None):
        """No story that was ever public is deleted: it is withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and obj.was_public(read_clock()))

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """The byline of a new story begins with whoever begins it."""
        given = super().get_formset_kwargs(request, obj, inline, prefix)
        opened = obj.pk is None and request.method == "GET" and isinstance(inline, BylineInline)
        if opened and has_byline(request):
            given["initial"] = [{"author": request.user.author}]
        return given

    def told_apart(self, article):
        at = read_clock()
        day = f"{article.published_at:%-d %B %Y}" if article.was_public(at) else ""
        return called_with(article.headline, article.state_at(at).label, day)

    def byline(self, article):
        return ", ".join(str(row.author) for row in article.byline.all())
