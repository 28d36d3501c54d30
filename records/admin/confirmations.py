from django.contrib import admin

from records.instants import read_clock
from records.models import Confirmation

from .desk import DeskAdmin
from .fields import instant_column


@admin.register(Confirmation)
class ConfirmationAdmin(DeskAdmin):
    """A steward's word is given once; a new one follows it. A superuser may take one back."""

    list_display = (
        instant_column("through_at", label="confirmed through"),
        "made_by",
        "note",
    )
    list_select_related = ("made_by",)
    search_fields = ("note", "made_by__username")
    date_hierarchy = "through_at"
    fields = ("through_at", "note")

    def get_changeform_initial_data(self, request):
        return {"through_at": read_clock(), **super().get_changeform_initial_data(request)}

    def get_fields(self, request, obj=None):
        return (*self.fields, "made_by") if obj else self.fields

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return request.user.is_active and request.user.is_superuser

    def save_model(self, request, obj, form, change):
        obj.made_by = request.user
        super().save_model(request, obj, form, change)
