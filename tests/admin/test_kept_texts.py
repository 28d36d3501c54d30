"""What is typed into a form is kept for its writer, and shown when the form came too late."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from records.models import Article, DataVersion, KeptText
from tests import factories as make
from tests.admin.pages import typed, url

pytestmark = pytest.mark.django_db

KEPT = "/admin/kept/"
STRANGE = "\0 \x7f \ud800 <script>alert(1)</script> \u202eabc"


def keep(client, page, *, copy="c1", text="Half a thought", **more):
    sent = {"page": page, "copy": copy, "typed": json.dumps([["standfirst", text]])}
    return client.post(KEPT, sent | more)


def copies(client, page):
    return client.get(KEPT, {"page": page}).json()["copies"]


@pytest.fixture
def story():
    return make.make_article(state="draft", published_at=None)


def test_a_copy_is_kept_and_nothing_of_the_story_changes(desk, story):
    page = url("change", story)
    before = Article.objects.values().get(pk=story.pk), DataVersion.objects.current_token()
    assert keep(desk, page).status_code == 200
    assert keep(desk, page, text=STRANGE).status_code == 200
    after = Article.objects.values().get(pk=story.pk), DataVersion.objects.current_token()
    assert before == after
    assert [one["typed"] for one in copies(desk, page)] == [[["standfirst", STRANGE]]]
    assert copies(desk, url("add", Article)) == []
    keep(desk, "", discard="1")
    assert copies(desk, page) == []


def test_copies_are_their_writers_own(desk, story):
    page = url("change", story)
    keep(desk, page)
    other = Client()
    other.force_login(get_user_model().objects.create_superuser("ada"))
    assert copies(other, page) == []
    other.post(KEPT, {"copy": "c1", "discard": "1"})
    assert len(copies(desk, page)) == 1


def test_saving_drops_the_copy_here_and_in_the_browser(desk, story):
    page = url("change", story)
    keep(desk, page)
    keep(desk, page, copy="c2")
    values = typed(desk.get(page)) | {"standfirst": "A whole one.", "_copy": "c1"}
    response = desk.post(page, values | {"headline": ""})
    assert response.status_code == 200
    assert 'name="_copy" value="c1"' in response.content.decode()
    assert len(copies(desk, page)) == 2
    response = desk.post(page, values)
    assert response.status_code == 302
    assert response.cookies["saved_copy"].value == "c1"
    assert [one["copy"] for one in copies(desk, page)] == ["c2"]


@pytest.mark.parametrize(
    "page",
    ["", "/", "/admin/records/topic/add/", "/admin/records/article/", "/nowhere/", "x" * 9000]
    + [f"/admin/records/article/{key}/change/" for key in ("0", "abc", "9" * 30, "%00")],
)
def test_copies_of_other_pages_are_not_kept(desk, page):
    assert keep(desk, page).status_code == 404
    assert copies(desk, page) == []
    assert not KeptText.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"typed": "[]", "copy": ""},
        {"typed": "[]", "copy": "C 1"},
        {"typed": "[]", "copy": "c" * 41},
        {"typed": ""},
        {"typed": "{}"},
        {"typed": '[["a"]]'},
        {"typed": '[["a", 1]]'},
        {"typed": "[" * 100_000},
        {"typed": json.dumps([["a", "b" * 1_500_000]])},
    ],
)
def test_what_is_no_form_is_refused_in_words(desk, story, sent):
    response = desk.post(KEPT, {"page": url("change", story), "copy": "c1"} | sent)
    assert response.status_code == 400
    assert response.json()["problem"]
    assert not KeptText.objects.exists()


def test_nobody_keeps_what_they_may_not_write(client, story):
    page = url("change", story)
    assert keep(client, page).status_code == 401
    user = get_user_model().objects.create_user("wren", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_article"))
    client.force_login(user)
    assert keep(client, page).status_code == 404
    assert copies(client, page) == []


def test_session_tells_who_is_signed_in(client, steward):
    found = client.get("/admin/session/")
    assert found.json() | {"token": ""} == {"user": "", "name": "", "token": ""}
    assert "no-store" in found["Cache-Control"]
    client.force_login(steward)
    found = client.get("/admin/session/").json()
    assert (found["user"], found["name"]) == (str(steward.pk), "grace")


# Without scripts


def shown(response) -> str:
    """The table of what was typed."""
    assert response.status_code == 403
    page = response.content.decode()
    assert "reload the page" not in page
    return page[page.index("This is what you typed") :]


def test_an_expired_form_shows_what_was_typed(steward, story):
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    values = typed(client.get(url("change", story))) | {"body": "Line one.\n\n<b>Line</b> two."}
    response = client.post(url("change", story), values | {"csrfmiddlewaretoken": "x" * 64})
    page = shown(response)
    assert "Line one.<br><br>&lt;b&gt;Line&lt;/b&gt; two." in page
    assert "csrfmiddlewaretoken" not in page
    assert not re.search(r"_copy|_opened|_FORMS", page)


def test_a_form_sent_without_a_session_shows_what_was_typed(client, story):
    response = client.post(url("change", story), {"body": "Line one."})
    page = shown(response)
    assert "Line one." in page
    assert f'href="{url("change", story)}"' in page
    assert client.post(url("change", story), {}).status_code == 302
    assert client.post("/admin/logout/", {}).status_code == 302


def test_passwords_are_not_shown(client):
    strict = Client(enforce_csrf_checks=True)
    sent = {"username": "ada", "password": "hush", "password1": "hush", "old_password": "hush"}
    for response in (strict.post("/admin/login/", sent), client.post("/admin/records/", sent)):
        assert "hush" not in response.content.decode()
        assert "ada" in response.content.decode()


def test_what_another_site_sent_is_not_shown(steward, story):
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    response = client.post(
        url("change", story), {"body": "Call this number"}, headers={"origin": "https://evil.test"}
    )
    assert response.status_code == 403
    assert "Call this number" not in response.content.decode()
