"""Values of metrics: an amount, its unit, how well it is known, and the one way to write it."""

from dataclasses import dataclass
from enum import StrEnum

from records.instants import Precision

DAY = 86_400


class Unit(StrEnum):
    """What an amount counts. Durations are whole seconds."""

    SECONDS = "seconds"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Value:
    """An amount in its unit.

    `precision` is the coarsest of the instants it rests on; `at_least` says that the true value
    may be greater, never less.
    """

    amount: int
    unit: Unit
    precision: Precision = Precision.SECOND
    at_least: bool = False

    @property
    def text(self) -> str:
        """`370 d 21 h 22 m`, cut off at the minute; by the day, with a word, if known only so."""
        if self.unit is Unit.COUNT:
            return f"at least {self.amount}" if self.at_least else str(self.amount)
        if not self.precision.by_the_day:
            return duration_text(self.amount)
        return f"{'at least' if self.at_least else '≈'} {self.amount // DAY} d"

    @property
    def exact_text(self) -> str:
        """With seconds where the value is known to the second."""
        if self.unit is Unit.SECONDS and self.precision is Precision.SECOND:
            return f"{self.text} {self.amount % 60} s"
        return self.text

    @property
    def iso(self) -> str | None:
        """ISO 8601 duration, `P370DT21H22M53S`; None for a count."""
        return iso_duration(self.amount) if self.unit is Unit.SECONDS else None

    def equals(self, other: "Value") -> bool:
        """Whether the two are the same at the coarser precision of the two."""
        if self.amount == other.amount or self.unit is Unit.COUNT:
            return self.amount == other.amount
        step = max(self.precision.seconds, other.precision.seconds)
        return self.amount // step == other.amount // step


def duration_text(seconds: int) -> str:
    """`370 d 21 h 22 m`, cut off at the minute; never months or years."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, 3600)
    minutes = rest // 60
    if days:
        return f"{days} d {hours} h {minutes} m"
    return f"{hours} h {minutes} m" if hours else f"{minutes} m"


def iso_duration(seconds: int) -> str:
    """`P370DT21H22M53S`."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    return f"P{days}DT{hours}H{minutes}M{rest}S"
