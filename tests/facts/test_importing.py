"""import_facts: a folder of fact tables comes in whole, or leaves everything as it was."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from records.facts.tables import TABLES
from records.models import (
    Astronaut,
    DataVersion,
    Flight,
    Mission,
    SpacewalkCrew,
    Station,
    StationOperator,
)
from tests.factories import make_agency


def run(folder, **options):
    """The command's output; of a refusal, the lines of the error output."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_facts", str(folder), stdout=out, stderr=err, **options)
    except CommandError as error:
        return [*err.getvalue().splitlines(), str(error)]
    return out.getvalue().splitlines()


def edit(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogateescape"))


def contents():
    """All that an import could have changed."""
    return [
        list(table.model.objects.order_by("pk").values()) for table in TABLES
    ], DataVersion.objects.current_token()


def test_every_row_of_the_folder_is_there_afterwards(folder):
    assert run(folder) == [
        "sources: 1 added, 0 changed, 0 unchanged",
        "agencies: 1 added, 0 changed, 0 unchanged",
        "spacecraft: 2 added, 0 changed, 0 unchanged",
        "stations: 1 added, 0 changed, 0 unchanged",
        "people: 3 added, 0 changed, 0 unchanged",
        "missions: 4 added, 0 changed, 0 unchanged",
        "flights: 4 added, 0 changed, 0 unchanged",
        "spacewalks: 1 added, 0 changed, 0 unchanged",
        "spacewalk_crew: 2 added, 0 changed, 0 unchanged",
        "surface_stays: 1 added, 0 changed, 0 unchanged",
        "Imported.",
    ]
    ada = Astronaut.objects.get(slug="ada-vega")
    assert ada.alias_list == ["Adèle Vega", "A. Vega"]
    assert (ada.born_on, ada.birth_precision) == (date(1960, 1, 1), "year")
    assert Flight.objects.get(astronaut=ada).landing_mission.slug == "two"
    assert Flight.objects.get(launch_mission__slug="three").landing_mission is None
    assert Mission.objects.get(slug="one").stations.get().slug == "alpha"
    assert Station.objects.get().first_crew_precision == "day"
    crew = SpacewalkCrew.objects.order_by("position")
    assert [row.flight.astronaut.slug for row in crew] == ["bo-lind", "ada-vega"]


def test_second_import_changes_nothing(folder):
    run(folder)
    before = contents()
    lines = run(folder)
    assert contents() == before
    assert all(" 0 added, 0 changed," in line for line in lines[:-1])


def test_import_into_the_real_record_changes_nothing(site, tmp_path):
    call_command("export_facts", str(tmp_path), verbosity=0)
    before = contents()
    lines = run(tmp_path)
    assert "flights: 0 added, 0 changed, 1614 unchanged" in lines
    assert contents() == before


def test_changed_cells_are_named_with_old_and_new_value(folder):
    run(folder)
    edit(folder, "missions.csv", "1999-04-20T10:00:00Z", "1999-04-21T11:00:00Z")
    edit(folder, "flights.csv", "1999-04-20T10:00:00Z", "1999-04-21T11:00:00Z")
    lines = run(folder)
    assert "missions: 0 added, 1 changed, 3 unchanged" in lines
    assert "  two: landed_at: '1999-04-20T10:00:00Z' → '1999-04-21T11:00:00Z'" in lines
    assert Mission.objects.get(slug="two").landed_at.day == 21


def without(folder, file, *columns):
    """The file as it was written before those columns were there."""
    path = folder / file
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    kept = [name for name in rows[0] if name not in columns]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, kept, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_folder_of_before_a_column_was_there_changes_nothing_of_what_it_says(folder):
    run(folder)
    Flight.objects.filter(launch_mission__slug="one", astronaut__slug="ada-vega").update(position=2)
    Flight.objects.filter(launch_mission__slug="one", astronaut__slug="bo-lind").update(position=1)
    without(folder, "flights.csv", "position")
    lines = run(folder)
    assert "flights: 0 added, 0 changed, 4 unchanged" in lines
    places = Flight.objects.filter(launch_mission__slug="one").values_list("position", flat=True)
    assert sorted(places) == [1, 2]


def test_a_folder_of_before_a_column_was_there_fills_an_empty_record(folder):
    without(folder, "flights.csv", "position")
    assert run(folder)[-1] == "Imported."
    assert set(Flight.objects.values_list("position", flat=True)) == {None}


def test_places_in_a_crew_are_read(folder):
    text = (folder / "flights.csv").read_text().splitlines()
    assert text[0].endswith(",position")
    rows = [
        f"{line[:-1]},{number}" if ",one," in line else line for number, line in enumerate(text)
    ]
    (folder / "flights.csv").write_text("\n".join(rows) + "\n")
    places = {"ada-vega": 1, "bo-lind": 2}
    if run(folder)[-1] != "Imported.":
        pytest.fail("\n".join(run(folder)))
    found = Flight.objects.filter(launch_mission__slug="one")
    assert sorted(flight.position for flight in found) == sorted(places.values())


def operators(slug="alpha"):
    return [agency.slug for agency in Station.objects.get(slug=slug).operators_in_order]


def of_several(folder):
    """Alpha is operated by three, in an order that is not the alphabet's."""
    head, row = (folder / "agencies.csv").read_text().splitlines()
    more = [row.replace("acme", slug).replace("Acme", slug.upper()) for slug in ("zeta", "beta")]
    (folder / "agencies.csv").write_text("\n".join([head, row, *more]) + "\n")
    edit(folder, "stations.csv", ",acme\n", ",acme;zeta;beta\n")


def test_the_operators_of_a_station_are_read_in_their_order(folder):
    of_several(folder)
    assert run(folder)[-1] == "Imported."
    assert operators() == ["acme", "zeta", "beta"]
    edit(folder, "stations.csv", ",acme;zeta;beta", ",acme;beta;zeta")
    assert "  alpha: operators: 'Acme, ZETA, BETA' → 'Acme, BETA, ZETA'" in run(folder)
    assert operators() == ["acme", "beta", "zeta"]
    assert "stations: 0 added, 0 changed, 1 unchanged" in run(folder)


def test_the_column_of_one_operator_is_still_read(folder):
    """From a folder of before there were several; it takes nobody away."""
    without(folder, "stations.csv", "operator_agency_ids")
    run(folder)
    assert operators() == ["acme"]
    of_both = make_agency("zeta")
    StationOperator.objects.create(station=Station.objects.get(), agency=of_both, position=2)
    assert "stations: 0 added, 0 changed, 1 unchanged" in run(folder)
    assert operators() == ["acme", "zeta"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (",acme;nobody\n", "operator_agency_ids: agencies.csv has no id 'nobody'"),
        (",\n", "operator_agency_ids: agencies.csv has no id ''"),
        (",acme;acme\n", "operator_agency_ids: 'acme' is there 2 times"),
    ],
)
def test_operators_that_cannot_be_are_refused(folder, cells, words):
    edit(folder, "stations.csv", ",acme\n", cells)
    lines = run(folder)
    assert any(line.startswith("stations.csv:2: ") and words in line for line in lines), lines
    assert not Station.objects.exists()


def test_visited_stations_can_change(folder):
    run(folder)
    edit(folder, "missions.csv", ",alpha,", ",,")
    edit(folder, "spacewalks.csv", ",alpha,", ",one,")
    assert "  one: stations: 'Alpha' → ''" in run(folder)
    assert not Mission.objects.get(slug="one").stations.exists()


def test_row_refused_only_for_a_later_correction_is_taken(folder):
    # Bo's flights overlap until the second of the two missions has got its new launch.
    run(folder)
    text = (folder / "missions.csv").read_text()
    text = text.replace("1999-03-11T10:00:00Z", "2003-03-11T10:00:00Z")
    text = text.replace("2003-01-01T12:00:00Z", "2003-05-01T12:00:00Z")
    (folder / "missions.csv").write_text(text)
    text = (folder / "flights.csv").read_text()
    text = text.replace("1999-03-11T10:00:00Z", "2003-03-11T10:00:00Z")
    text = text.replace("2003-01-01T12:00:00Z", "2003-05-01T12:00:00Z")
    (folder / "flights.csv").write_text(text)
    lines = run(folder)
    # A flight of four years is refused, but not an overlap that is gone by then.
    assert lines == [
        "flights.csv:3: lasted 1470 days, more than 500",
        "Nothing was imported.",
    ]


def test_rows_that_the_folder_does_not_name_stay_and_are_counted(folder):
    run(folder)
    (folder / "sources.csv").write_text((folder / "sources.csv").read_text().splitlines()[0] + "\n")
    assert "sources: 0 added, 0 changed, 0 unchanged, 1 only in the database" in run(folder)


def test_dry_run_says_the_same_and_writes_nothing(folder):
    before = contents()
    planned = run(folder, dry_run=True)
    assert contents() == before
    assert planned[-1] == "Dry run: nothing was written."
    assert planned[:-1] == run(folder)[:-1]


def test_byte_order_mark_and_windows_line_ends_are_accepted(folder):
    path = folder / "people.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(folder)[-1] == "Imported."


def test_folder_that_is_not_there(db, tmp_path):
    assert run(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'} is not a folder."]


BAD = {
    "unreadable header": ("flights.csv", "role,", "rank,", "flights.csv:1: the header is wrong"),
    "header with a column twice": (
        "flights.csv",
        "role,nationality",
        "role,role",
        "flights.csv:1: the header is wrong: 'nationality' is missing, 'role' is there 2 times",
    ),
    "too few cells": (
        "agencies.csv",
        ",1990,\n",
        ",1990\n",
        "agencies.csv:2: has 5 cells, not 6",
    ),
    "too many cells": (
        "agencies.csv",
        ",1990,\n",
        ",1990,,\n",
        "agencies.csv:2: has 7 cells, not 6",
    ),
    "not UTF-8": (
        "people.csv",
        "Vega,Ada",
        "V\udce9ga,Ada",
        "people.csv:2: full_name: is not UTF-8",
    ),
    "control character": (
        "people.csv",
        "Vega,Ada",
        "Vega\x1d,Ada",
        "people.csv:2: full_name: There is a control character (U+001D) here; type it anew.",
    ),
    "mark that turns the direction": (
        "people.csv",
        "Vega,Ada",
        "Vega\u202e,Ada",
        "people.csv:2: full_name: An invisible mark here turns the direction of the text",
    ),
    "text decoded wrongly": (
        "people.csv",
        "Adèle",
        "AdÃ¨le",
        "people.csv:2: aliases: “Ã¨” looks like “è”, decoded wrongly",
    ),
    "id of another form": (
        "sources.csv",
        "paper",
        "Paper-",
        "sources.csv:2: id: Lower-case letters, digits and single hyphens",
    ),
    "precision that is none": (
        "missions.csv",
        "1999-03-01T12:00:05Z,second",
        "1999-01-01T00:00:00Z,year",
        "missions.csv:2: launch_precision: 'year' is none of: second, minute, day, month",
    ),
    "year that cannot be meant": (
        "missions.csv",
        "2003-07-01T00:00:00Z",
        "9999-12-01T00:00:00Z",
        "missions.csv:5: planned_landing_utc: The year 9999 cannot be meant; from 1850 to 2200",
    ),
    "NUL byte": (
        "people.csv",
        "Vega,Ada",
        "V\0ga,Ada",
        "people.csv:2: full_name: There is a control character (U+0000) here",
    ),
    "unclosed quote": (
        "missions.csv",
        '"A ""quoted"", note"',
        '"A ""quoted"", note',
        "missions.csv:2: cannot be read from here on: unexpected end of data",
    ),
    "impossible time": (
        "missions.csv",
        "1999-03-11T10:00:00Z",
        "1999-02-30T10:00:00Z",
        "missions.csv:2: landing_utc: '1999-02-30T10:00:00Z' is not a time",
    ),
    "time in a zone that there is not": (
        "missions.csv",
        "1999-03-11T10:00:00Z",
        "1999-03-11T10:00:00+33:00",
        "missions.csv:2: landing_utc: '1999-03-11T10:00:00+33:00' is not a time",
    ),
    "impossible birth": (
        "people.csv",
        ",1960,",
        ",1960-13,",
        "people.csv:2: birth_date: '1960-13'",
    ),
    "death known to the month": (
        "people.csv",
        "2002-02-02",
        "2002-02",
        "people.csv:4: death_date: '2002-02' is not a whole date",
    ),
    "word for a number": (
        "agencies.csv",
        ",1990,",
        ",soon,",
        "agencies.csv:2: founded_year: 'soon' is not a whole number",
    ),
    "neither true nor false": (
        "spacecraft.csv",
        ",true",
        ",perhaps",
        "spacecraft.csv:2: orbital: 'perhaps' is neither true nor false",
    ),
    "unknown choice": (
        "people.csv",
        ",F,1960,",
        ",X,1960,",
        "people.csv:2: sex: 'X' is none of: F, M",
    ),
    "empty cell that must not be": (
        "flights.csv",
        ",Commander,",
        ",,",
        "flights.csv:2: role: This field cannot be blank.",
    ),
    "unknown country": (
        "agencies.csv",
        ",USA,",
        ",QQQ,",
        "agencies.csv:2: country: no country has the code 'QQQ'",
    ),
    "unknown mission": (
        "flights.csv",
        "ada-vega,1,one,two",
        "ada-vega,1,one,ten",
        "flights.csv:2: down_mission_id: missions.csv has no id 'ten'",
    ),
    "unknown station": (
        "missions.csv",
        ",alpha,",
        ",omega,",
        "missions.csv:2: stations: stations.csv has no id 'omega'",
    ),
    "unknown place of a spacewalk": (
        "spacewalks.csv",
        ",alpha,",
        ",omega,",
        "spacewalks.csv:2: station_or_mission: no station or mission has the id 'omega'",
    ),
    "spacewalk of somebody on the ground": (
        "spacewalk_crew.csv",
        "walk-1,ada-vega",
        "walk-1,cy-nord",
        "spacewalk_crew.csv:3: person_id: Cy Nord was not in space at the time of walk-1",
    ),
    "spacewalk from a station that no ship visited": (
        "missions.csv",
        ",alpha,",
        ",,",
        "spacewalk_crew.csv:2: person_id: Bo Lind was not at Alpha then",
    ),
    "spacewalk from a craft of others": (
        "spacewalks.csv",
        ",alpha,",
        ",hop,",
        "spacewalk_crew.csv:2: person_id: Bo Lind was not aboard Hop then",
    ),
    "station launched after its visit": (
        "stations.csv",
        "1998-01-01T06:00:00Z,,1999-03-02T00:00:00Z",
        "1999-03-12T06:00:00Z,,1999-03-13T00:00:00Z",
        "missions.csv:2: stations: It cannot have visited Alpha: Alpha was launched on 12 March",
    ),
    "station gone before a spacewalk": (
        "stations.csv",
        "1998-01-01T06:00:00Z,",
        "1998-01-01T06:00:00Z,1999-03-02",
        "spacewalks.csv:2: station_or_mission: It was not there then",
    ),
    "stay of somebody who was not aboard": (
        "surface_stays.csv",
        "one,ada-vega",
        "one,cy-nord",
        "surface_stays.csv:2: mission_id: 'cy-nord' did not fly up on 'one'",
    ),
    "stay outside its flight": (
        "surface_stays.csv",
        "1999-03-06T01:02:03Z",
        "1999-05-06T01:02:03Z",
        "surface_stays.csv:2: The stay must lie within the flight.",
    ),
    "duplicate": (
        "people.csv",
        "bo-lind,",
        "ada-vega,",
        "people.csv:3: ada-vega is already in line 2",
    ),
    "same name twice": (
        "people.csv",
        "bo-lind,Bo Lind",
        "bo-lind,Ada Vega",
        "people.csv:3: full_name: Astronaut with this Name already exists.",
    ),
    "landing before launch": (
        "missions.csv",
        "1999-03-11T10:00:00Z",
        "1999-02-11T10:00:00Z",
        "missions.csv:2: A mission must land after its launch.",
    ),
    "overlapping flights": (
        "flights.csv",
        "bo-lind,2,three,,2003-01-01T12:00:00Z",
        "bo-lind,2,two,two,1999-03-05T12:00:00Z",
        "flights.csv",
    ),
    "kind against boundary": (
        "missions.csv",
        "orbital,orbit,completed,alpha",
        "suborbital,orbit,completed,alpha",
        "missions.csv:2: kind is 'suborbital', but the rest of the facts makes it 'orbital'",
    ),
    "status against landing": (
        "missions.csv",
        "orbital,orbit,completed,alpha",
        "orbital,orbit,in_flight,alpha",
        "missions.csv:2: status is 'in_flight', but the rest of the facts makes it 'completed'",
    ),
    "lost and still flying": (
        "missions.csv",
        "orbital,orbit,in_flight",
        "orbital,orbit,lost",
        "missions.csv:5: A lost mission needs the time of its loss as landing.",
    ),
    "start against launch": (
        "flights.csv",
        "1999-03-01T12:00:05Z",
        "1999-03-01T12:00:06Z",
        "flights.csv:2: start_utc is '1999-03-01T12:00:06Z', but the rest of the facts makes it "
        "'1999-03-01T12:00:05Z'",
    ),
    "end against landing": (
        "flights.csv",
        "1999-04-20T10:00:00Z",
        "1999-04-20T10:00:01Z",
        "flights.csv:2: end_utc is '1999-04-20T10:00:01Z'",
    ),
    "wrong number of a flight": (
        "flights.csv",
        "bo-lind,2,",
        "bo-lind,3,",
        "flights.csv:5: flight_number is '3', but the rest of the facts makes it '2'",
    ),
    "wrong first flight of a craft": (
        "spacecraft.csv",
        "1999-03-01T12:00:05Z",
        "1998-03-01T12:00:05Z",
        "spacecraft.csv:2: first_crewed_flight_utc is '1998-03-01T12:00:05Z'",
    ),
    "precision without a time": (
        "missions.csv",
        "1999-03-11T10:00:00Z,second",
        ",second",
        "missions.csv:2: landing_utc: There is a precision but no time",
    ),
    "birth after launch": (
        "people.csv",
        ",1960,",
        ",1999-08,",
        "flights.csv:2: person_id: Ada Vega was born later",
    ),
    "nationality against the latest flight": (
        "people.csv",
        ",RUS,acme",
        ",USA,acme",
        "people.csv:3: nationality is USA, on the latest flight RUS",
    ),
    "shared alias": (
        "people.csv",
        "Adèle Vega;A. Vega",
        "Adèle Vega;Bo Lind",
        "people.csv:2: aliases: 'Bo Lind' is also a name of bo-lind",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "line"), BAD.values(), ids=BAD.keys())
def test_bad_row_is_named_and_nothing_is_imported(folder, file, old, new, line):
    before = contents()
    edit(folder, file, old, new)
    lines = run(folder)
    assert any(found.startswith(line) for found in lines), lines
    assert lines[-1] == "Nothing was imported."
    assert contents() == before


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_a_table_alone_is_taken_where_the_rest_is_known(folder, table):
    run(folder)
    before = contents()
    for other in set(TABLES) - {table}:
        (folder / other.file).unlink()
    said, last = run(folder)
    assert said.startswith(f"{table.name}: 0 added, 0 changed, ")
    assert last == "Imported."
    assert contents() == before


def test_rows_of_a_table_alone_that_refer_to_nothing_are_refused(folder):
    for table in TABLES:
        if table.name != "flights":
            (folder / table.file).unlink()
    before = contents()
    lines = run(folder)
    assert lines[0].startswith("flights.csv:2: person_id: none of the people has the id 'ada-vega'")
    assert lines[-1] == "Nothing was imported."
    assert contents() == before


def test_a_file_that_is_no_table_is_named(folder):
    (folder / "persons.csv").write_text("id\n")
    err = StringIO()
    call_command("import_facts", str(folder), stdout=StringIO(), stderr=err)
    assert err.getvalue() == "persons.csv: is none of the tables and was not read.\n"


def test_a_folder_without_a_table(empty_record, tmp_path):
    (tmp_path / "persons.csv").write_text("id\n")
    assert run(tmp_path)[0].startswith("There is none of the tables: countries.csv, sources.csv, ")


def test_empty_file(folder):
    (folder / "people.csv").write_bytes(b"")
    assert "people.csv: is empty: not even a header" in run(folder)


def test_file_that_is_cut_off(folder):
    path = folder / "flights.csv"
    path.write_bytes(path.read_bytes()[:-4])
    assert run(folder)[0] == "flights.csv:5: has 10 cells, not 12: the file is cut off"


def test_overlap_is_named_in_words(folder):
    edit(folder, "flights.csv", "bo-lind,2,three,,2003-01-01T12:00:00Z,", "bo-lind,2,two,two,,")
    edit(folder, "missions.csv", "1999-04-01T12:00:00Z", "1999-03-05T12:00:00Z")
    assert (
        "flights.csv:5: Bo Lind was in space on One at that time; nobody makes two flights at once."
        in run(folder)
    )


def test_all_bad_rows_are_reported_and_not_what_follows_from_them(folder):
    edit(folder, "agencies.csv", ",1990,", ",soon,")
    edit(folder, "people.csv", ",1960,", ",1960-13,")
    edit(folder, "people.csv", ",M,", ",Q,")
    edit(folder, "flights.csv", "1999-03-01T12:00:05Z", "long ago")
    edit(folder, "sources.csv", "2020-05", "2020-15")
    lines = run(folder)
    assert [line.partition(": ")[0] for line in lines] == [
        "sources.csv:2",
        "agencies.csv:2",
        "people.csv:2",
        "people.csv:3",
        "16 more rows refer to these and were not judged.",
        "Nothing was imported.",
    ]


def test_what_is_doubtful_as_a_whole_is_taken_on_request_and_named(folder):
    edit(folder, "people.csv", "1960", "1906")
    (doubt, refusal) = run(folder)
    assert "launched at the age of 92" in doubt
    assert refusal == "Nothing was imported."
    err = StringIO()
    call_command("import_facts", str(folder), accept_doubts=True, stdout=StringIO(), stderr=err)
    assert err.getvalue() == "flight ada-vega/one: launched at the age of 92\n"
    assert Astronaut.objects.get(slug="ada-vega").born_on == date(1906, 1, 1)
    # What is wrong in a row stays refused.
    edit(folder, "people.csv", "1906", "1999-04")
    assert "Nothing was imported." in run(folder, accept_doubts=True)


def test_text_is_tidied_and_then_the_same(folder):
    run(folder)
    edit(folder, "people.csv", "Vega,Ada", "\u00a0Vega\u200b ,\ufeffAda")
    edit(folder, "people.csv", "Adèle", "Ade\u0300le")
    assert "people: 0 added, 0 changed, 3 unchanged" in run(folder)
