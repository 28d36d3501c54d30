"""Headcounts: how many are in space at an instant, and how sure that is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from .careers import Career, State
from .plain import plain
from .values import Unit, Value


@plain()
class Headcount:
    """How many of some people are in space at an instant.

    `count` is how many are by what is written, the `presumed` among them and the `unconfirmed` not.
    So many of them as are `unlaunched` may not be up yet, and so many more as are `landing` may be
    up still: the times of those launches and landings are not known well enough to say.
    """

    count: int = 0
    presumed: int = 0
    unconfirmed: int = 0
    unlaunched: int = 0
    landing: int = 0

    @classmethod
    def of(cls, careers: Iterable[Career]) -> "Headcount":
        """The headcount of careers clipped to an instant; those on the ground count for nothing."""
        found = Counter(filter(None, map(_kind, careers)))
        return cls(
            found["certain"] + found["presumed"] + found["unlaunched"],
            found["presumed"],
            found["unconfirmed"],
            found["unlaunched"],
            found["landing"],
        )

    @property
    def value(self) -> Value:
        """As many as are in space by what is written, with the least and the most that allows."""
        return Value(self.count, Unit.COUNT, below=self.unlaunched, above=self.landing)

    @property
    def least(self) -> int:
        """How many are there whatever has become of those of whom nobody has heard."""
        return max(0, self.count - self.unlaunched - self.presumed)

    @property
    def most(self) -> int:
        return self.count + self.landing + self.unconfirmed

    @property
    def is_sure(self) -> bool:
        return self.least == self.most

    @property
    def widest(self) -> Value:
        """The same with all that can have become of them."""
        return replace(self.value, below=self.count - self.least, above=self.most - self.count)

    @property
    def text(self) -> str:
        """`7`, `7 to 10`, `7, 3 unconfirmed`, `10, 4 of them presumed`, `0`."""
        return ", ".join((self.value.text, *self.caveats))

    @property
    def caveats(self) -> tuple[str, ...]:
        """What must stand beside the number."""
        presumed = f"{self.presumed} of them presumed"
        if self.presumed == self.count:
            presumed = "all presumed" if self.count > 1 else "presumed"
        found = (
            (self.presumed, presumed),
            (self.unconfirmed, f"{self.unconfirmed} unconfirmed"),
        )
        return tuple(words for number, words in found if number)

    @property
    def headline(self) -> str:
        """`7 in space, 3 unconfirmed`; `7 to 10 in space`; `Nobody in space`."""
        value = self.value
        number = value.text
        if value.low == 0:
            number = f"Up to {value.high}" if value.high else "Nobody"
        return ", ".join((f"{number} in space", *self.caveats))


def _kind(career: Career) -> str | None:
    """What a career clipped to an instant adds to a headcount."""
    last = career.flights[-1] if career.flights else None
    if last is None or (last.landed_at and not last.may_be_aloft):
        return None
    if last.landed_at:
        return "landing"
    if last.state is State.UNCONFIRMED:
        return "unconfirmed"
    if last.may_be_unlaunched:
        return "unlaunched"
    return "presumed" if last.state is State.PRESUMED else "certain"
