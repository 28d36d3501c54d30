"""/corrections/: every correction of what readers see, and none of what they do not."""

import json
import re
from xml.etree import ElementTree

import pytest

from tests import factories as make
from tests.factories import instant

pytestmark = pytest.mark.django_db

AT = "/corrections/"


def test_every_correction_is_listed_the_latest_first(client):
    story = make.make_article("a-story", headline="A story")
    make.make_correction(story, made_at="2020-03-02T09:00", wrong="First.")
    make.make_correction(story, made_at="2020-03-03T09:00", wrong="Second.", kind="clarification")
    text = client.get(AT).content.decode()
    assert text.index("Second.") < text.index("First.")
    assert "Clarification" in text
    assert 'href="/news/a-story/#corrections"' in text


@pytest.mark.parametrize(
    "hidden",
    [
        {"state": "withdrawn"},
        {"state": "draft"},
        {"withdrawn_at": "2020-04-01"},
        {"state": "scheduled", "published_at": "2150-01-01"},
    ],
)
def test_correction_of_what_readers_do_not_see_is_not_told(client, hidden):
    make.make_correction(make.make_article(**hidden), wrong="Quetzalcoatlus.")
    assert "Quetzalcoatlus" not in client.get(AT).content.decode()


def test_page_takes_few_queries_however_many(client, django_assert_max_num_queries):
    for _ in range(60):
        make.make_correction(make.make_article())
    with django_assert_max_num_queries(4):
        assert "page=2" in client.get(AT).content.decode()


def test_programs_read_the_corrections_with_the_story(client):
    story = make.make_article("a-story")
    make.make_correction(story, wrong="One </script>.", right="Two.")
    page = client.get("/news/a-story/").content.decode()
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(found)["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "One </script>. Two.",
            "datePublished": "2020-03-02T09:00:00Z",
        }
    ]


# The feeds

ATOM = "{http://www.w3.org/2005/Atom}"


def told(client):
    """The entries of the feed, the same in both formats: id → (title, text, when it changed)."""
    root = ElementTree.fromstring(client.get("/feeds/corrections.xml").content)
    tags = ("id", "title", "summary", "updated")
    atom = [[one.find(f"{ATOM}{tag}").text for tag in tags] for one in root.findall(f"{ATOM}entry")]
    items = client.get("/feeds/corrections.json").json()["items"]
    said = [
        [one[name] for name in ("id", "title", "content_text", "date_modified")] for one in items
    ]
    assert [one[:3] for one in atom] == [one[:3] for one in said]
    assert [one[3].replace("+00:00", "Z") for one in atom] == [one[3] for one in said]
    return {one[0]: tuple(one[1:]) for one in said}


def test_the_feeds_tell_the_latest_corrections_first(client):
    story = make.make_article("a-story", headline="A story")
    for day in ("02", "03"):
        make.make_correction(story, made_at=f"2020-03-{day}T09:00")
    make.make_correction(make.make_article("hidden", state="draft"), made_at="2020-03-04T09:00")
    start = "tag:spacesite.invalid,2026:corrections/"
    ours = [key for key in told(client) if "a-story" in key or "hidden" in key]
    assert ours == [f"{start}a-story/20200303-090000", f"{start}a-story/20200302-090000"]


def test_an_amended_correction_is_read_again_and_a_renamed_story_keeps_its_ids(client, clock):
    clock(instant("2026-05-01T12:00"))
    story = make.make_article("a-story", headline="A story")
    correction = make.make_correction(story, made_at="2020-03-02T09:00", wrong="A <b>.", right="B.")
    key = "tag:spacesite.invalid,2026:corrections/a-story/20200302-090000"
    assert told(client)[key][:2] == ("Correction: A story", "A <b>.\n\nB.")
    before = told(client)[key][2]
    story.slug = "another-address"
    story.save()
    clock(instant("2026-05-02T08:00"))
    correction.right = "C."
    correction.save()
    after = told(client)[key]
    assert after[1] == "A <b>.\n\nC."
    assert after[2] >= "2026-05-02T08:00:00Z" > before
    story.state = "withdrawn"
    story.save()
    assert key not in told(client)


def test_readers_find_the_feeds_of_corrections(client):
    page = client.get(AT).content.decode()
    for address in ("/feeds/corrections.xml", "/feeds/corrections.json"):
        assert page.count(f'href="{address}"') == 2
    atom, feed = client.get("/feeds/corrections.xml"), client.get("/feeds/corrections.json").json()
    assert atom["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed["feed_url"] == "http://127.0.0.1:8000/feeds/corrections.json"
    assert feed["home_page_url"] == "http://127.0.0.1:8000/corrections/"
