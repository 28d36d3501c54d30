from django.contrib import admin

from records.models import Author

from .fields import called_with, count_column
from .history import HistoryAdmin


@admin.register(Author)
class AuthorAdmin(HistoryAdmin):
    list_display = ("name", "role", count_column("articles"))
    called = ("name",)
    search_fields = ("name", "role", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("user",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "role", "bio")}),
        ("Account", {"fields": ("user",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Who writes under which name is for those who look after accounts."""
        readonly = super().get_readonly_fields(request, obj)
        return readonly if request.user.has_perm("auth.change_user") else (*readonly, "user")

    def told_apart(self, author):
        return called_with(author.name, author.role)
