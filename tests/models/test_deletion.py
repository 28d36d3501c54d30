"""No story that was ever public is lost, whatever is deleted."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from records.models import Article, Author, Topic
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return User.objects.create_user("ann")


def public(**fields):
    return make.make_article(published_at="2020-03-01T09:00", **fields)


STORIES = {
    "public": lambda: public(),
    "withdrawn": lambda: public(state="withdrawn"),
    "withdrawn by itself": lambda: public(withdrawn_at=make.instant("2020-04-01T09:00")),
    "public under another address": lambda: _moved(public()),
}


def _moved(article):
    article.slug = f"{article.slug}-moved"
    article.save()
    return article


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_story_that_was_ever_public_is_deleted_in_no_way(story):
    article = story()
    for way in (
        article.delete,
        Article.objects.filter(pk=article.pk).delete,
        Article.objects.all().delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            way()
        assert Article.objects.filter(pk=article.pk).exists()


def test_refusal_says_what_to_do_instead():
    with pytest.raises(ProtectedError, match="it is withdrawn, and never deleted"):
        public().delete()


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled"])
def test_story_that_nobody_was_shown_may_go(state):
    at = "2090-01-01" if state == "scheduled" else None
    article = make.make_article(state=state, published_at=at, topics=[make.make_topic()])
    article.delete()
    assert not Article.objects.filter(pk=article.pk).exists()


def test_deleting_what_a_public_story_has_leaves_it(ann):
    author, topic = make.make_author(user=ann), make.make_topic()
    article = public(authors=[author], topics=[topic], created_by=ann)
    for way in (author.delete, topic.delete, Author.objects.filter(pk=author.pk).delete):
        with pytest.raises(ProtectedError), transaction.atomic():
            way()
    with pytest.raises(ProtectedError), transaction.atomic():
        Topic.objects.filter(pk=topic.pk).delete()
    ann.delete()
    article.refresh_from_db()
    assert (list(article.authors.all()), list(article.topics.all())) == ([author], [topic])
    assert article.created_by is None


def test_topic_of_drafts_alone_may_go():
    topic = make.make_topic()
    article = make.make_article(state="draft", published_at=None, topics=[topic])
    topic.delete()
    assert not article.topics.exists()
