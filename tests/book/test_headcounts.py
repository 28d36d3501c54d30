"""How many are in space, and how many were at once, in every true history that the facts allow."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.careers import State
from records.book.headcounts import Headcount
from records.book.population import intervals, population_progression, population_standings
from records.book.progression import ChangeKind
from records.instants import Precision, latest
from records.ledger import Ledger
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip
from tests.book.histories import INSTANTS, SECOND, boundaries, histories
from tests.book.true_histories import Truth

RANDOM = st.randoms(use_true_random=False)


def up(careers, at):
    """How many are in space at the instant, where every time is known to the second."""
    return sum(
        flight.launched_at <= at and (flight.landed_at is None or at < flight.landed_at)
        for one in careers
        for flight in one.flights
    )


def told(careers, at, confirmation):
    clipped = (one.at(at, confirmation) for one in careers)
    return Headcount.of(one for one in clipped if one.flights)


def moments(history, truth):
    """Every instant at which anything happens by what is written or in truth, up to the one asked
    about, and the seconds around it."""
    both = (*history.careers, *truth.careers)
    return [at for at in boundaries(both, [], history) if at <= truth.at]


@settings(max_examples=1000)
@given(histories(), INSTANTS, RANDOM)
def test_how_many_are_in_space_is_true(history, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    found = told(history.careers, at, history.confirmation)
    assert found.least <= up(truth.careers, at) <= found.most
    if not (found.presumed or found.unconfirmed):
        assert found.value.low <= up(truth.careers, at) <= found.value.high


@settings(max_examples=300)
@given(histories(), INSTANTS, RANDOM)
def test_an_interval_says_how_many_were_in_space_at_each_of_its_seconds(history, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    found = intervals(history.careers, at, history.confirmation)
    presumed_from = history.confirmation.through_at
    for moment in moments(history, truth):
        heard = moment <= presumed_from
        own = [
            one.headcount
            for one in found
            if one.begin <= moment and (one.end is None or moment < one.end)
        ]
        # In the minute or on the day of its begin, as many as before may still be there.
        own += [
            before.headcount if before else Headcount()
            for before, one in pairwise([None, *found])
            if one.begin <= moment <= latest(one.begin, one.begin_precision)
        ]
        count = up(truth.careers, moment)
        if not own:
            assert count == 0
        elif heard:
            assert min(one.value.low for one in own) <= count, (moment, own)
            assert count <= max(one.value.high for one in own), (moment, own)
        else:
            # Whoever was not heard of any more may have landed.
            assert count <= max(one.most for one in own), (moment, own)


def check_step(change, found, truth):
    """Hold who is said to have made a step, if that is certain, against who was in space in the
    first second that surely belongs to it."""
    (interval,) = (one for one in found if one.begin == change.passed_at)
    begun = latest(change.passed_at, change.passed_precision)
    end = interval.end or truth.at + SECOND
    if change.value.low == change.value.high and begun < end:
        there = {one.astronaut.slug for one in truth.careers if up([one], begun)}
        assert there == {one.slug for one in change.holders}, (change, there)
        assert len(there) == change.value.amount, (change, there)


@settings(max_examples=300)
@given(histories(), INSTANTS, RANDOM)
def test_the_most_at_once_is_true(history, at, random):
    truth = Truth(history.careers, at, history.confirmation, random)
    found = intervals(history.careers, at, history.confirmation)
    stood = [
        flight.at(at, history.confirmation) for one in history.careers for flight in one.flights
    ]
    if any(one and one.state in (State.PRESUMED, State.UNCONFIRMED) for one in stood):
        return
    changes = population_progression(found)
    most = max((up(truth.careers, moment) for moment in moments(history, truth)), default=0)
    if changes:
        assert changes[-1].value.low <= most <= changes[-1].value.high
    for change in changes:
        then = (moment for moment in moments(history, truth) if moment < change.passed_at)
        earlier = max((up(truth.careers, moment) for moment in then), default=0)
        if change.kind is ChangeKind.BROKEN:
            assert earlier < change.value.low
        if change.kind is ChangeKind.EQUALLED:
            assert earlier == change.value.amount
        if change.kind is ChangeKind.FIRST:
            assert earlier == 0
        check_step(change, found, truth)
    for row in population_standings(found):
        if row.rank == 1 and row.sure:
            assert row.value.low <= most <= row.value.high


def test_a_crowd_that_changes_both_ways_on_one_day_is_not_sure_of_its_number():
    """Who goes up and who lands on one day may have met in space, or there was nobody."""
    ada = career("Ada Vega", trip("2000-01-01T10:00:00", "2000-01-03", landing_precision="day"))
    ben = career("Ben Orth", trip("2000-01-03", "2000-01-09T08:00:00", launch_precision="day"))
    first, second, nobody = intervals([ada, ben], instant("2000-02-01"), ALL_KNOWN)
    assert [one.value.text for one in (first, second, nobody)] == ["1", "0 to 2", "0"]
    changes = population_progression([first, second, nobody])
    assert [(one.kind, one.value.text) for one in changes] == [
        (ChangeKind.FIRST, "1"),
        (ChangeKind.PERHAPS, "1 to 2"),
    ]
    assert [one.sure for one in population_standings([first, second, nobody])] == [False, False]


def test_a_launch_known_to_the_day_is_sure_once_the_day_is_over():
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-09T08:00:00", launch_precision="day"))
    during, after = (
        intervals([ada], instant(at), ALL_KNOWN)[-1]
        for at in ("2000-01-01T12:00", "2000-01-02T00:00")
    )
    assert during.value.text == "0 to 1"
    assert (after.value.text, after.begin_precision) == ("1", Precision.DAY)


def test_a_landing_that_may_overlap_a_launch_may_have_broken_the_record():
    ada = career("Ada Vega", trip("2000-01-01T10:00:00", "2000-01-03", landing_precision="day"))
    ben = career("Ben Orth", trip("2000-01-03T09:00:00", "2000-01-09T08:00:00"))
    found = intervals([ada, ben], instant("2000-02-01"), ALL_KNOWN)
    last = population_progression(found)[-1]
    assert (last.kind, last.value.text, last.margin) == (ChangeKind.PERHAPS, "1 to 2", None)


@pytest.mark.parametrize(
    ("at", "text", "headline"),
    [
        ("2000-01-05", "2", "2 in space"),
        ("2000-01-09T12:00", "1 to 2", "1 to 2 in space"),
        ("2000-01-10", "1", "1 in space"),
        ("2000-01-12", "1, presumed", "1 in space, presumed"),
        ("2000-01-25", "0, 1 unconfirmed", "Nobody in space, 1 unconfirmed"),
    ],
)
def test_a_headcount_says_how_sure_it_is(at, text, headline):
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-09", landing_precision="day"))
    ben = career("Ben Orth", trip("2000-01-02", plan="2000-01-20"))
    known = confirmed_through("2000-01-03")
    found = told([ada, ben], instant(at), known)
    assert (found.text, found.headline) == (text, headline)


def test_nobody_or_somebody_is_up_to_so_many():
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-09", landing_precision="day"))
    found = told([ada], instant("2000-01-09T12:00"), ALL_KNOWN)
    assert (found.text, found.headline) == ("0 to 1", "Up to 1 in space")


@pytest.mark.django_db
def test_how_many_are_in_space_is_true_of_the_real_record(site):
    ledger = Ledger.current()
    careers = list(ledger.careers.values())
    vague = sorted(
        instant
        for mission in ledger.missions.values()
        for instant, known in (
            (mission.launched_at, mission.launch_precision),
            (mission.landed_at, mission.landing_precision),
        )
        if instant and known is not Precision.SECOND
    )
    for number, begin in enumerate(vague):
        at = begin + SECOND * Random(number).randint(0, 86_400)
        truth = Truth(careers, at, ledger.confirmation, Random(number))
        found = told(careers, at, ledger.confirmation)
        assert found.least <= up(truth.careers, at) <= found.most, at
