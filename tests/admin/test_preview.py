"""A leaderboard's rule, shown as readers would see it while it is being edited."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Country, Leaderboard
from tests import factories as make
from tests.admin.pages import typed, url

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/records/leaderboard/preview/"
RULE = {"metric": "longest-flight", "boundary": "orbit"}


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_definition_and_the_first_ten_are_shown(desk):
    page = text(desk.get(PREVIEW, RULE | {"sex": "F"}))
    assert "The longest single flight of each astronaut, over flights by women" in page
    assert "Christina Koch" in page
    assert "328 d 13 h 58 m" in page
    assert page.count("<tr>") == 11
    assert "<html" not in page


def test_every_field_of_the_rule_narrows(desk):
    usa = Country.objects.get(code="USA")
    page = text(desk.get(PREVIEW, RULE | {"country": usa.pk, "threshold": "365"}))
    assert "flown for the United States" in page
    assert "listed from 365 days on" in page
    assert "Frank Rubio" in page
    assert "Polyakov" not in page


def test_crowds_are_shown_with_their_time(desk):
    page = text(desk.get(PREVIEW, {"metric": "people-aloft", "boundary": "orbit"}))
    row = next(row for row in page.split("<tr>") if "11 September 2024, 16:23 UTC to" in row)
    assert ">19</td>" in row


def test_page_of_a_leaderboard_holds_its_preview(desk):
    board = Leaderboard.objects.get(slug="longest-spaceflight-women")
    page = text(desk.get(url("change", board)))
    assert "Christina Koch" in page
    assert "Choose a metric" in text(desk.get(url("add", Leaderboard)))


def test_button_previews_what_was_typed_and_saves_nothing(desk):
    board = Leaderboard.objects.get(slug="longest-spaceflight-women")
    values = typed(desk.get(url("change", board))) | {"sex": "M", "note": "Half a thought"}
    response = desk.post(url("change", board), values | {"_preview": "Preview"})
    page = text(response)
    assert "over flights by men" in page
    assert "Please correct" not in page
    assert typed(response)["sex"] == "M"
    assert typed(response)["note"] == "Half a thought"
    board.refresh_from_db()
    assert board.sex == "F"


def test_new_leaderboard_is_previewed_before_it_has_a_name(desk):
    count = Leaderboard.objects.count()
    values = typed(desk.get(url("add", Leaderboard))) | RULE | {"_preview": "Preview"}
    assert "The longest single flight" in text(desk.post(url("add", Leaderboard), values))
    assert Leaderboard.objects.count() == count


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({}, "Choose a metric"),
        ({"metric": "luckiest", "boundary": "orbit"}, "luckiest is not one of the available"),
        (RULE | {"threshold": "-3"}, "greater than or equal to 0"),
        (RULE | {"threshold": "0"}, "A zero is not a record"),
        (RULE | {"threshold": "many"}, "Enter a whole number"),
        (RULE | {"threshold": "9" * 30}, "less than or equal to"),
        (RULE | {"each": "spacewalk"}, "no such parts"),
        (RULE | {"country": "abc"}, "not one of the available"),
        (RULE | {"country": "9" * 40}, "not one of the available"),
        (RULE | {"programme": "Tset"}, "not one of the available"),
        (RULE | {"launched_from": "9999-99-99"}, "Write a day as"),
        (RULE | {"launched_from": "2001-01-02", "launched_until": "2001-01-01"}, "cannot come"),
        (RULE | {"boundary": ""}, "This field is required"),
        (RULE | {"threshold": "100000"}, "Nothing in the facts counts"),
    ],
)
def test_half_filled_rule_gets_a_message(desk, rule, words):
    assert words in text(desk.get(PREVIEW, rule)).replace("&#x27;", "'")


@pytest.mark.parametrize(
    "metric", [key for key, _ in Leaderboard._meta.get_field("metric").choices]
)
def test_every_metric_can_be_previewed(desk, metric):
    assert "errornote" not in text(desk.get(PREVIEW, {"metric": metric, "boundary": "80km"}))


def test_button_under_a_hostile_form_is_no_crash(desk):
    board = make.make_leaderboard()
    values = typed(desk.get(url("change", board)))
    for value in ("", "\0", "'\"<script>", "9" * 40, "😀" * 300):
        sent = dict.fromkeys(values, value) | {"_preview": "Preview"}
        assert "<script>'" not in text(desk.post(url("change", board), sent))


def test_complaint_names_the_field(desk):
    page = text(desk.get(PREVIEW, RULE | {"programme": "Nonesuch"}))
    assert "Programme: Select a valid choice" in page


def test_preview_of_what_is_typed_is_for_those_who_may_edit(client):
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    assert client.get(PREVIEW, RULE).status_code == 302
    client.force_login(staff)
    assert client.get(PREVIEW, RULE).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_leaderboard"))
    assert client.get(PREVIEW, RULE).status_code == 403
    board = make.make_leaderboard()
    page = text(client.get(url("change", board)))
    assert "The longest single flight of each astronaut" in page
    assert 'name="_preview"' not in page
    staff.user_permissions.add(Permission.objects.get(codename="change_leaderboard"))
    assert client.get(PREVIEW, RULE).status_code == 200


def test_preview_costs_few_queries(desk):
    desk.get(PREVIEW, RULE)
    with CaptureQueriesContext(connection) as queries:
        desk.get(PREVIEW, RULE)
    assert len(queries) <= 10
