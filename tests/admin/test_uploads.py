"""Tables of facts taken through the newsroom: shown first, then all of them or nothing."""

import io
import zipfile
from base64 import b64encode
from html import unescape
from random import Random

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse_lazy

from records.facts import exporting, releases, uploads
from records.instants import read_clock
from records.models import Astronaut, DataVersion
from tests import factories as make
from tests.admin.pages import each_in_a_thread, log_in, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def tables(few_facts, tmp_path):
    """The tables of a record of two people, as somebody downloaded them."""
    flight = make.make_flight(make.make_astronaut("Ada Vega"), days=10)
    make.make_flight(make.make_astronaut("Ben Orth"), flight.launch_mission)
    exporting.export_folder(tmp_path, read_clock())
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}


PAGE = reverse_lazy("admin:records_tables")


def upload(name, content):
    return SimpleUploadedFile(name, content)


def zipped(files, folder="facts/"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return upload("facts.zip", stream.getvalue())


def renamed(tables, old="Ada Vega", new="Ada Lovelace"):
    assert old.encode() in tables["people.csv"]
    return tables["people.csv"].replace(old.encode(), new.encode())


def names():
    return set(Astronaut.objects.values_list("name", flat=True))


def counts(response):
    return {
        row.cells["table"]: tuple(
            str(row.cells[name]) for name in ("added", "changed", "unchanged")
        )
        for row in response.context_data["outcomes"].lines
    }


def refused(response):
    assert response.status_code == 200
    assert "Nothing was taken." in response.content.decode()
    assert "outcomes" not in response.context_data
    return response.context_data["refused"]


def test_what_would_change_is_shown_and_nothing_is_kept(desk, tables):
    before = DataVersion.objects.current_token()
    response = desk.post(PAGE, {"files": upload("people.csv", renamed(tables))})
    text = unescape(response.content.decode())
    assert "ada-vega: name: 'Ada Vega' → 'Ada Lovelace'" in text
    assert "Take all of it" in text
    assert names() == {"Ada Vega", "Ben Orth"}
    assert DataVersion.objects.current_token() == before


def test_what_was_shown_is_taken_and_known_by_who_took_it(desk, steward, tables):
    shown = desk.post(PAGE, {"files": upload("people.csv", renamed(tables))})
    response = desk.post(PAGE, typed(shown), follow=True)
    assert "The tables were taken: 0 rows added, 1 changed." in response.content.decode()
    assert names() == {"Ada Lovelace", "Ben Orth"}
    assert Astronaut.history.filter(name="Ada Lovelace").get().history_user == steward


def test_several_tables_and_a_zip_are_taken_alike(desk, tables):
    several = [
        upload("people (1).csv", tables["people.csv"]),
        upload("flights.csv", tables["flights.csv"]),
    ]
    response = desk.post(PAGE, {"files": several})
    text = response.content.decode()
    assert "Nothing: every row is in the record" in text
    assert "Take all of it" not in text
    whole = zipped(tables | {"README.txt": b"Hello.", "../datapackage.json": b"{}"})
    response = desk.post(PAGE, {"files": whole})
    assert "Nothing: every row is in the record" in response.content.decode()


def test_new_rows_are_named(desk, tables):
    Astronaut.objects.get(slug="ben-orth").flights.all().delete()
    Astronaut.objects.get(slug="ben-orth").delete()
    shown = desk.post(PAGE, {"files": zipped(tables)})
    text = shown.content.decode()
    assert "ben-orth: new" in text
    desk.post(PAGE, typed(shown))
    assert names() == {"Ada Vega", "Ben Orth"}
    assert Astronaut.objects.get(slug="ben-orth").flights.count() == 1


def test_refused_rows_are_named_with_their_reasons(desk, tables):
    broken = tables["people.csv"].replace(b",M,", b",X,").replace(b",F,", b",X,")
    lines = refused(desk.post(PAGE, {"files": upload("people.csv", broken)}))
    assert lines[0].startswith("people.csv:2: sex: 'X' is none of: F, M")
    assert names() == {"Ada Vega", "Ben Orth"}


def test_a_doubt_is_taken_if_it_is_meant(desk, tables):
    header = tables["missions.csv"].partition(b"\n")[0].decode().split(",")
    (row,) = tables["missions.csv"].decode().splitlines()[1:]
    cells = dict(zip(header, row.split(","), strict=True)) | {"id": "empty", "name": "Empty ship"}
    ghost = f"{','.join(header)}\n{','.join(cells.values())}\n".encode()
    assert "carries nobody" in refused(desk.post(PAGE, {"files": upload("missions.csv", ghost)}))[0]
    shown = desk.post(PAGE, {"files": upload("missions.csv", ghost), "accept_doubts": "on"})
    assert desk.post(PAGE, typed(shown)).status_code == 302


def test_unknown_columns_are_left_out_if_that_is_meant(desk, tables):
    lines = tables["people.csv"].decode().splitlines()
    wider = "\n".join([f"{lines[0]},height", *(f"{line},1.70" for line in lines[1:]), ""]).encode()
    assert (
        "'height' is unknown" in refused(desk.post(PAGE, {"files": upload("people.csv", wider)}))[0]
    )
    shown = desk.post(PAGE, {"files": upload("people.csv", wider), "extra_columns": "on"})
    assert "Nothing: every row is in the record" in shown.content.decode()


def test_what_was_shown_of_other_facts_is_shown_again(desk, tables):
    shown = desk.post(PAGE, {"files": upload("people.csv", renamed(tables))})
    make.make_source()
    response = desk.post(PAGE, typed(shown))
    assert "the facts were changed since you looked" in response.content.decode()
    assert "Ada Lovelace" not in names()
    assert desk.post(PAGE, typed(response)).status_code == 302
    assert "Ada Lovelace" in names()


def test_a_token_is_for_these_tables_these_switches_and_this_person(desk, tables):
    shown = typed(desk.post(PAGE, {"files": upload("people.csv", renamed(tables))}))
    other = uploads.packed({"people.csv": renamed(tables, new="Eve Mallory")})
    for changed in ({"packed": other}, {"accept_doubts": "on"}, {"token": "x"}, {"token": "é\0"}):
        assert desk.post(PAGE, shown | changed).status_code == 200
    assert log_in("eve").post(PAGE, shown).status_code == 200
    assert names() == {"Ada Vega", "Ben Orth"}


# The threads commit. Only a test that is transactional from the start is cleaned up after.
@pytest.mark.django_db(transaction=connection.vendor == "postgresql")
def test_of_two_who_take_at_once_one_looks_again(shared_database):
    clients = [each_in_a_thread(lambda name=name: log_in(name))[0] for name in ("ada", "bea")]
    (agencies,) = each_in_a_thread(lambda: releases.build().sheet("agencies").content)
    assert b",NASA," in agencies
    forms = []
    for client, name in zip(clients, (b",Hers,", b",Mine,"), strict=True):
        files = {"files": upload("agencies.csv", agencies.replace(b",NASA,", name))}
        forms += each_in_a_thread(
            lambda client=client, files=files: typed(client.post(PAGE, files))
        )
    clicks = [
        lambda client=client, form=form: client.post(PAGE, form)
        for client, form in zip(clients, forms, strict=True)
    ]
    answers = each_in_a_thread(*clicks)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    again = next(answer for answer in answers if answer.status_code == 200)
    assert "the facts were changed since you looked" in again.content.decode()


def bomb():
    return zipped({"people.csv": b"\n" * (uploads.MOST_BYTES + 1)})


def damaged():
    content = bytearray(zipped({"people.csv": Random(1).randbytes(500)}).read())
    content[60:90] = b"\0" * 30
    return upload("facts.zip", bytes(content))


BROKEN = {
    "no file": (list, "No file was chosen."),
    "an empty file": (lambda: upload("people.csv", b""), "people.csv: is empty"),
    "another name": (lambda: upload("persons.csv", b"id\n"), "persons.csv: is none of the tables"),
    "a picture": (lambda: upload("photo.png", b"\x89PNG\r\n"), "photo.png: is none of the tables"),
    "the same table twice": (
        lambda: [upload("people.csv", b"id\n"), upload("people (2).csv", b"id\n")],
        "people.csv: is there twice",
    ),
    "a workbook": (lambda: zipped({"xl/workbook.xml": b"<x/>"}), "facts.zip: has no CSV file"),
    "a cut zip": (lambda: upload("facts.zip", b"PK\x03\x04" + b"x" * 99), "cannot be unpacked"),
    "a damaged zip": (damaged, "cannot be unpacked"),
    "a zip with a strange table": (lambda: zipped({"x.csv": b""}), "x.csv: is none of the tables"),
    "a bomb": (bomb, "All tables together may have 8 MB"),
    "a huge file": (
        lambda: upload("people.csv", b"x" * (uploads.MOST_BYTES + 1)),
        "All tables together may have 8 MB",
    ),
    "noise": (lambda: upload("people.csv", Random(1).randbytes(5000)), "people.csv"),
    "too much to send back": (
        lambda: upload("people.csv", b"id\n" + b64encode(Random(1).randbytes(3 * 2**20))),
        "people.csv:1: the header is wrong",
    ),
}


@pytest.mark.parametrize(("files", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_refused_in_words(desk, tables, files, words):
    before = DataVersion.objects.current_token()
    lines = refused(desk.post(PAGE, {"files": files()}))
    assert words in lines[0]
    assert DataVersion.objects.current_token() == before


@pytest.mark.parametrize("text", ["x", "é", "AAAA", b64encode(b"PK\x03\x04").decode()])
def test_tables_that_do_not_come_back_whole_are_refused(desk, text):
    assert refused(desk.post(PAGE, {"packed": text, "token": "x"}))


def test_tables_that_a_form_could_not_send_back_are_refused():
    with pytest.raises(uploads.Refused, match="one by one"):
        uploads.packed({"people.csv": Random(1).randbytes(uploads.MOST_PACKED)})


def test_tables_come_back_from_a_form_as_they_were(tables):
    assert uploads.unpacked(uploads.packed(tables)) == tables


def test_many_refused_rows_are_counted(desk, tables):
    header = tables["people.csv"].partition(b"\n")[0]
    rows = b"".join(b"p-%d%s\n" % (number, b"," * 12) for number in range(210))
    response = desk.post(PAGE, {"files": upload("people.csv", header + b"\n" + rows)})
    assert len(refused(response)) == 200
    assert "and 10 more." in response.content.decode()


def test_only_who_may_change_the_rows_takes_their_table(client, tables):
    clerk = get_user_model().objects.create_user("clerk", is_staff=True)
    client.force_login(clerk)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"files": zipped(tables)}).status_code == 403
    for action in ("add", "change"):
        clerk.user_permissions.add(Permission.objects.get(codename=f"{action}_astronaut"))
    assert client.get(PAGE).status_code == 200
    lines = refused(client.post(PAGE, {"files": zipped(tables)}))
    assert "missions.csv: you may not change these rows." in lines
    assert not any(line.startswith("people.csv") for line in lines)
    shown = client.post(PAGE, {"files": upload("people.csv", renamed(tables))})
    assert client.post(PAGE, typed(shown)).status_code == 302


def test_nobody_takes_a_table_without_a_login_or_a_token_of_the_form(steward, tables):
    assert Client().post(PAGE, {"files": zipped(tables)}).status_code == 302
    client = Client(enforce_csrf_checks=True)
    client.force_login(steward)
    assert client.post(PAGE, {"files": zipped(tables)}).status_code == 403


def test_the_desk_leads_to_it(desk):
    assert f'href="{PAGE}"' in desk.get("/admin/").content.decode()
    text = desk.get(PAGE).content.decode()
    assert "people.csv" in text
    assert "multiple" in text
