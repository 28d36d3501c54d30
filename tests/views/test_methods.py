"""/methods/: whatever the rules are, the page says them."""

from datetime import timedelta
from html import unescape

import pytest

from records.book.criteria import BOUNDARY_WORDS, CRITERIA
from records.book.forecast import HOW_WE_FORECAST, Look
from records.book.metrics import GREATEST_THRESHOLD, METRICS
from records.book.totals import HOW_WE_COUNT
from records.models import Country, Disagreement, Leaderboard, Source
from records.views import methods
from tests import whole_record
from tests.factories import (
    make_citation,
    make_confirmation,
    make_disagreement,
    make_flight,
    make_mission,
)

pytestmark = pytest.mark.django_db


def page(client):
    response = client.get("/methods/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_every_metric_says_how_it_is_counted(client):
    text = page(client)
    for metric in METRICS.values():
        assert f"<h3>{metric.title}</h3>" in text
        assert metric.how_we_count in text


def test_every_leaderboard_stands_under_its_metric(client):
    text = page(client)
    for board in Leaderboard.objects.all():
        assert f'href="{board.get_absolute_url()}"' in text


def test_every_boundary_and_category_is_put_into_words(client):
    text = page(client)
    for words in BOUNDARY_WORDS.values():
        assert words in text
    for one in CRITERIA.values():
        if one.narrows and one.name != "boundary":
            assert f">{one.title}</th>" in text
    assert "for ESA" in text
    assert "to Mir" in text


def test_successors_are_those_of_the_database(client):
    assert "Soviet Union as Russia" in page(client)
    Country.objects.filter(code="SUN").update(successor=Country.objects.get(code="KAZ"))
    assert "Soviet Union as Kazakhstan" in page(client)


def test_the_grace_period_is_the_one_in_force(client, settings):
    assert "7 days after the last confirmation" in page(client)
    settings.GRACE_PERIOD_DAYS = 12
    make_confirmation("2026-10-10")
    assert "12 days after the last confirmation" in page(client)


def test_every_source_is_named_with_its_facts(client):
    text = page(client)
    for source in Source.objects.all():
        assert source.title in text
        assert source.used_for in text
    assert "790 people" in text
    make_citation(Source.objects.get(slug="gcat-pop"), kind="spacewalks", covers="nothing else")
    assert "495 spacewalks" in page(client)


def test_sources_say_when_they_were_checked_where_that_is_known(client):
    text = page(client)
    assert "(landing day and area, checked 22 November 2026)" in text
    assert "(times and vehicles)" in text


def test_gaps_are_counted_and_told(client):
    text = page(client)
    assert "People whose birth date is not known" in text
    assert "US spacewalks 96, 97 and 98" in text


def test_every_disagreement_stands_there_with_its_values_and_reason(client):
    text = page(client)
    for disagreement in Disagreement.objects.prefetch_related("values"):
        assert disagreement.fact in text
        assert disagreement.reason in text
        for value in disagreement.values.all():
            assert value.value in text
    make_disagreement("noon", "midnight", fact="When lunch was")
    assert "When lunch was" in page(client)


def test_every_measure_says_from_where_it_can_be_listed_and_by_what(client):
    text = page(client)
    for words in (
        "Listed from 100 days on",
        "Listed from 40 years on",
        "Listed up to 40 years",
        "Listed from 5 on",
    ):
        assert text.count(f">{words}</td>") == 1
    for metric in METRICS.values():
        link = f'<a href="#{metric.key}">{metric.title}</a>'
        assert text.count(link) == (2 if metric.each else 1)
        assert metric.each_subject in text
    assert "<code>each=flight</code>" in text
    assert f"a whole number up to {GREATEST_THRESHOLD}" in text


def test_person_days_are_told_as_on_the_page_of_countries(client):
    assert HOW_WE_COUNT in page(client)
    assert HOW_WE_COUNT in unescape(client.get("/countries/").content.decode())


def test_forecasts_are_told_as_they_are_made(client, monkeypatch):
    text = page(client)
    assert HOW_WE_FORECAST in text
    assert "the next place on each leaderboard" in text
    assert "every place in its first 10" in text
    assert "within 60 days after it" in text
    rising = ", ".join(metric.title.lower() for metric in METRICS.values() if metric.grows)
    assert f"({rising})" in text
    monkeypatch.setattr(methods, "ALL_AHEAD", Look(places=2, top=7))
    monkeypatch.setattr(methods, "NEAR_MISS", timedelta(days=31))
    text = page(client)
    assert "the next 2 places" in text
    assert "every place in its first 7" in text
    assert "within 31 days after it" in text


def test_the_unconfirmed_are_told_beside_those_in_space(client, clock):
    clock("2026-10-10T00:00:00Z")
    assert ">10 in space</a>." in page(client)
    # The plan of Shenzhou 23 has passed, that of the others has not.
    clock("2026-12-20T00:00:00Z")
    text = page(client)
    assert ">7 in space, all presumed, 3 unconfirmed</a>." in text


def test_page_takes_three_queries_warm(client, django_assert_max_num_queries):
    page(client)
    with django_assert_max_num_queries(3):
        page(client)


def test_what_others_put_into_a_link_changes_nothing(client):
    response = client.get("/methods/", {"at": "2020-01-01"})
    assert response.status_code == 200
    assert "2020-01-01" not in response.content.decode()


def test_an_empty_site_has_rules_and_nothing_else(client):
    whole_record.empty()
    text = page(client)
    assert "The stewards have not confirmed the facts yet" in text
    assert "No disagreements" in text


def test_what_is_overdue_is_named(client):
    assert "Past the planned landing without word:" not in page(client)
    make_flight(
        None, make_mission("late", launched_at="2026-01-01", planned_landing_at="2026-02-01")
    )
    text = page(client)
    assert "Past the planned landing without word:" in text
    assert 'href="/missions/late/"' in text


def test_what_was_confirmed_after_its_planned_landing_is_not_overdue_yet(client, clock):
    make_flight(
        None, make_mission("late", launched_at="2026-01-01", planned_landing_at="2026-02-01")
    )
    make_confirmation("2026-10-10")
    clock("2026-10-17T00:00:00Z")
    assert "Past the planned landing without word:" not in page(client)
    clock("2026-10-17T00:01:00Z")
    assert 'href="/missions/late/"' in page(client)
