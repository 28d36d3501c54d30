"""Boards that are kept: always what would be measured anew."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.boards import board as kept_board
from records.book.careers import Career, Confirmation
from records.book.categories import Category
from records.book.metrics import METRICS
from records.book.standings import Leaderboard, standings
from tests.book.builders import ALL_KNOWN, career, instant, trip
from tests.book.histories import boundaries, counted, histories, rules
from tests.book.test_properties import HISTORIES, INSTANTS, with_a_plan

KEYS = st.sampled_from([key for key, metric in METRICS.items() if not metric.counts_people])
SECOND = timedelta(seconds=1)


def known(rows):
    return [
        (one.rank, one.tied, one.astronaut.slug, one.value, one.state, one.reached_at)
        for one in rows
    ]


@given(HISTORIES, INSTANTS, INSTANTS, st.floats(0, 1), KEYS, st.sampled_from([None, 1, 9]))
@settings(max_examples=200)
def test_a_kept_board_is_what_would_be_measured_anew(
    careers, at, confirmed, share, metric, threshold
):
    careers = [
        Career.of(one.astronaut, [with_a_plan(flight) for flight in one.flights]) for one in careers
    ]
    confirmation = Confirmation(confirmed, timedelta(7))
    rule = Leaderboard(METRICS[metric], Category(boundary="80km"), threshold)
    kept = kept_board(rule, careers, at, confirmation, settled={})
    until = kept.until or at + timedelta(days=4000)
    somewhen = at + timedelta(seconds=int((until - at - SECOND).total_seconds() * share))
    for instant_asked in {at, somewhen, until - SECOND}:
        assert kept.holds(instant_asked)
        assert known(kept.at(instant_asked)) == known(
            standings(rule, careers, instant_asked, confirmation)
        )


def test_it_stands_until_the_second_of_passing():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Lind", trip("2001-01-01")),
    ]
    confirmation = Confirmation(instant("2100-01-01"), timedelta(7))
    rule = Leaderboard(METRICS["longest-flight"], Category())
    kept = kept_board(rule, careers, instant("2001-01-05"), confirmation, settled={})
    assert kept.until == instant("2001-01-11")
    assert not kept.holds(kept.until)


def test_rows_of_careers_that_are_over_are_not_measured_again():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Lind", trip("2001-01-01")),
    ]
    confirmation = Confirmation(instant("2100-01-01"), timedelta(7))
    rule = Leaderboard(METRICS["longest-flight"], Category())
    kept = kept_board(rule, careers, instant("2001-01-05"), confirmation, settled={})
    rows = kept.at(instant("2001-01-06"))
    assert rows[0] is kept.rows[0]
    assert rows[1].value.amount == 5 * 86_400


@settings(max_examples=100, deadline=None)
@given(histories(), rules(), INSTANTS, st.data())
def test_a_kept_board_holds_for_each_flight_and_each_spacewalk_too(history, rule, at, data):
    careers, settled = counted(rule, history.careers), {}
    kept = kept_board(rule, careers, at, history.confirmation, settled=settled)
    for later in data.draw(st.lists(INSTANTS, min_size=3, max_size=8)):
        if kept.holds(later):
            assert kept.at(later) == standings(rule, careers, later, history.confirmation)
    for later in boundaries(careers, [], history):
        if kept.holds(later):
            assert kept.at(later) == standings(rule, careers, later, history.confirmation)


def test_the_next_launch_ends_a_board_of_every_flight():
    flights = trip("2000-01-01", "2000-01-11"), trip("2001-01-01", "2001-01-21")
    rule = Leaderboard(METRICS["longest-flight"], Category(), None, "flight")
    careers = counted(rule, [career("Ada Vega", *flights, trip("2005-01-01", "2005-01-02"))])
    kept = kept_board(rule, careers, instant("2000-06-01"), ALL_KNOWN, settled={})
    assert kept.until == instant("2001-01-01")
