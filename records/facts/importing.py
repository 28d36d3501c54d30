"""Reading a folder of fact tables into the database: all of it, or nothing."""

import copy
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from records.models import Country, Flight

from . import cells, checking, fixtures, refusals
from .columns import FactLine, Unknown, Waiting
from .tables import ALL_TABLES, BY_MODEL, COUNTRIES, TABLES, FactTable


@dataclass(frozen=True)
class RowChange:
    """A row that differs from the one in the database: field → (old, new), as text."""

    row: str
    fields: dict[str, tuple[str, str]]


@dataclass
class Outcome:
    """What became of one table's rows."""

    table: FactTable
    added: int = 0
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    #: Rows of the database that the file does not name. They are left as they are.
    unnamed: int = 0


class Refused(Exception):
    """The folder was not taken; `lines` says why, one bad row each."""

    def __init__(self, lines: list[str]):
        super().__init__("\n".join(lines))
        self.lines = lines


def import_folder(
    folder: Path, at: datetime, *, dry_run: bool = False, accept_doubts: bool = False
) -> list[Outcome]:
    """Bring the database to what the ten tables say, as of the instant.

    The tables that go with them in the public download (countries, confirmations, leaderboards) are
    read where they are there. Rows are added and changed, never removed. Raises Refused, and leaves
    the database exactly as it was, if anything is wrong: with `accept_doubts` not for what
    `checking.doubts` finds in the facts as a whole, which a steward may have saved on purpose.
    """
    with transaction.atomic():
        if not (Country.objects.exists() or (folder / COUNTRIES.file).exists()):
            fixtures.load("countries")
        outcomes = _Import(folder, at).run(accept_doubts)
        transaction.set_rollback(dry_run)
    return outcomes


class _Import:
    """One run over a folder. It is what columns know of other rows while they are read."""

    def __init__(self, folder: Path, at: datetime):
        self.folder = folder
        self.at = at
        self.tables = [
            table for table in ALL_TABLES if table in TABLES or (folder / table.file).exists()
        ]
        self.problems: list[tuple[str, int, str]] = []
        #: Rows by key; of a table that the folder leaves out, those of the database.
        self.rows: dict[str, dict[tuple, Model]] = {
            table.name: _by_key(table, at) for table in ALL_TABLES if table not in self.tables
        }
        self.files: dict[str, dict[tuple, FactLine]] = {}
        self.unreadable: set[str] = set()
        self.taken: dict[str, set[tuple]] = {}

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
        # A row may have been refused only because of another that is corrected further down.
        while waiting and len(left := self.take(waiting)) < len(waiting):
            waiting = left
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
            if not_judged:
                lines.append(f"{not_judged} more rows refer to these and were not judged.")
            raise Refused(lines)
        return outcomes

    # What columns ask

    def find(self, table: str, *key: str) -> Model:
        row = self.rows[table].get(key)
        if row is not None and not self.is_refused(table, key):
            return row
        if table in self.unreadable or self.is_refused(table, key):
            raise Waiting(f"{table} {' '.join(key)} was refused")
        if table == "countries":
            raise Unknown(f"no country has the code {key[0]!r}")
        if table == "flights":
            raise Unknown(f"{key[0]!r} did not fly up on {key[1]!r}")
        raise Unknown(f"{table}.csv has no id {key[0]!r}")

    def is_refused(self, table: str, key: tuple) -> bool:
        return key in self.files.get(table, ()) and key not in self.taken[table]

    def flights_of(self, astronaut: str) -> list[Flight]:
        if "flights" in self.unreadable or any(
            key[0] == astronaut and self.is_refused("flights", key) for key in self.files["flights"]
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
        reader = _FileReader(self.folder / table.file, table)
        places = Counter()
        for number, values in reader:
            try:
                record = {
                    column.name: _called(column.name, column.tidied, values[column.name])
                    for column in table.columns
                    if column.name in values
                }
            except ValueError as error:
                self.complain_at(table, number, str(error))
                self.unreadable.add(table.name)
                continue
            key = tuple(record[name] for name in table.header if name in table.key)
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
            name: values.pop(name)
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
                name: (sorted(map(str, getattr(row, name).all())), sorted(map(str, value)))
                for name, value in many.items()
                if set(getattr(row, name).all()) != set(value)
            }
        if changes:
            for name in values.keys() & changes.keys():
                setattr(row, name, values[name])
            _save(row, {name: many[name] for name in many if there is None or name in changes})
            self.rows[table.name][key] = row
        self.taken[table.name].add(key)
        if there is None:
            outcome.added += 1
        elif changes:
            outcome.changed.append(RowChange(_named(key), _shown(changes)))
        else:
            outcome.unchanged += 1

    def values(self, table: FactTable, line: FactLine) -> dict:
        """Field → value, for every column that is read.

        Raises Unknown for a reference to nothing and ValueError for a cell that cannot be read; all
        such cells of the row are in the words.
        """
        values, wrong = {}, []
        missing = None
        for column in table.columns:
            if column.read is None or column.name not in line.cells:
                continue
            try:
                values |= _called(column.name, column.read, line, self)
            except Waiting as error:
                missing = error
            except ValueError as error:
                wrong.append(str(error))
        if wrong:
            raise ValueError("; ".join(wrong))
        if missing:
            raise missing
        return values

    # After all rows

    def compare_with_files(self):
        """Complain about cells that contradict what the rest of the tables says.

        What an export would write is the measure, so that taking a folder and writing it again
        gives the same folder.
        """
        whole = not self.problems
        for table in self.tables:
            lines = self.files[table.name]
            for row in table.rows(self.at):
                key = table.key_of(row)
                if key not in self.taken[table.name]:
                    continue
                for column in table.columns:
                    if column.name not in lines[key].cells:
                        continue  # The file is older than the column.
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


class _FileReader:
    """Lines of a CSV file as `(line number, cells by column)`; what cannot be read goes to
    `problems`. A column that was added later may be missing.

    A byte order mark and CRLF line ends are accepted.
    """

    def __init__(self, path: Path, table: FactTable):
        self.path = path
        self.header = table.header
        self.optional = {column.name for column in table.columns if column.added}
        self.problems: list[tuple[int, str]] = []

    def __iter__(self):
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            self.problems.append((0, "is missing"))
            return
        except OSError as error:
            self.problems.append((0, f"cannot be read: {error.strerror}"))
            return
        # What is not UTF-8 becomes lone surrogates, by which its row is found.
        content = data.decode("utf-8-sig", errors="surrogateescape")
        reader = csv.reader(io.StringIO(content, newline=""), strict=True)
        start = 1
        header = None
        try:
            for values in reader:
                if header is None:
                    if not self._take_header(values):
                        return
                    header = values
                elif len(values) != len(header):
                    self.problems.append((start, f"has {len(values)} cells, not {len(header)}"))
                else:
                    cells_of = dict(zip(header, values, strict=True))
                    yield start, {name: cells_of[name] for name in self.header if name in cells_of}
                start = reader.line_num + 1
        except csv.Error as error:
            self.problems.append((start, f"cannot be read from here on: {error}"))
            return
        if header is None:
            self.problems.append((0, "is empty: not even a header"))
        elif not content.endswith("\n"):
            self.problems.append((start - 1, "ends within a line: the file is cut off"))

    def _take_header(self, values: list[str]) -> bool:
        wrong = [
            *(
                f"{name!r} is missing"
                for name in self.header
                if name not in values and name not in self.optional
            ),
            *(f"{name!r} is unknown" for name in values if name not in self.header),
            *(
                f"{name!r} is there {times} times"
                for name, times in Counter(values).items()
                if times > 1
            ),
        ]
        if wrong:
            self.problems.append((1, f"the header is wrong: {', '.join(wrong)}"))
        return not wrong


def _save(row: Model, many: dict[str, list]):
    """Save the row with its lists. Raises ValidationError or DatabaseError, and saves nothing.

    What the database refuses by itself (references, unique keys, constraints) it is not asked about
    before, in five queries a row; only if it refuses, for the words of the model.
    """
    links = [field.name for field in row._meta.fields if field.remote_field]
    try:
        with transaction.atomic():
            row.full_clean(exclude=links, validate_unique=False, validate_constraints=False)
            row.save()
            for name, others in many.items():
                getattr(row, name).set(others)
    except (ValidationError, IntegrityError, DataError):
        row.full_clean()
        raise


def _by_key(table: FactTable, at: datetime) -> dict[tuple, Model]:
    return {table.key_of(row): row for row in table.rows(at)}


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
