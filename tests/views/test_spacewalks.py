"""/spacewalks/: every EVA in our data, and one with its crew."""

from datetime import timedelta

import pytest

from records.ledger import Ledger
from records.models import Spacewalk
from tests.factories import (
    make_article,
    make_flight,
    make_mission,
    make_spacewalk,
    make_spacewalk_crew,
)

pytestmark = pytest.mark.usefixtures("site")


def listed(page):
    return [one.slug for one in page.context["page"].object_list]


def test_spacewalks_are_listed_newest_first_with_their_sum(client, clock):
    clock("2026-11-22T00:00:00Z")
    page = client.get("/spacewalks/")
    starts = [one.started_at for one in page.context["page"].object_list]
    assert starts == sorted(starts, reverse=True)
    known = Spacewalk.objects.exclude(duration_precision="unknown")
    total = sum((one.duration for one in known), timedelta())
    # Five are known only about, and of three nobody knows how long they were.
    total -= 5 * timedelta(minutes=30)
    hours, minutes = divmod(round(total.total_seconds()) // 60, 60)
    count = Spacewalk.objects.count()
    assert page.context["caption"] == f"{count} spacewalks, at least {hours} h {minutes} m in all"


def test_every_spacewalk_is_on_one_of_the_pages(client):
    slugs, number = [], 1
    while True:
        page = client.get("/spacewalks/", {"page": number})
        slugs += listed(page)
        if not page.context["page"].has_next():
            break
        number += 1
    assert sorted(slugs) == sorted(Spacewalk.objects.values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("query", "slug", "count"),
    [
        ({"year": "1965"}, "eva-1965-03-18", 2),
        ({"kind": "lunar-surface"}, None, 14),
        ({"kind": "deep-space"}, None, 3),
        ({"station": "skylab"}, None, 10),
        ({"station": "iss", "at": "2018-02-02"}, None, 207),
        ({"agency": "cmsa", "at": "2025-12-09T23:00Z"}, None, 25),
    ],
)
def test_spacewalks_are_narrowed_by_each_filter(client, query, slug, count):
    page = client.get("/spacewalks/", query)
    assert page.context["page"].paginator.count == count
    assert slug is None or slug in listed(page)


def test_filters_that_nothing_fits_say_so(client):
    page = client.get("/spacewalks/", {"year": "1965", "station": "iss"})
    assert "No spacewalk" in page.content.decode()
    assert "No spacewalk" in client.get("/spacewalks/", {"at": "1957-10-05"}).content.decode()


# One


def test_a_spacewalk_has_its_crew_its_times_and_its_neighbours(client):
    page = client.get("/spacewalks/eva-1965-06-03/")
    text = page.content.decode()
    assert 'href="/astronauts/ed-white/"' in text
    assert 'href="/missions/gemini-4/"' in text
    assert page.context["earlier"].slug == "eva-1965-03-18"
    assert page.context["later"].started_at > page.context["spacewalk"].started_at
    assert "the time of day is not in our data" in text
    assert "about 20 minutes outside" in text
    assert "the time of day" not in client.get("/spacewalks/eva-1965-03-18/").content.decode()


def test_the_first_and_the_last_have_one_neighbour(client):
    first = Spacewalk.objects.order_by("started_at", "slug").first()
    last = Spacewalk.objects.order_by("started_at", "slug").last()
    assert client.get(first.get_absolute_url()).context["earlier"] is None
    assert client.get(last.get_absolute_url()).context["later"] is None


def test_two_of_one_instant_are_neighbours(client):
    one, other = (
        make_spacewalk(
            make_flight(days=10, launched_at="1999-03-01"), slug=slug, started_at="1999-03-02T12:00"
        )
        for slug in ("aa", "bb")
    )
    assert client.get(one.get_absolute_url()).context["later"] == other
    assert client.get(other.get_absolute_url()).context["earlier"] == one


def test_a_shorter_part_is_shown_beside_its_astronaut(client):
    flights = [make_flight(days=10, launched_at="1999-03-01")]
    walk = make_spacewalk(*flights, duration=timedelta(hours=6))
    other = make_flight(launch_mission=flights[0].launch_mission)
    make_spacewalk_crew(walk, other, duration=timedelta(hours=2, minutes=5))
    assert "2 h 5 m" in client.get(walk.get_absolute_url()).content.decode()


def test_stories_about_the_mission_stand_below(client):
    walk = Spacewalk.objects.get(slug="eva-1965-06-03")
    article = make_article(missions=[walk.mission])
    assert article.get_absolute_url() in client.get(walk.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/spacewalks/?year=65", 400),
        ("/spacewalks/?kind=walk", 400),
        ("/spacewalks/?station=hubble", 400),
        ("/spacewalks/?agency=%27", 400),
        ("/spacewalks/?page=0", 404),
        ("/spacewalks/?colour=red", 200),
        ("/spacewalks/eva-1964/", 404),
        ("/spacewalks/eva-1965-06-03/?ref=elsewhere", 200),
    ],
)
def test_a_bad_question_is_answered_in_words(client, address, status):
    assert client.get(address).status_code == status


def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    Ledger.current()
    with django_assert_max_num_queries(10):
        assert len(listed(client.get("/spacewalks/"))) == 50
    flights = [make_flight(days=10, launched_at="1999-03-01") for _ in range(8)]
    walk = make_spacewalk(*flights)
    client.get(walk.get_absolute_url())  # The ledger and the evidence are kept from here on.
    with django_assert_max_num_queries(8):
        assert len(client.get(walk.get_absolute_url()).context["crew"]) == 8


def test_a_crew_that_was_lost_later_is_told_as_such(client):
    ship = make_mission(launched_at="1999-03-01", landed_at="1999-03-12", lost=True)
    walk = make_spacewalk(make_flight(launch_mission=ship))
    assert "lost with the craft" in client.get(walk.get_absolute_url()).content.decode()
