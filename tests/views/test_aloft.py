"""/in-space/: who is there, and how sure anybody is of it."""

import re

import pytest
import time_machine

pytestmark = pytest.mark.usefixtures("site")


def people(page):
    """Astronaut → state, from the page itself."""
    items = re.findall(r'<li class="person is-(\w+)">(.*?)</li>', page.content.decode(), re.S)
    return {re.search(r"/astronauts/([^/]+)/", text)[1]: state for state, text in items}


@pytest.mark.parametrize(
    ("now", "state", "headline"),
    [
        ("2026-10-10T00:00:00Z", "in_flight", "10 in space"),
        ("2026-11-22T00:00:00Z", "presumed", "10 in space"),
        ("2027-06-01T00:00:00Z", "unconfirmed", "Nobody in space, 10 unconfirmed"),
    ],
)
def test_who_is_in_space_is_as_sure_as_the_data(client, now, state, headline):
    with time_machine.travel(now, tick=False):
        page = client.get("/in-space/")
    assert people(page)["anil-menon"] == state
    assert len(people(page)) == 10
    assert re.search(r"<h1[^>]*>\s*(.*?)\s*</h1>", page.content.decode(), re.S)[1] == headline


def test_an_old_crew_is_in_space_at_its_time(client):
    page = client.get("/in-space/", {"at": "1969-07-20T20:18Z"})
    assert people(page) == {
        "neil-armstrong": "in_flight",
        "buzz-aldrin": "in_flight",
        "michael-collins": "in_flight",
    }


def test_nobody_was_in_space_before_gagarin(client):
    page = client.get("/in-space/", {"at": "1961-04-11"})
    assert people(page) == {}
    assert "Nobody was in space" in page.content.decode()


def test_the_page_takes_two_queries_however_many_are_aloft(client, django_assert_max_num_queries):
    client.get("/in-space/")
    with django_assert_max_num_queries(2):
        assert len(people(client.get("/in-space/", {"at": "2024-09-11T20:00Z"}))) == 19
