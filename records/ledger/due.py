"""What stewards owe: the next confirmation, and the landings that nobody has recorded."""

from datetime import datetime

from records.instants import written
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
    """Each mission that is overdue, and its plan in words; the one planned first comes first."""
    for mission in Mission.objects.overdue(at).order_by("planned_landing_at", "slug"):
        plan = written(mission.planned_landing_at, mission.planned_landing_precision)
        yield {"mission": mission, "plan": plan}
