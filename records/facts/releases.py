"""The files of the open data, as of the data version: CSV tables, a zip, JSON, a datapackage.

The same facts always give the same bytes: nothing in the files depends on the clock, the machine or
the order of requests. Missions are described as of the last confirmation.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from django.conf import settings
from django.db import transaction

from records.instants import isoformat
from records.ledger.answers import Answers
from records.models import Confirmation, DataVersion

from .columns import FactColumn
from .tables import ALL_TABLES, LEADERBOARDS, FactTable

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
#: Whom everybody who uses the data has to name.
CREDIT = (
    "Jonathan McDowell (GCAT), Stavnichuk and Corlett, The Space Devs (Launch Library 2), "
    "corquaid, NASA and Wikidata"
)
#: Every file of the zip carries the first day that zip files can say.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_VERSION_LENGTH = 12
#: How often the tables are read again if somebody changes them meanwhile.
_ATTEMPTS = 3


@dataclass(frozen=True)
class Sheet:
    """One table as it is downloaded: its cells, and the bytes of its CSV file.

    The cells of `rows` are as the facts have them; in `content` those that a spreadsheet could take
    for formulas have an apostrophe in front, which `import_facts` takes away.
    """

    table: FactTable
    rows: tuple[list[str], ...]

    @property
    def name(self) -> str:
        return self.table.name

    @cached_property
    def content(self) -> bytes:
        return self.table.csv(self.rows)

    @property
    def for_spreadsheets(self) -> bytes:
        return self.table.csv(self.rows, spreadsheet=True)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def records(self) -> list[dict]:
        """The rows as JSON has them."""
        return [
            {
                column.name: column.value(cell)
                for column, cell in zip(self.table.columns, row, strict=True)
            }
            for row in self.rows
        ]


@dataclass(frozen=True, eq=False)
class Release:
    """Everything there is to download at one data version.

    `changed_at` is when the facts last changed in this database, `confirmed_through` the instant up
    to which the stewards have confirmed them; either may be None.
    """

    token: str
    changed_at: datetime | None
    confirmed_through: datetime | None
    sheets: tuple[Sheet, ...]

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that stand for the facts and their confirmation.

        Two sites with the same version have the same facts. Leaderboards are rules, not facts, and
        are left out of it.
        """
        digest = hashlib.sha256()
        for sheet in self.sheets:
            if sheet.table is not LEADERBOARDS:
                digest.update(f"{sheet.table.file} {sheet.sha256}\n".encode())
        return digest.hexdigest()[:_VERSION_LENGTH]

    @cached_property
    def tag(self) -> str:
        """Stands for the bytes of all files, in a validator of HTTP."""
        parts = [self.citation, *(sheet.sha256 for sheet in self.sheets)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]

    @property
    def rows(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets)

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    @cached_property
    def citation(self) -> str:
        """How to name the data where they are used."""
        confirmed = self.confirmed_through
        through = f", confirmed through {isoformat(confirmed)}" if confirmed else ""
        return (
            f"{settings.SITE_NAME}, Human spaceflight facts, version {self.version}{through}, "
            f"{settings.SITE_URL}/data/, CC BY 4.0. Rests on the work of {CREDIT}."
        )

    @cached_property
    def datapackage(self) -> bytes:
        """`datapackage.json` (Frictionless Data Package, version 1)."""
        confirmed = self.confirmed_through
        package = {
            "profile": "tabular-data-package",
            "name": "human-spaceflight-facts",
            "title": "Human spaceflight facts",
            "description": "Every crewed flight that reached orbit or climbed above 80 km, with "
            "people, missions, spacewalks and stays on the Moon. A cell that a spreadsheet could "
            "take for a formula has an apostrophe in front.",
            "homepage": f"{settings.SITE_URL}/data/",
            "version": self.version,
            "confirmedThrough": isoformat(confirmed) if confirmed else None,
            "licenses": [LICENCE],
            "citation": self.citation,
            "sources": self._sources(),
            "resources": [_resource(sheet) for sheet in self.sheets],
        }
        return _json(package, indent=1)

    @cached_property
    def facts_json(self) -> bytes:
        """Every table as a list of objects, with numbers, truth values and nulls."""
        confirmed = self.confirmed_through
        return _json(
            {
                "version": self.version,
                "confirmed_through": isoformat(confirmed) if confirmed else None,
                "licence": LICENCE["path"],
                "citation": self.citation,
                "tables": {sheet.name: sheet.records for sheet in self.sheets},
            }
        )

    @cached_property
    def facts_zip(self) -> bytes:
        """All CSV files with the datapackage and a text about them: a folder for import_facts."""
        return self._zip(
            {
                "datapackage.json": self.datapackage,
                **{sheet.table.file: sheet.content for sheet in self.sheets},
            }
        )

    @cached_property
    def spreadsheets_zip(self) -> bytes:
        """The same files as spreadsheets open them; the datapackage is not about these bytes."""
        return self._zip({sheet.table.file: sheet.for_spreadsheets for sheet in self.sheets})

    def _zip(self, files: dict[str, bytes]) -> bytes:
        stream = io.BytesIO()
        files = {"README.txt": self._readme().encode(), **files}
        with zipfile.ZipFile(stream, "w") as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(f"facts/{name}", _ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3
                entry.external_attr = 0o100644 << 16
                archive.writestr(entry, files[name], compresslevel=9)
        return stream.getvalue()

    def _sources(self) -> list[dict]:
        sheet = self.sheet("sources")
        return [
            {"title": record["title"], "publisher": record["publisher"]}
            for record in (sheet.records if sheet else ())
        ]

    def _readme(self) -> str:
        return (
            "Human spaceflight facts\n\n"
            f"Version {self.version}. All times are UTC.\n\n"
            f"Licence: {LICENCE['title']}, {LICENCE['path']}\n"
            f"Name it as: {self.citation}\n"
            f"What was changed, and when: {settings.SITE_URL}/data/changes/\n\n"
            f"Every table and column is described in {settings.SITE_URL}/data/datapackage.json.\n"
            "To load the tables into a site of your own: manage.py import_facts FOLDER, with the\n"
            "folder this file is in.\n"
            "A cell that a spreadsheet could take for a formula has an apostrophe in front;\n"
            "import_facts takes it away again.\n"
        )


def current() -> Release:
    """The files of the facts as they stand; one query if they have not changed."""
    token, changed_at = _version()
    return LATEST.kept(token, lambda: _built(token, changed_at))


#: The files of the latest data version that was asked for.
LATEST = Answers(1)


def _built(token: str, changed_at: datetime | None) -> Release:
    for _ in range(_ATTEMPTS):
        release = build(token, changed_at)
        after, changed_at = _version()
        if after == token:
            break
        token = after  # Somebody changed the facts between two tables.
    return release


def build(token: str = "", changed_at: datetime | None = None) -> Release:
    """Read every table anew. `current` is what views ask."""
    with transaction.atomic():
        confirmed = (
            Confirmation.objects.order_by("-through_at")
            .values_list("through_at", flat=True)
            .first()
        )
        # Without a confirmation no launch is still to come: the clock must not be asked.
        at = confirmed or datetime.max.replace(tzinfo=UTC)
        sheets = tuple(
            Sheet(table, tuple(table.write(row) for row in table.rows(at))) for table in ALL_TABLES
        )
    return Release(token, changed_at, confirmed, sheets)


def _version() -> tuple[str, datetime | None]:
    row = DataVersion.objects.with_full_token().values_list("full_token", "changed_at").first()
    return row or ("", None)


def _resource(sheet: Sheet) -> dict:
    return {
        "profile": "tabular-data-resource",
        "name": sheet.name,
        "path": sheet.table.file,
        "title": sheet.table.title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(sheet.content),
        "hash": f"sha256:{sheet.sha256}",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "header": True},
        "schema": {
            "fields": [_field(column) for column in sheet.table.columns],
            "missingValues": [""],
            **_primary_key(sheet),
            "foreignKeys": [
                {
                    "fields": column.name,
                    "reference": {
                        "resource": "" if column.refers[0] == sheet.name else column.refers[0],
                        "fields": column.refers[1],
                    },
                }
                for column in sheet.table.columns
                if column.refers
            ],
        },
    }


def _primary_key(sheet: Sheet) -> dict:
    """What names a row, where that is never empty: elsewhere Frictionless knows no key."""
    table = sheet.table
    if all(column.required for column in table.columns if column.name in table.key):
        return {"primaryKey": list(table.key)}
    return {}


def _field(column: FactColumn) -> dict:
    described = {
        "name": column.name,
        "type": column.type.value,
        "format": "default",
        "description": f"{column.words}.",
    }
    if column.unit:
        described["unit"] = column.unit
    constraints = {}
    if column.required:
        constraints["required"] = True
    if column.options:
        constraints["enum"] = list(column.options)
    return described | ({"constraints": constraints} if constraints else {})


def _json(value, *, indent: int | None = None) -> bytes:
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return f"{text}\n".encode()
