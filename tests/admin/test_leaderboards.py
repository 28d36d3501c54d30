import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Leaderboard
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = pytest.mark.django_db


def test_definition_is_shown_as_readers_see_it(desk):
    board = make.make_leaderboard(metric="longest-flight", sex="F")
    page = desk.get(url("change", board)).content.decode()
    assert "The longest single flight of each astronaut, over flights by women" in page


def test_metrics_are_those_of_the_record_book(desk):
    values = typed(desk.get(url("add", Leaderboard)))
    response = desk.post(url("add", Leaderboard), values | {"metric": "luckiest"})
    assert "Select a valid choice. luckiest is not one of the available choices." in complaints(
        response
    )


def test_leaderboard_takes_only_words_that_the_facts_know(desk):
    make.make_mission(programme="Test")
    board = make.make_leaderboard()
    values = typed(desk.get(url("change", board)))
    response = desk.post(url("change", board), values | {"programme": "Tset"})
    assert "Tset is not one of the available choices" in complaints(response)
    assert desk.post(url("change", board), values | {"programme": "Test"}).status_code == 302


def test_page_costs_few_queries(desk):
    board = make.make_leaderboard(country=make.make_country(), agency=make.make_agency())
    desk.get(url("change", board))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url("change", board))
    assert len(queries) <= 16
