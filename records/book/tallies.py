"""Tallies: how many of some things had happened by an instant, and how sure that is."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from .values import Unit, Value


class Tally:
    """How many of some things had happened by whatever instant one asks about. Each of them
    happened between two instants, the first and the last at which it can have."""

    def __init__(self, spans: Iterable[tuple[datetime, datetime]]):
        spans = list(spans)
        self._firsts = sorted(first for first, _ in spans)
        self._lasts = sorted(last for _, last in spans)

    def at(self, at: datetime) -> Value:
        """As many as had happened by what is written; all of them surely by the last instants."""
        count = bisect_right(self._firsts, at)
        return number(count, bisect_right(self._lasts, at))


def number(count: int, surely: int) -> Value:
    """A number of things, of which so many are certain."""
    return Value(count, Unit.COUNT, below=count - surely)
