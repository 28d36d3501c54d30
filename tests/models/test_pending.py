"""Changes of public stories: applied as of the instant they are due, once, or not at all."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from records.models import Article, Author, Correction, PendingVersion, Topic
from records.models.pending import CannotApply, content_of
from tests import factories as make
from tests.admin.pages import each_in_a_thread

DUE = make.instant("2020-04-01T08:00")
pytestmark = pytest.mark.django_db


def apply_due(at=DUE):
    PendingVersion.objects.apply_due(at)


@pytest.fixture
def story():
    return make.make_article(
        "a-story",
        authors=[make.make_author("ada"), make.make_author("ben")],
        topics=[make.make_topic("far-mars")],
        astronauts=[make.make_astronaut()],
    )


def test_content_names_other_rows_by_slug_and_keeps_the_order_of_authors(story):
    content = content_of(story)
    assert content["authors"] == ["ada", "ben"]
    assert content["topics"] == ["far-mars"]
    assert content["headline"] == story.headline
    assert content["primary_topic"] is None
    assert not content.keys() & {"slug", "state", "published_at", "updated_at"}


def test_readers_keep_their_version_until_the_second_it_is_due(story):
    make.make_topic("far-moon")
    changes = {
        "headline": "New",
        "authors": ["ben", "ada"],
        "topics": ["far-moon", "far-mars"],
        "primary_topic": "far-moon",
        "astronauts": [],
    }
    make.make_pending_version(story, content=changes, due_at="2020-04-01T08:00")
    apply_due(DUE - timedelta(seconds=1))
    story.refresh_from_db()
    assert story.headline == "A story"
    apply_due()
    story = Article.objects.get(pk=story.pk)
    assert content_of(story) == content_of(story) | changes | {"topics": ["far-mars", "far-moon"]}
    assert not PendingVersion.objects.exists()
    assert story.updated_at is None
    decision = story.decisions.get()
    assert (decision.kind, decision.made_at) == ("changes_published", DUE)


def test_significant_update_and_correction_carry_the_due_instant(story):
    make.make_pending_version(
        story,
        due_at="2020-04-01T08:00",
        significant=True,
        correction_wrong="One.",
        correction_right="Two.",
    )
    apply_due(DUE + timedelta(hours=5))
    story.refresh_from_db()
    assert story.updated_at == DUE
    correction = story.corrections.get()
    assert (correction.made_at, correction.wrong) == (DUE, "One.")


def test_what_was_changed_of_the_story_meanwhile_stays(story):
    make.make_pending_version(story, content={"headline": "New"}, due_at=DUE)
    Article.objects.filter(pk=story.pk).update(standfirst="Changed by somebody else.")
    story.topics.set([make.make_topic("far-moon")])
    apply_due()
    story = Article.objects.get(pk=story.pk)
    assert (story.headline, story.standfirst) == ("New", "Changed by somebody else.")
    assert [topic.slug for topic in story.topics.all()] == ["far-moon"]


@pytest.mark.parametrize(
    ("content", "spoil", "reason"),
    [
        ({"topics": ["gone"]}, None, "no longer there: gone"),
        ({"primary_topic": "gone"}, None, "no longer there: gone"),
        ({"authors": ["ada", "gone"]}, None, "no longer there: gone"),
        ({"body": "::: quote\nNever closed."}, None, "line 1"),
        ({"body": ""}, None, "no text yet"),
        ({"headline": ""}, None, "cannot be blank"),
        ({"body": '::: leaderboard slug="gone"\n:::'}, None, "gone"),
        ({"headline": "New"}, {"state": "withdrawn"}, "withdrawn"),
        ({"headline": "New"}, {"withdrawn_at": DUE}, "withdrawn"),
    ],
)
def test_what_cannot_be_published_says_why_and_changes_nothing(story, content, spoil, reason):
    pending = make.make_pending_version(story, content=content, due_at=DUE)
    if spoil:
        Article.objects.filter(pk=story.pk).update(**spoil)
    before = content_of(Article.objects.get(pk=story.pk))
    apply_due()
    pending.refresh_from_db()
    assert reason in pending.failure
    assert content_of(Article.objects.get(pk=story.pk)) == before
    with transaction.atomic(), pytest.raises(CannotApply):
        pending.apply(DUE, None)


def test_withdrawn_story_is_put_back_with_its_changes_and_its_first_publication(story):
    published_at = story.published_at
    Article.objects.filter(pk=story.pk).update(state="withdrawn", withdrawn_at="2020-03-20T00:00Z")
    story.refresh_from_db()
    make.make_pending_version(story, due_at=DUE, puts_back=True)
    apply_due()
    story.refresh_from_db()
    assert (story.headline, story.state, story.withdrawn_at) == ("Changed", "published", None)
    assert story.published_at == published_at
    assert story.decisions.get().kind == "put_back"


def test_nothing_is_raised_where_nothing_can_be_written(story, monkeypatch):
    make.make_pending_version(story, due_at=DUE)

    def refuse(*_):
        raise DatabaseError("attempt to write a readonly database")

    monkeypatch.setattr(Article, "save", refuse)
    apply_due()
    monkeypatch.undo()
    assert PendingVersion.objects.get().failure == ""
    apply_due()
    assert Article.objects.get(pk=story.pk).headline == "Changed"


def test_those_who_come_at_once_apply_it_once(shared_database):
    correction = {"correction_wrong": "One.", "correction_right": "Two."}
    (pending,) = each_in_a_thread(lambda: make.make_pending_version(due_at=DUE, **correction))
    each_in_a_thread(*[apply_due] * 4)

    def found():
        story = Article.objects.get(pk=pending.article_id)
        return story.headline, story.decisions.count(), story.corrections.count()

    assert each_in_a_thread(found) == [("Changed", 1, 1)]


def test_working_copy_is_the_story_as_it_will_be_and_leaves_the_story_alone(story):
    make.make_topic("far-moon")
    content = {"headline": "New", "topics": ["far-moon"], "authors": ["ben"]}
    pending = make.make_pending_version(story, content=content)
    copy = pending.working_copy()
    assert copy.headline == "New"
    assert [topic.slug for topic in copy.topics.all()] == ["far-moon"]
    assert [row.author.slug for row in copy.byline.all()] == ["ben"]
    assert copy.live.headline == "A story"
    assert [topic.slug for topic in copy.live.topics.all()] == ["far-mars"]
    assert Topic.objects.filter(articles=story).get().slug == "far-mars"


def test_byline_is_set_in_order_without_a_row_too_many(story):
    ada, ben = Author.objects.filter(slug__in=("ada", "ben"))
    for authors in ([ben, ada], [ada], [], [make.make_author("cyd"), ada, ben]):
        story.set_byline(authors)
        assert [row.author for row in story.byline.order_by("position")] == authors


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "scheduled", "due_at": None},
        {"state": "draft", "due_at": DUE},
        {"correction_wrong": "One."},
        {"correction_right": "Two."},
    ],
)
def test_database_refuses_half_a_schedule_and_half_a_correction(story, broken):
    pending = make.make_pending_version(story)
    with pytest.raises(IntegrityError), transaction.atomic():
        PendingVersion.objects.filter(pk=pending.pk).update(**broken)


# Stories themselves


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_draft_and_withdrawn_story_may_be_in_any_condition(state):
    for fields in ({"standfirst": ""}, {"body": ""}, {"body": "::: quote\nOpen."}):
        make.make_article(state=state, **fields).full_clean()


@pytest.mark.parametrize("state", ["in_review", "scheduled", "published"])
def test_no_other_state_is_entered_with_a_problem(state):
    for fields in ({"standfirst": ""}, {"body": ""}):
        with pytest.raises(ValidationError):
            Article(headline="A", slug="a", state=state, published_at=DUE, **fields).full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            make.make_article(state=state, **fields)
    with pytest.raises(ValidationError, match="line 1"):
        make.make_article(state=state, body="::: quote\nOpen.").full_clean()


def test_state_is_that_of_the_instant_in_hand_and_in_the_database():
    second = timedelta(seconds=1)
    withdrawn_at = DUE + timedelta(days=1)
    story = make.make_article(state="scheduled", published_at=DUE, withdrawn_at=withdrawn_at)
    expected = {
        DUE - second: "scheduled",
        DUE: "published",
        withdrawn_at - second: "published",
        withdrawn_at: "withdrawn",
    }
    for at, state in expected.items():
        assert story.state_at(at) == state
        assert story.is_public(at) is (state == "published")
        assert story.was_public(at) is (at >= DUE)
        mine = Article.objects.filter(pk=story.pk)
        states = ("draft", "in_review", "scheduled", "published", "withdrawn")
        assert [one for one in states if mine.in_state(one, at)] == [state]
        assert mine.published(at).exists() is (state == "published")
    assert not mine.published(DUE, now=withdrawn_at).exists()


# Corrections


def test_correction_is_made_now_unless_another_time_is_said(clock):
    story = make.make_article()
    clock("2020-05-01T10:00:30Z")
    correction = Correction(article=story, wrong="One.", right="Two.")
    correction.full_clean()
    assert correction.made_at == make.instant("2020-05-01T10:00:30")


@pytest.mark.parametrize(
    ("made_at", "words"),
    [
        ("2020-03-01T08:59:59", "appeared later"),
        ("2020-05-01T10:00:01", "in the future"),
        ("2099-01-01T00:00", "in the future"),
    ],
)
def test_correction_lies_between_publication_and_now(clock, made_at, words):
    story = make.make_article()
    clock("2020-05-01T10:00:00Z")
    with pytest.raises(ValidationError, match=words):
        Correction(article=story, wrong="1", right="2", made_at=make.instant(made_at)).full_clean()


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled"])
def test_story_that_was_never_public_is_not_corrected(state):
    story = make.make_article(state=state, published_at="2150-01-01")
    with pytest.raises(ValidationError, match="never public"):
        Correction(article=story, wrong="1", right="2").full_clean()


def test_correction_is_amended_with_its_history():
    correction = make.make_correction(make.make_article())
    correction.right = "Another day."
    correction.save()
    assert [row.right for row in correction.history.all()] == [
        "Another day.",
        "It was the day after.",
    ]
