"""The page of a story: from the first draft to its withdrawal, and back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import Article, Correction, PendingVersion, ReviewNote
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

NOW = make.instant("2030-03-30T22:30:00")
BROKEN = {
    "no standfirst": {"standfirst": ""},
    "no text": {"body": ""},
    "open block": {"body": '::: quote speaker="A"\nNever closed.'},
    "unknown leaderboard": {"body": 'Words.\n\n::: leaderboard slug="gone"\n:::'},
}


@pytest.fixture(autouse=True)
def now(clock):
    clock(NOW)
    return clock


def draft(**fields):
    return make.make_article(**{"state": "draft", "published_at": None} | fields)


def press(desk, story, button, **values):
    """Open the story's page, type and press a button."""
    address = url("change", story)
    sent = typed(desk.get(address)) | values | {button: "1"}
    return desk.post(address, sent)


def pressed(desk, story, button, **values):
    """The same, which is to work; the story as it is then."""
    response = press(desk, story, button, **values)
    assert response.status_code == 302, complaints(response)
    return Article.objects.get(pk=story.pk)


def new(desk, button="_save", **values):
    return desk.post(
        url("add", Article), typed(desk.get(url("add", Article))) | values | {button: "1"}
    )


# Drafts


def test_headline_is_enough_for_a_draft_and_gives_it_its_address(desk):
    for slug in ("a-headline", "a-headline-2"):
        response = new(desk, headline="A headline")
        assert response.status_code == 302, complaints(response)
        story = Article.objects.get(slug=slug)
        assert (story.state, story.standfirst, story.published_at) == ("draft", "", None)


@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN.keys())
def test_draft_is_saved_in_any_condition_and_its_problems_are_listed(desk, fields):
    story = pressed(desk, draft(), "_save", **fields)
    for name, text in fields.items():
        assert getattr(story, name) == text
    page = desk.get(url("change", story))
    assert page.context_data["desk"]["problems"]


@pytest.mark.parametrize("button", ["_review", "_publish"])
@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN.keys())
def test_no_problem_goes_beyond_the_draft(desk, fields, button):
    story = draft()
    response = press(desk, story, button, **fields)
    assert complaints(response)
    assert typed(response)[next(iter(fields))] == next(iter(fields.values()))
    story.refresh_from_db()
    assert story.state == "draft"
    assert not story.decisions.exists()


def test_save_never_publishes(desk):
    response = new(desk, headline="A", standfirst="B.", body="C.", state="published")
    assert response.status_code == 302
    assert Article.objects.get().state == "draft"
    for story in (draft(), make.make_article(state="in_review", published_at=None)):
        before = story.state
        assert pressed(desk, story, "_save", state="published", when_choice="now").state == before


def test_byline_is_in_the_order_in_which_it_was_chosen(desk):
    first, second = make.make_author(), make.make_author()
    response = new(desk, headline="A headline", byline=[str(second.pk), str(first.pk)])
    assert response.status_code == 302, complaints(response)
    story = Article.objects.get()
    assert [row.author for row in story.byline.all()] == [second, first]
    story = pressed(desk, story, "_save", byline=[str(first.pk), str(second.pk)])
    assert [row.author for row in story.byline.all()] == [first, second]
    assert [row.author for row in pressed(desk, story, "_save").byline.all()] == [first, second]


def test_address_of_a_draft_may_still_change(desk):
    assert pressed(desk, draft(), "_save", slug="better").slug == "better"


# Review


def test_story_goes_to_review_and_back_with_a_note_on_a_passage(desk, steward):
    story = pressed(desk, draft(body="One.\n\nTwo words."), "_review")
    assert story.state == "in_review"
    assert complaints(press(desk, story, "_send_back")) == "Say what is to be done."
    refused = press(desk, story, "_send_back", note="Who?", note_passage="Three words")
    assert "does not say this" in complaints(refused)
    story = pressed(desk, story, "_send_back", note="Who?", note_passage="Two words")
    assert story.state == "draft"
    note = story.review_notes.get()
    assert (note.passage, note.words, note.made_by) == ("Two words", "Who?", steward)
    page = desk.get(url("change", story))
    assert page.context_data["desk"]["notes"][0]["where"] == "line 3"
    pressed(desk, story, "_save", settle=str(note.pk), body="One.")
    note.refresh_from_db()
    assert (note.settled_by, note.settled_at) == (steward, NOW)
    assert [one.kind for one in story.decisions.all()] == ["sent_back", "sent_to_review"]
    page = desk.get(url("change", story))
    assert page.context_data["desk"]["notes"][0]["where"] == "no longer in the text"


def test_two_notes_of_one_second_are_both_kept(desk):
    story = draft()
    for words in ("One.", "Two."):
        pressed(desk, story, "_save", note=words)
    assert [note.words for note in ReviewNote.objects.all()] == ["One.", "Two."]


def test_story_in_review_is_taken_back(desk):
    story = pressed(desk, pressed(desk, draft(), "_review"), "_take_back", standfirst="")
    assert (story.state, story.standfirst) == ("draft", "")


# Publication


@pytest.mark.parametrize(
    ("when", "zone", "expected"),
    [
        ("now", "", NOW),
        ("hour", "", NOW + timedelta(hours=1)),
        ("tomorrow", "", make.instant("2030-03-31T08:00")),
        ("tomorrow", "No/Where", make.instant("2030-03-31T08:00")),
        ("tomorrow", "../../etc/passwd", make.instant("2030-03-31T08:00")),
        # There it is tomorrow already, and summer time begins in the night.
        ("tomorrow", "Europe/Berlin", make.instant("2030-03-31T06:00")),
        ("tomorrow", "Asia/Tokyo", make.instant("2030-03-31T23:00")),
        ("tomorrow", "America/New_York", make.instant("2030-03-31T12:00")),
    ],
)
def test_server_computes_when_a_story_appears(desk, when, zone, expected):
    story = pressed(desk, draft(), "_publish", when_choice=when, when_zone=zone)
    assert story.published_at == expected
    assert story.state_at(NOW) == ("published" if when == "now" else "scheduled")
    assert story.decisions.get().holds_from == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2030-03-30 22:30:00", "That is past"),
        ("1999-01-01 12:00", "That is past"),
        ("2099-01-01 12:00", "too far ahead"),
        ("2030-05-01", "Write the time of day as well"),
        ("", "Say at what time"),
        ("soon", "Write an instant"),
        ("9999-99-99 99:99", "Write an instant"),
    ],
)
def test_time_that_cannot_be_meant_is_asked_back(desk, text, words):
    story = draft()
    response = press(desk, story, "_publish", when_choice="other", when_at=text)
    assert words in complaints(response)
    assert typed(response)["when_at"] == text
    story.refresh_from_db()
    assert story.state == "draft"


def test_scheduled_story_reads_published_from_its_second_on(desk, clock):
    at = NOW + timedelta(minutes=90)
    story = pressed(
        desk, draft(), "_publish", when_choice="other", when_at=f"{at:%Y-%m-%d %H:%M:%S}"
    )
    page = desk.get(url("change", story)).content.decode()
    assert "Scheduled" in page
    clock(at)
    page = desk.get(url("change", story))
    assert page.context_data["desk"]["state_words"] == "Public"


def test_scheduled_story_is_moved_and_taken_back(desk):
    story = pressed(desk, draft(), "_publish", when_choice="hour")
    story = pressed(desk, story, "_publish", when_choice="tomorrow")
    assert story.published_at == make.instant("2030-03-31T08:00")
    story = pressed(desk, story, "_take_back")
    assert (story.state, story.published_at) == ("draft", None)


def test_button_that_is_not_there_decides_nothing(desk):
    for story, button in (
        (draft(), "_withdraw"),
        (draft(), "_send_back"),
        (make.make_article(), "_review_"),
        (make.make_article(), "_keep"),
    ):
        before = story.state
        press(desk, story, button)
        story.refresh_from_db()
        assert story.state == before
        assert not story.decisions.exists()


# Changes of what readers see


def test_saving_a_public_story_changes_nothing_that_readers_see(desk, steward):
    topics = [make.make_topic()]
    story = make.make_article(authors=[make.make_author()], topics=topics)
    after = pressed(
        desk, story, "_save", headline="Mine", body="", topics=[], byline=[], state="draft"
    )
    assert (after.headline, after.body, after.state) == (story.headline, story.body, "published")
    assert list(after.topics.all()) == topics
    assert after.byline.count() == 1
    changes = after.pending
    assert changes.changed == {"headline": "Mine", "body": "", "topics": [], "authors": []}
    assert (changes.begun_by, changes.changed_at) == (steward, NOW)
    page = typed(desk.get(url("change", story)))
    assert (page["headline"], page["body"], page["topics"], page["byline"]) == ("Mine", "", [], [])


def test_saving_without_a_change_keeps_no_changes(desk):
    story = make.make_article(authors=[make.make_author()], topics=[make.make_topic()])
    pressed(desk, story, "_save")
    assert not PendingVersion.objects.exists()


def test_changes_are_published_now_with_a_correction(desk, steward):
    story = make.make_article()
    after = pressed(
        desk,
        story,
        "_publish",
        headline="Mine",
        when_choice="now",
        correction_wrong="One.",
        correction_right="Two.",
    )
    assert (after.headline, after.updated_at) == ("Mine", None)
    assert after.published_at == story.published_at
    correction = after.corrections.get()
    assert (correction.made_at, correction.right) == (NOW, "Two.")
    assert correction.history.get().history_user == steward
    assert not PendingVersion.objects.exists()
    assert after.decisions.get().kind == "changes_published"


def test_significant_update_is_of_now(desk):
    after = pressed(desk, make.make_article(), "_publish", when_choice="now", significant="on")
    assert after.updated_at == NOW


def test_half_a_correction_is_asked_for_the_rest(desk):
    response = press(
        desk, make.make_article(), "_publish", when_choice="now", correction_wrong="One."
    )
    assert "what is right" in complaints(response)


def test_changes_are_scheduled_and_appear_by_themselves(desk, client, clock):
    story = make.make_article()
    after = pressed(desk, story, "_publish", headline="Mine", when_choice="hour")
    assert after.headline == story.headline
    assert after.pending.due_at == NOW + timedelta(hours=1)
    clock(NOW + timedelta(hours=1))
    assert "Mine" in client.get(story.get_absolute_url()).content.decode()


def test_changes_go_to_review_and_back(desk):
    story = pressed(desk, make.make_article(), "_review", headline="Mine")
    assert story.pending.state == "in_review"
    story = pressed(desk, story, "_send_back", note="No.")
    assert story.pending.state == "draft"
    story = pressed(desk, story, "_publish", when_choice="hour")
    story = pressed(desk, story, "_take_back")
    assert (story.pending.state, story.pending.due_at) == ("draft", None)
    pressed(desk, story, "_discard", headline="")
    assert not PendingVersion.objects.exists()


@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN.keys())
def test_broken_changes_are_kept_and_not_published(desk, fields):
    story = make.make_article()
    pressed(desk, story, "_save", **fields)
    for when in ("now", "hour"):
        assert complaints(press(desk, story, "_publish", when_choice=when))
    story.refresh_from_db()
    assert story.state_at(NOW) == "published"


def test_page_says_why_changes_could_not_be_published(desk):
    story = make.make_article()
    make.make_pending_version(story, due_at=NOW, failure="A topic is gone.")
    assert "A topic is gone." in desk.get(url("change", story)).content.decode()
    pressed(desk, story, "_save", headline="Another")
    assert PendingVersion.objects.get().failure == ""


def test_second_editor_of_the_same_changes_is_shown_both(desk):
    story = make.make_article()
    opened = typed(desk.get(url("change", story)))
    pressed(desk, story, "_save", headline="First")
    response = desk.post(url("change", story), opened | {"headline": "Second", "_save": "1"})
    assert response.status_code == 200
    page = response.content.decode()
    assert {"First", "Second"} <= set(re.findall("First|Second", page))
    assert PendingVersion.objects.get().changed == {"headline": "First"}


def test_publication_of_a_public_story_stays(desk):
    story = make.make_article()
    values = {"published_at": "1999-01-01 00:00", "updated_at": "2099-01-01 00:00"}
    after = pressed(desk, story, "_publish", when_choice="now", headline="Mine", **values)
    assert (after.published_at, after.updated_at) == (story.published_at, None)


def test_address_of_a_public_story_changes_at_once_and_the_old_one_leads_on(desk, client):
    story = make.make_article("old-name")
    after = pressed(desk, story, "_save", slug="new-name")
    assert after.slug == "new-name"
    assert not PendingVersion.objects.exists()
    assert client.get("/news/old-name/")["Location"] == "/news/new-name/"


# Withdrawal


@pytest.mark.parametrize("fields", BROKEN.values(), ids=BROKEN.keys())
def test_broken_text_keeps_nobody_from_withdrawing_or_correcting(desk, client, fields):
    story = make.make_article()
    Article.objects.filter(pk=story.pk).update(**{k: v for k, v in fields.items() if v})
    pressed(desk, story, "_save", **fields)
    after = pressed(desk, story, "_withdraw", withdrawal_note="It was wrong.")
    assert (after.state, after.withdrawn_at) == ("withdrawn", NOW)
    assert client.get(story.get_absolute_url()).status_code == 410


def test_withdrawal_is_planned_and_called_off(desk, client, clock):
    story = pressed(desk, make.make_article(), "_withdraw", withdraw_when_choice="hour")
    due = NOW + timedelta(hours=1)
    assert (story.state, story.withdrawn_at) == ("published", due)
    assert pressed(desk, story, "_keep").withdrawn_at is None
    story = pressed(desk, story, "_withdraw", withdraw_when_choice="hour")
    clock(due - timedelta(seconds=1))
    assert client.get(story.get_absolute_url()).status_code == 200
    clock(due)
    assert client.get(story.get_absolute_url()).status_code == 410
    assert desk.get(url("change", story)).context_data["desk"]["state_words"] == "Withdrawn"


def test_withdrawn_story_is_worked_on_and_put_back_as_it_first_appeared(desk, client):
    story = make.make_article(authors=[make.make_author()])
    pressed(desk, story, "_withdraw")
    after = pressed(desk, story, "_save", headline="Mended")
    assert (after.state, after.headline) == ("withdrawn", story.headline)
    assert client.get(story.get_absolute_url()).status_code == 410
    after = pressed(desk, story, "_publish", when_choice="now")
    assert (after.state, after.headline, after.withdrawn_at) == ("published", "Mended", None)
    assert after.published_at == story.published_at
    assert client.get(story.get_absolute_url()).status_code == 200


def test_what_is_withdrawn_does_not_come_back_by_an_earlier_schedule(desk, client, clock):
    story = pressed(desk, make.make_article(), "_publish", headline="Mine", when_choice="hour")
    pressed(desk, story, "_withdraw")
    clock(NOW + timedelta(hours=2))
    assert client.get(story.get_absolute_url()).status_code == 410
    assert PendingVersion.objects.get().state == "draft"


# What stays


def test_corrections_are_amended_and_never_deleted(desk, steward):
    correction = make.make_correction(make.make_article())
    sent = {"corrections-0-right": "Two days after.", "corrections-0-DELETE": "on"}
    pressed(desk, correction.article, "_save", **sent)
    correction.refresh_from_db()
    assert correction.right == "Two days after."
    assert correction.history.first().history_user == steward
    desk.post(url("delete", correction), {"post": "yes"})
    desk.post(url("delete", correction.article), {"post": "yes"})
    sent = {"action": "delete_selected", "_selected_action": [str(correction.pk)], "post": "yes"}
    desk.post(url("changelist", Correction), sent)
    assert Correction.objects.filter(pk=correction.pk).exists()


def test_correction_stays_with_its_article(desk):
    correction = make.make_correction(make.make_article())
    values = typed(desk.get(url("change", correction)))
    other = make.make_article()
    desk.post(url("change", correction), values | {"article": str(other.pk)})
    correction.refresh_from_db()
    assert correction.article != other


def test_page_links_to_what_readers_see_or_else_to_the_preview(desk):
    public, pending, one = make.make_article(), make.make_pending_version().article, draft()
    for story, path in (
        (public, public.get_absolute_url()),
        (pending, reverse("article-preview", args=(pending.slug,))),
        (one, reverse("article-preview", args=(one.slug,))),
    ):
        assert desk.get(url("change", story)).context_data["absolute_url"] == path


@pytest.mark.parametrize("pending", [False, True])
def test_page_of_a_long_story_costs_few_queries(desk, pending):
    article = make.make_article(
        authors=[make.make_author() for _ in range(5)],
        topics=[make.make_topic() for _ in range(5)],
        astronauts=[make.make_astronaut() for _ in range(9)],
        missions=[make.make_mission() for _ in range(5)],
        leaderboards=[make.make_leaderboard() for _ in range(5)],
        related=[make.make_article() for _ in range(3)],
    )
    for day in range(1, 6):
        make.make_correction(article, made_at=f"2020-03-0{day}T10:00")
        make.make_review_note(article, made_at=f"2020-03-0{day}T10:00")
        make.make_decision(article, made_at=f"2020-03-0{day}T10:00")
    if pending:
        topics = [make.make_topic().slug for _ in range(5)]
        make.make_pending_version(article, content={"topics": topics, "related": []})
    desk.get(url("change", article))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url("change", article))
    assert len(queries) <= 30


def test_story_that_was_public_is_not_deleted(desk):
    public, one = make.make_article(), draft()
    desk.post(url("delete", public), {"post": "yes"})
    Article.objects.filter(pk=public.pk).update(state="withdrawn")
    desk.post(url("delete", public), {"post": "yes"})
    assert desk.post(url("delete", one), {"post": "yes"}).status_code == 302
    assert Article.objects.get() == public
