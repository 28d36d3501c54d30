"""Tenures: a record's steps with what a reader must know beside each, and the words for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from records.instants import Precision, full_minute, period_start

from .careers import CERTAINTY, SECOND, Astronaut, Career, Confirmation, State
from .holders import holders
from .progression import ChangeKind, RecordChange
from .rules import Rule
from .standings import Standing, standings
from .values import Unit, Value, elapsed
from .words import AS_FAR_AS_IS_KNOWN, listed

#: More names than this are not all written out in a sentence.
MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Tenure:
    """One step of a record in its place: `previous` are those who held the record before.

    `state` is that of the flight which the value rested on when the step ended, or rests on at the
    instant asked about; of several holders the least certain. `lost` are those who made the step
    with a flight whose spacecraft was lost: no rank language stands beside them. `people` says that
    the record is a number of people, those aboard. `until_precision` is how well the end of the
    step is known. `leaders` are the holders as they stood when the value was settled.
    """

    change: RecordChange
    previous: tuple[Astronaut, ...]
    state: State
    lost: tuple[Astronaut, ...] = ()
    people: bool = False
    until_precision: Precision = Precision.SECOND
    leaders: tuple[Standing, ...] = field(default=(), compare=False, repr=False)

    @property
    def value(self) -> Value:
        return self.change.value

    @property
    def sure(self) -> bool:
        """Whether it is the same in every true history who held the record, or how many were there
        at once."""
        return self.value.low == self.value.high if self.people else self.change.sure

    @property
    def reserve(self) -> str:
        """What must be said beside it where it is not."""
        return "" if self.sure else AS_FAR_AS_IS_KNOWN

    @property
    def kind(self) -> ChangeKind:
        """What happened, for programs. A flight whose craft was lost is told as that alone."""
        return ChangeKind.LOST if self.lost else self.change.kind

    @property
    def margin(self) -> Value | None:
        """How much better than before; None where that is not told."""
        return None if self.lost else self.change.margin

    @property
    def sealed_at(self) -> datetime | None:
        """When the value stopped rising; None while it rises, or if nobody has confirmed it."""
        if self.change.rising and self.state is State.UNCONFIRMED:
            return None
        return self.change.sealed_at

    @property
    def passed_precision(self) -> Precision:
        """How well the instant of the passing is known: no better than the times it compares."""
        return self.change.passed_precision

    @property
    def sealed_precision(self) -> Precision:
        return self.value.precision if self.change.rising else self.passed_precision

    @property
    def stood(self) -> str:
        """How long it stood, as well as its two ends are known; empty if it still does."""
        if self.change.until is None:
            return ""
        begin, known = self.change.passed_at, self.passed_precision
        end, end_known = self.change.until, self.until_precision
        stood = elapsed(_cut(begin, known), known, _cut(end, end_known), end_known)
        return Value(stood.amount, Unit.SECONDS, stood.precision).text

    @property
    def running(self) -> bool:
        """Whether the value is rising at the instant asked about."""
        return self.change.rising and self.change.until is None and self.change.sealed_at is None

    @property
    def newcomers(self) -> tuple[Astronaut, ...]:
        """Those who did not hold the record before."""
        held = {astronaut.slug for astronaut in self.previous}
        return tuple(one for one in self.change.holders if one.slug not in held)

    @property
    def passed(self) -> tuple[Astronaut, ...]:
        """Those who held the record before and do not hold this step."""
        holding = {astronaut.slug for astronaut in self.change.holders}
        return tuple(one for one in self.previous if one.slug not in holding) or self.previous

    @property
    def word(self) -> str:
        """What happened, in a word or two."""
        if self.lost:
            return "Up to the loss of the spacecraft"
        if self.change.kind is ChangeKind.RETURNED:
            return "Returned: what was ahead is not certain"
        if self.change.kind is ChangeKind.PERHAPS:
            return "Perhaps equalled or broken"
        return self.change.kind.value.capitalize()

    @property
    def title(self) -> str:
        """What happened and to whom, in a few words."""
        if self.lost:
            return f"{names_text(self.lost)}, up to the loss of the spacecraft"
        if self.people or not self.previous:
            return self.word
        if self.change.kind is ChangeKind.BROKEN:
            return f"Broken: passed {names_text(self.passed)}"
        if self.change.kind is ChangeKind.EQUALLED:
            return f"Equalled: level with {names_text(self.previous)}"
        return self.word

    def sentence(self, title: str) -> str:
        """What happened to the leaderboard of that title, for readers who see nothing else."""
        value = self.value.text
        who, before = names_text(self.change.holders), names_text(self.passed)
        if self.lost:
            return f"{title}: {names_text(self.lost)}, up to the loss of the spacecraft, {value}."
        if self.people:
            return f"{title}: {self._crowd()}{self._doubt()}."
        if self.running:
            value = f"{self.change.began.text} and rising"
        match self.change.kind:
            case ChangeKind.FIRST:
                text = f"{who} set the first mark, {value}"
            case ChangeKind.EQUALLED:
                text = f"{names_text(self.newcomers)} equalled {names_text(self.previous)}, {value}"
            case ChangeKind.EXTENDED:
                text = f"{who} extended their own mark to {value}"
            case ChangeKind.RETURNED:
                text = f"again held by {who}, {value}, as what was ahead is not certain"
            case _:
                text = f"{who} passed {before}, {value}" if before else f"{who}, {value}"
        reserve = "" if self.sure else f", {AS_FAR_AS_IS_KNOWN}"
        return f"{title}: {text}{reserve}{self._doubt()}."

    def _crowd(self) -> str:
        people = f"{self.value.text} {'person' if self.value.high == 1 else 'people'}"
        if self.change.kind is ChangeKind.EQUALLED:
            return f"equalled, again {people}"
        if self.change.kind is ChangeKind.PERHAPS:
            return f"perhaps equalled or broken, {people}"
        if self.change.before is None:
            return people
        return f"{people}, passing {self.change.before.text}"

    def _doubt(self) -> str:
        if not (self.people or self.change.rising):
            return ""  # A launch or a spacewalk has happened, whatever became of the flight.
        words = {
            State.PRESUMED: " (presumed: the flight has not been confirmed of late)",
            State.UNCONFIRMED: " (unconfirmed: the clock stands still)",
        }
        return words.get(self.state, "")

    def changed_at(self, confirmation: Confirmation) -> datetime:
        """When what is said of the step last changed."""
        instants = [self.change.passed_at, self.change.sealed_at]
        if self.state is State.PRESUMED:
            instants.append(confirmation.through_at + confirmation.grace)
        return max(instant for instant in instants if instant)


def tenures(
    leaderboard: Rule,
    changes: Iterable[RecordChange],
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    previous: tuple[Astronaut, ...] = (),
) -> list[Tenure]:
    """The steps of a progression up to the instant, in their order.

    `careers` are those the progression was made of; `previous` held the record before the first of
    the steps, if they are not all.
    """
    by_slug = defaultdict(list)
    for career in careers:
        by_slug[career.astronaut.slug].append(career)
    found = []
    for change in changes:
        theirs = [career for one in change.holders for career in by_slug[one.slug]]
        if leaderboard.metric.counts_people:
            state = _crowd_state(change, theirs, confirmation)
            found.append(Tenure(change, previous, state, people=True))
        else:
            leaders = _leaders(leaderboard, change, theirs, at, confirmation)
            state = max((one.state for one in leaders), key=CERTAINTY.index, default=State.LANDED)
            lost = {one.astronaut.slug: one.astronaut for one in leaders if one.lost}
            tenure = Tenure(change, previous, state, leaders=tuple(leaders))
            made_it = tuple(one for one in tenure.newcomers or change.holders if one.slug in lost)
            found.append(replace(tenure, lost=made_it))
        previous = change.holders
    for place, following in enumerate(found[1:]):
        found[place] = replace(found[place], until_precision=following.passed_precision)
    return found


def _leaders(leaderboard, change, careers, at, confirmation) -> list[Standing]:
    """The holders as they stood when the value was settled, or at the end of the step."""
    instants = [change.sealed_at] if change.sealed_at else []
    instants.append(change.until - SECOND if change.until else at)
    for instant in instants:
        leaders = holders(standings(leaderboard, careers, instant, confirmation).leaders)
        if all(one.state is State.LANDED for one in leaders):
            break
    return leaders


def _crowd_state(change, careers, confirmation) -> State:
    """A crowd is as certain as the flights that made it one, when it became one."""
    if change.passed_at <= confirmation.through_at + confirmation.grace:
        return State.LANDED
    aloft = (career.at(change.passed_at, confirmation).aloft for career in careers)
    doubtful = any(flight.state is State.PRESUMED for flight in aloft if flight)
    return State.PRESUMED if doubtful else State.LANDED


def _cut(at: datetime, precision: Precision) -> datetime:
    """The instant as it is written if it is known only so well."""
    return full_minute(at) if precision is Precision.MINUTE else period_start(at, precision)


def names_text(astronauts: Iterable[Astronaut]) -> str:
    """`Vladimir Titov and Musa Manarov`; `Jerry Ross, Franklin Chang-Diaz and 2 others`."""
    names = [astronaut.name for astronaut in astronauts]
    if len(names) > MOST_NAMES:
        names[MOST_NAMES - 1 :] = [f"{len(names) - MOST_NAMES + 1} others"]
    return listed(names)
