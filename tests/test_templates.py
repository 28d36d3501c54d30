"""Templates are easy to read: short lines, few choices, tables in one place."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from records.body.blocks import (
    AdvertBlock,
    FigureBlock,
    Heading,
    LeaderboardBlock,
    ListBlock,
    Paragraph,
    Quote,
    RecordBlock,
)
from records.book.criteria import ChoiceKind
from records.views.questions import Filter

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = {
    str(path.relative_to(FOLDER)): path.read_text() for path in sorted(FOLDER.rglob("*.html"))
}

LONGEST_LINE = 160
MOST_CHOICES_IN_100_LINES = 8

#: Blocks that readers see.
SHOWN = (
    *(Paragraph, Heading, ListBlock, Quote, LeaderboardBlock, RecordBlock, FigureBlock),
    AdvertBlock,
)

CHOICE = re.compile(r"\{% (el)?if ")

#: Where a table is drawn. Every other page hands it columns and rows (records.tables).
TABLE = "components/table.html"


def test_no_line_is_too_long_to_be_read():
    long = [
        f"{name}:{number}"
        for name, text in TEMPLATES.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []


def test_templates_choose_little():
    lines = sum(text.count("\n") for text in TEMPLATES.values())
    choices = sum(len(CHOICE.findall(text)) for text in TEMPLATES.values())
    assert 100 * choices <= MOST_CHOICES_IN_100_LINES * lines


def test_every_table_is_drawn_by_the_one_component():
    assert [name for name, text in TEMPLATES.items() if "<table" in text] == [TABLE]
    code = (settings.BASE_DIR / "records").rglob("*.py")
    assert [path for path in code if "<table" in Path(path).read_text()] == []


@pytest.mark.parametrize(
    "kind",
    [one.kind for one in SHOWN],
)
def test_every_block_of_a_story_has_a_template(kind):
    assert get_template(f"articles/blocks/{kind}.html")


@pytest.mark.parametrize("kind", ["number", *(kind.name.lower() for kind in ChoiceKind)])
def test_every_kind_of_filter_has_a_template(kind):
    assert get_template(f"components/filter/{Filter('any', 'Any', kind=kind).asked_by}.html")
