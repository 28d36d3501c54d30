"""What facts rest on: every disagreement that is shipped, shown where it belongs."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from records.ledger import Ledger
from records.ledger.support import Evidence
from records.models import Astronaut, Citation, Disagreement, Flight, Mission, Spacewalk
from tests.factories import make_citation, make_disagreement, make_source

pytestmark = pytest.mark.django_db


def evidence():
    return Evidence.current(Ledger.current().token)


def slugs(support):
    return {one.slug for one in support.disagreements}


def test_each_shipped_disagreement_has_one_value_used_another_and_a_reason():
    disagreements = Disagreement.objects.prefetch_related("values")
    assert len(disagreements) == 43
    for disagreement in disagreements:
        values = disagreement.values.all()
        assert len(values) > 1
        assert sum(value.chosen for value in values) == 1
        assert disagreement.reason


def test_missions_show_theirs_and_those_of_their_spacewalks():
    assert slugs(evidence().of_mission(Mission.objects.get(slug="sts-125"))) == {"sts-125-station"}
    assert slugs(evidence().of_mission(Mission.objects.get(slug="gemini-4"))) == {
        "white-eva-duration"
    }
    assert slugs(evidence().of_mission(Mission.objects.get(slug="apollo-13"))) == set()


def test_astronauts_show_theirs_and_those_of_their_flights_and_spacewalks():
    def of(slug):
        return slugs(evidence().of_astronaut(Astronaut.objects.get(slug=slug)))

    assert of("jerry-ross") == {"ross-eva-total"}
    assert of("ed-white") == {"white-eva-duration"}
    assert of("yuri-gagarin") == {"vostok-1-landing"}
    assert of("anatoly-solovyev") == {"solovyev-eva-total", "eva-1995-07-21-duration"}
    assert of("nikolai-budarin") == {"eva-1995-07-21-duration"}


def test_a_standing_rests_on_the_sources_of_its_own_flights_and_spacewalks():
    ledger = Ledger.current()
    at = datetime(2026, 10, 10, tzinfo=UTC)

    def sources(board, slug):
        standing = ledger.standings(ledger.leaderboards[board], at).find(slug)[1]
        return [one.slug for one in evidence().sources_of(standing)]

    assert "gcat-rides" in sources("longest-spaceflight", "yuri-gagarin")
    assert "gcat-pop" not in sources("longest-spaceflight", "yuri-gagarin")
    assert "nasa-eva" in sources("most-spacewalks", "anatoly-solovyev")
    assert "gcat-rides" not in sources("most-spacewalks", "anatoly-solovyev")
    assert "wikidata-astronauts" in sources("oldest-in-orbit", "john-glenn")
    rookie = next(
        slug
        for slug, career in ledger.careers.items()
        if [one.launch_mission.slug for one in career.flights] == ["spacex-crew-13"]
    )
    first, second, *_ = sources("longest-spaceflight", rookie)
    assert {first, second} < {"ll2-2026", "news-crew13", "news-planned"}


def test_citations_of_a_row_stand_before_those_of_its_kind_and_time():
    mission = Mission.objects.get(slug="spacex-crew-13")
    support = evidence().of_mission(mission)
    assert {one.source.slug for one in support.own} == {"ll2-2026", "news-crew13", "news-planned"}
    assert {one.source.slug for one in support.general} == {"compiled-general"}
    early = evidence().of_mission(Mission.objects.get(slug="vostok-1"))
    assert early.own == ()
    assert "gcat-rides" in {one.source.slug for one in early.general}
    assert "gcat-pop" not in {one.source.slug for one in early.general}


def test_a_citation_of_a_flight_shows_on_its_mission_and_its_astronaut():
    flight = Flight.objects.select_related("astronaut", "launch_mission").first()
    citation = make_citation(flight=flight)
    assert citation in evidence().of_mission(flight.launch_mission).own
    assert citation in evidence().of_astronaut(flight.astronaut).own


def test_evidence_takes_no_query_while_the_facts_stand(django_assert_num_queries):
    token = Ledger.current().token
    first = Evidence.current(token)
    with django_assert_num_queries(0):
        assert Evidence.current(token) is first
    make_disagreement("this", "that")
    assert evidence() is not first


@pytest.mark.parametrize(
    "address",
    ["/missions/sts-125/", "/astronauts/jerry-ross/", "/spacewalks/eva-1995-07-21/"],
)
def test_pages_show_it_on_demand(client, address):
    text = client.get(address).content.decode()
    assert "<summary>What these facts rest on</summary>" in text
    assert "Where sources disagree" in text
    assert "Used here" in text


def test_pages_without_disagreements_do_not_speak_of_them(client):
    text = client.get("/missions/apollo-13/").content.decode()
    assert "What these facts rest on" in text
    assert "Where sources disagree" not in text


# What the database refuses


def refused(name, save):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        save()


def test_a_disagreement_is_about_one_thing_at_most():
    rows = {
        "mission": Mission.objects.first(),
        "astronaut": Astronaut.objects.first(),
        "spacewalk": Spacewalk.objects.first(),
    }
    for name, row in rows.items():
        make_disagreement(**{name: row})
        others = {other: rows[other] for other in rows if other != name}
        refused("disagreement_about_one_thing", lambda others=others: make_disagreement(**others))


def test_a_citation_is_of_one_row_or_of_a_kind():
    mission, astronaut = Mission.objects.first(), Astronaut.objects.first()
    refused("citation_of_one_thing", lambda: make_citation(mission=mission, astronaut=astronaut))
    refused("citation_of_one_thing", lambda: make_citation(mission=mission, kind="people"))
    refused(
        "citation_of_one_thing",
        lambda: Citation.objects.create(source=make_source(), covers="nothing"),
    )


def test_only_kinds_with_days_have_spans_and_these_run_forwards():
    refused(
        "citation_span_of_a_kind_with_days",
        lambda: make_citation(kind="people", since_on="2001-01-01"),
    )
    refused(
        "citation_days_in_order",
        lambda: make_citation(kind="missions", since_on="2001-01-02", until_on="2001-01-01"),
    )


def test_only_one_value_is_used():
    disagreement = make_disagreement("this", "that")
    with pytest.raises(IntegrityError), transaction.atomic():
        disagreement.values.update(chosen=True)
