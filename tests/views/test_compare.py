"""/compare/: two to four astronauts side by side."""

import html
import re

import pytest

pytestmark = pytest.mark.usefixtures("site")


def compared(client, *people, **query):
    return client.get("/compare/", {**dict(zip("abcd", people, strict=False)), **query})


def slugs(page):
    return [career.astronaut.slug for career in page.context["careers"]]


def test_people_are_found_by_slug_by_name_and_by_another_spelling(client):
    page = compared(client, "frank-rubio", "  mark  VANDE hei ", "Sergei Krikalyov")
    assert slugs(page) == ["frank-rubio", "mark-vande-hei", "sergei-krikalev"]


def test_figures_are_those_of_each_career(client):
    page = compared(client, "frank-rubio", "oleg-kononenko", at="2024-10-01")
    rows = {row["metric"].key: row["cells"] for row in page.context["metrics"]}
    assert [cell["mark"].value.text for cell in rows["longest-flight"]] == [
        "370 d 21 h 22 m",
        "373 d 20 h 14 m",
    ]
    assert [cell["mark"].value.amount for cell in rows["number-of-flights"]] == [1, 5]
    assert "moonwalk-time" not in rows


def test_ranks_are_those_of_the_leaderboards(client):
    page = compared(client, "frank-rubio", "valeri-polyakov", at="2024-10-01")
    board = client.get("/records/longest-spaceflight.json", {"at": "2024-10-01"}).json()
    ranks = {row["astronaut"]["slug"]: row["rank"] for row in board["standings"]}
    row = next(
        row for row in page.context["boards"] if row["leaderboard"].slug == "longest-spaceflight"
    )
    assert [cell["standing"].rank for cell in row["cells"]] == [
        ranks["frank-rubio"],
        ranks["valeri-polyakov"],
    ]
    assert row["total"] == board["total"]


def test_ranks_are_told_with_those_among_whom_they_are(client):
    words = "as far as spacewalks are known"
    for at, told in (("2024-10-01", False), ("2026-10-01", True)):
        page = compared(client, "frank-rubio", "anatoly-solovyev", at=at)
        assert (words in page.content.decode()) == told


def test_who_flew_together_is_told_from_who_met_up_there(client):
    page = compared(client, "frank-rubio", "sergey-prokopyev", "koichi-wakata", at="2024-01-01")
    together, met, _ = (pair["meetings"] for pair in page.context["pairs"])
    (one,) = together
    assert one.up_together
    assert one.down_together
    assert one.value.text == "370 d 21 h 22 m"
    (other,) = met
    assert not other.up_together
    assert not other.down_together
    assert "flown together, up on Soyuz MS-22 and down on Soyuz MS-23" in " ".join(
        page.content.decode().split()
    )


def test_people_of_different_times_never_met(client):
    page = compared(client, "yuri-gagarin", "frank-rubio")
    assert "Never in space at the same time" in page.content.decode()


def test_the_instant_goes_for_everything(client):
    page = compared(client, "frank-rubio", "sergey-prokopyev", at="2022-10-01")
    (pair,) = page.context["pairs"]
    (meeting,) = pair["meetings"]
    assert meeting.lasts
    assert not meeting.down_together
    assert "Soyuz MS-23" not in page.content.decode()


def test_before_anybody_flew_there_is_nothing_to_compare_and_no_error(client):
    page = compared(client, "frank-rubio", "rick-husband", at="1957-10-05")
    assert page.status_code == 200
    assert "No flight by this instant" in page.content.decode()


def test_a_lost_craft_is_told_as_such(client):
    page = compared(client, "rick-husband", "kalpana-chawla").content.decode()
    assert page.count("lost with the craft") > 2
    assert "down together on STS-107" not in page


def test_who_died_in_flight_is_not_ranked_beside_others(client):
    page = compared(client, "rick-husband", "frank-rubio")
    for row in page.context["boards"]:
        assert [bool(cell["standing"]) for cell in row["cells"]] == [False, True]
    shown = {row["metric"].key for row in page.context["metrics"] if row["cells"][0]["mark"]}
    assert shown == {"total-time", "number-of-flights"}
    words = page.content.decode()
    assert "not ranked" in words
    assert "not compared" in words


@pytest.mark.parametrize(("people", "words"), [((), "Whom"), (("frank-rubio",), "With whom?")])
def test_with_fewer_than_two_the_form_is_shown(client, people, words):
    page = compared(client, *people)
    assert page.status_code == 200
    assert words in page.content.decode()


def test_the_form_is_filled_with_the_names_and_skips_empty_places(client):
    page = client.get("/compare/", {"a": "frank-rubio", "b": "", "c": "anna-kikina", "d": ""})
    assert slugs(page) == ["frank-rubio", "anna-kikina"]
    assert re.findall(r'name="([abcd])" value="([^"]*)"', page.content.decode())[:4] == [
        ("a", "Frank Rubio"),
        ("b", "Anna Kikina"),
        ("c", ""),
        ("d", ""),
    ]


def test_the_canonical_page_names_slugs_and_no_date(client):
    page = compared(client, "Frank Rubio", "anna-kikina", at="2024-01-01").content.decode()
    assert re.search(r'rel="canonical" href="([^"]+)"', page)[1].endswith(
        "/compare/?a=frank-rubio&amp;b=anna-kikina"
    )


# Bad questions


def test_a_fifth_person_has_no_place(client):
    people = {"a": "frank-rubio", "b": "anna-kikina", "e": "yuri-gagarin"}
    assert slugs(client.get("/compare/", people)) == ["frank-rubio", "anna-kikina"]


@pytest.mark.parametrize("other", ["frank-rubio", "Frank Rubio", "FRANK RUBIO "])
def test_the_same_person_twice_is_refused_however_written(client, other):
    page = compared(client, "frank-rubio", other)
    assert page.status_code == 400
    assert "Frank Rubio is given twice" in page.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "Rubio",
        "RUBIO",
        "Rubio, Frank",
        "rubio frank",
        "frank rub",
        "Ｒｕｂｉｏ",
        "Fra\u200bnk Rub\u00adio",
    ],
)
def test_a_person_is_found_by_a_name_that_only_one_has(client, name):
    assert slugs(compared(client, name, "anna-kikina")) == ["frank-rubio", "anna-kikina"]


def links(page) -> dict[str, str]:
    """The links of what could not be read: words → address."""
    said = re.search(r'<div class="notice notice--problem".*?</div>', page.content.decode(), re.S)
    found = re.findall(r'<a href="([^"]*)">(.*?)</a>', said[0], re.S)
    return {html.unescape(words): html.unescape(address) for address, words in found}


@pytest.mark.parametrize(
    ("text", "name"),
    [("Frank Rubino", "Frank Rubio"), ("Rubi", "Frank Rubio"), ("Gagarine", "Yuri Gagarin")],
)
def test_an_unknown_person_is_answered_with_those_who_are_called_much_the_same(client, text, name):
    page = compared(client, "anna-kikina", text)
    assert page.status_code == 404
    assert f"Our data know nobody called “{text}”." in page.content.decode()
    found = client.get("/compare/" + links(page)[name])
    assert [career.astronaut.name for career in found.context["careers"]] == ["Anna Kikina", name]


def test_whoever_is_called_the_same_is_offered_to_choose_from(client):
    page = compared(client, "anna-kikina", "kelly", at="2020-01-01")
    assert page.status_code == 400
    offered = links(page)
    assert {"Mark Kelly", "Scott Kelly", "James Kelly"} <= offered.keys()
    chosen = client.get("/compare/" + offered["Scott Kelly"])
    assert slugs(chosen) == ["anna-kikina", "scott-kelly"]
    assert chosen.context["instant"].written == "2020-01-01T23:59:59Z"


@pytest.mark.parametrize("text", ["Qwxz Qwxz", "<script>", "-", "١", "\u200b", "' OR 1=1"])
def test_who_is_like_nobody_is_not_found(client, text):
    page = compared(client, "anna-kikina", text)
    assert page.status_code == 404
    assert "The list of astronauts has everyone’s name." in page.content.decode()
    assert "<script>" not in page.content.decode()
    assert slugs(page) == ["anna-kikina"]


@pytest.mark.parametrize(
    "query",
    [
        {"a": "x" * 5000},
        {"a": "frank-rubio\0"},
        {"a": ["frank-rubio", "anna-kikina"]},
        {"a": "frank-rubio", "at": "2999-01-01"},
    ],
)
def test_nonsense_is_refused_in_words(client, query):
    assert client.get("/compare/", query).status_code == 400


# Queries


def test_a_comparison_takes_four_queries_however_many_flights(
    client, django_assert_max_num_queries
):
    compared(client, "jerry-ross", "Peggy Whitson")  # Facts, sources and names are read once.
    with django_assert_max_num_queries(4):
        page = compared(client, "jerry-ross", "oleg-kononenko", "john-young", "Peggy Whitson")
        assert len(page.context["pairs"]) == 6


def test_the_other_sides_of_the_record_are_reached_from_its_pages(client):
    records = client.get("/records/").content.decode()
    for address in ("/countries/", "/stations/", "/agencies/", "/spacewalks/", "/compare/"):
        assert records.count(f'href="{address}"') == 2, "once on the page, once in its foot"
    astronaut = client.get("/astronauts/frank-rubio/").content.decode()
    for address in ("/compare/?a=frank-rubio", "/countries/USA/", "/agencies/nasa/"):
        assert f'href="{address}"' in astronaut
    mission = client.get("/missions/soyuz-ms-22/").content.decode()
    for address in ("/stations/iss/", "/countries/RUS/", "/agencies/roscosmos/"):
        assert f'href="{address}"' in mission
    walked = client.get("/missions/gemini-4/").content.decode()
    assert 'href="/spacewalks/eva-1965-06-03/"' in walked


def test_what_nobody_knows_is_not_said_to_be_none(client):
    page = compared(client, "lai-ka-ying", "frank-rubio").content.decode()
    assert "birth date not known" in page
    assert page.count(">not known<") == 3, "a spacewalk of Shenzhou 23 is missing"
    page = compared(client, "mark-vande-hei", "yuri-gagarin").content.decode()
    assert "not known" not in page
    assert '<span class="quiet">none</span>' in page
