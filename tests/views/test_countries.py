"""/countries/: what each country's people have flown, as a page, as JSON and as CSV."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from records.ledger import Ledger
from tests.factories import (
    make_astronaut,
    make_confirmation,
    make_country,
    make_flight,
    make_mission,
)

pytestmark = pytest.mark.usefixtures("site")

DOCUMENT = Path(__file__).parents[2] / "docs" / "countries-json.md"


def countries(client, **query):
    rows = client.get("/countries.json", query).json()["countries"]
    return {row["code"]: row for row in rows}


def names_of(value, prefix=""):
    """Dotted names of every field of a JSON answer; a value is one, as its fields are told once."""
    if isinstance(value, list):
        return {prefix[:-1]}.union(*(names_of(one, f"{prefix[:-1]}[].") for one in value))
    if isinstance(value, dict) and "text" not in value:
        return set().union(*(names_of(one, f"{prefix}{name}.") for name, one in value.items()))
    return {prefix[:-1]}


def test_the_documented_example_is_what_the_site_answers(client):
    text = DOCUMENT.read_text()
    address = re.search(r"`GET (\S+)`", text)[1]
    answer = client.get(address).json()
    assert json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1]) == answer
    fields = text[text.index("## Fields") :]
    assert set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", fields, re.M)) == names_of(answer)


def test_the_soviet_union_keeps_its_people_unless_they_are_asked_to_count_for_russia(client):
    apart = countries(client, at="2025-04-11")
    together = countries(client, at="2025-04-11", successors="1")
    assert apart["SUN"]["first"]["slug"] == "yuri-gagarin"
    assert apart["RUS"]["first"]["launched_at"] > "1991-12-26"
    assert together["RUS"]["first"]["slug"] == "yuri-gagarin"
    assert not {"SUN", "CSK", "DDR"} & set(together)
    assert together["CZE"]["name"] == "Czechia"
    assert (
        together["RUS"]["person_seconds"]
        == apart["RUS"]["person_seconds"] + apart["SUN"]["person_seconds"]
    )
    # Who flew for both counts once.
    assert together["RUS"]["people"] < apart["RUS"]["people"] + apart["SUN"]["people"]


def test_below_orbit_more_people_have_flown(client):
    orbit = countries(client, at="2025-01-01")
    all_of_space = countries(client, at="2025-01-01", boundary="80km")
    assert all_of_space["USA"]["people"] > orbit["USA"]["people"]
    assert all_of_space["USA"]["first"]["slug"] == "alan-shepard"
    assert orbit["USA"]["first"]["slug"] == "john-glenn"


def test_those_who_went_up_first_together_are_all_told(client):
    """On the page, in JSON and in CSV."""
    at = {"at": "2024-02-04"}
    row = countries(client, **at)["RUS"]
    slugs = ["aleksandr-kaleri", "aleksandr-viktorenko"]
    assert [one["slug"] for one in row["firsts"]] == slugs
    assert row["first"] == row["firsts"][0]
    assert row["first"]["launch_precision"] == "second"
    lines = csv.DictReader(io.StringIO(client.get("/countries.csv", at).content.decode()))
    (line,) = (one for one in lines if one["code"] == "RUS")
    assert (line["first"], line["firsts"]) == (slugs[0], " ".join(slugs))
    for address in ("/countries/RUS/", "/agencies/roscosmos/"):
        page = client.get(address, at).content.decode()
        facts = re.search(r"<dt>First</dt><dd>(.*?)</dd>", page, re.S)[1]
        assert re.findall(r"/astronauts/([^/]+)/", facts) == slugs
    page = client.get("/stations/mir/", at).content.decode()
    facts = re.search(r"<dt>First to fly to it</dt><dd>(.*?)</dd>", page, re.S)[1]
    assert re.findall(r"/astronauts/([^/]+)/", facts) == ["leonid-kizim", "vladimir-solovyov"]


def test_a_landing_known_to_the_day_makes_a_sum_at_least(client, clock):
    clock("2026-10-10T00:00:00Z")
    assert countries(client)["CHN"]["at_least"] is True
    assert "at least" in client.get("/countries/").content.decode()
    assert countries(client, at="2020-01-01")["CHN"]["at_least"] is False


@pytest.mark.parametrize(
    "query",
    [{"at": "2024-02-04"}, {"at": "1991-10-02", "successors": "1"}, {"boundary": "100km"}],
)
def test_page_csv_and_json_have_the_same_rows(client, query, clock):
    clock("2026-10-10T12:00:00Z")
    answer = client.get("/countries.json", query).json()
    lines = list(csv.DictReader(io.StringIO(client.get("/countries.csv", query).content.decode())))
    page = client.get("/countries/", query).content.decode()
    rows = [
        (one["code"], one["name"], one["people"], one["person_seconds"], one["first"]["slug"])
        for one in answer["countries"]
    ]
    assert rows
    assert rows == [
        (
            one["code"],
            one["name"],
            int(one["people"]),
            int(one["person_seconds"]),
            one["first"],
        )
        for one in lines
    ]
    assert {one["at"] for one in lines} == {answer["at"]}
    table = page[page.index("<tbody") : page.index("</tbody")]
    assert re.findall(r'href="/countries/(\w+)/', table) == [row[0] for row in rows]


def test_unconfirmed_people_leave_the_certain_count_and_are_told_beside_it(client, clock):
    clock("2026-10-10T00:00:00Z")
    before = {code: row["in_space"] for code, row in countries(client).items()}
    assert "unconfirmed" not in client.get("/countries/").content.decode()
    assert (before["CHN"], before["FRA"]) == (3, 0)
    # The plan of Shenzhou 23 has passed, that of the others has not.
    clock("2026-12-20T00:00:00Z")
    rows = countries(client)
    assert (rows["CHN"]["in_space"], rows["CHN"]["unconfirmed"]) == (0, 3)
    assert (rows["USA"]["in_space"], rows["USA"]["unconfirmed"]) == (before["USA"], 0)
    page = client.get("/countries/").content.decode()
    lines = csv.DictReader(io.StringIO(client.get("/countries.csv").content.decode()))
    assert {one["code"]: (one["in_space"], one["unconfirmed"]) for one in lines} == {
        code: (str(row["in_space"]), str(row["unconfirmed"])) for code, row in rows.items()
    }
    assert "; 7 in space, all presumed, 3 unconfirmed</caption>" in page
    assert '<span class="quiet">none</span>, <span class="quiet">3 unconfirmed</span>' in page
    assert "whose planned landing has passed without word" in page


def test_unconfirmed_people_of_a_former_state_count_for_its_successor(client, clock):
    union = make_country("SUN")
    make_confirmation("2026-10-11")
    make_flight(
        make_astronaut(nationality=union),
        make_mission(launched_at="2026-10-01", planned_landing_at="2026-10-12"),
    )
    clock("2026-10-20T00:00:00Z")
    assert countries(client)["SUN"]["unconfirmed"] == 1
    assert countries(client, successors="1")["RUS"]["unconfirmed"] == 1


def test_before_anybody_flew_no_country_is_listed(client):
    assert countries(client, at="1957-10-05") == {}
    assert (
        "No country had flown anybody"
        in client.get("/countries/", {"at": "1957-10-05"}).content.decode()
    )


def test_the_page_prints_which_state_counts_for_which(client):
    apart = client.get("/countries/").content.decode()
    combined = client.get("/countries/", {"successors": "1"}).content.decode()
    for former, heir in (
        ("Soviet Union", "Russia"),
        ("Czechoslovakia", "Czechia"),
        ("East Germany", "Germany"),
    ):
        assert f"{former} for {heir}" in apart
        assert f"{former} counts for {heir}" in combined
    assert "Successor states are combined:" not in apart
    assert "changes nothing" not in combined


def test_a_combination_that_changes_nothing_says_so(client):
    asked = {"successors": "1", "at": "1960-01-01"}
    page = client.get("/countries/", asked).content.decode()
    assert "Here that changes nothing: no former state had flown anybody." in page
    words = "Here that changes nothing: no former state counts for this country."
    for code, idle in (("JPN", True), ("SUN", True), ("DEU", False)):
        page = client.get(f"/countries/{code}/", {"successors": "1"}).content.decode()
        assert "East Germany counts for Germany" in page
        assert (words in page) is idle
        page = client.get(f"/countries/{code}/").content.decode()
        assert "East Germany counts for Germany" not in page


# One country


def test_a_country_has_its_people_their_time_and_the_states_before_it(client):
    page = client.get("/countries/DEU/", {"at": "2020-01-01"})
    text = page.content.decode()
    slugs = [one.astronaut.slug for one in page.context["page"].object_list]
    assert slugs[0] == page.context["total"].first.astronaut.slug == "ulf-merbold"
    assert not [slug for slug in slugs if slug.startswith("sigmund")]
    assert 'href="/countries/DDR/' in text
    assert re.search(r'rel="canonical" href="([^"]+)"', text)[1].endswith("/countries/DEU/")
    combined = client.get("/countries/DEU/", {"at": "2020-01-01", "successors": "1"})
    assert combined.context["total"].people == page.context["total"].people + 1


def test_a_former_state_leads_to_its_successor(client):
    assert 'href="/countries/RUS/' in client.get("/countries/SUN/").content.decode()


def test_the_boards_of_a_country_are_the_leaderboards_narrowed_to_it(client):
    page = client.get("/countries/JPN/", {"at": "2024-01-01"})
    boards = page.context["boards"]
    assert {board["leaderboard"].slug for board in boards} >= {
        "longest-spaceflight",
        "total-time-in-space",
    }
    for board in boards:
        rows = client.get(board["url"].replace("/?", ".json?")).json()["standings"]
        first = [row["astronaut"]["slug"] for row in rows if row["rank"] == 1]
        assert first == [one.astronaut.slug for one in board["leaders"]]


def test_flights_by_year_add_up_to_the_flights_of_the_country(client):
    page = client.get("/countries/FRA/", {"at": "2024-01-01"})
    total = page.context["total"]
    assert sum(one.value.amount for one in page.context["columns"].columns) == total.flights


def test_a_country_that_flew_nobody_says_so(client):
    page = client.get("/countries/CZE/").content.decode()
    assert "Nobody had flown for it" in page
    assert 'href="/countries/CSK/' in page


def test_a_code_in_small_letters_leads_to_the_country(client):
    assert client.get("/countries/usa/").headers["Location"] == "/countries/USA/"
    asked = client.get("/countries/usa/?at=4+May+1962&ref=elsewhere")
    assert asked.headers["Location"] == "/countries/USA/?at=1962-05-04"


def test_a_country_whose_longest_flight_was_lost_says_so_beside_it(client):
    page = client.get("/countries/ISR/", {"at": "2010-01-01"}).content.decode()
    boards = page[page.index(">Leaderboards<") :]
    assert "Ilan Ramon" in boards
    assert "lost with the craft" in boards


# Bad questions


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/countries/?at=2999-01-01", 400),
        ("/countries/?at=", 400),
        ("/countries/?successors=yes", 400),
        ("/countries/?boundary=none", 400),
        ("/countries/?boundary=orbit&boundary=orbit", 400),
        ("/countries/?sex=F", 200),
        ("/countries.json?page=1", 400),
        ("/countries.csv?boundary=x", 400),
        ("/countries/XXX/", 404),
        ("/countries/USA/?page=99", 404),
        ("/countries/USA/?page=x", 400),
    ],
)
def test_a_bad_question_is_answered_in_words(client, address, status):
    assert client.get(address).status_code == status


# Queries


@pytest.mark.parametrize("suffix", ["/", ".json", ".csv"])
def test_the_table_takes_three_queries_however_many_flew(
    client, suffix, django_assert_max_num_queries
):
    country = make_country("QQQ")
    for _ in range(20):
        make_flight(astronaut=make_astronaut(nationality=country), days=3)
    Ledger.current()
    with django_assert_max_num_queries(3):
        assert "QQQ" in client.get(f"/countries{suffix}?successors=1").content.decode()


def test_a_country_takes_four_queries_however_many_flew_for_it(
    client, django_assert_max_num_queries
):
    client.get("/countries/RUS/")
    with django_assert_max_num_queries(5):
        assert client.get("/countries/USA/").context["page"].paginator.count > 300
