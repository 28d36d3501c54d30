"""Record watch: what the flights under way will pass, and which records fell lately."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from records import models
from records.book.careers import Astronaut, Flight
from records.book.crews import by_ship
from records.book.forecast import Look, Milestone, Outlook
from records.book.progression import ChangeKind, RecordChange
from records.book.standings import Board, Standing
from records.book.tenures import Tenure
from records.book.values import duration_text
from records.book.words import AS_FAR_AS_IS_KNOWN, listed
from records.instants import Precision, period_end

from .history import moved
from .ledger import Ledger

#: Places from here up are worth a line beside the next one.
TOP = 10
#: A landing is put off by so much now and then; what falls short by more is not counted on.
NEAR_MISS = timedelta(days=60)
#: How far ahead calendars look where no landing is planned.
HORIZON = timedelta(days=365)
YEAR = timedelta(days=365)


def latest_near(flight: Flight) -> datetime:
    """Until when a flight can be expected to last."""
    if flight.plan_ends_at:
        return flight.plan_ends_at + NEAR_MISS
    return flight.launched_at + HORIZON


#: The next place of everyone aloft, and the near ones in a first ten.
ALL_AHEAD = Look(places=1, top=TOP, latest=latest_near)
#: Only the latter.
HIGH_AHEAD = Look(places=0, top=TOP, latest=latest_near)


@dataclass(frozen=True)
class Prospect:
    """One milestone on a shipped leaderboard, with all crew mates who reach it in that second."""

    leaderboard: models.Leaderboard
    milestone: Milestone
    astronauts: tuple[Astronaut, ...]
    board: Board = field(compare=False, repr=False)

    @property
    def names(self) -> str:
        return listed([one.name for one in self.astronauts])

    @property
    def passed(self) -> list[Standing]:
        """Those who are passed, as they stand on the board."""
        found = (self.board.find(one.slug) for one in self.milestone.passed)
        return [standing for _, standing in filter(None, found)]

    @property
    def place(self) -> str:
        """`rank 9, passing Kathleen Rubins (300 d 1 h 31 m)`."""
        one = self.milestone
        if one.joins:
            place = f"rank {one.rank}, joining the list at {one.value.text}"
        else:
            place = f"rank {one.rank}, passing {_some(one.passed)} ({one.value.text})"
        return place if one.sure else f"{place}, {AS_FAR_AS_IS_KNOWN}"

    @property
    def is_vague(self) -> bool:
        """Whether one of the values is known only to the day, and so the instant too."""
        return self.milestone.precision.by_the_day

    @property
    def outlook(self) -> str:
        """What must happen, in words: `Falls 3 d 4 h short; needs an extension`…"""
        one = self.milestone
        if one.outlook is Outlook.OPEN:
            return "No planned landing is known"
        if one.outlook is Outlook.EXPECTED:
            return f"{self._length(one.slack)} before the planned landing"
        return f"Falls {self._length(-one.slack)} short; needs an extension"

    @property
    def slack(self) -> timedelta | None:
        """The planned landing less the passing, as well as it is known; None without a plan."""
        slack = self.milestone.slack
        if slack is None or not self.is_vague:
            return slack
        return timedelta(days=abs(slack).days * (1 if slack > timedelta() else -1))

    def _length(self, length: timedelta) -> str:
        """`3 d 4 h`; `4 h 12 m` if it is less than a day; `about 3 d` if it is vague."""
        if self.is_vague:
            return f"about {length.days} d" if length.days else "less than a day"
        text = duration_text(round(length.total_seconds()))
        return text.rpartition(" h ")[0] + " h" if length.days else text

    @property
    def is_near(self) -> bool:
        """Whether the flight lasts as long by the plan, or nearly."""
        return self.milestone.passes_at <= latest_near(self.milestone.flight)

    @property
    def is_high(self) -> bool:
        """Whether it is worth a line in calendars: near, and in the first ten."""
        return self.is_near and self.milestone.rank <= TOP

    @property
    def key(self) -> str:
        """The same for the same milestone at every time: leaderboard, who passes, who is passed.

        Of several the first by slug speaks for all. Neither rank nor instant are part of it, since
        both are put right when facts are.
        """
        passed = [one.lasting_slug for one in self.milestone.passed] or ["list"]
        return _key(self.leaderboard, [one.lasting_slug for one in self.astronauts], passed)


@dataclass(frozen=True)
class Fallen:
    """A record that changed: the step, and the one before it."""

    leaderboard: models.Leaderboard
    tenure: Tenure
    before: RecordChange

    @property
    def change(self) -> RecordChange:
        return self.tenure.change

    @property
    def names(self) -> str:
        return listed([one.name for one in self.change.holders])

    @property
    def from_whom(self) -> str:
        before = [one for one in self.before.holders if one not in self.change.holders]
        if self.change.kind is ChangeKind.EQUALLED:
            return f"level with {listed([one.name for one in before])}" if before else "level"
        return f"from {listed([one.name for one in before])}" if before else "their own"

    @property
    def key(self) -> str:
        holders = [one.lasting_slug for one in self.change.holders]
        return _key(self.leaderboard, holders, [one.lasting_slug for one in self.before.holders])


def prospects(ledger: Ledger, at: datetime, look: Look = ALL_AHEAD) -> list[Prospect]:
    """What is ahead on each leaderboard, by instant. Lists of every single flight say nothing new
    and are left out; so is, at whatever instant, what a crew would have reached that was lost."""
    found = []
    for row in ledger.leaderboards.values():
        if row.each:
            continue
        told = set()
        for milestone in ledger.forecast(ledger.rule(row), at, look):
            if milestone.flight.is_to_be_lost:
                continue
            board = ledger.standings(row, at)
            one = Prospect(row, milestone, (milestone.astronaut,), board)
            if milestone.astronaut not in told or one.is_near:
                found.append(one)
            told.add(milestone.astronaut)
    return sorted(found, key=lambda one: one.milestone.passes_at)


def high_prospects(ledger: Ledger, at: datetime) -> list[Prospect]:
    """Those of them that are worth a line in calendars: near, and in the first ten."""
    return [one for one in prospects(ledger, at, HIGH_AHEAD) if one.is_high]


def records_that_could_fall(found: list[Prospect]) -> list[Prospect]:
    """The near ones among them that lead to the first place, crew mates together."""
    return together([one for one in found if one.milestone.takes_record and one.is_near])


def next_to_fall(ledger: Ledger, at: datetime, count: int) -> list[Prospect]:
    """For the front page: the next records by the plan, or else the next places near the top."""
    high = [one for one in high_prospects(ledger, at) if one.leaderboard.threshold is None]
    return together([one for one in high if one.milestone.takes_record] or high)[:count]


def together(found: list[Prospect]) -> list[Prospect]:
    """Crew mates who pass the same people in the same second as one prospect."""
    groups: dict[tuple, list[Prospect]] = {}
    for one in found:
        milestone = one.milestone
        key = (one.leaderboard.slug, milestone.passes_at, milestone.passed)
        groups.setdefault(key, []).append(one)
    return [
        Prospect(
            members[0].leaderboard,
            replace(members[0].milestone, sure=all(one.milestone.sure for one in members)),
            tuple(
                one.milestone.astronaut
                for one in by_ship(
                    members, lambda one: (one.milestone.flight, one.milestone.astronaut)
                )
            ),
            members[0].board,
        )
        for members in groups.values()
    ]


def fallen(ledger: Ledger, at: datetime) -> list[Fallen]:
    """Records that changed in the year before the instant, the latest first; none of them is said
    to have fallen to a crew that was lost."""
    since = at - YEAR
    month = datetime(since.year, since.month, 1, tzinfo=since.tzinfo)
    found = []
    for row in moved(ledger, month, period_end(at, Precision.MONTH)):
        rule = ledger.rule(row)
        if rule.each:
            continue
        found += [
            Fallen(row, one, before.change)
            for before, one in pairwise(ledger.tenures(rule, at))
            if since < one.change.passed_at <= at
            and one.kind not in (ChangeKind.RETURNED, ChangeKind.LOST)
        ]
    return sorted(found, key=lambda one: one.change.passed_at, reverse=True)


def _key(leaderboard, passing: list[str], passed: list[str]) -> str:
    return ".".join((leaderboard.lasting_slug, min(passing), min(passed)))


def _some(people: tuple[Astronaut, ...]) -> str:
    names = [one.name for one in people]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} others"]
    return listed(names)
