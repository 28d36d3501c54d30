"""What published tables say, to the minute, computed from the facts."""

from datetime import UTC, datetime

import pytest

from records.instants import read_when
from records.ledger import Ledger

TODAY = datetime(2026, 11, 22, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("site")


def board(slug, at=TODAY):
    ledger = Ledger.current()
    at = read_when(at).last if isinstance(at, str) else at
    return ledger.standings(ledger.leaderboards[slug], at)


def row_of(astronaut, slug, at=TODAY):
    return next(row for row in board(slug, at) if row.astronaut.slug == astronaut)


@pytest.mark.parametrize(
    ("astronaut", "leaderboard", "text"),
    [
        ("frank-rubio", "longest-spaceflight", "370 d 21 h 22 m"),
        ("sergey-prokopyev", "longest-spaceflight", "370 d 21 h 22 m"),
        ("dmitri-petelin", "longest-spaceflight", "370 d 21 h 22 m"),
        ("valeri-polyakov", "longest-spaceflight", "437 d 17 h 58 m"),
        ("mark-vande-hei", "longest-spaceflight", "355 d 3 h 46 m"),
        ("christina-koch", "longest-spaceflight", "328 d 13 h 58 m"),
        ("gennady-padalka", "total-time-in-space", "878 d 11 h 30 m"),
        ("oleg-kononenko", "total-time-in-space", "1110 d 14 h 59 m"),
        ("peggy-whitson", "most-spacewalks", "10"),
        ("peggy-whitson", "total-spacewalk-time", "60 h 21 m"),
    ],
)
def test_a_career_has_the_figure_that_was_published(astronaut, leaderboard, text):
    value = row_of(astronaut, leaderboard).value
    hours, minutes = divmod(value.amount // 60, 60)
    assert text in (value.text, f"{hours} h {minutes} m")


def test_rubio_shares_his_rank_with_prokopyev_and_petelin():
    rank = row_of("frank-rubio", "longest-spaceflight").rank
    sharing = [row for row in board("longest-spaceflight") if row.rank == rank]
    assert {row.astronaut.slug for row in sharing} == {
        "frank-rubio",
        "sergey-prokopyev",
        "dmitri-petelin",
    }
    assert all(row.tied for row in sharing)


def test_polyakov_made_the_longest_flight():
    first, second, *_ = board("longest-spaceflight")
    assert (first.rank, first.tied, first.astronaut.slug) == (1, False, "valeri-polyakov")
    assert second.rank == 2


@pytest.mark.parametrize(
    ("at", "leader"),
    [
        ("2022-03-14", "scott-kelly"),
        ("2022-03-29", "mark-vande-hei"),
        ("2023-09-27", "frank-rubio"),
        ("2026-11-22", "frank-rubio"),
    ],
)
def test_who_had_made_the_longest_flight_of_an_american(at, leader):
    assert board("longest-spaceflight-americans", at)[0].astronaut.slug == leader


def test_koch_made_the_longest_flight_of_a_woman():
    first = board("longest-spaceflight-women")[0]
    assert (first.rank, first.tied, first.astronaut.slug) == (1, False, "christina-koch")


@pytest.mark.parametrize(("at", "people"), [("2023-09-28", 7), ("2024-09-24", 9)])
def test_how_many_had_flown_for_a_year(at, people):
    assert len(board("year-in-space", at)) == people


@pytest.mark.parametrize(
    ("at", "leader"),
    [("2024-02-04T08:20Z", "gennady-padalka"), ("2024-02-04T08:40Z", "oleg-kononenko")],
)
def test_kononenko_passed_padalka_that_morning(at, leader):
    assert board("total-time-in-space", at)[0].astronaut.slug == leader


def people_above(boundary, at):
    return len(Ledger.current().aloft(read_when(at).last, boundary))


@pytest.mark.parametrize(("at", "people"), [("2024-09-11", 19), ("2023-05-30", 17)])
def test_how_many_were_in_orbit_at_once(at, people):
    """At some time of that day."""
    counts = {
        people_above("orbit", f"{at}T{hour:02}:{minute:02}Z")
        for hour in range(24)
        for minute in (0, 30)
    }
    assert max(counts) == people


def test_twenty_were_above_80_km_at_once():
    counts = {
        people_above("80km", f"2023-05-25T{hour:02}:{minute:02}Z")
        for hour in range(24)
        for minute in range(0, 60, 2)
    }
    assert max(counts) == 20


def test_ten_were_in_space_when_it_was_last_confirmed():
    ledger = Ledger.current()
    assert len(ledger.aloft(ledger.confirmation.through_at)) == 10
