"""Who is in space: where they are, and how sure it is how many there are."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from records.book.careers import Career, Flight
from records.book.criteria import DEFAULT_BOUNDARY, Category
from records.book.headcounts import Headcount

from .ledger import Ledger


@dataclass(frozen=True)
class Aloft:
    """Who is in space at an instant on flights that count: careers clipped to it.

    `careers` are those of whom it is written, first launched first, each crew in its order; the
    unconfirmed are among them. `perhaps` are others, who have landed by what is written, and whose
    landing is known so poorly that they may have been up still.
    """

    careers: list[Career]
    perhaps: list[Career]

    @classmethod
    def at(
        cls, ledger: Ledger, at: datetime, category: Category | str = DEFAULT_BOUNDARY
    ) -> "Aloft":
        """Those on flights of the category, or on all that crossed a boundary."""
        if isinstance(category, str):
            category = Category(boundary=category)
        return cls(ledger.aloft_for(category, at), ledger.perhaps_aloft(category, at))

    @cached_property
    def headcount(self) -> Headcount:
        return Headcount.of((*self.careers, *self.perhaps))

    @property
    def unlaunched(self) -> list[Career]:
        """Those among the `careers` who may not have been up yet."""
        return [career for career in self.careers if career.aloft.may_be_unlaunched]

    def headcounts(self, of: Callable[[Flight], Iterable]) -> dict[object, Headcount]:
        """A headcount for each of what `of` gives for a flight; none for what it never gives."""
        found = defaultdict(list)
        for career in (*self.careers, *self.perhaps):
            for one in of(career.flights[-1]):
                found[one].append(career)
        return defaultdict(Headcount, {one: Headcount.of(them) for one, them in found.items()})


def by_place(careers: list[Career], ledger: Ledger) -> list[Career]:
    """Those aloft by where they are; who went up first, first."""
    return sorted(careers, key=lambda career: whereabouts(career.aloft, ledger))


def grouped(shown: Iterable[Career], aloft: Aloft, ledger: Ledger) -> list[dict]:
    """Those aloft who are shown, in the order of `by_place`, a group for each place, with how many
    there are in all."""
    slugs = {name: slug for slug, name in ledger.names.stations.items()}
    headcounts = aloft.headcounts(lambda flight: (whereabouts(flight, ledger),))
    return [
        {
            "title": title,
            "station": slugs.get(title, ""),
            "careers": list(members),
            "headcount": headcounts[title],
        }
        for title, members in groupby(shown, key=lambda one: whereabouts(one.aloft, ledger))
    ]


def whereabouts(flight, ledger: Ledger) -> str:
    """The station that the ship up visited, or the ship itself.

    The facts know which stations a mission visited, not when it docked: on the days of travel the
    station is where they are bound.
    """
    stations = [name for slug, name in ledger.names.stations.items() if slug in flight.stations]
    return " and ".join(stations) or flight.launch_mission.name
