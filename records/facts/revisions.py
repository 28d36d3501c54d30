"""What has been changed in the facts of this database, row by row and column by column.

It is read from the history of the models, and told in the cells of the tables that everybody can
download: what stands in no table, such as who changed a row and why, is not told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey, Model

from records.ledger.answers import Answers
from records.models import Flight, Mission
from records.models.history import History

from .columns import FactColumn
from .tables import ALL_TABLES, BY_MODEL, FactTable

#: The tables whose rows have a history.
KEPT = tuple(table for table in ALL_TABLES if hasattr(table.model, "history"))
KINDS = {"+": "added", "~": "changed", "-": "deleted"}
GONE = "(a row that is no longer there)"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a revision is to be found: the table, by its place in `KEPT`, and the numbers that its
    history gives to the state of the row and to the one before it (None: not kept)."""

    at: datetime
    place: int
    number: int
    former: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell as the CSV file has it, before and since; `old` is None where it was not kept."""

    column: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One row that was added, changed or deleted, and when.

    `key` are the cells that name the row, by column; `url` is its page, if it has one still. Of a
    row that is added or deleted the `changes` are all cells that are not empty.
    """

    at: datetime
    table: FactTable
    kind: str
    key: dict[str, str]
    changes: tuple[CellChange, ...]
    url: str = ""


def columns(table: FactTable) -> list[FactColumn]:
    """The columns whose cells the history of the table's rows keeps."""
    tracked = {field.name for field in table.model.history.model.tracked_fields}
    return [column for column in table.columns if column.read and tracked.issuperset(column.fields)]


def unkept() -> list[str]:
    """What can change without a revision: `citations`, `missions.stations`."""
    return [
        *(table.name for table in ALL_TABLES if table not in KEPT),
        *(
            f"{table.name}.{column.name}"
            for table in KEPT
            for column in table.columns
            if column.read and column not in columns(table)
        ),
    ]


def current(token: str) -> tuple[Step, ...]:
    """Every revision, the newest first: no query while the facts stand.

    `token` is that of the data version (`Release.token`). Only where revisions are to be found is
    kept, not what they say: a state that is taken out of the history is told no more.
    """
    return LATEST.kept(token, _all)


#: The revisions of the latest data version that was asked for.
LATEST = Answers(1)


def _all() -> tuple[Step, ...]:
    found = [step for place in range(len(KEPT)) for step in _steps(place)]
    return tuple(sorted(found, key=lambda step: (step.at, step.place, step.number), reverse=True))


def read(steps: Iterable[Step]) -> Iterator[Revision]:
    """What the steps say, in their order: a few queries for each table among them."""
    steps = list(steps)
    numbers = defaultdict(set)
    for step in steps:
        numbers[step.place] |= {step.number, step.former} - {None}
    found = {place: _states(KEPT[place].model, wanted) for place, wanted in numbers.items()}
    for step in steps:
        rows, pages = found[step.place]
        if row := rows.get(step.number):
            yield _revision(step, row, rows.get(step.former), pages.get(row.pk, ""))


def _steps(place: int) -> Iterator[Step]:
    """The revisions of a table: every state that differs from the one before in what is told."""
    model = KEPT[place].model
    history = model.history.model
    told = _told(model)
    states = history.objects.order_by("id", "history_date", "history_id").values_list(
        "id",
        "history_id",
        "history_date",
        "history_type",
        "history_change_reason",
        *(field.attname for field in history.tracked_fields if field.name in told),
    )
    last = None
    for pk, number, at, kind, reason, *values in states.iterator():
        former = last if last and last[0] == pk else None
        same = kind == "~" and former is not None and former[2] == values
        # The state that was loaded is only kept to compare the next one with.
        if not same and reason != History.AS_LOADED:
            yield Step(at, place, number, former and former[1], KINDS[kind])
        last = (pk, number, values)


def _told(model: type[Model]) -> set[str]:
    """The fields that the download tells."""
    return {name for column in columns(BY_MODEL[model]) for name in column.fields}


def _revision(step: Step, row: Model, former: Model | None, url: str) -> Revision:
    table = KEPT[step.place]
    for one in (row, former):
        if isinstance(one, Mission):  # Whether it was planned or in flight is told as of the step.
            one.to_come = one.launched_at > step.at
    key = {column.name: _cell(column, row) for column in table.columns if column.name in table.key}
    changes = []
    for column in columns(table):
        cell = _cell(column, row)
        if step.kind == "added":
            old, new = "", cell
        elif step.kind == "deleted":
            old, new = cell, ""
        else:
            old, new = former and _cell(column, former), cell
        changes.append(CellChange(column.name, old, new))
    told = tuple(change for change in changes if change.old != change.new)
    return Revision(step.at, table, step.kind, key, told, url)


def _cell(column: FactColumn, row: Model) -> str:
    try:
        return column.write(row)
    except ObjectDoesNotExist:
        return GONE


def _states(model: type[Model], numbers: set[int]) -> tuple[dict[int, Model], dict[int, str]]:
    """The rows as they were in the states with those numbers; and the pages, by primary key, of
    those that are still there."""
    states = model.history.in_bulk(numbers)
    rows = {number: state.instance for number, state in states.items()}
    there = {}
    if hasattr(model, "get_absolute_url"):
        there = model._base_manager.in_bulk({row.pk for row in rows.values()})
    _refer(model, [*rows.values(), *there.values()])
    return rows, {pk: row.get_absolute_url() for pk, row in there.items()}


def _refer(model: type[Model], rows: Collection[Model]) -> None:
    """Give the rows those that they refer to: as they are, or were last if they are gone."""
    told = _told(model)
    for field in model._meta.fields:
        if field.name in told and isinstance(field, ForeignKey):
            keys = {getattr(row, field.attname) for row in rows} - {None}
            others = _named(field.related_model, keys)
            for row in rows:
                if other := others.get(getattr(row, field.attname)):
                    setattr(row, field.name, other)


def _named(model: type[Model], keys: set[int]) -> dict[int, Model]:
    """Rows by primary key, with what names them."""
    found = model._base_manager.in_bulk(keys)
    gone = keys - found.keys()
    if gone and hasattr(model, "history"):
        last = model.history.filter(id__in=gone).order_by("history_date", "history_id")
        found |= {state.id: state.instance for state in last}
    if model is Flight:  # It is named by its astronaut and its mission.
        _refer(model, found.values())
    return found
