"""Forecasts: what the flights under way will pass, and when. Arithmetic, no guesses.

In flight a value rises by a second each second. So the instant at which it passes a value that
stands still is known exactly, if the flight lasts as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .careers import Astronaut, Career, Confirmation, State
from .standings import Leaderboard, Standing, standings
from .values import Value


class Outlook(StrEnum):
    """What must happen for a milestone to come true."""

    EXPECTED = "expected"  # The planned landing comes later.
    NEEDS_EXTENSION = "needs_extension"  # The planned landing comes first.
    OPEN = "open"  # No planned landing is known.


@dataclass(frozen=True, slots=True)
class Milestone:
    """One place ahead: whom the astronaut passes, from which second on, and to which rank.

    `passed` are everyone of that value; `rank` is the one that is reached by passing them. `slack`
    is the planned landing less the milestone: negative by how much it falls short, None without a
    plan. `presumed` repeats that the flight itself is not confirmed.
    """

    leaderboard: Leaderboard
    astronaut: Astronaut
    passed: tuple[Astronaut, ...]
    value: Value
    rank: int
    passes_at: datetime
    plan_ends_at: datetime | None
    slack: timedelta | None
    presumed: bool

    @property
    def outlook(self) -> Outlook:
        if self.slack is None:
            return Outlook.OPEN
        return Outlook.EXPECTED if self.slack >= timedelta(0) else Outlook.NEEDS_EXTENSION

    @property
    def takes_record(self) -> bool:
        return self.rank == 1


def forecast(
    leaderboard: Leaderboard,
    careers: Iterable[Career],
    at: datetime,
    confirmation: Confirmation,
    *,
    places: int = 3,
) -> list[Milestone]:
    """The next `places` milestones of everyone whose value is rising at the instant, by instant.

    Only values that stand still can be passed: who is rising too rises as fast.
    """
    board = standings(leaderboard, careers, at, confirmation)
    found = []
    for place, runner in enumerate(board):
        if runner.running:
            found += _ahead(leaderboard, board, place, at, places)
    return sorted(found, key=lambda one: (one.passes_at, one.rank, one.astronaut.slug))


def _ahead(leaderboard, board: list[Standing], place: int, at, places: int) -> list[Milestone]:
    runner = board[place]
    value = runner.value
    still = [one for one in board[:place] if not one.running and one.state is State.LANDED]
    rising = [one for one in board if one.running and one.value.amount > value.amount]
    milestones: list[Milestone] = []
    while still and len(milestones) < places:
        # The nearest value ahead, with everyone who shares it.
        nearest = still[-1].value
        passed = [one for one in still if one.value.amount == nearest.amount]
        still = [one for one in still if one.value.amount > nearest.amount]
        step = max(nearest.step, value.step)
        # From here on it is greater even at the coarser precision of the two.
        clear = (nearest.amount // step + 1) * step
        passes_at = at + timedelta(seconds=clear - value.amount)
        plan = runner.career.aloft.plan_ends_at
        milestones.append(
            Milestone(
                leaderboard,
                runner.astronaut,
                tuple(one.astronaut for one in passed),
                nearest,
                # Those ahead who stand still, and those who rise ahead of the runner.
                1 + len(still) + len(rising),
                passes_at,
                plan,
                plan - passes_at if plan else None,
                runner.state is State.PRESUMED,
            )
        )
    return milestones
