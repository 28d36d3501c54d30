"""The progressions of every shipped leaderboard, step by step, as they were when last looked at.

Where facts or leaderboards change on purpose, look at the progressions and pin them anew:

    PIN_PROGRESSIONS=1 .venv/bin/python -m pytest tests/book/test_pinned_progressions.py
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.instants import isoformat
from records.ledger import Ledger

pytestmark = pytest.mark.django_db

PINNED = Path(__file__).with_name("pinned_progressions.json")
AT = datetime(2026, 6, 30, tzinfo=UTC)


def written(change) -> str:
    """A step in a line, its holders in their order."""
    instants = (change.passed_at, change.sealed_at, change.until)
    return " ".join(
        [
            change.kind,
            ",".join(one.slug for one in change.holders),
            *(isoformat(at) if at else "-" for at in instants),
            change.began.exact_text,
            change.value.exact_text,
            change.before.exact_text if change.before else "-",
            "rising" if change.rising else "still",
        ]
    )


def test_the_progressions_are_those_that_were_pinned(site):
    ledger = Ledger.current()
    found = {}
    for slug, row in sorted(ledger.leaderboards.items()):
        steps = [written(change) for change in ledger.progression(ledger.rule(row), AT)]
        digest = hashlib.sha256("\n".join(steps).encode()).hexdigest()
        found[slug] = {"steps": len(steps), "sha256": digest[:16]}
    if os.environ.get("PIN_PROGRESSIONS"):
        PINNED.write_text(json.dumps(found, indent=2) + "\n")
    assert found == json.loads(PINNED.read_text())
