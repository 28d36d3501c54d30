"""/data/: what there is to download, and the downloads."""

import io
import json
import zipfile

import pytest

from records.facts.tables import ALL_TABLES
from records.models import Mission
from records.opendata import changelog, releases
from tests.facts.conftest import empty_the_record

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
        for name in sheet.fields:
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


def test_files_take_one_query_warm_and_the_page_two(client, django_assert_max_num_queries):
    client.get("/data/")
    with django_assert_max_num_queries(2):
        client.get("/data/")
    for address in FILES:
        with django_assert_max_num_queries(1):
            client.get(address)


@pytest.mark.parametrize("address", ["/data/", *FILES[:4]])
def test_parameters_are_refused_in_words(client, address):
    response = client.get(address, {"at": "2020-01-01"})
    assert response.status_code == 400
    assert "takes no parameter" in response.content.decode()


@pytest.mark.parametrize("name", ["users", "auth_user", "PEOPLE", "people.csv", "x" * 300])
def test_an_unknown_table_is_not_found_and_the_known_ones_are_named(client, name):
    response = client.get(f"/data/{name}.csv")
    assert response.status_code == 404
    if "." not in name:
        assert "spacewalk_crew" in response.content.decode()


def test_an_empty_site_offers_empty_tables(client):
    empty_the_record()
    assert client.get("/data/").status_code == 200
    for address in FILES:
        assert client.get(address).status_code == 200
