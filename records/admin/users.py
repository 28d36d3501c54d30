"""Accounts and groups: nobody grants rights beyond their own, or touches an account that has more.

Whoever could set the password of somebody with more rights, or put somebody into a group with more,
would have them all.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as stock
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q

from records.models import roles

from .fields import called_with, cut_nothing

admin.site.unregister((User, Group))


def rights_of(user) -> set[int]:
    """Keys of the rights that an account is given, whether or not it is active."""
    given = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return set(given.values_list("pk", flat=True))


def may_touch(user, other) -> bool:
    """Whether they may change, delete or set the password of the other account."""
    if user.is_superuser:
        return True
    return not other.is_superuser and rights_of(other) <= rights_of(user)


def grantable(user):
    """The groups that they may put somebody into."""
    if user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=rights_of(user))
    return Group.objects.exclude(pk__in=Group.objects.filter(permissions__in=beyond))


class UserForm(UserChangeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cut_nothing(self)


class NewUserForm(AdminUserCreationForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cut_nothing(self)


@admin.register(User)
class UserAdmin(stock.UserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ("username", "roles", "first_name", "last_name", "is_active", "is_superuser")
    list_filter = ("groups", "is_active", "is_superuser")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Role", {"fields": ("groups", "is_active", "is_staff")}),
        ("Person", {"fields": (("first_name", "last_name"), "email")}),
        ("When", {"fields": (("last_login", "date_joined"),)}),
    )
    #: For superusers alone, and not needed where a role says all.
    single_rights = (
        "Rights beside the role",
        {"classes": ("collapse",), "fields": ("is_superuser", "user_permissions")},
    )
    add_fieldsets = (
        (None, {"fields": ("username", "groups")}),
        ("Password", {"fields": ("usable_password", "password1", "password2")}),
    )

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 (Django names it)
        if self.get_object(request, unquote(id)) is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, id)
        return super().user_change_password(request, id, form_url)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        if not self.has_change_permission(request, obj):
            # Not even how a password is kept is for those who only look.
            fieldsets = ((None, {"fields": ("username",)}), *fieldsets[1:])
        return (*fieldsets, self.single_rights) if request.user.is_superuser else fieldsets

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"queryset": grantable(request.user), "widget": forms.CheckboxSelectMultiple}
            return db_field.formfield(**kwargs, help_text="What the account is for.")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_touch(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_touch(request.user, obj))

    called = ("username", "last_name")

    def told_apart(self, user):
        """`ann (Ann Lee)`."""
        return called_with(user.username, user.get_full_name())

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True  # Accounts are for the newsroom; nobody else signs in here.
        super().save_model(request, obj, form, change)

    def roles(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class GroupAdmin(stock.GroupAdmin):
    """Only superusers make groups; those of the four roles are as the site declares them."""

    def has_add_permission(self, request):
        return request.user.is_active and request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return self.has_add_permission(request) and not (obj and obj.name in roles.ROLES)

    has_delete_permission = has_change_permission
