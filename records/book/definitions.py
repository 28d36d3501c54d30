"""What a leaderboard counts, in one sentence written from its rule."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from .criteria import BOUNDARY_WORDS, Category
from .standings import Leaderboard
from .values import Unit


class Names(Protocol):
    """What codes and slugs are called."""

    countries: Mapping[str, str]
    agencies: Mapping[str, str]
    stations: Mapping[str, str]


def definition(leaderboard: Leaderboard, names: Names) -> str:
    """`The longest single flight of each astronaut, over flights by women that reached orbit.`"""
    metric = leaderboard.metric
    subject = metric.each_subject if leaderboard.each else metric.subject
    text = f"{subject}, over {category_words(leaderboard.category, names)}"
    if leaderboard.threshold is not None:
        text += f"; {listed_words(leaderboard)}"
    return f"{text}."


def category_words(category: Category, names: Names) -> str:
    """`first flights by women that reached orbit, flown for Canada, launched from 1 May 2001 on`"""
    words = ["first flights" if category.first_only else "flights"]
    if category.landed_only:
        words.insert(0, "landed")
    if category.sex:
        words.append({"F": "by women", "M": "by men"}[category.sex])
    if category.role:
        words.append(f"as {category.role}")
    phrases = [f"{' '.join(words)} that {BOUNDARY_WORDS[category.boundary]}"]
    if category.countries:
        countries = [_state(code, names) for code in sorted(category.countries)]
        phrases.append(f"flown for {_any_of(countries)}")
    if category.agency:
        phrases.append(f"for {names.agencies.get(category.agency, category.agency)}")
    if category.station:
        name = names.stations.get(category.station, category.station)
        phrases.append(f"to {station_words(name)}")
    if category.family:
        phrases.append(f"launched on {category.family} craft")
    if category.programme:
        phrases.append(f"in the {category.programme} programme")
    if category.launched_from:
        phrases.append(f"launched from {_day(category.launched_from)} on")
    if category.launched_until:
        phrases.append(f"launched by {_day(category.launched_until)}")
    return ", ".join(phrases)


def station_words(name: str) -> str:
    """A station's name in a sentence: `Mir`, but `the International Space Station`."""
    return f"the {name}" if name.lower().endswith(" station") else name


def threshold_words(leaderboard: Leaderboard) -> str:
    """`365 days`, `60 years` or `10`."""
    threshold = leaderboard.threshold
    unit = {Unit.SECONDS: " day", Unit.DAYS: " year"}.get(leaderboard.metric.unit, "")
    return f"{threshold}{unit}{'s' if unit and threshold != 1 else ''}"


def listed_words(leaderboard: Leaderboard) -> str:
    """`listed from 365 days on`, or `listed up to 30 years` where the least comes first."""
    words = threshold_words(leaderboard)
    if leaderboard.metric.lowest_first:
        return f"listed up to {words}"
    return f"listed from {words} on"


#: States whose names take an article in a sentence.
WITH_ARTICLE = {"ARE", "GBR", "NLD", "SUN", "USA"}


def _state(code: str, names: Names) -> str:
    name = names.countries.get(code, code)
    return f"the {name}" if code in WITH_ARTICLE else name


def _any_of(names: list[str]) -> str:
    return " or ".join(names)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
