from django.contrib import admin
from django.db.models import Count

from records.models import Author

from .desk import DeskAdmin


@admin.register(Author)
class AuthorAdmin(DeskAdmin):
    list_display = ("name", "role", "articles")
    search_fields = ("name", "role", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "role", "bio")}),)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(article_count=Count("articles"))

    @admin.display(ordering="article_count")
    def articles(self, author):
        return author.article_count
