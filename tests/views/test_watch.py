"""/watch/ and its twins: what is told of a flight under way, and in which words."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from records.instants import isoformat, read_clock
from records.ledger import Ledger
from records.models import (
    Article,
    Astronaut,
    Confirmation,
    DataVersion,
    Flight,
    Leaderboard,
    Mission,
    SpacewalkCrew,
    SpacewalkGap,
    SurfaceStay,
)
from tests import whole_record
from tests.factories import (
    instant,
    make_astronaut,
    make_confirmation,
    make_flight,
    make_leaderboard,
    make_mission,
)
from tests.formats.test_icalendar import properties

NOW = instant("2010-06-01T12:00")
DAY = timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def record(db, clock):
    """A record of its own, on 1 June 2010: Long once flew for 20 days, Brief for 10."""
    whole_record.empty(
        Confirmation,
        SurfaceStay,
        SpacewalkCrew,
        SpacewalkGap,
        Flight,
        Article.leaderboards.through,
        Leaderboard,
    )
    make_leaderboard(slug="longest", title="Longest of all", metric="longest-flight")
    make_flight(make_astronaut("Uma Brief"), launched_at="1990-01-01", days=10)
    make_flight(make_astronaut("Lena Long"), launched_at="1991-01-01", days=20)
    make_confirmation(through_at=NOW)
    clock(NOW)


@pytest.fixture
def launch():
    def make(*names, days=5, plan=None):
        """Put people into space who have been there for so many days."""
        ship = make_mission(
            launched_at=NOW - days * DAY,
            landed_at=None,
            planned_landing_at=plan,
            **({"planned_landing_precision": "day"} if plan else {}),
        )
        for name in names:
            make_flight(make_astronaut(name), launch_mission=ship)
        return ship

    return make


def page(client, query="") -> str:
    response = client.get(f"/watch/{query}")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def milestones(client, query=""):
    return client.get(f"/watch.json{query}").json()["milestones"]


def events(client) -> list[dict]:
    """The calendar's events, each a dictionary of its properties."""
    response = client.get("/watch.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    found, event = [], None
    for name, value in properties(response.content.decode()):
        if (name, value) == ("BEGIN", "VEVENT"):
            event = {}
        elif (name, value) == ("END", "VEVENT"):
            found.append(event)
        elif event is not None:
            event[name] = value
    return found


# The page


def test_the_next_places_stand_with_their_second_and_the_plan(client, record, launch):
    launch("Ada Vega", plan=instant("2010-06-10"))
    text = page(client)
    assert "6 June 2010, 12:00:01 UTC Longest of all Rank 2, passing Uma Brief" in text
    assert "4 d 11 h before the planned landing" in text
    assert "16 June 2010, 12:00:01 UTC Longest of all Rank 1, passing Lena Long" in text
    assert "Falls 5 d 12 h short; needs an extension" in text
    assert "landing planned by 10 June 2010" in text


def test_records_that_could_fall_stand_apart_with_the_whole_crew(client, record, launch):
    launch("Ada Vega", "Bo Orion", plan=instant("2010-07-10"))
    text = page(client)
    assert "Longest of all Bo Orion and Ada Vega : rank 1, passing Lena Long" in text


def test_a_record_out_of_reach_is_not_promised(client, record, launch):
    make_flight(make_astronaut("Far Ahead"), launched_at="1992-01-01", days=300)
    launch("Ada Vega", plan=instant("2010-06-10"))
    assert "No record is in reach" in page(client)
    assert [one["rank"] for one in milestones(client)] == [3, 2]


def test_without_a_planned_landing_the_page_says_so(client, record, launch):
    launch("Ada Vega")
    assert "No planned landing is known" in page(client)


def test_presumed_flights_are_told_with_the_word(client, record, launch, clock):
    launch("Ada Vega", plan=instant("2010-07-10"))
    clock(NOW + 8 * DAY)
    assert "in flight, presumed" in page(client)
    assert "The flight is presumed to go on" in page(client)
    assert all(one["presumed"] for one in milestones(client))


def test_unconfirmed_flights_are_told_no_future(client, record, launch, clock):
    launch("Ada Vega", plan=instant("2010-06-03"))
    clock(NOW + 4 * DAY)
    text = page(client)
    assert "Unconfirmed, and therefore told no future: Ada Vega ." in text
    assert "Nobody to watch" in text
    assert milestones(client) == []
    assert events(client) == []


def test_nobody_in_space_is_said(client, record):
    assert "Nobody to watch" in page(client)
    assert "No record fell" in page(client)


def test_what_fell_in_the_last_year_is_listed(client, record):
    make_flight(make_astronaut("Ada Vega"), launched_at="2010-03-01", days=30)
    text = page(client)
    assert "21 March 2010, 00:00 UTC Longest of all Ada Vega, from Lena Long 30 d 0 h 0 m" in text
    assert "No record fell" in page(client, "?at=2010-03-20")
    assert "Still rising" in page(client, "?at=2010-03-22")
    assert "No record fell" in page(client, "?at=2009-03-20")


def test_no_record_is_said_to_have_fallen_to_a_crew_that_was_lost(client, record):
    ship = make_mission(launched_at="2010-03-01", landed_at=instant("2010-03-31"), lost=True)
    make_flight(make_astronaut("Ada Vega"), launch_mission=ship)
    assert "Still rising" in page(client, "?at=2010-03-22")
    assert "No record fell" in page(client)


def test_a_past_instant_is_told_what_came_after_it(client, record):
    make_flight(make_astronaut("Ada Vega"), launched_at="2000-01-01", days=30)
    found = milestones(client, "?at=2000-01-05")
    assert [(one["rank"], one["passes_at"]) for one in found] == [
        (2, "2000-01-11T00:00:01Z"),
        (1, "2000-01-21T00:00:01Z"),
    ]


def test_a_list_that_begins_at_a_threshold_is_joined(client, record, launch):
    make_leaderboard(slug="fifteen", title="Fifteen", metric="longest-flight", threshold=15)
    launch("Ada Vega")
    assert "Fifteen Rank 2, joining the list at 15 d 0 h 0 m" in page(client)


def test_boards_of_every_flight_and_of_people_are_left_out(client, record, launch):
    make_leaderboard(slug="each", title="Every one", metric="longest-flight", each="flight")
    make_leaderboard(slug="crowds", title="Crowds", metric="people-aloft")
    launch("Ada Vega")
    assert {one["leaderboard"]["slug"] for one in milestones(client)} == {"longest"}


def test_a_value_known_to_the_day_is_passed_on_about_a_day(client, record, launch):
    ship = make_mission(launched_at="1995-01-01", landed_at="1995-01-16", landing_precision="day")
    make_flight(make_astronaut("Day Known"), launch_mission=ship)
    launch("Ada Vega", plan=instant("2010-06-10"))
    text = page(client)
    assert "About 12 June 2010 Longest of all Rank 2, passing Day Known (at least 15 d)" in text
    assert "Falls about 1 d short; needs an extension" in text


# Questions


def test_a_place_that_may_be_another_is_told_as_far_as_is_known(client, record, launch):
    """Whether Lena is passed a little before or after somebody else, nobody can say."""
    ship = make_mission(launched_at="1995-01-01", landed_at="1995-01-19", landing_precision="day")
    make_flight(make_astronaut("Day Known"), launch_mission=ship)
    launch("Ada Vega", days=15, plan=instant("2010-07-10"))
    told = {one["passed"][0]["slug"]: one["sure"] for one in milestones(client)}
    assert told == {"day-known": False, "lena-long": True}
    assert "passing Day Known (at least 18 d), as far as is known About" in page(client)
    day, second = events(client)
    assert day["SUMMARY"] == "Ada Vega: rank 2, Longest of all (as far as is known)"
    assert "passing Day Known (at least 18 d), as far as is known." in day["DESCRIPTION"]
    assert second["SUMMARY"] == "Ada Vega: takes the record, Longest of all"


@pytest.mark.parametrize("address", ["/watch/", "/watch.json"])
@pytest.mark.parametrize("query", ["?at=2093-01-01", "?at=1950-01-01", "?at=soon"])
def test_a_wrong_question_is_answered_with_what_is_accepted(client, site, address, query):
    response = client.get(address + query)
    assert response.status_code == 400
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("address", ["/watch.ics", "/feeds/watch.xml"])
def test_the_calendar_and_the_feed_take_no_parameter(client, site, address):
    response = client.get(f"{address}?at=2020-01-01&ref=elsewhere")
    assert response.status_code == 200
    assert b"2020-01-01" not in response.content
    assert b"elsewhere" not in response.content


@pytest.mark.parametrize("at", ["1957-12-01", "1961-04-12T06:30Z", "1986-02-01", "2023-06-01"])
def test_every_age_has_its_watch(client, site, at):
    assert client.get(f"/watch/?at={at}").status_code == 200
    assert client.get(f"/watch.json?at={at}").status_code == 200


def test_warm_it_costs_three_queries_at_most(client, site, django_assert_max_num_queries):
    for address, most in (
        ("/watch/", 2),
        ("/watch.json", 2),
        ("/watch.ics", 3),
        ("/feeds/watch.xml", 3),
    ):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


def test_rubio_was_told_the_minute_in_which_the_progression_has_him(client, site):
    (told,) = (
        one["passes_at"]
        for one in milestones(client, "?at=2023-06-01")
        if one["leaderboard"]["slug"] == "longest-spaceflight-americans"
        and one["astronaut"]["slug"] == "frank-rubio"
        and one["rank"] == 1
    )
    ledger = Ledger.current()
    rule = ledger.rule(ledger.leaderboards["longest-spaceflight-americans"])
    (passed_at,) = {
        change.passed_at
        for change in ledger.progression(rule, read_clock())
        if [one.slug for one in change.holders] == ["frank-rubio"]
    }
    # The landing of the record before is known to the minute.
    assert told == passed_at.strftime("%Y-%m-%dT%H:%MZ")


def test_it_is_reached_from_the_records_who_is_in_space_and_the_front_page(client, site):
    for name in ("leaderboards", "in-space", "home"):
        assert 'href="/watch/"' in client.get(reverse(name)).content.decode()


def test_the_front_page_names_the_next_record(client, record, launch):
    launch("Ada Vega", plan=instant("2010-07-10"))
    text = " ".join(re.sub(r"<[^>]+>", " ", client.get("/").content.decode()).split())
    assert "Next to fall Longest of all Ada Vega : rank 1, passing Lena Long" in text


def test_the_front_page_says_if_nothing_is_about_to_fall(client, record):
    assert "Nothing is about to fall" in client.get("/").content.decode()


# JSON


def test_a_milestone_in_json_has_every_field_of_its_description(client, record, launch):
    ship = launch("Ada Vega", plan=instant("2010-06-10"))
    found = client.get("/watch.json").json()
    assert found["at"] == found["confirmed_through"] == "2010-06-01T12:00:00Z"
    assert found["milestones"][1] == {
        "leaderboard": {"slug": "longest", "title": "Longest of all", "boundary": "orbit"},
        "astronaut": {"slug": "ada-vega", "name": "Ada Vega"},
        "mission": ship.slug,
        "flight": {
            "launch_mission": ship.slug,
            "landing_mission": ship.slug,
            "launched_at": isoformat(ship.launched_at),
            "launch_precision": "second",
            "landed_at": None,
            "landing_precision": None,
            "country": "USA",
            "agency": Astronaut.objects.get(slug="ada-vega").agency.slug,
            "role": "Commander",
            "state": "in_flight",
        },
        "passes_at": "2010-06-16T12:00:01Z",
        "passes_precision": "second",
        "rank": 1,
        "sure": True,
        "passed": [{"slug": "lena-long", "name": "Lena Long"}],
        "value": {
            "seconds": 1_728_000,
            "text": "20 d 0 h 0 m 0 s",
            "iso": "P20DT0H0M0S",
            "precision": "second",
            "at_least": False,
            "at_most": False,
            "about": False,
        },
        "sources_differ": False,
        "planned_landing_by": "2010-06-11T00:00:00Z",
        "slack_seconds": -(5 * 86_400 + 43_201),
        "outlook": "needs_extension",
        "presumed": False,
        "state": "in_flight",
    }
    assert json.dumps(found["fallen"]) == "[]"


# The calendar


def test_crew_mates_are_named_in_the_order_of_the_crew(client, record, launch):
    launch("Ada Vega", "Bo Orion", plan=instant("2010-07-10"))
    Flight.objects.filter(astronaut__slug="bo-orion").update(role="Flight Engineer")
    assert events(client)[0]["SUMMARY"] == "Ada Vega and Bo Orion: rank 2, Longest of all"


def test_crew_mates_share_an_event(client, record, launch):
    launch("Ada Vega", "Bo Orion", plan=instant("2010-07-10"))
    assert [(one["UID"].partition("@")[0], one["SUMMARY"]) for one in events(client)] == [
        ("longest.ada-vega.uma-brief", "Bo Orion and Ada Vega: rank 2, Longest of all"),
        (
            "longest.ada-vega.lena-long",
            "Bo Orion and Ada Vega: takes the record, Longest of all",
        ),
    ]


def test_a_corrected_launch_moves_the_event_and_raises_its_revision(client, record, launch):
    ship = launch("Ada Vega", plan=instant("2010-07-10"))
    # The database writes it with every transaction, of which a test is but one.
    DataVersion.objects.update(changed_at=instant("2025-05-01"))
    before = events(client)[0]
    Mission.objects.filter(pk=ship.pk).update(launched_at=ship.launched_at + timedelta(minutes=5))
    DataVersion.objects.update(changed_at=instant("2025-05-02"))
    after = events(client)[0]
    assert after["UID"] == before["UID"]
    assert (before["DTSTART"], after["DTSTART"]) == ("20100606T120001Z", "20100606T120501Z")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTAMP"] > before["DTSTAMP"]


def test_only_the_event_that_says_something_else_is_revised(client, record, launch):
    launch("Ada Vega", plan=instant("2010-07-10"))
    make_leaderboard(slug="all-time", title="All time", metric="total-time")
    marks = ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED")
    DataVersion.objects.update(changed_at=instant("2025-05-01"))
    before = {one["UID"]: [one[mark] for mark in marks] for one in events(client)}
    Leaderboard.objects.filter(slug="all-time").update(title="All time in space")
    Mission.objects.update(notes="A typing mistake less")
    DataVersion.objects.update(changed_at=instant("2025-05-02"))
    after = {one["UID"]: [one[mark] for mark in marks] for one in events(client)}
    revised = {uid for uid in after if after[uid] != before[uid]}
    assert revised == {uid for uid in before if uid.startswith("all-time.")}
    assert 0 < len(revised) < len(before) == len(after)


def test_asking_again_changes_nothing_in_the_calendar(client, record, launch, clock):
    launch("Ada Vega", plan=instant("2010-07-10"))
    before = client.get("/watch.ics").content
    clock(NOW + DAY)
    assert client.get("/watch.ics").content == before


def test_the_text_says_what_is_presumed_and_what_needs_an_extension(client, record, launch, clock):
    launch("Ada Vega", plan=instant("2010-06-12"))
    clock(NOW + 8 * DAY)
    (event,) = events(client)
    assert event["SUMMARY"] == (
        "Ada Vega: takes the record, Longest of all (presumed, needs an extension)"
    )
    assert "Falls 3 d 12 h short" in event["DESCRIPTION"]
    assert "presumed to go on" in event["DESCRIPTION"]
    assert event["STATUS"] == "TENTATIVE"


def test_a_record_keeps_its_event_when_it_falls(client, record, launch, clock):
    launch("Ada Vega", plan=instant("2010-07-10"))
    ahead = events(client)[-1]
    clock(NOW + 16 * DAY)
    make_confirmation(through_at=NOW + 16 * DAY)
    (fallen,) = events(client)
    assert (fallen["UID"], fallen["DTSTART"]) == (ahead["UID"], ahead["DTSTART"])
    assert (ahead["STATUS"], fallen["STATUS"]) == ("TENTATIVE", "CONFIRMED")
    assert int(fallen["SEQUENCE"]) >= int(ahead["SEQUENCE"])


def test_what_will_not_happen_disappears(client, record, launch):
    ship = launch("Ada Vega")
    assert events(client)
    Mission.objects.filter(pk=ship.pk).update(landed_at=NOW - DAY, landing_precision="second")
    Flight.objects.filter(launch_mission=ship).update(landing_mission=ship)
    assert events(client) == []


def test_uids_are_unique(client, site):
    uids = [one["UID"] for one in events(client)]
    assert uids
    assert len(set(uids)) == len(uids)


# The feed


def test_the_feed_holds_what_the_calendar_holds(client, record, launch):
    launch("Ada Vega", plan=instant("2010-07-10"))
    response = client.get("/feeds/watch.xml")
    assert response["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(response.content).findall(f"{ATOM}entry")
    assert {one.find(f"{ATOM}title").text for one in entries} == {
        "Ada Vega: rank 2, Longest of all: 6 June 2010, 12:00 UTC",
        "Ada Vega: takes the record, Longest of all: 16 June 2010, 12:00 UTC",
    }
    keys = {one.find(f"{ATOM}id").text.partition("/")[2] for one in entries}
    assert keys == {one["UID"].partition("@")[0] for one in events(client)}


def test_a_list_that_begins_beyond_all_time_says_nothing_of_it(client, record):
    """The forms refuse such a threshold; a row that got in by another way is no crash."""
    Leaderboard.objects.filter(metric="total-time").update(threshold=999_999_999)
    for address in ("/watch/", "/watch.json", "/watch.ics", "/"):
        assert client.get(address).status_code == 200


def test_values_are_written_as_on_the_boards(client, site):
    found = client.get("/watch.json").json()
    for one in (*found["milestones"], *found["fallen"]):
        if one["value"]["at_least"] and one["value"]["precision"] == "day":
            assert one["value"]["seconds"] % 86_400 == 0
        assert {"text", "precision", "at_least", "at_most"} <= set(one["value"])


def test_nothing_is_foretold_of_a_crew_that_was_lost(client, site):
    """At no instant of the flight: the facts of today know how it ended."""
    crews = {
        career.flights[-1].launched_at: career.flights[-1].launch_mission.slug
        for career in Ledger.current().careers.values()
        if career.flights[-1].lost and career.flights[-1].launch_mission.boundary == "orbit"
    }
    assert len(crews) >= 3
    for launched_at, ship in crews.items():
        at = isoformat(launched_at + timedelta(minutes=2))
        told = client.get("/watch.json", {"at": at}).json()
        assert ship not in {one["mission"] for one in told["milestones"]}
        aloft = client.get("/in-space.json", {"at": at}).json()["people"]
        assert ship in {one["up_mission"] for one in aloft}
        assert client.get("/watch/", {"at": at}).status_code == 200
