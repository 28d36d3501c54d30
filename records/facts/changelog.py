"""What has changed in the data between versions: docs/CHANGELOG-data.md, as readers see it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

_HEADING = re.compile(r"## (?P<day>\d{4}-\d\d-\d\d) · (?P<version>[0-9a-f]{12})")


@dataclass(frozen=True)
class Entry:
    """One version of the shipped data: since when, and what is different in it, a line each."""

    version: str
    on: date
    lines: tuple[str, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """Every version of the shipped data, the newest first."""
    return tuple(read(path().read_text(encoding="utf-8")))


def path() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "CHANGELOG-data.md"


def read(text: str) -> list[Entry]:
    """The entries of the file: `## 2026-11-22 · 0123456789ab`, then a list of lines.

    Raises ValueError for a heading that is none.
    """
    found = []
    for part in text.split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        match = _HEADING.fullmatch(f"## {heading.strip()}")
        if match is None:
            raise ValueError(f"“{heading}” is not a day and a version")
        # A line of the list may go on in the next ones, indented.
        items = re.split(r"^- ", body, flags=re.MULTILINE)[1:]
        lines = tuple(" ".join(item.split()) for item in items)
        found.append(Entry(match["version"], date.fromisoformat(match["day"]), lines))
    return found
