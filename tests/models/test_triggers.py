"""What the database itself refuses, by name, whatever wrote the row; and how it marks changes."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import CheckConstraint, F, UniqueConstraint

from records.models import (
    Astronaut,
    Confirmation,
    Country,
    DataVersion,
    Flight,
    FormerAddress,
    KeptText,
    Mission,
    Reference,
    Spacewalk,
    Station,
    triggers,
)
from records.models.gate import ColumnsCheck
from records.models.history import Former
from tests.factories import (
    instant,
    make_advert,
    make_agency,
    make_article,
    make_astronaut,
    make_author,
    make_citation,
    make_confirmation,
    make_correction,
    make_country,
    make_disagreement,
    make_flight,
    make_image,
    make_leaderboard,
    make_mission,
    make_pending_version,
    make_reported_value,
    make_review_note,
    make_source,
    make_spacewalk,
    make_spacewalk_crew,
    make_station,
    make_surface_stay,
    make_topic,
)

HOURS = timedelta(hours=1)


def update(row, **values):
    """Past `save()` and `clean()`: only the database can refuse."""
    type(row).objects.filter(pk=row.pk).update(**values)


# Rules that triggers keep


def land_a_flight_before_its_launch():
    make_flight(
        launch_mission=make_mission(launched_at="1999-03-01"),
        landing_mission=make_mission(launched_at="1998-01-01", landed_at="1999-01-01"),
    )


def move_a_launch_behind_the_landing_of_another_ship():
    up = make_mission(launched_at="1999-01-02")
    make_flight(launch_mission=up, landing_mission=make_mission(landed_at="1999-03-05"))
    update(up, launched_at=instant("1999-03-06"))


def move_a_landing_before_the_launch_of_another_ship():
    down = make_mission(launched_at="1998-01-01", landed_at="1999-03-05")
    make_flight(launch_mission=make_mission(launched_at="1999-03-01"), landing_mission=down)
    update(down, landed_at=instant("1999-02-01"))


def fly_twice_at_once():
    astronaut = make_flight(days=10).astronaut
    make_flight(astronaut, launched_at="1999-03-05", days=1)


def fly_while_still_aloft():
    astronaut = make_flight().astronaut
    make_flight(astronaut, launched_at="2005-03-05", days=1)


def fly_open_ended_before_a_known_flight():
    astronaut = make_flight(days=10).astronaut
    make_flight(astronaut, make_mission(launched_at="1998-01-01"), False)


def land_into_the_next_flight():
    flight = make_flight(days=10)
    make_flight(flight.astronaut, launched_at="1999-04-01", days=1)
    update(flight.landing_mission, landed_at=instant("1999-04-01T13:00"))


def give_a_flight_to_somebody_already_aloft():
    flight = make_flight(days=10)
    update(make_flight(launched_at="1999-03-05", days=1), astronaut=flight.astronaut)


def reopen_a_flight_before_another():
    flight = make_flight(days=10)
    make_flight(flight.astronaut, launched_at="1999-04-01", days=1)
    update(flight, landing_mission=None)


def fly_before_birth():
    make_flight(make_astronaut(born_on="1999-03-01"), days=1)


def be_born_after_a_flight():
    update(make_flight(days=1).astronaut, born_on="2001-01-01", birth_precision="day")


def walk_before_the_launch():
    make_spacewalk(make_flight(days=10), started_at="1999-03-01T11:59", start_precision="minute")


def walk_past_the_landing():
    make_spacewalk(make_flight(days=1), started_at="1999-03-02T07:00", duration=6 * HOURS)


def walk_on_the_day_after_the_landing():
    make_spacewalk(make_flight(days=1), started_at="1999-03-03", start_precision="day")


def move_a_walk_out_of_its_flight():
    update(make_spacewalk(make_flight(days=10)), started_at=instant("1999-06-01"))


def lengthen_a_walk_past_the_landing():
    walk = make_spacewalk(make_flight(days=1), started_at="1999-03-02T10:00", duration=1 * HOURS)
    update(walk, duration=5 * HOURS)


def give_a_walk_to_somebody_on_the_ground():
    walk = make_spacewalk(make_flight(days=10))
    make_spacewalk_crew(walk, make_flight(launched_at="2001-01-01", days=1), position=2)


def land_before_a_walk():
    flight = make_flight(days=10)
    make_spacewalk(flight, started_at="1999-03-08T08:00")
    update(flight.landing_mission, landed_at=instant("1999-03-05"))


def walk_twice_at_once():
    flight = make_flight(days=10)
    make_spacewalk(flight, started_at="1999-03-03T10:00")
    make_spacewalk(flight, started_at="1999-03-03T15:58")


def move_a_walk_into_another():
    flight = make_flight(days=10)
    make_spacewalk(flight, started_at="1999-03-03T10:00")
    update(make_spacewalk(flight, started_at="1999-03-04"), started_at=instant("1999-03-03T05:00"))


def lengthen_a_walk_into_another():
    flight = make_flight(days=10)
    make_spacewalk(flight, started_at="1999-03-03T10:00")
    walk = make_spacewalk(flight, started_at="1999-03-03T03:00")
    update(walk, duration=timedelta(hours=8))


def lengthen_a_part_into_another_walk():
    flight = make_flight(days=10)
    make_spacewalk(flight, started_at="1999-03-03T10:00")
    walk = make_spacewalk(flight, started_at="1999-03-03T03:00")
    update(walk.crew_rows.get(), duration=timedelta(hours=8), duration_precision="minute")


def stay_longer_than_the_flight():
    make_surface_stay(
        make_flight(days=10), landed_at="1999-03-05", lifted_off_at="1999-03-20T00:00"
    )


def land_on_the_moon_before_the_launch():
    make_surface_stay(
        make_flight(days=10), landed_at="1999-02-05", lifted_off_at="1999-03-05T00:00"
    )


def come_home_during_a_stay():
    flight = make_flight(days=10)
    make_surface_stay(flight, landed_at="1999-03-05", lifted_off_at="1999-03-07")
    update(flight.landing_mission, landed_at=instant("1999-03-06"))


def walker(*stations, days=10):
    """A flight that visited the stations."""
    flight = make_flight(days=days)
    flight.launch_mission.stations.set(stations)
    return flight


def relieved(station):
    """A flight up on one ship, which is down by 3 March, and down on another, launched on the
    5th."""
    up, down = (
        make_mission(launched_at="1999-03-01", landed_at="1999-03-03", stations=[station]),
        make_mission(launched_at="1999-03-05", landed_at="1999-03-20"),
    )
    return make_flight(launch_mission=up, landing_mission=down)


def walk_from_a_station_that_was_not_visited():
    flight = make_flight(days=10)
    walk = make_spacewalk(make_flight(days=10), station=make_station())
    make_spacewalk_crew(walk, flight, position=2)


def walk_from_the_craft_of_others():
    make_spacewalk(make_flight(days=10), craft=make_flight(days=10).launch_mission)


def move_a_walk_to_another_station():
    walk = make_spacewalk(walker(), station=make_station())
    update(walk, station=make_station())


def move_a_walk_to_another_craft():
    update(make_spacewalk(make_flight(days=10)), craft=make_mission())


def take_a_visit_away():
    walk = make_spacewalk(walker(), station=make_station())
    walk.mission.stations.clear()


def give_a_visit_to_another_mission():
    walk = make_spacewalk(walker(), station=make_station())
    update(Mission.stations.through.objects.get(mission=walk.mission), mission=make_mission())


def come_home_on_the_ship_that_was_there_before_the_walk():
    walk = make_spacewalk(walker(), station=make_station(), started_at="1999-03-08")
    other = make_mission(launched_at="1999-03-02", landed_at="1999-03-20")
    update(walk.crew.get(), landing_mission=other)
    update(walk.mission, landed_at=instant("1999-03-05"))


def walk_where_the_ship_up_was_after_it_left():
    station = make_station()
    make_spacewalk(relieved(station), station=station, started_at="1999-03-06")


def walk_where_the_ship_down_is_still_to_come():
    station = make_station()
    flight = relieved(make_station())
    flight.landing_mission.stations.add(station)
    walk = make_spacewalk(walker(station), station=station, started_at="1999-03-04")
    make_spacewalk_crew(walk, flight, position=2)


def visit_a_station_before_its_launch():
    make_mission(landed_at="1999-03-05", stations=[make_station(launched_at="1999-03-06")])


def visit_a_station_after_its_end():
    make_mission(stations=[make_station(deorbited_at="1999-02-28")])


def land_before_a_station_was_launched():
    mission = make_mission(
        landed_at="1999-03-05", stations=[make_station(launched_at="1999-03-04")]
    )
    update(mission, landed_at=instant("1999-03-03"))


def launch_a_station_after_a_visit():
    station = make_station()
    make_mission(landed_at="1999-03-05", stations=[station])
    update(station, launched_at=instant("1999-03-06"))


def bring_a_station_down_before_a_visit():
    station = make_station(deorbited_at="1999-03-20")
    make_mission(landed_at="1999-03-05", stations=[station])
    update(station, deorbited_at=instant("1999-02-28"))


def walk_from_a_station_before_its_launch():
    station = make_station(launched_at="1999-03-05")
    make_spacewalk(walker(station), station=station, started_at="1999-03-04")


def walk_from_a_station_after_its_end():
    station = make_station(deorbited_at="1999-03-05")
    make_spacewalk(walker(station), station=station, started_at="1999-03-06T01:00")


def bring_a_station_down_before_a_walk():
    station = make_station(deorbited_at="1999-03-20")
    make_spacewalk(walker(station), station=station, started_at="1999-03-06T01:00")
    update(station, deorbited_at=instant("1999-03-05"))


RULES = {
    "flight_lands_after_launch": (
        land_a_flight_before_its_launch,
        move_a_launch_behind_the_landing_of_another_ship,
        move_a_landing_before_the_launch_of_another_ship,
    ),
    "flight_one_at_a_time": (
        fly_twice_at_once,
        fly_while_still_aloft,
        fly_open_ended_before_a_known_flight,
        land_into_the_next_flight,
        give_a_flight_to_somebody_already_aloft,
        reopen_a_flight_before_another,
    ),
    "flight_after_birth": (fly_before_birth, be_born_after_a_flight),
    "spacewalk_within_its_flight": (
        walk_before_the_launch,
        walk_past_the_landing,
        walk_on_the_day_after_the_landing,
        move_a_walk_out_of_its_flight,
        lengthen_a_walk_past_the_landing,
        give_a_walk_to_somebody_on_the_ground,
        land_before_a_walk,
    ),
    "spacewalk_where_its_crew_was": (
        walk_from_a_station_that_was_not_visited,
        walk_from_the_craft_of_others,
        move_a_walk_to_another_station,
        move_a_walk_to_another_craft,
        take_a_visit_away,
        give_a_visit_to_another_mission,
        come_home_on_the_ship_that_was_there_before_the_walk,
        walk_where_the_ship_up_was_after_it_left,
        walk_where_the_ship_down_is_still_to_come,
    ),
    "station_visited_while_there": (
        visit_a_station_before_its_launch,
        visit_a_station_after_its_end,
        land_before_a_station_was_launched,
        launch_a_station_after_a_visit,
        bring_a_station_down_before_a_visit,
    ),
    "spacewalk_while_its_station_is_there": (
        walk_from_a_station_before_its_launch,
        walk_from_a_station_after_its_end,
        bring_a_station_down_before_a_walk,
    ),
    "spacewalk_one_at_a_time": (
        walk_twice_at_once,
        move_a_walk_into_another,
        lengthen_a_walk_into_another,
        lengthen_a_part_into_another_walk,
    ),
    "surface_stay_within_its_flight": (
        stay_longer_than_the_flight,
        land_on_the_moon_before_the_launch,
        come_home_during_a_stay,
    ),
}


def test_every_rule_is_broken_by_a_test():
    assert set(RULES) == set(triggers.RULES)


@pytest.mark.parametrize(
    ("rule", "break_it"),
    [pytest.param(rule, way, id=way.__name__) for rule, ways in RULES.items() for way in ways],
)
def test_rule_is_kept_by_name(db, rule, break_it):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        break_it()
    assert rule in str(caught.value)
    assert triggers.words(caught.value) == triggers.RULE_WORDS[rule]


# Constraints of the models


def make_stay(**values):
    return make_surface_stay(
        make_flight(days=10),
        **{"landed_at": "1999-03-05", "lifted_off_at": "1999-03-06", **values},
    )


def update_crew(**values):
    update(make_spacewalk(make_flight(days=10)).crew_rows.get(), **values)


def board_again(flight):
    make_flight(flight.astronaut, flight.launch_mission)


def cite_twice(**about):
    source = make_source()
    for _ in range(2):
        make_citation(source, covers="times", **about)


def correct_twice(article):
    for _ in range(2):
        make_correction(article)


def note_twice(article):
    for _ in range(2):
        make_review_note(article)


def leave_one_address_twice():
    """Past the trigger that writes them, which lets the later row have it."""
    for row_id in (1, 2):
        FormerAddress.objects.create(kind="mission", slug="oz-1", row_id=row_id)


def keep_a_text_twice():
    user = get_user_model().objects.create_user("ann")
    for _ in range(2):
        KeptText.objects.create(
            user=user, page="/admin/", copy="a", typed="[]", kept_at=instant("2026-01-01")
        )


def refer_twice(article):
    for _ in range(2):
        Reference.objects.create(article=article, kind="mission", slug="oz-1")


CONSTRAINTS = {
    "advert_ends_after_it_starts": lambda: make_advert(ends_at="1999-01-01"),
    "advert_link_has_text": lambda: make_advert(link="https://example.com/"),
    "agency_founded_before_dissolved": lambda: make_agency(founded_year=1990, dissolved_year=1980),
    "article_leads_with_one": lambda: make_article(
        lead_image=make_image(), lead_figure='figure of="in-space"'
    ),
    "article_released_at_an_instant": lambda: make_article(published_at=None),
    "article_updated_after_publication": lambda: make_article(updated_at="2020-02-28"),
    "article_withdrawn_after_publication": lambda: make_article(withdrawn_at="2020-02-28"),
    "article_has_words": lambda: make_article(body=""),
    "astronaut_birth_precision": lambda: make_astronaut(birth_precision="day"),
    "astronaut_born_before_death": lambda: make_astronaut(
        born_on="1960-01-01", died_on="1950-01-01"
    ),
    "astronaut_wikidata_id_once": lambda: [make_astronaut(wikidata_id="Q0") for _ in range(2)],
    "authorship_once": lambda: make_article(authors=[make_author("a-b")] * 2),
    "citation_of_one_thing": lambda: make_citation(kind=""),
    "citation_span_of_a_kind_with_days": lambda: make_citation(
        kind="people", since_on="2000-01-01"
    ),
    "citation_days_in_order": lambda: make_citation(since_on="2000-01-02", until_on="2000-01-01"),
    "citation_checked_precision": lambda: make_citation(checked_on="2000-01-02"),
    "citation_once_of_mission": lambda: cite_twice(mission=make_mission()),
    "citation_once_of_astronaut": lambda: cite_twice(astronaut=make_astronaut()),
    "citation_once_of_spacewalk": lambda: cite_twice(spacewalk=make_spacewalk()),
    "citation_once_of_flight": lambda: cite_twice(flight=make_flight()),
    "citation_once_of_kind": lambda: cite_twice(kind="missions"),
    "disagreement_about_one_thing": lambda: make_disagreement(
        mission=make_mission(), astronaut=make_astronaut()
    ),
    "disagreement_checked_precision": lambda: make_disagreement(checked_on="2000-01-01"),
    "reported_value_once": lambda: make_disagreement("noon", "noon"),
    "reported_value_chosen_once": lambda: make_reported_value(
        make_disagreement("noon"), "midnight", chosen=True
    ),
    "reported_value_by_somebody": lambda: make_reported_value(make_disagreement(), reported_by=""),
    "correction_once": lambda: correct_twice(make_article()),
    "country_is_not_its_own_successor": lambda: update(make_country("QQQ"), successor=F("id")),
    "former_address_leads_once": leave_one_address_twice,
    "kept_text_once": keep_a_text_twice,
    "reference_once": lambda: refer_twice(make_article()),
    "flight_once_per_mission": lambda: board_again(make_flight(days=1)),
    "image_alt_or_decorative": lambda: make_image(decorative=True),
    "leaderboard_launch_days_in_order": lambda: make_leaderboard(
        launched_from="2000-01-02", launched_until="2000-01-01"
    ),
    "mission_landing_precision": lambda: make_mission(landed_at="1999-03-02", landing_precision=""),
    "mission_plan_precision": lambda: make_mission(planned_landing_precision="day"),
    "mission_launches_in_the_space_age": lambda: make_mission(launched_at="1960-12-31"),
    "mission_lands_after_launch": lambda: make_mission(landed_at="1999-03-01T12:00"),
    "mission_plans_landing_after_launch": lambda: make_mission(planned_landing_at="1999-01-01"),
    "mission_has_no_plan_once_landed": lambda: make_mission(
        landed_at="1999-03-02", planned_landing_at="1999-03-03"
    ),
    "mission_lost_at_an_instant": lambda: make_mission(lost=True),
    "source_snapshot_precision": lambda: make_source(snapshot_on="2020-01-01"),
    "spacewalk_duration_or_unknown": lambda: make_spacewalk(duration=None),
    "spacewalk_margin_of_about": lambda: make_spacewalk(duration_margin=1 * HOURS),
    "spacewalk_crew_duration_or_unknown": lambda: update_crew(duration=1 * HOURS),
    "spacewalk_lasts_up_to_ten_hours": lambda: make_spacewalk(duration=11 * HOURS),
    "spacewalk_from_station_or_craft": lambda: make_spacewalk(
        station=make_station(), craft=make_mission()
    ),
    "spacewalk_crew_once": lambda: make_spacewalk(*[make_flight(days=10)] * 2),
    "spacewalk_crew_lasts_up_to_ten_hours": lambda: update_crew(
        duration=11 * HOURS, duration_precision="minute"
    ),
    "station_crew_precision": lambda: make_station(first_crew_precision="day"),
    "station_deorbit_precision": lambda: make_station(deorbit_precision="day"),
    "station_crewed_after_launch": lambda: make_station(first_crew_at="1997-01-01"),
    "station_deorbited_after_launch": lambda: make_station(deorbited_at="1997-01-01"),
    "station_operator_once": lambda: make_station(operators=[make_agency("twice")] * 2),
    "country_name_once": lambda: [make_country("XXA", name="Oz"), make_country("XXB", name="OZ")],
    "leaderboard_title_once": lambda: [make_leaderboard(title="Oz"), make_leaderboard(title="OZ")],
    "station_name_once": lambda: [make_station(name="Oz"), make_station(name="OZ")],
    "topic_name_once": lambda: [make_topic(name="Oz"), make_topic(name="OZ")],
    "pending_version_scheduled_at_an_instant": lambda: make_pending_version(state="scheduled"),
    "pending_version_correction_whole": lambda: make_pending_version(correction_wrong="One."),
    "review_note_once": lambda: note_twice(make_article()),
    "surface_stay_ends_after_it_begins": lambda: make_stay(lifted_off_at="1999-03-05"),
    "surface_stay_once": lambda: make_surface_stay(
        make_stay().flight, landed_at="1999-03-05", lifted_off_at="1999-03-06"
    ),
}


def constraints():
    return {
        constraint.name: constraint
        for model in apps.get_app_config("records").get_models()
        for constraint in model._meta.constraints
        if not isinstance(constraint, ColumnsCheck)  # See test_gate.py.
    }


def test_every_constraint_is_broken_by_a_test():
    assert set(CONSTRAINTS) == set(constraints())


@pytest.mark.parametrize(("name", "break_it"), CONSTRAINTS.items(), ids=CONSTRAINTS.keys())
def test_constraint_is_kept(db, name, break_it):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        break_it()
    constraint = constraints()[name]
    if isinstance(constraint, CheckConstraint) or connection.vendor == "postgresql":
        assert name in str(caught.value)
    else:
        assert isinstance(constraint, UniqueConstraint)
        assert "UNIQUE" in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [make_agency, make_author, make_topic, make_mission, make_station, make_article, make_advert],
)
def test_slugs_are_unique(db, make):
    make("the-same", **({"name": "One"} if make in (make_topic, make_mission) else {}))
    with pytest.raises(IntegrityError), transaction.atomic():
        make("the-same", **({"name": "Two"} if make in (make_topic, make_mission) else {}))


def test_instant_is_confirmed_once(db):
    make_confirmation()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_confirmation()


# What must stay possible


def test_next_flight_may_begin_as_the_last_one_ends(db):
    flight = make_flight(days=10)
    make_flight(flight.astronaut, launched_at=flight.landed_at, days=1)
    assert flight.astronaut.flights.count() == 2


def test_walk_may_end_at_the_landing_day_where_only_the_day_is_known(db):
    mission = make_mission(landed_at="1999-03-05", landing_precision="day")
    walk = make_spacewalk(make_flight(launch_mission=mission), started_at="1999-03-05T03:00")
    assert walk.crew.count() == 1


def test_walk_may_be_made_between_the_visits_of_both_ships(db):
    station = make_station()
    flight = relieved(station)
    flight.landing_mission.stations.add(station)
    assert make_spacewalk(flight, station=station, started_at="1999-03-04").crew.count() == 1


def test_station_known_to_the_day_may_be_left_on_its_last(db):
    station = make_station(deorbited_at="1999-03-05", first_crew_at="1999-03-04")
    walk = make_spacewalk(walker(station), station=station, started_at="1999-03-05T03:00")
    assert walk.crew.count() == 1


def test_station_may_be_visited_before_its_first_crew_lives_there(db):
    station = make_station(first_crew_at="2000-11-02")
    assert make_spacewalk(walker(station), station=station).crew.count() == 1


def test_flight_under_way_may_have_walks(db):
    assert make_spacewalk(make_flight(), started_at="2004-01-01T03:00").crew.count() == 1


# Two savers at once


def at_once(*functions):
    """Call all at the same moment, each in its own thread and transaction.

    Returns what they return, or the database's error.
    """
    start = threading.Barrier(len(functions), timeout=10)

    def call(function):
        try:
            start.wait()
            with transaction.atomic():
                return function()
        except DatabaseError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(call, functions))


def board(slug):
    """Anil Menon goes up on the mission and has not come down."""
    astronaut = Astronaut.objects.get(slug="anil-menon")
    Flight.objects.create(
        astronaut=astronaut,
        launch_mission=Mission.objects.get(slug=slug),
        role="Flight Engineer",
        nationality=astronaut.nationality,
        agency=astronaut.agency,
    )
    return slug


def stay_at_home():
    Flight.objects.filter(astronaut__slug="anil-menon").delete()


def missions_flown():
    flights = Flight.objects.filter(astronaut__slug="anil-menon")
    return list(flights.values_list("launch_mission__slug", flat=True))


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_overlapping_flights_saved_at_once_one_is_kept(shared_database, attempt):
    at_once(stay_at_home)
    results = at_once(lambda: board("soyuz-ms-29"), lambda: board("spacex-crew-13"))
    errors = [result for result in results if isinstance(result, DatabaseError)]
    assert ["flight_one_at_a_time" in str(error) for error in errors] == [True]
    assert at_once(missions_flown) == [[slug for slug in results if isinstance(slug, str)]]


# The data version


def save():
    make_country("QQQ")


def save_again():
    Mission.objects.get(slug="soyuz-ms-22").save()


def save_in_bulk():
    Confirmation.objects.bulk_create([Confirmation(through_at=instant("2001-01-01"))])


def update_a_queryset():
    Astronaut.objects.filter(slug="frank-rubio").update(native_name="Francisco Rubio")


def delete():
    Spacewalk.objects.first().delete()


def change_visited_stations():
    Mission.objects.get(slug="soyuz-tm-30").stations.add(Station.objects.get(slug="iss"))


def write_sql():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_country SET demonym = 'Russian' WHERE code = 'SUN'")


@pytest.mark.parametrize(
    "write",
    [
        save,
        save_again,
        save_in_bulk,
        update_a_queryset,
        delete,
        change_visited_stations,
        write_sql,
    ],
)
def test_token_changes_with_every_way_of_writing(site, write):
    before = DataVersion.objects.current_token()
    write()
    assert DataVersion.objects.current_token() != before


def test_token_changes_for_the_second_write_of_a_transaction_too(site):
    save_again()
    before = DataVersion.objects.current_token()
    write_sql()
    assert DataVersion.objects.current_token() != before


def test_token_stays_while_facts_are_read_and_stories_written(site):
    before = DataVersion.objects.current_token()
    list(Flight.objects.all())
    make_article(topics=[make_topic()])
    assert DataVersion.objects.current_token() == before


def test_token_returns_when_the_change_is_taken_back(site):
    before = DataVersion.objects.current_token()
    with transaction.atomic():
        save_again()
        transaction.set_rollback(True)
    assert DataVersion.objects.current_token() == before


def test_tables_that_renew_the_version_are_those_of_the_record(db):
    newsroom = {"advert", "article", "author", "authorship", "correction", "formeraddress", "topic"}
    newsroom |= {"decision", "pendingversion", "previewsecret", "reference", "reviewnote"}
    newsroom |= {"kepttext", "articlerevision", "image"}
    facts = {
        model._meta.db_table
        for model in apps.get_app_config("records").get_models(include_auto_created=True)
        if model._meta.db_table.split("_")[1] not in {*newsroom, "dataversion", "feedentry"}
        and not issubclass(model, Former)
    }
    assert facts == set(triggers.FACT_TABLES)
    assert Country.objects.exists()
