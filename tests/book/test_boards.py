"""Boards that are kept: always what would be measured anew."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.boards import Board
from records.book.careers import Career, Confirmation
from records.book.criteria import Category
from records.book.metrics import METRICS
from records.book.progression import progression
from records.book.standings import Leaderboard, row_at, row_key, standings
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
    kept = Board(rule, careers, at, confirmation, settled={})
    until = kept.until or at + timedelta(days=4000)
    somewhen = at + timedelta(seconds=int((until - at - SECOND).total_seconds() * share))
    for instant_asked in {at, somewhen, until - SECOND}:
        assert kept.holds(instant_asked)
        assert known(kept.at(instant_asked)) == known(
            standings(rule, careers, instant_asked, confirmation)
        )


def test_it_stands_on_while_one_passes_another():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Lind", trip("2001-01-01")),
    ]
    confirmation = Confirmation(instant("2100-01-01"), timedelta(7))
    rule = Leaderboard(METRICS["longest-flight"], Category())
    kept = Board(rule, careers, instant("2001-01-05"), confirmation, settled={})
    passes_at = instant("2001-01-11")
    assert kept.holds(passes_at)
    for at, ranks in ((-SECOND, [1, 2]), (timedelta(0), [1, 1]), (SECOND, [1, 2])):
        assert [one.rank for one in kept.at(passes_at + at)] == ranks
    assert kept.at(passes_at + SECOND)[0].astronaut.name == "Bo Lind"


def test_a_clock_that_nobody_confirms_stands_behind_a_record_that_rises_past_it():
    """It is first only by what is not certain, until the record has come as far."""
    careers = [
        career("Ada Vega", trip("2001-01-01", plan_ends_at=instant("2001-01-21"))),
        career("Bo Lind", trip("2001-01-11")),
    ]
    confirmation = Confirmation(instant("2001-01-12"), timedelta(400))
    rule = Leaderboard(METRICS["longest-flight"], Category())
    kept = Board(rule, careers, instant("2001-01-25"), confirmation, settled={})
    for day in (25, 28, 30, 31):
        at = instant(f"2001-01-{day}")
        assert kept.holds(at)
        assert list(kept.at(at)) == standings(rule, careers, at, confirmation)
        assert kept.at(at)[0].astronaut.name == "Bo Lind"


def test_rows_of_careers_that_are_over_are_not_measured_again():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Lind", trip("2001-01-01")),
    ]
    confirmation = Confirmation(instant("2100-01-01"), timedelta(7))
    rule = Leaderboard(METRICS["longest-flight"], Category())
    kept = Board(rule, careers, instant("2001-01-05"), confirmation, settled={})
    before, after = (kept.at(instant(f"2001-01-0{day}")) for day in (5, 6))
    assert before[0].mark is after[0].mark
    assert after[1].value.amount == 5 * 86_400


@settings(max_examples=150, deadline=None)
@given(histories(people=9, most_missions=12), rules(), INSTANTS, st.data())
def test_a_kept_board_holds_until_something_happens(history, rule, at, data):
    careers, settled = counted(rule, history.careers), {}
    kept = Board(rule, careers, at, history.confirmation, settled=settled)
    asked = data.draw(st.lists(INSTANTS, min_size=3, max_size=8))
    for later in (*asked, *boundaries(careers, [], history)):
        if kept.holds(later):
            assert list(kept.at(later)) == standings(rule, careers, later, history.confirmation)


@settings(max_examples=150, deadline=None)
@given(histories(people=9, most_missions=12), rules(), INSTANTS, st.data())
def test_a_part_of_a_table_is_that_part_of_the_standings(history, rule, at, data):
    careers = counted(rule, history.careers)
    kept = Board(rule, careers, at, history.confirmation, settled={})
    later = data.draw(INSTANTS.filter(lambda instant: instant >= at))
    table = kept.at(later if kept.holds(later) else at)
    whole = standings(rule, careers, table.at, history.confirmation)
    assert len(table) == len(whole)
    places = st.integers(0, len(whole) + 1)
    begin, end = data.draw(places), data.draw(places)
    assert table[begin:end] == whole[begin:end]
    for place, standing in enumerate(whole):
        assert table[place] == standing
        assert table[place - len(whole)] == standing
        assert table.find(row_key(standing.career, rule.each)) == (place, standing)
    assert table.find("nobody-of-that-name") is None
    with pytest.raises(IndexError):
        table[len(whole)]


@settings(max_examples=150, deadline=None)
@given(histories(people=9, most_missions=12), rules(), st.lists(INSTANTS, min_size=4))
def test_a_rank_of_before_is_that_of_the_standings_then(history, rule, instants):
    if rule.each:
        rule = replace(rule, each="")
    careers = counted(rule, history.careers)
    *earlier, at = sorted(instants)
    kept = Board(rule, careers, at, history.confirmation, settled={})
    for before in earlier:
        then = standings(rule, careers, before, history.confirmation)
        ranks = {one.astronaut.slug: one.rank for one in then}
        for one in careers:
            assert kept.rank_before(one, before) == ranks.get(one.astronaut.slug)


def test_the_next_launch_ends_a_board_of_every_flight():
    flights = trip("2000-01-01", "2000-01-11"), trip("2001-01-01", "2001-01-21")
    rule = Leaderboard(METRICS["longest-flight"], Category(), None, "flight")
    careers = counted(rule, [career("Ada Vega", *flights, trip("2005-01-01", "2005-01-02"))])
    kept = Board(rule, careers, instant("2000-06-01"), ALL_KNOWN, settled={})
    assert kept.until == instant("2001-01-01")


@settings(max_examples=300, deadline=None)
@given(histories(people=9, most_missions=12), rules(), INSTANTS)
def test_whoever_held_a_record_was_not_behind_for_certain_all_the_time(history, rule, at):
    if rule.each:
        rule = replace(rule, each="")
    confirmation, careers = history.confirmation, counted(rule, history.careers)
    kept = Board(rule, careers, at, confirmation, settled={})
    by_slug = {one.astronaut.slug: one for one in careers}
    for change in progression(rule, careers, at, confirmation):
        for holder in change.holders:
            assert any(
                (row := row_at(rule, by_slug[holder.slug], flight.landed_at or at, confirmation))
                and not kept.is_behind(row[0].value, flight.launched_at)
                for flight in by_slug[holder.slug].flights
            )


@settings(max_examples=50, deadline=None)
@given(histories(people=9, most_missions=12), INSTANTS, st.integers(0, 9))
def test_the_first_of_some_are_those_the_standings_name_first(history, at, count):
    rule = Leaderboard(METRICS["total-time"], Category())
    careers = counted(rule, history.careers)
    table = Board(rule, careers, at, history.confirmation, settled={}).at(at)
    some = careers[::2]
    slugs = {one.astronaut.slug for one in some}
    named = [one.astronaut.slug for one in table if one.astronaut.slug in slugs]
    found = [one.astronaut.slug for one in table.first(some, len(careers))]
    assert found == named
    assert {one.astronaut.slug for one in table.first(some, count)} <= slugs
