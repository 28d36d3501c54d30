"""/in-space/: who is in space at an instant, by station or spacecraft, as a page and as JSON."""

from datetime import timedelta
from itertools import groupby
from weakref import WeakKeyDictionary

from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from records.book.careers import State
from records.book.categories import BOUNDARIES, Category
from records.book.population import time_series
from records.charts.areas import population_chart
from records.charts.bars import Bars, Stretch, draw_bars
from records.instants import FIRST_INSTANT, isoformat
from records.ledger import Ledger

from .questions import (
    BOUNDARY_LABELS,
    Instant,
    query_of,
    read_choice,
    read_instant,
    read_parameters,
)

#: Without another word, everybody above this boundary is in space.
BOUNDARY = BOUNDARIES[0]

#: How far back the chart of who was in space goes.
LOOKING_BACK = timedelta(days=365)


@require_safe
def in_space(request):
    """Who is there, and who was in the year before."""
    instant, boundary, parameters = _asked(request)
    ledger = Ledger.current()
    return render(
        request,
        "aloft/in_space.html",
        {
            "instant": instant,
            "parameters": parameters,
            "boundary": boundary,
            "boundaries": {key: BOUNDARY_LABELS[key] for key in ("orbit", "100km")},
            "kept": {"boundary": parameters.get("boundary")},
            "query": query_of(parameters),
            "launches": ledger.launches_around(instant.at),
            "charts": charts(ledger, instant.at, boundary),
            "canonical": request.path,
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            **aloft_context(ledger, instant.at, boundary),
        },
    )


@require_safe
def as_json(request):
    """The stable contract of docs/in-space-json.md."""
    instant, boundary, _ = _asked(request)
    ledger = Ledger.current()
    careers = ledger.aloft(instant.at, boundary)
    certain = [career for career in careers if career.aloft.state is not State.UNCONFIRMED]
    return JsonResponse(
        {
            "at": isoformat(instant.at),
            "confirmed_through": ledger.confirmation.written,
            "boundary": boundary,
            "count": len(certain),
            "unconfirmed": len(careers) - len(certain),
            "people": [_written(career) for career in careers],
        }
    )


def _asked(request) -> tuple[Instant, str, dict[str, str]]:
    parameters = read_parameters(request, allowed=("at", "boundary"))
    boundary = read_choice(parameters, "boundary", BOUNDARY_LABELS, default=BOUNDARY)
    return read_instant(parameters), boundary, parameters


def _written(career) -> dict:
    flight = career.aloft
    stations = sorted(flight.stations)
    return {
        "slug": career.astronaut.slug,
        "name": career.astronaut.name,
        "since": isoformat(flight.launched_at),
        "up_mission": flight.launch_mission.slug,
        "station": stations[0] if len(stations) == 1 else None,
        "stations": stations,
        "state": flight.state,
    }


def aloft_context(ledger: Ledger, at, boundary: str = BOUNDARY) -> dict:
    """Who is aloft, grouped by where they are; certain and unconfirmed ones counted apart."""
    careers = ledger.aloft(at, boundary)
    unconfirmed = sum(career.aloft.state is State.UNCONFIRMED for career in careers)

    def place(career):
        return whereabouts(career.aloft, ledger)

    slugs = {name: slug for slug, name in ledger.names.stations.items()}
    return {
        "places": [
            {"title": title, "station": slugs.get(title, ""), "careers": list(members)}
            for title, members in groupby(sorted(careers, key=place), key=place)
        ],
        "headline": _headline(len(careers) - unconfirmed, unconfirmed),
        "unconfirmed": unconfirmed,
    }


def _headline(certain: int, unconfirmed: int) -> str:
    """`7 in space, 3 unconfirmed`"""
    words = f"{certain or 'Nobody'} in space"
    return f"{words}, {unconfirmed} unconfirmed" if unconfirmed else words


def whereabouts(flight, ledger: Ledger) -> str:
    """The station that the ship up visited, or the ship itself.

    The facts know which stations a mission visited, not when it docked: on the days of travel the
    station is where they are bound.
    """
    stations = [name for slug, name in ledger.names.stations.items() if slug in flight.stations]
    return " and ".join(stations) or flight.launch_mission.name


# The charts

#: Heading of the bars of those who were on no station.
ON_NO_STATION = "On no station"

#: What was drawn from each ledger, for as long as that lives: when, whose, with whom → HTML.
_drawn: WeakKeyDictionary[Ledger, dict[tuple, str]] = WeakKeyDictionary()
MOST_DRAWN = 16


def charts(ledger: Ledger, at, boundary: str) -> str:
    """The charts of who was in space, as HTML, drawn to the minute.

    They show a year and more, where a minute is less than a hair: as long as the same people are
    aloft in the same state, the drawing of a minute stands for all of it.
    """
    minute = at.replace(second=0)
    aloft = [(one.astronaut.slug, one.aloft.state) for one in ledger.aloft(at, boundary)]
    kept = _drawn.setdefault(ledger, {})
    key = (minute, boundary, *aloft)
    if key not in kept:
        if len(kept) >= MOST_DRAWN:
            kept.clear()
        series = time_series(ledger.intervals(Category(boundary=boundary), at))
        drawn = {
            "bars": bars_of_year(ledger, at, boundary),
            "population": population_chart(series, at),
        }
        kept[key] = render_to_string("aloft/charts.html", drawn)
    return kept[key]


def bars_of_year(ledger: Ledger, at, boundary: str) -> Bars:
    """A bar for each flight of the year before the instant, people grouped by station."""
    begin = max(at - LOOKING_BACK, FIRST_INSTANT)
    return draw_bars(_stretches(ledger, begin, at, boundary), begin, at, last=ON_NO_STATION)


def _stretches(ledger: Ledger, begin, at, boundary: str):
    for career in ledger.narrowed(Category(boundary=boundary)):
        if career.settled_at is not None and career.settled_at <= begin:
            continue
        for flight in career.at(at, ledger.confirmation).flights:
            if flight.until > begin:
                yield Stretch(
                    group=whereabouts(flight, ledger) if flight.stations else ON_NO_STATION,
                    key=career.astronaut.slug,
                    label=career.astronaut.name,
                    begin=flight.launched_at,
                    end=flight.until,
                    state=flight.state.value,
                    detail=flight,
                )
