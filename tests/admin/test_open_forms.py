"""Who else has a form open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from records.instants import read_clock
from records.ledger.open_forms import open_at
from tests import factories as make
from tests.admin.pages import log_in, typed, url
from tests.factories import instant

pytestmark = pytest.mark.django_db
NOON = instant("2026-12-01T12:00:00")


@pytest.fixture
def topic():
    return make.make_topic()


def say(client, row, copy="c1", **words):
    """What a form says when it is open, and what it is told."""
    sent = {"page": url("change", row), "copy": copy, "saves": "0", **words}
    return client.post(reverse("admin:open"), sent)


def told(client, row, copy="c1", **words):
    return say(client, row, copy, **words).json()["words"]


def test_each_of_two_is_told_of_the_other(desk, topic, clock):
    clock(NOON)
    mara = log_in("mara")
    assert told(mara, topic, arrived="1") == []
    clock(NOON + timedelta(minutes=0, seconds=40))
    assert told(desk, topic, arrived="1") == ["mara has this open, since 12:00 UTC."]
    assert told(mara, topic) == ["grace has this open, since 12:00 UTC."]
    page = desk.get(url("change", topic)).content.decode()
    assert "mara has this open, since 12:00 UTC." in page
    assert "You have this open" not in page


def test_another_tab_of_ones_own_is_told_from_somebody_else(desk, topic, clock):
    clock(NOON)
    told(desk, topic, "c1", arrived="1")
    assert told(desk, topic, "c2", arrived="1") == [
        "You have this open in another tab, since 12:00 UTC."
    ]
    assert told(desk, topic, "c1") == ["You have this open in another tab, since 12:00 UTC."]


def test_who_closes_it_or_is_silent_for_a_minute_is_gone(desk, topic, clock):
    mara = log_in("mara")
    clock(NOON)
    told(mara, topic)
    say(mara, topic, closed="1")
    assert told(desk, topic) == []
    told(mara, topic)
    clock(NOON + timedelta(seconds=59))
    assert told(desk, topic)
    clock(NOON + timedelta(seconds=60))
    assert told(desk, topic) == []


def test_a_form_without_scripts_is_open_for_a_minute(desk, topic, clock):
    clock(NOON)
    mara = log_in("mara")
    mara.get(url("change", topic))
    assert told(desk, topic) == ["mara has this open, since 12:00 UTC."]
    told(mara, topic, "c7", arrived="1")
    assert told(desk, topic) == ["mara has this open, since 12:00 UTC."]
    clock(NOON + timedelta(minutes=1))
    assert told(desk, topic) == []


def test_another_page_is_nobody_elses(desk, topic):
    told(log_in("mara"), make.make_topic())
    assert told(desk, topic) == []


def test_a_save_meanwhile_is_said_while_the_form_is_open(desk, topic):
    form = desk.get(url("change", topic))
    saves = str(form.context_data["saves"])
    mara = log_in("mara")
    mara.post(url("change", topic), typed(mara.get(url("change", topic))) | {"name": "Hers"})
    *_, words = told(desk, topic, saves=saves)
    assert words.startswith("mara saved this at ")
    assert "merged with it when you save" in words
    again = str(desk.get(url("change", topic)).context_data["saves"])
    assert not any("saved" in words for words in told(desk, topic, saves=again))


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ({"copy": ""}, 400),
        ({"copy": "Ü"}, 400),
        ({"saves": "x"}, 400),
        ({"saves": "9" * 30}, 400),
        ({"page": ""}, 404),
        ({"page": "/admin/"}, 404),
        ({"page": "/nowhere/"}, 404),
        ({"page": "/admin/records/topic/0/change/"}, 404),
        ({"page": "/admin/records/topic/" + "9" * 30 + "/change/"}, 404),
        ({"page": "/admin/records/topic/x\x00/change/"}, 404),
        ({"page": "/admin/records/topic/" + "1" * 300 + "/change/"}, 404),
    ],
)
def test_what_no_form_says_is_refused(words, status, desk, topic):
    sent = {"page": url("change", topic), "copy": "c1", "saves": "0"} | words
    assert desk.post(reverse("admin:open"), sent).status_code == status
    assert open_at(url("change", topic), read_clock()) == []


def test_nobody_is_told_of_forms_that_they_may_not_change(client, topic, django_user_model):
    told(log_in("mara"), topic)
    client.force_login(django_user_model.objects.create_user("ben", is_staff=True))
    assert say(client, topic).status_code == 404
    client.logout()
    assert say(client, topic).status_code == 401
    assert [one.name for one in open_at(url("change", topic), read_clock())] == ["mara"]
