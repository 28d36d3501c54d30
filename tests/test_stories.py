"""The stories say what the facts say.

Each figure in `stories/<slug>.json` is worked out again, as of the moment its story appeared, and
must stand in the story in these very words. Whoever changes a fact learns here which story states
it.
"""

import re
from collections import Counter

import pytest
from django.conf import settings

from records import models
from records.body.blocks import LeaderboardBlock, Paragraph, Quote
from records.body.parse import parse, parse_figure
from records.body.references import named_in
from records.book.careers import State
from records.ledger import Ledger
from tests.stories.book import Answers, sentences

pytestmark = pytest.mark.usefixtures("site")

RUBIO = "frank-rubio-returns-after-371-days"
KONONENKO = "kononenko-passes-padalka"
NINETEEN = "nineteen-in-orbit"
NINE = "nine-people-have-stayed-a-year"
STARLINER = "the-eight-day-flight-that-took-286"
POLYAKOV = "polyakovs-record-at-thirty"
WHITSON = "whitson-adds-twenty-days"
ARTEMIS = "artemis-ii-comes-home"
TIANGONG = "tiangongs-crews-change-ships"
MOONWALK = "the-first-moonwalk-lasted-two-and-a-half-hours"
SHIPS = "up-on-one-ship-down-on-another"
TWO_YEARS = "the-two-year-club-that-is-not"
TEN = "ten-people-in-space-as-far-as-we-know"

FIGURES = list(sentences())

LINK = re.compile(r"\]\(/(?P<noun>[a-z]+)/(?P<slug>[-\w]+)/\)")


@pytest.fixture
def book():
    """Story → the record book at the moment it appeared, or was last updated."""
    ledger = Ledger.current()

    def at(story):
        article = models.Article.objects.get(slug=story)
        return Answers(ledger, article.updated_at or article.published_at)

    return at


def words_of(article):
    return "\n".join((article.headline, article.standfirst, article.body))


@pytest.mark.parametrize(
    ("story", "sentence", "figures"),
    FIGURES,
    ids=[f"{story}: {sentence}" for story, sentence, _ in FIGURES],
)
def test_a_story_states_what_the_record_book_computes(story, sentence, figures, book):
    article = models.Article.objects.get(slug=story)
    answers = map(book(story).figure, figures)
    assert sentence.format(*answers) in words_of(article)


def test_every_story_has_at_least_two_figures_checked():
    checked = Counter(story for story, *_ in FIGURES)
    assert set(checked) == set(models.Article.objects.values_list("slug", flat=True))
    assert min(checked.values()) >= 2


def test_the_three_of_soyuz_ms_22_share_their_place(book):
    rows = book(RUBIO).standings("longest-spaceflight")
    shared = {row.astronaut.slug for row in rows if row.rank == 3 and row.tied}
    assert shared == {"frank-rubio", "sergey-prokopyev", "dmitri-petelin"}


def test_the_first_eight_totals_were_soviet_or_russian_when_kononenko_took_the_lead(book):
    rows = book(KONONENKO).standings("total-time-in-space")
    assert {row.country for row in rows[:8]} == {"RUS"}
    assert rows[8].country == "USA"
    assert rows[0].astronaut.slug == "oleg-kononenko"
    assert rows[1].astronaut.slug == "gennady-padalka"


def test_the_crews_listed_as_nineteen_in_orbit_were_there(book):
    article = models.Article.objects.get(slug=NINETEEN)
    named = set(article.astronauts.values_list("slug", flat=True)) - {"yuri-gagarin"}
    assert named == {career.astronaut.slug for career in book(NINETEEN).people_aloft()}


def test_there_had_never_been_nineteen_in_orbit_before(book):
    b = book(NINETEEN)
    launches = {flight.launched_at for flight in b.trips()}
    before = launches - {b.launch("soyuz-ms-26")}
    assert max(len(b.people_aloft(at)) for at in before) == 17


def test_everyone_who_has_stayed_a_year_came_home_in_another_ship(book):
    rows = book(NINE).standings("year-in-space")
    assert len(rows) == 9
    assert all(row.mark.parts[0].changed_ships for row in rows)
    assert {row.astronaut.sex for row in rows} == {"M"}


def test_nobody_had_come_within_eight_weeks_of_polyakov(book):
    first, second, *_ = book(POLYAKOV).standings("longest-spaceflight")
    assert first.astronaut.slug == "valeri-polyakov"
    assert first.value.amount - second.value.amount > 8 * 7 * 86_400


def test_no_american_and_no_woman_had_more_time_in_space_than_whitson(book):
    for board in ("total-time-in-space-americans", "total-time-in-space-women"):
        first, second, *_ = book(WHITSON).standings(board)
        assert first.astronaut.slug == "peggy-whitson"
        assert second.astronaut.slug == "sunita-williams"


def test_everyone_who_flew_to_the_moon_on_apollo_was_an_american_man(book):
    b = book(ARTEMIS)
    people = set(b.to_the_moon())
    assert {b.career(who).astronaut.sex for who in people} == {"M"}
    assert {b.career(who).astronaut.country for who in people} == {"USA"}


def test_the_first_moonwalk_was_the_longest_spacewalk_yet():
    first = models.Spacewalk.objects.get(kind="lunar-surface", mission__slug="apollo-11")
    earlier = models.Spacewalk.objects.filter(started_at__lt=first.started_at)
    assert all(walk.duration < first.duration for walk in earlier)


def test_armstrong_stood_below_hundreds_in_time_outside(book):
    assert book(MOONWALK).standing("total-spacewalk-time", "neil-armstrong").rank > 200


def test_seven_vehicles_flew_one_way_without_people(book):
    up = {flight.launch_mission.slug for flight in book(SHIPS).trips()}
    down = {flight.landing_mission.slug for flight in book(SHIPS).landed()}
    article = models.Article.objects.get(slug=SHIPS)
    orbital = models.Mission.objects.filter(boundary="orbit")
    landed = set(orbital.filter(landed_at__isnull=False).values_list("slug", flat=True))
    launched = set(orbital.values_list("slug", flat=True))
    one_way = (landed - down) | (launched - up)
    assert len(landed - down) == 4
    assert len(launched - up) == 3
    assert one_way <= set(article.missions.values_list("slug", flat=True))


def test_all_ten_were_presumed_to_be_aloft_when_the_story_said_so(book):
    b = book(TEN)
    assert {career.aloft.state for career in b.people_aloft()} == {State.PRESUMED}
    named = set(models.Article.objects.get(slug=TEN).astronauts.values_list("slug", flat=True))
    assert {career.astronaut.slug for career in b.people_aloft()} <= named


def test_the_grace_period_is_the_week_that_the_story_explains():
    assert settings.GRACE_PERIOD_DAYS == 7


def test_every_body_can_be_read_without_a_problem():
    for article in models.Article.objects.all():
        assert parse(article.body).problems == (), article.slug


def test_a_story_lists_exactly_what_it_links_to():
    for article in models.Article.objects.all():
        linked = {"astronauts": set(), "missions": set(), "records": set()}
        for link in LINK.finditer(article.body):
            linked[link["noun"]].add(link["slug"])
        nouns = {"astronaut": "astronauts", "mission": "missions", "leaderboard": "records"}
        for body in (parse(article.body), parse_figure(article.lead_figure)):
            for one in named_in(body):
                linked[nouns[one.kind]].add(one.slug)
        for noun, slugs in linked.items():
            field = article.leaderboards if noun == "records" else getattr(article, noun)
            assert set(field.values_list("slug", flat=True)) == slugs, article.slug


def test_every_link_in_a_story_is_of_a_known_form():
    for article in models.Article.objects.all():
        targets = re.findall(r"\]\([^)]*\)", article.body)
        assert [target for target in targets if not LINK.fullmatch(target)] == [], article.slug


def test_no_story_speaks_of_a_mission_before_its_launch():
    for article in models.Article.objects.all():
        later = article.missions.filter(launched_at__gt=article.published_at)
        assert list(later) == [], article.slug


def test_no_story_speaks_of_anyone_before_a_first_flight():
    for article in models.Article.objects.all():
        for astronaut in article.astronauts.all():
            flown = astronaut.flights.filter(launch_mission__launched_at__lte=article.published_at)
            assert flown.exists(), f"{article.slug}: {astronaut}"


def test_every_quotation_in_a_story_has_its_source():
    quotes = [
        (article.slug, block)
        for article in models.Article.objects.all()
        for block in parse(article.body).blocks
        if isinstance(block, Quote)
    ]
    assert quotes
    assert [slug for slug, quote in quotes if not (quote.role and quote.source)] == []


def test_the_seed_story_shows_every_block(client):
    article = models.Article.objects.get(slug=RUBIO)
    body = parse(article.body)
    kinds = Counter(type(block).__name__ for block in body.blocks)
    assert kinds["Quote"] == 2
    assert kinds["RecordBlock"] == 1
    assert {one.at for one in body.blocks if isinstance(one, LeaderboardBlock)} == {
        *("live", "publication")
    }
    text = client.get(article.get_absolute_url()).content.decode()
    assert text.count('class="advert"') == 2
    assert "<live-duration" in text
    assert "story-figure" in text
    assert "Related stories" in text


def test_every_story_begins_with_two_paragraphs():
    for article in models.Article.objects.all():
        first = parse(article.body).blocks[:2]
        assert all(isinstance(block, Paragraph) for block in first), article.slug


def test_the_seed_story_stands_under_its_three_topics():
    article = models.Article.objects.get(slug=RUBIO)
    topics = set(article.topics.values_list("name", flat=True))
    assert {"Space", "International Space Station", "NASA"} <= topics
    assert article.published_at.date().isoformat() == "2023-09-27"


def test_every_story_is_published_under_a_name_and_a_topic_of_its_own_list():
    for article in models.Article.objects.all():
        assert article.state == models.articles.ArticleState.PUBLISHED
        assert article.byline.exists(), article.slug
        assert article.primary_topic in article.topics.all(), article.slug
        assert article not in article.related.all(), article.slug


def test_every_topic_has_a_description_and_a_story():
    for topic in models.Topic.objects.all():
        assert topic.description, topic.slug
        assert topic.articles.exists(), topic.slug


def test_a_correction_says_what_the_story_now_says(book):
    correction = models.Correction.objects.get()
    passed_at = book(KONONENKO).figure(
        "launch soyuz-tma-16m + total sergei-krikalev - total-before gennady-padalka soyuz-tma-16m"
    )
    assert f"{passed_at:%-d %B %Y}" in correction.right
    assert f"{passed_at:%-d %B %Y}" in correction.article.body
    landed_at = models.Mission.objects.get(slug="soyuz-tma-16m").landed_at
    assert f"{landed_at:%-d %B %Y}" in correction.wrong
    assert f"{landed_at:%-d %B %Y}" not in correction.article.body


def test_adverts_are_our_own_and_lead_nowhere():
    adverts = models.Advert.objects.all()
    assert len(adverts) >= 4
    assert not any(advert.link or advert.link_text for advert in adverts)
    seed = models.Article.objects.get(slug=RUBIO)
    assert models.Advert.objects.running(seed.published_at).count() >= 3
