"""Two who have the same page open."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection

from records.models import Article, Flight, Topic
from tests import factories as make
from tests.admin.pages import (
    EDITED,
    add_row,
    complaints,
    each_in_a_thread,
    log_in,
    one_of_each,
    save,
    typed,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def texts(response):
    """What the page says of each row that differs: (saved now, typed) by field."""
    assert response.status_code == 200
    return {
        step["what"]: {
            change["field"]: (change["old"], change["new"]) for change in step["changes"]
        }
        for step in response.context_data["conflict"]["steps"]
    }


@pytest.fixture
def mission():
    ada, ben = make.make_astronaut("Ada Vega"), make.make_astronaut("Ben Orth")
    mission = make.make_mission("test-1", landed_at="1999-03-20")
    for astronaut in (ada, ben):
        make.make_flight(astronaut, mission)
    return mission


def opened(desk, row):
    return typed(desk.get(url("change", row)))


def test_the_second_save_is_refused_with_both_texts(desk, mission):
    first, second = opened(desk, mission), opened(desk, mission)
    assert save(desk, url("change", mission), first | {"notes": "The first."}).status_code == 302
    response = desk.post(url("change", mission), second | {"notes": "The second."})
    assert texts(response) == {"mission Test 1": {"notes": ("The first.", "The second.")}}
    page = response.content.decode()
    assert "Nothing is saved yet: somebody else changed this meanwhile" in page
    assert f"The last to save this page was {get_user_model().objects.get()}" in page
    assert typed(response)["notes"] == "The second."
    mission.refresh_from_db()
    assert mission.notes == "The first."


def test_who_has_seen_both_may_save(desk, mission):
    second = opened(desk, mission) | {"notes": "The second."}
    save(desk, url("change", mission), opened(desk, mission) | {"notes": "The first."})
    response = desk.post(url("change", mission), second)
    assert save(desk, url("change", mission), typed(response)).status_code == 302
    mission.refresh_from_db()
    assert mission.notes == "The second."


def test_what_was_seen_is_refused_again_if_a_third_one_saves(desk, mission):
    second = opened(desk, mission) | {"notes": "The second."}
    save(desk, url("change", mission), opened(desk, mission) | {"notes": "The first."})
    seen = typed(desk.post(url("change", mission), second))
    save(desk, url("change", mission), opened(desk, mission) | {"notes": "The third."})
    response = desk.post(url("change", mission), seen)
    assert texts(response)["mission Test 1"]["notes"] == ("The third.", "The second.")


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_crew_member_removed_meanwhile_stays_removed_and_nothing_else_is_lost(
    place, desk, mission
):
    make.make_flight(make.make_astronaut("Cai Weng"), mission)
    names = ["Ben Orth", "Ada Vega", "Cai Weng"]  # A crew comes by family name.
    values = opened(desk, mission) | {"notes": "Kept"}
    values |= {f"launch_flights-{number}-role": f"Role {number}" for number in range(3)}
    mission.launch_flights.get(astronaut__name=names[place]).delete()
    response = desk.post(url("change", mission), values)
    assert texts(response)["flight, removed meanwhile"]["role"] == ("–", f"Role {place}")
    form = typed(response)
    left = [number for number in range(3) if number != place]
    assert [form.get(f"launch_flights-{number}-role") for number in left] == [
        f"Role {number}" for number in left
    ]
    assert f"launch_flights-{place}-role" not in form
    page = response.content.decode()
    assert all(f"{names[number]} on Test 1" in page for number in left)
    assert save(desk, url("change", mission), form).status_code == 302
    mission.refresh_from_db()
    assert mission.notes == "Kept"
    assert {str(one.astronaut): one.role for one in mission.launch_flights.all()} == {
        names[number]: f"Role {number}" for number in left
    }


def test_who_may_not_delete_rows_is_not_stuck_where_one_was_removed(client, mission):
    staff = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    may = ("change_mission", "change_flight", "view_flight")
    staff.user_permissions.set(Permission.objects.filter(codename__in=may))
    client.force_login(staff)
    values = opened(client, mission) | {"notes": "Kept"}
    mission.launch_flights.get(astronaut__name="Ada Vega").delete()
    response = client.post(url("change", mission), values)
    assert response.context_data["conflict"]
    assert save(client, url("change", mission), typed(response)).status_code == 302
    mission.refresh_from_db()
    assert mission.notes == "Kept"


def test_a_row_that_can_be_there_but_once_is_said_to_be_there(desk):
    """Two note the same gap, each in a row of their own."""
    flight = make.make_flight(days=9)
    values = opened(desk, flight) | {"notes": "Mine"}
    add_row(values, "spacewalk_gap", note="Mine")
    make.make_spacewalk_gap(flight, "Theirs.")
    response = desk.post(url("change", flight), values)
    assert "already exists" in complaints(response)
    assert "spacewalk_gap-0-note" in typed(response)
    response = desk.post(url("change", flight), typed(response) | {"spacewalk_gap-0-note": ""})
    assert response.status_code == 302, complaints(response)


def test_what_was_typed_for_a_row_deleted_meanwhile_is_shown(desk):
    article = make.make_article(state="draft", published_at=None)
    values = opened(desk, article) | {"body": "Typed\nwith care."}
    address = url("change", article)
    article.delete()
    response = desk.post(address, values)
    assert response.status_code == 409
    page = response.content.decode()
    assert "This article was deleted meanwhile" in page
    assert "Typed<br>with care." in page
    assert "csrf" not in page[page.index("This is what you typed") :]


def test_a_crew_member_added_meanwhile_is_told_of_and_stays(desk, mission):
    values = opened(desk, mission) | {"notes": "Kept"}
    make.make_flight(make.make_astronaut("Cai Weng"), mission)
    response = desk.post(url("change", mission), values)
    assert "flight Cai Weng on Test 1, added meanwhile, and not touched" in texts(response)
    assert save(desk, url("change", mission), typed(response)).status_code == 302
    assert mission.launch_flights.count() == 3


def test_a_crew_member_changed_on_a_page_of_his_own_counts(desk, mission):
    values = opened(desk, mission) | {"notes": "Kept"}
    Flight.objects.filter(astronaut__name="Ada Vega").update(role="Physician")
    response = desk.post(url("change", mission), values)
    assert texts(response)["flight Ada Vega on Test 1"]["role"] == ("Physician", "Commander")


def test_an_invalid_form_says_it_too(desk, mission):
    values = opened(desk, mission) | {"launched_at": "never", "notes": "Mine"}
    save(desk, url("change", mission), opened(desk, mission) | {"notes": "Theirs"})
    response = desk.post(url("change", mission), values)
    assert "Write an instant" in complaints(response)
    assert texts(response)["mission Test 1"]["notes"] == ("Theirs", "Mine")


def test_relations_are_named(desk):
    article = make.make_article(topics=[make.make_topic(name="Red planet")])
    values = opened(desk, article)
    moon = make.make_topic(name="Far side")
    article.topics.set([moon])
    response = desk.post(url("change", article), values | {"headline": "Mine"})
    (found,) = texts(response).values()
    assert found["topics"] == ("Far side", "Red planet")
    assert found["headline"][1] == "Mine"
    assert Article.objects.get(pk=article.pk).headline != "Mine"


@pytest.mark.parametrize("token", ["", "ü", "0" * 64])
def test_a_form_that_does_not_say_when_it_was_opened_is_refused_once(token, desk, mission):
    values = opened(desk, mission) | {"notes": "Mine", "_opened": token}
    response = desk.post(url("change", mission), values)
    assert response.context_data["conflict"]
    assert save(desk, url("change", mission), typed(response)).status_code == 302


@pytest.mark.parametrize("model", EDITED, ids=[model.__name__ for model in EDITED])
def test_no_page_writes_over_what_it_has_not_shown(model, desk):
    row = one_of_each()[model]
    values = opened(desk, row)
    field = next(
        one
        for one in model._meta.fields
        if one.get_internal_type() in ("CharField", "TextField")
        and not one.choices
        and (one.max_length or 99) > len("changed")
    )
    model.objects.filter(pk=row.pk).update(**{field.name: "changed"})
    response = desk.post(url("change", row), values)
    assert response.status_code == 200
    assert response.context_data["conflict"]
    assert getattr(model.objects.get(pk=row.pk), field.name) == "changed"


# The threads commit. Only a test that is transactional from the start is cleaned up after.
@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_of_two_who_save_at_once_one_is_refused(shared_database):
    clients = [each_in_a_thread(lambda name=name: log_in(name))[0] for name in ("ada", "bea")]
    (topic,) = each_in_a_thread(lambda: Topic.objects.order_by("pk").first())
    page = url("change", topic)
    (sent,) = each_in_a_thread(lambda: typed(clients[0].get(page)))
    saves = [
        lambda one=one, word=word: one.post(page, sent | {"description": word})
        for one, word in zip(clients, ("Hers", "Mine"), strict=True)
    ]
    answers = each_in_a_thread(*saves)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    (change,) = refused.context_data["conflict"]["steps"][0]["changes"]
    assert {change["old"], change["new"]} == {"Hers", "Mine"}
    (kept,) = each_in_a_thread(lambda: Topic.objects.get(pk=topic.pk).description)
    assert kept == change["old"]
