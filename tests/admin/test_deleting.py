"""What is to be deleted is what was seen: nothing goes that somebody has changed since."""

import pytest

from records.models import Article, Flight, Image, Mission, Topic
from tests import factories as make
from tests.admin.pages import EDITED, log_in, one_of_each, save, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def asked(client, row):
    """What the page that asks whether one means it sends."""
    return typed(client.get(url("delete", row)))


def chosen(client, *rows):
    """The same of the page that asks it of several."""
    sent = {"action": "delete_selected", "_selected_action": [str(one.pk) for one in rows]}
    values = typed(client.post(url("changelist", rows[0]), sent))
    return values | sent


def change(client, row, **fields):
    values = typed(client.get(url("change", row))) | fields
    assert save(client, url("change", row), values).status_code == 302


@pytest.fixture
def draft():
    return make.make_article("a-draft", state="draft", published_at=None)


def test_what_was_seen_is_deleted(desk, draft):
    assert desk.post(url("delete", draft), asked(desk, draft)).status_code == 302
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_what_somebody_changed_since_is_asked_about_again(desk, draft):
    values = asked(desk, draft)
    change(log_in("ada"), draft, headline="Not to be lost")
    response = desk.post(url("delete", draft), values, follow=True)
    page = response.content.decode()
    assert "Nothing was deleted. ada changed what would go at" in page
    assert "Not to be lost" in page
    assert Article.objects.filter(pk=draft.pk).exists()
    assert desk.post(url("delete", draft), typed(response)).status_code == 302
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_what_was_changed_past_the_newsroom_is_asked_about_as_well(desk, draft):
    values = asked(desk, draft)
    draft.topics.add(make.make_topic("moons"))
    page = desk.post(url("delete", draft), values, follow=True).content.decode()
    assert "Nothing was deleted. Somebody changed what would go, after" in page
    assert Article.objects.filter(pk=draft.pk).exists()


def test_a_row_beside_it_is_part_of_what_was_seen(desk):
    flight = make.make_flight(days=3)
    values = asked(desk, flight)
    make.make_citation(flight=flight)
    desk.post(url("delete", flight), values)
    assert Flight.objects.filter(pk=flight.pk).exists()


def test_several_are_asked_about_again_if_one_was_changed(desk):
    rows = [make.make_topic(name) for name in ("far-moon", "far-mars")]
    values = chosen(desk, *rows)
    change(log_in("ada"), rows[1], description="Not to be lost")
    response = desk.post(url("changelist", Topic), values)
    page = response.content.decode()
    assert "Nothing was deleted. ada changed what would go at" in page
    assert Topic.objects.filter(slug__startswith="far-").count() == 2
    again = typed(response) | {"_selected_action": values["_selected_action"]}
    assert desk.post(url("changelist", Topic), again).status_code == 302
    assert not Topic.objects.filter(slug__startswith="far-").exists()


def test_what_was_deleted_meanwhile_is_said_to_be(desk, draft):
    values = asked(desk, draft)
    draft.delete()
    response = desk.post(url("delete", draft), values, follow=True)
    assert "Perhaps it was deleted?" in response.content.decode()


@pytest.mark.parametrize("sent", ["", "x", "x:y", "\0", "1" * 3000])
def test_a_page_that_says_nothing_of_what_it_showed_is_no_crash(desk, sent):
    image = make.make_image()
    assert desk.post(url("delete", image), {"post": "yes", "_seen": sent}).status_code == 302
    assert not Image.objects.filter(pk=image.pk).exists()


@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_every_page_that_asks_says_what_it_showed(desk, model):
    row = one_of_each()[model]
    page = desk.get(url("delete", row))
    if page.status_code == 403:  # Corrections are never deleted.
        return
    assert page.context_data["protected"] or typed(page)["_seen"]


def test_what_would_move_the_record_book_is_asked_about_again_too(desk):
    mission = make.make_mission(landed_at="1999-03-20")
    values = asked(desk, mission)
    make.make_citation(mission=mission)
    response = desk.post(url("delete", mission), values, follow=True)
    assert "Nothing was deleted" in response.content.decode()
    assert Mission.objects.filter(pk=mission.pk).exists()
    desk.post(url("delete", mission), typed(response))
    assert not Mission.objects.filter(pk=mission.pk).exists()
