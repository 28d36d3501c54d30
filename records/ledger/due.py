"""What stewards owe: the next confirmation, and the landings that nobody has recorded."""

from datetime import datetime

from records.instants import period_end, written
from records.models import Confirmation, Mission


def latest_word(at: datetime) -> dict:
    """The latest confirmation, full days since, and what is overdue, for templates."""
    latest = Confirmation.objects.select_related("made_by").first()
    return {
        "latest": latest,
        "days_since": (at - latest.through_at).days if latest else None,
        "overdue": list(_overdue(at)),
    }


def _overdue(at):
    """Missions without a landing whose planned one has passed, the first one first."""
    planned = Mission.objects.aloft(at).filter(planned_landing_at__lte=at)
    for mission in planned.order_by("planned_landing_at", "slug"):
        # “In November” has passed when November has.
        if period_end(mission.planned_landing_at, mission.planned_landing_precision) <= at:
            plan = written(mission.planned_landing_at, mission.planned_landing_precision)
            yield {"mission": mission, "plan": plan}
