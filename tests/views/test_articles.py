"""/news/: the latest, the archive, and one story."""

import json
import re
from datetime import timedelta

import html5lib
import pytest

from records.instants import read_clock
from records.models import Article, Mission
from records.views.articles import related_to
from spacesite.middleware import ASK_AGAIN
from tests.factories import (
    instant,
    make_advert,
    make_article,
    make_astronaut,
    make_author,
    make_confirmation,
    make_correction,
    make_country,
    make_flight,
    make_leaderboard,
    make_mission,
    make_topic,
)
from tests.past_the_gate import smuggle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_newsroom")]

HOSTILE = "<script>alert(1)</script>\"'&"
PARAGRAPH = " ".join(["word"] * 60)


def text_of(response):
    return response.content.decode()


def headlines(response):
    found = re.findall(r'class="story__headline"><a href="[^"]*">(.*?)</a>', text_of(response))
    return [headline.strip() for headline in found]


def is_strict_html(response):
    html5lib.HTMLParser(strict=True).parse(text_of(response))
    return True


def element(response, name, class_name):
    found = re.search(rf'<{name} class="{class_name}".*?</{name}>', text_of(response), re.DOTALL)
    return found[0] if found else ""


# The list


def test_news_is_newest_first_without_drafts_or_the_future(client):
    tomorrow = read_clock() + timedelta(days=1)
    make_article(headline="Older", published_at="2020-01-01")
    make_article(headline="Newer", published_at="2021-01-01")
    make_article(headline="Released", state="scheduled", published_at="2020-06-01")
    make_article(headline="Tomorrow", state="scheduled", published_at=tomorrow)
    make_article(headline="Draft", state="draft")
    make_article(headline="In review", state="in_review")
    make_article(headline="Withdrawn", state="withdrawn")
    assert headlines(client.get("/news/")) == ["Newer", "Released", "Older"]


def test_news_shows_the_short_headline_where_there_is_one(client):
    make_article(headline="A long one", short_headline="A short one")
    assert headlines(client.get("/news/")) == ["A short one"]


def test_news_without_a_story_says_what_will_be_here(client):
    response = client.get("/news/")
    assert response.status_code == 200
    assert "The first story will appear here" in text_of(response)


def test_news_is_cut_into_pages(client):
    for number in range(21):
        make_article(f"story-{number}", published_at=f"2020-01-{number + 1:02}")
    assert len(headlines(client.get("/news/"))) == 20
    response = client.get("/news/?page=2&utm_source=x")
    assert headlines(response) == ["Story 0"]
    assert "page 2" in text_of(response)


@pytest.mark.parametrize("address", ["/news/", "/news/2020/", "/topics/space/", "/authors/ada/"])
@pytest.mark.parametrize(
    "number",
    [
        "abc",
        "1e9",
        "0",
        "-1",
        "",
        "2",
        "1.0",
        "99999999999999999999",
        "9" * 5000,
        "٣",
        "1;2",
        "<b>",
    ],
)
def test_page_that_is_not_there_is_refused_and_those_that_are_said(client, address, number):
    make_article(topics=[make_topic("space")], authors=[make_author("ada")])
    response = client.get(address, {"page": number})
    is_number = number.isascii() and number.isdecimal() and len(number) < 40
    assert response.status_code == (404 if is_number else 400)
    assert "its pages run from 1 to 1" in text_of(response)
    assert "<b>" not in text_of(response)


@pytest.mark.parametrize("query", ["?colour=red", "?at=nonsense", "?at=2020-01-01", "?a=1&a=2"])
@pytest.mark.parametrize("address", ["/", "/news/", "/topics/", "/topics/space/", "/authors/ada/"])
def test_parameters_that_ask_nothing_of_the_page_are_ignored(client, address, query, clock):
    clock("2026-11-22T12:00:00Z")
    make_article(topics=[make_topic("space")], authors=[make_author("ada")])
    response = client.get(address + query)
    assert response.status_code == 200
    assert response.content == client.get(address).content


def test_a_page_that_is_asked_for_twice_is_refused(client, db):
    response = client.get("/news/?page=1&page=2")
    assert response.status_code == 400
    assert "given 2 times" in text_of(response)


@pytest.mark.parametrize("address", ["/", "/news/", "/topics/", "/topics/space/", "/authors/ada/"])
def test_marks_of_other_sites_on_a_link_are_ignored(client, address):
    make_article(topics=[make_topic("space")], authors=[make_author("ada")])
    assert client.get(f"{address}?utm_source=letter&fbclid=1").status_code == 200


def test_list_takes_few_queries_however_long(client, django_assert_max_num_queries):
    for number in range(30):
        make_article(primary_topic=make_topic(f"topic-of-{number}"))
    with django_assert_max_num_queries(4):
        assert len(headlines(client.get("/news/"))) == 20


# The archive


def test_archive_holds_the_stories_of_a_year_and_of_a_month(client):
    make_article(headline="New Year", published_at="2020-01-01T00:00")
    make_article(headline="Last second", published_at="2019-12-31T23:59:59")
    make_article(headline="March", published_at="2020-03-01T00:00")
    assert headlines(client.get("/news/2020/")) == ["March", "New Year"]
    assert headlines(client.get("/news/2019/")) == ["Last second"]
    assert headlines(client.get("/news/2020/01/")) == ["New Year"]
    assert 'href="/news/2019/12/"' in text_of(client.get("/news/"))


@pytest.mark.parametrize("period", ["2019", "0000", "9999", "2020/02", "2020/00", "2020/13"])
def test_period_without_stories_is_a_404_that_says_which_years_have_some(client, period):
    make_article(published_at="2020-01-01")
    make_article(published_at="2022-01-01")
    make_article(published_at="2021-01-01", state="draft")
    response = client.get(f"/news/{period}/")
    assert response.status_code == 404
    assert "The archive holds 2020, 2022." in text_of(response)


def test_archive_of_a_site_without_stories_says_so(client):
    assert "The archive is still empty." in text_of(client.get("/news/2020/"))


def test_month_is_written_with_two_digits(client):
    make_article(published_at="2020-01-01")
    assert client.get("/news/2020/1/").status_code == 404


# One story


def test_story_shows_what_was_written(client):
    article = make_article(
        "a-story",
        headline="The headline",
        standfirst="The standfirst.",
        body='One.\n\n## Part\n\n::: quote speaker="Ada" role="Pilot" source="https://e.org/a?b&c"\n'
        "“Said”.\n:::\n\n- item",
        published_at="2020-03-01T09:00",
        updated_at="2020-03-02T10:30",
        authors=[make_author("bo", name="Bo Lind"), make_author("ada", name="Ada Vega")],
        topics=[make_topic("b-topic"), make_topic("a-topic")],
    )
    response = client.get("/news/a-story/")
    text = text_of(response)
    assert response.status_code == 200
    assert is_strict_html(response)
    assert "<h1>The headline</h1>" in text
    assert "The standfirst." in text
    assert '<time datetime="2020-03-01T09:00:00Z">1 March 2020, 09:00 UTC</time>' in text
    assert '<time datetime="2020-03-02T10:30:00Z">2 March 2020, 10:30 UTC</time>' in text
    assert "<p>One.</p>" in text
    assert "<h2>Part</h2>" in text
    assert "<li>item</li>" in text
    assert text.index(">Bo Lind</bdi></a> and <a") < text.index(">Ada Vega<")
    quote = element(response, "figure", "quote")
    assert "<blockquote" in quote
    assert "<bdi>Ada</bdi></strong>, <bdi>Pilot</bdi>" in quote
    assert 'href="https://e.org/a?b&amp;c" rel="external noopener"' in quote
    assert (
        f'<link rel="canonical" href="http://127.0.0.1:8000{article.get_absolute_url()}">' in text
    )


def test_primary_topic_is_the_first_tag(client):
    first, second = make_topic("aaa"), make_topic("zzz")
    make_article("a-story", topics=[first, second], primary_topic=second)
    tags = element(client.get("/news/a-story/"), "nav", "tags")
    assert tags.index("Zzz") < tags.index("Aaa")
    assert tags.count("Zzz") == 1


def test_story_is_told_to_machines(client):
    make_article("a-story", headline="</script><b>&", authors=[make_author("ada", name="Ada Vega")])
    text = text_of(client.get("/news/a-story/"))
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[1]
    assert not set(data) & set("<>&")
    described = json.loads(data)
    assert described["@type"] == "NewsArticle"
    assert described["headline"] == "</script><b>&"
    assert described["datePublished"] == "2020-03-01T09:00:00Z"
    assert described["author"][0]["url"] == "http://127.0.0.1:8000/authors/ada/"
    assert '<meta property="og:title" content="&lt;/script&gt;&lt;b&gt;&amp;">' in text


def test_story_names_the_people_missions_and_records_it_is_about(client):
    early = make_mission("b-early", launched_at="1999-01-01")
    late = make_mission("a-late", launched_at="2001-01-01")
    make_article(
        "a-story",
        astronauts=[make_astronaut("Zoe Abel"), make_astronaut("Ann Zell")],
        missions=[late, early],
        leaderboards=[make_leaderboard("a-record")],
    )
    text = text_of(client.get("/news/a-story/"))
    text = text[text.index("In the record book") :]
    assert text.index('href="/astronauts/zoe-abel/"') < text.index('href="/astronauts/ann-zell/"')
    assert text.index('href="/missions/b-early/"') < text.index('href="/missions/a-late/"')
    assert 'href="/records/a-record/"' in text


def test_story_about_nothing_in_particular_has_no_empty_boxes(client):
    make_article("a-story")
    text = text_of(client.get("/news/a-story/"))
    assert "In the record book" not in text
    assert "Related stories" not in text
    # The list of all corrections is linked at the foot of every page.
    assert "orrect" not in text[: text.index('<footer class="site-foot"')]
    assert 'class="tags"' not in text
    assert "By " not in element(client.get("/news/a-story/"), "div", "byline")


def test_corrections_are_printed_and_announced(client):
    make_correction(make_article("a-story"), wrong="It said Monday.", right="It was Tuesday.")
    text = text_of(client.get("/news/a-story/"))
    assert 'href="#corrections"' in text
    assert 'id="corrections"' in text
    assert "It said Monday." in text
    assert "It was Tuesday." in text


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "draft"},
        {"state": "in_review"},
        {"state": "draft", "published_at": None},
        {"state": "scheduled", "published_at": "2199-01-01"},
        {"state": "published", "published_at": "2199-01-01"},
        {"state": "withdrawn", "published_at": None},
        {"state": "withdrawn", "published_at": "2199-01-01"},
    ],
)
def test_story_that_was_never_public_is_a_404(client, fields):
    make_article("a-story", headline="A secret", **fields)
    response = client.get("/news/a-story/")
    assert response.status_code == 404
    assert "There is no story “a-story”" in text_of(response)
    assert "A secret" not in text_of(response)


def test_withdrawn_story_is_gone_with_its_headline_date_and_a_notice(client):
    make_article(
        "a-story",
        state="withdrawn",
        headline="Was wrong",
        standfirst="Quite wrong.",
        withdrawal_note="We <b>regret</b> it.",
    )
    response = client.get("/news/a-story/")
    assert response.status_code == 410
    assert is_strict_html(response)
    assert "We &lt;b&gt;regret&lt;/b&gt; it." in text_of(response)
    assert "<h1>Was wrong</h1>" in text_of(response)
    assert '<time datetime="2020-03-01T09:00:00Z">1 March 2020, 09:00 UTC</time>' in text_of(
        response
    )
    assert "Quite wrong." not in text_of(response)


def test_story_that_is_gone_may_come_back(client):
    article = make_article("a-story", state="withdrawn")
    response = client.get("/news/a-story/")
    assert response["Cache-Control"] == ASK_AGAIN
    assert not re.search("not coming back|for good|permanent", text_of(response))
    save(article, state="published")
    assert client.get("/news/a-story/").status_code == 200


def test_withdrawn_story_without_a_note_is_gone_as_well(client):
    make_article("a-story", state="withdrawn")
    response = client.get("/news/a-story/")
    assert response.status_code == 410
    assert "This story has been withdrawn" in text_of(response)


@pytest.mark.parametrize("slug", ["nowhere", "-", "_", "a" * 300, "20233", "A-STORIES"])
def test_unknown_story_is_a_404(client, slug):
    make_article("a-story")
    assert client.get(f"/news/{slug}/").status_code == 404


def test_story_is_read_only_and_sets_no_cookie(client):
    make_article("a-story")
    response = client.get("/news/a-story/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.post("/news/a-story/").status_code == 405


def test_hostile_text_in_every_field_stays_text(client):
    topic = make_topic("space", name=HOSTILE, description=HOSTILE)
    author = make_author("ada", name=HOSTILE, role=HOSTILE, bio=HOSTILE)
    article = make_article(
        "a-story",
        headline=HOSTILE,
        short_headline=HOSTILE,
        standfirst=HOSTILE,
        body=f'{HOSTILE}\n\n::: quote speaker="<img src=x onerror=alert(1)>" role="<b>"\n'
        f"Said.\n:::\n\n[x](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n\n"
        + f"{PARAGRAPH}\n\n"
        * 9,
        topics=[topic],
        primary_topic=topic,
        authors=[author],
        astronauts=[make_astronaut(f"{HOSTILE} Vega", slug="vega")],
        missions=[make_mission("ship", name=HOSTILE)],
        leaderboards=[make_leaderboard("record", title=HOSTILE)],
        related=[make_article(headline=HOSTILE)],
    )
    make_correction(article, wrong=HOSTILE, right=HOSTILE)
    make_advert(
        advertiser=HOSTILE, headline=HOSTILE, text=HOSTILE, link="https://e.org", link_text=HOSTILE
    )
    for address in ("/news/a-story/", "/news/", "/topics/", "/topics/space/", "/authors/ada/"):
        response = client.get(address)
        text = text_of(response)
        assert response.status_code == 200
        assert is_strict_html(response)
        assert "<script>" not in text
        assert "<img" not in text
        assert "<b>" not in text
        assert "javascript:" not in text
    assert 'class="advert"' in text_of(client.get("/news/a-story/"))


def test_body_that_was_never_checked_is_shown_without_what_is_wrong(client):
    make_article(
        "a-story", body="Good.\n\n::: nonsense\n:::\n\n<b>bad</b>\n\nStill good.\n\n::: quote"
    )
    response = client.get("/news/a-story/")
    assert response.status_code == 200
    assert "<p>Good.</p>" in text_of(response)
    assert "<p>Still good.</p>" in text_of(response)
    assert "nonsense" not in text_of(response)


def test_story_without_a_body_is_a_page(client):
    smuggle(make_article("a-story"), body="")
    assert is_strict_html(client.get("/news/a-story/"))


# Adverts


def test_advert_stands_between_paragraphs_and_is_labelled(client):
    make_advert(headline="Buy tea", text="It is hot.", link="https://e.org/", link_text="Tea")
    make_article("a-story", body=f"{PARAGRAPH}\n\n" * 10)
    text = text_of(client.get("/news/a-story/"))
    advert = element(client.get("/news/a-story/"), "aside", "advert")
    assert "Advert" in advert
    assert "Buy tea" in advert
    assert 'rel="sponsored' in advert
    assert text[: text.index('class="advert"')].count(f"<p>{PARAGRAPH}</p>") == 2


@pytest.mark.parametrize(
    "fields",
    [{"weight": 0}, {"starts_at": "2199-01-01"}, {"ends_at": "2001-01-01"}],
)
def test_advert_that_is_not_running_leaves_no_box(client, fields):
    make_advert(**fields)
    make_article("a-story", body=f"{PARAGRAPH}\n\n" * 10)
    assert 'class="advert"' not in text_of(client.get("/news/a-story/"))


# Leaderboards in a story


@pytest.fixture
def board():
    """Ann led with 10 days when the story appeared on 1 March 2020; Bo has 20 since."""
    atlantis = make_country("ATL")
    for name, days, launched_at in (("Ann Abel", 10, "2019-01-01"), ("Bo Baker", 20, "2021-01-01")):
        astronaut = make_astronaut(name, nationality=atlantis)
        make_flight(astronaut, days=days, launched_at=launched_at)
    return make_leaderboard("longest", country=atlantis)


@pytest.mark.usefixtures("board")
def test_live_leaderboard_shows_the_rows_of_today(client):
    make_article("a-story", body='One.\n\n::: leaderboard slug="longest" top="1" at="live"\n:::')
    response = client.get("/news/a-story/")
    assert is_strict_html(response)
    assert "Bo Baker" in text_of(response)
    assert "20 d" in text_of(response)
    assert "Ann Abel" not in text_of(response)


@pytest.mark.usefixtures("board")
def test_leaderboard_shows_the_rows_of_then_and_says_what_is_so_now(client):
    make_article("a-story", body='::: leaderboard slug="longest"\n:::')
    text = text_of(client.get("/news/a-story/"))
    table, _, below = text[text.index("<table") :].partition("</table>")
    assert "Ann Abel" in table
    assert "Bo Baker" not in table
    assert "When this story was published" in below
    assert "Now Bo Baker leads, with" in below
    assert "Elsewhere now: 2 Ann Abel." in below


@pytest.mark.parametrize(
    ("published_at", "words"),
    [("2021-06-01", "It is still so."), ("2018-01-01", "Now Bo Baker leads, with")],
)
def test_what_is_so_now_is_said_whether_or_not_it_differs(client, board, published_at, words):
    make_article("a-story", body='::: leaderboard slug="longest"\n:::', published_at=published_at)
    assert words in text_of(client.get("/news/a-story/"))


def test_who_is_in_flight_below_the_first_rows_ticks_in_the_sentence(client, board, clock):
    clock("2022-01-10T00:00:00Z")
    make_confirmation(through_at="2022-01-09T00:00")
    make_flight(
        make_astronaut("Cy Dorn", nationality=board.country),
        launch_mission=make_mission(launched_at="2022-01-08", landed_at=None),
    )
    make_article("a-story", body='::: leaderboard slug="longest" top="1" at="live"\n:::')
    text = text_of(client.get("/news/a-story/"))
    assert "In flight now, in place 3:" in text
    assert "<live-duration" in text[text.index("In flight now, in place") :]


def test_record_card_tells_a_rank_then_and_now(client, board):
    make_article(
        "a-story",
        body='::: record astronaut="ann-abel" leaderboard="longest"\n:::\n\n'
        '::: record astronaut="bo-baker" leaderboard="longest"\n:::',
    )
    response = client.get("/news/a-story/")
    assert is_strict_html(response)
    first, second = re.findall(
        r'<aside class="record-card".*?</aside>', text_of(response), re.DOTALL
    )
    assert re.search(
        r"<dt>.*1 March 2020.*?<dd>1, with .*10 d.*<dt>Now</dt><dd>2, with", first, re.S
    )
    assert re.search("<dd>.*not listed.*<dt>Now</dt><dd>1, with .*20 d", second, re.DOTALL)


def test_record_card_of_who_was_lost_in_flight_tells_no_rank(client, board):
    Mission.objects.filter(launch_flights__astronaut__slug="ann-abel").update(lost=True)
    make_article("a-story", body='::: record astronaut="ann-abel" leaderboard="longest"\n:::')
    (card,) = re.findall(
        r'<aside class="record-card".*?</aside>', text_of(client.get("/news/a-story/")), re.DOTALL
    )
    assert re.search("Now</dt><dd>still <", card)
    assert ", with" not in card


def test_rank_that_is_the_same_is_still_so(client, board):
    make_article(
        "a-story",
        body='::: record astronaut="bo-baker" leaderboard="longest"\n:::',
        published_at="2021-06-01",
    )
    assert "<dt>Now</dt><dd>still 1, with" in text_of(client.get("/news/a-story/"))


FIGURES = {
    'of="progression" leaderboard="longest"': "Longest: how the record rose",
    'of="flights" flights="ann-abel/one bo-baker/two"': "Soyuz Two",
    'of="career" astronaut="ann-abel"': "Time in space of Ann Abel",
    'of="in-space" at="2019-01-05"': "In space on 5 January 2019",
}


@pytest.fixture
def flown():
    """The same two, on ships with names."""
    atlantis = make_country("ATL")
    for name, ship, launched_at, landed_at in (
        ("Ann Abel", "one", "2019-01-01", "2019-01-11"),
        ("Bo Baker", "two", "2021-01-01", "2021-01-21"),
    ):
        mission = make_mission(
            ship, name=f"Soyuz {ship.title()}", launched_at=launched_at, landed_at=landed_at
        )
        make_flight(make_astronaut(name, nationality=atlantis), launch_mission=mission)
    return make_leaderboard("longest", title="Longest", country=atlantis)


@pytest.mark.usefixtures("flown")
@pytest.mark.parametrize("place", ["body", "lead_figure"])
@pytest.mark.parametrize("figure", FIGURES)
def test_figure_is_drawn_with_its_date_its_rows_and_its_page(client, figure, place):
    at = "" if "at=" in figure else ' at="live"'
    written = f'figure {figure}{at} caption="See <this>."'
    text = f"One.\n\n::: {written}\n:::"
    make_article("a-story", **({"body": text} if place == "body" else {"lead_figure": written}))
    response = client.get("/news/a-story/")
    assert is_strict_html(response)
    text = text_of(response)
    shown = text[text.index('class="story-figure"') :]
    assert FIGURES[figure] in shown
    assert "See &lt;this&gt;." in shown
    assert "<table" in shown
    assert "As of <time" in shown
    assert "All of it in the record book" in shown


@pytest.mark.usefixtures("flown")
@pytest.mark.parametrize("figure", FIGURES)
def test_two_figures_of_a_kind_stand_on_one_page(client, figure):
    block = f"::: figure {figure}\n:::"
    make_article("a-story", body=f"{block}\n\n{block}", published_at="2021-06-01")
    response = client.get("/news/a-story/")
    ids = re.findall(r' id="([^"]+)"', text_of(response))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "block",
    [
        'leaderboard slug="gone"',
        'record astronaut="nobody" leaderboard="longest"',
        'record astronaut="ann-abel" leaderboard="gone"',
        'figure of="progression" leaderboard="gone"',
        'figure of="career" astronaut="nobody"',
        'figure of="flights" flights="ann-abel/gone nobody/none"',
        'figure of="in-space" at="1958-01-01"',
    ],
)
def test_block_of_what_is_not_there_shows_nothing(client, board, block):
    make_article("a-story", body=f"One.\n\n::: {block}\n:::\n\nTwo.", lead_figure=block)
    response = client.get("/news/a-story/")
    assert response.status_code == 200
    assert is_strict_html(response)
    for words in ("<table", "<figure", "record-card", "story-figure"):
        assert words not in text_of(response)


def test_no_figure_is_chosen_for_a_story_but_by_its_editors(client, board):
    make_article("a-story", leaderboards=[board])
    assert "<figure" not in text_of(client.get("/news/a-story/"))
    make_article(
        "another", leaderboards=[board], lead_figure='leaderboard slug="longest" at="live"'
    )
    text = text_of(client.get("/news/another/"))
    assert text.index("Bo Baker") < text.index("First paragraph.")


def test_leaderboard_that_is_gone_is_left_out(client):
    make_article("a-story", body='One.\n\n::: leaderboard slug="gone"\n:::\n\nTwo.')
    response = client.get("/news/a-story/")
    assert response.status_code == 200
    assert "<table" not in text_of(response)


def test_leaderboard_on_which_nobody_stands_says_so(client):
    make_leaderboard("empty", country=make_country("ATL"))
    make_article("a-story", body='::: leaderboard slug="empty"\n:::')
    assert "Nobody was listed." in text_of(client.get("/news/a-story/"))


# Related stories


def slugs(articles):
    return [article.slug for article in articles]


AT = instant("2024-01-01")


def test_hand_picked_stories_come_first_then_the_primary_topic_then_shared_topics():
    space, moon = make_topic("space"), make_topic("moon")
    picked = make_article("picked", published_at="2001-01-01")
    make_article("shares", topics=[moon], published_at="2023-01-01")
    make_article("same", topics=[space], primary_topic=space, published_at="2002-01-01")
    make_article("newer-same", topics=[space], primary_topic=space, published_at="2003-01-01")
    make_article("neither", topics=[make_topic("mars")])
    article = make_article(topics=[space, moon], primary_topic=space, related=[picked])
    assert slugs(related_to(article, AT)) == ["picked", "newer-same", "same", "shares"]


def test_related_stories_are_four_at_most_and_never_the_story_itself():
    space = make_topic("space")
    others = [make_article(topics=[space], primary_topic=space) for _ in range(8)]
    article = make_article(topics=[space], primary_topic=space, related=others[:2])
    article.related.add(article)
    found = related_to(article, AT)
    assert len(found) == len(set(slugs(found))) == 4
    assert article not in found


def test_related_stories_are_public_ones():
    space = make_topic("space")
    hidden = [
        make_article(topics=[space], state="draft"),
        make_article(topics=[space], state="withdrawn"),
        make_article(topics=[space], state="scheduled", published_at="2024-01-02"),
    ]
    article = make_article(topics=[space], primary_topic=space, related=hidden)
    assert slugs(related_to(article, AT)) == []


def test_story_without_topics_is_not_related_to_others_without():
    make_article("another")
    assert slugs(related_to(make_article(), AT)) == []


def test_relation_goes_from_the_story_that_was_given_it():
    article = make_article("one")
    other = make_article("other", related=[article])
    assert slugs(related_to(article, AT)) == []
    assert slugs(related_to(other, AT)) == ["one"]


# Queries


def test_story_takes_few_queries_however_long(client, django_assert_max_num_queries):
    topics = [make_topic(f"topic-of-{number}") for number in range(20)]
    flights = [make_flight(days=number + 1) for number in range(30)]
    boards = [make_leaderboard(f"board-{number}") for number in range(5)]
    for number in range(10):
        make_advert(f"box-{number}")
        make_article(topics=topics[number:], primary_topic=topics[0])
    article = make_article(
        "a-story",
        body="\n\n".join([PARAGRAPH] * 40)
        + "".join(f'\n\n::: leaderboard slug="board-{number}"\n:::' for number in range(4)),
        authors=[make_author() for _ in range(10)],
        topics=topics,
        primary_topic=topics[3],
        astronauts=[flight.astronaut for flight in flights],
        missions=[flight.launch_mission for flight in flights],
        leaderboards=boards,
        related=Article.objects.all()[:2],
    )
    for number in range(5):
        make_correction(article, made_at=f"2020-04-0{number + 1}")
    client.get("/news/a-story/")
    with django_assert_max_num_queries(9):
        text = text_of(client.get("/news/a-story/"))
    assert text.count(PARAGRAPH) == 40
    assert text.count('class="advert"') > 5
    assert text.count('rel="author"') == 10


# Addresses that were public


def save(article, **changes):
    """As the admin does, from what is stored."""
    article = type(article).objects.get(pk=article.pk)
    for name, value in changes.items():
        setattr(article, name, value)
    article.full_clean()
    article.save()


def test_story_that_was_withdrawn_to_a_draft_and_moved_leads_on_from_its_old_address(client):
    article = make_article("old-name")
    save(article, state="draft")
    assert client.get("/news/old-name/").status_code == 404
    save(article, slug="new-name")
    save(article, state="published")
    answer = client.get("/news/old-name/")
    assert (answer.status_code, answer["Location"]) == (301, "/news/new-name/")
    assert client.get("/news/new-name/").status_code == 200


def test_every_address_that_was_public_leads_on_however_it_was_changed(client):
    article = make_article("first")
    rows = type(article).objects.filter(pk=article.pk)
    rows.update(slug="second")
    rows.update(state="draft")
    rows.update(slug="never-public")
    rows.update(slug="third", state="published")
    for slug in ("first", "second"):
        assert client.get(f"/news/{slug}/")["Location"] == "/news/third/"
    assert client.get("/news/never-public/").status_code == 404


def test_scheduled_story_was_public_once_its_time_had_come(client):
    article = make_article("at-dawn", state="scheduled", published_at="2020-01-01")
    other = make_article("in-a-hundred-years", state="scheduled", published_at="2126-01-01")
    save(article, slug="dawn")
    save(other, slug="later")
    assert client.get("/news/at-dawn/")["Location"] == "/news/dawn/"
    assert client.get("/news/in-a-hundred-years/").status_code == 404
    assert not other.former_addresses.exists()


def test_former_address_may_be_taken_again(client):
    article = make_article("old-name")
    save(article, slug="new-name")
    save(article, slug="old-name")
    assert client.get("/news/old-name/").status_code == 200
    assert client.get("/news/new-name/")["Location"] == "/news/old-name/"


def test_story_that_takes_a_former_address_is_read_there_once_it_is_public(client):
    former = make_article("old-name")
    save(former, slug="new-name")
    other = make_article("old-name", state="draft")
    assert client.get("/news/old-name/")["Location"] == "/news/new-name/"
    save(other, state="published")
    assert client.get("/news/old-name/").status_code == 200
    save(other, slug="third-name")
    assert client.get("/news/old-name/")["Location"] == "/news/third-name/"
    assert former.former_addresses.count() == 0


def test_former_address_of_a_withdrawn_story_leads_to_its_notice(client):
    article = make_article("old-name")
    save(article, slug="new-name")
    save(article, state="withdrawn")
    assert client.get("/news/old-name/")["Location"] == "/news/new-name/"
    assert client.get("/news/new-name/").status_code == 410


def test_address_in_capitals_leads_to_what_is_public_alone(client):
    make_article("a-story")
    make_article("a-draft", state="draft", published_at=None)
    assert client.get("/news/A-Story/")["Location"] == "/news/a-story/"
    assert client.get("/news/A-DRAFT/").status_code == 404


def test_story_whose_text_alone_changes_leaves_no_former_address():
    article = make_article("a-story")
    save(article, headline="Another one", body="Another text.")
    assert not article.former_addresses.exists()
