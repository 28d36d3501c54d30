"""check_facts: what loaddata lets in is found, a line for each."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core import serializers
from django.core.management import CommandError, call_command

from records.facts import checking
from records.models import (
    Agency,
    Astronaut,
    Flight,
    Mission,
    ReportedValue,
    Spacecraft,
    Spacewalk,
    SpacewalkCrew,
    Station,
    StationOperator,
)
from tests.factories import (
    instant,
    make_advert,
    make_astronaut,
    make_disagreement,
    make_flight,
    make_leaderboard,
    make_mission,
    make_spacecraft,
)
from tests.past_the_gate import smuggle


def problems():
    return [str(problem) for problem in checking.check()]


def test_small_record_is_clean(small_record):
    assert problems() == []


@pytest.mark.slow
def test_real_record_is_clean(site):
    out = StringIO()
    call_command("check_facts", stdout=out)
    assert out.getvalue() == "Every fact is in order.\n"


def test_command_names_each_problem_and_fails(small_record):
    smuggle(Astronaut.objects.get(slug="cy-nord"), sex="X")
    smuggle(Mission.objects.get(slug="hop"), boundary="moon")
    err = StringIO()
    with pytest.raises(CommandError, match=r"2 problems\."):
        call_command("check_facts", stderr=err)
    assert err.getvalue().splitlines() == [
        "astronaut cy-nord: sex: Value 'X' is not a valid choice. Accepted: F, M.",
        "mission hop: boundary: Value 'moon' is not a valid choice. "
        "Accepted: orbit, 100km, 80km, none.",
    ]


# By rows


def test_blank_field_that_must_not_be(small_record):
    smuggle(Flight.objects.get(astronaut__slug="cy-nord"), role="")
    assert problems() == ["flight cy-nord/hop: role: This field cannot be blank."]


def test_upper_case_slug(small_record):
    smuggle(Agency.objects.get(), slug="ACME")
    assert problems() == [
        "agency ACME: slug: Lower-case letters, digits and single hyphens between them, such as "
        "“apollo-11”."
    ]


def test_spaces_around_a_name(small_record):
    smuggle(Station.objects.get(), name=" Alpha")
    assert problems() == ["station alpha: name: has white space or marks that are not kept"]


def test_leaderboard_of_no_metric(small_record):
    smuggle(make_leaderboard("odd"), metric="charm")
    assert any("'charm'" in problem for problem in problems())


def test_advert_with_a_broken_link(small_record):
    advert = make_advert("ad", link="https://example.com", link_text="More")
    smuggle(advert, link="javascript:alert(1)")
    assert problems() == ["advert ad: link: Enter a valid URL."]


def test_day_with_a_time_of_day(small_record):
    change(Mission, "two", landing_precision="day")
    assert problems()[0] == (
        "mission two: landed_at: Known to the day, it must read 1999-04-20 00:00:00."
    )


def test_month_with_a_day(small_record):
    plan = {"planned_landing_at": instant("2003-07-02"), "planned_landing_precision": "month"}
    change(Mission, "three", **plan)
    assert problems()[0] == (
        "mission three: planned_landing_at: Known to the month, it must read 2003-07-01 00:00:00."
    )


def change(model, slug, **fields):
    assert model.objects.filter(slug=slug).update(**fields) == 1


# Across rows


BROKEN = {
    "name that differs by accents alone": (
        lambda: change(Astronaut, "cy-nord", name="Ada Végà"),
        "astronaut cy-nord: has the name of ada-vega, 'Ada Végà'",
    ),
    "alias of two": (
        lambda: change(Astronaut, "cy-nord", aliases="Adele Vega"),
        "astronaut cy-nord: aliases: 'Adele Vega' is also a name of ada-vega",
    ),
    "alias that is the name": (
        lambda: change(Astronaut, "cy-nord", aliases="Cý Nord"),
        "astronaut cy-nord: aliases: 'Cý Nord' is the name itself",
    ),
    "name decoded wrongly": (
        lambda: change(Astronaut, "cy-nord", native_name="JosÃ©"),
        "astronaut cy-nord: native_name: “Ã©” looks like “é”, decoded wrongly",
    ),
    "astronaut who never flew": (
        lambda: make_astronaut("Di Ott"),
        "astronaut di-ott: has no flight",
    ),
    "nationality of old": (
        lambda: Flight.objects.filter(launch_mission__slug="three").update(
            nationality=Astronaut.objects.get(slug="ada-vega").nationality
        ),
        "astronaut bo-lind: nationality is RUS, on the latest flight USA",
    ),
    "launch after death": (
        lambda: change(Astronaut, "cy-nord", died_on="2000-12-31"),
        "flight cy-nord/hop: launched after the astronaut's death on 2000-12-31",
    ),
    "child": (
        lambda: change(Astronaut, "bo-lind", born_on="1981-03-02"),
        "flight bo-lind/one: launched at the age of 17",
    ),
    "very old astronaut": (
        lambda: change(Astronaut, "bo-lind", born_on="1905-03-02"),
        "flight bo-lind/three: launched at the age of 97",
    ),
    "very long flight": (
        lambda: change(Mission, "two", landed_at=instant("2000-12-01")),
        "flight ada-vega/one: lasted 640 days, more than 500",
    ),
    "hop of two hours": (
        lambda: change(Mission, "hop", landed_at=instant("2001-01-01T17:00")),
        "flight cy-nord/hop: did not reach orbit, but lasted more than an hour",
    ),
    "mission that carries nobody": (
        lambda: make_mission("ghost", landed_at="1999-04-01"),
        "mission ghost: carries nobody up or down",
    ),
    "more people than seats": (
        lambda: change(Spacecraft, "ship", family="Mercury"),
        "mission one: carries 2 up; Ship has 1 seats",
    ),
    "two at one place of a crew": (
        lambda: Flight.objects.filter(launch_mission__slug="one").update(position=1),
        "flight ada-vega/one: has place 1 in the crew, as somebody else does",
    ),
    "somebody without a place in an ordered crew": (
        lambda: Flight.objects.filter(astronaut__slug="ada-vega").update(position=1),
        "flight bo-lind/one: has no place in a crew whose order is given",
    ),
    "role with a slip of the pen": (
        lambda: Flight.objects.filter(astronaut__slug="cy-nord").update(role="Comander"),
        "flight cy-nord/hop: role: “Comander” is much like “Commander”; write it so, if it is the "
        "same",
    ),
    "disagreement without values": (
        lambda: make_disagreement(slug="a-fact"),
        "disagreement a-fact: has no values: give those the sources disagree on",
    ),
    "disagreement with one value": (
        lambda: make_disagreement("1", slug="a-fact"),
        "reported value a-fact/1: is the only value: give those the sources disagree on",
    ),
    "disagreement of which no value is used": (
        lambda: make_disagreement("1", "2", slug="a-fact").values.update(chosen=False),
        "reported value a-fact/2: neither this nor another value is the one that is used",
    ),
    "two at one place": (
        lambda: SpacewalkCrew.objects.update(position=1),
        "spacewalk crew member walk-1/ada-vega/one: position: another one stands at place 1 "
        "already",
    ),
    "orbit of a suborbital craft": (
        lambda: change(Spacecraft, "ship", orbital=False),
        "mission one: reached orbit, which Ship cannot",
    ),
    "station that nobody operates": (
        lambda: StationOperator.objects.all().delete(),
        "station alpha: has no operator",
    ),
    "station down before its first crew": (
        lambda: change(
            Station,
            "alpha",
            deorbited_at=instant("1999-12-01"),
            deorbit_precision="day",
            first_crew_at=instant("1999-12-02"),
        ),
        "station alpha: launch, first crew and end are out of order",
    ),
    "spacewalk without a crew": (
        lambda: SpacewalkCrew.objects.all().delete(),
        "spacewalk walk-1: has no crew",
    ),
    "landing worked out from a duration": (
        lambda: change(Mission, "hop", launch_precision="minute"),
        "mission hop: landed to the second, but its launch is known only to the minute",
    ),
    "spacewalk of a minute": (
        lambda: change(Spacewalk, "walk-1", duration=timedelta(minutes=1)),
        "spacewalk walk-1: lasted 0:01:00, less than five minutes",
    ),
    "spacewalk below orbit": (
        lambda: change(Mission, "one", boundary="100km"),
        "spacewalk crew member walk-1/ada-vega/one: One did not reach orbit",
    ),
    "spacewalk from a station that was not visited": (
        lambda: change(Spacewalk, "walk-1", mission=Mission.objects.get(slug="hop")),
        "spacewalk walk-1: Hop did not visit Alpha",
    ),
}


@pytest.mark.parametrize(("break_it", "line"), BROKEN.values(), ids=BROKEN.keys())
def test_rule_across_rows(small_record, break_it, line):
    break_it()
    assert line in problems()


def test_every_rule_has_a_case_that_breaks_it(small_record):
    assert len([*checking.RULES, *checking.SIDE_BY_SIDE]) == 19  # Add a case above with every rule.


def test_loaddata_refuses_what_a_form_refuses_of_rows_beside_each_other(small_record, tmp_path):
    make_disagreement("1", "2")
    rows = [*SpacewalkCrew.objects.all(), *ReportedValue.objects.all()]
    assert list(checking.by_rows(only={(type(row), row.pk) for row in rows})) == []
    for wrong, words in (
        ({"position": 1}, "position: another one stands at place 1 already"),
        ({"chosen": False}, "neither this nor another value is the one that is used"),
    ):
        (name,) = wrong
        kind = [row for row in rows if any(field.name == name for field in row._meta.fields)]
        entries = json.loads(serializers.serialize("json", kind, use_natural_foreign_keys=True))
        path = tmp_path / "rows.json"
        path.write_text(json.dumps([one | {"fields": one["fields"] | wrong} for one in entries]))
        with pytest.raises(CommandError, match=words):
            call_command("loaddata", str(path), verbosity=0)


def test_craft_without_a_known_number_of_seats_carries_any_crew(small_record):
    mission = make_mission("big", landed_at="1999-03-05", spacecraft=make_spacecraft("ark"))
    for _ in range(10):
        make_flight(launch_mission=mission)
    assert problems() == []
