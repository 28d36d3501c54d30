"""What missions and flights are asked for in the database, where the record book knows it too."""

import pytest

from records.ledger.ledger import Ledger
from records.models import Mission
from tests.factories import instant, make_mission

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
