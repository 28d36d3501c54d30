"""/corrections/: every correction of what readers see, and none of what they do not."""

import json
import re

import pytest

from tests import factories as make

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
