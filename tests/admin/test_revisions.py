"""What a story said before: who changed what and when, versions compared, one put back."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from records.models import Article, ArticleRevision, Author, PendingVersion, Topic, roles
from records.models.revisions import content_now, differing
from tests import factories as make
from tests.admin.pages import save, typed, url
from tests.admin.test_roles import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


@pytest.fixture
def editor():
    return account(roles.EDITOR, "ed")


@pytest.fixture
def newsroom(editor):
    return signed_in(editor)


@pytest.fixture
def draft():
    topics = [make.make_topic("far-mars")]
    authors = [make.make_author("ada"), make.make_author("ben")]
    return make.make_article(
        "a-draft", state="draft", published_at=None, topics=topics, authors=authors
    )


@pytest.fixture
def story():
    return make.make_article("a-story", headline="Four people landed", body="They are well.")


def change(client, story, **fields):
    values = typed(client.get(url("change", story))) | fields
    response = client.post(url("change", story), {**values, "_continue": "Save"})
    assert response.status_code == 302, response.context_data["adminform"].form.errors
    return response


def page(name, story):
    return reverse(f"admin:records_article_{name}", args=(story.pk,))


def compared(client, story, **versions):
    return client.get(page("compare", story), versions).content.decode()


def put_back(client, story, revision, **options):
    return client.post(page("put_back", story), {"revision": revision.pk}, **options)


def oldest_first(story):
    return list(story.revisions.order_by("pk"))


# What is kept


@pytest.fixture
def about(draft):
    """A row of each model that a story may be about, or name: with what the story says of it."""
    author = Author.objects.get(slug="ada")
    image, topic = make.make_image("capsule"), Topic.objects.get(slug="far-mars")
    astronaut, mission = make.make_astronaut("Ada Vega"), make.make_mission()
    board, other = make.make_leaderboard("ours"), make.make_article("a-third", state="draft")
    draft.lead_image, draft.primary_topic = image, topic
    draft.save()
    draft.astronauts.add(astronaut)
    draft.missions.add(mission)
    draft.leaderboards.add(board)
    draft.related.add(other)
    return [author, image, topic, astronaut, mission, board, other]


def tried_on(row, desk):
    """All that the newsroom offers to do to the row from other pages than that of the story."""
    page = admin.site.get_model_admin(type(row))
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="grace")
    another = getattr(make, f"make_{row._meta.model_name}")
    for action in page.get_actions(request):
        both = [str(row.pk), str(another().pk)]
        sent = {"action": action, "_selected_action": both, "post": "yes", "keep": both[1]}
        yield action, lambda sent=sent: desk.post(url("changelist", row), sent)
    yield "delete", lambda: desk.post(url("delete", row), {"post": "yes"})
    values = typed(desk.get(url("change", row))) | {"slug": "an-other-slug"}
    yield "slug", lambda: save(desk, url("change", row), values)


def written_now(story):
    return Article.objects.filter(pk=story.pk).exists() and content_now(story)


@pytest.mark.parametrize("number", range(7))
def test_no_other_page_changes_a_story_and_leaves_no_version(desk, draft, about, number):
    row, begun = about[number], written_now(draft)
    tried = []
    for name, way in tried_on(row, desk):
        tried.append(name)
        if not type(row).objects.filter(pk=row.pk).exists():
            row = type(row).objects.get(slug=row.slug) if name == "slug" else None
        if row is None:
            break
        way()
        now, last = written_now(draft), draft.revisions.first()
        assert not differing(last.content if last else begun, now), name
    assert "delete_selected" in tried


def test_a_new_address_of_a_draft_is_in_the_history_of_what_names_it(newsroom, editor, draft):
    other = make.make_article("another", state="draft", published_at=None)
    draft.related.add(other)
    change(newsroom, other, slug="yet-another")
    found, left = oldest_first(draft)
    assert found.content["related"] == ["another"]
    assert (left.made_by, left.content["related"]) == (editor, ["yet-another"])
    assert left.words == "The address of “Another” was changed."
    assert left.changed == ["related"]


def test_a_story_whose_topics_are_merged_has_it_in_its_history(desk, steward, draft):
    make.make_topic("far-moon")
    other = make.make_article("of-both", topics=Topic.objects.filter(slug__startswith="far-"))
    kept, gone = make.make_topic("planets"), Topic.objects.get(slug="far-mars")
    untouched = make.make_article("of-planets", topics=[kept])
    other.primary_topic = gone
    other.save()
    both = {"action": "merge", "_selected_action": [str(gone.pk), str(kept.pk)], "keep": kept.pk}
    assert desk.post(url("changelist", Topic), both).status_code == 302
    found, merged = oldest_first(draft)
    assert (found.made_by, found.content["topics"]) == (None, ["far-mars"])
    assert (merged.made_by, merged.content["topics"]) == (steward, ["planets"])
    assert merged.words == "Topics merged into “Planets”: Far mars."
    assert merged.changed == ["topics"]
    of_both = oldest_first(other)[-1]
    assert of_both.changed == ["primary_topic", "topics"]
    assert not untouched.revisions.exists()
    shown = compared(desk, draft, new=merged.pk)
    assert "far-mars" in shown
    assert "Planets" in shown
    # It is the same topic now: there is nothing to be put back.
    assert "They say the same." in compared(desk, draft, old=found.pk, new="now")


def test_whoever_has_a_story_open_is_told_who_merged_its_topics(desk, newsroom, draft):
    kept, gone = make.make_topic("planets"), Topic.objects.get(slug="far-mars")
    values = typed(newsroom.get(url("change", draft)))
    both = {"action": "merge", "_selected_action": [str(gone.pk), str(kept.pk)], "keep": kept.pk}
    desk.post(url("changelist", Topic), both)
    response = newsroom.post(url("change", draft), values | {"headline": "New"}, follow=True)
    said = " ".join(map(str, response.context["messages"]))
    assert "grace saved this" in said
    assert "Taken from there: Topics." in said
    draft.refresh_from_db()
    assert (draft.headline, [*draft.topics.all()]) == ("New", [kept])


def test_merging_topics_of_many_stories_asks_no_more_than_of_few(desk, monkeypatch):
    counts = []
    for number in (2, 8):
        topics = [make.make_topic(f"t{number}{one}") for one in "ab"]
        for one in range(number):
            make.make_article(f"s{number}-{one}", topics=[topics[0]], state="draft")
        keys = [str(one.pk) for one in topics]
        with CaptureQueriesContext(connection) as queries:
            sent = {"action": "merge", "_selected_action": keys, "keep": keys[1]}
            assert desk.post(url("changelist", Topic), sent).status_code == 302
        counts.append(len(queries))
        assert ArticleRevision.objects.filter(words__contains=topics[1].name).count() == number
    assert counts[0] == counts[1]


def test_changes_of_two_topics_that_were_merged_name_one(newsroom, story):
    topics = [make.make_topic("far-mars"), make.make_topic("planets")]
    change(newsroom, story, topics=[str(one.pk) for one in topics])
    topics[1].absorb([topics[0]])
    page = newsroom.get(url("change", story))
    assert typed(page)["topics"] == [str(topics[1].pk)]


def test_changes_that_were_thrown_away_are_kept_whoever_wrote_them(newsroom, story):
    make.make_pending_version(story, content={"headline": "Written elsewhere"})
    values = typed(newsroom.get(url("change", story)))
    newsroom.post(url("change", story), values | {"_discard": "1"})
    assert not PendingVersion.objects.exists()
    assert story.revisions.first().content["headline"] == "Written elsewhere"


def test_changes_that_a_withdrawal_takes_back_are_said_to_be(newsroom, story):
    make.make_pending_version(
        story, content={"headline": "New"}, state="scheduled", due_at="2100-01-01T00:00Z"
    )
    values = typed(newsroom.get(url("change", story)))
    newsroom.post(url("change", story), values | {"_withdraw": "1", "withdrawal_note": "Wrong."})
    withdrawn, taken_back = story.decisions.all()[:2]
    assert (withdrawn.kind, taken_back.kind) == ("withdrawn", "changes_taken_back")
    assert taken_back.words == "The story is withdrawn before they were due."


def test_first_change_keeps_what_it_found_as_nobodys_and_what_it_left(newsroom, editor, draft):
    other = make.make_topic("far-moon")
    change(newsroom, draft, headline="Changed", topics=[str(other.pk)])
    found, left = oldest_first(draft)
    assert (found.made_by, found.content["headline"]) == (None, "A draft")
    assert "loaded, or written elsewhere" in found.words
    assert (left.made_by, left.content["headline"]) == (editor, "Changed")
    assert left.content["topics"] == ["far-moon"]
    assert left.content["authors"] == ["ada", "ben"]
    assert left.changed == ["headline", "topics"]


def test_a_new_story_has_its_first_version_with_whoever_began_it(newsroom, editor):
    values = typed(newsroom.get(url("add", Article))) | {"headline": "New", "slug": "new"}
    newsroom.post(url("add", Article), values)
    (only,) = oldest_first(Article.objects.get(slug="new"))
    assert (only.made_by, only.content["slug"], only.changed) == (editor, "new", [])


def test_saving_a_story_as_it_was_keeps_no_version(newsroom, draft):
    for _ in range(2):
        change(newsroom, draft)
    assert len(oldest_first(draft)) == 1


def test_a_new_address_and_a_new_order_of_authors_are_changes(newsroom, draft):
    byline = [str(row.author_id) for row in draft.byline.all()]
    change(newsroom, draft, slug="another", byline=byline[::-1])
    assert oldest_first(draft)[-1].changed == ["slug", "authors"]


def test_a_topic_that_was_renamed_or_merged_is_no_change_of_the_story(newsroom, draft):
    change(newsroom, draft)
    mars = Topic.objects.get(slug="far-mars")
    make.make_topic("red-planet").absorb([mars])
    change(newsroom, draft, headline="Changed")
    assert oldest_first(draft)[-1].changed == ["headline"]
    assert ArticleRevision.objects.filter(article=draft).count() == 2


def test_what_was_written_past_the_newsroom_is_not_put_down_to_the_next_editor(newsroom, draft):
    change(newsroom, draft, headline="First")
    Article.objects.filter(pk=draft.pk).update(standfirst="By a script.")
    change(newsroom, draft, headline="Second")
    *_, script, second = oldest_first(draft)
    assert (script.made_by, script.changed) == (None, ["standfirst"])
    assert second.changed == ["headline"]


def test_changes_of_a_public_story_are_kept_with_who_made_them(newsroom, editor, story):
    change(newsroom, story, headline="Four more people landed")
    ben = account(roles.EDITOR, "ben")
    change(signed_in(ben), story, body="They are very well.")
    key = PendingVersion.objects.get(article=story).pk
    readers, first, second = oldest_first(story)
    assert [one.changes for one in (readers, first, second)] == [None, key, key]
    assert [one.made_by for one in (readers, first, second)] == [None, editor, ben]
    assert [one.changed for one in (first, second)] == [["headline"], ["body"]]
    change(newsroom, story, _publish="1", when_0="now")
    published = oldest_first(story)[-1]
    assert (published.changes, published.made_by) == (None, editor)
    assert published.changed == ["headline", "body"]


def test_new_changes_follow_what_readers_see_not_those_that_were_thrown_away(newsroom, story):
    change(newsroom, story, headline="Wrong")
    newsroom.post(
        url("change", story), typed(newsroom.get(url("change", story))) | {"_discard": "1"}
    )
    change(newsroom, story, standfirst="Better.")
    assert oldest_first(story)[-1].changed == ["standfirst"]


def test_versions_go_with_a_draft_that_is_deleted(newsroom, draft):
    change(newsroom, draft, headline="Changed")
    newsroom.post(url("delete", draft), {"post": "yes"})
    assert not ArticleRevision.objects.exists()


# Comparing


def test_history_tells_who_changed_what_and_when_with_decisions_and_corrections(newsroom, story):
    correction = make.make_correction(story)
    change(newsroom, story, headline="Four more people landed", _publish="1", when_0="now")
    shown = newsroom.get(page("history", story))
    text = shown.content.decode()
    versions = oldest_first(story)
    for words in ("Changes published", "Correction added", "headline", "ed", "Older", "Newer"):
        assert words in text, words
    for one in versions:
        assert f'value="{one.pk}"' in text
    assert reverse("admin:records_correction_history", args=(correction.pk,)) in text


def test_story_that_was_never_changed_here_says_so_and_can_be_looked_at(newsroom, story):
    text = newsroom.get(page("history", story)).content.decode()
    assert "What readers see now" in text
    assert "They are well." in compared(newsroom, story, new="now")


def test_one_inserted_word_is_one_mark_between_any_two_versions(newsroom, draft):
    change(newsroom, draft, body="The crew landed.")
    change(newsroom, draft, headline="Another")
    change(newsroom, draft, body="The whole crew landed.")
    _, first, _, last = oldest_first(draft)
    for versions in (
        {"old": first.pk, "new": last.pk},
        {"old": last.pk, "new": first.pk},  # However they are chosen.
        {"new": last.pk},
        {"old": first.pk, "new": "now"},
    ):
        text = compared(newsroom, draft, **versions)
        assert text.count("<ins>") - text.count("Another") <= 1
        assert "whole<span" in text
    assert "They say the same." in compared(newsroom, draft, old=last.pk, new="now")


def test_lists_are_compared_by_the_names_of_their_rows(newsroom, draft):
    moon = make.make_topic("far-moon")
    change(newsroom, draft, topics=[str(moon.pk)])
    text = compared(newsroom, draft, new=oldest_first(draft)[-1].pk)
    assert "[taken out: </span>Far mars<" in text
    assert "[put in: </span>Far moon<" in text


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30, "1_5F", "changes"])
def test_versions_that_are_not_there_are_refused_in_words(newsroom, draft, key):
    for versions in ({"new": key}, {"old": key, "new": "now"}):
        response = newsroom.get(page("compare", draft), versions, follow=True)
        assert "Choose two versions" in response.content.decode()
    response = newsroom.post(page("put_back", draft), {"revision": key}, follow=True)
    assert "There is no such version" in response.content.decode()


def test_versions_of_another_story_are_not_shown(newsroom, draft, story):
    change(newsroom, story, headline="Other")
    other = oldest_first(story)[-1]
    response = newsroom.get(page("compare", draft), {"new": other.pk})
    assert response.status_code == 302
    put_back(newsroom, draft, other)
    draft.refresh_from_db()
    assert draft.headline == "A draft"


def test_long_history_costs_few_queries(newsroom, draft, editor):
    change(newsroom, draft, headline="Changed")
    last = oldest_first(draft)[-1]
    ArticleRevision.objects.bulk_create(
        ArticleRevision(
            article=draft,
            content=last.content,
            changed=["body"],
            made_by=editor,
            made_at=last.made_at,
        )
        for _ in range(120)
    )
    with CaptureQueriesContext(connection) as queries:
        shown = newsroom.get(page("history", draft)).content.decode()
    assert len(queries) <= 35
    assert "?p=2" in shown
    assert "Kept" in newsroom.get(page("history", draft), {"p": "3"}).content.decode()


# Putting back


def test_first_version_of_a_draft_is_put_back_as_a_new_one(newsroom, editor, draft):
    moon = make.make_topic("far-moon")
    change(newsroom, draft, headline="Changed", topics=[str(moon.pk)], byline=[], slug="other")
    put_back(newsroom, draft, oldest_first(draft)[0])
    story = Article.objects.get(pk=draft.pk)
    assert (story.headline, story.slug) == ("A draft", "other")
    assert [topic.slug for topic in story.topics.all()] == ["far-mars"]
    assert [row.author.slug for row in story.byline.all()] == ["ada", "ben"]
    last = oldest_first(draft)[-1]
    assert (last.made_by, last.changed) == (editor, ["headline", "authors", "topics"])
    assert last.words.startswith("Put back the version of")


def test_putting_back_changes_nothing_that_readers_see(client, newsroom, story):
    change(newsroom, story, headline="Five people landed", _publish="1", when_0="now")
    response = put_back(newsroom, story, oldest_first(story)[0], follow=True)
    assert "Readers see nothing of it yet" in response.content.decode()
    story.refresh_from_db()
    assert story.headline == "Five people landed"
    changes = PendingVersion.objects.get(article=story)
    assert (changes.content["headline"], changes.state) == ("Four people landed", "draft")
    assert oldest_first(story)[-1].changes == changes.pk
    assert "Five people landed" in client.get(story.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["in_review", "scheduled"])
def test_what_was_scheduled_waits_no_more_when_another_version_is_put_back(newsroom, draft, state):
    change(newsroom, draft, headline="Changed")
    at = {"published_at": make.instant("2090-01-01")} if state == "scheduled" else {}
    Article.objects.filter(pk=draft.pk).update(state=state, **at)
    put_back(newsroom, draft, oldest_first(draft)[0])
    draft.refresh_from_db()
    assert (draft.state, draft.published_at, draft.headline) == ("draft", None, "A draft")
    assert draft.decisions.get().kind == "taken_back"


def test_changes_that_were_scheduled_wait_no_more_either(newsroom, story):
    make.make_pending_version(story, content={"headline": "New"}, due_at="2090-01-01")
    ArticleRevision.objects.keep_found(story, story.published_at)
    put_back(newsroom, story, oldest_first(story)[0])
    changes = PendingVersion.objects.get(article=story)
    assert (changes.state, changes.due_at) == ("draft", None)
    assert changes.content["headline"] == "Four people landed"
    # What was being changed is not lost by it.
    assert "New" in {one.content["headline"] for one in oldest_first(story)}


def test_what_is_gone_is_left_out_and_named(newsroom, draft):
    change(newsroom, draft, topics=[])
    Topic.objects.get(slug="far-mars").delete()
    response = put_back(newsroom, draft, oldest_first(draft)[0], follow=True)
    assert "nothing of that name any more: far-mars" in response.content.decode()
    assert draft.topics.count() == 0


def test_who_may_not_write_may_look(newsroom, draft):
    ann = account(roles.WRITER, "ann")
    change(newsroom, draft, headline="Changed")
    Article.objects.filter(pk=draft.pk).update(created_by=ann, state="in_review")
    first = oldest_first(draft)[0]
    for user in (ann, account(roles.AUDITOR, "aud")):
        visitor = signed_in(user)
        assert visitor.get(page("history", draft)).status_code == 200
        text = compared(visitor, draft, new=oldest_first(draft)[-1].pk)
        assert "Changed" in text
        assert "put-back" not in text
        assert put_back(visitor, draft, first).status_code == 403
    Article.objects.filter(pk=draft.pk).update(state="draft")
    assert put_back(signed_in(ann), draft, first).status_code == 302
    nobody = signed_in(User.objects.create_user("nobody", is_staff=True))
    assert nobody.get(page("history", draft)).status_code == 403
    assert nobody.get(page("compare", draft), {"new": "now"}).status_code == 403
