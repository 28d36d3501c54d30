"""Rules: what a leaderboard compares."""

from dataclasses import dataclass

from .criteria import Category
from .metrics import Metric


@dataclass(frozen=True, slots=True)
class Rule:
    """A metric over a category of flights, listing values from `threshold` on (days for durations,
    years for ages; None lists everything above zero). With `each` it lists every "flight" or
    "spacewalk" by itself instead of each astronaut's best."""

    metric: Metric
    category: Category
    threshold: int | None = None
    each: str = ""

    @property
    def least(self) -> int:
        """The least score that is listed."""
        amount = self.metric.threshold_amount(self.threshold)
        return -amount if self.metric.lowest_first else amount
