"""export_facts: the tables as they came in, or no change to the folder."""

import csv

import pytest
from django.core.management import CommandError, call_command

from records.facts import importing
from records.facts.tables import TABLES
from records.instants import read_clock
from records.models import Mission
from tests.factories import make_mission


def export(folder):
    call_command("export_facts", str(folder), verbosity=0)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_import_and_export_give_the_same_bytes(folder, tmp_path):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    call_command("import_facts", str(folder), verbosity=0)
    assert export(tmp_path / "again") == before


@pytest.mark.slow
def test_every_real_fact_survives_the_round_trip(site, empty, tmp_path):
    first = export(tmp_path / "first")
    empty()
    call_command("import_facts", str(tmp_path / "first"), verbosity=0)
    assert export(tmp_path / "second") == first


def test_real_tables_have_as_many_rows_as_the_record(site, tmp_path):
    rows = {
        name: len(list(csv.reader(content.decode().splitlines(keepends=True)))) - 1
        for name, content in export(tmp_path).items()
    }
    assert rows == {
        "agencies.csv": 38,
        "stations.csv": 12,
        "spacecraft.csv": 24,
        "people.csv": 790,
        "missions.csv": 416,
        "flights.csv": 1614,
        "spacewalks.csv": 495,
        "spacewalk_crew.csv": 974,
        "surface_stays.csv": 12,
        "sources.csv": 26,
    }


def test_lines_end_as_everywhere_and_only_what_needs_quotes_has_them(small_record, tmp_path):
    content = export(tmp_path)["missions.csv"]
    assert b"\r" not in content
    assert b",A launch site," in content
    assert b'"A ""quoted"", note"' in content


def test_cells_that_look_like_formulas_are_marked(small_record, tmp_path):
    Mission.objects.filter(slug="one").update(notes="=1+1")
    assert b",'=1+1\n" in export(tmp_path)["missions.csv"]


def test_a_folder_for_spreadsheets_has_the_same_cells_and_comes_back(small_record, tmp_path):
    plain = export(tmp_path / "plain")
    call_command("export_facts", str(tmp_path / "sheets"), spreadsheet=True, verbosity=0)
    for name, content in plain.items():
        sheet = (tmp_path / "sheets" / name).read_bytes()
        assert sheet == b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
    outcomes = importing.import_folder(tmp_path / "sheets", read_clock())
    assert sum(one.added + len(one.changed) for one in outcomes) == 0


def test_mission_still_to_come_is_planned(small_record, tmp_path):
    make_mission("next", launched_at="2199-01-01T00:00")
    assert b",orbital,orbit,planned," in export(tmp_path)["missions.csv"]


def test_nothing_is_left_behind_when_a_table_cannot_be_written(small_record, tmp_path, monkeypatch):
    before = export(tmp_path)
    Mission.objects.filter(slug="one").update(notes="changed")

    def fail(row):
        raise OSError(28, "No space left on device")

    last = TABLES[-1]
    monkeypatch.setattr(type(last), "write", lambda table, row: fail(row))
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        export(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_folder_that_cannot_be_made(small_record, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_facts", str(tmp_path / "file" / "facts"))
