"""Who is in space: where they are, and how many of them that is certain of."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from records.book.careers import Career, State

from .ledger import Ledger


def counted(careers: list[Career]) -> dict:
    """How many are aloft, certain and unconfirmed ones apart, and the words for it."""
    unconfirmed = sum(career.aloft.state is State.UNCONFIRMED for career in careers)
    certain = len(careers) - unconfirmed
    return {
        "headline": _headline(certain, unconfirmed),
        "certain": certain,
        "unconfirmed": unconfirmed,
    }


def by_place(careers: list[Career], ledger: Ledger) -> list[Career]:
    """Those aloft by where they are; who went up first, first."""
    return sorted(careers, key=lambda career: whereabouts(career.aloft, ledger))


def grouped(shown: Iterable[Career], careers: list[Career], ledger: Ledger) -> list[dict]:
    """Those of the `careers` aloft that are shown, in the order of `by_place`, a group for each
    place, with how many there are in all, the unconfirmed apart."""
    slugs = {name: slug for slug, name in ledger.names.stations.items()}

    def place(career):
        return whereabouts(career.aloft, ledger)

    everyone = defaultdict(list)
    for career in careers:
        everyone[place(career)].append(career)
    return [
        {
            "title": title,
            "station": slugs.get(title, ""),
            "careers": list(members),
            "total": len(everyone[title]),
            **counted(everyone[title]),
        }
        for title, members in groupby(shown, key=place)
    ]


def _headline(certain: int, unconfirmed: int) -> str:
    """`7 in space, 3 unconfirmed`"""
    words = f"{certain or 'Nobody'} in space"
    return f"{words}, {unconfirmed} unconfirmed" if unconfirmed else words


def whereabouts(flight, ledger: Ledger) -> str:
    """The station that the ship up visited, or the ship itself.

    The facts know which stations a mission visited, not when it docked: on the days of travel the
    station is where they are bound.
    """
    stations = [name for slug, name in ledger.names.stations.items() if slug in flight.stations]
    return " and ".join(stations) or flight.launch_mission.name
