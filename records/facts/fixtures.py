"""The fixtures: which there are, in which order they load, and how they are loaded and written."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.storage import storages
from django.db import DataError, IntegrityError, transaction
from django.db.models import Field, JSONField, Model

from records import models
from records.images import originals

from . import checking, columns, refusals
from .tables import ALL_TABLES, LEADERBOARDS, FactTable

#: Fixtures that are not called as their table is.
_NAMES = {"people": "astronauts"}

#: What the tables of the download write in a cell of its station.
_STATION_OPERATORS = FactTable(
    "station_operators",
    "Who operates each station",
    models.StationOperator,
    (
        columns.link("station_id", "The station", "station", "stations"),
        columns.link("agency_id", "One of its operators", "agency", "agencies"),
        columns.number("position", "Its place among them"),
    ),
    key=("station_id", "agency_id"),
    order=("station__launched_at", "station__slug", "position"),
)
_TABLES = {_NAMES.get(table.name, table.name): table for table in (*ALL_TABLES, _STATION_OPERATORS)}

#: The newsroom's rows, likewise.
NEWSROOM = {
    "authors": models.Author,
    "topics": models.Topic,
    "adverts": models.Advert,
    "images": models.Image,
    "articles": models.Article,
    "authorships": models.Authorship,
    "corrections": models.Correction,
    "review_notes": models.ReviewNote,
    "pending_versions": models.PendingVersion,
}

_NEWSROOM_ORDER = {
    "articles": ("published_at", "slug"),
    "authorships": ("article__published_at", "article__slug", "position", "author__slug"),
    "corrections": ("made_at", "article__slug"),
    "review_notes": ("article__slug", "made_at"),
    "pending_versions": ("article__slug",),
}

#: Facts, in the order in which they are loaded.
FACTS = tuple(name for name, table in _TABLES.items() if table is not LEADERBOARDS)
#: The whole site, likewise: each fixture refers only to earlier ones.
SITE = (*_TABLES, *NEWSROOM)

#: Fixtures whose rows stand as they were entered, not as in the table.
_AS_ENTERED = {"citations", "disagreements", "reported_values"}

_BROKEN = (
    DataError,
    IntegrityError,
    LookupError,
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
        known = _Known()
        for name in names:
            start = time.monotonic()
            rows = _load(name, known)
            files |= {model: name for model, _ in rows}
            yield Loaded(name, len(rows), time.monotonic() - start)
        start = time.monotonic()
        problems = list(checking.check())
        if problems:
            first = problems[0]
            name = files.get(type(first.row))
            more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
            raise Broken(f"{_file(name)}: {first}{more}" if name else f"{first}{more}")
        yield Loaded("checks", 0, time.monotonic() - start)


def load(*names: str) -> int:
    """Load fixtures, all of them or nothing; the number of rows. They are judged by what the
    database and the fields say alone. Raises Broken.
    """
    known = _Known()
    with transaction.atomic():
        return sum(len(_load(name, known)) for name in names)


def load_judged(*names: str) -> int:
    """Load fixtures as `load` does, but only what forms would let in as well. Raises Broken."""
    known = _Known()
    with transaction.atomic():
        places = {}
        for name in names:
            places |= {row: (name, number) for row, number in _load(name, known).items()}
        for problem in checking.by_rows(only=places.keys()):
            name, number = places[type(problem.row), problem.row.pk]
            raise Broken(f"{_file(name)}, row {number} ({problem.key}): {problem.reason}")
        return len(places)


def _load(name: str, known: "_Known") -> dict[tuple[type[Model], object], int]:
    """Load the fixture; the numbers of its rows, by model and primary key."""
    entries = _read(name)
    seen = {}
    unfinished = []
    for number, entry in enumerate(entries, 1):
        try:
            _refuse_strange(entry)
            row, later = known.take(entry)
            if isinstance(row, models.Image):
                _bring_files(row)
            if later:
                unfinished.append((number, row, later))
            other = seen.setdefault((type(row), row.pk), number)
            if other != number:
                raise ValueError(f"is already row {other}")
        except _BROKEN as error:
            raise Broken(f"{_file(name)}, row {number}{_called(entry)}: {_words(error)}") from error
    for number, row, later in unfinished:
        try:
            known.finish(row, later)
        except _BROKEN as error:
            entry = entries[number - 1]
            raise Broken(f"{_file(name)}, row {number}{_called(entry)}: {_words(error)}") from error
    return seen


def _bring_files(image: models.Image):
    """Keep the file that lies beside the fixture, and make what readers are sent of it."""
    path = _folder_of_images() / image.original
    try:
        original = originals.read(path.read_bytes())
    except FileNotFoundError:
        raise ValueError(f"its file fixtures/images/{image.original} is missing") from None
    except (OSError, originals.NotAccepted) as error:
        words = getattr(error, "strerror", None) or error
        raise ValueError(f"fixtures/images/{image.original}: {words}") from error
    said = (image.digest, image.extension, image.width, image.height)
    if said != (original.digest, original.extension, original.width, original.height):
        raise ValueError(f"fixtures/images/{image.original} is another picture")
    image.keep(original)
    image.make_renditions()


def _folder_of_images() -> Path:
    return Path(settings.FIXTURE_DIRS[0]) / "images"


class _Known:
    """The rows that are loaded or referred to, by natural key: each is looked for once.

    Most of the time that Django's own deserializer takes goes into asking for the same rows again.
    """

    def __init__(self):
        self._rows: dict[tuple, Model] = {}
        #: Whether there was any row of the model before the first one was loaded.
        self._was_empty: dict[type[Model], bool] = {}

    def take(self, entry: dict) -> tuple[Model, dict[Field, list]]:
        """Save the row; also what it refers to that may be further down, for `finish`."""
        model = apps.get_model(entry["model"])
        fields = {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
        row, many, later = model(), {}, {}
        for name, value in entry["fields"].items():
            if name not in fields:
                raise ValueError(f"{name} is no field of a {model._meta.verbose_name}")
            field = fields[name]
            try:
                if field.many_to_many:
                    many[field] = value
                elif field.remote_field and isinstance(value, list):
                    setattr(row, name, self.find(field.related_model, value))
                else:
                    setattr(row, field.attname, field.to_python(value))
            except ObjectDoesNotExist as error:
                if not field.null:
                    raise ValueError(_nowhere(field, value)) from error
                later[field] = value
            except ValidationError as error:
                raise ValueError(f"{name}: {refusals.sentence(error)}") from error
        key = _hashable((model, row.natural_key()))
        there = self._there(model, key)
        row.pk = there and there.pk
        for field in _of_accounts(model) if there else ():
            if field.name not in entry["fields"]:
                setattr(row, field.attname, getattr(there, field.attname))
        row.save_base(raw=True, force_insert=there is None)
        self._rows[key] = row
        for field, values in many.items():
            try:
                self._join(row, field, values)
            except ObjectDoesNotExist:
                later[field] = values
        return row, later

    def finish(self, row: Model, later: dict[Field, list]):
        """Save the row with what was not there when it was first saved."""
        for field, value in later.items():
            try:
                if field.many_to_many:
                    self._join(row, field, value)
                else:
                    setattr(row, field.name, self.find(field.related_model, value))
            except ObjectDoesNotExist as error:
                raise ValueError(_nowhere(field, value)) from error
        row.save_base(raw=True)

    def find(self, model: type[Model], key: list) -> Model:
        """The row with that natural key. Raises ObjectDoesNotExist."""
        wanted = _hashable((model, key))
        if wanted not in self._rows:
            self._rows[wanted] = model._default_manager.get_by_natural_key(*key)
        return self._rows[wanted]

    def _there(self, model: type[Model], key: tuple) -> Model | None:
        if model not in self._was_empty:
            self._was_empty[model] = not model._base_manager.exists()
        if self._was_empty[model]:
            return self._rows.get(key)
        try:
            return self.find(*key)
        except ObjectDoesNotExist:
            return None

    def _join(self, row: Model, field: Field, keys: list):
        getattr(row, field.name).set([self.find(field.related_model, key) for key in keys])


def _of_accounts(model: type[Model]) -> list[Field]:
    """References to those who work here. They are no part of a fixture, and loading one leaves
    them as they are."""
    return [field for field in model._meta.fields if field.related_model is get_user_model()]


def _hashable(key):
    return tuple(map(_hashable, key)) if isinstance(key, list | tuple) else key


def _nowhere(field: Field, key) -> str:
    return f"{field.name} refers to a row that is not there: {json.dumps(key, ensure_ascii=False)}"


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
    fields = {field.name: field for field in apps.get_model(entry["model"])._meta.fields}
    for name, value in entry["fields"].items():
        if isinstance(value, dict | float) and not isinstance(fields.get(name), JSONField):
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
    if isinstance(error, ValidationError):
        return refusals.sentence(error)
    if isinstance(error, IntegrityError | DataError):
        return refusals.in_words(error)
    if isinstance(error, KeyError):
        return f"{error} is missing"
    return _one_line(error)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


# Writing


def dump(name: str, rows: Iterable[Model]) -> int:
    """Write the fixture with natural keys, in the order of the rows; the number of rows."""
    rows = list(rows)
    model = type(rows[0]) if rows else None
    path = path_of(name)
    new = path.with_suffix(".json.new")
    try:
        with new.open("w", encoding="utf-8") as stream:
            serializers.serialize(
                "json",
                rows,
                indent=1,
                fields=model and _names_without_accounts(model),
                use_natural_foreign_keys=True,
                use_natural_primary_keys=True,
                stream=stream,
            )
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return len(rows)


def dump_files(images: Iterable[models.Image]) -> None:
    """Write the files of the images beside their fixture, and take away those of no image. Raises
    OSError."""
    folder = _folder_of_images()
    folder.mkdir(exist_ok=True)
    names = set()
    for image in images:
        names.add(image.original)
        with storages["originals"].open(image.original) as file:
            (folder / image.original).write_bytes(file.read())
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()
    if not names:
        folder.rmdir()


def _names_without_accounts(model: type[Model]) -> list[str]:
    accounts = _of_accounts(model)
    options = model._meta
    return [one.name for one in (*options.fields, *options.many_to_many) if one not in accounts]


def has_rows(name: str) -> bool:
    """Whether the fixture is there and holds, or may hold, any rows."""
    path = path_of(name)
    return path.exists() and path.read_bytes().strip() not in (b"", b"[]", b"[\n]", b"[\n\n]")


def rows_of(name: str, at) -> list[Model]:
    """The rows of a fixture, in the order it is written in."""
    if name in NEWSROOM:
        rows = list(NEWSROOM[name].objects.order_by(*_NEWSROOM_ORDER.get(name, ("slug",))))
    else:
        rows = _TABLES[name].rows(at)
    if name in _AS_ENTERED:
        rows.sort(key=attrgetter("pk"))
    return rows
