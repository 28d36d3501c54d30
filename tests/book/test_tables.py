"""Tables of standings: always what is found by measuring everybody and comparing every pair."""

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.book.careers import Career, Confirmation
from records.book.criteria import Category
from records.book.lines import row_at
from records.book.metrics import METRICS
from records.book.progression import progression
from records.book.rules import Rule
from records.book.standings import row_key, standings
from tests.book import plain_standings
from tests.book.builders import career, confirmed_through, instant, ranks, trip
from tests.book.histories import INSTANTS, boundaries, counted, histories, rules
from tests.book.test_properties import HISTORIES, with_a_plan
from tests.book.test_properties import INSTANTS as YEARS

KEYS = st.sampled_from([key for key, metric in METRICS.items() if not metric.counts_people])


@given(HISTORIES, YEARS, YEARS, KEYS, st.sampled_from([None, 1, 9]))
def test_a_table_is_the_plain_standings_over_the_years(careers, at, confirmed, metric, threshold):
    careers = [
        Career.of(one.astronaut, [with_a_plan(flight) for flight in one.flights]) for one in careers
    ]
    rule = Rule(METRICS[metric], Category(boundary="80km"), threshold)
    known = Confirmation(confirmed, confirmed_through().grace)
    assert list(standings(rule, careers, at, known)) == plain_standings.standings(
        rule, careers, at, known
    )


@given(histories(people=9, most_missions=12), rules(), st.lists(INSTANTS, max_size=5))
def test_a_table_is_the_plain_standings_at_every_boundary(history, rule, asked):
    careers = counted(rule, history.careers)
    for at in (*asked, *boundaries(careers, [], history)):
        table = standings(rule, careers, at, history.confirmation)
        whole = plain_standings.standings(rule, careers, at, history.confirmation)
        assert list(table) == whole
        assert table.leaders == [one for one in whole if one.rank == 1]
        assert table.scale == max((one.value.amount for one in whole), default=0)


@given(histories(people=9, most_missions=12), rules(), INSTANTS, st.data())
def test_a_part_of_a_table_is_that_part_of_the_standings(history, rule, at, data):
    careers = counted(rule, history.careers)
    table = standings(rule, careers, at, history.confirmation)
    whole = plain_standings.standings(rule, careers, at, history.confirmation)
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


@given(histories(people=7, most_missions=9), rules(), st.randoms(use_true_random=False), INSTANTS)
def test_the_order_of_the_careers_does_not_matter(history, rule, random, at):
    careers = counted(rule, history.careers)
    shuffled = random.sample(careers, len(careers))
    for instant_asked in (at, *boundaries(careers, [], history)):
        assert list(standings(rule, shuffled, instant_asked, history.confirmation)) == list(
            standings(rule, careers, instant_asked, history.confirmation)
        )


@given(histories(people=9, most_missions=12), rules(), st.lists(INSTANTS, min_size=4))
def test_a_rank_of_before_is_that_of_the_standings_then(history, rule, instants):
    if rule.each:
        rule = replace(rule, each="")
    careers = counted(rule, history.careers)
    *earlier, at = sorted(instants)
    table = standings(rule, careers, at, history.confirmation)
    for before in earlier:
        then = plain_standings.standings(rule, careers, before, history.confirmation)
        ranks = {one.astronaut.slug: one.rank for one in then}
        board = standings(rule, careers, before, history.confirmation)
        for one in careers:
            found = table.standing_before(one, before)
            assert (found and found.rank) == ranks.get(one.astronaut.slug)
            if found:
                known = board[board.find(one.astronaut.slug)[0]]
                sureness = [(one.best, one.worst, one.settled) for one in (found, known)]
                assert sureness[0] == sureness[1]


def test_a_rank_of_before_knows_who_was_level_with_less():
    exact = career("exact", trip("2000-01-01", "2000-01-01T00:00:59"))
    vague = career("vague", trip("2000-01-01", "2000-01-01T00:00:01", launch_precision="minute"))
    rule, known = Rule(METRICS["longest-flight"], Category()), confirmed_through("2000-01-01")
    at = instant("2000-01-01T00:00:02")
    table = standings(rule, [exact, vague], at, known)
    assert ranks(table) == [("1=", "vague"), ("1=", "exact")]
    then = table.standing_before(exact, at)
    assert (then.rank, then.tied, then.settled) == (1, True, False)


@given(histories(people=9, most_missions=12), rules(), INSTANTS)
def test_whoever_held_a_record_was_not_behind_for_certain_all_the_time(history, rule, at):
    if rule.each:
        rule = replace(rule, each="")
    confirmation, careers = history.confirmation, counted(rule, history.careers)
    table = standings(rule, careers, at, confirmation)
    by_slug = {one.astronaut.slug: one for one in careers}
    for change in progression(rule, careers, at, confirmation):
        for holder in change.holders:
            assert any(
                (row := row_at(rule, by_slug[holder.slug], flight.landed_at or at, confirmation))
                and not table.is_behind(row.mark.value, flight.launched_at)
                for flight in by_slug[holder.slug].flights
            )


# One by one

LONGEST = Rule(METRICS["longest-flight"], Category())


def test_an_unconfirmed_clock_stands_behind_all_who_share_the_record_whatever_order_they_come_in():
    """One has landed and is known to the second; two are rising, one of them known to the
    minute."""
    careers = [
        career("Ada Vega", trip("2000-01-01T00:00:00", plan_ends_at=instant("2000-01-01T00:01"))),
        career("Bo Lind", trip("2000-01-01T00:01:58", launch_precision="minute")),
        career("Cy Moss", trip("2000-01-01T00:00:00", "2000-01-01T00:00:01")),
        career("Di Nye", trip("2000-01-01T00:01:59")),
    ]
    known = Confirmation(instant("1999-12-31"), confirmed_through(grace_days=400).grace)
    at = instant("2000-01-01T00:02:00")
    boards = [list(standings(LONGEST, order, at, known)) for order in permutations(careers)]
    assert all(one == boards[0] for one in boards)
    assert ranks(boards[0])[1:2] == [("2", "Vega")]


def test_a_clock_that_nobody_confirms_stands_behind_a_record_that_rises_past_it():
    """It is first only by what is not certain, until the record has come as far."""
    careers = [
        career("Ada Vega", trip("2001-01-01", plan_ends_at=instant("2001-01-21"))),
        career("Bo Lind", trip("2001-01-11")),
    ]
    known = confirmed_through("2001-01-12", grace_days=400)
    for day in (25, 28, 30, 31):
        at = instant(f"2001-01-{day}")
        first, second = standings(LONGEST, careers, at, known)
        assert (first.astronaut.name, second.astronaut.name) == ("Bo Lind", "Ada Vega")


def test_whoever_may_have_been_level_at_the_coarser_precision_was_not_behind_for_certain():
    """Ride's ten days are known to the day only; later flights of hers are known better."""
    ride = career(
        "Sally Ride",
        trip("1990-01-01T05:00", "1990-01-11", landing_precision="day"),
        trip("1995-01-01", "1995-01-21"),
    )
    vega = career("Ada Vega", trip("1992-01-01", "1992-01-10T12:00"))
    table = standings(LONGEST, [ride, vega], instant("2000-01-01"), confirmed_through())
    own = table.find("ada-vega")[1].value
    assert not table.is_behind(own, instant("1992-01-01"))
    assert table.is_behind(own, instant("1996-01-01"))


def test_careers_that_are_over_are_measured_once():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Lind", trip("2001-01-01")),
    ]
    before, after = (
        standings(LONGEST, careers, instant(f"2001-01-0{day}"), confirmed_through())
        for day in (5, 6)
    )
    assert before[0].mark is after[0].mark
    assert after[1].value.amount == 5 * 86_400


def test_threads_that_ask_at_once_are_told_the_same():
    careers = [career(f"Pilot {n}", trip("2000-01-01", f"2000-02-{n:02}")) for n in range(1, 25)]
    at, known = instant("2000-02-20"), confirmed_through()
    alone = plain_standings.standings(LONGEST, careers, at, known)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(standings, LONGEST, careers, at, known) for _ in range(40)]
            shared = asked[0].result()
            found = [
                pool.submit(shared.find, alone[place % 24].astronaut.slug) for place in range(40)
            ]
            assert all(list(one.result()) == alone for one in asked)
            assert all(one.result() in list(enumerate(alone)) for one in found)
    finally:
        sys.setswitchinterval(interval)
