"""The downloads: the same bytes for the same facts, described truly, and readable again."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date, datetime

import pytest
from django.core.management import call_command

from records.facts import releases
from records.facts.columns import Type
from records.facts.tables import TABLES
from records.ledger.answers import Answers
from records.models import Country, Flight, Leaderboard, Mission
from tests import whole_record
from tests.factories import make_confirmation, make_flight, make_leaderboard, make_mission

#: Before and after the last confirmation, and on a day known to the record.
INSTANTS = ("1995-01-09T12:00:00Z", "2023-09-28", "2026-10-09")


@pytest.fixture
def shipped(site):
    """The release of the committed fixtures, for tests that only read it; built once."""
    if not _shipped:
        _shipped.append(releases.build())
    return _shipped[0]


_shipped = []


def unpacked(release, folder):
    """The zip's folder, as a reader has it after unpacking."""
    with zipfile.ZipFile(io.BytesIO(release.facts_zip)) as archive:
        archive.extractall(folder)
    return folder / "facts"


def boards(client):
    """Every leaderboard's JSON at each of the instants."""
    slugs = Leaderboard.objects.order_by("slug").values_list("slug", flat=True)
    return {
        (slug, at): client.get(f"/records/{slug}.json", {"at": at}).json()
        for slug in slugs
        for at in INSTANTS
    }


@pytest.mark.slow
def test_downloads_bring_an_empty_site_to_identical_leaderboards(site, client, tmp_path):
    before = boards(client)
    release = releases.build()
    whole_record.empty()
    assert not Flight.objects.exists()
    call_command("import_facts", str(unpacked(release, tmp_path)), verbosity=0)
    after = boards(client)
    assert after == before
    assert len(after) == len(INSTANTS) * Leaderboard.objects.count() > 90
    again = releases.build()
    for name in ("citations", "disagreements", "reported_values"):
        assert again.sheet(name).content == release.sheet(name).content
        assert release.sheet(name).content.count(b"\n") > 20
    assert again.facts_zip == release.facts_zip


def test_same_facts_give_the_same_bytes(shipped):
    one, other = shipped, releases.build()
    assert one.facts_zip == other.facts_zip
    assert one.facts_json == other.facts_json
    assert one.datapackage == other.datapackage
    assert one.version == other.version


def test_a_changed_fact_is_another_version_and_a_changed_board_is_not(site):
    before = releases.build()
    Leaderboard.objects.filter(slug="longest-spaceflight").update(title="Longest of all")
    after_rule = releases.build()
    assert after_rule.version == before.version
    assert after_rule.tag != before.tag
    Mission.objects.filter(slug="vostok-1").update(notes="Changed.")
    assert releases.build().version != before.version


def test_a_new_confirmation_is_another_version(site):
    before = releases.build()
    make_confirmation("2026-10-10")
    after = releases.build()
    assert after.version != before.version
    assert after.confirmed_through > before.confirmed_through


def test_files_are_kept_while_the_facts_stand(site, django_assert_num_queries):
    first = releases.current()
    with django_assert_num_queries(1):
        assert releases.current() is first
    Mission.objects.filter(slug="vostok-1").update(notes="Changed.")
    assert releases.current() is not first
    assert b"Changed." in releases.current().sheet("missions").content


def test_zip_holds_every_table_and_says_what_it_is(shipped):
    release = shipped
    with zipfile.ZipFile(io.BytesIO(release.facts_zip)) as archive:
        names = archive.namelist()
        readme = archive.read("facts/README.txt").decode()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == sorted(names)
    assert {f"facts/{table.file}" for table in TABLES} < set(names)
    assert "CC BY 4.0" in readme
    assert release.version in readme


def test_ten_tables_are_those_of_export_facts(shipped, tmp_path):
    call_command("export_facts", str(tmp_path), verbosity=0)
    for table in TABLES:
        assert shipped.sheet(table.name).content == (tmp_path / table.file).read_bytes()


def test_an_empty_database_has_empty_tables(db):
    whole_record.empty()
    release = releases.build()
    assert release.rows == 0
    assert release.confirmed_through is None
    assert json.loads(release.facts_json)["tables"]["people"] == []
    assert json.loads(release.datapackage)["confirmedThrough"] is None


# Cells that a spreadsheet would take for formulas

RISKY = ("=1+1", "+1", "-1", "@x", "=1\t1", "'=1", "''=1", "'-", "'t was so", "plain")


@pytest.mark.parametrize("note", RISKY)
def test_risky_notes_go_out_neutral_and_come_back_as_they_were(db, tmp_path, note):
    whole_record.empty()
    make_flight(None, make_mission("one", launched_at="1999-03-01", notes=note))
    make_leaderboard("board", note=note)
    release = releases.build()
    for sheet in release.sheets:
        for row in csv.reader(io.StringIO(sheet.content.decode())):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    folder = unpacked(release, tmp_path)
    assert bring_back(folder) == [note, note]


@pytest.mark.parametrize("note", RISKY)
def test_risky_notes_survive_an_export_too(db, tmp_path, note):
    whole_record.empty()
    make_flight(None, make_mission("one", launched_at="1999-03-01", notes=note))
    call_command("export_facts", str(tmp_path), verbosity=0)
    assert bring_back(tmp_path)[0] == note


def bring_back(folder):
    """The notes of the mission and of the leaderboard after the folder was read into nothing."""
    whole_record.empty()
    call_command("import_facts", str(folder), verbosity=0)
    board = Leaderboard.objects.filter(slug="board").first()
    return [Mission.objects.get(slug="one").notes, *([board.note] if board else [])]


def test_a_stewards_own_country_comes_along(db, tmp_path):
    whole_record.empty()
    old = Country.objects.create(code="OLD", name="Old Land", demonym="Oldish")
    new = Country.objects.create(code="AAA", name="Aaa", demonym="Aaaish", successor=old)
    folder = unpacked(releases.build(), tmp_path)
    whole_record.empty()
    call_command("import_facts", str(folder), verbosity=0)
    assert set(Country.objects.values_list("code", flat=True)) == {old.code, new.code}
    assert Country.objects.get(code="AAA").successor.code == "OLD"


def test_a_launch_that_was_to_come_is_no_contradiction_later(db, tmp_path):
    whole_record.empty()
    make_confirmation("1999-01-01")
    make_flight(None, make_mission("one", launched_at="1999-03-01"))
    release = releases.build()
    assert ",planned," in release.sheet("missions").content.decode()
    folder = unpacked(release, tmp_path)
    whole_record.empty()
    call_command("import_facts", str(folder), verbosity=0)
    assert Mission.objects.get(slug="one").landed_at is None


# The datapackage tells the truth


@pytest.fixture
def package(shipped):
    release = shipped
    described = json.loads(release.datapackage)
    tables = {
        resource["name"]: list(
            csv.DictReader(io.StringIO(release.sheet(resource["name"]).content.decode()))
        )
        for resource in described["resources"]
    }
    return release, described, tables


def test_resources_have_the_bytes_they_say(package):
    release, described, _ = package
    for resource in described["resources"]:
        content = release.sheet(resource["name"]).content
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_cell_is_of_its_type(package):
    _, described, tables = package
    readers = {
        "string": str,
        "integer": int,
        "boolean": lambda cell: {"true": True, "false": False}[cell],
        "date": date.fromisoformat,
        "datetime": datetime.fromisoformat,
    }
    for resource in described["resources"]:
        rows = tables[resource["name"]]
        for field in resource["schema"]["fields"]:
            constraints = field.get("constraints", {})
            cells = [row[field["name"]] for row in rows]
            for cell in filter(None, cells):
                readers[field["type"]](cell)
            if constraints.get("required"):
                assert all(cells), (resource["name"], field["name"])
            if "enum" in constraints:
                assert set(cells) - {""} <= set(constraints["enum"])


def test_keys_are_unique_and_references_lead_somewhere(package):
    _, described, tables = package
    for resource in described["resources"]:
        rows, schema = tables[resource["name"]], resource["schema"]
        # What a citation is about is one of several: no column of its key is always filled in.
        assert ("primaryKey" in schema) is (resource["name"] != "citations")
        key = schema.get("primaryKey") or [field["name"] for field in schema["fields"]]
        keys = [tuple(row[name] for name in key) for row in rows]
        assert len(keys) == len(set(keys))
        for key in schema["foreignKeys"]:
            there = key["reference"]
            known = {row[there["fields"]] for row in tables[there["resource"] or resource["name"]]}
            assert {row[key["fields"]] for row in rows} - {""} <= known, (resource["name"], key)


def test_json_has_the_same_rows_with_numbers_and_nulls(package):
    release, _, tables = package
    facts = json.loads(release.facts_json)
    assert facts["version"] == release.version
    for name, rows in tables.items():
        assert len(facts["tables"][name]) == len(rows)
    walk = facts["tables"]["spacewalks"][0]
    assert walk["duration_seconds"] == 720
    assert walk["notes"] is None
    assert facts["tables"]["spacecraft"][0]["orbital"] is True
    for sheet in release.sheets:
        for column in sheet.table.columns:
            if column.type is Type.INTEGER:
                assert {type(row[column.name]) for row in sheet.records} <= {int, type(None)}


def test_package_names_licence_citation_and_sources(package):
    release, described, _ = package
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    assert re.fullmatch("[0-9a-f]{12}", described["version"])
    assert "Jonathan McDowell" in described["citation"]
    assert len(described["sources"]) == len(release.sheet("sources").rows)


def test_reading_meanwhile_changed_facts_reads_again(site, monkeypatch):
    """A writer between two tables: what is kept is of one state."""
    real = releases.build
    calls = []

    def disturbed(*arguments):
        release = real(*arguments)
        if not calls:
            Mission.objects.filter(slug="vostok-1").update(notes="Meanwhile.")
        calls.append(release)
        return release

    monkeypatch.setattr(releases, "build", disturbed)
    # Other tests find the facts as they were, whose files these are not.
    monkeypatch.setattr(releases, "LATEST", Answers(1))
    release = releases.current()
    assert len(calls) == 2
    assert b"Meanwhile." in release.sheet("missions").content
