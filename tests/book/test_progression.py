"""Who held a record when: in agreement with the standings at every second."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.criteria import Category
from records.book.holders import holders
from records.book.metrics import METRICS
from records.book.progression import ChangeKind, progression, progression_as_of
from records.book.rules import Rule
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip, walk
from tests.book.histories import INSTANTS, boundaries, counted, histories, rules
from tests.book.plain_standings import standings


def steps(careers, *, metric="longest-flight", until="2090-01-01", confirmation=ALL_KNOWN, each=""):
    rule = Rule(METRICS[metric], Category(), None, each)
    return progression(rule, counted(rule, careers), instant(until), confirmation)


def told(changes):
    """`[("first", ["Vega"], "2000-01-01"), …]`"""
    return [
        (change.kind, [one.family_name for one in change.holders], f"{change.passed_at:%Y-%m-%d}")
        for change in changes
    ]


def step_at(changes, at):
    """The step that holds at the instant, as it was known then."""
    holding = [
        change
        for change in changes
        if change.passed_at <= at and (change.until is None or at < change.until)
    ]
    assert len(holding) <= 1
    return holding[0].as_of(at) if holding else None


def check(rule, careers, changes, at, confirmation):
    leaders = holders(standings(rule, careers, at, confirmation))
    step = step_at(changes, at)
    holding = {one.slug for one in step.holders} if step else set()
    assert holding == {one.astronaut.slug for one in leaders}, at
    if step:
        assert step.value.equals(leaders[0].value), at
        if leaders[0].running:
            assert step.value.amount == leaders[0].value.amount, at


# What must hold for every history


@given(histories(), rules(), st.lists(INSTANTS, max_size=5))
def test_the_holders_are_those_who_stand_first_at_every_boundary(history, rule, instants):
    careers = counted(rule, history.careers)
    changes = progression(rule, careers, history.end, history.confirmation)
    for at in [*boundaries(careers, changes, history), *instants]:
        check(rule, careers, changes, at, history.confirmation)


@given(histories(), rules())
def test_steps_follow_one_another(history, rule):
    changes = progression(rule, counted(rule, history.careers), history.end, history.confirmation)
    for earlier, later in pairwise(changes):
        assert earlier.passed_at < earlier.until <= later.passed_at
        assert earlier.sealed_at is None or earlier.sealed_at <= earlier.until
        assert later.before == earlier.value
    for change in changes:
        assert change.sealed_at is None or change.passed_at <= change.sealed_at
        assert change.value.amount >= change.began.amount or change.kind is ChangeKind.RETURNED
        assert len({one.slug for one in change.holders}) == len(change.holders)
    assert [change.kind for change in changes[:1]] in ([], [ChangeKind.FIRST])
    assert all(change.kind is not ChangeKind.FIRST for change in changes[1:])


@given(histories(), rules())
def test_a_broken_record_was_bettered_and_an_equalled_one_has_more_holders(history, rule):
    metric = rule.metric
    changes = progression(rule, counted(rule, history.careers), history.end, history.confirmation)
    for change in changes[1:]:
        if change.kind in (ChangeKind.BROKEN, ChangeKind.EXTENDED):
            assert metric.score(change.value) > metric.score(change.before)
        if change.kind is ChangeKind.EQUALLED:
            assert change.value.equals(change.before)
            assert len(change.holders) > 1


@given(histories(), rules(), st.lists(INSTANTS, min_size=1, max_size=5))
def test_what_was_known_then_is_what_is_worked_out_up_to_then(history, rule, instants):
    careers = counted(rule, history.careers)
    changes = progression(rule, careers, history.end, history.confirmation)
    for at in [*instants, *boundaries(careers, changes, history)[::7]]:
        then = progression(rule, careers, at, history.confirmation)
        assert progression_as_of(changes, at) == then, at


@given(histories(), histories(), rules(), INSTANTS)
def test_what_happens_later_does_not_change_the_past(history, other, rule, at):
    later = [
        career(f"Later {one.astronaut.name}", *flights)
        for one in other.careers
        if (flights := [flight for flight in one.flights if flight.launched_at > at])
    ]
    before = progression(rule, counted(rule, history.careers), at, history.confirmation)
    more = (*history.careers, *later)
    assert progression(rule, counted(rule, more), at, history.confirmation) == before


@given(histories(), rules(), st.randoms(use_true_random=False))
def test_the_order_of_the_careers_does_not_matter(history, rule, random):
    careers = counted(rule, history.careers)
    shuffled = list(careers)
    random.shuffle(shuffled)
    assert progression(rule, careers, history.end, history.confirmation) == progression(
        rule, shuffled, history.end, history.confirmation
    )


def test_the_histories_are_worth_trying():
    """Every kind of step occurs among them, joint holders and flights under way."""
    seen = set()

    @settings(max_examples=400, deadline=None, database=None)
    @given(histories(), rules())
    def look(history, rule):
        for change in progression(
            rule, counted(rule, history.careers), history.end, history.confirmation
        ):
            seen.update({change.kind, change.rising, f"joint: {len(change.holders) > 1}"})
            seen.add(f"open: {change.sealed_at is None}")

    look()
    # The one is for tenures to say, the other for counts of people.
    kinds = {*ChangeKind} - {ChangeKind.LOST, ChangeKind.PERHAPS}
    assert seen >= {*kinds, True, False, "joint: True", "open: True", "open: False"}


# One by one


def test_the_first_to_fly_sets_the_first_mark_and_holds_it_until_someone_passes():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-21")),
    ]
    first, second = steps(careers)
    assert told([first, second]) == [
        (ChangeKind.FIRST, ["Vega"], "2000-01-01"),
        (ChangeKind.BROKEN, ["Ross"], "2000-02-11"),
    ]
    assert first.until == second.passed_at == instant("2000-02-11T00:00:01")
    assert first.sealed_at == instant("2000-01-11")
    assert second.sealed_at == instant("2000-02-21")
    assert second.margin.amount == 10 * 86_400
    assert second.until is None


def test_a_record_is_passed_while_the_challenger_is_still_aloft():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-21")),
    ]
    (*_, now) = steps(careers, until="2000-02-15")
    assert told([now]) == [(ChangeKind.BROKEN, ["Ross"], "2000-02-11")]
    assert now.sealed_at is None
    assert now.value.amount == 14 * 86_400


def test_who_only_draws_level_shares_the_record():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-11")),
    ]
    assert told(steps(careers)) == [
        (ChangeKind.FIRST, ["Vega"], "2000-01-01"),
        (ChangeKind.EQUALLED, ["Vega", "Ross"], "2000-02-11"),
    ]
    assert steps(careers)[-1].margin is None


def test_who_betters_their_own_mark_extends_it():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2001-01-01", "2001-01-13")),
    ]
    assert told(steps(careers)) == [
        (ChangeKind.FIRST, ["Vega"], "2000-01-01"),
        (ChangeKind.EXTENDED, ["Vega"], "2001-01-11"),
    ]


def test_a_crew_that_comes_down_together_holds_the_record_together():
    ship = trip("2000-01-01", "2000-01-11")
    (step,) = steps([career("Ada Vega", ship), career("Ben Ross", ship)])
    assert {one.family_name for one in step.holders} == {"Vega", "Ross"}


def test_a_joint_holder_who_goes_up_again_does_not_lose_the_record_meanwhile():
    together = trip("2000-01-01", "2000-01-11", launch_precision="minute")
    careers = [
        career("Ada Vega", together, trip("2001-01-01", "2001-01-03")),
        career("Ben Ross", together),
    ]
    first, second = steps(careers, metric="total-time")
    assert {one.family_name for one in first.holders} == {"Vega", "Ross"}
    assert told([second]) == [(ChangeKind.BROKEN, ["Vega"], "2001-01-01")]
    assert first.until == second.passed_at == instant("2001-01-01T00:01")


def test_a_landing_level_within_the_minute_takes_nothing_from_who_is_ahead_and_still_aloft():
    careers = [
        career("Ada Vega", trip("2000-01-01T00:00:00", "2000-02-01", launch_precision="minute")),
        career("Ben Ross", trip("2000-01-01T00:00:10", "2000-01-02T00:00:00")),
    ]
    assert told(steps(careers)) == [(ChangeKind.FIRST, ["Vega"], "2000-01-01")]


def test_a_record_that_nobody_confirmed_returns_to_what_is_certain():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", plan="2000-02-21")),
    ]
    known = confirmed_through("2000-02-02", grace_days=1)
    assert told(steps(careers, confirmation=known)) == [
        (ChangeKind.FIRST, ["Vega"], "2000-01-01"),
        (ChangeKind.BROKEN, ["Ross"], "2000-02-11"),
        (ChangeKind.RETURNED, ["Vega"], "2000-02-22"),
    ]


def test_spacewalks_count_from_their_end():
    careers = [
        career(
            "Ada Vega",
            trip(
                "2000-01-01",
                "2000-01-11",
                walks=(walk("2000-01-03T10:00"), walk("2000-01-05T10:00")),
            ),
        )
    ]
    changes = steps(careers, metric="number-of-spacewalks")
    assert [(one.kind, one.passed_at, one.value.amount) for one in changes] == [
        (ChangeKind.FIRST, instant("2000-01-03T16:00"), 1),
        (ChangeKind.EXTENDED, instant("2000-01-05T16:00"), 2),
    ]


def test_one_astronaut_with_two_equal_flights_is_one_holder():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2001-01-01", "2001-01-11")),
    ]
    assert told(steps(careers, each="flight")) == [(ChangeKind.FIRST, ["Vega"], "2000-01-01")]


def test_nobody_who_never_flew_holds_anything():
    assert steps([]) == []
    assert steps([career("Ada Vega", trip("2000-01-01", "2000-01-11"))], until="1999-01-01") == []


def test_a_step_as_it_was_known_then_was_open():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-21")),
    ]
    changes = steps(careers)
    (then,) = progression_as_of(changes, instant("2000-01-06"))
    assert (then.until, then.sealed_at) == (None, None)
    assert then.value.amount == 5 * 86_400
    assert then == replace(changes[0], until=None, sealed_at=None, value=then.value)
    assert then.held(instant("2000-01-06")) == timedelta(days=5) - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("precision", "text"), [("second", "10 d 0 h 0 m"), ("day", "at least 10 d")]
)
def test_a_margin_is_no_better_known_than_the_marks(precision, text):
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11")),
        career("Ben Ross", trip("2000-02-01", "2000-02-21", landing_precision=precision)),
    ]
    assert steps(careers)[-1].margin.text == text


def test_a_margin_over_a_mark_known_to_the_day_is_at_most_so_much():
    careers = [
        career("Ada Vega", trip("2000-01-01", "2000-01-11", landing_precision="day")),
        career("Ben Ross", trip("2000-02-01", "2000-02-21")),
    ]
    assert steps(careers)[-1].margin.text == "at most 10 d"
