"""Criteria: what can narrow the flights that count. The one place to add one.

A criterion is a function that says of a flight whether it counts. The query string, the form, the
definition sentence, the data desk, the table of leaderboards and the documentation follow from what
is given where it is entered. Where editors may store its value, `Leaderboard` has a field as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto
from functools import partial
from typing import Any, Protocol

from .careers import Astronaut, Career, Flight

SEXES = {"F": "Women", "M": "Men"}

BOUNDARY_LABELS = {
    "orbit": "Orbit",
    "100km": "Above 100 km",
    "80km": "Above 80 km",
}
BOUNDARY_WORDS = {
    "orbit": "reached orbit",
    "100km": "climbed above 100 km",
    "80km": "climbed above 80 km",
}
#: A flight that crossed a boundary crossed every one before it in this order.
BOUNDARIES = ("80km", "100km", "orbit")
CROSSED = {one: BOUNDARIES[place:] for place, one in enumerate(BOUNDARIES)}

#: What counts as space without another word, on every page and in every answer.
DEFAULT_BOUNDARY = "orbit"

#: What counts as space if suborbital flights do.
LOWEST_BOUNDARY = BOUNDARIES[0]

#: Boundary → label of those that can be chosen instead of the default.
OTHER_BOUNDARIES = {key: label for key, label in BOUNDARY_LABELS.items() if key != DEFAULT_BOUNDARY}


class Names(Protocol):
    """What codes and slugs are called, and which words the facts know."""

    countries: Mapping[str, str]
    agencies: Mapping[str, str]
    stations: Mapping[str, str]
    families: Iterable[str]
    programmes: Iterable[str]
    roles: Iterable[str]


class ChoiceKind(Enum):
    """What is chosen: one of several texts, a yes, or a UTC day: the first or the last that counts,
    and so of a month or a year."""

    CHOICE = auto()
    SWITCH = auto()
    FIRST_DAY = auto()
    LAST_DAY = auto()

    @property
    def is_day(self) -> bool:
        return self in (ChoiceKind.FIRST_DAY, ChoiceKind.LAST_DAY)


class WordPlace(Enum):
    """Where the words stand: BEFORE "flights", BEHIND it, after THAT, or in a CLAUSE of their own,
    as in `landed flights by women that reached orbit, to Mir`."""

    BEFORE = auto()
    BEHIND = auto()
    THAT = auto()
    CLAUSE = auto()


class Of(Enum):
    """What a criterion looks at: who flew, the flight, or the flight clipped to an instant."""

    ASTRONAUT = auto()
    FLIGHT = auto()
    CLIPPED_FLIGHT = auto()


#: What narrows nothing.
NOTHING = {ChoiceKind.CHOICE: "", ChoiceKind.SWITCH: False}


@dataclass(frozen=True, slots=True)
class Criterion:
    """One way to narrow the flights that count.

    `name` is that of its value in a `Category`, `parameter` that in a query string, `field` that in
    `records.models.Leaderboard`: empty where editors cannot store it. `label` is written in forms,
    `title` on the page of methods, `meaning` in documentation.

    `choices` are value → label, or what `Names` calls them. `default` holds where nobody has
    chosen. `words` are said of a value, an `example` of which is given. `place` says where in the
    sentence; a criterion without words only tells how another one is meant and narrows nothing.
    `admits` takes a value and what the criterion looks `of`, and says whether that counts.

    `in_the_open` is its place among the filters that forms show at once, from 1; 0 is folded away.
    `beside` is the criterion on whose line it stands at the data desk.
    """

    name: str
    parameter: str
    label: str
    title: str
    meaning: str
    kind: ChoiceKind
    choices: Mapping[str, str] | str | tuple[()]
    field: str
    default: Any
    example: Any
    words: Callable[[Any, Names], str] | None
    place: WordPlace
    of: Of
    in_the_open: int
    beside: str
    admits: Callable[[Any, Any], bool]

    @property
    def narrows(self) -> bool:
        return self.words is not None

    def options(self, names: Names) -> dict[str, str]:
        """Value → label of what can be chosen."""
        choices = getattr(names, self.choices) if isinstance(self.choices, str) else self.choices
        return dict(choices) if isinstance(choices, Mapping) else {word: word for word in choices}

    def read(self, text: str) -> Any:
        """The value that a text in a query string stands for. It has been checked."""
        if self.kind.is_day:
            return date.fromisoformat(text)
        return True if self.kind is ChoiceKind.SWITCH else text

    def write(self, value: Any) -> str:
        """The text in a query string that stands for the value; empty for none."""
        if not value:
            return ""
        return "1" if self.kind is ChoiceKind.SWITCH else str(value)


#: Every criterion by its name.
CRITERIA: dict[str, Criterion] = {}


def criterion(
    parameter: str,
    label: str,
    *,
    words: Callable[[Any, Names], str] | str | None,
    place: WordPlace = WordPlace.CLAUSE,
    kind: ChoiceKind = ChoiceKind.CHOICE,
    choices: Mapping[str, str] | str | tuple[()] = (),
    example: Any = True,
    title: str = "",
    field: str = "",
    default: Any = None,
    of: Of = Of.FLIGHT,
    in_the_open: int = 0,
    beside: str = "",
):
    """Enter a function into the record book, as described at `Criterion`. Its name is the
    criterion's, its docstring the `meaning`; `words` that are the same of every value may be given
    as they are, and a `title` that is the label left out."""

    def enter(admits):
        CRITERIA[admits.__name__] = Criterion(
            name=admits.__name__,
            parameter=parameter,
            label=label,
            title=title or label,
            meaning=admits.__doc__,
            kind=kind,
            choices=choices,
            field=field,
            default=NOTHING.get(kind) if default is None else default,
            example=example,
            words=(lambda value, names: words) if isinstance(words, str) else words,
            place=place,
            of=of,
            in_the_open=in_the_open,
            beside=beside,
            admits=admits,
        )
        return admits

    return enter


# The criteria, in the order of the page of methods and of the table of leaderboards


@criterion(
    "sex",
    "Sex",
    choices=SEXES,
    field="sex",
    words=lambda value, names: {"F": "by women", "M": "by men"}[value],
    place=WordPlace.BEHIND,
    example="F",
    of=Of.ASTRONAUT,
    in_the_open=2,
)
def sex(value: str, astronaut: Astronaut) -> bool:
    """Only flights by F or M"""
    return astronaut.sex == value


@criterion(
    "country",
    "Flown for",
    title="Country flown for",
    choices="countries",
    default=frozenset(),
    field="country",
    words=lambda codes, names: (
        f"flown for {' or '.join(state_words(code, names) for code in sorted(codes))}"
    ),
    example=frozenset({"USA"}),
    in_the_open=1,
)
def countries(codes: frozenset[str], flight: Flight) -> bool:
    """Only flights for this country"""
    return flight.country in codes


@criterion(
    "successors",
    "Successor states combined",
    kind=ChoiceKind.SWITCH,
    field="successors",
    beside="countries",
    words=None,
)
def successors(value: bool, flight: Flight) -> bool:
    """Whether former states count for their successors"""
    return True


@criterion(
    "agency",
    "Agency",
    title="Agency flown for",
    choices="agencies",
    field="agency",
    words=lambda slug, names: f"for {names.agencies.get(slug, slug)}",
    example="esa",
    in_the_open=3,
)
def agency(slug: str, flight: Flight) -> bool:
    """Only flights for this agency"""
    return flight.agency == slug


@criterion(
    "station",
    "Station",
    title="Station visited",
    choices="stations",
    field="station",
    words=lambda slug, names: f"to {station_words(names.stations.get(slug, slug))}",
    example="mir",
    in_the_open=4,
)
def station(slug: str, flight: Flight) -> bool:
    """Only flights to this station"""
    return slug in flight.stations


@criterion(
    "craft",
    "Spacecraft",
    title="Family of spacecraft launched on",
    choices="families",
    field="spacecraft_family",
    words=lambda name, names: f"launched on {name} craft",
    example="Soyuz",
)
def family(name: str, flight: Flight) -> bool:
    """Only launches on this family of craft"""
    return flight.launch_mission.family == name


@criterion(
    "programme",
    "Programme",
    choices="programmes",
    field="programme",
    words=lambda name, names: f"in the {name} programme",
    example="Apollo",
)
def programme(name: str, flight: Flight) -> bool:
    """Only flights of this programme"""
    return flight.launch_mission.programme == name


@criterion(
    "role",
    "Role",
    choices="roles",
    field="role",
    words=lambda name, names: f"as {name}",
    place=WordPlace.BEHIND,
    example="Commander",
)
def role(name: str, flight: Flight) -> bool:
    """Only flights in this role"""
    return flight.role == name


@criterion(
    "first",
    "First flights only",
    kind=ChoiceKind.SWITCH,
    field="first_flights_only",
    words="first",
    place=WordPlace.BEFORE,
)
def first_only(value: bool, flight: Flight) -> bool:
    """Only everybody’s first flight"""
    return flight.number == 1


@criterion(
    "landed",
    "Landed flights only",
    kind=ChoiceKind.SWITCH,
    field="landed_only",
    words="landed",
    place=WordPlace.BEFORE,
    of=Of.CLIPPED_FLIGHT,
)
def landed_only(value: bool, flight: Flight) -> bool:
    """Whether flights under way are left out"""
    return flight.landed_at is not None


@criterion(
    "from",
    "Launched from",
    title="First launch day",
    kind=ChoiceKind.FIRST_DAY,
    field="launched_from",
    words=lambda day, names: f"launched from {day_words(day)} on",
    example=date(2001, 1, 1),
)
def launched_from(day: date, flight: Flight) -> bool:
    """First launch day counted"""
    return flight.launched_at.date() >= day


@criterion(
    "until",
    "Launched until",
    title="Last launch day",
    kind=ChoiceKind.LAST_DAY,
    field="launched_until",
    beside="launched_from",
    words=lambda day, names: f"launched by {day_words(day)}",
    example=date(2010, 12, 31),
)
def launched_until(day: date, flight: Flight) -> bool:
    """Last launch day counted"""
    return flight.launched_at.date() <= day


@criterion(
    "boundary",
    "Boundary",
    choices=BOUNDARY_LABELS,
    default=DEFAULT_BOUNDARY,
    field="boundary",
    words=lambda value, names: BOUNDARY_WORDS[value],
    place=WordPlace.THAT,
    example="80km",
    in_the_open=5,
)
def boundary(value: str, flight: Flight) -> bool:
    """Flights that crossed at least this boundary count"""
    return flight.launch_mission.boundary in CROSSED[value]


# Categories


class Category:
    """Which flights count: a value for each criterion that narrows them, by its name.

    Every criterion is an attribute; one that is not given has its default. Equal to another one
    that admits the same by the same criteria. Never changed.
    """

    __slots__ = ("_hash", "_of_astronaut", "_of_clipped_flight", "_of_flight", "active")

    def __init__(self, **values):
        for name in values:
            if name not in CRITERIA or not CRITERIA[name].narrows:
                raise TypeError(f"{name} narrows no flights")
        #: The values that narrow more than usual, by name.
        self.active = {
            name: value for name, value in values.items() if value != CRITERIA[name].default
        }
        self._hash = hash(frozenset(self.active.items()))
        self._of_astronaut = self._tests(Of.ASTRONAUT)
        self._of_flight = self._tests(Of.FLIGHT)
        self._of_clipped_flight = self._tests(Of.CLIPPED_FLIGHT)

    def _tests(self, of: Of) -> tuple[Callable[[Any], bool], ...]:
        """What must be true of each to count."""
        return tuple(
            partial(one.admits, value)
            for one in CRITERIA.values()
            if one.of is of and one.narrows and (value := self.active.get(one.name, one.default))
        )

    def __getattr__(self, name):
        if name not in CRITERIA:
            raise AttributeError(name)
        return self.active.get(name, CRITERIA[name].default)

    def __eq__(self, other):
        return self.active == other.active if isinstance(other, Category) else NotImplemented

    def __hash__(self):
        return self._hash

    def __repr__(self):
        return f"Category({', '.join(f'{name}={value!r}' for name, value in self.active.items())})"

    def changed(self, **values) -> "Category":
        """The same with other values."""
        return Category(**{**self.active, **values})

    def narrow(self, career: Career) -> Career | None:
        """The career with only what counts; None if nothing does."""
        return next(self.narrow_all((career,)), None)

    def narrow_all(self, careers: Iterable[Career]) -> Iterator[Career]:
        """The careers with only what counts, without those of which nothing does.

        Spacewalks count with the flight they were made on. What depends on the instant is left to
        `narrow_clipped`.
        """
        for test in self._of_astronaut:
            careers = [career for career in careers if test(career.astronaut)]
        for career in careers:
            flights = career.flights
            for test in self._of_flight:
                # Of most careers either all counts or nothing.
                if not all(map(test, flights)):
                    flights = tuple(filter(test, flights))
                    if not flights:
                        break
            if flights is career.flights:
                yield career
            elif flights:
                yield Career.of(career.astronaut, flights)

    @property
    def counts_by_landing(self) -> bool:
        """Whether a flight counts only from its landing on, or for as long as it is under way."""
        return bool(self._of_clipped_flight)

    def narrow_clipped(self, career: Career) -> Career:
        """A career clipped to an instant with only what counts at it, which may be nothing."""
        for test in self._of_clipped_flight:
            if not all(map(test, career.flights)):
                career = replace(career, flights=tuple(filter(test, career.flights)))
        return career


def highest(career: Career) -> str:
    """The highest boundary that any flight of the career crossed, or `none`."""
    heights = ("none", *BOUNDARIES)
    return max((flight.launch_mission.boundary for flight in career.flights), key=heights.index)


# Words


#: States whose names take an article in a sentence.
WITH_ARTICLE = {"ARE", "GBR", "NLD", "SUN", "USA"}


def state_words(code: str, names: Names) -> str:
    """A state's name in a sentence: `Canada`, but `the United States`."""
    name = names.countries.get(code, code)
    return f"the {name}" if code in WITH_ARTICLE else name


def station_words(name: str) -> str:
    """A station's name in a sentence: `Mir`, but `the International Space Station`."""
    return f"the {name}" if name.lower().endswith(" station") else name


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
