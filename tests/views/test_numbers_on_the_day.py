"""Pages on the day of a launch known only to the day: what they count says no more than that."""

import re

import pytest

from tests.factories import (
    instant,
    make_agency,
    make_astronaut,
    make_country,
    make_flight,
    make_mission,
    make_spacecraft,
    make_station,
)

pytestmark = pytest.mark.usefixtures("site")

NOON, AFTER = {"at": "2025-03-02T12:00Z"}, {"at": "2025-03-03T00:00Z"}


def words_of(page) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.fixture
def _launch(site):
    """The second launch of a country, an agency, a craft, to a station; the day is known."""
    country = make_country("ORS")
    agency = make_agency("orsted-agency", country=country)
    craft = make_spacecraft("orsted", operator=agency, country=country)
    station = make_station("orsted-station", launched_at="2025-01-01")
    people = [
        make_astronaut(name, nationality=country, agency=agency)
        for name in ("Nova Orsted", "Ada Orsted")
    ]
    for day, slug in ((1, "orsted-1"), (2, "orsted-2")):
        mission = make_mission(
            slug,
            programme="Orsted",
            launched_at=instant(f"2025-03-{day:02}"),
            launch_precision="day",
            spacecraft=craft,
            operator=agency,
            stations=[station],
        )
        make_flight(people[day - 1], mission)


@pytest.mark.usefixtures("_launch")
@pytest.mark.parametrize(
    ("address", "query", "words", "then"),
    [
        ("/stations/orsted-station/", {}, "Ships that visited 1 to 2", "Ships that visited 2"),
        ("/stations/orsted-station/", {}, "1 to 2 missions, by launch", "2 missions, by launch"),
        ("/agencies/orsted-agency/", {}, "1 to 2 missions, the first", "2 missions, the first"),
        ("/agencies/orsted-agency/", {}, "1 to 2 people, by first", "2 people, by first"),
        ("/countries/ORS/", {}, "On missions 1 to 2", "On missions 2"),
        ("/countries/ORS/", {}, "1 to 2 people, by first", "2 people, by first"),
        ("/countries/ORS/", {}, "2025 1 to 2", "2025 2"),
        ("/missions/", {"programme": "Orsted"}, "1 to 2 missions", "2 missions"),
        ("/astronauts/", {"country": "ORS"}, "1 to 2 astronauts", "2 astronauts"),
        ("/agencies/orsted-agency/", {}, "add nobody, as far as is known", "add nobody."),
        ("/in-space/", {}, "add nobody, as far as is known", "add nobody."),
    ],
)
def test_what_may_not_have_been_launched_yet_is_not_counted_as_certain(
    client, address, query, words, then
):
    assert words in words_of(client.get(address, query | NOON))
    after = words_of(client.get(address, query | AFTER))
    assert words not in after
    assert then in after
