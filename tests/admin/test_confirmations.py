import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from records.models import Confirmation
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = pytest.mark.django_db


def test_confirming_takes_one_click_and_keeps_who_did_it(desk, steward):
    values = typed(desk.get(url("add", Confirmation)))
    assert desk.post(url("add", Confirmation), values).status_code == 302
    assert Confirmation.objects.latest().made_by == steward


def test_nobody_signs_for_somebody_else(desk, steward):
    other = get_user_model().objects.create_user("iris")
    values = typed(desk.get(url("add", Confirmation))) | {"made_by": str(other.pk)}
    desk.post(url("add", Confirmation), values)
    assert Confirmation.objects.latest().made_by == steward


def test_the_future_cannot_be_confirmed(desk):
    values = typed(desk.get(url("add", Confirmation))) | {"through_at": "2199-01-01 12:00"}
    response = desk.post(url("add", Confirmation), values)
    assert "Nobody can confirm the future." in complaints(response)


def test_confirmation_is_not_changed_afterwards(desk):
    confirmation = make.make_confirmation(note="As it was.")
    assert desk.post(url("change", confirmation), {"note": "Otherwise."}).status_code == 403
    confirmation.refresh_from_db()
    assert confirmation.note == "As it was."


def test_only_a_superuser_takes_a_confirmation_back(desk, client):
    confirmation = make.make_confirmation()
    steward = get_user_model().objects.create_user("iris", password="x", is_staff=True)
    steward.user_permissions.set(Permission.objects.all())
    assert desk.get(url("delete", confirmation)).status_code == 200
    client.force_login(steward)
    assert client.post(url("delete", confirmation), {"post": "yes"}).status_code == 403
    assert Confirmation.objects.filter(pk=confirmation.pk).exists()


def test_nobody_confirms_what_came_before_the_record(desk):
    values = {"through_at": "1950-01-01 00:00:00", "note": ""}
    response = desk.post("/admin/records/confirmation/add/", values)
    assert "before October 1957" in response.content.decode()
    assert not Confirmation.objects.filter(through_at__year=1950).exists()
