"""What missions and flights are asked for in the database, where the record book knows it too."""

import pytest
from django.db import IntegrityError, transaction

from records.ledger.ledger import Ledger
from records.models import Flight, Mission
from tests.factories import instant, make_astronaut, make_flight, make_mission

pytestmark = pytest.mark.django_db

#: The plan, how well it is known, and the first instant at which it has passed.
PLANS = {
    "to-the-second": ("1999-11-20T10:00:30", "second", "1999-11-20T10:00:30"),
    "to-the-minute": ("1999-11-20T10:00", "minute", "1999-11-20T10:00"),
    "to-the-day": ("1999-11-20", "day", "1999-11-21"),
    "to-the-month": ("1999-12-01", "month", "2000-01-01"),
}
BEFORE = {
    "1999-11-20T10:00": "1999-11-20T09:59:59",
    "1999-11-20T10:00:30": "1999-11-20T10:00:29",
    "1999-11-21": "1999-11-20T23:59:59",
    "2000-01-01": "1999-12-31T23:59:59",
}


@pytest.mark.parametrize(("plan", "precision", "passed_at"), PLANS.values(), ids=PLANS)
def test_overdue_is_the_same_in_the_database_and_in_the_record_book(plan, precision, passed_at):
    late = make_mission(planned_landing_at=plan, planned_landing_precision=precision)
    make_mission(landed_at="1999-11-01")
    make_mission()
    in_the_book = Ledger.current().missions.values()
    for at in map(instant, (BEFORE[passed_at], passed_at)):
        overdue = set(Mission.objects.overdue(at).values_list("slug", flat=True))
        assert overdue == {mission.slug for mission in in_the_book if mission.is_overdue(at)}
        assert (late.slug in overdue) is (at == instant(passed_at))
    assert not Mission.objects.overdue(late.launched_at).exists()


@pytest.mark.parametrize(
    ("launched_at", "landed_at"),
    [
        ("1999-02-01", "1999-02-20"),
        ("1999-02-01", "1999-03-01"),
        ("1999-02-01", "1999-03-02"),
        ("1999-03-02", "1999-03-03"),
        ("1999-03-09", None),
        ("1999-03-10", None),
        ("1999-02-01", None),
    ],
)
def test_the_database_refuses_the_flights_that_overlap(launched_at, landed_at):
    ada = make_astronaut()
    first = make_flight(ada, make_mission(launched_at="1999-03-01", landed_at="1999-03-10"))
    ship = make_mission(launched_at=launched_at, landed_at=landed_at)
    other = Flight(astronaut=ada, launch_mission=ship, landing_mission=ship if landed_at else None)
    try:
        with transaction.atomic():
            make_flight(ada, ship, ship if landed_at else False)
        refused = False
    except IntegrityError:
        refused = True
    assert refused is first.overlaps(other) is other.overlaps(first)
