"""/astronauts/: the directory, and one career."""

import re
import unicodedata
from datetime import timedelta

import pytest
from django.utils.html import escape

from records.instants import isoformat
from records.ledger import Ledger, lookup
from records.models import Astronaut
from tests.factories import (
    make_astronaut,
    make_country,
    make_flight,
    make_leaderboard,
    make_mission,
    make_spacewalk,
    make_spacewalk_gap,
)

pytestmark = pytest.mark.usefixtures("site")


def listed(page):
    return {career.astronaut.slug for career in page.context["page"].object_list}


def test_the_directory_lists_everybody_who_flew(client):
    assert client.get("/astronauts/").context["total"] == len(Ledger.current().careers) == 790


@pytest.mark.parametrize("name", ["Krikalev", "krikalev", "Krikalyov", "Крикалёв"])
def test_an_astronaut_is_found_by_any_spelling(client, name):
    assert "sergei-krikalev" in listed(client.get("/astronauts/", {"name": name}))


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("lopez alegria", "michael-lopez-alegria"),
        ("LÓPEZ-ALEGRÍA", "michael-lopez-alegria"),
        ("lopezalegria", "michael-lopez-alegria"),
        ("Ohara", "loral-ohara"),
        ("O’Hara", "loral-ohara"),
        ("O'Hara", "loral-ohara"),
        ("o hara", "loral-ohara"),
        ("Haignere", "claudie-haignere"),
        ("ГАГАРИН", "yuri-gagarin"),
        ("гагар", "yuri-gagarin"),
        ("Rubio, Frank", "frank-rubio"),
        ("杨利伟", "yang-liwei"),
        ("Yang Li-Wei", "yang-liwei"),
        ("Jaehn", "sigmund-jahn"),
        ("Uznanski Wisniewski", "slawosz-uznanski-wisniewski"),
        ("GEZERAVCI", "alper-gezeravci"),
    ],
)
def test_an_astronaut_is_found_as_people_type_the_name(client, name, slug):
    page = client.get("/astronauts/", {"name": name})
    assert slug in listed(page)
    assert page.context["total"] < 5
    assert f'value="{escape(name)}"' in page.content.decode()


def test_every_stored_name_finds_its_owner_also_without_anything_that_is_no_letter(client):
    names = lookup.astronauts(Ledger.current().token)
    for astronaut in Astronaut.objects.all():
        for name in (astronaut.name, *astronaut.other_names):
            bare = "".join(one for one in unicodedata.normalize("NFKD", name) if one.isalpha())
            for typed in (name, name.upper(), name.lower(), bare):
                assert astronaut.slug in names.containing(typed), typed


def test_a_new_name_is_found_at_once(client):
    make_flight(make_astronaut("Žofie Nová-Ørsted"), days=2)
    assert client.get("/astronauts/", {"name": "nova orsted"}).context["total"] == 1
    Astronaut.objects.filter(name="Žofie Nová-Ørsted").update(name="Ada Vega", family_name="Vega")
    assert client.get("/astronauts/", {"name": "nova orsted"}).context["total"] == 0


def test_the_directory_is_that_of_the_instant(client):
    page = client.get("/astronauts/", {"at": "1961-12-31"})
    assert listed(page) == {"yuri-gagarin", "alan-shepard", "gus-grissom", "gherman-titov"}
    assert "by family name" in page.content.decode()
    page = client.get("/astronauts/", {"at": "1962-01", "country": "USA"})
    assert listed(page) == {"alan-shepard", "gus-grissom"}
    assert client.get("/astronauts/", {"at": "1957-10-05"}).context["total"] == 0


@pytest.mark.parametrize("name", ["zzzzzz", "%", "_", "' OR 1=1", "x" * 5000])
def test_a_name_that_nobody_has_finds_nobody(client, name):
    page = client.get("/astronauts/", {"name": name})
    assert page.status_code == 200
    assert page.context["total"] == 0


def test_filters_of_the_directory_narrow_together(client):
    page = client.get("/astronauts/", {"country": "SUN", "sex": "F"})
    assert listed(page) >= {"valentina-tereshkova", "svetlana-savitskaya"}
    assert page.context["total"] < 10


def test_rubio_went_up_on_one_ship_and_down_on_another(client):
    page = client.get("/astronauts/frank-rubio/").content.decode()
    assert "370 d 21 h 22 m" in page
    assert 'href="/missions/soyuz-ms-22/"' in page
    assert 'href="/missions/soyuz-ms-23/"' in page


def test_the_last_ship_in_the_directory_is_the_one_they_came_down_on(client):
    page = client.get("/astronauts/", {"name": "Rubio"}).content.decode()
    row = page[page.index("<tbody") : page.index("</tbody")]
    assert 'href="/missions/soyuz-ms-23/"' in row
    assert 'href="/missions/soyuz-ms-22/"' not in row


def test_a_career_at_an_earlier_instant_knows_nothing_later(client):
    page = client.get("/astronauts/peggy-whitson/", {"at": "2003-01-01"})
    assert len(page.context["career"].flights) == 1
    assert len(page.context["spacewalks"]) == 1


@pytest.mark.parametrize(
    ("address", "ceiling"),
    [("/astronauts/", 5), ("/astronauts/sergei-krikalev/", 9), ("/astronauts/anil-menon/", 9)],
)
def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries, address, ceiling):
    client.get(address)
    with django_assert_max_num_queries(ceiling):
        assert client.get(address).status_code == 200


def content(page):
    """The words of a page's own part, without marks."""
    main = re.search(r"<main.*?</main>", page.content.decode(), re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_of_everybody_who_died_in_flight_the_page_tells_flights_and_no_ranks(client):
    """At whatever instant: before the loss as well."""
    lost = {
        slug: career.flights[-1].landed_at
        for slug, career in Ledger.current().careers.items()
        if career.flights[-1].lost
    }
    assert len(lost) == 19
    for slug, at in lost.items():
        for query in ({}, {"at": isoformat(at - timedelta(minutes=1))}):
            page = client.get(f"/astronauts/{slug}/", query)
            words = re.split(r" Sources (?!differ)", content(page))[0]
            assert "Flights" in words
            assert page.context["places"] == []
            told = page.context["records_when_flown"]
            words = words.replace(content_of(told), "")
            assert not re.search(
                r"\b(best|ranks?|records?|longest|most|youngest|oldest)\b", words, re.I
            ), slug
            assert (
                "records"
                not in re.search(r'name="description" content="([^"]*)"', page.content.decode())[1]
            )


def content_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", str(html)).split())


def test_what_was_a_record_when_it_was_flown_is_one_plain_sentence(client):
    words = content(client.get("/astronauts/georgy-dobrovolsky/"))
    assert re.search(
        "When they were flown, these were records: .*Longest single spaceflight , 23 d 18 h 21 m , "
        r"jointly, 23 June 1971 \.",
        words,
    )
    for other in ("ilan-ramon", "frank-rubio"):
        assert "were records" not in content(client.get(f"/astronauts/{other}/"))


def test_who_was_lost_after_a_record_of_an_earlier_flight_is_told_alike(client):
    """The sentence tells what was flown before, too; ranks are of nobody who died in flight."""
    country = make_country("QQQ")
    who = make_astronaut("Ada Vega", nationality=country)
    make_leaderboard("longest-qqq", title="Longest of QQQ", country=country)
    make_flight(who, days=10, launched_at="1999-03-01")
    lost = make_mission(launched_at="2001-01-01", landed_at="2001-01-02", lost=True)
    before = content(client.get("/astronauts/ada-vega/"))
    assert "Records held" in before
    assert "Ranks" in before
    make_flight(who, lost)
    after = content(client.get("/astronauts/ada-vega/"))
    assert (
        "When it was flown, this was a record: Longest of QQQ , 10 d 0 h 0 m , 1 March 1999 ."
        in after
    )
    assert "Records held" not in after
    assert "Ranks" not in after


def test_spacewalks_that_are_missing_are_said_and_make_a_lower_bound(client):
    flight = make_flight(make_astronaut("Ada Vega"), days=10)
    make_spacewalk(flight)
    page = client.get("/astronauts/ada-vega/").content.decode()
    assert "Missing here" not in page
    make_spacewalk_gap(flight, "The second one, as its crew is not confirmed.")
    for address in ("/astronauts/ada-vega/", flight.launch_mission.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Missing here: The second one, as its crew is not confirmed." in page
    assert "at least 1" in client.get("/astronauts/ada-vega/").content.decode()


def test_a_running_total_is_as_well_known_as_its_flights(client):
    page = client.get("/astronauts/jessica-meir/")
    first, second = (row["total"].value.text for row in page.context["flights"])
    assert first == "204 d 15 h 19 m"
    assert second == "at least 441 d"


def test_what_did_not_reach_space_adds_nothing_to_the_running_total(client):
    rows = client.get("/astronauts/ellison-onizuka/").context["flights"]
    assert [row["total"].value.text for row in rows] == ["3 d 1 h 33 m"] * 2
    (row,) = client.get("/astronauts/christa-mcauliffe/").context["flights"]
    assert row["total"] is None
