"""How much is known: counted from the facts, as DATA tables had them."""

from records.facts import coverage, releases
from records.models import Astronaut, Citation, Mission, Spacewalk
from tests.factories import day, make_citation, make_source


def gaps():
    return {gap.words: gap.count for gap in coverage.gaps(releases.build())}


def test_gaps_are_counted_from_the_facts(site):
    found = gaps()
    births = Astronaut.objects.filter(born_on=None).count()
    assert found["People whose birth date is not known"] == births == 93
    assert found["Birth dates known only to the month or year"] == 24
    assert found["Landings known only to the day"] == 3
    assert found["Spacewalks whose start is known only to the day"] == 473
    assert found["Citations without a day on which they were checked"] == 22


def test_a_gap_that_is_filled_is_one_less(site):
    Mission.objects.filter(slug="soyuz-ms-28").update(landing_precision="second")
    assert gaps()["Landings known only to the day"] == 2


def test_precisions_add_up_to_the_instants_there_are(site):
    found = coverage.precisions(releases.build())
    assert found["Launches"].total() == Mission.objects.count()
    assert found["Landings"].total() == Mission.objects.exclude(landed_at=None).count()
    assert found["Starts of spacewalks"].total() == Spacewalk.objects.count()
    assert found["Landings"] == {"second": 377, "minute": 33, "day": 3}


def test_a_citation_covers_what_lies_in_its_span(site):
    release = releases.build()
    source = make_source()

    def covered(**fields):
        return coverage.covered(release, make_citation(source, **fields))

    assert covered(kind="missions") == 416
    assert covered(kind="people") == 790
    assert covered(kind="stations") == 12
    sixties = {"since_on": "1961-01-01", "until_on": "1961-12-31"}
    assert covered(kind="missions", **sixties) == 4
    assert covered(kind="flights", **sixties) == 4
    assert covered(kind="spacewalks", **sixties) == 0
    assert covered(mission=Mission.objects.get(slug="vostok-1")) == 1


def test_a_span_takes_a_mission_by_its_launch_or_its_landing(db):
    citation = Citation(kind="missions", since_on=day("2001-01-01"), until_on=day("2001-12-31"))
    assert citation.spans(day("2000-12-31"), day("2001-01-01"))
    assert citation.spans(day("2001-12-31"), None)
    assert not citation.spans(day("2000-12-31"), day("2002-01-01"))
    assert not citation.spans(None)


def test_every_source_that_is_cited_is_counted(site):
    found = coverage.by_source(releases.build(), tuple(Citation.objects.select_related("source")))
    assert sum(map(len, found.values())) == Citation.objects.count()
    assert all(rows > 0 for cited in found.values() for _, rows in cited)


def test_shipped_citations_were_checked_when_it_was_written_down_and_at_no_other_time(site):
    checked = Citation.objects.filter(checked_on__lte=day("2026-11-22"))
    assert set(checked.values_list("checked_on", "checked_precision")) == {
        (day("2026-11-22"), "day")
    }
    compiled = checked.filter(source__slug="compiled-general")
    assert set(compiled.values_list("source__snapshot_on", flat=True)) == {day("2026-11-22")}
    searched = checked.exclude(source__slug="compiled-general")
    assert set(searched.values_list("mission__slug", flat=True)) == {
        "shenzhou-22",
        "soyuz-ms-28",
        "spacex-crew-12",
    }
    # What was looked for again was the time of day of their landings.
    assert {one.mission.landing_precision for one in searched} == {"day"}
