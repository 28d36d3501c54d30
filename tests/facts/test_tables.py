"""The tables of facts: what their columns mean, refer to and allow."""

import pytest

from records.facts.tables import ALL_TABLES, LEADERBOARDS
from records.models import (
    Citation,
    Confirmation,
    Country,
    Disagreement,
    Leaderboard,
    ReportedValue,
)

HEADERS = {table.name: table.header for table in ALL_TABLES}

each_table = pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)


@each_table
def test_words_are_a_phrase_without_an_end(table):
    assert table.title[0].isupper()
    for column in table.columns:
        assert column.words[0].isupper(), column.name
        assert not column.words.endswith("."), column.name


@each_table
def test_references_name_a_column_there_is(table):
    for column in table.columns:
        if column.refers:
            there, name = column.refers
            assert name in HEADERS[there]


@each_table
def test_a_column_of_one_field_allows_what_the_model_allows(table):
    """Only `status` has more options than its field, and a place is one of two fields."""
    for column in table.columns:
        if len(column.fields) != 1 or column.name in ("status", "metric"):
            continue
        field = table.model._meta.get_field(column.fields[0])
        assert column.required is not field.blank
        choices = getattr(field, "flatchoices", ())
        assert set(column.options) == {value for value, _ in choices if value}


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
