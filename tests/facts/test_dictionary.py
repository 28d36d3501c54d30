"""The data dictionary: a word for every column there is, and for no other."""

import pytest

from records.facts.dictionary import DICTIONARY, TITLES
from records.facts.tables import ALL_TABLES, LEADERBOARDS
from records.models import (
    Citation,
    Confirmation,
    Country,
    Disagreement,
    Leaderboard,
    ReportedValue,
)

each_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)


def test_every_table_is_described():
    assert list(DICTIONARY) == list(TITLES)
    assert set(DICTIONARY) == {table.name for table in ALL_TABLES}


@each_table
def test_every_column_is_described_in_its_order(table):
    assert list(DICTIONARY[table.name]) == table.header


@each_table
def test_words_are_a_phrase_without_an_end(table):
    for name, field in DICTIONARY[table.name].items():
        assert field.words[0].isupper() or field.words.startswith("id"), name
        assert not field.words.endswith("."), name


@each_table
def test_references_name_a_column_there_is(table):
    for field in DICTIONARY[table.name].values():
        if field.refers:
            there, column = field.refers
            assert column in DICTIONARY[there]


@pytest.mark.parametrize(
    ("model", "left_out"),
    [
        (Leaderboard, set()),
        (Country, set()),
        (Confirmation, {"made_by"}),
        (Citation, set()),
        (Disagreement, set()),
        (ReportedValue, set()),
    ],
)
def test_tables_beside_the_ten_hold_every_field(model, left_out):
    """A field that is added and not downloaded would be lost on the way to another site."""
    table = next(table for table in ALL_TABLES if table.model is model)
    held = {field for column in table.columns for field in column.fields}
    there = {field.name for field in model._meta.fields if not field.primary_key}
    assert held == there - left_out


def test_leaderboards_are_named_as_in_their_address():
    assert LEADERBOARDS.key == ("id",)
