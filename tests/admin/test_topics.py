"""Merging and renaming topics."""

import pytest
from django.db import DatabaseError

from records.models import Article, Topic
from tests import factories as make
from tests.admin.pages import typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


@pytest.fixture
def three():
    """Topics of one, two and two stories; one story is of the second and the third."""
    first, second, third = (make.make_topic(slug) for slug in ("first", "second", "third"))
    make.make_article("of-first", topics=[first], primary_topic=first)
    make.make_article("of-second", topics=[second], primary_topic=second)
    make.make_article("of-both", topics=[second, third], primary_topic=third)
    make.make_article("of-third", topics=[third], primary_topic=third, state="draft")
    return first, second, third


def sent(*topics, **more):
    return {"action": "merge", "_selected_action": [str(one.pk) for one in topics], **more}


def test_counts_are_shown_before_topics_are_merged(desk, three):
    page = desk.post(url("changelist", Topic), sent(*three)).content.decode()
    assert "First (first): 1 story,\n            1 public now" in page
    assert "Third (third): 2 stories,\n            1 public now" in page
    assert Topic.objects.filter(slug__in=("first", "second", "third")).count() == 3


def test_topics_are_merged_with_their_stories_and_addresses(desk, client, three):
    first, second, third = three
    Topic.objects.filter(pk=third.pk).update(slug="third-now")
    answer = desk.post(url("changelist", Topic), sent(*three, keep=str(first.pk)))
    assert answer.status_code == 302
    assert not Topic.objects.filter(pk__in=(second.pk, third.pk)).exists()
    stories = Article.objects.filter(topics=first)
    assert {one.slug for one in stories} == {"of-first", "of-second", "of-both", "of-third"}
    assert stories.count() == 4
    assert {one.primary_topic for one in stories} == {first}
    for old in ("second", "third", "third-now"):
        assert client.get(f"/topics/{old}/")["Location"] == "/topics/first/"
    assert Topic.objects.get_by_natural_key("third") == first


def test_merge_is_done_whole_or_not_at_all(three, monkeypatch):
    first, second, third = three

    def refuse(*args, **options):
        raise DatabaseError

    monkeypatch.setattr(type(third), "delete", refuse)
    with pytest.raises(DatabaseError):
        first.absorb([second, third])
    assert Article.objects.filter(topics=second).count() == 2
    assert Article.objects.filter(primary_topic=second).count() == 1


@pytest.mark.parametrize("keep", ["", "0", "x", "9" * 30])
def test_what_is_none_of_them_is_not_kept(desk, three, keep):
    desk.post(url("changelist", Topic), sent(*three, keep=keep))
    assert Topic.objects.filter(slug__in=("first", "second", "third")).count() == 3


def test_one_topic_is_not_merged(desk, three):
    desk.post(url("changelist", Topic), sent(three[0], keep=str(three[0].pk)))
    assert Topic.objects.filter(pk=three[0].pk).exists()


def test_topic_is_renamed_with_its_address(desk, client, three):
    values = typed(desk.get(url("change", three[0]))) | {"name": "Uno", "slug": "uno"}
    assert desk.post(url("change", three[0]), values).status_code == 302
    assert client.get("/topics/first/")["Location"] == "/topics/uno/"


@pytest.mark.parametrize("name", ["FIRST", "first", "Fírst"])
def test_no_topic_is_there_twice_in_other_letters(desk, three, name):
    values = typed(desk.get(url("add", Topic))) | {"name": name, "slug": "another"}
    response = desk.post(url("add", Topic), values)
    assert "There is “First” already." in response.content.decode()
