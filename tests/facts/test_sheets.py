"""Tables as other programs write them: taken where the meaning is certain, else refused with the
one cause."""

import csv
import io
from datetime import date
from random import Random

import pytest
from django.core.management import call_command

from records.facts import importing, releases
from records.facts.cells import read_date, read_number
from records.facts.sheets import Reader
from records.facts.tables import ALL_TABLES, BY_MODEL, TABLES
from records.instants import read_clock
from records.models import Flight, Mission, Source, SpacewalkCrew
from tests.factories import instant


@pytest.fixture
def files(folder):
    """The small record, which the database holds as well, as CSV by file name."""
    found = importing.read_folder(folder)
    importing.import_files(found, read_clock())
    return found


@pytest.fixture
def all_files(site):
    """Every table of the download."""
    return {sheet.table.file: sheet.content for sheet in releases.build().sheets}


def differences(files, **options):
    """What an import would add or change."""
    outcomes = importing.import_files(files, read_clock(), dry_run=True, **options)
    assert sum(one.unchanged for one in outcomes) > 0
    return [
        (one.table.name, one.added, one.changed) for one in outcomes if one.added + len(one.changed)
    ]


def refusal(files, **options):
    with pytest.raises(importing.Refused) as refused:
        importing.import_files(files, read_clock(), **options)
    return refused.value.lines


def table_of(content):
    header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return header, rows


def written(header, rows, **dialect):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, **{"lineterminator": "\n"} | dialect)
    writer.writerows([header, *rows])
    return stream.getvalue().encode()


# What is taken

NOT_A_NUMBER = {"", "NA", "N/A", "n/a", "nan", "NaN", "null", "NULL", "None", "<NA>", "#N/A"}


def through_pandas(content, *, index):
    """What pandas makes of a file that it reads and writes with `read_csv` and `to_csv` alone."""
    header, rows = table_of(content)
    columns = []
    for cells in zip(*rows, strict=True):
        held = [cell for cell in cells if cell not in NOT_A_NUMBER]
        gaps = len(held) < len(cells)
        if held and all(cell.isdecimal() for cell in held):
            known = {cell: f"{int(cell)}.0" if gaps else str(int(cell)) for cell in held}
        elif held and all(cell in ("true", "false") for cell in held):
            known = {cell: cell.capitalize() for cell in held}
        else:
            known = {cell: cell for cell in held}
        columns.append([known.get(cell, "") for cell in cells])
    rows = [list(row) for row in zip(*columns, strict=True)]
    if index:
        header, rows = ["", *header], [[str(number), *row] for number, row in enumerate(rows)]
    return written(header, rows)


def test_the_whole_record_comes_back_from_pandas_unchanged(all_files):
    passed = {
        name: through_pandas(content, index=number % 2 == 1)
        for number, (name, content) in enumerate(all_files.items())
    }
    assert b"1958.0" in passed["agencies.csv"]
    assert b",True" in passed["spacecraft.csv"]
    assert differences(passed) == []


def test_the_whole_record_comes_back_from_pandas_itself_unchanged(all_files):
    pandas = pytest.importorskip("pandas", reason="pandas is not among the requirements")
    passed = {
        name: pandas.read_csv(io.BytesIO(content)).to_csv().encode()
        for name, content in all_files.items()
    }
    assert differences(passed) == []


def test_the_order_of_rows_and_columns_says_nothing(all_files):
    shuffled = {}
    for name, content in all_files.items():
        header, rows = table_of(content)
        rows = [row[::-1] for row in sorted(rows, key=lambda row: row[::-1])]
        shuffled[name] = written(header[::-1], rows)
    assert differences(shuffled) == []


def test_a_table_without_the_order_of_a_crew_has_it_in_its_rows(folder):
    content = (folder / "spacewalk_crew.csv").read_bytes()
    header, rows = table_of(content)
    place = header.index("position")
    assert [row[place] for row in rows] == ["1", "2"]
    (folder / "spacewalk_crew.csv").write_bytes(
        written(
            [*header[:place], *header[place + 1 :]],
            [[*row[:place], *row[place + 1 :]] for row in rows],
        )
    )
    call_command("import_facts", str(folder), verbosity=0)
    crew = SpacewalkCrew.objects.order_by("position")
    assert [row.flight.astronaut.slug for row in crew] == ["bo-lind", "ada-vega"]


SPELLINGS = {
    "milliseconds": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11T10:00:00.000Z"),
    "an offset of nothing": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11T10:00:00+00:00"),
    "as databases write it": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11 10:00:00+00"),
    "as pandas writes it": (
        "flights.csv",
        "1999-03-01T12:00:05Z",
        "1999-03-01 12:00:05.000000+00:00",
    ),
    "small letters": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11t10:00:00z"),
    "no seconds": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11T10:00Z"),
    "a number with a point": ("agencies.csv", ",1990,", ",1990.0,"),
    "a derived number with a point": ("flights.csv", "ada-vega,1,", "ada-vega,1.0,"),
    "a year with a point": ("people.csv", ",1960,", ",1960.0,"),
    "capitals": ("spacecraft.csv", ",true", ",TRUE"),
    "one": ("spacecraft.csv", ",true", ",1"),
    "not a number": ("agencies.csv", ",1990,\n", ",1990,nan\n"),
    "not a time": ("missions.csv", ",,,A launch site", ",NaT,,A launch site"),
    "nothing of a database": ("people.csv", "2002-02-02,USA,acme,,", "2002-02-02,USA,acme,NULL,"),
    "nothing of R": ("people.csv", "2002-02-02,USA,acme,,", "2002-02-02,USA,acme,NA,"),
    "emptied rows": ("agencies.csv", ",1990,\n", ",1990,\n,,,,,\n\n"),
    "spaces in the header": ("agencies.csv", "id,name", "id, name"),
    "capitals in the header": ("people.csv", "id,full_name,given", "ID,Full Name,Given"),
    "id by its other name": ("agencies.csv", "id,name", "Slug,Name"),
    "another zone": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11T13:00:00+03:00"),
    "another zone, shortly": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11 05:30-0430"),
    "no zone": ("missions.csv", "1999-03-11T10:00:00Z", "1999-03-11 10:00:00"),
    "a time in words": ("missions.csv", "1999-03-11T10:00:00Z", "11 March 1999 10:00 am"),
    "a day that is known": ("missions.csv", "2003-07-01T00:00:00Z,day", "2003-07-01,Day"),
    "a day in words": ("missions.csv", "2003-07-01T00:00:00Z,day", "1 Jul 2003,day"),
    "a day": ("stations.csv", "1999-03-02T00:00:00Z", "1999-03-02"),
    "a date with its midnight": ("people.csv", "2002-02-02", "2002-02-02 00:00:00"),
    "a date as JSON has it": ("people.csv", "1961-05-04", "1961-05-04T00:00:00.000Z"),
    "a date in words": ("people.csv", "1961-05-04", "4-May-1961"),
    "a date that cannot be another": ("people.csv", "2002-02-02", "02/02/2002"),
    "a small letter": ("people.csv", ",M,", ",m,"),
    "a choice by its name": ("people.csv", ",F,", ",Female,"),
    "a choice in capitals": ("missions.csv", "orbital,orbit,completed", "Orbital,ORBIT,Completed"),
    "a choice with a space": ("missions.csv", ",in_flight,", ",In flight,"),
    "a country in small letters": ("people.csv", ",USA,acme", ",usa,acme"),
    "yes": ("spacecraft.csv", ",true", ",Yes"),
    "no-break spaces": ("agencies.csv", ",1990,", ",\u00a01990\u202f,"),
    "nothing with spaces": ("agencies.csv", ",1990,\n", ",1990, NaN \n"),
    "nothing of a dump": ("agencies.csv", ",1990,\n", ",1990,\\N\n"),
    "lists with spaces": ("stations.csv", ",acme\n", ", acme ;\n"),
}


@pytest.mark.parametrize(("file", "old", "new"), SPELLINGS.values(), ids=SPELLINGS)
def test_what_means_the_same_changes_nothing(files, file, old, new):
    assert old.encode() in files[file]
    assert differences(files | {file: files[file].replace(old.encode(), new.encode(), 1)}) == []


@pytest.mark.parametrize("end", ["", "\r", "\r\n", "\n\n", "\n,,\n"])
def test_the_last_line_may_end_in_any_way(files, end):
    for name, content in files.items():
        width = content.partition(b"\n")[0].count(b",")
        changed = content.removesuffix(b"\n") + end.replace(",,", "," * width).encode()
        assert differences(files | {name: changed}) == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_marks_and_line_ends_of_other_systems_say_nothing(files, mark, end):
    changed = {name: mark + text.replace(b"\n", end.encode()) for name, text in files.items()}
    assert differences(changed) == []


def test_lines_that_are_quoted_as_a_whole_are_taken(files):
    """As a spreadsheet writes a file that it took for one of a single column."""
    for name, content in files.items():
        lines = [[line] for line in content.decode().splitlines()]
        quoted = written(lines[0], lines[1:], quoting=csv.QUOTE_ALL)
        assert quoted.startswith(b'"')
        assert differences(files | {name: quoted}) == []


def test_lines_of_which_only_some_are_quoted_as_a_whole_are_refused(files):
    header, rows = table_of(files["agencies.csv"])
    mixed = written([",".join(header)], [[",".join(rows[0])], rows[0]])
    assert refusal({"agencies.csv": mixed}) == [
        "agencies.csv:3: each line is quoted as one cell, but this one has several"
    ]


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "Unnamed: 0.1", "index", "...1"])
def test_a_column_that_numbers_the_rows_is_left_out(files, name):
    header, rows = table_of(files["people.csv"])
    numbered = written([name, *header], [[number, *row] for number, row in enumerate(rows, 1)])
    assert differences(files | {"people.csv": numbered}) == []
    other = written([name, *header], [["tall", *row] for row in rows])
    (line,) = refusal(files | {"people.csv": other})
    assert line.startswith("people.csv:1: column 1 ")


@pytest.mark.parametrize("name", ["People.csv", "PEOPLE.CSV", "people (2).csv", "People(1).csv"])
def test_a_file_may_be_called_as_a_browser_or_a_person_calls_it(files, folder, name):
    (folder / "people.csv").rename(folder / name)
    found = importing.read_folder(folder)
    assert found == files
    (folder / "people.csv").write_bytes(files["people.csv"])
    with pytest.raises(importing.Refused, match=r"people\.csv is there twice"):
        importing.read_folder(folder)


def test_columns_without_a_name_that_are_empty_are_left_out(files):
    header, rows = table_of(files["people.csv"])
    wider = written([*header, "", ""], [[*row, "", ""] for row in rows])
    assert differences(files | {"people.csv": wider}) == []


def follow():
    """Columns that repeat what other facts say, by file."""
    return {
        table.file: [one.name for one in table.columns if one.follows and one.name not in table.key]
        for table in ALL_TABLES
    }


def test_derived_cells_may_be_empty(files):
    emptied = {}
    for name, content in files.items():
        header, rows = table_of(content)
        places = [header.index(column) for column in follow()[name]]
        emptied[name] = written(
            header,
            [["" if at in places else cell for at, cell in enumerate(row)] for row in rows],
        )
    assert sum(map(len, follow().values())) >= 7
    assert differences(emptied) == []


def test_derived_columns_may_be_missing_from_a_new_site(files, empty):
    Mission.objects.filter(slug="hop").update(lost=True)
    shorter = {}
    for name, content in files.items():
        header, rows = table_of(content)
        kept = [at for at, column in enumerate(header) if column not in follow()[name]]
        shorter[name] = written(
            [header[at] for at in kept], [[row[at] for at in kept] for row in rows]
        )
    assert differences(shorter) == [], "a status that is not said leaves a loss as it is"
    empty()
    importing.import_files(shorter, read_clock())
    assert Flight.objects.count() == 4
    assert Mission.objects.get(slug="hop").kind == "suborbital"


def test_people_missions_and_flights_are_enough(files):
    three = {name: files[name] for name in ("people.csv", "missions.csv", "flights.csv")}
    assert differences(three) == []


def test_a_launch_site_may_be_unknown(files):
    changed = files["missions.csv"].replace(b",A launch site,", b",,", 1)
    importing.import_files({"missions.csv": changed}, read_clock())
    assert Mission.objects.get(slug="one").launch_site == ""
    assert Mission.objects.exclude(launch_site="").count() == 3


def test_a_flight_of_one_day_may_be_known_to_the_day(files):
    header, rows = table_of(files["missions.csv"])
    for row in rows:
        if row[header.index("id")] == "hop":
            for end in ("launch", "landing"):
                row[header.index(f"{end}_utc")] = "2001-01-01T00:00:00Z"
                row[header.index(f"{end}_precision")] = "day"
    changed = {name: files[name] for name in ("flights.csv",)}
    changed["missions.csv"] = written(header, rows)
    flights, times = table_of(files["flights.csv"])
    for row in times:
        if row[flights.index("up_mission_id")] == "hop":
            row[flights.index("start_utc")] = row[flights.index("end_utc")] = ""
    changed["flights.csv"] = written(flights, times)
    importing.import_files(changed, read_clock())
    hop = Mission.objects.get(slug="hop")
    assert hop.launched_at == hop.landed_at == instant("2001-01-01")


def test_extra_columns_are_taken_if_told(files):
    header, rows = table_of(files["people.csv"])
    wider = files | {"people.csv": written(["height", *header], [["1.70", *row] for row in rows])}
    assert refusal(wider) == ["people.csv:1: the header is wrong: 'height' is unknown"]
    assert differences(wider, extra_columns=True) == []


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "'=1+1", "''＋1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_is_neutral_and_comes_back(files, tmp_path, text):
    Mission.objects.filter(slug="one").update(notes=text)
    call_command("export_facts", str(tmp_path), verbosity=0)
    assert f",'{text}\n".encode() in (tmp_path / "missions.csv").read_bytes()
    assert differences(importing.read_folder(tmp_path)) == []


@pytest.mark.parametrize("text", ["NA", "None", "null", "'nan"])
def test_a_text_that_looks_like_nothing_comes_back(files, tmp_path, text):
    Mission.objects.filter(slug="one").update(notes=text)
    call_command("export_facts", str(tmp_path), verbosity=0)
    marked = importing.read_folder(tmp_path)
    assert differences(marked) == []
    passed = {name: through_pandas(content, index=False) for name, content in marked.items()}
    assert differences(passed) == []


@pytest.mark.parametrize("text", ["\n=1+1", "\t=1+1", "\r=1+1", "\ta name"])
def test_a_cell_that_begins_with_white_space_is_neutral_too(text):
    content = BY_MODEL[Source].csv([["paper", text, "", "", "", "", ""]])
    assert table_of(content)[1][0][1] == f"'{text}"


# What is refused for one cause


@pytest.mark.parametrize(
    ("separator", "words"), [(";", "semicolons (;)"), ("\t", "tabs"), ("|", "bars (|)")]
)
def test_another_separator_is_the_one_cause(files, separator, words):
    for name, content in files.items():
        changed = written(*table_of(content), delimiter=separator, lineterminator="\r\n")
        assert refusal(files | {name: changed}) == [
            f"{name}:1: the cells are separated by {words}, not by commas"
        ]


@pytest.mark.parametrize("first", ["sep=,", "sep=;", '"sep=,"', "SEP=\t"])
def test_the_line_for_excel_is_the_one_cause(files, first):
    (line,) = refusal(files | {"people.csv": f"{first}\r\n".encode() + files["people.csv"]})
    assert line.endswith("is for Excel alone: take this line away")
    assert line.startswith("people.csv:1: ")


ENCODINGS = {
    "utf-16": "people.csv: is UTF-16, not UTF-8: save it as “CSV UTF-8”",
    "utf-16-le": "people.csv: is UTF-16, not UTF-8: save it as “CSV UTF-8”",
    "utf-16-be": "people.csv: is UTF-16, not UTF-8: save it as “CSV UTF-8”",
    "utf-32": "people.csv: is UTF-32, not UTF-8: save it as “CSV UTF-8”",
    "windows-1252": "people.csv:2: is Windows-1252, as it seems, not UTF-8: save it as “CSV UTF-8”",
}


@pytest.mark.parametrize(("encoding", "line"), ENCODINGS.items())
def test_another_encoding_is_the_one_cause(files, encoding, line):
    text = files["people.csv"].decode()
    assert "Adèle" in text
    assert refusal(files | {"people.csv": text.encode(encoding)}) == [line]


def test_a_workbook_is_the_one_cause(files):
    (line,) = refusal(files | {"people.csv": b"PK\x03\x04\x14\0\x06\0"})
    assert line.startswith("people.csv: is a workbook or an archive, not CSV")


def test_a_column_without_a_name_that_says_something_is_refused(files):
    header, rows = table_of(files["people.csv"])
    wider = written([*header, ""], [[*row, "tall"] for row in rows])
    assert refusal(files | {"people.csv": wider}) == ["people.csv:1: column 14 has no name"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1999-03-11T10:00:00Z", "1999-03-11T10:00:00.500Z"),
        ("1999-03-11T10:00:00Z", "1999-03-11"),
        ("1999-03-11T10:00:00Z", "March 1999"),
        ("1999-03-11T10:00:00Z", "today"),
        ("1999-03-11T10:00:00Z", "Mar-99"),
        ("1999-03-11T10:00:00Z", "36230.416666"),
    ],
)
def test_a_time_that_may_mean_another_is_refused(files, old, new):
    changed = files["missions.csv"].replace(old.encode(), new.encode(), 1)
    line = refusal(files | {"missions.csv": changed})[0]
    assert (
        line == f"missions.csv:2: landing_utc: {new!r} is not a time such as 1961-04-12T06:07:00Z"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "meant"),
    [
        ("missions.csv", "1999-03-11T10:00:00Z", "11/03/1999 10:00", "1999-03-11T10:00Z"),
        ("missions.csv", "1999-03-11T10:00:00Z", "3/11/1999 10:00:05 AM", "1999-11-03T10:00:05Z"),
        ("people.csv", "1961-05-04", "04/05/1961", "1961-04-05"),
        ("people.csv", "2002-02-02", "4-Feb-02", "2002-02-04"),
    ],
)
def test_a_date_that_may_mean_several_is_asked_back_with_all(files, file, old, new, meant):
    changed = files[file].replace(old.encode(), new.encode(), 1)
    (line,) = [one for one in refusal(files | {file: changed}) if "more rows" not in one]
    assert f": {new!r} may mean another day: write " in line
    assert meant in line
    assert " or " in line


@pytest.mark.parametrize("error", ["#NAME?", "#REF!", "#DIV/0!", "#VALUE!"])
def test_an_error_of_a_spreadsheet_is_refused(files, tmp_path, error):
    changed = files["missions.csv"].replace(b",A launch site,", f",{error},".encode(), 1)
    (line, *_) = refusal(files | {"missions.csv": changed})
    assert line == f"missions.csv:2: launch_site: {error} is an error of a spreadsheet"
    Mission.objects.filter(slug="one").update(notes=error)
    call_command("export_facts", str(tmp_path / "new"), verbosity=0)
    assert differences(importing.read_folder(tmp_path / "new")) == []


@pytest.mark.parametrize("number", ["1990.5", "1,990", "1.99e3", "+1990", "１９９０"])
def test_a_number_that_may_mean_another_is_refused(files, number):
    changed = files["agencies.csv"].decode().replace(",1990,", f',"{number}",', 1)
    lines = refusal(files | {"agencies.csv": changed.encode()})
    assert lines[0] == f"agencies.csv:2: founded_year: {number!r} is not a whole number"


# All that is wrong with a row


@pytest.mark.parametrize("precision", ["year", "minutes", "Seconds"])
def test_choices_are_named_and_nothing_that_follows_from_them(files, precision):
    changed = files["missions.csv"].replace(
        b"12:00:05Z,second", f"12:00:05Z,{precision}".encode(), 1
    )
    (line,) = refusal({"missions.csv": changed})
    assert line == (
        f"missions.csv:2: launch_precision: {precision!r} is none of: second, minute, day, month"
    )


def test_all_problems_of_a_row_are_told_at_once(files):
    header, rows = table_of(files["missions.csv"])
    row = dict(zip(header, rows[0], strict=True)) | {
        "name": "",
        "spacecraft_id": "nothing-such",
        "launch_utc": "soon",
        "landing_precision": "exact",
        "cospar_id": "x" * 99,
        "stations": "nowhere",
    }
    changed = written(header, [row.values(), *rows[1:]])
    (line,) = refusal({"missions.csv": changed})
    for column in row.keys() - rows[0]:
        if row[column] != dict(zip(header, rows[0], strict=True))[column]:
            assert f"{column}: " in line, column
    assert "landing_precision: 'exact' is none of: second, minute, day, month" in line


def test_what_follows_and_what_was_added_is_not_asked_for():
    optional = {table.name: table.optional for table in TABLES}
    assert optional["missions"] == {"kind", "status"}
    assert optional["flights"] >= {"flight_number", "start_utc", "end_utc", "kind"}
    assert "position" in optional["spacewalk_crew"]
    assert optional["people"] == set()
    assert "person_id" not in optional["surface_stays"], "it names the row"


def test_empty_lines_may_stand_before_the_header():
    for empty in (b"\n", b"\r\n\r\n", b",,\n\n"):
        for quoted in (b"name,year\nAda,1960\n", b'"name,year"\n"Ada,1960"\n'):
            reader = Reader(empty + quoted, ["name", "year"])
            assert [line for _, line in reader] == [{"name": "Ada", "year": "1960"}]
            assert reader.problems == []


def test_noise_is_refused_in_words():
    for seed in range(2000):
        random = Random(seed)
        noise = bytes(random.choices(b'\n\r\t",;a\xff\0', k=12)) + random.randbytes(seed % 100)
        reader = Reader(noise, ["name", "year"])
        assert list(reader) == []
        assert reader.problems


@pytest.mark.parametrize("cell", ["1958", "1958.0", "1958,0", "1958,00"])
def test_whole_numbers_are_read_with_either_sign_of_decimals(cell):
    assert read_number(cell) == 1958
    assert read_date(cell) == (date(1958, 1, 1), "year")


@pytest.mark.parametrize("cell", ["1,958", "1,000", "1958,5", "1958,", "1.958,0"])
def test_what_may_be_another_number_is_refused(cell):
    with pytest.raises(ValueError, match="whole number"):
        read_number(cell)
