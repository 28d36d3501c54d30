"""What stewards owe: the next confirmation, and the landings that nobody has recorded."""

from datetime import datetime

from records.instants import written
from records.models import Confirmation, Mission


def latest_word(at: datetime) -> dict:
    """The latest confirmation, also in words, and what is overdue, for templates."""
    latest = Confirmation.objects.select_related("made_by").first()
    return {
        "latest": latest,
        "latest_words": _words(latest, at),
        "overdue": list(_overdue(at)),
    }


def _words(latest: Confirmation | None, at: datetime) -> str:
    if latest is None:
        return "Nobody has confirmed the facts yet."
    days = (at - latest.through_at).days
    ago = f"{days} day{'s' * (days > 1)} ago" if days else "less than a day ago"
    who = f", by {latest.made_by}" if latest.made_by else ""
    return f"The facts are confirmed through {latest.through_at:%Y-%m-%d %H:%M} UTC, {ago}{who}."


def _overdue(at):
    """Each mission that is overdue, and its plan in words; the one planned first comes first."""
    for mission in Mission.objects.overdue(at).order_by("planned_landing_at", "slug"):
        plan = written(mission.planned_landing_at, mission.planned_landing_precision)
        yield {"mission": mission, "plan": plan}
