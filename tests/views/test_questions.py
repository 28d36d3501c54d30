"""Bad questions on every page of the record: refused in words, never an error of ours."""

import html
import re

import pytest

from records import instants

pytestmark = pytest.mark.usefixtures("site")

BOARD = "/records/longest-spaceflight/"
JSON = "/records/longest-spaceflight.json"
CSV = "/records/longest-spaceflight.csv"
ASKED_AT = [
    BOARD,
    JSON,
    CSV,
    "/records/",
    "/records/changes/",
    "/in-space/",
    "/astronauts/",
    "/astronauts/frank-rubio/",
    "/missions/",
    "/missions/soyuz-ms-22/",
    "/spacewalks/",
    "/spacewalks/eva-1965-06-03/",
    "/agencies/",
    "/countries/",
    "/stations/",
]
ALL = ASKED_AT
PAGES = [address for address in ALL if address.endswith("/")]
PAGED = [BOARD, "/astronauts/", "/missions/"]


def words(response):
    """What the page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


NONSENSE = [
    "now()",
    "",
    "2024-02-04T08:20X",
    "-1",
    "-2024-02-04",
    "1e9",
    "abc",
    "٢٠٢٤-٠٢-٠٤",
    "２０２４-０２-０４",
    "0" * 5000,
    "2024-02-04" * 100,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\u202e",
]


@pytest.mark.parametrize("at", NONSENSE)
@pytest.mark.parametrize("address", ASKED_AT)
def test_a_nonsensical_instant_is_refused_with_an_example_of_a_good_one(client, address, at):
    response = client.get(address, {"at": at})
    assert response.status_code == 400
    assert "Write a date such as 2024-02-04 or 4 February 2024" in words(response)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("at", ["2024-02-30", "2024-02-04T25:00", "9999-12-31", "3/4/1969"])
@pytest.mark.parametrize("address", ASKED_AT)
def test_an_instant_that_there_is_not_is_refused(client, address, at):
    assert client.get(address, {"at": at}).status_code == 400


@pytest.mark.parametrize(
    "query", ["at=%zz", "at=%ff", "at=2024-02-04%", "at=%C0%80", "at=%ED%A0%80"]
)
@pytest.mark.parametrize("address", ASKED_AT)
def test_a_broken_percent_sign_is_refused(client, address, query):
    assert client.get(f"{address}?{query}").status_code == 400


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


UNKNOWN = ["foo", "AT", "order", "<b>", "ａｔ", "", "igshid", "ref"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("name", UNKNOWN)
def test_a_page_ignores_what_it_does_not_know_and_repeats_none_of_it(client, address, name):
    response = client.get(address, {name: ["put-in-by-others", "twice"]})
    assert response.status_code == 200
    assert b"put-in-by-others" not in response.content
    assert b"<b>" not in response.content


@pytest.mark.parametrize("address", [JSON, CSV])
@pytest.mark.parametrize("name", UNKNOWN)
def test_a_file_refuses_what_it_does_not_know_and_names_what_it_does(client, address, name):
    response = client.get(address, {name: "1"})
    assert response.status_code == 400
    assert f"No parameter is called “{name}” here. Accepted: at, " in response.content.decode()


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
    ("page", "status"),
    [
        *(
            (text, 400)
            for text in ("abc", "1e9", "-1", "", "١", "²", "1.5", "+1", "9" * 5000, "None")
        ),
        *((text, 404) for text in ("0", "1000000000", "9" * 40)),
    ],
)
@pytest.mark.parametrize("address", PAGED)
def test_a_page_that_is_not_there_is_refused_and_those_that_are_said(client, address, page, status):
    response = client.get(address, {"page": page})
    assert response.status_code == status
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


def test_pages_are_for_the_page_and_limits_for_its_twins(client):
    assert client.get(JSON, {"page": "1"}).status_code == 400
    assert client.get(CSV, {"page": "1"}).status_code == 400
    limited = client.get(BOARD, {"limit": "1"})
    assert (limited.status_code, len(limited.context["page"])) == (200, 50)


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
        said = words(response)
        assert f"Accepted for {name}: " in said or "The form lists all that there are" in said


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize("name", ["from", "until"])
@pytest.mark.parametrize(
    "value", ["2024-02-30", "soon", "3/4/2024", "2024-02-04T08:30", "2024-W05-7", "20240204", "１"]
)
def test_a_launch_day_is_a_day(client, address, name, value):
    response = client.get(address, {name: value})
    assert response.status_code == 400
    assert "a UTC day such as 2024-02-04" in words(response)


@pytest.mark.parametrize("address", [BOARD, JSON, CSV])
@pytest.mark.parametrize(
    ("query", "same"),
    [
        ({"from": "4 February 2001"}, {"from": "2001-02-04"}),
        ({"until": "2/13/2001"}, {"until": "2001-02-13"}),
        ({"from": "2001", "until": "2003"}, {"from": "2001-01-01", "until": "2003-12-31"}),
        ({"from": "Feb 2001"}, {"from": "2001-02-01"}),
        ({"until": "2001-02"}, {"until": "2001-02-28"}),
    ],
)
def test_a_launch_day_is_read_as_people_write_it(client, address, query, same):
    read, plain = client.get(address, query), client.get(address, same)
    assert read.status_code == plain.status_code == 200
    assert read.content == plain.content


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
        said = words(response)
        assert f"Accepted for {name}: " in said or "The form lists all that there are" in said


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
    clock, readings = instants._look_at_clock, []

    def counted():
        readings.append(clock())
        return readings[-1]

    monkeypatch.setattr(instants, "_look_at_clock", counted)
    assert client.get(address).status_code == 200
    assert len(readings) == 1


# On the same page


def field(page, name):
    """The tag of the field, and the text of its problem."""
    tag = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', page)[0]
    found = re.search(rf'<p class="field__problem" id="problem-{name}">(.*?)</p>', page, re.S)
    return html.unescape(tag), html.unescape(found[1]) if found else ""


def links(response) -> dict[str, str]:
    """The links of what the page says it could not read: words → address."""
    said = re.search(
        r'<div class="notice notice--problem".*?</div>', response.content.decode(), re.S
    )
    found = re.findall(r'<a href="([^"]*)">(.*?)</a>', said[0], re.S)
    return {html.unescape(text): html.unescape(address) for address, text in found}


@pytest.mark.parametrize(
    ("address", "name", "value"),
    [
        (BOARD, "at", "30 February 2024"),
        (BOARD, "at", '3/4/1969 "><b>'),
        (BOARD, "from", "soon"),
        (BOARD, "until", "2024-13-01"),
        (BOARD, "threshold", "many"),
        (f"{BOARD}progression/", "at", "abc"),
        ("/astronauts/frank-rubio/", "at", "abc"),
        ("/in-space/", "at", "abc"),
        ("/watch/", "at", "abc"),
        ("/records/", "at", "abc"),
        ("/records/changes/", "at", "abc"),
        ("/astronauts/", "at", "abc"),
        ("/missions/", "at", "abc"),
        ("/missions/soyuz-ms-22/", "at", "abc"),
        ("/spacewalks/eva-1965-06-03/", "at", "abc"),
        ("/countries/", "at", "abc"),
        ("/countries/USA/", "at", "abc"),
        ("/agencies/", "at", "abc"),
        ("/agencies/nasa/", "at", "abc"),
        ("/stations/", "at", "abc"),
        ("/stations/iss/", "at", "abc"),
        ("/spacewalks/", "at", "abc"),
        ("/compare/", "at", "abc"),
        ("/compare/", "b", "Nobody At All"),
    ],
)
def test_the_form_is_there_with_what_was_typed_and_what_is_wrong(client, address, name, value):
    response = client.get(address, {name: value})
    assert response.status_code in (400, 404)
    tag, problem = field(response.content.decode(), name)
    assert f'value="{value}"' in tag
    assert 'aria-invalid="true"' in tag
    assert re.search(rf'aria-describedby="problem-{name}\b', tag)
    assert problem.endswith(".")
    assert problem in words(response)
    assert "<b>" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "name", "value", "nearest"),
    [
        (BOARD, "country", "usa", "United States"),
        (BOARD, "country", "Rusia", "Russia"),
        (BOARD, "station", "Mirr", "Mir"),
        (BOARD, "boundary", "100kms", "Above 100 km"),
        ("/astronauts/", "agency", "Nasaa", "NASA"),
        ("/missions/", "programme", "Apolo", "Apollo"),
        ("/spacewalks/", "station", "salyut7", "Salyut 7"),
        ("/records/changes/", "year", "2030", "Any"),
    ],
)
def test_a_wrong_choice_is_told_at_its_field_with_the_nearest_right_one(
    client, address, name, value, nearest
):
    response = client.get(address, {name: value})
    assert response.status_code == 400
    tag, problem = field(response.content.decode(), name)
    assert 'aria-invalid="true"' in tag
    assert value in problem
    assert client.get(address + links(response)[nearest]).status_code == 200


@pytest.mark.parametrize(
    ("at", "words_of_link", "query"),
    [
        ("2024-02-30", "29 February 2024", "?at=2024-02-29"),
        ("3/4/1969", "3 April 1969", "?at=1969-04-03"),
        ("3/4/1969", "4 March 1969", "?at=1969-03-04"),
        ("3/4/1969 20:17", "4 March 1969, 20:17 UTC", "?at=1969-03-04T20%3A17Z"),
        ("20/7/69", "20 July 1969", "?at=1969-07-20"),
        ("1066", "4 October 1957", "?at=1957-10-04"),
        ("2999", "Now", "?"),
        ("soon", "Now", "?"),
    ],
)
@pytest.mark.parametrize("address", [page for page in ASKED_AT if page in PAGES])
def test_the_nearest_right_instant_is_a_link(client, address, at, words_of_link, query):
    response = client.get(address, {"at": at})
    assert links(response)[words_of_link] == query
    assert client.get(address + query).status_code == 200


def test_what_else_was_asked_stays_and_what_was_not_understood_does_not(client):
    query = {"at": "30/2/2024", "country": "USA", "sex": "woman", "page": "2", "ref": "elsewhere"}
    response = client.get(BOARD, query)
    assert response.status_code == 400
    assert links(response)["29 February 2024"] == "?country=USA&page=2&at=2024-02-29"
    page = response.content.decode()
    assert set(re.findall(r'<input type="hidden" name="(\w+)"', page)) == {"country"}
    assert "elsewhere" not in page
    for link in re.findall(r'href="(\?[^"]*)"', page):
        assert "woman" not in link
        assert "at=30" not in link


def test_what_the_page_shows_instead_is_what_it_shows_without_the_question(client):
    wrong, plain = client.get(BOARD, {"at": "soon"}), client.get(BOARD)
    assert [one.rank for one in wrong.context["page"]] == [
        one.rank for one in plain.context["page"]
    ]
    assert "What follows is the page without it." in words(wrong)


@pytest.mark.parametrize(
    "address", [f"{BOARD}?page=2", "/astronauts/?country=USA", "/missions/?page=2&year="]
)
def test_links_do_not_repeat_what_others_put_into_the_address(client, address):
    decorated = client.get(f"{address}&fbclid=xyzzy&ref=xyzzy&at2=xyzzy")
    assert decorated.status_code == 200
    assert b"xyzzy" not in decorated.content
    assert b'rel="canonical" href="http' in decorated.content


@pytest.mark.parametrize(
    "text", ["2024-02-04T08:30 03:00", "2024-02-04T08:30:00.000 0300", "4 Feb 2024 08:30  03:00"]
)
def test_a_plus_that_arrived_as_a_space_is_still_a_plus(client, text):
    assert client.get(JSON, {"at": text}).json()["at"] == "2024-02-04T05:30:00Z"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-02-04T08:30:08.000Z", "2024-02-04T08:30:08Z"),
        ("2024-02-04t08:30:08z", "2024-02-04T08:30:08Z"),
        ("4 February 2024", "2024-02-04T23:59:59Z"),
        ("2024", "2024-12-31T23:59:59Z"),
        ("February 2024", "2024-02-29T23:59:59Z"),
        ("today", "2026-11-22T12:00:00Z"),
        ("2026", "2026-11-22T12:00:00Z"),
        ("November 2026", "2026-11-22T12:00:00Z"),
        ("yesterday", "2026-11-21T23:59:59Z"),
        ("now", "2026-11-22T12:00:00Z"),
    ],
)
@pytest.mark.parametrize("address", [JSON, "/in-space.json", "/watch.json", "/countries.json"])
def test_programs_may_write_instants_as_people_do(client, address, text, at, clock):
    clock("2026-11-22T12:00:30Z")
    assert client.get(address, {"at": text}).json()["at"] == at


def test_links_keep_an_instant_as_it_is_written_best(client):
    page = client.get(BOARD, {"at": "February 4th, 2024"}).content.decode()
    assert 'name="at" required value="2024-02-04"' in page
    assert "at=2024-02-04&amp;page=2" in page
    assert "February+4th" not in page


def test_now_is_no_instant_in_the_past(client):
    page = client.get(BOARD, {"at": "Now"})
    assert page.context["instant"].is_now
    assert "at=" not in "".join(re.findall(r'href="(\?[^"]*page=2)"', page.content.decode()))
