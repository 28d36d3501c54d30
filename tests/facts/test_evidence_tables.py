"""Citations and disagreements go out with the facts and come back, or are refused by the row."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from records.facts import releases
from records.models import (
    Astronaut,
    Citation,
    Disagreement,
    Mission,
    ReportedValue,
    Source,
    Spacewalk,
)
from tests import whole_record
from tests.factories import make_citation, make_disagreement, make_reported_value
from tests.facts.test_releases import unpacked

pytestmark = pytest.mark.django_db

TABLES = ("citations", "disagreements", "reported_values")


def content():
    return {name: releases.build().sheet(name).content for name in TABLES}


@pytest.fixture
def small(small_record, tmp_path):
    """A downloaded folder in which each kind of subject is cited once."""
    source = Source.objects.get(slug="paper")
    mission = Mission.objects.get(slug="one")
    subjects = {
        "mission": mission,
        "astronaut": Astronaut.objects.get(slug="bo-lind"),
        "spacewalk": Spacewalk.objects.get(slug="walk-1"),
        "flight": mission.launch_flights.get(astronaut__slug="ada-vega"),
    }
    for name, subject in subjects.items():
        make_citation(source, covers=f"all of the {name}", **{name: subject})
    make_citation(
        source,
        since_on="1999-01-01",
        until_on="2001-12-31",
        checked_on="2026-05-01",
        checked_precision="month",
    )
    about = make_disagreement(slug="landing-of-one", mission=mission)
    make_reported_value(about, "10:00", source=source, reported_by="", chosen=True)
    make_reported_value(about, "09:58", position=2)
    folder = unpacked(releases.build(), tmp_path)
    whole_record.empty()
    return folder


def test_every_kind_of_subject_and_a_span_come_back(small):
    call_command("import_facts", str(small), verbosity=0)
    assert Citation.objects.get(covers="all of the flight").flight.astronaut.slug == "ada-vega"
    assert Citation.objects.get(covers="all of the spacewalk").spacewalk.slug == "walk-1"
    spanned = Citation.objects.get(kind="missions")
    assert f"{spanned.since_on} {spanned.until_on}" == "1999-01-01 2001-12-31"
    assert (f"{spanned.checked_on}", spanned.checked_precision) == ("2026-05-01", "month")
    assert [one.value for one in ReportedValue.objects.filter(chosen=True)] == ["10:00"]


def test_evidence_comes_back_as_it_went_out_and_is_not_doubled(small):
    call_command("import_facts", str(small), verbosity=0)
    assert content() == {name: (small / f"{name}.csv").read_bytes() for name in TABLES}
    counts = [model.objects.count() for model in (Citation, Disagreement, ReportedValue)]
    assert counts == [5, 1, 2]
    call_command("import_facts", str(small), verbosity=0)
    assert content() == {name: (small / f"{name}.csv").read_bytes() for name in TABLES}
    assert [model.objects.count() for model in (Citation, Disagreement, ReportedValue)] == counts


BAD = {
    "unknown source": ("citations", {"source_id": "hearsay"}, "has no id 'hearsay'"),
    "unknown mission": ("citations", {"mission_id": "nine"}, "has no id 'nine'"),
    "a flight nobody made": (
        "citations",
        {"kind": "", "flight_person_id": "cy-nord", "flight_mission_id": "one"},
        "did not fly up on",
    ),
    "half a flight": ("citations", {"flight_mission_id": "one"}, "named by its person"),
    "two subjects": ("citations", {"mission_id": "one"}, "Name one mission"),
    "no subject": ("citations", {"kind": ""}, "Name one mission"),
    "unknown kind": ("citations", {"kind": "rockets"}, "kind"),
    "days in disorder": ("citations", {"until": "1998-01-01"}, "cannot come before"),
    "a span of people": ("citations", {"kind": "people"}, "A span belongs to"),
    "no date": ("citations", {"checked": "in the May of 2026"}, "is not a date"),
    "no fact": ("disagreements", {"fact": ""}, "fact"),
    "a disagreement about two": ("disagreements", {"person_id": "bo-lind"}, "Name one mission"),
    "unknown disagreement": ("reported_values", {"disagreement_id": "x"}, "has no id 'x'"),
    "nobody reports it": ("reported_values", {"source_id": "", "reported_by": ""}, "Say who"),
    "neither true nor false": ("reported_values", {"chosen": "perhaps"}, "neither true nor false"),
}


@pytest.mark.parametrize(("table", "cells", "words"), BAD.values(), ids=BAD)
def test_bad_row_is_refused_in_a_line_that_names_it(small, refusal, table, cells, words):
    path = small / f"{table}.csv"
    reader = csv.DictReader(io.StringIO(path.read_text()))
    rows = list(reader)
    number = next(
        place for place, row in enumerate(rows) if row.get("kind", "missions") == "missions"
    )
    rows[number] |= cells
    _write(path, reader.fieldnames, rows)
    refused = refusal(small)
    assert f"{table}.csv:{number + 2}: " in refused
    assert words in refused
    assert not Citation.objects.exists()


def test_two_values_cannot_both_be_used(small, refusal):
    path = small / "reported_values.csv"
    path.write_text(path.read_text().replace("false", "true"))
    assert "reported_values.csv:3: Only one of the values can be used." in refusal(small)


def test_a_row_that_is_there_twice_is_refused(small, refusal):
    path = small / "citations.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))
    assert f"citations.csv:{len(lines) + 1}: " in refusal(small)


def test_values_of_a_disagreement_that_is_nowhere_are_refused(small, refusal):
    (small / "disagreements.csv").unlink()
    assert "reported_values.csv:2: disagreement_id: none of the disagreements has" in refusal(small)


def test_values_of_a_disagreement_that_the_site_knows_are_taken(small):
    call_command("import_facts", str(small), verbosity=0)
    ReportedValue.objects.all().delete()
    (small / "disagreements.csv").unlink()
    call_command("import_facts", str(small), verbosity=0)
    assert ReportedValue.objects.count() == 2


def test_a_folder_without_evidence_is_taken_as_before(small):
    for name in TABLES:
        (small / f"{name}.csv").unlink()
    call_command("import_facts", str(small), verbosity=0)
    assert not Citation.objects.exists()


@pytest.fixture
def refusal(capsys):
    def of(folder) -> str:
        with pytest.raises(CommandError):
            call_command("import_facts", str(folder), verbosity=0)
        return capsys.readouterr().err

    return of


def _write(path, header, rows):
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
