"""The front page."""

import re

import pytest

from records.models import Leaderboard

pytestmark = pytest.mark.usefixtures("site")


def test_the_front_page_shows_the_top_five_and_links_to_the_board(client, clock):
    clock("2026-11-22T00:00:00Z")
    page = client.get("/")
    assert [one.rank for one in page.context["standings"]] == [1, 2, 3, 4, 5]
    assert page.context["standings"][0].astronaut.slug == "oleg-kononenko"
    assert page.context["leaderboard"].get_absolute_url() in page.content.decode()


def test_the_front_page_says_among_whom_its_ranks_are(client):
    page = client.get("/")
    words = "Ranks are among those whose birth dates are known."
    assert words not in page.content.decode()
    Leaderboard.objects.filter(pk=page.context["leaderboard"].pk).update(metric="oldest")
    assert words in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        ("2026-10-10T00:00:00Z", "10 in space"),
        ("2027-06-01T00:00:00Z", "Nobody in space, 10 unconfirmed"),
    ],
)
def test_the_front_page_counts_only_those_who_are_certainly_in_space(client, now, headline, clock):
    clock(now)
    page = client.get("/").content.decode()
    assert re.search(rf">\s*{headline}\s*<", page)


def test_the_front_page_takes_few_queries(client, django_assert_max_num_queries):
    client.get("/")
    with django_assert_max_num_queries(9):
        assert client.get("/").status_code == 200
