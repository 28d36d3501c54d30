"""Nobody grants rights beyond their own, and only a superuser touches a superuser."""

import pytest
from django.contrib.auth.models import Group, Permission, User

from records.models import roles
from tests.admin.pages import typed
from tests.admin.test_roles import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

USERS = "/admin/auth/user/"


def rights(*names):
    return Permission.objects.filter(codename__in=names)


@pytest.fixture
def chief():
    """An editor who also looks after accounts."""
    user = account(roles.EDITOR, "chief")
    user.user_permissions.set(rights("add_user", "change_user", "delete_user", "view_user"))
    return user


@pytest.fixture
def manager(chief):
    return signed_in(chief)


def page(user, name="change"):
    return f"{USERS}{user.pk}/{name}/"


def everything(user):
    fields = User.objects.filter(pk=user.pk).values().first()
    return fields and (
        {name: value for name, value in fields.items() if name != "last_login"},
        set(user.groups.values_list("name", flat=True)),
        set(user.user_permissions.values_list("codename", flat=True)),
    )


def groups(*names):
    return [str(Group.objects.get(name=name).pk) for name in names]


def test_manager_gives_roles_within_her_own(manager):
    ben = User.objects.create_user("ben", is_staff=True)
    values = typed(manager.get(page(ben))) | {"groups": groups(roles.WRITER, roles.EDITOR)}
    assert manager.post(page(ben), values).status_code == 302
    assert {group.name for group in ben.groups.all()} == {roles.WRITER, roles.EDITOR}


@pytest.mark.parametrize("role", [roles.STEWARD, roles.AUDITOR])
def test_manager_gives_no_role_beyond_her_own(role, manager, chief):
    ben = User.objects.create_user("ben", is_staff=True)
    for user in (ben, chief):
        before = everything(user)
        values = typed(manager.get(page(user))) | {"groups": groups(role)}
        response = manager.post(page(user), values)
        assert "Select a valid choice" in response.content.decode()
        assert everything(user) == before
    new = {"username": "new", "password1": "a pass phrase", "password2": "a pass phrase"}
    response = manager.post(
        f"{USERS}add/", new | {"usable_password": "true", "groups": groups(role)}
    )
    assert response.status_code == 200
    assert not User.objects.filter(username="new").exists()


def test_manager_gives_no_single_rights(manager, chief):
    ben = User.objects.create_user("ben", is_staff=True)
    forged = {
        "is_superuser": "on",
        "user_permissions": [str(one.pk) for one in rights("publish_article", "delete_mission")],
    }
    for user in (ben, chief):
        before = everything(user)
        manager.post(page(user), typed(manager.get(page(user))) | forged)
        assert everything(user) == before
    new = {"username": "new", "password1": "a pass phrase", "password2": "a pass phrase"}
    manager.post(f"{USERS}add/", new | {"usable_password": "true"} | forged)
    made = User.objects.get(username="new")
    assert (made.is_superuser, made.is_staff, made.user_permissions.count()) == (False, True, 0)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("kind", ["superuser", "steward", "auditor", "single right"])
def test_manager_touches_nobody_who_may_more(kind, active, manager):
    other = User.objects.create_user("other", is_staff=True, is_superuser=kind == "superuser")
    if kind == "steward":
        other.groups.set(Group.objects.filter(name=roles.STEWARD))
    elif kind == "auditor":
        other.groups.set(Group.objects.filter(name=roles.AUDITOR))
    elif kind == "single right":
        other.user_permissions.set(rights("delete_mission"))
    User.objects.filter(pk=other.pk).update(is_active=active)
    before = everything(other)
    ben = User.objects.create_user("ben", is_staff=True)
    values = typed(manager.get(page(ben))) | {"username": "taken-over", "is_active": ""}
    passwords = {"password1": "a pass phrase", "password2": "a pass phrase", "set-password": "1"}
    assert manager.post(page(other), values).status_code == 403
    assert manager.get(page(other, "password")).status_code == 403
    assert manager.post(page(other, "password"), passwords).status_code == 403
    assert manager.post(page(other, "delete"), {"post": "yes"}).status_code == 403
    keys = {"action": "delete_selected", "_selected_action": [str(other.pk)], "post": "yes"}
    manager.post(USERS, keys)
    assert everything(other) == before


def test_manager_makes_no_group(manager, chief):
    chief.user_permissions.add(*rights("add_group", "change_group", "delete_group"))
    group = Group.objects.create(name="Mine")
    address = f"/admin/auth/group/{group.pk}/"
    forged = {"name": "Mine", "permissions": [str(one.pk) for one in rights("delete_mission")]}
    for target in (f"{address}change/", f"{address}delete/", "/admin/auth/group/add/"):
        assert manager.post(target, forged | {"post": "yes"}).status_code == 403
    assert not group.permissions.exists()


def test_roles_are_as_declared_even_for_a_superuser(desk):
    group = Group.objects.get(name=roles.WRITER)
    address = f"/admin/auth/group/{group.pk}/"
    assert desk.get(f"{address}change/").status_code == 200
    sent = {"name": "Writer", "permissions": [str(one.pk) for one in rights("delete_mission")]}
    assert desk.post(f"{address}change/", sent).status_code == 403
    assert desk.post(f"{address}delete/", {"post": "yes"}).status_code == 403


def test_form_begins_with_the_role_and_folds_single_rights_away(desk, manager):
    ben = User.objects.create_user("ben", is_staff=True)
    sections = desk.get(page(ben)).context_data["adminform"].fieldsets
    assert [name for name, _ in sections][1] == "Role"
    _, last = sections[-1]
    assert last["classes"] == ("collapse",)
    assert last["fields"] == ("is_superuser", "user_permissions")
    shown = manager.get(page(ben)).content.decode()
    assert "user_permissions" not in shown
    assert "is_superuser" not in shown


def test_superuser_does_all_of_it(desk, steward):
    other = User.objects.create_superuser("other")
    values = typed(desk.get(page(other))) | {"first_name": "Olga"}
    assert desk.post(page(other), values).status_code == 302
    other.refresh_from_db()
    assert (other.first_name, other.is_superuser) == ("Olga", True)
    new = {"username": "new", "password1": "a pass phrase", "password2": "a pass phrase"}
    sent = new | {"usable_password": "true", "groups": groups(roles.STEWARD)}
    assert desk.post(f"{USERS}add/", sent).status_code == 302
    made = User.objects.get(username="new")
    assert [group.name for group in made.groups.all()] == [roles.STEWARD]
    assert made.is_staff


def test_auditor_reads_of_accounts_but_nothing_of_passwords(chief):
    auditor = signed_in(account(roles.AUDITOR))
    chief.set_password("a pass phrase")
    chief.save()
    shown = auditor.get(page(chief)).content.decode()
    assert "chief" in shown
    assert chief.password[:12] not in shown
    assert "hash" not in shown
    assert auditor.get(page(chief, "password")).status_code == 403
    assert auditor.post(page(chief), {"username": "x"}).status_code == 403


def test_list_says_who_does_what(desk, chief):
    shown = desk.get(USERS).content.decode()
    assert roles.EDITOR in shown
