"""What the record book knows of one astronaut, on the real record."""

from datetime import UTC, datetime

import pytest

from records.book.careers import State
from records.ledger import Ledger
from records.ledger.profiles import companions, places, records_held
from tests import whole_record
from tests.factories import instant, make_astronaut, make_flight, make_leaderboard, make_mission

AT = datetime(2026, 11, 22, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(db):
    return Ledger.current()


def place_of(ledger, slug, board, at=AT):
    return next(one for one in places(ledger, slug, at) if one.leaderboard.slug == board)


def test_a_place_is_the_row_of_the_board_with_its_neighbours(ledger):
    place = place_of(ledger, "gennady-padalka", "total-time-in-space")
    board = ledger.standings(place.leaderboard, AT)
    assert (place.standing.rank, place.total) == (2, len(board))
    assert place.above.astronaut.slug == "oleg-kononenko"
    assert place.below.astronaut.slug == board[2].astronaut.slug


def test_the_first_has_nobody_above_and_the_last_nobody_below(ledger):
    assert place_of(ledger, "oleg-kononenko", "total-time-in-space").above is None
    last = ledger.standings(ledger.leaderboards["year-in-space"], AT)[-1].astronaut.slug
    assert place_of(ledger, last, "year-in-space").below is None


def test_the_best_rank_ever_is_remembered_after_others_have_passed(ledger):
    place = place_of(ledger, "sergei-krikalev", "total-time-in-space")
    assert place.standing.rank > 1
    assert place.best.rank == 1
    assert place.best_at == datetime(2005, 10, 11, 1, 9, 48, tzinfo=UTC)


def test_the_best_rank_ever_is_never_worse_than_the_present_one(ledger):
    for slug in ("frank-rubio", "peggy-whitson", "lai-ka-ying", "yuri-gagarin"):
        for place in places(ledger, slug, AT):
            assert place.best.rank <= place.standing.rank
            assert place.best_at <= AT


def test_best_ranks_know_nothing_of_what_came_after_the_instant(ledger):
    at = datetime(2000, 1, 1, tzinfo=UTC)
    assert all(one.best_at <= at for one in places(ledger, "sergei-krikalev", at))


def test_records_are_held_from_the_second_of_passing_to_that_of_being_passed(ledger):
    held = {one.leaderboard.slug: one for one in records_held(ledger, "gennady-padalka", AT)}
    total = held["total-time-in-space"]
    assert total.begin == datetime(2015, 6, 28, 23, 0, 8, tzinfo=UTC)
    assert total.end == datetime(2024, 2, 4, 8, 30, 18, tzinfo=UTC)
    assert not total.shared


def test_a_record_held_now_has_no_end(ledger):
    held = {one.leaderboard.slug: one for one in records_held(ledger, "frank-rubio", AT)}
    assert held["longest-spaceflight-americans"].end is None


def test_a_crew_holds_its_record_together(ledger):
    held = {one.leaderboard.slug: one for one in records_held(ledger, "musa-manarov", AT)}
    assert held["longest-spaceflight"].shared


@pytest.mark.parametrize(
    "slug", ["vladimir-komarov", "georgy-dobrovolsky", "viktor-patsayev", "vladislav-volkov"]
)
def test_a_flight_that_ended_with_the_loss_of_the_craft_is_praised_for_nothing(ledger, slug):
    lost = ledger.careers[slug].flights[-1]
    assert all(one.end <= lost.launched_at for one in records_held(ledger, slug, AT) if one.end)
    for place in places(ledger, slug, AT):
        if place.standing.lost:
            assert (place.best, place.best_at) == (None, None)


def test_while_it_went_on_nobody_knew_of_the_loss(ledger):
    at = datetime(1971, 6, 25, tzinfo=UTC)
    held = {one.leaderboard.slug for one in records_held(ledger, "viktor-patsayev", at)}
    assert "longest-spaceflight" in held


def test_company_is_who_was_on_the_same_ship_up_or_down(ledger):
    found = {
        one.astronaut.slug: {mission.slug for mission in one.missions}
        for one in companions(ledger, "frank-rubio", AT)
    }
    assert found == {
        "sergey-prokopyev": {"soyuz-ms-22", "soyuz-ms-23"},
        "dmitri-petelin": {"soyuz-ms-22", "soyuz-ms-23"},
    }


def test_there_is_no_company_before_the_launch(ledger):
    assert companions(ledger, "frank-rubio", datetime(2020, 1, 1, tzinfo=UTC)) == []


def test_a_record_passed_by_a_flight_that_nobody_confirmed_says_so(client, clock):
    """Who passed the record while presumed to be up may have landed long before, unheard of."""
    whole_record.empty()
    make_flight(make_astronaut("Ada Vega"), launched_at="2001-01-01", days=10)
    ship = make_mission(launched_at="2002-01-01", planned_landing_at="2002-03-01")
    make_flight(make_astronaut("Bo Lind"), ship)
    make_leaderboard("longest", metric="longest-flight")
    clock("2002-02-01T00:00:00Z")
    (held,) = records_held(Ledger.current(), "bo-lind", instant("2002-02-01"))
    assert held.state is State.PRESUMED
    clock("2002-04-01T00:00:00Z")
    (held,) = records_held(Ledger.current(), "bo-lind", instant("2002-04-01"))
    assert held.end == instant("2002-03-02T00:00:01")
    assert held.state is State.PRESUMED
    for address in ("/astronauts/bo-lind/", "/watch/"):
        assert "in flight, presumed" in client.get(address).content.decode()
