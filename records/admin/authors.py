from django.contrib import admin

from records.models import Author

from .desk import DeskAdmin
from .fields import count_column


@admin.register(Author)
class AuthorAdmin(DeskAdmin):
    list_display = ("name", "role", count_column("articles"))
    search_fields = ("name", "role", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "role", "bio")}),)
