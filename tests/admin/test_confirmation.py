"""“Everyone aloft as listed, as of now”: one click."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection

from records.models import Confirmation
from tests import factories as make
from tests.admin.pages import each_in_a_thread, log_in, typed

pytestmark = pytest.mark.django_db

NOW = "/admin/records/confirmation/now/"


@pytest.fixture
def at(clock):
    """The instant that the desk's clock shows: three weeks after the last confirmation."""
    at = Confirmation.objects.latest().through_at + timedelta(days=21)
    clock(at)
    return at


def staff_with(*permissions):
    user = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_page_lists_who_is_aloft_and_what_is_overdue(desk, at):
    late = make.make_mission(
        "late-1", launched_at=at - timedelta(days=60), planned_landing_at=at - timedelta(days=2)
    )
    make.make_flight(make.make_astronaut("Ada Vega"), late)
    page = desk.get(NOW).content.decode()
    assert "Ada Vega" in page
    assert "21 days ago" in page
    assert "its landing was planned for" in page
    assert "only presumed" in page


def test_landing_planned_for_a_month_is_overdue_when_the_month_is_over(desk, clock, at):
    make.make_mission(
        "late-1",
        launched_at=at - timedelta(days=60),
        planned_landing_at=at.replace(day=1),
        planned_landing_precision="month",
    )
    assert "Late 1" not in desk.get(NOW).content.decode()
    clock(at + timedelta(days=31))
    assert f"planned for {at:%Y-%m} and none" in desk.get(NOW).content.decode()


def test_one_click_confirms_through_now_and_keeps_who_did_it(desk, steward, at):
    response = desk.post(NOW, typed(desk.get(NOW)) | {"note": "Checked with the agencies."})
    assert response.status_code == 302
    row = Confirmation.objects.latest()
    assert (row.through_at, row.made_by, row.note) == (at, steward, "Checked with the agencies.")


def test_pages_know_of_it_at_once(desk, at):
    before = desk.get("/in-space/").content.decode()
    desk.post(NOW, typed(desk.get(NOW)))
    after = desk.get("/in-space/").content.decode()
    assert "presumed" in before.lower()
    assert after != before
    assert f"{at:%Y-%m-%d}" in after


def test_second_click_of_a_double_click_confirms_nothing_more(desk, clock, at):
    count = Confirmation.objects.count()
    sent = typed(desk.get(NOW))
    desk.post(NOW, sent)
    clock(at + timedelta(seconds=1))
    page = desk.post(NOW, sent, follow=True).content.decode()
    assert "nothing more was needed" in page
    assert Confirmation.objects.count() == count + 1


def test_list_that_changed_meanwhile_is_shown_again(desk, at):
    sent = typed(desk.get(NOW)) | {"note": "Typed before."}
    make.make_flight(
        make.make_astronaut("Ada Vega"), make.make_mission(launched_at=at - timedelta(days=1))
    )
    count = Confirmation.objects.count()
    response = desk.post(NOW, sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert "The list has changed" in page
    assert "Ada Vega" in page
    assert "Typed before." in page
    assert Confirmation.objects.count() == count
    assert desk.post(NOW, typed(response)).status_code == 302


@pytest.mark.parametrize(
    ("note", "words"), [("x" * 2001, "at most 2000 characters"), ("a\0b", "Null characters")]
)
def test_a_note_that_cannot_be_kept_is_said_to_be_the_reason(desk, at, note, words):
    count = Confirmation.objects.count()
    page = desk.post(NOW, typed(desk.get(NOW)) | {"note": note}).content.decode()
    assert "Nothing was confirmed." in page
    assert words in page
    assert note[:9] in page
    assert Confirmation.objects.count() == count


def test_whoever_is_confirmed_past_the_plan_is_believed_for_the_grace_period(
    desk, client, clock, at
):
    late = make.make_mission(
        "late-1", launched_at=at - timedelta(days=60), planned_landing_at=at - timedelta(days=2)
    )
    make.make_flight(make.make_astronaut("Ada Vega"), late)
    desk.post(NOW, typed(desk.get(NOW)))

    def state(days):
        clock(at + timedelta(days=days))
        page = desk.get(NOW)
        return next(row for row in page.context_data["rows"] if row["name"] == "Ada Vega")["state"]

    assert (state(0), state(7), state(8)) == ("in flight", "in flight", "unconfirmed")


def test_start_page_says_how_old_the_facts_are_and_what_is_overdue(desk, at):
    make.make_mission(
        "late-1", launched_at=at - timedelta(days=60), planned_landing_at=at - timedelta(days=2)
    )
    page = desk.get("/admin/").content.decode()
    assert "21 days ago" in page
    assert "its landing was planned for" in page


@pytest.mark.parametrize("sent", [{}, {"after": "x", "listed": "\0"}, {"note": "x" * 9000}])
def test_made_up_form_confirms_nothing(desk, at, sent):
    count = Confirmation.objects.count()
    assert desk.post(NOW, sent, follow=True).status_code == 200
    assert Confirmation.objects.count() == count


def test_staff_who_may_add_a_confirmation_may_click(client, at):
    client.force_login(staff_with("add_confirmation"))
    assert "Confirm who is in space now" in client.get("/admin/").content.decode()
    response = client.post(NOW, typed(client.get(NOW)), follow=True)
    assert response.status_code == 200
    assert Confirmation.objects.latest().through_at == at


def test_staff_who_may_not_get_no_page_and_no_button(client, at):
    client.force_login(staff_with("view_confirmation"))
    assert client.get(NOW).status_code == 403
    assert client.post(NOW).status_code == 403
    for page in ("/admin/", "/admin/records/confirmation/"):
        assert "Confirm who is in space now" not in client.get(page).content.decode()


def test_readers_are_asked_to_log_in(client):
    assert client.get(NOW).status_code == 302


# Two stewards at once


# The threads commit. Only a test that is transactional from the start is cleaned up after.
@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_stewards_who_click_at_once_make_one_confirmation(shared_database, at):
    clients = [each_in_a_thread(lambda name=name: log_in(name))[0] for name in ("ada", "bea")]
    (count,) = each_in_a_thread(Confirmation.objects.count)
    (sent,) = each_in_a_thread(lambda: typed(clients[0].get(NOW)))
    clicks = [lambda one=one: one.post(NOW, sent).status_code for one in clients]
    assert each_in_a_thread(*clicks) == [302, 302]
    assert each_in_a_thread(Confirmation.objects.count) == [count + 1]


def test_database_that_is_busy_is_no_crash(desk, at, monkeypatch):
    def refuse(**fields):
        raise OperationalError("database is locked")

    sent = typed(desk.get(NOW))
    monkeypatch.setattr(Confirmation.objects, "create", refuse)
    page = desk.post(NOW, sent).content.decode()
    assert "Somebody else was saving at the same time" in page
