"""/data/: what there is to download, and the downloads."""

import csv
import io
import json
import zipfile

import pytest

from records.facts import changelog, releases
from records.facts.tables import ALL_TABLES
from records.models import Flight, Mission
from records.views.data import REVISIONS_PER_PAGE
from tests import whole_record
from tests.factories import make_article, make_author

FILES = (
    "/data/facts.zip",
    "/data/facts.json",
    "/data/datapackage.json",
    *(f"/data/{table.file}" for table in ALL_TABLES),
)
pytestmark = pytest.mark.django_db


def test_page_names_every_file_version_licence_and_column(client):
    text = client.get("/data/").content.decode()
    release = releases.current()
    for file in FILES:
        assert f'href="{file}"' in text
    assert release.version in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert "Jonathan McDowell" in text
    for sheet in release.sheets:
        for name in sheet.table.header:
            assert f"<code>{name}</code>" in text


def test_page_lists_what_has_changed(client):
    text = client.get("/data/").content.decode()
    assert changelog.entries()[0].version in text
    assert "have changed facts since" not in text
    Mission.objects.filter(slug="vostok-1").update(notes="Changed.")
    assert "have changed facts since" in client.get("/data/").content.decode()


def test_every_page_leads_here(client):
    text = client.get("/").content.decode()
    assert 'href="/data/"' in text
    assert 'href="/methods/"' in text


@pytest.mark.parametrize("address", FILES)
def test_files_answer_with_their_type_and_are_not_sent_twice(client, address):
    response = client.get(address)
    assert response.status_code == 200
    suffix = address.rpartition(".")[2]
    kind = {"zip": "application/zip", "json": "application/json", "csv": "text/csv"}[suffix]
    assert response["Content-Type"].startswith(kind)
    assert "must-revalidate" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    for header, value in (
        ("If-None-Match", response["ETag"]),
        ("If-Modified-Since", response["Last-Modified"]),
    ):
        again = client.get(address, headers={header: value})
        assert (again.status_code, again.content) == (304, b"")


def test_a_change_is_sent_again(client):
    tag = client.get("/data/missions.csv")["ETag"]
    Mission.objects.filter(slug="vostok-1").update(notes="=1+1")
    response = client.get("/data/missions.csv", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert b",'=1+1\n" in response.content


def test_zip_json_and_csv_agree(client):
    archive = zipfile.ZipFile(io.BytesIO(client.get("/data/facts.zip").content))
    facts = json.loads(client.get("/data/facts.json").content)
    for table in ALL_TABLES:
        content = client.get(f"/data/{table.file}").content
        assert archive.read(f"facts/{table.file}") == content
    assert len(facts["tables"]["people"]) == 790
    package = client.get("/data/datapackage.json").content
    assert archive.read("facts/datapackage.json") == package
    assert json.loads(package)["version"] == facts["version"]


def test_files_take_two_queries_warm_and_the_page_three(client, django_assert_max_num_queries):
    client.get("/data/")
    with django_assert_max_num_queries(3):
        client.get("/data/")
    for address in FILES:
        with django_assert_max_num_queries(2):
            client.get(address)


@pytest.mark.parametrize("address", ["/data/", *FILES[:4]])
def test_what_others_put_into_a_link_changes_nothing(client, address):
    response = client.get(address, {"at": "2020-01-01", "ref": "elsewhere"})
    assert response.status_code == 200
    assert response.content == client.get(address).content


@pytest.mark.parametrize("name", ["users", "auth_user", "PEOPLE", "people.csv", "x" * 300])
def test_an_unknown_table_is_not_found_and_the_known_ones_are_named(client, name):
    response = client.get(f"/data/{name}.csv")
    assert response.status_code == 404
    if "." not in name:
        assert "spacewalk_crew" in response.content.decode()


def test_an_empty_site_offers_empty_tables(client):
    whole_record.empty()
    assert client.get("/data/").status_code == 200
    for address in FILES:
        assert client.get(address).status_code == 200


# What was changed on this site

CHANGES = ("/data/changes/", "/data/changes.json", "/data/changes.csv")


def change_notes(*notes):
    mission = Mission.objects.get(slug="vostok-1")
    for words in notes:
        mission.notes = words
        mission.save()


def change_many(number):
    for flight in Flight.objects.all()[:number]:
        flight.notes = "Looked at again."
        flight.save()


def lines(client):
    return list(csv.DictReader(io.StringIO(client.get("/data/changes.csv").content.decode())))


def test_the_downloads_lead_to_the_changes_and_show_the_latest(client):
    text = client.get("/data/").content.decode()
    assert 'href="/data/changes/"' in text
    assert "No row that keeps a history has been changed" in text
    change_notes("<b>One</b>", "Two.")
    text = client.get("/data/").content.decode()
    assert "<del>&lt;b&gt;One&lt;/b&gt;</del> → Two." in text
    assert "All changes, 2 rows" in text


def test_a_change_is_listed_with_when_where_and_what(client):
    change_notes("One.", "=2+2")
    text = client.get("/data/changes/").content.decode()
    assert 'href="/missions/vostok-1/"' in text
    assert "<code>notes</code>: <del>One.</del> → =2+2" in text
    assert releases.current().version in text
    answer = client.get("/data/changes.json").json()
    assert answer["version"] == releases.current().version
    assert (answer["total"], answer["page"], answer["pages"]) == (2, 1, 1)
    newest = answer["changes"][0]
    assert (newest["table"], newest["row"], newest["kind"]) == (
        "missions",
        {"id": "vostok-1"},
        "changed",
    )
    assert newest["cells"] == [{"column": "notes", "old": "One.", "new": "=2+2"}]
    (line, _) = lines(client)
    assert line == {
        "at": newest["at"],
        "table": "missions",
        "row": "vostok-1",
        "kind": "changed",
        "column": "notes",
        "old": "One.",
        "new": "'=2+2",
    }


def test_nothing_changed_is_said_so(client):
    assert "No changes are recorded" in client.get("/data/changes/").content.decode()
    assert client.get("/data/changes.json").json()["changes"] == []
    assert lines(client) == []
    whole_record.empty()
    for address in CHANGES:
        assert client.get(address).status_code == 200


def test_many_changes_are_told_page_by_page_the_latest_first(client):
    change_many(REVISIONS_PER_PAGE + 1)
    first, second = (client.get("/data/changes.json", {"page": number}).json() for number in (1, 2))
    assert len(first["changes"]) == REVISIONS_PER_PAGE
    assert len(second["changes"]) == 1
    times = [one["at"] for one in first["changes"] + second["changes"]]
    assert times == sorted(times, reverse=True)
    assert [line["at"] for line in lines(client)] == times
    page = client.get("/data/changes/", {"page": 2}).content.decode()
    assert page.count("Looked at again.") == 1
    assert 'href="/data/changes.json?page=2"' in page


@pytest.mark.parametrize("number", [10, REVISIONS_PER_PAGE])
def test_changes_take_eight_queries_however_many_there_are(
    client, number, django_assert_max_num_queries
):
    change_many(number)
    client.get("/data/changes/")
    with django_assert_max_num_queries(9):
        client.get("/data/changes/")


def test_only_facts_are_told(client, admin_user):
    article = make_article("draft", authors=[make_author()], headline="A secret", state="draft")
    article.headline = "Another secret"
    article.save()
    admin_user.email = "secret@example.org"
    admin_user.save()
    assert client.get("/data/changes.json").json()["total"] == 0


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/data/changes/?page=2", 404),
        ("/data/changes/?page=x", 400),
        ("/data/changes.json?page=0", 404),
        ("/data/changes/?at=2020-01-01", 200),
        ("/data/changes.csv?page=1", 400),
    ],
)
def test_a_bad_question_about_changes_is_answered_in_words(client, address, status):
    assert client.get(address).status_code == status


# For spreadsheets


@pytest.mark.parametrize(
    "path",
    [
        "/data/people.csv",
        "/data/changes.csv",
        "/records/longest-spaceflight.csv",
        "/records/most-people-in-orbit.csv",
        "/records/longest-spaceflight/progression.csv",
        "/countries.csv",
    ],
)
def test_every_csv_file_is_there_for_spreadsheets_with_the_same_cells(client, path):
    plain = client.get(path)
    sheet = client.get(path, {"spreadsheet": "1"})
    assert not plain.content.startswith(b"\xef\xbb\xbf")
    assert sheet.content.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in sheet.content.replace(b"\r\n", b"")
    rows = [
        list(csv.reader(io.StringIO(one.content.decode("utf-8-sig")))) for one in (plain, sheet)
    ]
    assert rows[0] == rows[1]
    assert sheet["Content-Type"] == "text/csv; charset=utf-8"


def test_the_zip_for_spreadsheets_has_every_table_so(client):
    plain, sheets = client.get("/data/facts.zip"), client.get("/data/facts.zip?spreadsheet=1")
    assert sheets["ETag"] != plain["ETag"]
    with zipfile.ZipFile(io.BytesIO(sheets.content)) as archive:
        names = set(archive.namelist())
        assert {f"facts/{table.file}" for table in ALL_TABLES} < names
        assert "facts/datapackage.json" not in names
        for table in ALL_TABLES:
            content = archive.read(f"facts/{table.file}")
            assert content == client.get(f"/data/{table.file}?spreadsheet=1").content


def test_the_pages_offer_what_a_spreadsheet_opens(client):
    for page, link in (
        ("/data/", "/data/facts.zip?spreadsheet=1"),
        ("/data/", "/data/people.csv?spreadsheet=1"),
        ("/records/longest-spaceflight/?sex=F", "longest-spaceflight.csv?sex=F&amp;spreadsheet=1"),
        ("/records/longest-spaceflight/progression/", "progression.csv?spreadsheet=1"),
        ("/countries/", "/countries.csv?spreadsheet=1"),
    ):
        assert f'{link}"' in client.get(page).content.decode(), page


@pytest.mark.parametrize("value", ["0", "yes", ""])
def test_a_switch_for_spreadsheets_that_is_none_is_refused(client, value):
    response = client.get("/records/longest-spaceflight.csv", {"spreadsheet": value})
    assert response.status_code == 400
    assert "can only be 1" in response.content.decode()
