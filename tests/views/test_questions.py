"""Bad questions on every page of the record: refused in words, never an error of ours."""

import html
import re
import sys

import pytest
from django.urls import resolve

from records.instants import read_clock

pytestmark = pytest.mark.usefixtures("site")

BOARD = "/records/longest-spaceflight/"
JSON = "/records/longest-spaceflight.json"
CSV = "/records/longest-spaceflight.csv"
ASKED_AT = [BOARD, JSON, CSV, "/records/", "/in-space/", "/astronauts/frank-rubio/"]
ALL = [*ASKED_AT, "/astronauts/", "/missions/", "/missions/soyuz-ms-22/"]
PAGED = [BOARD, "/astronauts/", "/missions/"]


def words(response):
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


NONSENSE = [
    "9999-99-99",
    "now()",
    "",
    "2024-02-30",
    "2024-02-04T25:00",
    "2024-02-04T08:20X",
    "-1",
    "-2024-02-04",
    "1e9",
    "abc",
    "٢٠٢٤-٠٢-٠٤",
    "２０２４-０２-０４",
    "0" * 5000,
    "2024-02-04" * 100,
    "9999-12-31",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\u202e",
]


@pytest.mark.parametrize("at", NONSENSE)
@pytest.mark.parametrize("address", ASKED_AT)
def test_a_nonsensical_instant_is_refused_with_an_example_of_a_good_one(client, address, at):
    response = client.get(address, {"at": at})
    assert response.status_code == 400
    assert "a date such as 2024-02-04, or an instant such as" in words(response)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("at", ["1957-10-03", "1900-01-01T00:00Z"])
@pytest.mark.parametrize("address", ASKED_AT)
def test_an_instant_before_the_first_satellite_is_refused(client, address, at):
    response = client.get(address, {"at": at})
    assert response.status_code == 400
    assert "begins on 1957-10-04" in words(response)


@pytest.mark.parametrize("at", ["2026-11-23", "2026-11-22T12:00:01Z", "2999-01-01"])
@pytest.mark.parametrize("address", ASKED_AT)
def test_the_future_is_refused(client, address, at, clock):
    clock("2026-11-22T12:00:00Z")
    response = client.get(address, {"at": at})
    assert response.status_code == 400
    assert "is in the future" in words(response)


@pytest.mark.parametrize("address", ASKED_AT)
def test_today_is_no_future(client, address, clock):
    clock("2026-11-22T12:00:00Z")
    assert client.get(address, {"at": "2026-11-22"}).status_code == 200


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize("query", ["?at=%00", "?%00=1", "?at=2024-02-04%00"])
def test_a_nul_is_refused(client, address, query):
    response = client.get(address + query)
    assert response.status_code == 400
    assert "NUL" in words(response)


@pytest.mark.parametrize("address", ALL)
@pytest.mark.parametrize("name", ["foo", "AT", "order", "<b>", "ａｔ"])
def test_an_unknown_parameter_is_refused(client, address, name):
    response = client.get(address, {name: "1"})
    assert response.status_code == 400
    assert (
        f"no parameter “{name}”" in response.content.decode() or "html" in response["Content-Type"]
    )
    assert b"<b>" not in response.content or "html" not in response["Content-Type"]


@pytest.mark.parametrize("address", ASKED_AT)
def test_a_page_that_takes_parameters_names_them_when_it_refuses_one(client, address):
    assert re.search(r"Accepted: .*\bat\b", words(client.get(address, {"foo": "1"})))


def test_a_page_that_takes_no_parameters_says_so(client):
    response = client.get("/missions/soyuz-ms-22/", {"foo": "1"})
    assert "Accepted: ." not in words(response)


@pytest.mark.parametrize("address", ASKED_AT)
def test_a_repeated_parameter_is_refused(client, address):
    response = client.get(address + "?at=2024-02-04&at=2024-02-05")
    assert response.status_code == 400
    assert "given 2 times; once is enough" in words(response)


@pytest.mark.parametrize("address", ALL)
def test_marks_that_other_sites_append_are_ignored(client, address):
    query = "?utm_source=a&utm_source=b&utm_medium=c&fbclid=d&gclid=e"
    assert client.get(address + query).status_code == 200


@pytest.mark.parametrize(
    "page", ["abc", "1e9", "1000000000", "0", "-1", "", "١", "²", "1.5", "+1", "9" * 5000, "None"]
)
@pytest.mark.parametrize("address", PAGED)
def test_a_page_that_is_not_there_is_not_found_and_says_which_are(client, address, page):
    response = client.get(address, {"page": page})
    assert response.status_code == 404
    assert "its pages run from 1 to" in words(response)


@pytest.mark.parametrize("address", PAGED)
def test_the_second_page_begins_where_the_first_ends(client, address):
    first, second = client.get(address), client.get(address, {"page": "2"})
    assert first.status_code == second.status_code == 200
    assert first.context["page"].end_index() + 1 == second.context["page"].start_index()


@pytest.mark.parametrize(
    "limit", ["abc", "0", "-1", "", "1e9", "1.5", "١", "²", "1000000", "9" * 5000, "all"]
)
@pytest.mark.parametrize("address", [JSON, CSV])
def test_a_nonsensical_limit_is_refused(client, address, limit):
    response = client.get(address, {"limit": limit})
    assert response.status_code == 400
    assert "a whole number from 1 to 999999" in words(response)


@pytest.mark.parametrize(("address", "name"), [(BOARD, "limit"), (JSON, "page"), (CSV, "page")])
def test_pages_are_for_the_page_and_limits_for_its_twins(client, address, name):
    assert client.get(address, {name: "1"}).status_code == 400


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize(
    "name",
    [
        "country",
        "sex",
        "boundary",
        "agency",
        "station",
        "craft",
        "programme",
        "role",
        "successors",
        "first",
        "landed",
        "each",
    ],
)
def test_an_unknown_choice_is_refused_with_what_is_accepted(client, address, name):
    for value in ("nonsense", "x" * 5000, "١", "<b>", "-1"):
        response = client.get(address, {name: value})
        assert response.status_code == 400
        assert f"Accepted for {name}: " in words(response)


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize("name", ["from", "until"])
@pytest.mark.parametrize("value", ["2024-02-30", "now", "2024", "2024-W05-7", "20240204", "１"])
def test_a_launch_day_is_a_day(client, address, name, value):
    response = client.get(address, {name: value})
    assert response.status_code == 400
    assert "a UTC day such as 2024-02-04" in words(response)


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize(
    "value", ["0", "-1", "abc", "1e9", "1.5", "١", "9" * 5000, "0000001" + "9" * 5000]
)
def test_a_threshold_is_a_number(client, address, value):
    response = client.get(address, {"threshold": value})
    assert response.status_code == 400
    assert "a whole number from 1 to" in words(response)


@pytest.mark.parametrize(
    ("slug", "query"),
    [
        ("longest-spaceflight-women", {"sex": "M"}),
        ("longest-spaceflight-americans", {"country": "RUS"}),
    ],
)
def test_a_filter_that_contradicts_the_leaderboard_is_refused(client, slug, query):
    for suffix in ("/", ".json", ".csv"):
        response = client.get(f"/records/{slug}{suffix}", query)
        assert response.status_code == 400
        assert "on this leaderboard it is always" in words(response)


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize("day", ["0001-01-01", "1960-12-31"])
def test_a_launch_before_anybody_was_launched_is_refused(client, address, day):
    response = client.get(address, {"from": day})
    assert response.status_code == 400
    assert "from 1961-01-01 on" in words(response)


def test_the_boundary_of_the_leaderboard_is_among_what_is_accepted(client):
    refused = client.get(BOARD, {"boundary": "moon"})
    assert "Accepted for boundary: orbit, 100km, 80km" in words(refused)
    assert client.get(BOARD, {"boundary": "orbit"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ({"sex": "F", "station": "mir"}, "Women, Mir"),
        ({"first": "1", "threshold": "100"}, "At least 100 days, First flights only"),
        ({"from": "2001-05-01"}, "Launched from 2001-05-01"),
    ],
)
@pytest.mark.parametrize("address", [BOARD, f"{BOARD}progression/"])
def test_a_narrowed_board_is_named_with_what_was_chosen(client, address, query, chosen):
    page = client.get(address, query).content.decode()
    for tag in ("title", "caption"):
        assert f"({chosen})" in re.search(f"<{tag}>(.*?)</{tag}>", page, re.S)[1]


def test_launch_days_the_wrong_way_round_are_refused(client):
    response = client.get(BOARD, {"from": "2020-01-01", "until": "2019-01-01"})
    assert response.status_code == 400


MAPPING = (
    "Successor states are combined: Czechoslovakia counts for Czechia, East Germany counts for "
    "Germany, Soviet Union counts for Russia."
)
NO_COUNTRY = "Here that changes nothing: no country is chosen."
NO_FORMER = "Here that changes nothing: no former state counts for the country chosen."


@pytest.mark.parametrize(
    ("slug", "query", "idle"),
    [
        ("longest-spaceflight", {"successors": "1"}, NO_COUNTRY),
        ("most-people-in-space", {"successors": "1"}, NO_COUNTRY),
        ("longest-spaceflight", {"successors": "1", "country": "USA"}, NO_FORMER),
        ("longest-spaceflight", {"successors": "1", "country": "DDR"}, NO_FORMER),
        ("longest-spaceflight", {"successors": "1", "country": "DEU"}, ""),
        ("total-time-in-space-russians", {}, ""),
    ],
)
@pytest.mark.parametrize("page", ["", "progression/"])
def test_combined_states_are_named_and_a_combination_of_none_says_so(
    client, slug, query, idle, page
):
    text = words(client.get(f"/records/{slug}/{page}", query))
    assert MAPPING in text
    assert ("changes nothing" in text) is bool(idle)
    assert idle in text


def test_states_that_are_not_combined_are_not_named(client):
    for query in ({}, {"country": "RUS"}):
        assert "Successor states are combined" not in words(client.get(BOARD, query))


@pytest.mark.parametrize("address", [BOARD, JSON, CSV, "/astronauts/", "/missions/"])
def test_an_empty_choice_is_no_choice(client, address):
    name = "station" if address == "/missions/" else "country"
    assert client.get(address, {name: ""}).status_code == 200


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/astronauts/", "country"),
        ("/astronauts/", "agency"),
        ("/astronauts/", "sex"),
        ("/missions/", "programme"),
        ("/missions/", "station"),
        ("/missions/", "year"),
    ],
)
def test_an_unknown_choice_in_a_list_is_refused_with_what_is_accepted(client, address, name):
    for value in ("nonsense", "x" * 5000, "١", "-1", "1e9"):
        response = client.get(address, {name: value})
        assert response.status_code == 400
        assert f"Accepted for {name}: " in words(response)


@pytest.mark.parametrize(
    "address",
    [
        "/records/no-such-board/",
        "/records/no-such-board.json",
        "/records/no-such-board.csv",
        "/records/" + "x" * 3000 + "/",
        "/astronauts/no-such-person/",
        "/astronauts/" + "x" * 3000 + "/",
        "/missions/no-such-ship/",
    ],
)
def test_what_is_not_there_is_not_found_and_said_so(client, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "There is no" in words(response)


@pytest.mark.parametrize("address", ["/", *ALL])
def test_public_pages_set_no_cookie_and_vary_by_none(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("address", ["/", *ALL])
def test_pages_can_be_asked_for_by_head_and_not_be_posted_to(client, address):
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(address, {"a": "1"}).status_code == 405
    assert client.put(address).status_code == 405


@pytest.mark.parametrize("address", ["/", *ALL])
def test_a_page_reads_the_clock_once(client, address, monkeypatch):
    clock, readings = read_clock, []

    def counted():
        readings.append(clock())
        return readings[-1]

    resolve(address)  # Loads every module that may read it.
    for module in list(sys.modules.values()):
        if vars(module).get("read_clock") is clock:
            monkeypatch.setattr(module, "read_clock", counted)
    assert client.get(address).status_code == 200
    assert len(readings) == 1
