"""What a save costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Flight, Mission
from tests.admin.pages import typed, url

pytestmark = pytest.mark.django_db

#: One landing with a crew of three: 15 queries write it, 15 look at the record that it leaves, 3
#: at the stories that name it, and 2 at the stations that its states before and after hold.
#: PostgreSQL is told twice as well when to check the foreign keys.
MOST_QUERIES = 72 if connection.vendor == "postgresql" else 70


def test_a_landing_that_is_shown_before_it_is_kept_asks_little(desk):
    ship = Mission.objects.get(slug="soyuz-ms-29")
    values = typed(desk.get(url("change", ship)))
    values |= {"landed_at": "2026-10-08 10:00:00", "landing_precision": "second"}
    for place in range(3):
        values[f"launch_flights-{place}-same_ship"] = "on"
    desk.post(url("change", ship), values)  # The ledger and its problems are read with the first.
    with CaptureQueriesContext(connection) as queries:
        response = desk.post(url("change", ship), values)
    assert response.context_data["impact"]
    assert len(queries) <= MOST_QUERIES
    assert not Flight.objects.filter(landing_mission=ship).exists()
