"""What the record book says without reserve is so in every true history that the facts allow."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from records.book.careers import State
from records.book.criteria import Category
from records.book.forecast import Look, forecast
from records.book.holders import holders
from records.book.lines import any_row_at, blur_of
from records.book.metrics import ENDLESS, METRICS
from records.book.population import Census
from records.book.progression import progression, surely_before
from records.book.rolls import Roll
from records.book.rules import Rule
from records.book.standings import row_key, standings
from records.book.totals import breadth, totals
from records.book.values import MINUTE, Unit, Value
from records.instants import Precision, latest
from records.ledger import Ledger
from tests.book.builders import ALL_KNOWN, career, instant, outside, trip, walk
from tests.book.histories import (
    DAY,
    INSTANTS,
    LATE_INSTANTS,
    SECOND,
    counted,
    histories,
    open_histories,
    rules,
)
from tests.book.true_histories import Truth

#: `make test-long` tries many more, and draws the real record more often.
LONG = settings.default.max_examples > 100
EXAMPLES = 2500 if LONG else 300
DRAWN = 100 if LONG else 30

#: What somebody has reached who is not on a board; where the lowest comes first, nothing is less.
NOTHING = 0
NONE = Value(0, Unit.COUNT)

#: What a roll counts.
NUMBERS = ("people", "flights", "missions")


def is_told(value: Value, true: Value) -> bool:
    """Whether what is written of a value is so, if this is the true one."""
    if value.years and value.years[1] is None:
        return true.years[0] == value.years[0]
    if value.at_least:
        return true.amount >= value.stated
    if value.at_most:
        return true.amount <= value.stated
    if value.is_span or value.is_rough:
        return value.low <= true.amount <= value.high
    if value.unit is Unit.SECONDS and value.precision != "second":
        # To the minute means less than a minute off, before the seconds are cut off.
        return abs(true.amount - value.amount) < MINUTE
    return true.amount == value.amount


def check(rule, careers, at, confirmation, truth):
    """Hold the board of the careers against what is true."""
    board = standings(rule, counted(rule, careers), at, confirmation)
    theirs = counted(rule, truth.careers)
    true = standings(rule, theirs, at, ALL_KNOWN)
    listed = {row_key(one.career, rule.each): one for one in true}
    rows = {row_key(one, rule.each): any_row_at(rule, one, at, ALL_KNOWN) for one in theirs}
    for row, one in zip(board.shown, board, strict=True):
        key = row_key(one.career, rule.each)
        there, reached = listed.get(key), rows.get(key)
        words = (rule.metric.key, key, one.value.text, one.state, reached and reached.amount)
        nothing = -ENDLESS - 1 if rule.metric.lowest_first else NOTHING
        assert row.low <= (reached.score if reached else nothing) <= row.high, words
        if one.state in ("landed", "in_flight") and reached:
            assert is_told(one.value, reached.mark.value), words
        if one.sure:
            assert there, words
            assert (one.rank, one.tied) == (there.rank, there.tied), words
        if there:
            assert one.best <= there.rank <= one.worst, words


@settings(max_examples=EXAMPLES)
@given(open_histories(), rules(), INSTANTS, st.randoms(use_true_random=False))
def test_what_a_board_states_is_true(history, rule, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    check(rule, history.careers, at, history.confirmation, truth)


def check_progression(rule, careers, at, confirmation, truth) -> int:
    """Hold the steps that are stated as certain against who held the record in truth. How many
    they are."""
    changes = progression(rule, counted(rule, careers), at, confirmation)
    theirs = counted(rule, truth.careers)
    told = [change for change in changes if change.sure]
    for change in told:
        span = surely(change, changes, at)
        for instant_asked in {*span, truth.between(*span)}:
            leaders = holders(standings(rule, theirs, instant_asked, ALL_KNOWN).leaders)
            true = {one.astronaut.slug for one in leaders}
            words = (rule.metric.key, change.kind, change.passed_at, instant_asked, true)
            assert true == {one.slug for one in change.holders}, words
    return len(told)


def surely(change, changes, at) -> tuple[datetime, datetime]:
    """From when on the step had surely begun, and until when the next one surely had not."""
    if change.until is None:
        return change.settles_at, at
    following = next((one for one in changes if one.passed_at == change.until), None)
    return change.settles_at, surely_before(change.until, following)


@settings(max_examples=EXAMPLES)
@given(open_histories(), rules(), LATE_INSTANTS, st.randoms(use_true_random=False))
def test_who_is_said_to_have_held_a_record_held_it(history, rule, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    check_progression(rule, history.careers, at, history.confirmation, truth)


def check_forecast(rule, careers, at, confirmation, truth) -> int:
    """Hold the places that are foretold as certain against what comes if the flights go on. How
    many they are."""
    foretold = forecast(rule, counted(rule, careers), at, confirmation, Look(places=9))
    told = [one for one in foretold if one.sure and not one.presumed]
    for one in told:
        blur = timedelta(seconds=blur_of(one.precision))
        theirs = counted(rule, truth.going_on(one.passes_at + 2 * blur + DAY))
        words = (rule.metric.key, one.astronaut.slug, one.passes_at, one.rank)
        then = standings(rule, theirs, one.passes_at + blur, ALL_KNOWN)
        _, reached = then.find(one.astronaut.slug)
        assert reached.rank == one.rank, words
        ranks = {who: found[1].rank for who in one.passed if (found := then.find(who.slug))}
        assert all(rank > one.rank for rank in ranks.values()), words
        earlier = standings(rule, theirs, one.passes_at - blur - SECOND, ALL_KNOWN)
        before = earlier.find(one.astronaut.slug)
        if one.joins or before is None:
            assert before is None or not one.joins, words
        else:
            stood = [earlier.find(who.slug) for who in one.passed]
            assert all(found[1].rank <= before[1].rank for found in stood if found), words
    return len(told)


@settings(max_examples=EXAMPLES)
@given(open_histories(), rules(), INSTANTS, st.randoms(use_true_random=False))
def test_what_is_foretold_comes_if_the_flights_go_on(history, rule, at, random):
    assume(rule.metric.grows and not rule.each)
    truth = Truth(history.careers, at, history.confirmation, random)
    check_forecast(rule, history.careers, at, history.confirmation, truth)


def test_a_place_foretold_as_certain_that_is_not_is_found():
    at = instant("2000-03-05")
    rule = Rule(METRICS["longest-flight"], Category(), None)
    vague = trip("2000-01-01", "2000-01-11", landing_precision="day")
    ada, bo = career("Ada Vega", vague), career("Bo Lind", trip("2000-03-01", None))
    (day,) = forecast(rule, [ada, bo], at, ALL_KNOWN)
    assert (day.sure, day.precision) == (True, "day")
    third = career("Cy Nord", trip("2000-02-01", "2000-02-13"))
    told = forecast(rule, [ada, bo, third], at, ALL_KNOWN)
    assert [one.sure for one in told] == [False, True]
    truths = [Truth([ada, bo, third], at, ALL_KNOWN, Random(seed)) for seed in range(9)]
    assert all(check_forecast(rule, [ada, bo, third], at, ALL_KNOWN, one) == 1 for one in truths)
    pretended = career("Ada Vega", trip("2000-01-01", "2000-01-11"))
    longer = next(one for one in truths if one.careers[0].flights[0].seconds > 10.5 * 86_400)
    with pytest.raises(AssertionError):
        check_forecast(rule, [pretended, bo, third], at, ALL_KNOWN, longer)


def check_totals(careers, at, confirmation, truth):
    """Hold what each country, agency and station has flown against what is true."""
    for of in (of_country, of_everybody, of_ships):
        true = {one.code: one for one in totals(truth.careers, at, ALL_KNOWN, of=of)}
        for one in totals(careers, at, confirmation, of=of):
            there = true.get(one.code)
            people, flights = (there.people, there.flights) if there else (0, 0)
            words = (one.code, one.people_value.text, one.person_time.text, people, flights)
            assert one.people_value.low <= people <= one.people_value.high, words
            assert one.flights_value.low <= flights <= one.flights_value.high, words
            if there is None:
                continue
            assert {first.astronaut.slug for first in there.firsts} <= {
                first.astronaut.slug for first in one.firsts
            }, words
            time = there.person_time
            assert one.person_time.low <= time.amount <= one.person_time.high, words
            assert is_told(one.person_time, time), words
            assert one.hedge or one.person_days == time.amount // 86_400, words


def check_numbers(careers, at, truth):
    """Hold how many people, flights and ships had been launched against what is true."""
    roll, true = Roll(careers), Roll(truth.careers)
    years, true_years = roll.by_year(at), true.by_year(at)
    told = [(f"in {year}", one, true_years.get(year, NONE)) for year, one in years.items()]
    assert not true_years.keys() - years.keys()
    told += [(ask, getattr(roll, ask)(at), getattr(true, ask)(at)) for ask in NUMBERS]
    for of in (of_country, of_ships):
        found = zip(breadth(careers, at, of=of), breadth(truth.careers, at, of=of), strict=True)
        told += [(of.__name__, *pair) for pair in found]
    for what, one, there in told:
        assert one.low <= there.amount <= one.high, (what, one.text, there.text)
        assert is_told(one, there), (what, one.text, there.text)


def of_country(flight):
    return (flight.country,)


def of_everybody(flight):
    return (flight.agency,)


def of_ships(flight):
    """Several codes for a flight, as stations are."""
    return {ship.slug for ship in (flight.launch_mission, flight.landing_mission) if ship}


@settings(max_examples=EXAMPLES)
@given(open_histories(), INSTANTS, st.randoms(use_true_random=False))
def test_what_countries_agencies_and_stations_are_said_to_have_flown_is_true(history, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    check_totals(history.careers, at, history.confirmation, truth)
    check_numbers(history.careers, at, truth)


@settings(max_examples=EXAMPLES)
@given(histories(), INSTANTS, st.randoms(use_true_random=False))
def test_how_many_were_in_space_is_true(history, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    known = Census(history.careers, at, history.confirmation)
    stood = [
        flight.at(at, history.confirmation) for one in history.careers for flight in one.flights
    ]
    states = Counter(flight.state for flight in stood if flight)
    for interval in known.intervals:
        if interval.end is None:
            continue
        # It began in that minute or on that day, as its precision says.
        begun = latest(interval.begin, interval.begin_precision)
        middle = max(interval.begin + (interval.end - interval.begin) / 2, begun)
        if middle >= interval.end:
            continue
        count = sum(
            flight.launched_at <= middle and (flight.landed_at is None or middle < flight.landed_at)
            for one in truth.careers
            for flight in one.flights
        )
        # The page says of these that they are not certain.
        assert interval.value.low - states[State.PRESUMED] - states[State.UNCONFIRMED] <= count
        assert count <= interval.value.high + states[State.UNCONFIRMED]


@pytest.mark.django_db
def test_what_is_told_of_the_real_record_is_true(site):
    ledger = Ledger.current()
    careers, confirmation = list(ledger.careers.values()), ledger.confirmation
    boards = [ledger.rule(row) for row in ledger.leaderboards.values()]
    boards = [rule for rule in boards if not rule.metric.counts_people]
    first, last = instant("1961-04-12"), datetime(2026, 12, 31, tzinfo=UTC)
    for number in range(DRAWN):
        random = Random(number)
        at = first + (last - first) * random.random() if number % 4 else last
        at = at.replace(microsecond=0)
        truth = Truth(careers, at, confirmation, random)
        rule = boards[number % len(boards)]
        check(rule, careers, at, confirmation, truth)
        check_totals(careers, at, confirmation, truth)
        check_numbers(careers, at, truth)
        check_progression(rule, careers, at, confirmation, truth)
        if rule.metric.grows and not rule.each:
            check_forecast(rule, careers, at, confirmation, truth)


def test_a_placeholder_told_as_exact_is_found():
    at = instant("2000-02-01")
    flight = trip("2000-01-01", "2000-01-11", walks=[walk("2000-01-03", minutes=None)])
    honest = career("Ada Vega", flight)
    walks = tuple(replace(one, time=outside(21_600)) for one in flight.spacewalks)
    pretended = career("Ada Vega", replace(flight, spacewalks=walks))
    rule = Rule(METRICS["total-spacewalk-time"], Category(), None)
    truth = Truth([honest], at, ALL_KNOWN, Random(1))
    check(rule, [honest], at, ALL_KNOWN, truth)
    with pytest.raises(AssertionError):
        check(rule, [pretended], at, ALL_KNOWN, truth)


def test_a_holder_told_as_certain_who_is_not_is_found():
    at = instant("2000-02-01")
    rule = Rule(METRICS["longest-spacewalk"], Category(), None)
    known = trip("2000-01-01", "2000-01-11", walks=[walk("2000-01-03", minutes=60)])
    unknown = trip("2000-01-01", "2000-01-11", walks=[walk("2000-01-04", minutes=None)])
    ada, bo = career("Ada Vega", known), career("Bo Lind", unknown)
    truths = [Truth([ada, bo], at, ALL_KNOWN, Random(seed)) for seed in range(9)]
    assert all(check_progression(rule, [ada, bo], at, ALL_KNOWN, truth) == 0 for truth in truths)
    walks = tuple(replace(one, time=outside(60)) for one in unknown.spacewalks)
    pretended = career("Bo Lind", replace(unknown, spacewalks=walks))
    longer = next(one for one in truths if one.careers[1].spacewalks[0].seconds > 3600)
    with pytest.raises(AssertionError):
        check_progression(rule, [ada, pretended], at, ALL_KNOWN, longer)


@pytest.mark.parametrize("key", ["number-of-flights", "longest-flight", "total-time"])
@pytest.mark.parametrize("at", ["2000-01-10T12:00:00", "2000-01-11T12:00:00"])
def test_on_a_board_of_landed_flights_a_landing_may_be_still_to_come(key, at):
    rule, at = Rule(METRICS[key], Category(landed_only=True), None), instant(at)
    vague = trip("2000-01-01", "2000-01-10", landing_precision="day")
    ada = career("Ada Vega", trip("1999-01-01", "1999-01-03"), vague)
    bo = career("Bo Lind", trip("1999-01-01", "1999-01-05"), trip("2000-01-01", "2000-01-08"))
    for seed in range(9):
        truth = Truth([ada, bo], at, ALL_KNOWN, Random(seed))
        check(rule, [ada, bo], at, ALL_KNOWN, truth)
        check_progression(rule, [ada, bo], at, ALL_KNOWN, truth)


def test_an_age_at_a_launch_that_may_be_to_come_is_held_against_none():
    at, rule = instant("2000-01-01"), Rule(METRICS["youngest"], Category(), None)
    ada = career("Ada Vega", trip("2000-01-01", None, launch_precision="minute"))
    born = {"born_on": date(1970, 1, 1), "birth_precision": Precision.DAY}
    ada = replace(ada, astronaut=replace(ada.astronaut, **born))
    for seed in range(9):
        check(rule, [ada], at, ALL_KNOWN, Truth([ada], at, ALL_KNOWN, Random(seed)))


def test_a_number_of_launches_told_as_exact_that_is_not_is_found():
    at = instant("2000-01-01T12:00:00")
    honest = career("Ada Vega", trip("2000-01-01", "2000-01-11", launch_precision="day"))
    pretended = career("Ada Vega", trip("2000-01-01", "2000-01-11"))
    truths = [Truth([honest], at, ALL_KNOWN, Random(seed)) for seed in range(9)]
    for one in truths:
        check_numbers([honest], at, one)
    later = next(one for one in truths if one.careers[0].flights[0].launched_at > at)
    with pytest.raises(AssertionError):
        check_numbers([pretended], at, later)
