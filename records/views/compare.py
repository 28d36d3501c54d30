"""/compare/: two to four astronauts side by side."""

from difflib import get_close_matches
from itertools import combinations

from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.careers import Career
from records.book.criteria import Category
from records.book.meetings import meetings
from records.book.metrics import METRICS, PLAIN_METRICS, Metric
from records.book.values import Unit
from records.ledger import Ledger
from records.models import Astronaut
from records.tables import compare as tables
from records.tables.counting import FLIGHTS, Amounts, compared

from .questions import Instant, counting_of, query_of, read_boundary, read_instant, read_parameters

#: Parameters of those compared, in the order of the columns.
PLACES = ("a", "b", "c", "d")

SPACEWALK_METRICS = [
    METRICS[key] for key in ("number-of-spacewalks", "total-spacewalk-time", "longest-spacewalk")
]

LONGEST_NAME = 100
SUGGESTIONS = 5


@require_safe
def compare(request):
    """The comparison, or with fewer than two people the form that asks for them."""
    parameters = read_parameters(request, allowed=(*PLACES, "at", "boundary"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    careers = _compared(parameters, instant.at, ledger)

    def amounts(one: str) -> Amounts:
        category = Category(boundary=one)
        return {FLIGHTS: sum(len(career.flights) for career in category.narrow_all(careers))}

    boundary = read_boundary(parameters, reached=lambda one: amounts(one)[FLIGHTS] > 0)
    people = dict(zip(PLACES, (career.astronaut.slug for career in careers), strict=False))
    return render(
        request,
        "compare/compare.html",
        {
            "careers": careers,
            "fields": [
                {
                    "name": name,
                    "number": number,
                    "value": careers[number - 1].astronaut.name if number <= len(careers) else "",
                }
                for number, name in enumerate(PLACES, start=1)
            ],
            **(_comparison(careers, boundary, instant, ledger) if len(careers) > 1 else {}),
            "counting": counting_of(
                request.path,
                parameters,
                boundary,
                compared(amounts),
                nobody=f"None of them {instant.has} reached orbit",
            ),
            "instant": instant,
            "parameters": parameters,
            "kept": {**people, "boundary": parameters.get("boundary")},
            "launches": ledger.launches_around(instant.at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "canonical": request.path + query_of(people),
        },
    )


def _compared(parameters: dict[str, str], at, ledger: Ledger) -> list[Career]:
    """The careers asked for, clipped to the instant. Raises BadRequest and Http404, with words."""
    slugs = [_find(parameters[name], ledger) for name in PLACES if parameters.get(name)]
    for slug in slugs:
        if slugs.count(slug) > 1:
            name = ledger.careers[slug].astronaut.name
            raise BadRequest(f"{name} is given twice. Two to four different people are compared.")
    return [ledger.careers[slug].at(at, ledger.confirmation) for slug in slugs]


def _find(text: str, ledger: Ledger) -> str:
    """The slug of who is meant: by slug, by name, or by another spelling of it."""
    if text in ledger.careers:
        return text
    wanted = " ".join(text.split()).casefold()
    names = {career.astronaut.name.casefold(): slug for slug, career in ledger.careers.items()}
    if wanted in names:
        return names[wanted]
    if len(text) > LONGEST_NAME:
        raise BadRequest(f"A name has at most {LONGEST_NAME} characters.")
    candidates = Astronaut.objects.filter(aliases__icontains=wanted).only("slug", "aliases")
    for astronaut in candidates:
        if astronaut.slug in ledger.careers and wanted in (
            alias.casefold() for alias in astronaut.alias_list
        ):
            return astronaut.slug
    raise Http404(f"Our data know nobody called “{text}”. {_suggestions(wanted, names, ledger)}")


def _suggestions(wanted: str, names: dict[str, str], ledger: Ledger) -> str:
    """`Did you mean Frank Rubio or Kathleen Rubins?`"""
    within = [name for name in names if wanted in name]
    near = within or get_close_matches(wanted, names, n=SUGGESTIONS, cutoff=0.6)
    if not near:
        families = {name.rpartition(" ")[2]: name for name in names}
        last = wanted.rpartition(" ")[2]
        near = [families[one] for one in get_close_matches(last, families, n=3, cutoff=0.7)]
    if not near:
        return "Give the name as the page of the astronaut writes it, or the end of its address."
    found = [ledger.careers[names[name]].astronaut.name for name in near[:SUGGESTIONS]]
    words = " or ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
    return f"Did you mean {words}?"


def _comparison(careers: list[Career], boundary: str, instant: Instant, ledger: Ledger) -> dict:
    losses = [ledger.careers[career.astronaut.slug].lost for career in careers]
    metrics = _metrics(careers, losses, Category(boundary=boundary))
    boards = _boards(careers, losses, instant.at, ledger)
    return {
        "metrics": metrics,
        "boards": boards,
        "figures": tables.figures(careers, metrics, ledger.names, instant),
        "ranks": tables.ranks(careers, boards, instant),
        "pairs": [
            {"one": one.astronaut, "other": other.astronaut, "meetings": meetings(one, other)}
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
    missing = any(flight.spacewalks_missing for flight in career.flights)
    return "not in our data" if missing and metric in SPACEWALK_METRICS else "none"


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
