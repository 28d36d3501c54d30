"""The accounts that open the newsroom on one's own machine."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command

from records.models import Author, roles

pytestmark = pytest.mark.django_db


def made(*options) -> dict[str, str]:
    """Passwords by name, as they were printed."""
    out = StringIO()
    call_command("make_accounts", *options, stdout=out)
    return dict(re.findall(r"^  (\w+) +(\S+)  ", out.getvalue(), re.MULTILINE))


def test_one_account_for_each_role_with_its_own_password(settings, client):
    settings.DEBUG = True
    passwords = made("--if-none")
    assert list(passwords) == ["writer", "editor", "steward", "auditor"]
    assert len(set(passwords.values())) == 4
    for (name, password), role in zip(passwords.items(), roles.ROLES, strict=True):
        sent = {"username": name, "password": password, "next": "/admin/"}
        assert client.post("/admin/login/", sent, follow=True).redirect_chain == [("/admin/", 302)]
        user = get_user_model().objects.get(username=name)
        assert [group.name for group in user.groups.all()] == [role]
        assert not user.is_superuser
    assert Author.objects.get(user__username="writer")


def test_second_time_makes_nothing_and_says_nothing(settings, rf):
    settings.DEBUG = True
    passwords = made("--if-none")
    assert made("--if-none") == {}
    with pytest.raises(CommandError, match="already"):
        made()
    assert get_user_model().objects.count() == 4
    request = rf.post("/admin/login/")
    assert authenticate(request, username="editor", password=passwords["editor"])


def test_never_outside_debug(settings):
    settings.DEBUG = False
    assert made("--if-none") == {}
    with pytest.raises(CommandError, match="DEBUG"):
        made()
    assert not get_user_model().objects.exists()


def test_one_account_of_any_name_is_enough_to_make_none(settings):
    settings.DEBUG = True
    get_user_model().objects.create_user("somebody")
    assert made("--if-none") == {}
