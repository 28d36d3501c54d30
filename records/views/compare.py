"""/compare/: two to four astronauts side by side."""

from itertools import combinations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.careers import Career
from records.book.criteria import Category
from records.book.meetings import may_have_met, meetings
from records.book.metrics import METRICS, PLAIN_METRICS, Metric
from records.book.values import Unit
from records.ledger import Ledger, lookup
from records.ledger.support import Evidence
from records.models import Astronaut
from records.tables import compare as tables
from records.tables.counting import FLIGHTS, Amounts, compared, flights_of

from .questions import (
    QUOTED,
    Instant,
    Parameters,
    counting_of,
    query_of,
    read_boundary,
    read_instant,
    read_parameters,
)

#: Parameters of those compared, in the order of the columns.
PLACES = ("a", "b", "c", "d")
#: How many of them there must be.
LEAST = 2

#: How many are offered of those who may be meant.
CANDIDATES = 12


@require_safe
def compare(request):
    """The comparison, or with fewer than two people the form that asks for them."""
    parameters = read_parameters(request, allowed=(*PLACES, "at", "boundary"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    people = _people(parameters, ledger)
    careers = [ledger.careers[slug].at(instant.at, ledger.confirmation) for slug in people.values()]

    def amounts(one: str) -> Amounts:
        category = Category(boundary=one)
        return {FLIGHTS: flights_of(category.narrow_all(careers))}

    boundary = read_boundary(parameters, reached=lambda one: amounts(one)[FLIGHTS].amount > 0)
    return render(
        request,
        "compare/compare.html",
        {
            "careers": careers,
            "fields": [
                {
                    "name": name,
                    "label": f"Astronaut {number}",
                    "optional": number > LEAST,
                    "value": _name(people[name], ledger) if name in people else "",
                }
                for number, name in enumerate(PLACES, start=1)
            ],
            **(
                _comparison(careers, boundary, instant, ledger)
                if len(careers) >= LEAST
                else _asking(careers)
            ),
            "counting": counting_of(
                request.path,
                parameters,
                boundary,
                compared(amounts),
                nobody=f"None of them {instant.has} reached orbit",
            ),
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "canonical": request.path + query_of(people),
        },
    )


def _people(parameters: Parameters, ledger: Ledger) -> dict[str, str]:
    """Who is compared, by place; the places are those of the parameters, which then name slugs.
    Who cannot be found is refused."""
    people: dict[str, str] = {}
    for place in PLACES:
        slug = _find(place, parameters, ledger)
        if slug in people.values():
            words = f"{_name(slug, ledger)} is given twice."
            parameters.refuse(place, words, "Two to four different people are compared.")
        elif slug:
            people[place] = slug
    if not parameters.problems:
        # Places that were left empty are filled from the others.
        people = dict(zip(PLACES, people.values(), strict=False))
    for place in PLACES:
        parameters.pop(place, None)
    parameters.update(people)
    return people


def _find(place: str, parameters: Parameters, ledger: Ledger) -> str:
    """The slug of who is meant: by slug, or by any spelling of the name. Empty for nobody, and
    refused if that is not one person."""
    text = parameters.get(place, "")
    if not text or text in ledger.careers:
        return text
    moved = Astronaut.objects.named([text.lower()]).get(text.lower())
    if moved and moved.slug in ledger.careers:
        return moved.slug
    if len(text) > lookup.LONGEST:
        parameters.refuse(place, f"A name has at most {lookup.LONGEST} characters.")
        return ""
    names = lookup.astronauts(ledger.token)
    containing = ledger.careers.keys() & names.containing(text)
    called = ledger.careers.keys() & names.called(text) or (
        containing if len(containing) == 1 else set()
    )
    if len(called) == 1:
        return called.pop()
    if called:
        words = f"{len(called)} people are called “{text[:QUOTED]}”."
        parameters.refuse(place, words, "Choose one of them:", _links(called, ledger))
        return ""
    near = containing or ledger.careers.keys() & names.like(text, most=CANDIDATES)
    parameters.refuse(
        place,
        f"Our data know nobody called “{text[:QUOTED]}”.",
        "Did you mean one of these?" if near else "The list of astronauts has everyone’s name.",
        _links(near, ledger),
        status=404,
    )
    return ""


def _links(slugs, ledger: Ledger) -> list[tuple[str, str]]:
    """Those of the slugs to choose from, by name."""
    return sorted((_name(slug, ledger), slug) for slug in slugs)[:CANDIDATES]


def _name(slug: str, ledger: Ledger) -> str:
    return ledger.careers[slug].astronaut.name


def _asking(careers: list[Career]) -> dict:
    """The words that ask for those who are not named yet."""
    asks, asks_for = "Whom do you want to compare?", "Name two to four astronauts"
    if careers:
        asks, asks_for = "With whom?", "Name at least one other astronaut"
    return {"title": "Compare astronauts", "asks": asks, "asks_for": asks_for}


def _comparison(careers: list[Career], boundary: str, instant: Instant, ledger: Ledger) -> dict:
    losses = [ledger.careers[career.astronaut.slug].lost for career in careers]
    metrics = _metrics(careers, losses, Category(boundary=boundary))
    boards = _boards(careers, losses, instant.at, ledger)
    names = ", ".join(career.astronaut.name for career in careers)
    return {
        "title": f"{names} compared",
        "metrics": metrics,
        "boards": boards,
        "figures": tables.figures(
            careers, metrics, ledger.names, instant, Evidence.current(ledger.token)
        ),
        "ranks": tables.ranks(careers, boards, instant),
        "pairs": [
            {
                "one": one.astronaut,
                "other": other.astronaut,
                "meetings": meetings(one, other),
                "may_have_met": may_have_met(one, other),
            }
            for one, other in combinations(careers, 2)
        ],
    }


def _metrics(careers: list[Career], losses: list[bool], category: Category) -> list[dict]:
    """Each metric that anybody has over flights of the category, with everyone's mark; of who died
    in flight only the plain ones."""
    rows = []
    counted = [category.narrow(career) for career in careers]
    for metric in METRICS.values():
        if metric.counts_people:
            continue
        marks = [
            career and (metric.key in PLAIN_METRICS or not lost) and metric.measure(career)
            for career, lost in zip(counted, losses, strict=True)
        ]
        if any(marks):
            cells = [
                {
                    "name": career.astronaut.name,
                    "mark": mark,
                    "nothing": "not compared"
                    if lost and metric.key not in PLAIN_METRICS
                    else _nothing(metric, career),
                    "running": bool(mark) and metric.is_rising(mark),
                }
                for career, mark, lost in zip(careers, marks, losses, strict=True)
            ]
            rows.append({"metric": metric, "cells": cells})
    return rows


def _nothing(metric: Metric, career: Career) -> str:
    """The words for a metric that gives the career nothing."""
    if metric.unit is Unit.DAYS and career.astronaut.born_on is None:
        return "birth date not known"
    return "none"


def _boards(careers: list[Career], losses: list[bool], at, ledger: Ledger) -> list[dict]:
    """The main leaderboards that list any of them, with everyone's standing, but of those who died
    in flight."""
    rows = []
    for row in ledger.main_boards:
        board = ledger.standings(row, at)
        cells = [
            {
                "name": career.astronaut.name,
                "standing": found and not lost and found[1],
                "nothing": "not ranked" if lost else "not listed",
            }
            for career, lost in zip(careers, losses, strict=True)
            for found in [board.find(career.astronaut.slug)]
        ]
        if any(cell["standing"] for cell in cells):
            rows.append({"leaderboard": row, "cells": cells, "total": len(board)})
    return rows
