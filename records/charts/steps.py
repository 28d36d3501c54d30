"""Steps: a record's history as a line that goes up with each new mark, its holders named on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from records.book.careers import State
from records.book.progression import ChangeKind
from records.book.tenures import Tenure
from records.book.words import listed

from .scales import LETTER, LINE, NARROW, WIDE, AmountScale, Tick, TimeScale, amount_scale

# In pixels.
TOP, BOTTOM, HEIGHT = 38, 296, 318

#: Units of the line's own drawing across, which is stretched to the breadth of the page.
ACROSS = 1000


@dataclass(frozen=True, slots=True)
class StepLine:
    """A piece of the line: an SVG path in ACROSS × pixels, and the state it rests on."""

    d: str
    state: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a step begins: per cent across, pixels down, and the kind of the step."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True, slots=True)
class NameOnLine:
    """A holder's name on the line, `anchor` as in SVG."""

    x: float
    y: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class NamesOnLine:
    """Names on the line at one breadth of the drawing; `left_out` says in words, with the year, who
    set a mark and finds no room there."""

    on_line: tuple[NameOnLine, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """What the template draws. `narrow` are the names that a phone has room for, `wide` those
    elsewhere. `open_end` is where a value that still rises has come to."""

    height: int
    bottom: int
    across: int
    time: TimeScale
    amounts: AmountScale
    lines: tuple[StepLine, ...]
    dots: tuple[Dot, ...]
    narrow: NamesOnLine
    wide: NamesOnLine
    open_end: Dot | None

    @property
    def time_ticks(self) -> tuple[Tick, ...]:
        return self.time.ticks

    @property
    def amount_ticks(self) -> tuple[Tick, ...]:
        return self.amounts.ticks


def draw_steps(tenures: Sequence[Tenure], at: datetime, *, falls: bool = False) -> Steps | None:
    """The line from the first mark up to the instant; None if there is no mark.

    `falls` says that the least is the record, as with the youngest.
    """
    if not tenures:
        return None
    begin = tenures[0].change.passed_at
    amounts = [one.value.amount for one in tenures] + [one.change.began.amount for one in tenures]
    people = tenures[0].people
    scale = amount_scale(
        amounts,
        tenures[0].value.unit,
        top=TOP,
        bottom=BOTTOM,
        words="People" if people else "Number",
    )
    time = TimeScale(begin, at)
    last = tenures[-1]
    return Steps(
        HEIGHT,
        BOTTOM,
        ACROSS,
        time,
        scale,
        tuple(_lines(tenures, at, time, scale)),
        tuple(
            Dot(time.x(one.change.passed_at), scale.y(one.change.began.amount), _kind(one))
            for one in tenures
            if not one.lost  # A dot would say that a mark was broken.
        ),
        _names(tenures, at, time, scale, falls=falls, breadth=NARROW),
        _names(tenures, at, time, scale, falls=falls, breadth=WIDE),
        Dot(100.0, scale.y(last.value.amount), last.state.value) if last.running else None,
    )


def _kind(tenure: Tenure) -> str:
    """How the dot looks: new marks are filled, level ones hollow, bettered ones small."""
    if tenure.kind in (ChangeKind.FIRST, ChangeKind.BROKEN, ChangeKind.RETURNED):
        return "broken"
    if tenure.kind is ChangeKind.PERHAPS:
        return ChangeKind.EQUALLED.value
    return tenure.kind.value


def _lines(tenures, at, time, scale):
    """One path for what is certain, others for what is presumed or unconfirmed."""
    d, state, level, over_at = "", None, None, None
    for one in tenures:
        change = one.change
        own = one.state.value if one.state in (State.PRESUMED, State.UNCONFIRMED) else "certain"
        x, y = _across(time, change.passed_at), scale.y(change.began.amount)
        if own != state or over_at != change.passed_at:
            if d:
                yield StepLine(d, state)
            # It begins where the line before it has ended, unless nobody held the record between.
            d = f"M{x} {level if over_at == change.passed_at else y}"
            state = own
        d += f"H{x}V{y}"
        end = min(change.until or at, at)
        level, over_at = scale.y(one.value.amount), change.until
        if change.rising:
            sealed = change.sealed_at if change.sealed_at and change.sealed_at < end else end
            d += f"L{_across(time, sealed)} {level}"
        d += f"H{_across(time, end)}"
    yield StepLine(d, state)


def _across(time: TimeScale, instant: datetime) -> float:
    return round(time.x(instant) * ACROSS / 100, 1)


def _names(tenures, at, time, scale, *, falls: bool, breadth: int) -> NamesOnLine:
    """Names of holders where there is room: the present one's first, then of those who held the
    record longest.

    Before and outside a step the paper is empty, and behind and inside it as well.
    """
    taken = [
        (0.0, len(tick.label) * LETTER, tick.at - LINE, tick.at) for tick in scale.ticks if tick.at
    ]
    # A crowd is a number, which need not stand there twice.
    tenures = [
        one for one in tenures if not (one.people and one.change.kind is ChangeKind.EQUALLED)
    ]
    ordered = sorted(tenures[:-1], key=lambda one: one.change.held(at), reverse=True)
    found, unnamed = [], []
    for one in [tenures[-1], *ordered]:
        text = _label(one)
        broad = len(text) * LETTER
        change = one.change
        y = scale.y(one.value.amount)
        begin = time.x(change.sealed_at or change.passed_at) * breadth / 100
        end = time.x(change.until or at) * breadth / 100
        over, under = y - 5, y + LINE
        before, behind = (under, over) if falls else (over, under)
        for anchor, x, left, baseline in (
            ("end", end, end - broad, before),
            ("start", begin + 5, begin + 5, behind),
        ):
            box = (left, left + broad, baseline - LINE + 3, baseline + 3)
            fits = box[0] >= 0 and box[1] <= breadth and box[2] > 0 and box[3] < BOTTOM
            if fits and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                found.append(
                    NameOnLine(round(100 * x / breadth, 2), round(baseline, 1), anchor, text)
                )
                break
        else:
            unnamed.append(one)
    named = {name.text for name in found}
    return NamesOnLine(
        tuple(sorted(found, key=lambda name: name.x)),
        tuple(
            _dated(one)
            for one in sorted(unnamed, key=lambda one: one.change.passed_at)
            if not (one.people or one.change.kind is ChangeKind.EQUALLED or _label(one) in named)
        ),
    )


def _dated(tenure: Tenure) -> str:
    """`Conrad and Cooper (1965)`"""
    names = list(dict.fromkeys(one.family_name for one in tenure.change.holders))
    return f"{listed(names)} ({tenure.change.passed_at.year})"


def _label(tenure: Tenure) -> str:
    if tenure.people:
        return tenure.value.text
    names = list(dict.fromkeys(one.family_name for one in tenure.change.holders))
    if len(tenure.change.holders) > 2:
        return f"{names[0]} and {len(tenure.change.holders) - 1} others"
    return ", ".join(names)


def _overlap(one, other) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
