"""What is said of each step of a record."""

import pytest

from records.book.careers import State
from records.book.criteria import Category
from records.book.metrics import METRICS
from records.book.population import intervals, population_progression
from records.book.progression import ChangeKind, progression
from records.book.rules import Rule
from records.book.tenures import names_text, tenures
from records.instants import Precision
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip, walk

RECORD = "Longest flight"


def told(careers, *, at="2090-01-01", metric="longest-flight", confirmation=ALL_KNOWN):
    rule, at = Rule(METRICS[metric], Category(), None), instant(at)
    if rule.metric.counts_people:
        changes = population_progression(intervals(careers, at, confirmation))
    else:
        changes = progression(rule, careers, at, confirmation)
    return tenures(rule, changes, careers, at, confirmation)


ADA = career("Ada Vega", trip("2000-01-01", "2000-01-11"))
BEN = career("Ben Ross", trip("2001-01-01", "2001-01-21"))


def test_each_step_knows_who_held_the_record_before():
    first, second = told([ADA, BEN])
    assert first.previous == ()
    assert second.previous == (ADA.astronaut,)
    assert [first.word, second.word] == ["First", "Broken"]
    assert second.title == "Broken: passed Ada Vega"
    assert second.sentence(RECORD) == "Longest flight: Ben Ross passed Ada Vega, 20 d 0 h 0 m."


def test_an_equalled_mark_is_named_so():
    cy = career("Cy Moss", trip("2002-01-01", "2002-01-21"))
    *_, last = told([ADA, BEN, cy])
    assert last.newcomers == (cy.astronaut,)
    assert last.title == "Equalled: level with Ben Ross"
    assert last.sentence(RECORD) == "Longest flight: Cy Moss equalled Ben Ross, 20 d 0 h 0 m."


def test_an_extended_mark_is_named_so():
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2001-01-01", "2001-01-13"))
    *_, last = told([ada])
    assert last.sentence(RECORD) == (
        "Longest flight: Ada Vega extended their own mark to 12 d 0 h 0 m."
    )


def test_a_flight_under_way_is_told_as_it_began_so_that_the_words_stand_still():
    *_, last = told([ADA, BEN], at="2001-01-15")
    assert (last.state, last.running, last.sealed_at) == (State.IN_FLIGHT, True, None)
    assert last.sentence(RECORD) == (
        "Longest flight: Ben Ross passed Ada Vega, 10 d 0 h 0 m and rising."
    )


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        ("2001-01-12", State.IN_FLIGHT, "and rising."),
        ("2001-01-20", State.PRESUMED, "(presumed: the flight has not been confirmed of late)."),
    ],
)
def test_how_certain_it_is_is_said(at, state, words):
    ben = career("Ben Ross", trip("2001-01-01", plan="2001-01-25"))
    *_, last = told([ADA, ben], at=at, confirmation=confirmed_through("2001-01-11T12:00"))
    assert last.state is state
    assert last.sentence(RECORD).endswith(words)


def test_a_lone_mark_that_nobody_confirmed_is_not_sealed():
    ben = career("Ben Ross", trip("2001-01-01", plan="2001-01-25"))
    (only,) = told([ben], at="2001-03-01", confirmation=confirmed_through("2001-01-11"))
    assert (only.state, only.sealed_at, only.running) == (State.UNCONFIRMED, None, False)
    assert "(unconfirmed: the clock stands still)" in only.sentence(RECORD)


def test_a_launch_has_happened_whatever_became_of_the_flight():
    ben = career("Ben Ross", trip("2001-01-01", plan="2001-01-25"))
    (only,) = told(
        [ben],
        at="2001-03-01",
        metric="number-of-flights",
        confirmation=confirmed_through("2001-01-11"),
    )
    assert only.sealed_at == instant("2001-01-01")
    assert only.sentence("Flights") == "Flights: Ben Ross set the first mark, 1."


def test_no_rank_language_stands_beside_a_lost_flight():
    cy = career("Cy Moss", trip("2002-01-01", "2002-02-21", lost=True))
    *_, last = told([ADA, BEN, cy])
    assert last.lost == (cy.astronaut,)
    assert (last.kind, last.margin) == (ChangeKind.LOST, None)
    words = f"{last.word} {last.title} {last.sentence(RECORD)}".lower()
    assert "loss of the spacecraft" in words
    assert not any(word in words for word in ("broken", "passed", "record", "best", "equalled"))


def test_who_equals_a_lost_one_is_told_as_anybody():
    cy = career("Cy Moss", trip("2002-01-01", "2002-01-21", lost=True))
    dee = career("Dee Park", trip("2003-01-01", "2003-01-21"))
    *_, last = told([cy, dee])
    assert last.lost == ()
    assert last.title == "Equalled: level with Cy Moss"


def test_a_flight_still_under_way_then_was_not_lost_yet():
    cy = career("Cy Moss", trip("2002-01-01", "2002-02-21", lost=True))
    *_, last = told([ADA, cy], at="2002-02-01")
    assert last.lost == ()


def test_a_spacewalk_counts_though_the_flight_goes_on():
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-11", walks=(walk("2000-01-03"),)))
    (only,) = told([ada], at="2000-01-05", metric="number-of-spacewalks")
    assert only.state is State.LANDED
    assert only.stood == ""


def test_what_a_spacewalk_known_by_the_day_made_is_known_by_the_day():
    walks = (walk("2000-01-03", precision="day"), walk("2000-01-05T10:00"))
    ada = career("Ada Vega", trip("2000-01-01", "2000-01-11", walks=walks))
    first, second = told([ada], metric="number-of-spacewalks")
    assert first.passed_precision is Precision.DAY
    assert second.passed_precision is Precision.MINUTE
    assert first.stood == "≈ 2 d"


def test_crowds_are_told_by_their_number():
    both = [ADA, career("Ben Ross", trip("2000-01-05", "2000-01-11"))]
    first, second = told(both, metric="people-aloft")
    assert first.sentence("Crowd") == "Crowd: 1 person."
    assert second.sentence("Crowd") == "Crowd: 2 people, passing 1."
    assert second.title == "Broken"


def test_a_crowd_of_people_nobody_confirmed_of_late_is_presumed():
    alone = [career("Ada Vega", trip("2000-01-01")), career("Ben Ross", trip("2000-03-01"))]
    first, second = told(
        alone, at="2000-04-01", metric="people-aloft", confirmation=confirmed_through("2000-02-01")
    )
    assert (first.state, second.state) == (State.LANDED, State.PRESUMED)
    assert "presumed" in second.sentence("Crowd")


def test_what_is_said_changes_at_the_passing_at_the_seal_and_when_it_becomes_presumed():
    known = confirmed_through("2001-01-11T12:00")
    ben = career("Ben Ross", trip("2001-01-01", plan="2001-01-25"))
    *_, sealed = told([ADA, BEN])
    *_, rising = told([ADA, ben], at="2001-01-12", confirmation=known)
    *_, presumed = told([ADA, ben], at="2001-01-20", confirmation=known)
    assert sealed.changed_at(ALL_KNOWN) == instant("2001-01-21")
    assert rising.changed_at(known) == instant("2001-01-11T00:00:01")
    assert presumed.changed_at(known) == instant("2001-01-18T12:00")


def test_long_rows_of_names_are_cut_short():
    people = [career(f"Pilot N{n}", trip()).astronaut for n in range(5)]
    assert names_text(people[:1]) == "Pilot N0"
    assert names_text(people[:3]) == "Pilot N0, Pilot N1 and Pilot N2"
    assert names_text(people) == "Pilot N0, Pilot N1 and 3 others"
