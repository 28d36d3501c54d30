"""The fixtures: which there are, in which order they load, and how they are loaded and written."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from django.conf import settings
from django.core import serializers
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.core.serializers.base import DeserializationError
from django.core.serializers.python import Deserializer
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from . import checking, refusals
from .tables import ALL_TABLES, LEADERBOARDS

#: Fixtures that are not called as their table is.
_NAMES = {"people": "astronauts"}
_TABLES = {_NAMES.get(table.name, table.name): table for table in ALL_TABLES}

#: Facts, in the order in which they are loaded.
FACTS = tuple(name for name, table in _TABLES.items() if table is not LEADERBOARDS)
#: The whole site, likewise: each fixture refers only to earlier ones.
SITE = (*_TABLES, "authors", "topics", "adverts", "articles", "authorships", "corrections")

#: Fixtures whose rows stand as they were entered, not as in the table.
_AS_ENTERED = {"citations", "disagreements", "reported_values"}

_BROKEN = (
    DataError,
    DeserializationError,
    FieldDoesNotExist,
    IntegrityError,
    KeyError,
    ObjectDoesNotExist,
    OverflowError,
    TypeError,
    ValidationError,
    ValueError,
    AttributeError,
)


class Broken(Exception):
    """A fixture that cannot be loaded: one line naming the file, and the row where known."""


@dataclass(frozen=True)
class Loaded:
    name: str
    rows: int
    seconds: float


def path_of(name: str) -> Path:
    return Path(settings.FIXTURE_DIRS[0]) / f"{name}.json"


def load_all(names: Iterable[str] = SITE) -> Iterator[Loaded]:
    """Load the fixtures in turn, then check everything; all of it or nothing.

    Yields after each fixture, for showing progress. Raises Broken.
    """
    with transaction.atomic():
        files = {}
        for name in names:
            start = time.monotonic()
            rows, models = _load(name)
            files |= dict.fromkeys(models, name)
            yield Loaded(name, rows, time.monotonic() - start)
        start = time.monotonic()
        problems = list(checking.check())
        if problems:
            first = problems[0]
            name = files.get(type(first.row))
            more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
            raise Broken(f"{_file(name)}: {first}{more}" if name else f"{first}{more}")
        yield Loaded("checks", 0, time.monotonic() - start)


def load(name: str) -> int:
    """Load one fixture, whole or not at all, unchecked as `loaddata` does; the number of rows.

    Raises Broken.
    """
    with transaction.atomic():
        return _load(name)[0]


def _load(name: str) -> tuple[int, set[type[Model]]]:
    entries = _read(name)
    seen = {}
    unfinished = []
    for number, entry in enumerate(entries, 1):
        try:
            _refuse_strange(entry)
            for item in Deserializer([entry], handle_forward_references=True):
                item.save()
                if item.deferred_fields:
                    unfinished.append((number, item))
                other = seen.setdefault((type(item.object), item.object.pk), number)
                if other != number:
                    raise ValueError(f"is already row {other}")
        except _BROKEN as error:
            raise Broken(f"{_file(name)}, row {number}{_called(entry)}: {_words(error)}") from error
    for number, item in unfinished:
        try:
            item.save_deferred_fields()
        except _BROKEN as error:
            entry = entries[number - 1]
            raise Broken(f"{_file(name)}, row {number}{_called(entry)}: {_words(error)}") from error
    return len(entries), {model for model, _ in seen}


def _read(name: str) -> list:
    try:
        entries = json.loads(path_of(name).read_bytes().decode())
    except FileNotFoundError:
        raise Broken(f"{_file(name)} is missing") from None
    except OSError as error:
        raise Broken(f"{_file(name)} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise Broken(f"{_file(name)} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise Broken(
            f"{_file(name)}, line {error.lineno}: not JSON, or cut off: {error.msg}"
        ) from None
    except RecursionError:
        raise Broken(f"{_file(name)} is nested too deeply") from None
    if not isinstance(entries, list):
        raise Broken(f"{_file(name)} must be a list of rows")
    return entries


def _refuse_strange(entry):
    """Refuse what `loaddata` would pass over in silence."""
    if not isinstance(entry, dict) or not isinstance(entry.get("fields"), dict):
        raise ValueError("must have a model and fields")
    if strange := entry.keys() - {"model", "fields"}:
        raise ValueError(f"has {', '.join(sorted(strange))}; rows have only a model and fields")
    for name, value in entry["fields"].items():
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"{name} contains a NUL byte")
        if isinstance(value, dict | float):
            raise ValueError(f"{name} cannot be {json.dumps(value)}")


def _file(name: str) -> str:
    return f"fixtures/{name}.json"


def _called(entry) -> str:
    """` (apollo-11)`: by what people know the row, as far as it can be told."""
    fields = entry.get("fields") if isinstance(entry, dict) else None
    if not isinstance(fields, dict):
        return ""
    for name in ("slug", "code", "through_at"):
        if isinstance(fields.get(name), str):
            return f" ({fields[name]})"
    words = [
        "/".join(map(str, value)) for value in fields.values() if isinstance(value, list) and value
    ]
    return f" ({', '.join(words[:2])})" if words else ""


def _words(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    if isinstance(error, DeserializationError) and isinstance(cause, Exception):
        if isinstance(cause, ValidationError):
            return f"{_field(error)}{refusals.sentence(cause)}"
        if isinstance(cause, ObjectDoesNotExist):
            return f"refers to a row that is not there: {_one_line(error)}"
        return _one_line(error)
    if isinstance(error, ValidationError):
        return refusals.sentence(error)
    if isinstance(error, IntegrityError | DataError):
        return refusals.in_words(error)
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return _one_line(error)


def _field(error: DeserializationError) -> str:
    """Django says the value as `field_value was '…'`; the field is not in it."""
    text = str(error)
    _, found, value = text.partition("field_value was ")
    return f"{value}: " if found else ""


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


# Writing


def dump(name: str, rows: Iterable[Model]) -> int:
    """Write the fixture with natural keys, in the order of the rows; the number of rows."""
    rows = list(rows)
    path = path_of(name)
    new = path.with_suffix(".json.new")
    try:
        with new.open("w", encoding="utf-8") as stream:
            serializers.serialize(
                "json",
                rows,
                indent=1,
                use_natural_foreign_keys=True,
                use_natural_primary_keys=True,
                stream=stream,
            )
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return len(rows)


def has_rows(name: str) -> bool:
    """Whether the fixture is there and holds, or may hold, any rows."""
    path = path_of(name)
    return path.exists() and path.read_bytes().strip() not in (b"", b"[]", b"[\n]", b"[\n\n]")


def rows_of(name: str, at) -> list[Model]:
    """The rows of a fixture of facts, in the order it is written in."""
    rows = _TABLES[name].rows(at)
    if name in _AS_ENTERED:
        rows.sort(key=attrgetter("pk"))
    if name == "confirmations":
        for row in rows:
            row.made_by = None  # Who works here is no fact.
    return rows
