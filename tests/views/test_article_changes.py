"""/news/…/changes/: what readers are told of the changes of a story, and nothing else of it."""

import pytest

from records.models import Article, ArticleRevision, PendingVersion
from tests import factories as make
from tests.factories import instant

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = (instant(f"2020-03-0{day}T09:00") for day in (2, 3, 4))
MARK = "Quetzalcoatlus"


@pytest.fixture
def story():
    return make.make_article("a-story", body="The crew landed on *Friday*.")


def publish(story, at, *, puts_back=False, **fields):
    """Publish changes of the story's content as of the instant; other fields are the decision's."""
    names = {"significant", "correction_wrong", "correction_right"}
    decision = {name: fields.pop(name) for name in names & fields.keys()}
    story.refresh_from_db()
    PendingVersion.objects.filter(article=story).delete()
    pending = make.make_pending_version(story, content=fields, puts_back=puts_back, **decision)
    pending.apply(at, None)


def said(client, path="/news/a-story/changes/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_update_and_correction_are_told_with_the_words_before_and_after(client, story):
    publish(story, FIRST, body="The whole crew landed on *Friday*.", significant=True)
    words = {"correction_wrong": "The day was wrong.", "correction_right": "It was Saturday."}
    publish(story, SECOND, body="The whole crew landed on *Saturday*.", **words)
    page = said(client)
    assert page.index("Correction, ") < page.index("Update, ")
    assert page.count("<ins>") == 2
    assert page.count("<del>") == 1
    assert "[put in: </span>whole<" in page
    assert "[taken out: </span>Friday<" in page
    assert "It was Saturday." in page
    assert "*" not in page.split("</header>")[-1].split("<footer")[0]
    assert 'href="/news/a-story/changes/"' in said(client, "/news/a-story/")


def test_what_was_not_told_and_what_is_not_published_does_not_show(client, story):
    ArticleRevision.objects.keep(story, None, instant("2020-02-01"))
    Article.objects.filter(pk=story.pk).update(headline="As published")
    publish(story, FIRST, standfirst=f"{MARK} by mistake.")
    publish(story, SECOND, standfirst="Without it.")
    publish(story, THIRD, headline="Updated", significant=True)
    pending = make.make_pending_version(story, content={"headline": MARK}, significant=True)
    ArticleRevision.objects.keep(story, None, THIRD, changes=pending)
    page = said(client)
    assert MARK not in page
    assert page.count("Update, ") == 1
    assert "As published" in page
    assert "A story" not in page.split('class="differences"')[-1]


def test_who_edited_which_topic_or_related_story_is_not_told(client, story):
    draft = make.make_article(state="draft", published_at=None, headline=MARK)
    publish(story, FIRST, related=[draft.slug], significant=True)
    page = said(client)
    assert MARK not in page
    assert "The words of the story stayed as they were." in page


def test_what_was_withdrawn_is_not_shown_again_when_the_story_is_put_back(client, story):
    publish(story, FIRST, body=f"{MARK} landed.", significant=True)
    Article.objects.filter(pk=story.pk).update(state="withdrawn", withdrawn_at=SECOND)
    assert client.get("/news/a-story/changes/").status_code == 410
    publish(story, SECOND, puts_back=True, body="Nobody landed.", significant=True)
    page = said(client)
    assert MARK not in page
    assert page.count("The words are not shown") == 2
    publish(story, THIRD, body="Nobody has landed.", significant=True)
    page = said(client)
    assert MARK not in page
    assert "[put in: </span>has<" in page


def test_loaded_updates_and_corrections_are_told_without_words(client):
    story = make.make_article("a-story", updated_at="2020-03-03T09:00")
    make.make_correction(story, made_at="2020-03-02T09:00")
    page = said(client)
    assert page.count("The words before and after it are not kept.") == 2
    assert "It was the day after." in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "draft", "published_at": None}, 404),
        ({"state": "scheduled", "published_at": "2150-01-01"}, 404),
        ({"state": "withdrawn"}, 410),
        ({"withdrawn_at": "2020-04-01"}, 410),
    ],
)
def test_story_that_readers_do_not_see_has_no_changes(client, fields, status):
    make.make_article("a-story", headline=MARK, **fields)
    assert client.get("/news/a-story/changes/").status_code == status
    assert client.get("/news/none/changes/").status_code == 404


def test_former_address_leads_on_and_other_pages_are_refused(client, story):
    story.slug = "another"
    story.save()
    response = client.get("/news/a-story/changes/")
    assert (response.status_code, response["Location"]) == (301, "/news/another/changes/")
    assert "Nothing was changed" in said(client, "/news/another/changes/")
    assert client.get("/news/another/changes/?page=9").status_code == 404
    assert client.post("/news/another/changes/").status_code == 405


def test_hostile_words_are_no_markup(client, story):
    publish(story, FIRST, headline='<script>alert("x")</script>', significant=True)
    assert "<script>alert" not in said(client)


def test_blocks_are_told_as_what_they_show(client, story):
    body = "::: quote speaker=“Ada”\nWe are well.\n:::\n\n::: advert\n:::\n\nThe end."
    publish(story, FIRST, body=body.replace("“", '"').replace("”", '"'), significant=True)
    page = said(client)
    assert "“We are well.” – Ada" in page
    assert ":::" not in page


def test_long_log_costs_few_queries(client, story, django_assert_max_num_queries):
    for day in range(1, 25):
        publish(story, instant(f"2020-04-{day:02}"), body=f"Day {day}.", significant=True)
    with django_assert_max_num_queries(60):
        assert "page=2" in said(client)
