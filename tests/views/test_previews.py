"""Stories that readers do not see: for those who work on them, and whom they show them to."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from records.body import parse
from records.instants import read_clock
from records.models import DataVersion, PendingVersion, PreviewSecret
from records.models.preview_secrets import new_secret
from tests import factories as make
from tests.admin.pages import url

pytestmark = pytest.mark.django_db

WORDS = "Zanzibar quicksilver"


def story(state="draft", **fields):
    fields.setdefault("published_at", None)
    body = fields.pop("body", f"{WORDS}.\n\nAnd more.")
    return make.make_article("a-story", state=state, body=body, **fields)


def preview(client, article):
    return client.get(reverse("article-preview", args=(article.slug,)))


def private(response, status=200) -> str:
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    page = response.content.decode()
    if status == 200:
        assert '<meta name="robots" content="noindex, nofollow">' in page
        assert "canonical" not in page
    return page


@pytest.fixture
def editor(client):
    user = get_user_model().objects.create_user("ed", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "draft · not public"),
        ({"state": "in_review"}, "in review · not public"),
        (
            {"state": "scheduled", "published_at": "2099-01-01T06:00"},
            "Scheduled for 2099-01-01 06:00 UTC · not public",
        ),
        ({"state": "published", "published_at": "2020-01-01"}, "published"),
        ({"state": "withdrawn", "published_at": "2020-01-01"}, "withdrawn · not public"),
    ],
)
def test_staff_see_any_state_on_the_real_page(editor, fields, words):
    article = story(**fields)
    page = private(preview(editor, article))
    assert f"<strong>{words}</strong>" in page
    assert WORDS in page
    assert "masthead" in page


def test_pending_changes_are_shown_and_readers_see_none(editor):
    article = story("published", published_at="2020-01-01", body="What readers see.")
    changes = PendingVersion.begun(article, None, read_clock())
    changes.content = changes.content | {"body": WORDS}
    changes.save()
    page = private(preview(editor, article))
    assert WORDS in page
    assert "Pending changes" in page
    assert WORDS not in Client().get(article.get_absolute_url()).content.decode()


@pytest.mark.parametrize("slug", ["a-story", "no-story"])
def test_others_are_asked_to_sign_in_whether_there_is_a_story_or_not(client, slug):
    story()
    response = client.get(f"/news/{slug}/preview/")
    private(response, 302)
    assert response["Location"].startswith("/admin/login/?next=")


def test_a_writer_sees_own_drafts_only(client):
    writer = get_user_model().objects.create_user("wren", is_staff=True)
    writer.groups.add(Group.objects.get(name="Writer"))
    client.force_login(writer)
    article = story()
    assert preview(client, article).status_code == 404
    article.created_by = writer
    article.save()
    assert preview(client, article).status_code == 200
    steward = get_user_model().objects.create_user("sam", is_staff=True)
    client.force_login(steward)
    assert preview(client, article).status_code == 403


# Links for others


def shared(article, *, changes=0, days=7):
    until = read_clock() + timedelta(days=days)
    token = PreviewSecret.objects.token(article, changes, until)
    return reverse("article-shared", args=(token,))


def test_a_link_shows_the_draft_until_it_expires(client, clock):
    clock("2026-10-12T09:00:00Z")
    link = shared(story())
    assert WORDS in private(client.get(link))
    assert not client.cookies
    clock("2026-10-19T08:59:59Z")
    assert WORDS in private(client.get(link))
    clock("2026-10-19T09:00:00Z")
    page = private(client.get(link), 410)
    assert "This link has ended" in page
    assert WORDS not in page


def test_a_link_ends_on_publication_and_for_good(client):
    article = story()
    link = shared(article)
    article.state, article.published_at = "published", make.instant("2020-01-01")
    article.save()
    assert article.get_absolute_url() in private(client.get(link), 410)
    changes = PendingVersion.begun(article, None, read_clock())
    changes.save()
    assert WORDS not in private(client.get(link), 410)
    link = shared(article, changes=changes.pk)
    assert WORDS in private(client.get(link))
    changes.delete()
    private(client.get(link), 410)
    article.state = "withdrawn"
    article.save()
    private(client.get(shared(article)), 410)


def test_a_new_secret_ends_all_links_of_the_story_and_no_others(client):
    one, other = story(), make.make_article("other", state="draft", published_at=None)
    links = [shared(one), shared(one, days=30)]
    kept = shared(other)
    PreviewSecret.objects.end_all(one)
    assert [client.get(link).status_code for link in links] == [404, 404]
    assert client.get(kept).status_code == 200
    assert client.get(shared(one)).status_code == 200


def test_a_link_cannot_be_guessed_or_changed(client):
    article, other = story(), make.make_article("other", state="draft", published_at=None)
    shared(other)
    token = shared(article).rstrip("/").rpartition("/")[2]
    stem, _, signature = token.rpartition("-")
    pk, changes, until = stem.split("-")
    wrong = [
        f"{other.pk}-{changes}-{until}-{signature}",
        f"{pk}-1-{until}-{signature}",
        f"{pk}-{changes}-{int(until) + 1}-{signature}",
        f"{stem}-{'0' * 64}",
        f"{stem}-{signature[:-1]}",
        f"{'9' * 18}-0-{until}-{signature}",
        *("x", "1-1-1-1", "%F0%9F%9A%80", "0" * 900),
    ]
    for one in wrong:
        assert client.get(f"/newsroom/preview/{one}/").status_code == 404, one
    assert len({new_secret() for _ in range(100)}) == 100


def test_editor_makes_and_ends_links_on_a_page_of_the_story(editor):
    article = story()
    page = url("change", article).replace("/change/", "/link/")
    assert editor.post(page, {"days": "8"}).context_data["link"] is None
    link = editor.post(page, {"days": "7"}).context_data["link"]["address"]
    assert WORDS in private(Client().get(link))
    editor.post(page, {"end": "1"})
    private(Client().get(link), 404)
    article.state, article.published_at = "published", make.instant("2020-01-01")
    article.save()
    assert editor.post(page, {"days": "7"}).context_data["link"] is None
    assert Client().get(page).status_code == 302


# As it is typed


def typed(client, **sent):
    return client.post(reverse("article-typed"), sent)


def test_what_is_typed_is_shown_as_readers_would_see_it_and_not_kept(editor):
    topic, person = make.make_topic("moons"), make.make_astronaut("Ada Vega")
    author = make.make_author("ines", name="Ines Marlowe")
    before = DataVersion.objects.current_token()
    response = typed(
        editor,
        headline="A landing",
        standfirst="Somebody came home.",
        body="First.\n\n## Heading\n\n" + "\n\n".join(["Words and more. " * 60] * 6),
        primary_topic=topic.pk,
        topics=[topic.pk],
        astronauts=[person.pk],
        **{"byline-0-author": author.pk},
    )
    page = private(response)
    for words in ("A landing", "Somebody came home.", "Ines Marlowe", "Ada Vega", topic.name):
        assert words in page
    assert page.count('<p class="advert__headline">An advert falls here') == 3
    assert "<h2>Heading</h2>" in page
    assert "<script" not in page
    assert "masthead" not in page
    assert DataVersion.objects.current_token() == before


def test_problems_of_what_is_typed_are_listed_with_their_lines(editor):
    body = "Fine.\n\n<script>alert(1)</script>\n\n::: quote\nWords.\n:::"
    response = typed(editor, body=body, headline="<b>\0", frame="1")
    assert response["Cache-Control"] == "private, no-store"
    answer = response.json()
    assert [one.split(":")[0] for one in answer["problems"]] == ["line 3", "line 5"]
    assert "alert(1)" not in answer["page"]
    assert "&lt;b&gt;" in answer["page"]
    assert "<p>Fine.</p>" in answer["page"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"topics": ["x", "9" * 18, "-1"], "primary_topic": "0"},
        {"body": "x" * 300_000},
        {"body": '::: leaderboard slug="no-such"\n:::'},
        {"byline-0-author": "²", "published_at": "never"},
    ],
)
def test_whatever_is_sent_is_answered(editor, sent):
    assert typed(editor, **sent).status_code == 200


#: What every argument of a block may hold by a slip; the rest of the block is well.
ODD = (
    *("", "\0", "a\0b", "x" * 101, "²", "-1", "0", "9" * 30, "1e9", "live", "publication"),
    *("0001-01-01", "9999-12-31T23:59:59Z", "2024-02-30", "1961-04-12", "2199-12-31", "now()"),
    *("no-such", "a/b/c", "../..", "<script>", "\u202e", "{{x}}", "'", "https://[", "//"),
)
WELL = {
    "slug": "longest-spaceflight",
    "leaderboard": "longest-spaceflight",
    "astronaut": "frank-rubio",
    "flights": "frank-rubio/soyuz-ms-22 mark-vande-hei/soyuz-ms-18",
    "of": "career",
    "speaker": "Bill Nelson",
    "id": "no-image",
}
KINDS_OF_FIGURES = [("figure", {"of": kind}) for kind in parse.FIGURES]
BLOCKS = [(name, {}) for name in parse.ARGUMENTS if name != "figure"] + KINDS_OF_FIGURES


def a_block(name, arguments, end="\nSaid.\n:::"):
    words = " ".join(f'{one}="{value}"' for one, value in arguments.items())
    return f"::: {name} {words}{end}"


@pytest.mark.parametrize(("name", "more"), BLOCKS)
def test_odd_and_half_written_blocks_are_answered(editor, name, more):
    required, optional = parse.ARGUMENTS[name]
    if name == "figure":
        required += parse.FIGURES[more["of"]]
    well = {one: WELL[one] for one in required} | more
    blocks = [a_block(name, well | {one: value}) for one in (*required, *optional) for value in ODD]
    whole = a_block(name, well)
    halves = [a_block(name, well, end) for end in ("", "\n:::", "\n::: advert\n:::\n:::")]
    halves += [whole[:end] for end in range(4, len(whole), 9)]
    for body in ("\n\n".join(blocks), *halves):
        answer = typed(editor, body=body, frame="1", lead_figure=body[4:250])
        assert answer.status_code == 200
        assert isinstance(answer.json()["problems"], list)


@pytest.mark.parametrize(
    ("kind", "data", "status"),
    [
        ("application/json", b'{"body": "x"}', 200),
        ("text/plain", b"body=x", 200),
        ("multipart/form-data", b"body=x", 400),
        ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; na", 200),
        ("application/x-www-form-urlencoded; charset=utf-16", b"body=x", 400),
        ("application/x-www-form-urlencoded", b"body=%ff%fe%ed%a0%80&headline=%00", 200),
        ("application/x-www-form-urlencoded", b"&".join([b"topics=1"] * 5000), 400),
        ("application/x-www-form-urlencoded", b"body=" + b"a" * 6_000_000, 400),
    ],
)
def test_whatever_kind_of_thing_is_sent_is_answered(editor, kind, data, status):
    answer = editor.post(reverse("article-typed"), data, content_type=kind)
    assert answer.status_code == status


def test_whose_form_has_expired_is_told_so(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(username="ed"))
    answer = typed(strict, body=WORDS, _copy="c1")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "The form has expired" in page
    # The form itself is still there, in the tab beside it.
    assert "_preview" not in page


def test_typed_text_is_shown_to_staff_only(client):
    response = typed(client, body=WORDS)
    assert response.status_code == 302
    assert client.get(reverse("article-typed")).status_code == 405
