"""A flight that was up and down on one day, of which no more is known than that day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from records.book.criteria import Category
from records.ledger import Ledger
from tests.factories import make_astronaut, make_flight, make_mission

pytestmark = pytest.mark.usefixtures("site")

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def hop(**fields):
    return make_mission(
        "new-shepard-of-a-day",
        launched_at=DAY,
        launch_precision="day",
        landing_precision="day",
        **{"landed_at": DAY, **fields},
    )


def test_it_is_accepted_and_lasted_no_longer_than_the_day():
    mission = hop()
    mission.full_clean()
    make_flight(make_astronaut("Ada Vega"), mission)
    career = Ledger.current().careers["ada-vega"]
    (flight,) = career.at(DAY + timedelta(days=2), Ledger.current().confirmation).flights
    assert flight.time.text == "≈ 1 d"


def test_on_that_day_somebody_may_be_in_space():
    make_flight(make_astronaut("Ada Vega"), hop())
    ledger = Ledger.current()
    before, during, after = (
        ledger.headcount(Category(), DAY + timedelta(hours=hours)) for hours in (-1, 12, 25)
    )
    assert during.most == before.most + 1
    assert (during.least, after) == (before.least, before)


def test_it_cannot_land_on_the_day_before():
    mission = hop()
    mission.landed_at = DAY - timedelta(days=1)
    with pytest.raises(ValidationError, match="land"):
        mission.full_clean()
