"""What is typed into a form is kept for its writer, and shown when the form came too late."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from records.models import Article, DataVersion, KeptText
from tests import factories as make
from tests.admin.pages import add_row, save, typed, url

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


def filled_in(client, response):
    """Press the button that fills the form in again."""
    values = typed(response)
    assert values["_preview"] == "1"
    return client.post(response.request["PATH_INFO"], values)


@pytest.mark.parametrize("ended", ["form", "session"])
def test_a_form_that_came_too_late_is_filled_in_again_with_all_its_rows(few_facts, steward, ended):
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    crew = [make.make_astronaut(name) for name in ("Ada Vega", "Ben Okoro")]
    mission, source = make.make_mission(landed_at="1999-03-20"), make.make_source()
    values = typed(client.get(url("change", mission))) | {"notes": "One.\n\nTwo."}
    for number, one in enumerate(crew, 1):
        add_row(values, "launch_flights", astronaut=str(one.pk), role=f"Role {number}")
    add_row(values, "citations", source=str(source.pk), covers="Page 7")
    values["_save"] = "Save"
    if ended == "form":
        response = client.post(url("change", mission), values | {"csrfmiddlewaretoken": "x" * 64})
    else:
        client.logout()
        response = client.post(url("change", mission), values)
        client.force_login(steward)
    assert "Page 7" in shown(response)
    again = filled_in(client, response)
    assert again.status_code == 200
    found = typed(again)
    assert found["notes"] == "One.\n\nTwo."
    assert found["launch_flights-1-astronaut"] == str(crew[1].pk)
    assert found["launch_flights-1-role"] == "Role 2"
    assert found["citations-0-covers"] == "Page 7"
    assert not mission.launch_flights.exists()
    saved = save(client, url("change", mission), found)
    assert saved.status_code == 302
    assert [one.role for one in mission.launch_flights.order_by("position")] == ["Role 1", "Role 2"]


def test_only_what_a_form_of_a_row_sent_is_filled_in_again(client, story):
    sent = {"body": "Line one.", "_copy": "", "_publish": "1", "_save": "1", "password": "hush"}
    page = shown(client.post(url("change", story), sent))
    assert "_publish" not in page
    assert "hush" not in page
    # Other forms would be taken for sent and meant.
    response = client.post("/admin/auth/user/add/", {"username": "ada"})
    assert "_preview" not in shown(response)


def test_what_is_filled_in_again_is_never_markup(client, story):
    sent = {"_copy": "", "body": '"><script>alert(1)</script>', '"><b>': "x"}
    response = client.post(url("change", story), sent)
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert typed(response)["body"] == sent["body"]
