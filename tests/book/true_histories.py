"""True histories, drawn from what a record allows.

A record says of its instants and durations how well they are known. Here each of them is drawn anew
from all that it can stand for, to the second; what nobody has confirmed may have ended in any way.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from records.book.careers import (
    Astronaut,
    Career,
    Confirmation,
    Flight,
    Mission,
    Spacewalk,
    State,
    published_time,
)
from records.instants import Precision, last_day, latest

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


class Truth:
    """One true history of the careers at an instant. `random` has `randint(least, most)`."""

    def __init__(self, careers, at: datetime, confirmation: Confirmation, random):
        self.at, self.confirmation, self.random = at, confirmation, random
        self._known = careers
        self.launches, self.landings = {}, {}
        self.walks = {}
        flights = [flight for career in careers for flight in career.flights]
        self._walked_until = {}
        for flight in flights:
            ship = flight.landing_mission or flight.launch_mission
            for walk in flight.spacewalks:
                known = self._walked_until.get(ship.slug, walk.ended_at)
                self._walked_until[ship.slug] = max(known, walk.ended_at)
        next_launch = {}
        for career in careers:
            for one, following in zip(career.flights, career.flights[1:], strict=False):
                ship = one.landing_mission
                if ship:
                    known = next_launch.get(ship.slug, following.launched_at)
                    next_launch[ship.slug] = min(known, following.launched_at)
        for flight in flights:
            self._draw(flight.launch_mission, next_launch)
            if flight.landing_mission:
                self._draw(flight.landing_mission, next_launch)
        self.careers = [self._career(career) for career in careers]

    def going_on(self, until: datetime) -> list[Career]:
        """The careers if, from the instant on, nobody lands who is known to be up, nobody is
        launched, and time passes until then."""
        found = []
        for known, career in zip(self._known, self.careers, strict=True):
            stood = [flight.at(self.at, self.confirmation) for flight in known.flights]
            flights = [
                self._prolonged(flight, until) if then.state is State.IN_FLIGHT else flight
                for flight, then in zip(career.flights, stood, strict=True)
                if then
            ]
            found += [Career.of(career.astronaut, flights)] if flights else []
        return found

    def _prolonged(self, flight: Flight, until: datetime) -> Flight:
        ship = flight.landing_mission or flight.launch_mission
        return Flight.of(
            flight.launch_mission,
            replace(ship, landed_at=until),
            number=flight.number,
            country=flight.country,
            agency=flight.agency,
            role=flight.role,
            spacewalks=flight.spacewalks,
        )

    def between(self, least: datetime, most: datetime) -> datetime:
        span = round((most - least).total_seconds())
        return least + timedelta(seconds=self.random.randint(0, span)) if span > 0 else least

    def _draw(self, mission: Mission, next_launch: dict[str, datetime]):
        if mission.slug in self.launches:
            return
        last = latest(mission.launched_at, mission.launch_precision)
        launched_at = self.between(mission.launched_at, last)
        landed_at = mission.landed_at
        if landed_at is not None:
            last = latest(landed_at, mission.landing_precision)
            if mission.slug in next_launch:
                last = max(landed_at, min(last, next_launch[mission.slug]))
            landed_at = self.between(landed_at, last)
            if landed_at <= launched_at:
                launched_at, landed_at = (
                    mission.launched_at,
                    max(landed_at, mission.launched_at + SECOND),
                )
        self.launches[mission.slug], self.landings[mission.slug] = launched_at, landed_at

    def _mission(self, mission: Mission) -> Mission:
        return replace(
            mission,
            launched_at=self.launches[mission.slug],
            launch_precision=Precision.SECOND,
            landed_at=self.landings[mission.slug],
            landing_precision=Precision.SECOND,
            plan_ends_at=None,
        )

    def _career(self, career: Career) -> Career:
        flights = [self._flight(flight) for flight in career.flights]
        return Career.of(self._astronaut(career.astronaut, flights), flights)

    def _astronaut(self, astronaut: Astronaut, flights: list[Flight]) -> Astronaut:
        first, known = astronaut.born_on, astronaut.birth_precision
        if first is None:
            age = timedelta(days=self.random.randint(18 * 365, 90 * 365))
            born_on = (flights[0].launched_at - age).date()
            return replace(astronaut, born_on=born_on, birth_precision=Precision.DAY)
        days = (last_day(first, known) - first).days
        born_on = first + timedelta(days=self.random.randint(0, days))
        return replace(astronaut, born_on=born_on, birth_precision=Precision.DAY)

    def _flight(self, flight: Flight) -> Flight:
        up = self._mission(flight.launch_mission)
        down = flight.landing_mission and self._mission(flight.landing_mission)
        stood = flight.at(self.at, self.confirmation)
        if stood and stood.state in (State.PRESUMED, State.UNCONFIRMED):
            down = self._landing_unheard_of(stood, up, down)
        return Flight.of(
            up,
            down,
            number=flight.number,
            country=flight.country,
            agency=flight.agency,
            role=flight.role,
            spacewalks=self._walks(flight, up, down),
            spacewalks_missing=False,
        )

    def _landing_unheard_of(self, flight: Flight, up: Mission, down: Mission | None):
        """Any time after the last word of it; or it goes on."""
        ship = flight.landing_mission or flight.launch_mission
        if self.landings.get(ship.slug) is None:
            earliest = max(up.launched_at, self.confirmation.through_at) + SECOND
            # Nobody comes down before a spacewalk of theirs that is known was over.
            earliest = max(earliest, self._walked_until.get(ship.slug, earliest))
            goes_on = self.random.randint(0, 2) == 0 or earliest > self.at
            self.landings[ship.slug] = (
                self.at + 1000 * HOUR if goes_on else self.between(earliest, self.at)
            )
        return replace(down or up, landed_at=self.landings[ship.slug])

    def _walks(self, flight: Flight, up: Mission, down: Mission | None) -> list[Spacewalk]:
        """Those that are known, and perhaps some that are missing."""
        found = [self._walk(walk, up, down) for walk in flight.spacewalks]
        if flight.spacewalks_missing:
            end = down.landed_at if down and down.landed_at else self.at
            for number in range(self.random.randint(0, 3)):
                seconds = self.random.randint(60, 8 * 3600)
                begin = self.between(up.launched_at, end - timedelta(seconds=seconds))
                time = published_time(timedelta(seconds=seconds), Precision.SECOND)
                slug = f"{up.slug}-{number}-nobody-knows"
                found.append(Spacewalk(slug, begin, time, "orbital", Precision.SECOND))
        return found

    def _walk(self, walk: Spacewalk, up: Mission, down: Mission | None) -> Spacewalk:
        if walk.slug not in self.walks:
            self.walks[walk.slug] = self._drawn(walk, up, down)
        return self.walks[walk.slug]

    def _drawn(self, walk: Spacewalk, up: Mission, down: Mission | None) -> Spacewalk:
        earliest = max(walk.started_at, up.launched_at)
        last = latest(walk.started_at, walk.start_precision)
        seconds, room = walk.time.amount, 8 * 3600
        if down and down.landed_at:
            room = round((down.landed_at - earliest).total_seconds())
        if walk.time.is_unknown:
            seconds = self.random.randint(1, max(1, min(room, 8 * 3600)))
        elif walk.time.precision is Precision.ABOUT:
            seconds = self.random.randint(
                walk.time.low, max(walk.time.low, min(room, walk.time.high))
            )
        if down and down.landed_at:
            last = min(last, down.landed_at - timedelta(seconds=seconds))
        time = published_time(timedelta(seconds=seconds), Precision.SECOND)
        begin = self.between(earliest, last)
        return replace(walk, started_at=begin, start_precision=Precision.SECOND, time=time)
