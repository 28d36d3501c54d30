"""Claims are judged by what is so in every true history that the facts allow."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.book import claims
from records.book.claims import Verdict
from records.book.criteria import Category
from records.book.lines import any_row_at
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.book.standings import Comparison, row_key, standings
from records.book.statements import Kind, Statement, read
from records.book.tallies import number
from records.book.values import DAY, MINUTE, Unit, Value
from records.instants import Precision
from tests.book.builders import ALL_KNOWN, career, instant, trip
from tests.book.histories import INSTANTS, LATE_INSTANTS, counted, open_histories, rules
from tests.book.true_histories import Truth

DRAWN = 5
STEPS = st.sampled_from([1, MINUTE, 3600, DAY])


def follows(stated: Statement, amount: int) -> bool:
    """Whether the statement may be printed of the amount: rounded, or cut off."""
    step = stated.step
    return stated.amount in (amount // step * step, (amount + step // 2) // step * step)


def seconds(amount, **fields):
    return Value(amount, Unit.SECONDS, **fields)


@given(
    amount=st.integers(0, 400),
    below=st.integers(0, 90),
    above=st.integers(0, 90),
    step=st.sampled_from([1, 10, 60, 90, 100]),
    units=st.integers(0, 8),
)
def test_a_length_agrees_exactly_if_it_follows_from_all_that_the_true_one_can_be(
    amount, below, above, step, units
):
    stated = Statement(units * step, step)
    value = seconds(amount, below=min(below, amount), above=above)
    possible = [follows(stated, one) for one in range(value.low, value.high + 1)]
    verdict = claims.judge_value(stated, value).verdict
    assert verdict.agrees == all(possible)
    assert (verdict is Verdict.CONTRADICTS) == (not any(possible))


@given(history=open_histories(), rule=rules(), at=INSTANTS | LATE_INSTANTS, data=st.data())
def test_what_agrees_follows_from_every_true_history_and_what_contradicts_from_none(
    history, rule, at, data
):
    board = standings(rule, counted(rule, history.careers), at, history.confirmation)
    random = Random(data.draw(st.integers(0, 1000)))
    comparison = Comparison(rule, counted(rule, history.careers))
    counted_in_all = claims.count(comparison, at, history.confirmation)
    many = Statement(data.draw(st.integers(0, 6)))
    in_all = claims.judge_value(many, counted_in_all).verdict
    rows = list(zip(board.shown, board, strict=True))
    row, standing = data.draw(st.sampled_from(rows)) if rows else (None, None)
    if row:
        value = claims.value_of(row)
        step = data.draw(STEPS) if value.unit is Unit.SECONDS else 1
        near = value.amount + data.draw(st.sampled_from([-step, 0, 0, step // 2, step]))
        stated = Statement(max(0, near // step * step), step)
        place = Statement(standing.rank + data.draw(st.sampled_from([-1, 0, 0, 1])))
        shared = Statement(standing.rank, shared=True)
        of_value = claims.judge_value(stated, value).verdict
        of_place = claims.judge_rank(place, standing).verdict
        of_tie = claims.judge_rank(shared, standing).verdict
        if value.low == value.high and value.precision is Precision.SECOND:
            assert of_value.agrees == follows(stated, value.amount)
        if standing.sure:
            assert of_place.agrees == (place.amount == standing.rank)
            assert of_tie.agrees == standing.tied
    for _ in range(DRAWN):
        theirs = counted(rule, Truth(history.careers, at, history.confirmation, random).careers)
        true = standings(rule, theirs, at, ALL_KNOWN)
        held(in_all, many.amount == len(true))
        if not row:
            continue
        key = row_key(row.whole, rule.each)
        career = next(one for one in theirs if row_key(one, rule.each) == key)
        reached, there = any_row_at(rule, career, at, ALL_KNOWN), true.find(key)
        amount = reached.amount if reached else 0
        if value.precision is Precision.SECOND or step > MINUTE:
            held(of_value, follows(stated, amount))
        elif of_value.agrees and not value.hedge:
            # To the minute means less than a minute off, before the seconds are cut off.
            assert abs(amount - stated.amount) < 2 * MINUTE
        if there:
            held(of_place, there[1].rank == place.amount)
            held(of_tie, there[1].rank == shared.amount and there[1].tied)
        else:
            held(of_place, true=False)
            held(of_tie, true=False)


def held(verdict: Verdict, true: bool):
    assert not (verdict.agrees and not true)
    assert not (verdict is Verdict.CONTRADICTS and true)


# By example


def said(passage, value):
    statement = read(Kind.VALUE, passage, METRICS["longest-flight"])
    return claims.judge_value(statement, value).verdict


def test_days_are_rounded_or_cut_off():
    rubio = seconds(370 * DAY + 21 * 3600 + 22 * 60 + 53)
    assert said("371 days", rubio) is Verdict.ROUNDED
    assert said("370 days", rubio) is Verdict.CUT_OFF
    assert said("370 d 21 h 22 m", rubio) is Verdict.AGREES
    assert said("370 d 21 h 23 m", rubio) is Verdict.ROUNDED
    assert said("370 d 21 h", rubio) is Verdict.AGREES
    assert said("370 d 21 h 24 m", rubio) is Verdict.CONTRADICTS
    assert said("372 days", rubio) is Verdict.CONTRADICTS
    assert said("over 370 days", rubio) is Verdict.AGREES
    assert said("over 371 days", rubio) is Verdict.CONTRADICTS


def test_of_what_is_known_to_the_day_only_what_is_so_either_way_agrees():
    value = seconds(10 * DAY, precision=Precision.DAY, below=DAY - 1, above=DAY - 1)
    assert said("10 days", value) is Verdict.UNCHECKED
    assert said("12 days", value) is Verdict.CONTRADICTS
    assert said("at least 9 days", value) is Verdict.AGREES


def test_ages_are_compared_in_full_years():
    value = Value(28_229, Unit.DAYS, years=(77, 103))
    for passage, verdict in {
        "77 years 103 days": Verdict.AGREES,
        "77 years": Verdict.CUT_OFF,
        "78 years": Verdict.CONTRADICTS,
        "77 years 104 days": Verdict.CONTRADICTS,
        "over 76 years": Verdict.AGREES,
    }.items():
        statement = read(Kind.VALUE, passage, METRICS["oldest"])
        assert claims.judge_value(statement, value).verdict is verdict, passage


def test_a_board_counts_those_beyond_a_mark_and_says_which_marks_it_cannot():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Bo Ride", trip("2000-01-01", "2000-01-04")),
    ]
    rule = Rule(METRICS["longest-flight"], Category(), 2)
    asked = Comparison(rule, careers), instant("2001-01-01"), ALL_KNOWN
    assert claims.count(*asked) == number(2, 2)
    assert claims.count(*asked, 5) == number(1, 1)
    assert claims.count(*asked, 100) == number(0, 0)
    with pytest.raises(claims.NotStated, match="only those beyond"):
        claims.count(*asked, 1)
