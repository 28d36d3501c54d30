"""What a leaderboard counts, in one sentence written from its rule."""

from .criteria import CRITERIA, Category, Names, WordPlace
from .rules import Rule
from .values import Unit


def definition(leaderboard: Rule, names: Names) -> str:
    """`The longest single flight of each astronaut, over flights by women that reached orbit.`"""
    metric = leaderboard.metric
    subject = metric.each_subject if leaderboard.each else metric.subject
    text = f"{subject}, over {category_words(leaderboard.category, names)}"
    if leaderboard.threshold is not None:
        text += f"; {listed_words(leaderboard)}"
    return f"{text}."


def category_words(category: Category, names: Names) -> str:
    """`first flights by women that reached orbit, flown for Canada, launched from 1 May 2001 on`"""
    said = {place: [] for place in WordPlace}
    for one in CRITERIA.values():
        if one.narrows and (value := getattr(category, one.name)):
            said[one.place].append(one.words(value, names))
    # What is told later stands further in front: landed first flights.
    flights = " ".join([*reversed(said[WordPlace.BEFORE]), "flights", *said[WordPlace.BEHIND]])
    return ", ".join(
        [f"{flights} that {' and '.join(said[WordPlace.THAT])}", *said[WordPlace.CLAUSE]]
    )


def threshold_words(leaderboard: Rule) -> str:
    """`365 days`, `60 years` or `10`."""
    threshold = leaderboard.threshold
    unit = {Unit.SECONDS: " day", Unit.DAYS: " year"}.get(leaderboard.metric.unit, "")
    return f"{threshold}{unit}{'s' if unit and threshold != 1 else ''}"


def listed_words(leaderboard: Rule) -> str:
    """`listed from 365 days on`, or `listed up to 30 years` where the least comes first."""
    words = threshold_words(leaderboard)
    if leaderboard.metric.lowest_first:
        return f"listed up to {words}"
    return f"listed from {words} on"
