"""What readers shall not see changes no page and no file, by a letter or by a count."""

import pytest
from django.urls import reverse

from records.models import Article, Astronaut, Author, Leaderboard, Mission, Topic
from tests import factories as make
from tests.views.test_whole_site import FILES, PAGES

pytestmark = pytest.mark.usefixtures("site")

NOW = make.instant("2026-11-27T12:00:00")
MARK = "Quetzalcoatlus"
#: How a story stands that readers do not see, or do not see any more.
HIDDEN = {
    "draft": {"state": "draft", "published_at": None},
    "draft-with-a-time": {"state": "draft"},
    "in-review": {"state": "in_review", "published_at": None},
    "scheduled": {"state": "scheduled", "published_at": "2026-11-27T12:00:01"},
    "published-later": {"state": "published", "published_at": "2026-11-27T12:00:01"},
    "withdrawn": {"state": "withdrawn"},
    "withdrawn-by-itself": {"withdrawn_at": "2026-11-27T12:00:00"},
}


def hide(slug, fields):
    """A story of everything that has a page, told in the marker word."""
    story = make.make_article(
        f"hidden-{slug}",
        headline=f"{MARK} {slug}",
        short_headline=f"{MARK} {slug}",
        standfirst=MARK,
        body=MARK,
        authors=[Author.objects.get(slug="ines-marlowe")],
        topics=[Topic.objects.get(slug="space")],
        primary_topic=Topic.objects.get(slug="space"),
        astronauts=[Astronaut.objects.get(slug="frank-rubio")],
        missions=[Mission.objects.get(slug="soyuz-ms-22")],
        leaderboards=[Leaderboard.objects.get(slug="longest-spaceflight")],
        related=[Article.objects.get(slug="frank-rubio-returns-after-371-days")],
        **fields,
    )
    make.make_review_note(story, words=MARK)
    make.make_decision(story, words=MARK)
    make.make_correction(story, wrong=MARK, right=MARK)
    return story


def everything(client) -> dict[str, bytes]:
    """Every page and file of the site map, and what the story's subjects say of an instant."""
    paths = {*PAGES.values(), *FILES.values()}
    paths |= {f"{PAGES[name]}?at=2024-01-01" for name in ("astronaut", "mission", "spacewalk")}
    answers = {path: client.get(path) for path in sorted(paths)}
    return {path: answer.content for path, answer in answers.items() if answer.status_code == 200}


def test_hidden_stories_and_changes_leave_every_page_as_it_was(client, clock):
    clock(NOW)
    everything(client)
    before = everything(client)
    assert len(before) > 50
    stories = [hide(slug, fields) for slug, fields in HIDDEN.items()]
    seen = Article.objects.get(slug="frank-rubio-returns-after-371-days")
    seen.related.add(*stories)
    make.make_pending_version(
        seen,
        content={"headline": MARK, "body": MARK, "topics": [], "authors": []},
        due_at="2026-11-27T12:00:01",
        correction_wrong=MARK,
        correction_right=MARK,
    )
    make.make_review_note(seen, words=MARK)
    make.make_article_revision(seen, content={"headline": MARK, "body": MARK}, words=MARK)
    make.make_article_revision(seen, content={"headline": MARK}, changes=1, significant=True)
    after = everything(client)
    assert after.keys() == before.keys()
    assert [path for path, content in after.items() if MARK.encode() in content] == []
    assert [path for path, content in after.items() if content != before[path]] == []


def test_address_of_a_hidden_story_says_nothing_of_it(client, clock):
    clock(NOW)
    for slug, fields in HIDDEN.items():
        story, withdrawn = hide(slug, fields), slug.startswith("withdrawn")
        make.make_article_revision(story, significant=True)
        for page in ("article", "article-changes"):
            answer = client.get(reverse(page, args=(story.slug,)))
            assert answer.status_code == (410 if withdrawn else 404), slug
            # The notice of a withdrawn story keeps its headline and nothing else of it.
            text = answer.content.decode().replace(f"{MARK} {slug}", "")
            assert MARK not in text, slug
