"""Crews: the commander first, then pilots, then the others, unless a source gives the order."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from records.book.crews import aloft_in_order, in_order
from tests.book.builders import ALL_KNOWN, career, flight, instant, mission


def crew_of(*members):
    """`(family name, role)` or `(family name, role, position)` each."""
    return [
        (
            SimpleNamespace(role=role, position=position[0] if position else None),
            SimpleNamespace(family_name=name, slug=name.lower()),
        )
        for name, role, *position in members
    ]


def named(crew):
    return [astronaut.family_name for _, astronaut in in_order(crew, lambda one: one)]


@pytest.mark.parametrize(
    ("members", "order"),
    [
        (
            (
                ("Aldrin", "Lunar Module Pilot"),
                ("Collins", "Command Module Pilot"),
                ("Armstrong", "Commander"),
            ),
            ["Armstrong", "Collins", "Aldrin"],
        ),
        (
            (
                ("Zeta", "Mission Specialist"),
                ("Alpha", "Payload Specialist"),
                ("Beta", "Payload Commander"),
                ("Eta", "Mission Specialist"),
                ("Yota", "Pilot"),
                ("Omega", "Commander"),
            ),
            ["Omega", "Yota", "Eta", "Zeta", "Beta", "Alpha"],
        ),
        ((("B", "Flight Engineer"), ("A", "Flight Engineer"), ("C", "Commander")), ["C", "A", "B"]),
        ((("B", "Pilot"), ("A", "Science Pilot"), ("C", "Commander")), ["C", "B", "A"]),
        (
            (("B", "Vehicle Commander"), ("A", "Passenger"), ("C", "Mission Commander")),
            ["C", "B", "A"],
        ),
        ((("A", "Flight Engineer", 1), ("B", "Commander", 3), ("C", "Pilot", 2)), ["A", "C", "B"]),
        # No order of a source: it leaves somebody out, or two have one place.
        ((("A", "Flight Engineer", 1), ("B", "Commander"), ("C", "Pilot", 2)), ["B", "C", "A"]),
        ((("A", "Flight Engineer", 1), ("B", "Commander", 1)), ["B", "A"]),
        ((), []),
    ],
)
def test_a_crew_has_one_order(members, order):
    assert named(crew_of(*members)) == order
    assert named(reversed(crew_of(*members))) == order


def test_those_in_space_stand_by_ship_the_first_launched_first():
    late, early = mission("2000-02-01", slug="late"), mission("2000-01-01", slug="early")
    people = [
        career("Ada Alpha", flight(late, None, role="Flight Engineer")),
        career("Zoe Zeta", flight(late, None, role="Commander")),
        career("Cy Nord", replace(flight(early, None, role="Pilot"), position=2)),
        career("Bo Lind", replace(flight(early, None, role="Commander"), position=1)),
    ]
    clipped = [one.at(instant("2000-03-01"), ALL_KNOWN) for one in people]
    assert [one.astronaut.name for one in aloft_in_order(clipped)] == [
        "Bo Lind",
        "Cy Nord",
        "Zoe Zeta",
        "Ada Alpha",
    ]
