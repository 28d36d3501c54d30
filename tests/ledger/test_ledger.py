"""The ledger: loaded in a few queries, kept while the facts stand, renewed when they change."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from records.book.criteria import Category
from records.book.forecast import Look
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.instants import isoformat
from records.ledger import Ledger
from records.models import (
    Astronaut,
    Flight,
    Leaderboard,
    Mission,
    SpacewalkCrew,
    SpacewalkGap,
    SurfaceStay,
)
from tests import whole_record
from tests.factories import (
    instant,
    make_agency,
    make_astronaut,
    make_confirmation,
    make_country,
    make_flight,
    make_leaderboard,
    make_mission,
    make_spacecraft,
    make_spacewalk,
    make_station,
    make_topic,
)

AT = instant("2010-01-01")
COLD, WARM = 7, 1


@pytest.fixture
def flight(db):
    return make_flight(make_astronaut("Ada Vega"), days=10)


def days(ledger, slug="ada-vega"):
    """How long each flight of the career has lasted."""
    return [
        one.seconds / 86_400 for one in ledger.careers[slug].at(AT, ledger.confirmation).flights
    ]


# Queries


def test_everything_is_loaded_in_seven_queries_and_kept_for_one(flight, django_assert_num_queries):
    station = make_station()
    for _ in range(12):
        ship = make_mission(landed_at="1999-04-01", stations=[station])
        flights = [make_flight(launch_mission=ship) for _ in range(3)]
        make_spacewalk(*flights)
        make_leaderboard(country=make_country(), agency=flights[0].agency, station=station)
    with django_assert_num_queries(COLD):
        first = Ledger.current()
    with django_assert_num_queries(WARM):
        assert Ledger.current() is first


def test_a_question_costs_no_query(flight, django_assert_num_queries):
    row = make_leaderboard(programme="Test")
    ledger = Ledger.current()
    with django_assert_num_queries(0):
        assert len(ledger.standings(row, AT)) == 1
        assert ledger.aloft(AT)


def test_without_flights_the_ledger_is_empty(db):
    whole_record.empty(SurfaceStay, SpacewalkCrew, SpacewalkGap, Flight)
    ledger = Ledger.current()
    assert ledger.careers == {}
    assert ledger.aloft(AT) == []


# What it holds


def test_flights_are_numbered_in_order_of_launch(flight):
    make_flight(flight.astronaut, days=5, launched_at="2005-01-01")
    make_flight(flight.astronaut, days=5, launched_at="1990-01-01")
    flights = Ledger.current().careers["ada-vega"].flights
    assert [(one.number, one.launched_at.year) for one in flights] == [
        (1, 1990),
        (2, 1999),
        (3, 2005),
    ]


def test_whoever_never_flew_has_no_career(flight):
    make_astronaut("Bo Lind")
    assert "bo-lind" not in Ledger.current().careers


def test_a_crew_members_own_duration_counts_before_the_spacewalks(flight):
    other = make_flight(launch_mission=flight.launch_mission)
    walk = make_spacewalk(flight, other, duration=timedelta(hours=6))
    SpacewalkCrew.objects.filter(spacewalk=walk, flight=other).update(
        duration=timedelta(hours=2), duration_precision="minute"
    )
    careers = Ledger.current().careers
    assert careers["ada-vega"].spacewalks[0].seconds == 6 * 3600
    assert careers[other.astronaut.slug].spacewalks[0].seconds == 2 * 3600


def test_successor_states_are_combined_where_the_leaderboard_says_so(flight):
    heir = make_country("ZZH")
    union = make_country("ZZU", successor=heir)
    make_flight(days=5, nationality=union)
    make_flight(days=7, nationality=heir)
    combined = make_leaderboard(country=heir, successors=True)
    apart = make_leaderboard(country=heir)
    ledger = Ledger.current()
    assert len(ledger.standings(combined, AT)) == 2
    assert len(ledger.standings(apart, AT)) == 1


def test_every_field_of_a_leaderboard_reaches_its_rule(flight):
    row = make_leaderboard(
        metric="total-time",
        threshold=3,
        sex="F",
        country=make_country("USA"),
        agency=make_agency("test-agency"),
        station=make_station("test-station"),
        spacecraft_family="Soyuz",
        programme="Mir",
        role="Commander",
        first_flights_only=True,
        landed_only=True,
        launched_from="1990-01-01",
        launched_until="1999-12-31",
        boundary="100km",
    )
    row.refresh_from_db()
    rule = Ledger.current().rule(row)
    assert (rule.metric.key, rule.threshold) == ("total-time", 3)
    assert rule.category.active == {
        "boundary": "100km",
        "sex": "F",
        "countries": frozenset({"USA"}),
        "agency": "test-agency",
        "station": "test-station",
        "family": "Soyuz",
        "programme": "Mir",
        "role": "Commander",
        "first_only": True,
        "landed_only": True,
        "launched_from": row.launched_from,
        "launched_until": row.launched_until,
    }


def test_who_is_aloft_is_told_first_launched_first(db):
    late = make_flight(make_astronaut("Zoe Abel"), launched_at="2009-03-01")
    make_flight(make_astronaut("Ada Vega"), launched_at="2009-01-01")
    make_flight(make_astronaut("Bo Lind"), launch_mission=late.launch_mission)
    make_flight(make_astronaut("Cy Moss"), days=10)
    careers = Ledger.current().aloft(AT)
    launches = [career.aloft.launched_at for career in careers]
    assert launches == sorted(launches)
    ours = [
        career.astronaut.name
        for career in careers
        if career.aloft.launch_mission.programme == "Test"
    ]
    assert ours == ["Ada Vega", "Zoe Abel", "Bo Lind"]


def test_the_latest_confirmation_counts(flight):
    make_confirmation("2026-10-20")
    make_confirmation("2005-01-01")
    assert Ledger.current().confirmation.through_at == instant("2026-10-20")


def test_the_grace_period_is_the_setting(flight, settings):
    settings.GRACE_PERIOD_DAYS = 3
    make_confirmation("2009-12-30")
    assert Ledger.current().confirmation.grace == timedelta(days=3)


# Renewed


def save(flight):
    flight.landing_mission.landed_at += timedelta(days=1)
    flight.landing_mission.save()


def update(flight):
    Mission.objects.filter(pk=flight.landing_mission_id).update(
        landed_at=instant("1999-03-12T12:00")
    )


def bulk_update(flight):
    flight.landing_mission.landed_at += timedelta(days=1)
    Mission.objects.bulk_update([flight.landing_mission], ["landed_at"])


def raw_sql(flight):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_mission SET landed_at = '1999-03-12 12:00:00' WHERE id = %s",
            [flight.landing_mission_id],
        )


@pytest.mark.parametrize("change", [save, update, bulk_update, raw_sql])
def test_the_ledger_follows_a_changed_landing(flight, change):
    assert days(Ledger.current()) == [10]
    change(flight)
    assert days(Ledger.current()) == [11]


def delete_row(flight):
    flight.delete()


def delete_by_query(flight):
    Flight.objects.filter(pk=flight.pk).delete()


def delete_by_sql(flight):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_flight WHERE id = %s", [flight.pk])


@pytest.mark.parametrize("delete", [delete_row, delete_by_query, delete_by_sql])
def test_the_ledger_follows_a_deleted_flight(flight, delete):
    assert "ada-vega" in Ledger.current().careers
    delete(flight)
    assert "ada-vega" not in Ledger.current().careers


@pytest.mark.parametrize(
    "add",
    [
        lambda flight: make_confirmation("2009-12-30"),
        lambda flight: make_spacewalk(flight),
        lambda flight: make_leaderboard(),
        lambda flight: make_country("ZZZ"),
        lambda flight: make_agency(),
        lambda flight: make_spacecraft(),
        lambda flight: make_station(),
        lambda flight: flight.launch_mission.stations.add(make_station()),
        lambda flight: Astronaut.objects.filter(slug="ada-vega").update(name="Ada V. Vega"),
        lambda flight: Leaderboard.objects.bulk_create(
            [Leaderboard(slug="a", title="A", group="G", metric="total-time")]
        ),
    ],
    ids=[
        "confirmation",
        "spacewalk",
        "leaderboard",
        "country",
        "agency",
        "spacecraft",
        "station",
        "station of a mission",
        "astronaut",
        "bulk",
    ],
)
def test_the_ledger_is_renewed_after_every_kind_of_fact(flight, add):
    before = Ledger.current()
    add(flight)
    after = Ledger.current()
    assert after is not before
    assert Ledger.current() is after


def test_the_ledger_is_kept_when_something_else_changes(flight):
    before = Ledger.current()
    make_topic()
    assert Ledger.current() is before


def test_a_ledger_in_hand_keeps_answering_for_its_own_facts(flight):
    before = Ledger.current()
    flight.delete()
    assert days(before) == [10]


def test_each_change_of_one_transaction_is_seen_in_it(flight):
    with transaction.atomic():
        for expected in (11, 12, 13):
            save(flight)
            assert days(Ledger.current()) == [expected]


def test_what_is_rolled_back_never_was(flight):
    assert days(Ledger.current()) == [10]
    with transaction.atomic():
        save(flight)
        assert days(Ledger.current()) == [11]
        transaction.set_rollback(True)
    assert days(Ledger.current()) == [10]


def test_a_change_after_a_rollback_is_not_taken_for_the_one_rolled_back(flight):
    with transaction.atomic():
        save(flight)
        save(flight)
        assert days(Ledger.current()) == [12]
        transaction.set_rollback(True)
    update(flight)
    assert days(Ledger.current()) == [11]


# Threads


@pytest.fixture
def committed_flight(transactional_db):
    return make_flight(make_astronaut("Ada Vega"), days=10)


def in_threads(count, function):
    def run(_):
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_two_threads_share_one_ledger(committed_flight):
    first, second = in_threads(2, Ledger.current)
    assert first is second


def test_what_one_thread_rolled_back_no_other_ever_sees(committed_flight):
    with transaction.atomic():
        save(committed_flight)
        assert days(Ledger.current()) == [11]
        transaction.set_rollback(True)
    assert in_threads(2, lambda: days(Ledger.current())) == [[10], [10]]


def test_what_was_asked_halfway_through_a_transaction_is_forgotten_when_it_ends(committed_flight):
    with transaction.atomic():
        save(committed_flight)
        assert days(Ledger.current()) == [11]
        save(committed_flight)
    assert days(Ledger.current()) == [12]
    assert in_threads(2, lambda: days(Ledger.current())) == [[12], [12]]


def test_a_change_committed_by_one_thread_is_seen_by_all(committed_flight):
    assert days(Ledger.current()) == [10]
    in_threads(1, lambda: save(committed_flight))
    assert in_threads(2, lambda: days(Ledger.current())) == [[11], [11]]
    assert days(Ledger.current()) == [11]


def test_an_uncommitted_ledger_has_the_careers_of_the_known_one_but_for_those_changed(site):
    other = make_flight(make_astronaut("Bea Vega"), launched_at="2001-01-01", days=3)
    mine = make_flight(make_astronaut("Ada Vega"), launched_at="2001-01-01", days=3)
    known = Ledger.current()
    Mission.objects.filter(pk=mine.launch_mission_id).update(landed_at=instant("2001-01-09"))
    changed = Ledger.uncommitted(known)
    assert changed.careers[other.astronaut.slug] is known.careers[other.astronaut.slug]
    assert changed.careers[mine.astronaut.slug] == Ledger.uncommitted().careers["ada-vega"]
    assert changed.careers["ada-vega"] != known.careers["ada-vega"]


@pytest.fixture
def short_switches():
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def asked_of(ledger, number):
    """A board for each number, narrowed to another day and at another instant; and its forecast,
    which leads to the same board."""
    day = date(1996, 1, 1) + timedelta(days=number)
    rule = Rule(
        METRICS["total-time"], Category(sex="F", programme="Space Shuttle", launched_until=day)
    )
    at = instant("2000-01-01") + timedelta(minutes=number)
    board = [(one.astronaut.slug, one.rank, one.value) for one in ledger.standings(rule, at)]
    return board, ledger.forecast(rule, at, Look()), ledger.total(rule.category, at)


def test_threads_that_ask_boards_at_distinct_instants_get_what_one_alone_would(
    site, short_switches
):
    numbers = range(90)
    alone, shared = Ledger.uncommitted(), Ledger.uncommitted()
    expected = {number: asked_of(alone, number) for number in numbers[::9]}

    def ask(first):
        return {number: asked_of(shared, number) for number in numbers[first:]}

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    for answers in found:
        assert {one: answers[one] for one in expected if one in answers} == {
            one: answer for one, answer in expected.items() if one in answers
        }


def test_threads_that_ask_pages_at_distinct_instants_get_them(committed_flight, short_switches):
    client = Client()

    def ask(number):
        at = isoformat(AT + timedelta(minutes=number))
        address = ("/records/total-time-in-space-women.json", "/in-space.json")[number % 2]
        try:
            response = client.get(address, {"at": at})
            return response.status_code, response.json()["at"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(24)))
    assert found == [(200, isoformat(AT + timedelta(minutes=number))) for number in range(24)]
