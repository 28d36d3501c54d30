"""One form three times: as it was opened, as it is stored now, and as it was typed.

A page is what a form sends: rows by group and key, each with the values of its fields. The form
itself is the one row of the group "", the rows beside it are known by their primary keys, and those
that are typed for the first time by a key that begins with NEW.

What only one of the two touched is as they have it. What both touched and left different is asked;
lists of which both changed other members are merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from records.body.merging import merged_lists

NEW = "new-"
#: The tick that deletes a row.
DELETE = "DELETE"
#: How a field is merged. The members of a set have no order, those of a list have.
Kind = Literal["value", "text", "set", "list"]

Values = list[str] | None
Row = dict[str, Values]
Page = dict[str, dict[str, Row]]


class Spot(NamedTuple):
    """Where on a page something stands: a field of a row, or without one the row as a whole."""

    group: str
    key: str
    field: str = ""

    @property
    def name(self) -> str:
        return "-".join(filter(None, self))


@dataclass(frozen=True)
class Difference:
    """What the three say of one place: values of a field, or a row that may be missing. What was
    opened is None where nobody knows it."""

    place: Spot
    opened: Values | Row
    stored: Values | Row
    typed: Values | Row


@dataclass
class Merge:
    """What becomes of what was typed: the `page` to be saved, and what it differs in."""

    opened: Page
    stored: Page
    typed: Page
    kinds: Mapping[str, Mapping[str, Kind]]
    #: Groups that have one row at most: two who add it mean the same.
    single: frozenset[str] = frozenset()
    page: Page = field(default_factory=dict)
    #: What others alone changed, and is as they have it.
    taken: list[Difference] = field(default_factory=list)
    #: What both changed, and is now as both want it.
    both: list[Difference] = field(default_factory=list)
    #: What was typed and nobody else touched.
    kept: list[Difference] = field(default_factory=list)
    #: What both changed, to be decided.
    asked: list[Difference] = field(default_factory=list)

    def __post_init__(self):
        for group, rows in self.typed.items():
            self._join_single(group)
            self.page[group] = {}
            for key in dict.fromkeys((*filter(_is_old, rows), *self.stored[group], *rows)):
                row = self._row(group, key)
                if row is not None:
                    self.page[group][key] = row

    def _join_single(self, group):
        """Two added the one row that there can be: each added to nothing."""
        added = [key for key in self.typed[group] if not _is_old(key)]
        if group in self.single and added and self.stored[group]:
            (key,) = self.stored[group]
            self.typed[group][key] = self.typed[group].pop(added[0])
            self.opened[group][key] = {name: [] for name in self.stored[group][key]}

    def _row(self, group, key) -> Row | None:
        place = Spot(group, key)
        opened, stored, typed = (
            page.get(group, {}).get(key) for page in (self.opened, self.stored, self.typed)
        )
        if not _is_old(key):
            return None if self._is_added_already(group, typed) else typed
        if stored is None:
            return self._gone(place, opened, typed)
        if typed is None:
            if opened is None:
                self.taken.append(Difference(place, None, stored, None))
            return stored
        opened = dict.fromkeys(stored) if opened is None else opened
        if typed.get(DELETE):
            changed = any(opened.get(name, values) != values for name, values in stored.items())
            found = self.asked if changed else self.kept
            found.append(Difference(place, opened, stored, typed))
            return typed
        # What was not on the page when it was opened could not be typed.
        return {
            name: self._field(Spot(group, key, name), opened[name], values, typed)
            if name in opened
            else values
            for name, values in stored.items()
        }

    def _is_added_already(self, group, row) -> bool:
        """Whether somebody else added the same row meanwhile."""
        known = self.opened.get(group, {})
        others = [row for key, row in self.stored[group].items() if key not in known]
        said = _said(row)
        return bool(said) and said in map(_said, others)

    def _gone(self, place, opened, typed) -> None:
        """A row that somebody else deleted."""
        if typed == opened:
            self.taken.append(Difference(place, opened, None, typed))
        elif not typed.get(DELETE):
            self.asked.append(Difference(place, opened, None, typed))

    def _field(self, place, opened, stored, row) -> Values:
        typed = row.get(place.field, [])
        one = Difference(place, opened, stored, typed)
        if typed == stored:
            return typed
        if stored == opened:
            self.kept.append(one)
            return typed
        if typed == opened:
            self.taken.append(one)
            return stored
        if opened is not None:
            made = merged_members(self.kinds[place.group][place.field], opened, stored, typed)
            if made is not None:
                self.both.append(one)
                return made
        self.asked.append(one)
        return typed

    @property
    def is_merged(self) -> bool:
        """Whether anything is not as it was typed."""
        return bool(self.taken or self.both or self.asked)


def _said(row: Row) -> Row:
    return {name: values for name, values in row.items() if values}


def _is_old(key: str) -> bool:
    return not key.startswith(NEW)


def merged_members(kind: Kind, opened: list, stored: list, typed: list) -> list | None:
    """A list with what each of the two added and without what either took out; None if it is no
    list, or if its order cannot be that of both."""
    if kind not in ("set", "list"):
        return None
    members = (set(stored) | (set(typed) - set(opened))) - (set(opened) - set(typed))
    if kind == "set":
        return sorted(members)
    made = merged_lists(opened, stored, typed)
    fits = not made.overlap and sorted(made.parts) == sorted(members)
    return made.parts if fits else None
