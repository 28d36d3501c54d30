"""The kinds of column that tables of facts are made of.

A column says once what a cell means, how it is read into fields of the model, and how a row of the
model is written as a cell. Derived columns, which repeat what other facts already say, are only
written; an import compares them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, Protocol

from django.db.models import Model
from django.db.models.base import ModelBase

from records import texts
from records.instants import Precision
from records.models import Flight
from records.models.gate import LinesField, ProseField

from . import cells


class Type(StrEnum):
    """Types of the Frictionless Table Schema."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


def _plain(word: str) -> str:
    """The word without what people and programs write one way or another."""
    return re.sub("[-_ ]", "", word).casefold()


def listed(cell: str) -> list[str]:
    """The parts of a cell that semicolons separate."""
    return list(filter(None, map(str.strip, cell.split(";"))))


class Unknown(ValueError):
    """A cell names a row that is not there."""


class Waiting(Unknown):
    """A cell names a row that has itself been refused."""


class Known(Protocol):
    """The rows that cells can refer to, while a folder is read."""

    def find(self, table: str, *key: str) -> Model:
        """The table's row with that key. Raises Unknown or Waiting, in words."""

    def stored(self, table: str, *key: str) -> Model | None:
        """The row with that key as it was stored before."""

    def flights_of(self, astronaut: str) -> list[Flight]:
        """The astronaut's flights in order."""


@dataclass(frozen=True)
class FactLine:
    """One row of a CSV file: where it stands, its cells by column, and its place among the rows
    with the same first cell, counted from 1."""

    number: int
    cells: Mapping[str, str]
    place: int = 1


@dataclass(frozen=True)
class FactColumn:
    """One column: its name, its meaning in a sentence without an end, how it is written and read.

    `read` is None where the column is derived. `fields` are the model's fields that are read from
    it. `refers` is the (table, column) whose values it takes, `options` are all values there can
    be; an empty cell is possible unless `required`. Where `options` or `required` is None, the
    first of the fields says it; `choices` are those of the field, `labels` their names.

    `follows` marks a column that repeats what other facts say: where it is not empty, an import
    compares it. `across` are those of them that need the rows of several tables to be complete.
    `alike` are cells that time alone turns into one another: an older file is not wrong. A cell of
    `prose` may have several lines. A column that was `added` is missing in files of before: what it
    says then stays as it is.
    """

    name: str
    words: str
    write: Callable[[Model], str]
    read: Callable[[FactLine, Known], dict[str, Any]] | None = None
    fields: tuple[str, ...] = ()
    type: Type = Type.STRING
    unit: str = ""
    refers: tuple[str, str] | None = None
    options: tuple[str, ...] | None = None
    required: bool | None = None
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    follows: bool = False
    across: bool = False
    alike: frozenset[str] = frozenset()
    prose: bool = False
    added: bool = False

    def of(self, model: ModelBase) -> "FactColumn":
        """The column with what the model says of its first field."""
        first = model._meta.get_field(self.fields[0]) if self.fields else None
        listed = [choice for choice in getattr(first, "flatchoices", ()) if choice[0]]
        choices = tuple(value for value, _ in listed)
        return replace(
            self,
            prose=isinstance(first, ProseField) and not isinstance(first, LinesField),
            choices=choices,
            labels=tuple(str(label) for _, label in listed),
            options=choices if self.options is None else self.options,
            required=not first.blank if self.required is None else self.required,
        )

    def tidied(self, cell: str) -> str:
        """The cell as it is kept. Raises ValueError, in words, for what no text contains."""
        text = cells.read_text(cell, texts.clean_text if self.prose else texts.clean_line)
        return self._chosen(text)

    def _chosen(self, cell: str) -> str:
        """The choice that is written in other capitals, with other marks or by its name."""
        known = self._known
        if self.refers == ("countries", "code"):
            return cell.upper()
        if not cell or cell in known:
            return cell
        spelled = dict(zip(map(_plain, self.labels), self.choices, strict=True))
        spelled |= {_plain(value): value for value in known}
        return spelled.get(_plain(cell), cell)

    @property
    def _known(self) -> tuple[str, ...]:
        return self.options or self.choices

    def agree(self, said: str, follows: str) -> bool:
        """Whether a cell says what follows from the rest of the facts, or nothing."""
        said = self.as_written(said)
        return not said or said == follows or {said, follows} <= self.alike

    def as_written(self, cell: str) -> str:
        """The tidied cell as it would be written here, if it can be read."""
        try:
            if self.type is Type.INTEGER:
                return cells.write_number(cells.read_number(cell))
            if self.type is Type.DATETIME:
                return cells.write_instant(cells.read_instant(cell, Precision.DAY))
        except ValueError:
            pass  # It agrees with nothing.
        return cell

    def refuse_unknown(self, cell: str):
        """Raises ValueError for a cell that is none of the values there can be."""
        known = self._known
        if cell and known and cell not in known:
            raise ValueError(f"{cell!r} is none of: {', '.join(known)}")

    def value(self, cell: str):
        """The cell as JSON has it: a number, true or false, text; None if it is empty."""
        if not cell:
            return None
        if self.type is Type.INTEGER:
            return int(cell)
        return cell == "true" if self.type is Type.BOOLEAN else cell


def valued(
    name: str, words: str, field: str = "", *, read: Callable, write: Callable, **described
) -> FactColumn:
    """A column whose cell is one value of one field; the field is named as the column is, unless
    that is told."""
    field = field or name
    value = attrgetter(field)
    return FactColumn(
        name,
        words,
        read=lambda line, known: {field: read(line.cells[name])},
        write=lambda row: write(value(row)),
        fields=(field,),
        **described,
    )


def text(name: str, words: str, field: str = "", **described) -> FactColumn:
    return valued(name, words, field, read=str, write=str, **described)


def number(name: str, words: str, field: str = "", **described) -> FactColumn:
    return valued(
        name,
        words,
        field,
        read=cells.read_number,
        write=cells.write_number,
        type=Type.INTEGER,
        **described,
    )


def day(name: str, words: str, field: str = "") -> FactColumn:
    return valued(name, words, field, read=cells.read_day, write=cells.write_day, type=Type.DATE)


def truth(name: str, words: str) -> FactColumn:
    return valued(name, words, read=cells.read_truth, write=cells.write_truth, type=Type.BOOLEAN)


def seconds(name: str, words: str, field: str, **described) -> FactColumn:
    return valued(
        name,
        words,
        field,
        read=cells.read_seconds,
        write=cells.write_seconds,
        type=Type.INTEGER,
        unit="s",
        **described,
    )


def instant(name: str, words: str, field: str, *, known_by: str = "") -> FactColumn:
    """An instant; how well it is known the column `known_by` says, if there is one."""

    def read(line, known):
        return {field: cells.read_instant(line.cells[name], line.cells.get(known_by, ""))}

    column = valued(
        name,
        words,
        field,
        read=cells.read_instant,
        write=cells.write_instant,
        type=Type.DATETIME,
        unit="UTC",
    )
    return replace(column, read=read)


def precision(name: str, of: str) -> FactColumn:
    return text(
        name,
        f"How well {of} is known; an instant known to the day or month is written as its beginning",
    )


def published(words: str, *, own: bool = False) -> FactColumn:
    """The duration of an EVA. A file that does not say how well it is known has what was published;
    of one's `own` part it need have nothing."""

    def read(line, known):
        duration = cells.read_seconds(line.cells["duration_seconds"])
        if "duration_precision" in line.cells:
            return {"duration": duration}
        known_to = "" if own else "unknown"
        if duration is not None:
            known_to = "second" if duration % timedelta(minutes=1) else "minute"
        return {"duration": duration, "duration_precision": known_to}

    return replace(seconds("duration_seconds", words, "duration"), read=read)


def duration_precision() -> FactColumn:
    return text("duration_precision", "How well the duration is known", added=True)


def shown(name: str, words: str, field: str, precision: str) -> FactColumn:
    """An instant whose precision is as it is written: the table has no column for it."""

    def read(line, known):
        value = cells.read_instant(line.cells[name], Precision.DAY)
        return {field: value, precision: cells.shown_precision(value)}

    return replace(instant(name, words, field), read=read, fields=(field, precision))


def dated(name: str, words: str, field: str, precision: str) -> FactColumn:
    """A date that may be known to the month or year alone."""
    return FactColumn(
        name,
        words,
        read=lambda line, known: dict(
            zip((field, precision), cells.read_date(line.cells[name]), strict=True)
        ),
        write=lambda row: cells.write_date(getattr(row, field), getattr(row, precision)),
        fields=(field, precision),
    )


def link(name: str, words: str, field: str, table: str) -> FactColumn:
    """The id of a row in another table, or empty."""

    def read(line, known):
        return {field: known.find(table, line.cells[name]) if line.cells[name] else None}

    def write(row):
        other = getattr(row, field)
        return other.natural_key()[0] if other else ""

    return FactColumn(name, words, read=read, write=write, fields=(field,), refers=(table, "id"))


def country(name: str, words: str) -> FactColumn:
    return replace(link(name, words, name, "countries"), refers=("countries", "code"))


def derived(column: FactColumn, *, required: bool = True, **described) -> FactColumn:
    """The column, but only written: it repeats what other facts say. Its field may be any attribute
    of the row, of what the row refers to even."""
    return replace(column, read=None, fields=(), follows=True, required=required, **described)


def added(column: FactColumn) -> FactColumn:
    """The column, which files that were written before it was there may lack."""
    return replace(column, added=True)
