"""The claims on the page of a story: bound in rows, and checked when it is saved."""

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.urls import reverse

from records.models import Article, ArticleRevision, PendingVersion, roles
from tests import factories as make
from tests.admin.pages import complaints, typed, url
from tests.admin.test_roles import account, signed_in

pytestmark = pytest.mark.usefixtures("site")

BODY = "[Frank Rubio](/astronauts/frank-rubio/) flew for {}. He landed in 2023."
ROW = {"kind": "value", "leaderboard": "longest-spaceflight", "astronaut": "Frank Rubio"}


@pytest.fixture(autouse=True)
def now(clock):
    clock("2026-11-28T12:00:00Z")


@pytest.fixture
def editor():
    return signed_in(account(roles.EDITOR, "ed"))


@pytest.fixture
def writer():
    return signed_in(account(roles.WRITER, "wil"))


def written(passage="371 days", **more):
    said = {"passage": passage, "leaderboard": "longest-spaceflight", "astronaut": "frank-rubio"}
    return " ".join(["value", *(f'{name}="{value}"' for name, value in (said | more).items())])


def draft(text="371 days", claims="", **fields):
    fields = {"state": "draft", "published_at": None} | fields
    return make.make_article(body=BODY.format(text), claims=claims, **fields)


def send(client, story, button="_continue", **values):
    address = url("change", story)
    return client.post(address, typed(client.get(address)) | values | {button: "1"})


def row(number=0, **said):
    return {f"claims-{number}-{name}": value for name, value in said.items()}


def claims_of(story) -> str:
    return Article.objects.get(pk=story.pk).claims


def told(response) -> str:
    return " ".join(map(str, get_messages(response.wsgi_request)))


def test_a_row_binds_a_passage_and_an_empty_one_nothing(editor):
    story = draft()
    response = send(editor, story, **row(passage="371 days", **ROW))
    assert response.status_code == 302, complaints(response)
    assert claims_of(story) == written()
    page = editor.get(url("change", story)).content.decode()
    assert "“371 days”: Agrees, rounded. The record book says 370 d 21 h 22 m. (line 1)" in page
    # As it is shown it is sent again, and stays.
    assert send(editor, story).status_code == 302
    assert claims_of(story) == written()
    assert send(editor, story, **{"claims-0-gone": "on"}).status_code == 302
    assert claims_of(story) == ""


def test_a_draft_may_contradict_the_record_and_is_told_so(editor):
    story = draft("380 days")
    response = send(editor, story, **row(passage="380 days", **ROW))
    assert response.status_code == 302
    assert "It cannot be published so" in told(response)
    assert "The record book says 370 d 21 h 22 m." in told(response)


@pytest.mark.parametrize("button", ["_review", "_publish"])
def test_a_contradiction_stops_the_story_with_the_right_value_named(editor, button):
    story = draft("380 days", written("380 days"))
    response = send(editor, story, button, when_choice="now")
    assert response.status_code == 200
    assert "“380 days”: Contradicts the record." in complaints(response)
    assert "The record book says 370 d 21 h 22 m." in complaints(response)
    assert Article.objects.get(pk=story.pk).state == "draft"


def test_a_story_whose_claims_agree_is_sent_on(editor):
    story = draft(claims=written())
    assert send(editor, story, "_review").status_code == 302
    assert Article.objects.get(pk=story.pk).state == "in_review"


def test_a_passage_that_was_changed_loses_its_claim_where_everybody_sees(editor):
    story = draft(claims=written())
    response = send(editor, story, "_review", body=BODY.format("381 days"))
    assert response.status_code == 200
    assert "The passage is gone" in complaints(response)
    assert "The record book says 370 d 21 h 22 m." in complaints(response)
    response = send(editor, story, body=BODY.format("the 371 days"))
    assert response.status_code == 302
    assert "cannot be published" not in told(response)


def test_an_editor_keeps_words_with_a_reason_and_a_name(editor):
    story = draft("380 days", written("380 days"))
    response = send(editor, story, "_review", **row(kept="As the agency has it."))
    assert response.status_code == 302, complaints(response)
    kept = written("380 days", kept="As the agency has it.", by="ed")
    assert claims_of(story) == kept
    # Another figure wants another reason of its own.
    Article.objects.filter(pk=story.pk).update(state="draft")
    send(editor, story, body=BODY.format("390 days"), **row(passage="390 days", kept=""))
    assert claims_of(story) == written("390 days")


def test_a_writer_binds_claims_of_an_own_draft_and_keeps_none(writer, editor):
    own = draft("380 days", created_by=User.objects.get(username="wil"))
    response = send(writer, own, **row(passage="380 days", **ROW))
    assert response.status_code == 302, complaints(response)
    response = send(writer, own, **row(kept="I am sure."))
    assert response.status_code == 200
    assert "Only who may publish" in complaints(response)
    assert claims_of(own) == written("380 days")
    assert send(writer, own, "_review").status_code == 200
    send(editor, own, **row(kept="As the agency has it."))
    kept = claims_of(own)
    assert 'by="ed"' in kept
    # What an editor keeps stays kept when the writer saves; a name cannot be made up.
    assert send(writer, own, **row(by="somebody else")).status_code == 302
    assert claims_of(own) == kept


def test_of_a_public_story_claims_wait_with_its_changes(editor):
    story = make.make_article(body=BODY.format("371 days"), published_at="2024-01-01T00:00:00")
    send(editor, story, **row(passage="371 days", **ROW))
    assert claims_of(story) == ""
    assert PendingVersion.objects.get().changed == {"claims": written()}
    response = send(editor, story, "_publish", when_choice="now")
    assert response.status_code == 302, complaints(response)
    assert claims_of(story) == written()
    assert "claims" in ArticleRevision.objects.filter(article=story, changes=None)[0].changed


def test_two_who_bind_claims_both_find_theirs(editor):
    story = draft(claims=written())
    mine = typed(editor.get(url("change", story)))
    theirs = signed_in(account(roles.EDITOR, "eve"))
    other = {"kind": "rank", "passage": "He landed", **{k: ROW[k] for k in list(ROW)[1:]}}
    assert send(theirs, story, **row(1, **other)).status_code == 302
    response = editor.post(
        url("change", story), mine | {"headline": "Another one", "_continue": "1"}
    )
    assert response.status_code == 302, complaints(response)
    assert claims_of(story).splitlines()[0] == written()
    assert 'passage="He landed"' in claims_of(story)


def test_rounding_and_cutting_in_one_story_is_a_notice(editor):
    story = draft("371 days and 370 days", f"{written()}\n{written('370 days')}")
    response = send(editor, story, "_review")
    assert response.status_code == 302
    assert "rounded and others are cut off" in told(response)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "", "passage": "371 days"},
        {"kind": "value", "passage": "371 days", "leaderboard": "no such"},
        {"kind": "guess", "passage": "371 days", "leaderboard": "longest-spaceflight"},
        {"kind": "nobody", "passage": "371 days", "leaderboard": "longest-spaceflight"},
        {"kind": "nobody", "passage": "x", "leaderboard": "longest-spaceflight", "mark": "-9e9"},
        {"kind": "value", "passage": '“371” "days"', "leaderboard": "longest-spaceflight"},
        {"kind": "value", "passage": "x" * 5000, "leaderboard": "longest-spaceflight"},
        ROW | {"passage": "371 days", "at": "the day before yesterday"},
        ROW | {"passage": "371 days", "astronaut": "<script>"},
        ROW | {"passage": "371 days", "astronaut": "Nobody Such"},
        ROW | {"passage": "371 days", "mission": "no-such-ship"},
    ],
)
def test_hostile_and_half_filled_rows_are_kept_in_a_draft_and_go_no_further(editor, said):
    story = draft()
    response = send(editor, story, **row(**said))
    assert response.status_code == 302, complaints(response)
    assert editor.get(url("change", story)).status_code == 200
    assert send(editor, story, "_review").status_code == 200
    assert Article.objects.get(pk=story.pk).state == "draft"


def test_the_preview_shows_what_is_typed(editor):
    address = reverse("article-typed")
    said = {"body": BODY.format("371 days"), **row(passage="371 days", **ROW)}
    said["claims-0-astronaut"] = "frank-rubio"
    page = editor.post(address, said).content.decode()
    assert "What was true then" in page
