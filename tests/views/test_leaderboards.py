"""The leaderboard pages and their twins, on the real record."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from records.ledger import Ledger
from records.ledger.ledger import LATEST
from records.models import Leaderboard
from tests.factories import make_astronaut, make_flight

pytestmark = pytest.mark.usefixtures("site")

DOCUMENT = Path(__file__).parents[2] / "docs" / "leaderboard-json.md"


def rows_of_json(client, slug, **query):
    return client.get(f"/records/{slug}.json", query).json()


def rows_of_csv(client, slug, **query):
    text = client.get(f"/records/{slug}.csv", query).content.decode()
    return list(csv.DictReader(io.StringIO(text)))


def rows_of_page(client, slug, **query):
    """Rank, astronaut and state of every row, from all pages of the board."""
    rows, page = [], 1
    while True:
        response = client.get(f"/records/{slug}/", {**query, "page": page})
        assert response.status_code == 200
        for row in re.findall(r'<tr class="is-.*?</tr>', response.content.decode(), re.S):
            rank = re.search(r'class="rank"[^>]*>\s*([^<]*?)\s*<', row)[1]
            who = re.search(r'href="/astronauts/([^/"]+)/', row)[1]
            rows.append((rank, who, re.search(r'class="is-(\w+)', row)[1]))
        if not response.context["page"].has_next():
            return rows
        page += 1


# The contract


def names_of(value, prefix=""):
    """Dotted names of every field of a JSON answer; filters are named by the reader."""
    if isinstance(value, list):
        found = {prefix[:-1]}
        for item in value:
            found |= names_of(item, f"{prefix[:-1]}[].") if isinstance(item, dict) else set()
        return found
    if not isinstance(value, dict) or prefix == "leaderboard.filters.":
        return {prefix[:-1]}
    return set().union(*(names_of(inner, f"{prefix}{name}.") for name, inner in value.items()))


def test_every_field_is_documented_and_every_documented_field_is_there(client):
    documented = set(re.findall(r"^\| `([a-z_.\[\]]+)` \|", DOCUMENT.read_text(), re.M))
    documented -= {"at", "limit"}
    live = set()
    for slug in ("longest-spaceflight", "most-spacewalks", "oldest-in-orbit"):
        live |= names_of(rows_of_json(client, slug, limit=2))
    assert documented == live - {"at"}


def test_the_documented_example_is_what_the_site_answers(client):
    text = DOCUMENT.read_text()
    address = re.search(r"`GET (\S+)`", text)[1]
    assert json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1]) == client.get(address).json()


def test_every_flight_names_the_mission_up_and_the_mission_down(client):
    """As far as it was known at the instant: a landing to come is no more known than when it is."""
    asked = {"limit": "1", "country": "USA"}
    (row,) = rows_of_json(client, "longest-spaceflight", at="2023-09-28", **asked)["standings"]
    (flight,) = row["flights"]
    assert (flight["launch_mission"], flight["landing_mission"]) == ("soyuz-ms-22", "soyuz-ms-23")
    assert row["missions"] == ["soyuz-ms-22"]
    assert flight["launched_at"].startswith("2022-09-21T13:54")
    assert (flight["landed_at"], flight["landing_precision"]) == ("2023-09-27T11:16:49Z", "second")
    assert (flight["country"], flight["agency"], flight["state"]) == ("USA", "nasa", "landed")
    (row,) = rows_of_json(client, "longest-spaceflight", at="2023-09-20", **asked)["standings"]
    (flight,) = row["flights"]
    assert (flight["landing_mission"], flight["landed_at"]) == (None, None)
    assert flight["state"] == "in_flight"


def test_the_lines_name_both_ships_in_the_same_places(client):
    query = {"at": "2024-01-01", "limit": "5"}
    rows = rows_of_json(client, "total-time-in-space", **query)["standings"]
    text = client.get("/records/total-time-in-space.csv", query).content.decode()
    for row, line in zip(rows, csv.DictReader(io.StringIO(text)), strict=True):
        assert line["launch_missions"].split() == row["missions"]
        landed = [one["landing_mission"] for one in row["flights"] if one["landing_mission"]]
        assert line["landing_missions"].split() == landed
        assert len(landed) >= len(row["missions"]) - 1


def test_flights_that_changed_ships_can_be_listed_each(client):
    rows = rows_of_json(client, "changed-ships", each="flight", at="2024-01-01")["standings"]
    best = rows_of_json(client, "changed-ships", at="2024-01-01")["standings"]
    assert len(rows) == sum(row["value"]["count"] for row in best)
    for row in rows:
        (flight,) = row["flights"]
        assert flight["launch_mission"] != flight["landing_mission"] is not None
    page = client.get("/records/changed-ships/", {"each": "flight", "at": "2024-01-01"})
    assert "Every flight that came down on another ship" in page.content.decode()


def test_the_contract_holds_for_a_duration(client):
    answer = rows_of_json(client, "longest-spaceflight-americans", at="2023-09-28T12:00Z")
    leaderboard, (first, *_) = answer["leaderboard"], answer["standings"]
    assert leaderboard["slug"] == "longest-spaceflight-americans"
    assert leaderboard["unit"] == "seconds"
    assert leaderboard["boundary"] == "orbit"
    assert leaderboard["filters"] == {"country": "USA"}
    assert answer["at"] == "2023-09-28T12:00:00Z"
    assert answer["confirmed_through"] == "2026-10-09T00:00:00Z"
    assert answer["total"] == len(answer["standings"])
    assert (first["rank"], first["tied"], first["state"]) == (1, False, "landed")
    assert first["astronaut"] == {
        "slug": "frank-rubio",
        "name": "Frank Rubio",
        "family_name": "Rubio",
        "country": "USA",
    }
    assert first["value"]["text"].startswith("370 d 21 h 22 m")
    assert first["value"]["iso"].startswith("P370DT21H22M")
    assert first["value"]["at_least"] is False
    assert first["value"]["seconds"] // 60 == (370 * 24 + 21) * 60 + 22
    assert first["reached_at"].startswith("2023-09-27T")


def test_the_contract_holds_for_a_count(client):
    first = rows_of_json(client, "most-spacewalks", limit=1)["standings"][0]
    assert first["value"]["count"] == 16
    assert first["value"]["text"] == "16"
    assert not {"iso", "seconds"} & set(first["value"])


def test_a_flight_that_ended_with_the_loss_of_the_craft_is_told_as_such(client):
    rows = rows_of_json(client, "longest-spaceflight", at="1972-01-01")["standings"]
    lines = rows_of_csv(client, "longest-spaceflight", at="1972-01-01")
    lost = {one["astronaut"]["slug"] for one in rows if one["lost"]}
    assert lost == {one["astronaut"] for one in lines if one["lost"] == "true"}
    assert lost == {
        "vladimir-komarov",
        "georgy-dobrovolsky",
        "viktor-patsayev",
        "vladislav-volkov",
    }


def test_the_limit_cuts_rows_and_not_the_total(client):
    whole = rows_of_json(client, "total-time-in-space", at="2024-02-04")
    cut = rows_of_json(client, "total-time-in-space", at="2024-02-04", limit=3)
    assert cut["standings"] == whole["standings"][:3]
    assert cut["total"] == whole["total"] == len(whole["standings"]) > 100


# The same rows everywhere


def rank_as_shown(one) -> str:
    # Where others are left out of the ranks, that is said below the board, not before each.
    mark = "" if one["rank_sure"] or one["rank_among"] else "≈"
    return f"{mark}{one['rank']}{'=' if one['tied'] else ''}"


@pytest.mark.parametrize(
    ("slug", "query"),
    [
        ("year-in-space", {}),
        ("longest-spaceflight", {"country": "RUS", "sex": "F"}),
        ("longest-spaceflight", {"at": "1969-07-20"}),
        ("total-time-in-space", {"station": "mir"}),
        ("total-time-in-space", {"agency": "esa", "at": "2001-05-01"}),
        ("most-spaceflights", {"boundary": "80km", "at": "1990-01-01"}),
        ("most-spacewalks-women", {"at": "2020-01-01"}),
        ("total-time-in-space", {"country": "USA"}),
    ],
)
def test_page_csv_and_json_have_the_same_rows(client, slug, query, clock):
    clock("2026-10-10T12:00:00Z")
    answer = rows_of_json(client, slug, **query)
    lines = rows_of_csv(client, slug, **query)
    standings = answer["standings"]
    unit = answer["leaderboard"]["unit"]
    assert len(standings) == answer["total"] > 0
    assert [
        (int(one["rank"]), one["tied"], one["astronaut"], one["name"], one["country"])
        for one in lines
    ] == [
        (
            one["rank"],
            str(one["tied"]).lower(),
            one["astronaut"]["slug"],
            one["astronaut"]["name"],
            one["astronaut"]["country"],
        )
        for one in standings
    ]
    assert [
        (int(one["value"]), one["text"], one["state"], one["reached_at"], one["precision"])
        for one in lines
    ] == [
        (
            one["value"][unit],
            one["value"]["text"],
            one["state"],
            one["reached_at"],
            one["value"]["precision"],
        )
        for one in standings
    ]
    assert {(one["at"], one["confirmed_through"]) for one in lines} == {
        (answer["at"], answer["confirmed_through"])
    }
    assert rows_of_page(client, slug, **query) == [
        (rank_as_shown(one), one["astronaut"]["slug"], one["state"]) for one in standings
    ]


def test_the_page_says_what_when_and_how_far_it_is_confirmed(client):
    page = client.get("/records/year-in-space/", {"at": "2023-09-28"}).content.decode()
    assert "365 days" in page
    assert "2023-09-28T23:59:59Z" in page
    assert "2026-10-09T00:00:00Z" in page


def test_two_who_went_outside_together_are_two_rows_and_no_two_spacewalks(client):
    page = client.get("/records/longest-spacewalk/", {"each": "spacewalk"}).content.decode()
    caption = re.search(r"<caption>(.*?)</caption>", page)[1]
    assert re.search(r": \d+ parts in spacewalks$", caption)


# Ranks on the whole board


def overall(client, slug, **query):
    """Overall rank of every row of the first page, None where there is no such column."""
    page = client.get(f"/records/{slug}/", query).content.decode()
    return [
        one and re.sub("<[^>]+>", "", one[1])
        for row in re.findall(r'<tr class="is-.*?</tr>', page, re.S)
        for one in [re.search(r'data-label="Overall">(.*?)</td>', row)]
    ]


def ranks(rows, **fields):
    """Ranks as the page writes them."""
    return [
        f"{one['rank']}{'=' if one['tied'] else ''}"
        for one in rows
        if all(one["astronaut"][name] == value for name, value in fields.items())
    ]


def test_the_whole_board_has_no_overall_rank(client):
    assert set(overall(client, "longest-spaceflight")) == {None}


@pytest.mark.parametrize("query", [{"boundary": "80km"}, {"each": "flight"}, {"threshold": "300"}])
def test_a_board_that_is_only_another_one_has_no_overall_rank(client, query):
    assert set(overall(client, "longest-spaceflight", **query)) == {None}


@pytest.mark.parametrize("wider", [{}, {"boundary": "80km"}, {"each": "flight"}])
def test_the_overall_rank_is_that_of_the_same_rows_before_they_were_narrowed(client, wider):
    at = {"at": "1990-01-01", **wider}
    whole = rows_of_json(client, "longest-spaceflight", **at)["standings"]
    assert (
        overall(client, "longest-spaceflight", country="USA", **at)
        == ranks(whole, country="USA")[:50]
    )


# What is known at different times

MENON = "anil-menon"
LATELY = {"from": "2026-07-01"}


@pytest.mark.parametrize(
    ("now", "state", "words"),
    [
        ("2026-10-10T00:00:00Z", "in_flight", "in flight"),
        ("2026-11-22T00:00:00Z", "presumed", "presumed"),
        ("2027-06-01T00:00:00Z", "unconfirmed", "unconfirmed"),
    ],
)
def test_a_flight_under_way_is_as_sure_as_the_data(client, now, state, words, clock):
    clock(now)
    answer = rows_of_json(client, "longest-spaceflight", **LATELY)
    lines = rows_of_csv(client, "longest-spaceflight", **LATELY)
    page = client.get("/records/longest-spaceflight/", LATELY)
    (row,) = [one for one in answer["standings"] if one["astronaut"]["slug"] == MENON]
    assert row["state"] == state
    assert [one["state"] for one in lines if one["astronaut"] == MENON] == [state]
    assert words in re.search(rf"{MENON}.*?</tr>", page.content.decode(), re.S)[0]


def test_an_unconfirmed_clock_stands_still(client, clock):
    values = []
    for now in ("2027-06-01T00:00:00Z", "2028-06-01T00:00:00Z"):
        clock(now)
        rows = rows_of_json(client, "longest-spaceflight", **LATELY)["standings"]
        values += [one["value"] for one in rows if one["astronaut"]["slug"] == MENON]
    assert values[0] == values[1]


# Queries


@pytest.mark.parametrize("suffix", ["/", ".json", ".csv"])
def test_a_leaderboard_takes_eleven_queries_cold_and_three_warm(
    client, suffix, django_assert_max_num_queries
):
    LATEST.forget()
    with django_assert_max_num_queries(11):
        client.get(f"/records/longest-spaceflight{suffix}")
    with django_assert_max_num_queries(3):
        client.get(f"/records/total-time-in-space{suffix}")


def test_the_index_takes_three_queries_whatever_the_number_of_leaderboards(
    client, django_assert_max_num_queries
):
    Ledger.current()
    with django_assert_max_num_queries(3):
        page = client.get("/records/").content.decode()
    for leaderboard in Leaderboard.objects.all():
        assert f'href="{leaderboard.get_absolute_url()}"' in page


# Why a row stands where it does


def why(client, slug, who):
    page = client.get(f"/records/{slug}/").content.decode()
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.S) if f"/{who}/" in row]
    words = re.sub("<[^>]+>", " ", re.search(r"<details.*?</details>", row, re.S)[0])
    return re.sub(r"\s+", " ", words)


def test_why_names_what_a_value_of_several_flights_is(client):
    gap = rows_of_json(client, "longest-gap", limit=1)["standings"][0]["astronaut"]["slug"]
    career = rows_of_json(client, "longest-career", limit=1)["standings"][0]["astronaut"]["slug"]
    assert "From the landing to the next launch: " in why(client, "longest-gap", gap)
    assert "From the first launch to the last landing" in why(client, "longest-career", career)
    assert "Sum: " in why(client, "total-time-in-space", "gennady-padalka")


def test_why_names_the_sources_of_the_flights(client):
    words = why(client, "longest-spaceflight", "valeri-polyakov")
    assert "GCAT human spaceflight rides" in words.partition("Sources: ")[2]


def test_a_clock_that_stands_at_a_planned_day_is_known_by_the_day(client, clock):
    """The plan of Shenzhou 23 names a month."""
    clock("2026-12-20T00:00:00Z")
    found = client.get("/records/longest-spaceflight-chinese.json").json()["standings"]
    page = client.get("/records/longest-spaceflight-chinese/").content.decode()
    row = next(one for one in found if one["astronaut"]["slug"] == "zhu-yangzhu")
    assert row["state"] == "unconfirmed"
    assert row["value"]["text"] == "≈ 190 d"
    assert row["value"]["about"]
    assert (row["value"]["precision"], row["reached_precision"]) == ("month", "month")
    assert "to its planned landing, of which nobody has told us" in page


def test_who_cannot_be_ranked_is_counted_below_the_board(client):
    make_flight(make_astronaut("Ada Vega", born_on=None, birth_precision=""), days=5)
    page = client.get("/records/youngest-in-space/").content.decode()
    answer = rows_of_json(client, "youngest-in-space")
    assert "ada-vega" in answer["not_ranked"]
    assert f"{len(answer['not_ranked'])} people are not ranked" in page
    assert 'href="/astronauts/ada-vega/"' in page
    assert (
        "whose birth dates are known" in client.get("/astronauts/peggy-whitson/").content.decode()
    )


def test_no_rank_is_called_certain_that_somebody_left_out_could_take(client):
    for board, among in (
        ("youngest-in-space", "among those whose birth dates are known"),
        ("most-spacewalks", "as far as spacewalks are known"),
    ):
        answer = rows_of_json(client, board)
        left_out = answer["not_ranked"] or answer["may_have_more"]
        first = answer["standings"][0]
        assert (first["rank_sure"], first["rank_among"]) == (False, among)
        # One who is on the board already may stand ahead as well, and is counted once.
        assert first["rank_worst"] - first["rank"] <= len(left_out) + 1
        lines = rows_of_csv(client, board)
        assert {one["rank_sure"] for one in lines if one["rank"] == "1"} == {"false"}
        assert {one["rank_among"] for one in lines if one["rank"] == "1"} == {among}
        assert among in index_entry(client, board)
        page = client.get(f"/astronauts/{first['astronaut']['slug']}/").content.decode()
        assert among.removeprefix("among those ") in page
    assert rows_of_json(client, "most-spaceflights")["standings"][0]["rank_sure"]
    assert "known" not in index_entry(client, "most-spaceflights")


def test_who_has_missing_spacewalks_and_no_others_may_have_any_number(client):
    answer = rows_of_json(client, "most-spacewalks")
    listed = {one["astronaut"]["slug"] for one in answer["standings"]}
    nobody_knows = set(answer["may_have_more"]) - listed
    assert "lai-ka-ying" in nobody_knows
    assert nobody_knows <= set(
        rows_of_json(client, "longest-spacewalk", each="spacewalk")["may_have_more"]
    )


def index_entry(client, board) -> str:
    page = client.get("/records/").content.decode()
    entry = page.partition(f'href="/records/{board}/"')[2]
    return re.sub("<[^>]+>", " ", entry.partition("/records/")[0])


def test_who_may_have_made_more_spacewalks_than_are_known_is_named(client):
    answer = rows_of_json(client, "most-spacewalks")
    assert "zhang-lu" in answer["may_have_more"]
    assert (
        "may have made more spacewalks" in client.get("/records/most-spacewalks/").content.decode()
    )


# Where sources differ


def differing(client, address):
    rows = client.get(address).json()["standings"]
    assert rows
    return {one["astronaut"]["slug"] for one in rows if one["sources_differ"]}


@pytest.mark.parametrize(
    ("board", "who"),
    [
        (
            "total-spacewalk-time",
            {"anatoly-solovyev", "jerry-ross", "ed-white", "harrison-schmitt"},
        ),
        ("total-time-in-space", {"oleg-kononenko", "yuri-gagarin", "mark-vande-hei"}),
        ("most-spacewalks", {"sergei-avdeyev", "gennady-padalka"}),
        ("youngest-in-space", {"jeffrey-ashby", "john-olivas"}),
    ],
)
def test_a_board_says_of_which_values_sources_differ(client, site, board, who):
    found = differing(client, f"/records/{board}.json")
    assert who <= found
    assert "valentin-lebedev" not in found


def test_sources_differ_of_what_a_value_is_made_of_and_of_nothing_else(client, site):
    assert "oleg-kononenko" not in differing(client, "/records/total-spacewalk-time.json")
    assert "anatoly-solovyev" not in differing(client, "/records/most-spacewalks.json")
    # Where it flew, not how long, is what they differ about.
    assert "john-grunsfeld" not in differing(client, "/records/total-time-in-space.json")
    # He landed on the ship whose landing they differ about, and was still in space on this day.
    landed, aloft = "2022-04-01", "2022-03-01"
    address = "/records/longest-spaceflight.json?at="
    assert "mark-vande-hei" in differing(client, f"{address}{landed}")
    assert "mark-vande-hei" not in differing(client, f"{address}{aloft}")


def test_the_mark_leads_to_the_values(client, site):
    page = client.get("/records/total-spacewalk-time/").content.decode()
    path, fragment = re.search(
        r'href="(/astronauts/anatoly-solovyev/)#([\w-]+)">Sources differ<', page
    ).groups()
    assert f'id="{fragment}"' in client.get(path).content.decode()
