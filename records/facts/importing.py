"""Reading tables of facts into the database: all of them, or nothing."""

import copy
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from records.models import Country, Flight, FormerAddress, Mission, Slugged
from records.models.history import keep_lists
from records.models.slugs import SLUG

from . import cells, checking, fixtures, refusals
from .columns import FactLine, Unknown, Waiting
from .sheets import Reader
from .tables import ALL_TABLES, BY_MODEL, COUNTRIES, FactTable


@dataclass(frozen=True)
class RowChange:
    """A row that differs from the one in the database: field → (old, new), as text."""

    row: str
    fields: dict[str, tuple[str, str]]


@dataclass
class Outcome:
    """What became of one table's rows; `new` are the names of those that were added."""

    table: FactTable
    new: list[str] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    #: Rows of the database that the file does not name. They are left as they are.
    unnamed: int = 0

    @property
    def added(self) -> int:
        return len(self.new)


class Refused(Exception):
    """The tables were not taken; `lines` says why, one bad row each."""

    def __init__(self, lines: list[str]):
        super().__init__("\n".join(lines))
        self.lines = lines


_ID = re.compile(f"(?<![a-z0-9-]){SLUG}(?![a-z0-9-])")

#: The tables by the name of their file.
FILES = {table.file: table for table in ALL_TABLES}
#: “people (1).csv”, as a browser calls a second download.
_COPY = re.compile(r" ?\(\d+\)(?=\.csv$)")


def file_of_table(name: str) -> str:
    """What the table would be called whose file somebody has called so: `people.csv` of
    `People (1).csv`."""
    return _COPY.sub("", name.lower())


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of tables in the folder, by name. Raises Refused."""
    found, problems = {}, []
    for path in sorted(folder.iterdir()):
        if (name := file_of_table(path.name)) not in FILES:
            continue
        if name in found:
            problems.append(f"{path.name}: {name} is there twice")
        try:
            found[name] = path.read_bytes()
        except OSError as error:
            problems.append(f"{path.name}: cannot be read: {error.strerror}")
    if problems:
        raise Refused(problems)
    return found


def import_folder(folder: Path, at: datetime, **options) -> list[Outcome]:
    """`import_files` with the tables that are in the folder."""
    return import_files(read_folder(folder), at, **options)


def import_files(
    files: Mapping[str, bytes],
    at: datetime,
    *,
    dry_run: bool = False,
    accept_doubts: bool = False,
    extra_columns: bool = False,
) -> list[Outcome]:
    """Bring the database to what the tables say, as of the instant; `files` are CSV by file name.

    Any of the tables may be left out; what they refer to is then looked for in the database. Rows
    are added and changed, never removed. Raises Refused, and leaves the database exactly as it was,
    if anything is wrong: with `accept_doubts` not for what `checking.doubts` finds in the facts
    as a whole, which a steward may have saved on purpose; with `extra_columns` not for columns that
    the tables do not know.
    """
    if not files:
        raise Refused([f"There is none of the tables: {', '.join(FILES)}."])
    with transaction.atomic():
        if not (COUNTRIES.file in files or Country.objects.exists()):
            fixtures.load("countries")
        outcomes = _Import(files, at, extra_columns).run(accept_doubts)
        transaction.set_rollback(dry_run)
    return outcomes


class _Import:
    """One run over the files. It is what columns know of other rows while they are read."""

    def __init__(self, files: Mapping[str, bytes], at: datetime, extra_columns: bool):
        self.data = files
        self.at = at
        self.extra_columns = extra_columns
        self.tables = [table for table in ALL_TABLES if table.file in files]
        self.problems: list[tuple[str, int, str]] = []
        #: Rows by key; of a table that is left out, those of the database.
        self.rows: dict[str, dict[tuple, Model]] = {
            table.name: _by_key(table, at) for table in ALL_TABLES if table not in self.tables
        }
        self.files: dict[str, dict[tuple, FactLine]] = {}
        #: Tables of which not every line could be read, and those of which none could.
        self.unreadable: set[str] = set()
        self.refused: set[str] = set()
        self.taken: dict[str, set[tuple]] = {}
        #: Table → former ids of its rows → those that they have by now.
        self.led_on = {
            table.name: FormerAddress.objects.led_on(table.model)
            for table in ALL_TABLES
            if issubclass(table.model, Slugged)
        }
        #: Whether rows may refer to one that was refused, but was stored before.
        self.trusting = False

    def run(self, accept_doubts: bool) -> list[Outcome]:
        outcomes = []
        waiting = []
        for table in self.tables:
            outcome = Outcome(table)
            outcomes.append(outcome)
            self.read(table)
            self.rows[table.name] = _by_key(table, self.at)
            outcome.unnamed = len(self.rows[table.name].keys() - self.files[table.name].keys())
            self.taken[table.name] = set()
            for key in self.files[table.name]:
                waiting.append((outcome, key))
            waiting = self.take(waiting)
        # A row may have been refused only because of another that is corrected further down, which
        # may refer to it as it is stored: in the end all are taken, or nothing.
        self.trusting = True
        while waiting and len(left := self.take(waiting)) < len(waiting):
            waiting = left
        self.trusting = False
        not_judged = 0
        for outcome, key in waiting:
            try:
                self.apply(outcome, key)
            except Waiting:
                not_judged += 1
            except (ValueError, ValidationError, IntegrityError, DataError) as error:
                self.complain(outcome.table, key, self.words(error, outcome.table))
        self.compare_with_files()
        if not (self.problems or accept_doubts):
            self.check_across_rows()
        if self.problems:
            order = {table.name: number for number, table in enumerate(ALL_TABLES)}
            self.problems.sort(key=lambda problem: (order[problem[0]], problem[1]))
            lines = [
                f"{name}.csv:{number}: {words}" if number else f"{name}.csv: {words}"
                for name, number, words in self.problems
            ]
            if not_judged and any(name not in self.refused for name, _, _ in self.problems):
                lines.append(f"{not_judged} more rows refer to these and were not judged.")
            raise Refused(lines)
        return outcomes

    # What columns ask

    def find(self, table: str, *key: str) -> Model:
        key = tuple(self.led_on.get(table, {}).get(part, part) for part in key)
        row = self.rows[table].get(key)
        if row is not None and (self.trusting or not self.is_refused(table, key)):
            return row
        if table in self.unreadable or self.is_refused(table, key):
            raise Waiting(f"{table} {' '.join(key)} was refused")
        if table == "countries":
            raise Unknown(f"no country has the code {key[0]!r}")
        if table == "flights":
            raise Unknown(f"{key[0]!r} did not fly up on {key[1]!r}")
        if table not in self.files:
            raise Unknown(f"none of the {table} has the id {key[0]!r}")
        raise Unknown(f"{table}.csv has no id {key[0]!r}")

    def stored(self, table: str, *key: str) -> Model | None:
        return self.rows[table].get(key)

    def is_refused(self, table: str, key: tuple) -> bool:
        return key in self.files.get(table, ()) and key not in self.taken[table]

    def flights_of(self, astronaut: str) -> list[Flight]:
        if "flights" in self.unreadable or any(
            key[0] == astronaut and self.is_refused("flights", key)
            for key in self.files.get("flights", ())
        ):
            raise Waiting(f"a flight of {astronaut} was refused")
        return list(
            Flight.objects.filter(astronaut__slug=astronaut)
            .select_related("astronaut", "launch_mission", "landing_mission")
            .order_by("launch_mission__launched_at")
        )

    # Reading

    def read(self, table: FactTable):
        """Put the file's lines by key into `files`; complain about those that cannot be read."""
        lines = self.files[table.name] = {}
        reader = Reader(
            self.data[table.file],
            table.header,
            optional=table.optional,
            spellings=table.spellings,
            extra=self.extra_columns,
        )
        places = Counter()
        for number, line in reader:
            try:
                record = {
                    column.name: _called(column.name, column.tidied, line[column.name])
                    for column in table.columns
                    if column.name in line
                }
            except ValueError as error:
                self.complain_at(table, number, str(error))
                self.unreadable.add(table.name)
                continue
            record = self.renamed(table, record)
            key = tuple(
                column.as_written(record[column.name])
                for column in table.columns
                if column.name in table.key
            )
            if key in lines:
                self.complain_at(
                    table, number, f"{_named(key)} is already in line {lines[key].number}"
                )
                continue
            first = record[table.header[0]]
            places[first] += 1
            lines[key] = FactLine(number, record, places[first])
        for number, words in reader.problems:
            self.complain_at(table, number, words)
        if reader.problems:
            self.unreadable.add(table.name)
        if reader.is_refused:
            self.refused.add(table.name)

    def renamed(self, table: FactTable, record: dict[str, str]) -> dict[str, str]:
        """The cells with the ids by which rows are known today."""
        refers = {column.name: column.refers[0] for column in table.columns if column.refers}
        for name, of in (refers | {"id": table.name}).items():
            if name in record:
                record[name] = _ID.sub(partial(_present, self.led_on.get(of, {})), record[name])
        return record

    # Writing

    def take(self, waiting: list) -> list:
        """Apply the rows; those that are refused come back."""
        refused = []
        for outcome, key in waiting:
            try:
                self.apply(outcome, key)
            except (ValueError, ValidationError, IntegrityError, DataError):
                refused.append((outcome, key))
        return refused

    def apply(self, outcome: Outcome, key: tuple):
        """Save what the line says, if it says anything new. Raises what the row is refused for."""
        table = outcome.table
        line = self.files[table.name][key]
        values = self.values(table, line)
        there = self.rows[table.name].get(key)
        # A refused row must not leave its values in what other rows are judged by.
        row = copy.copy(there) if there else table.model()
        many = {
            name: _in_order(table.model._meta.get_field(name), values.pop(name))
            for name in list(values)
            if table.model._meta.get_field(name).many_to_many
        }
        if there is None:
            changes = {name: (None, value) for name, value in values.items()}
        else:
            changes = {
                name: (getattr(row, name), value)
                for name, value in values.items()
                if getattr(row, name) != value
            } | {
                name: (list(map(str, before)), list(map(str, value)))
                for name, value in many.items()
                if (before := _members(row, name)) != value
            }
        if changes:
            for name in values.keys() & changes.keys():
                setattr(row, name, values[name])
            _save(row, {name: many[name] for name in many if there is None or name in changes})
            self.rows[table.name][key] = row
        self.taken[table.name].add(key)
        if there is None:
            outcome.new.append(_named(key))
        elif changes:
            outcome.changed.append(RowChange(_named(key), _shown(changes)))
        else:
            outcome.unchanged += 1

    def values(self, table: FactTable, line: FactLine) -> dict:
        """Field → value, for every column that is read.

        Raises Unknown for a reference to nothing and ValueError for a cell that cannot be read; all
        such cells of the row are in the words, and with them what the model refuses of others. What
        it refuses of several together is not judged before all can be read.
        """
        values, wrong = {}, []
        missing = None
        for column in table.columns:
            if column.read is None or column.name not in line.cells:
                continue
            try:
                _called(column.name, column.refuse_unknown, line.cells[column.name])
                values |= _called(column.name, column.read, line, self)
            except Waiting as error:
                missing = error
            except ValueError as error:
                wrong.append(str(error))
        if wrong:
            raise ValueError("; ".join([*wrong, *self.wrong_fields(table, values)]))
        if missing:
            raise missing
        return values

    def wrong_fields(self, table: FactTable, values: dict) -> list[str]:
        """What the model refuses of the fields that could be read, each by itself."""
        fields = {field.name for field in table.model._meta.fields}
        row = table.model(**{name: values[name] for name in fields & values.keys()})
        try:
            row.clean_fields(exclude=fields - values.keys())
        except ValidationError as error:
            return [self.words(error, table)]
        return []

    # After all rows

    def compare_with_files(self):
        """Complain about cells that contradict what the rest of the facts says: what an export
        would write is the measure."""
        whole = not self.problems
        for table in self.tables:
            lines = self.files[table.name]
            for row in table.rows(self.at):
                key = table.key_of(row)
                if key not in self.taken[table.name]:
                    continue
                for column in table.columns:
                    if not column.follows or column.name not in lines[key].cells:
                        continue
                    if column.across and not whole:
                        continue  # Refused rows are missing from the count.
                    said, follows = lines[key].cells[column.name], column.write(row)
                    if not column.agree(said, follows):
                        self.complain(
                            table,
                            key,
                            f"{column.name} is {said!r}, but the rest of the facts makes it "
                            f"{follows!r}",
                        )

    def check_across_rows(self):
        for problem in checking.doubts():
            table = BY_MODEL.get(type(problem.row))
            if table is None:
                continue  # The newsroom's own.
            key = table.key_of(problem.row)
            if key in self.files.get(table.name, ()):
                self.complain(table, key, problem.reason)
            else:
                self.complain_at(table, 0, str(problem))

    def complain(self, table: FactTable, key: tuple, words: str):
        self.complain_at(table, self.files[table.name][key].number, words)

    def complain_at(self, table: FactTable, number: int, words: str):
        self.problems.append((table.name, number, words))

    @staticmethod
    def words(error: Exception, table: FactTable) -> str:
        if isinstance(error, ValidationError):
            return refusals.sentence(error, name=table.column_of)
        if isinstance(error, IntegrityError | DataError):
            return refusals.in_words(error)
        return str(error)


def _members(row: Model, name: str) -> list[Model]:
    """The rows of a list, in its order if it has one."""
    field = row._meta.get_field(name)
    if through := _ordered(field):
        places = through.objects.filter(**{field.m2m_field_name(): row})
        return [getattr(place, field.m2m_reverse_field_name()) for place in places]
    return _in_order(field, getattr(row, name).all())


def _in_order(field, others: Iterable[Model]) -> list[Model]:
    """The rows as they stand in the list: of one without an order by their natural keys."""
    if _ordered(field):
        return list(others)
    return sorted(set(others), key=lambda other: other.natural_key())


def _put(row: Model, name: str, others: list[Model]):
    """Make these the rows of a list, in this order if it has one."""
    field = row._meta.get_field(name)
    through = _ordered(field)
    if through is None:
        getattr(row, name).set(others)
        return
    here, there = field.m2m_field_name(), field.m2m_reverse_field_name()
    through.objects.filter(**{here: row}).delete()
    through.objects.bulk_create(
        through(**{here: row, there: other, "position": position})
        for position, other in enumerate(others, start=1)
    )


def _ordered(field) -> type[Model] | None:
    """The table that has a place for each row of the list, if there is one."""
    through = field.remote_field.through
    return None if through._meta.auto_created else through


def _save(row: Model, many: dict[str, list]):
    """Save the row with its lists. Raises ValidationError or DatabaseError, and saves nothing.

    What the database refuses by itself (references, unique keys, constraints) it is not asked about
    before, in five queries a row; only if it refuses, for the words of the model.
    """
    links = [field.name for field in row._meta.fields if field.remote_field]
    if isinstance(row, Mission) and "stations" in many:
        row.stations_to_be = many["stations"]
    try:
        with transaction.atomic():
            row.full_clean(exclude=links, validate_unique=False, validate_constraints=False)
            row.save()
            for name, others in many.items():
                _put(row, name, others)
            if many:
                keep_lists(row)
    except (ValidationError, IntegrityError, DataError):
        row.full_clean()
        raise


def _by_key(table: FactTable, at: datetime) -> dict[tuple, Model]:
    return {table.key_of(row): row for row in table.rows(at)}


def _present(moved: Mapping[str, str], known: re.Match) -> str:
    return moved.get(known[0], known[0])


def _named(key: tuple[str, ...]) -> str:
    return " ".join(filter(None, key))


def _called(column: str, function, *arguments):
    """Call the function; its ValueError says which column it is about."""
    try:
        return function(*arguments)
    except ValueError as error:
        raise type(error)(f"{column}: {error}") from error


def _shown(changes: dict) -> dict[str, tuple[str, str]]:
    return {name: (_text(old), _text(new)) for name, (old, new) in changes.items()}


def _text(value) -> str:
    if isinstance(value, datetime):
        return cells.write_instant(value)
    if isinstance(value, list):
        return ", ".join(value)
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
