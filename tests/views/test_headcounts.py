"""Every page says of the same instant that the same people are in space."""

import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from records.book.criteria import Category
from records.instants import Precision, isoformat
from records.ledger import Ledger
from records.ledger.aloft import Aloft, by_place, grouped
from records.models import Agency, Station

pytestmark = pytest.mark.usefixtures("site")


def drawn():
    """Instants of the record: 150 anywhere, and 50 in the minutes and days of launches and landings
    that are known no better."""
    random = Random(1961)
    first, last = datetime(1961, 4, 12, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC)
    days = (last - first).days
    found = [
        first + timedelta(days=random.randint(0, days), seconds=random.randint(0, 86_399))
        for _ in range(150)
    ]
    vague = [
        (begin, known.seconds)
        for mission in Ledger.current().missions.values()
        for begin, known in (
            (mission.launched_at, mission.launch_precision),
            (mission.landed_at, mission.landing_precision),
        )
        if begin and known is not Precision.SECOND
    ]
    for number in range(50):
        begin, seconds = vague[number % len(vague)]
        found.append(begin + timedelta(seconds=random.randrange(seconds)))
    return [min(at, last) for at in found]


def test_countries_places_boards_and_the_list_agree(client):
    ledger = Ledger.current()
    agencies = list(Agency.objects.values_list("slug", flat=True))
    open_days = 0
    for at in drawn():
        asked = {"at": isoformat(at)}
        listed = client.get("/in-space.json", asked).json()
        whole = listed["headcount"]
        assert listed["count"] == whole["value"]["count"]
        assert len(listed["people"]) == listed["count"] + listed["unconfirmed"]
        assert whole["value"]["most"] == listed["count"] + len(listed["may_be_in_space"])
        assert whole["value"]["least"] == listed["count"] - len(listed["may_not_be_in_space_yet"])
        open_days += whole["value"]["least"] < whole["value"]["most"]
        rows = client.get("/countries.json", asked).json()["countries"]
        assert sum(one["in_space"] for one in rows) == listed["count"], at
        aloft = Aloft.at(ledger, at)
        assert [one.astronaut.slug for one in aloft.careers] == [
            one["slug"] for one in listed["people"]
        ]
        parts = {
            "countries": [one["headcount"] for one in rows],
            "agencies": [
                vars_of(ledger.headcount(Category(agency=agency), at)) for agency in agencies
            ],
        }
        for name, found in parts.items():
            for bound in ("least", "most", "presumed", "unconfirmed"):
                assert sum(one[bound] for one in found) == whole[bound], (name, bound, at)
        places = grouped(by_place(aloft.careers, ledger), aloft, ledger)
        assert sum(one["headcount"].count for one in places) == listed["count"]
        there = ledger.census(Category(), at).intervals[-1].headcount
        assert (there.count, there.unconfirmed) == (listed["count"], listed["unconfirmed"]), at
        assert there.least <= whole["least"]
        assert whole["most"] <= there.most
    assert open_days >= 10


def vars_of(headcount):
    return {name: getattr(headcount, name) for name in ("least", "most", "presumed", "unconfirmed")}


@pytest.mark.parametrize(
    "at",
    ["1998-06-01", "2026-05-29T06:00Z", "2026-07-26T12:00Z", "2026-10-08T12:00Z", "2026-11-20"],
)
def test_the_pages_print_the_same_number(client, at):
    headline = client.get("/in-space/", {"at": at}).context["headcount"].headline
    page = client.get("/in-space/", {"at": at}).content.decode()
    assert headline in page
    assert f"; {headline[0].lower()}{headline[1:]}</caption>" in (
        client.get("/countries/", {"at": at}).content.decode()
    )
    for station in Station.objects.filter(slug__in=("iss", "tiangong", "mir")):
        ledger = Ledger.current()
        when = client.get("/in-space/", {"at": at}).context["instant"].at
        if station.launched_at > when:
            continue
        found = ledger.headcount(Category(station=station.slug), when)
        there = client.get(f"/stations/{station.slug}/", {"at": at}).content.decode()
        number = re.search(r"<h2>There now(?: <span class=\"quiet\">(\d+)(?: to (\d+))?)?", there)
        least, most = number.groups()
        if found.value.high:
            assert (int(least), int(most or least)) == (found.value.low, found.value.high)
