"""Guessing passwords for the newsroom is slow work."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model

from spacesite.proxy import client_address
from tests.factories import make_article

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


@pytest.fixture
def ada():
    return get_user_model().objects.create_superuser("ada", password="the right one")


def guess(client, password, *, username="ada", address="198.51.100.7"):
    return client.post(LOGIN, {"username": username, "password": password}, REMOTE_ADDR=address)


@pytest.mark.usefixtures("ada")
def test_user_is_locked_out_at_one_address_only(client):
    for _ in range(5):
        response = guess(client, "wrong")
    assert response.status_code == 429
    assert guess(client, "the right one").status_code == 429
    assert guess(client, "the right one", address="203.0.113.9").status_code == 302


@pytest.mark.usefixtures("ada")
def test_right_password_forgives_the_wrong_ones(client):
    for _ in range(4):
        guess(client, "wrong")
    assert guess(client, "the right one").status_code == 302
    client.post("/admin/logout/")
    assert guess(client, "wrong").status_code == 200


def test_address_behind_a_proxy_is_the_one_the_proxy_wrote(rf):
    request = rf.get("/", headers={"x-forwarded-for": "10.9.8.7, 198.51.100.7"})
    assert client_address(request) == "198.51.100.7"
    assert client_address(rf.get("/")) == "127.0.0.1"


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/",
        "//example.org/admin/",
        "http:///admin/",
        "javascript:alert(1)",
        "/nowhere/",
        "/news/no-such-story/",
        "/news/no-such-story/preview/",
        "/admin/nowhere/",
        "/admin/records/nothing/",
        "/admin/records/article",
        "/admin/records/article/999999999/change/",
        "/admin/records/article/abc/history/",
        "/admin/auth/user/999999999/password/",
        "/admin/autocomplete/",
        "/admin/jsi18n/",
        "/admin/logout/",
        "/admin/login/?next=/nowhere/",
        "/admin/r/1/1/",
        "nowhere",
        "",
        "/\0",
        "/" + "a" * 3000,
    ],
)
def test_signing_in_ends_on_a_page(wanted, client):
    sent = {"username": "ada", "password": "the right one"}
    for address, form in (
        (LOGIN, sent | {"next": wanted}),
        (f"{LOGIN}?{urlencode({'next': wanted.replace(chr(0), '')})}", sent),
    ):
        client.logout()
        page = client.post(address, form, follow=True)
        assert page.status_code == 200, address
        assert page.request["PATH_INFO"] == "/admin/"
        shown = client.get(address, follow=True)
        assert (shown.status_code, shown.request["PATH_INFO"]) == (200, "/admin/")


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("preview", [False, True])
def test_signing_in_leads_to_the_page_that_was_asked_for(preview, client):
    wanted = "/admin/records/article/?state=draft"
    if preview:
        wanted = f"/news/{make_article(state='draft', published_at=None).slug}/preview/"
    asked = client.get(wanted)
    assert asked.status_code == 302
    sent = {"username": "ada", "password": "the right one", "next": wanted}
    assert client.post(asked["Location"], sent)["Location"] == wanted
