"""Figures of a story, asked of the record book as it stood when the story appeared.

Beside this file each story has one of its own, `<slug>.json`: a list of sentences, each followed by
what its figures rest on. A figure is a sum of questions, such as `730 days - best
longest-spaceflight`: a question is the name of a method of `Answers` and its arguments; an instant
or a length of time may stand in the place of one. The sentence says how the figure is written:
`{:word}` as `seven`, `{:duration}` as `370 d 21 h 22 m` (see `Figure`).
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from records import models
from records.book.careers import State
from records.book.values import Value, duration_text, elapsed
from records.instants import read_when
from records.ledger import Ledger

STORIES = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.json"))}

NUMBERS = (
    "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
PLACES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
SECONDS = {"seconds": 1, "minutes": 60, "days": 86_400}
APOLLO_TO_THE_MOON = {f"apollo-{number}" for number in (8, 10, 11, 12, 13, 14, 15, 16, 17)}


def sentences():
    """(story, sentence, what its figures rest on) for every sentence that is checked."""
    for slug, path in STORIES.items():
        for sentence, *figures in json.loads(path.read_text()):
            yield slug, sentence, figures


@dataclass(frozen=True)
class Figure:
    """A number, a count of seconds, an instant or a standing's value, written as a story does."""

    amount: int | datetime | Value

    def __format__(self, how: str) -> str:
        amount = self.amount
        if isinstance(amount, Value) and not how:
            return amount.text
        if isinstance(amount, Value):
            amount = amount.amount
        if isinstance(amount, datetime):
            assert "%" in how, "say how the instant is written"
            return format(amount, how)
        match how:
            case "word":
                return NUMBERS.split()[amount]
            case "Word":
                return NUMBERS.split()[amount].capitalize()
            case "place":
                return PLACES.split()[amount - 1]
            case "hundreds":
                return f"{amount // 100 * 100:,}"
            case "duration":
                return duration_text(amount)
            case "hours":
                return f"{amount // 3600} h {amount // 60 % 60} m"
            case "minutes":
                return str(amount // 60)
            case "days":
                return f"{amount // 86_400:,}"
        return format(amount, how)


@dataclass(frozen=True)
class Answers:
    """What the record book answers at an instant: counts, seconds, instants, a standing's value."""

    ledger: Ledger
    at: datetime

    def figure(self, text: str) -> Figure:
        """The figure that a sum of questions comes to."""
        first, *rest = re.split(r" ([+-]) ", text)
        amount = self.ask(first)
        if rest and isinstance(amount, Value):
            amount = amount.amount
        for sign, question in zip(rest[::2], rest[1::2], strict=True):
            term = self.ask(question)
            if isinstance(term, Value):
                term = term.amount
            if isinstance(amount, datetime) and isinstance(term, int):
                term = timedelta(seconds=term)
            amount = amount + term if sign == "+" else amount - term
            if isinstance(amount, timedelta):
                amount = round(amount.total_seconds())
        return Figure(amount)

    def ask(self, question: str) -> int | datetime | Value:
        name, *arguments = question.split(" ")
        if name.isdigit():
            return int(name) * SECONDS[arguments[0]]
        if name[0].isdigit():
            return read_when(name).last
        return getattr(self, name.replace("-", "_"))(*arguments)

    # Instants

    def now(self):
        return self.at

    def confirmed_through(self):
        return self.ledger.confirmation.through_at

    def launch(self, mission):
        return self.ledger.missions[mission].launched_at

    def landing(self, mission):
        return self.ledger.missions[mission].landed_at

    def voyage(self, mission):
        """How long the craft was out."""
        craft = self.ledger.missions[mission]
        return elapsed(
            craft.launched_at, craft.launch_precision, craft.landed_at, craft.landing_precision
        )

    def landing_of(self, who, mission):
        return self.trip(who, mission).landed_at

    def first_walk(self, who):
        return self.career(who).spacewalks[0].started_at

    # One astronaut

    def flight(self, who, mission):
        return self.trip(who, mission).seconds

    def flights(self, who):
        return len(self.career(who).flights)

    def flown_for(self, agency, who):
        return sum(one.seconds for one in self.career(who).flights if one.agency == agency)

    def total(self, who):
        return sum(one.seconds for one in self.career(who).flights)

    def total_before(self, who, mission):
        return self.total(who) - self.flight(who, mission)

    def walks(self, who):
        return len(self.career(who).spacewalks)

    def outside(self, who):
        return sum(one.seconds for one in self.career(who).spacewalks)

    def on_the_moon(self, who):
        stay = models.SurfaceStay.objects.get(flight__astronaut__slug=who)
        return round((stay.lifted_off_at - stay.landed_at).total_seconds())

    # Boards

    def places(self, board):
        return len(self.standings(board))

    def best(self, board):
        return self.standings(board)[0].value

    def value(self, board, who):
        return self.standing(board, who).value

    def rank(self, board, who):
        return self.standing(board, who).rank

    def above(self, board, who):
        return self.rank(board, who) - 1

    def places_before_one_in_one_ship(self, board):
        return next(
            place
            for place, row in enumerate(self.standings(board))
            if not row.mark.parts[0].changed_ships
        )

    # Who is aloft

    def aloft(self):
        return len(self.people_aloft())

    def aloft_at(self, launch, boundary):
        return len(self.people_aloft(self.launch(launch), boundary))

    def aloft_for(self, country):
        return sum(one.aloft.country == country for one in self.people_aloft())

    def women_aloft(self):
        return sum(one.astronaut.sex == "F" for one in self.people_aloft())

    def ships_aloft(self):
        return len({one.aloft.launch_mission.slug for one in self.people_aloft()})

    def longest_aloft(self):
        return max(one.aloft.seconds for one in self.people_aloft())

    def certain_at(self, instant):
        return self._counted(instant, unconfirmed=False)

    def unconfirmed_at(self, instant):
        return self._counted(instant, unconfirmed=True)

    def _counted(self, instant, *, unconfirmed):
        people = self.people_aloft(read_when(instant).last)
        return sum((one.aloft.state is State.UNCONFIRMED) == unconfirmed for one in people)

    # Trips to orbit

    def trips_ended(self):
        return len(self.landed())

    def flights_of_days(self, days):
        return sum(one.seconds >= int(days) * 86_400 for one in self.trips())

    def totals_of_days(self, days):
        rows = self.standings("total-time-in-space")
        return sum(row.value.amount >= int(days) * 86_400 for row in rows)

    def longest_in_one_ship(self):
        return max(one.seconds for one in self.landed() if not one.changed_ships)

    def ship_changes(self):
        return sum(one.changed_ships for one in self.landed())

    def ship_changers(self):
        return len(self._changes())

    def ship_changers_twice(self):
        return sum(count == 2 for count in self._changes().values())

    def _changes(self):
        """How often each astronaut has come home in another ship, of those who have."""
        return Counter(
            who
            for who in self.ledger.careers
            for one in self.career(who).flights
            if one.landed_at and one.changed_ships
        )

    def changes_between(self, up, down):
        """Trips up in one family of ships and down in another ship; `Space-Shuttle` is one word."""
        families = [up.replace("-", " "), down.replace("-", " ")]
        return sum(
            [one.launch_mission.family, one.landing_mission.family] == families
            for one in self.landed()
            if one.changed_ships
        )

    def seats_to(self, station):
        return len(self._to(station))

    def ships_to(self, station):
        return len({one.launch_mission.slug for one in self._to(station)})

    def people_to(self, station):
        return sum(
            any(one.launch_mission.stations == {station} for one in self.career(who).flights)
            for who in self.ledger.careers
        )

    def _to(self, station):
        return [one for one in self.trips() if one.launch_mission.stations == {station}]

    def seats_to_the_moon(self):
        return len(self.to_the_moon())

    def people_to_the_moon(self):
        return len(set(self.to_the_moon()))

    # Spacewalks

    def walks_before(self, who):
        """Spacewalks of anybody before the first of this astronaut."""
        return models.Spacewalk.objects.filter(started_at__lt=self.first_walk(who)).count()

    def longest_walk_before(self, year):
        return max(_seconds(models.Spacewalk.objects.filter(started_at__year__lt=int(year))))

    def moonwalks(self, mission):
        return sum(_seconds(_moonwalks().filter(mission__slug=mission)))

    def longest_moonwalk(self, mission):
        return max(_seconds(_moonwalks().filter(mission__slug=mission)))

    def all_moonwalks(self):
        return sum(_seconds(_moonwalks()))

    # Rows, for whatever is more than a figure

    def career(self, who):
        return self.ledger.careers[who].at(self.at, self.ledger.confirmation)

    def trip(self, who, mission):
        (one,) = (one for one in self.career(who).flights if one.launch_mission.slug == mission)
        return one

    def trips(self):
        """Every trip to orbit that had begun, clipped to the moment."""
        return [
            one
            for who in self.ledger.careers
            for one in self.career(who).flights
            if one.launch_mission.boundary == "orbit"
        ]

    def landed(self):
        return [one for one in self.trips() if one.landed_at]

    def standings(self, board):
        return self.ledger.standings(self.ledger.leaderboards[board], self.at)

    def standing(self, board, who):
        (row,) = (row for row in self.standings(board) if row.astronaut.slug == who)
        return row

    def people_aloft(self, at=None, boundary="orbit"):
        return self.ledger.aloft(at or self.at, boundary)

    def to_the_moon(self):
        """Who flew to the Moon on Apollo, once for each time."""
        return [
            who
            for who in self.ledger.careers
            for one in self.career(who).flights
            if one.launch_mission.slug in APOLLO_TO_THE_MOON
        ]


def _moonwalks():
    return models.Spacewalk.objects.filter(kind="lunar-surface")


def _seconds(walks):
    return [one.time.amount for one in walks]
