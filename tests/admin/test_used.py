"""Where a row is used is said on its form, and keeps it from being deleted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records import models
from tests import factories as make
from tests.admin.pages import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

ROWS = {
    "leaderboard": lambda: make.make_leaderboard("thing"),
    "astronaut": lambda: make.make_astronaut(slug="thing"),
    "mission": lambda: make.make_mission("thing"),
    "station": lambda: make.make_station("thing"),
    "agency": lambda: make.make_agency("thing"),
    "topic": lambda: make.make_topic("thing"),
    "author": lambda: make.make_author("thing"),
}
NOUNS = {
    "leaderboard": "records",
    "agency": "agencies",
    **{kind: f"{kind}s" for kind in ("astronaut", "mission", "station", "topic", "author")},
}


@pytest.mark.parametrize("kind", ROWS)
@pytest.mark.parametrize("state", ["draft", "published", "withdrawn"])
def test_what_a_text_names_is_not_deleted_and_its_stories_are_told(desk, kind, state):
    row = ROWS[kind]()
    make.make_article(
        headline="The story of it", state=state, body=f"See [it](/{NOUNS[kind]}/thing/)."
    )
    assert "The story of it" in desk.get(url("change", row)).content.decode()
    page = desk.get(url("delete", row)).content.decode()
    assert "The story of it" in page
    assert "object (" not in page
    desk.post(url("delete", row), {"post": "yes"})
    sent = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    answer = desk.post(url("changelist", row), sent)
    assert type(row).objects.filter(pk=row.pk).exists()
    assert answer.status_code in (200, 302)


def test_what_a_story_is_about_is_not_deleted_either(desk):
    board = make.make_leaderboard()
    make.make_article(headline="About a board", leaderboards=[board])
    page = desk.get(url("delete", board)).content.decode()
    assert "About a board" in page
    assert "object (" not in page
    desk.post(url("delete", board), {"post": "yes"})
    assert models.Leaderboard.objects.filter(pk=board.pk).exists()


def test_what_nothing_names_is_deleted(desk):
    board = make.make_leaderboard()
    assert "Where it is used" not in desk.get(url("change", board)).content.decode()
    assert desk.post(url("delete", board), {"post": "yes"}).status_code == 302
    assert not models.Leaderboard.objects.filter(pk=board.pk).exists()


def test_many_stories_are_counted_in_few_queries(desk):
    board = make.make_leaderboard("thing")
    for _ in range(25):
        make.make_article(body='::: leaderboard slug="thing"\n:::')
    desk.get(url("change", board))
    with CaptureQueriesContext(connection) as queries:
        page = desk.get(url("change", board)).content.decode()
    assert "and 5 more stories" in page
    assert len(queries) <= 17
