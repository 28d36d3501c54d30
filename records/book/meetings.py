"""Meetings: when two people were in space at the same time."""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from records.instants import Precision

from .careers import Career, Flight
from .values import Value, elapsed


@dataclass(frozen=True, slots=True)
class Meeting:
    """A time during which both were in space: one's flight, the other's, from `begin` to `end`.

    `end` is where the earlier of the two clocks stands; `lasts` says that both still run.
    """

    one: Flight
    other: Flight
    begin: datetime
    end: datetime

    @property
    def lasts(self) -> bool:
        return self.one.state.running and self.other.state.running

    @property
    def up_together(self) -> bool:
        return self.one.launch_mission.slug == self.other.launch_mission.slug

    @property
    def down_together(self) -> bool:
        landings = {self.one.landing_mission, self.other.landing_mission}
        return self.one.landed_at is not None and len(landings) == 1

    @property
    def begin_precision(self) -> Precision:
        """How well the launch is known with which it began."""
        begun = max((self.one, self.other), key=attrgetter("launched_at"))
        return begun.launch_mission.launch_precision

    @property
    def end_precision(self) -> Precision:
        """How well the landing is known with which it ended, or where the clock stands."""
        return self._ended.until_precision

    @property
    def _ended(self) -> Flight:
        return min((self.one, self.other), key=attrgetter("until"))

    @property
    def value(self) -> Value:
        """How long it lasted; at least so long if it ends with a landing known to the day."""
        if self._ended.landed_at:
            return elapsed(self.begin, self.begin_precision, self.end, self.end_precision)
        time = elapsed(self.begin, self.begin_precision, self.end)
        return replace(time, precision=Precision.coarsest((time.precision, self.end_precision)))


def meetings(one: Career, other: Career) -> list[Meeting]:
    """Every time both were in space, in order. The careers are clipped to the same instant."""
    found = [
        Meeting(
            mine,
            theirs,
            max(mine.launched_at, theirs.launched_at),
            min(mine.until, theirs.until),
        )
        for mine in one.flights
        for theirs in other.flights
    ]
    return sorted(
        (meeting for meeting in found if meeting.begin < meeting.end),
        key=lambda meeting: meeting.begin,
    )


def may_have_met(one: Career, other: Career) -> bool:
    """Whether both may have been in space at once, as well as landings are known. The careers are
    clipped to the same instant."""
    return any(
        _may_be_up(mine, theirs.launched_at) and _may_be_up(theirs, mine.launched_at)
        for mine in one.flights
        for theirs in other.flights
    )


def _may_be_up(flight: Flight, at: datetime) -> bool:
    return flight.landed_by is None or at < flight.landed_by
