"""Readers of a story are told what was so then, and what is so now."""

import pytest
from django.utils.html import strip_tags

from records.body.parse import parse
from records.models import Article
from records.stories.then_and_now import marked

pytestmark = pytest.mark.usefixtures("site")

RUBIO = "frank-rubio-returns-after-371-days"


@pytest.fixture
def told(client, clock):
    """What the page of a story tells of each claim: passage → words."""
    clock("2026-11-28T09:00:00Z")

    def told(story):
        page = client.get(f"/news/{story}/")
        claims = page.context["claims"]
        lines = {}
        for one in claims:
            now = f" Now: {strip_tags(one.now)}." if one.now else ""
            lines[one.passage] = f"{one.when}: {strip_tags(one.then)}.{now}"
        return lines, page.content.decode()

    return told


def test_sentences_that_are_true_no_more_say_what_was_so_then_and_what_is_now(told):
    lines, page = told(RUBIO)
    assert lines["Only seven people"] == "When published: 7. Now: 9."
    assert lines["share third place"] == (
        "When published: 3rd, shared, with 370 d 21 h 22 m. Now: 5th, shared, with 370 d 21 h 22 m."
    )
    assert lines["the longest single spaceflight by an American"] == (
        "When published: 1st, with 370 d 21 h 22 m. Now: still so."
    )
    # What has changed comes first.
    assert list(lines)[:2] == ["Only seven people", "share third place"]
    assert 'href="/records/year-in-space/?at=2023-09-27T15:30:00Z"' in page
    assert '<a class="claim" href="#claim-1">Only seven people</a>' in page
    assert '<li id="claim-1">' in page
    lines, _ = told("kononenko-passes-padalka")
    assert lines["Nobody has reached a thousand days"] == "When published: nobody. Now: 1."


def test_a_claim_of_another_instant_says_of_which(told):
    rows = Article.objects.filter(slug=RUBIO)
    at = ' at="2022-01-01"'
    rows.update(claims=f'count passage="Only seven people" leaderboard="year-in-space"{at}')
    lines, _ = told(RUBIO)
    assert lines == {"Only seven people": "On 1 January 2022: 4. Now: 9."}


def test_what_is_gone_or_has_no_answer_is_not_told_to_readers(told):
    rows = Article.objects.filter(slug=RUBIO)
    gone = 'count passage="Only eight people" leaderboard="year-in-space"'
    nowhere = 'count passage="Only seven people" leaderboard="no-board"'
    rows.update(claims=f"{gone}\n{nowhere}")
    lines, page = told(RUBIO)
    assert lines == {}
    assert "What was true then" not in page
    assert 'class="claim"' not in page


def test_no_rank_is_told_of_who_was_lost_in_flight(told):
    rows = Article.objects.filter(slug=RUBIO)
    said = 'leaderboard="total-time-in-space" astronaut="kalpana-chawla"'
    rows.update(claims=f'rank passage="share third place" {said}')
    lines, _ = told(RUBIO)
    (line,) = lines.values()
    assert line.startswith("When published: 31 d")


class Told:
    key = "claim-1"

    def __init__(self, passage):
        self.passage = passage


@pytest.mark.parametrize(
    ("body", "passage", "html"),
    [
        (
            "He flew 371 d & more.",
            "371 d",
            'He flew <a class="claim" href="#claim-1">371\u00a0d</a>',
        ),
        ("- one\n- two", "two", '<li><a class="claim" href="#claim-1">two</a></li>'),
        ("*Two* and two", "two", '<em>Two</em> and <a class="claim" href="#claim-1">two</a>'),
        ("a < b & c", "b & c", 'a &lt; <a class="claim" href="#claim-1">b &amp; c</a>'),
    ],
)
def test_a_passage_in_the_text_leads_to_what_is_told_of_it(body, passage, html):
    (block,) = marked(parse(body).blocks, [Told(passage)])
    assert html in block.html


@pytest.mark.parametrize("passage", ["a link", "text with a", "elsewhere"])
def test_a_passage_in_or_across_a_mark_is_left_as_it_is(passage):
    blocks = parse("Some text with [a link](/records/) in it.").blocks
    assert marked(blocks, [Told(passage)]) == list(blocks)
