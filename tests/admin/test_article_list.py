"""The list of stories: what it shows, what narrows it, and decisions about several at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.admin import bulk
from records.models import Article, PendingVersion
from tests import factories as make
from tests.admin.pages import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

NOW = make.instant("2030-03-30T22:30:00")
LIST = url("changelist", Article)


@pytest.fixture(autouse=True)
def now(clock):
    clock(NOW)
    return clock


def draft(**fields):
    return make.make_article(**{"state": "draft", "published_at": None} | fields)


def listed(desk, **query):
    return set(desk.get(LIST, query).context_data["cl"].result_list)


def do(desk, action, *stories, **values):
    sent = {"action": action, "index": "0", "when_choice": "now"} | values
    return desk.post(LIST, sent | {"_selected_action": [str(story.pk) for story in stories]})


def states(*stories):
    return [Article.objects.get(pk=story.pk).state_at(NOW) for story in stories]


def test_state_is_that_of_the_instant(desk):
    hour = timedelta(hours=1)
    stories = {
        "draft": draft(),
        "in_review": make.make_article(state="in_review", published_at=None),
        "scheduled": make.make_article(state="scheduled", published_at=NOW + hour),
        "published": make.make_article(state="scheduled", published_at=NOW),
        "withdrawn": make.make_article(withdrawn_at=NOW),
        "changes_draft": make.make_pending_version().article,
        "changes_scheduled": make.make_pending_version(due_at=NOW + hour).article,
    }
    public = {stories["published"], stories["changes_draft"], stories["changes_scheduled"]}
    for state, story in stories.items():
        assert listed(desk, state=state) == (public if state == "published" else {story}), state
    page = desk.get(LIST).content.decode()
    assert "published, changes scheduled" in page


def test_topic_and_author_are_typed_and_not_listed(desk):
    topics = [make.make_topic(name=f"Subject {word}") for word in ("alpha", "beta")]
    author = make.make_author(name="Ines Quill")
    story = make.make_article(topics=topics, authors=[author])
    make.make_article()
    for query in ({"topic": "ALPH"}, {"author": "quill"}, {"topic": "subject", "author": "ines"}):
        assert listed(desk, **query) == {story}
    assert listed(desk, topic="gamma") == set()
    page = desk.get(LIST, {"topic": "alpha", "state": "published"}).content.decode()
    assert '<input type="hidden" name="state" value="published">' in page
    assert "Subject beta" not in page


@pytest.mark.parametrize("typed", ["2023", "2023-09", "27 September 2023", "2023-09-27"])
def test_date_is_typed_as_people_write_it(desk, typed):
    story = make.make_article(published_at="2023-09-27T15:30")
    make.make_article(published_at="2022-09-27T15:30")
    assert listed(desk, date=typed) == {story}
    assert listed(desk, date="whenever") == set()


def test_autocomplete_finds_stories_by_what_they_are_called(desk):
    story = make.make_article(headline="About a quokka")
    make.make_article(body="A quokka.")
    asked = {"app_label": "records", "model_name": "article", "field_name": "related"}
    found = desk.get("/admin/autocomplete/", asked | {"term": "quokka"}).json()["results"]
    assert [int(one["id"]) for one in found] == [story.pk]


def test_search_looks_into_text_and_byline(desk):
    story = make.make_article(body="About a quokka.", authors=[make.make_author(name="Una Vale")])
    make.make_article()
    for words in ("quokka", "QUOKKA vale", "una", "quok", story.slug):
        assert listed(desk, q=words) == {story}
    assert listed(desk, q="quokka nowhere") == set()


def test_list_says_who_decided_last(desk, steward):
    story = make.make_article()
    make.make_decision(story, kind="scheduled", made_at="2020-01-01", made_by=steward)
    make.make_decision(story, kind="withdrawn", made_at="2020-01-02", made_by=steward)
    page = desk.get(LIST).content.decode()
    assert "withdrawn 2020-01-02 00:00, grace" in page
    assert "scheduled 2020" not in page


def test_list_takes_as_many_queries_for_many_stories(desk):
    def add(count):
        for _ in range(count):
            story = make.make_article(authors=[make.make_author()], primary_topic=make.make_topic())
            make.make_decision(story)
            make.make_pending_version(story)

    add(2)
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    add(8)
    with CaptureQueriesContext(connection) as many:
        desk.get(LIST)
    assert len(many) <= len(few) <= 14


# Several at once


def test_three_are_published_at_once(desk, steward):
    stories = [draft() for _ in range(3)]
    assert do(desk, "publish", *stories).status_code == 302
    assert states(*stories) == ["published"] * 3
    assert {story.decisions.get().made_by for story in stories} == {steward}


def test_those_that_cannot_be_are_listed_with_their_reason_and_the_others_are_done(desk):
    good = draft()
    expected = {
        draft(body="::: quote\nOpen."): "line 1",
        draft(standfirst=""): "sentence or two",
        make.make_article(): "Readers see it already",
    }
    response = do(desk, "publish", good, *expected)
    refused = dict(response.context_data["refused"])
    assert refused.keys() == expected.keys()
    for story, words in expected.items():
        assert words in refused[story]
    assert response.context_data["done"] == [good]
    assert states(good) == ["published"]
    assert not any(story.decisions.exists() for story in expected)


def test_many_are_scheduled_with_their_changes(desk):
    one, other = draft(), make.make_pending_version().article
    assert do(desk, "publish", one, other, when_choice="hour").status_code == 302
    due = NOW + timedelta(hours=1)
    assert states(one, other) == ["scheduled", "published"]
    assert Article.objects.get(pk=one.pk).published_at == due
    assert PendingVersion.objects.get().due_at == due


def test_many_are_withdrawn_with_a_notice(desk):
    stories = [make.make_article() for _ in range(3)]
    never = draft()
    response = do(desk, "withdraw", *stories, never, withdrawal_note="Wrong.")
    assert states(*stories, never) == ["withdrawn"] * 3 + ["draft"]
    assert {Article.objects.get(pk=one.pk).withdrawal_note for one in stories} == {"Wrong."}
    assert dict(response.context_data["refused"]).keys() == {never}


def test_many_are_sent_to_review(desk):
    stories = [draft(), draft()]
    assert do(desk, "send_to_review", *stories).status_code == 302
    assert states(*stories) == ["in_review"] * 2


@pytest.mark.parametrize(
    "values",
    [
        {"when_choice": "other", "when_at": "1999-01-01 00:00"},
        {"when_choice": "other", "when_at": "soon"},
        {"withdrawal_note": "a\x00b"},
        {"when_choice": "never"},
    ],
)
def test_what_cannot_be_meant_is_asked_back_with_the_stories_still_chosen(desk, values):
    story = make.make_article()
    response = do(desk, "withdraw", story, **values)
    assert response.context_data["form"].errors
    assert f'name="_selected_action" value="{story.pk}"' in response.content.decode()
    assert states(story) == ["published"]


def test_too_many_are_refused_at_once(desk, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    stories = [draft() for _ in range(3)]
    assert "at most 2" in do(desk, "publish", *stories).content.decode()
    assert states(*stories) == ["draft"] * 3


@pytest.mark.parametrize("state", ["published", "withdrawn", "scheduled"])
def test_none_that_was_ever_public_is_deleted_in_bulk(desk, state):
    public = make.make_article(state=state)
    never = draft()
    response = do(desk, "delete_selected", public, never, post="yes")
    assert "It was public" in dict(response.context_data["refused"])[public]
    assert Article.objects.filter(pk=public.pk).exists()
    do(desk, "delete_selected", never, post="yes")
    assert list(Article.objects.all()) == [public]
