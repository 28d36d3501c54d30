"""Values of metrics: an amount, its unit, how well it is known, and the one way to write it."""

from enum import StrEnum

from records.instants import Precision

from .plain import plain

DAY = 86_400
MINUTE = 60


class Unit(StrEnum):
    """What an amount counts. Durations are whole seconds, ages whole days."""

    SECONDS = "seconds"
    COUNT = "count"
    DAYS = "days"


@plain()
class Value:
    """An amount in its unit.

    `precision` is the coarsest of the instants it rests on. `at_least` says that the true value
    may be greater, never less; `at_most` the reverse. `years` are the full years of an age and the
    days beyond; `in_hours` writes a duration in hours, as the field does for spacewalks.
    """

    amount: int
    unit: Unit
    precision: Precision = Precision.SECOND
    at_least: bool = False
    at_most: bool = False
    years: tuple[int, int] | None = None
    in_hours: bool = False

    @property
    def text(self) -> str:
        """`370 d 21 h 22 m`, cut off at the minute; `77 years 103 days`; `7`. With a word in front
        if it is known only so well."""
        if self.at_least:
            return f"at least {self._figure}"
        if self.at_most:
            return f"at most {self._figure}"
        if self.unit is Unit.SECONDS and self.precision.by_the_day:
            return f"≈ {self._figure}"
        return self._figure

    @property
    def _figure(self) -> str:
        if self.unit is Unit.COUNT:
            return str(self.amount)
        if self.unit is Unit.DAYS and self.years is None:
            return f"{self.amount} day{'' if self.amount == 1 else 's'}"
        if self.unit is Unit.DAYS:
            years, days = self.years
            whole = f"{years} year{'' if years == 1 else 's'}"
            if self.precision is Precision.YEAR:
                return whole
            return f"{whole} {days} day{'' if days == 1 else 's'}"
        if self.precision.by_the_day:
            # What is at most so much is not cut off.
            return f"{-(-self.amount // DAY) if self.at_most else self.amount // DAY} d"
        if 0 < self.amount < MINUTE:
            return f"{self.amount} s" if self.precision is Precision.SECOND else "under 1 m"
        return hours_text(self.amount) if self.in_hours else duration_text(self.amount)

    @property
    def exact_text(self) -> str:
        """With seconds where the value is known to the second."""
        if self.unit is Unit.SECONDS and self.precision is Precision.SECOND:
            return f"{self.text} {self.amount % MINUTE} s" if self.amount >= MINUTE else self.text
        return self.text

    @property
    def iso(self) -> str | None:
        """ISO 8601 duration, `P370DT21H22M53S` or `P28229D`; None for a count."""
        if self.unit is Unit.DAYS:
            return f"P{self.amount}D"
        return iso_duration(self.amount) if self.unit is Unit.SECONDS else None

    @property
    def step(self) -> int:
        """The amount below which two values of this precision cannot be told apart."""
        if self.unit is Unit.SECONDS:
            return self.precision.seconds
        return max(1, self.precision.seconds // DAY) if self.unit is Unit.DAYS else 1

    def equals(self, other: "Value") -> bool:
        """Whether the two are the same at the coarser precision of the two."""
        if self.amount == other.amount:
            return True
        step = max(self.step, other.step)
        return self.amount // step == other.amount // step


def duration_text(seconds: int) -> str:
    """`370 d 21 h 22 m`, cut off at the minute; never months or years."""
    days, rest = divmod(seconds, DAY)
    if days:
        return f"{days} d {rest // 3600} h {rest % 3600 // 60} m"
    return hours_text(seconds)


def hours_text(seconds: int) -> str:
    """`60 h 21 m`: how the time of spacewalks is written, however many days it is."""
    hours, rest = divmod(seconds, 3600)
    minutes = rest // 60
    return f"{hours} h {minutes} m" if hours else f"{minutes} m"


def iso_duration(seconds: int) -> str:
    """`P370DT21H22M53S`."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    return f"P{days}DT{hours}H{minutes}M{rest}S"
