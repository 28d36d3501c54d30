"""/methods/: how everything is counted, written from the rules themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.careers import State
from records.book.criteria import BOUNDARIES, BOUNDARY_LABELS, BOUNDARY_WORDS, CRITERIA, Category
from records.book.definitions import category_words, listed_words
from records.book.forecast import HOW_WE_FORECAST
from records.book.metrics import GREATEST_THRESHOLD, METRICS, Metric
from records.book.rules import Rule
from records.book.totals import HOW_WE_COUNT
from records.book.values import Unit
from records.facts import coverage, releases
from records.ledger import Ledger
from records.ledger.aloft import Aloft
from records.ledger.support import Evidence
from records.ledger.watch import ALL_AHEAD, HORIZON, NEAR_MISS
from records.models import Leaderboard
from records.tables import methods as tables
from records.tables.words import counted as amount

from .questions import read_instant

#: A threshold for each unit, to show its words with.
EXAMPLE_THRESHOLDS = {Unit.SECONDS: 100, Unit.DAYS: 40, Unit.COUNT: 5}


@dataclass(frozen=True)
class Measured:
    """A metric and the leaderboards that use it."""

    metric: Metric
    leaderboards: list[Leaderboard]

    @property
    def how(self) -> str:
        rises = " It rises while a flight lasts." if self.metric.grows else ""
        least = " The least comes first." if self.metric.lowest_first else ""
        return f"{self.metric.how_we_count}{rises}{least}"


@require_safe
def index(request):
    """Metrics, categories, rules, sources, gaps, disagreements and the last confirmation."""
    instant = read_instant({})
    ledger = Ledger.current()
    release = releases.current()
    evidence = Evidence.current(ledger.token)
    return render(
        request,
        "methods/index.html",
        {
            "metrics": [
                Measured(
                    metric,
                    [row for row in ledger.leaderboards.values() if row.metric == metric.key],
                )
                for metric in METRICS.values()
            ],
            "categories": tables.categories(_categories(ledger)),
            "lists": tables.lists(_lists()),
            "greatest": GREATEST_THRESHOLD,
            "person_days": HOW_WE_COUNT,
            "forecast": HOW_WE_FORECAST,
            "rising": [metric.title.lower() for metric in METRICS.values() if metric.grows],
            "ahead": ALL_AHEAD,
            "places_ahead": "place" if ALL_AHEAD.places == 1 else f"{ALL_AHEAD.places} places",
            "near_miss": NEAR_MISS.days,
            "horizon": HORIZON.days,
            "grace": amount(ledger.confirmation.grace.days, "day"),
            "successors": _successors(release),
            "release": release,
            "precisions": tables.precisions(coverage.precisions(release)),
            "sources": tables.sources(_sources(release, evidence)),
            "gaps": coverage.gaps(release),
            "disagreements": evidence.disagreements,
            **_confirmation(ledger, release, instant.at),
            "instant": instant,
            "canonical": request.path,
        },
    )


def _categories(ledger: Ledger) -> list[tuple[str, str]]:
    """Every way to narrow the flights that count, with an example in words."""
    boundaries = [
        (f"Boundary: {BOUNDARY_LABELS[key]}", f"flights that {BOUNDARY_WORDS[key]}")
        for key in reversed(BOUNDARIES)
    ]
    return boundaries + [
        (one.title, category_words(Category(**{one.name: one.example}), ledger.names))
        for one in CRITERIA.values()
        if one.narrows and one.name != "boundary"
    ]


def _lists() -> dict[tuple[str, str], list[Metric]]:
    """(What is asked for, what is then listed) → the metrics of which it is so."""
    found: dict[tuple[str, str], list[Metric]] = {}
    for metric in METRICS.values():
        threshold = EXAMPLE_THRESHOLDS[metric.unit]
        words = listed_words(Rule(metric, Category(), threshold))
        found.setdefault((f"threshold={threshold}", words), []).append(metric)
    for metric in METRICS.values():
        if metric.each:
            found.setdefault((f"each={metric.each}", metric.each_subject), []).append(metric)
    return found


def _successors(release) -> str:
    """`Soviet Union as Russia`: former states and those that count for them."""
    rows = release.sheet("countries").records
    names = {row["code"]: row["name"] for row in rows}
    found = (f"{row['name']} as {names[row['successor']]}" for row in rows if row["successor"])
    return ", ".join(found) or "none"


def _sources(release, evidence: Evidence) -> list[dict]:
    """Each source with what it is cited for, and how many rows that is."""
    cited = coverage.by_source(release, evidence.citations)
    return [row | {"cited": cited.get(row["id"], [])} for row in release.sheet("sources").records]


def _confirmation(ledger: Ledger, release, at: datetime) -> dict:
    """The last confirmation, and what waits for another one."""
    # Overdue, and not believed to be flying any more.
    overdue = [
        mission
        for mission in ledger.missions.values()
        if mission.is_overdue(at)
        and mission.under_way(at, ledger.confirmation)[0] is State.UNCONFIRMED
    ]
    return {
        "confirmation": ledger.confirmation if release.confirmed_through else None,
        "last_word": tables.last_word(
            ledger.confirmation,
            stale=at > ledger.confirmation.through_at + ledger.confirmation.grace,
        ),
        "headcount": Aloft.at(ledger, at).headcount,
        "overdue": overdue,
    }
