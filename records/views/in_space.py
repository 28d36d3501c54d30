"""/in-space/: who is in space at an instant, by station or spacecraft, as a page and as JSON."""

from collections.abc import Iterator
from datetime import timedelta
from operator import attrgetter

from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from records.book.crews import by_ship
from records.book.criteria import OTHER_BOUNDARIES, Category
from records.charts.areas import population_chart
from records.charts.bars import Stretch, draw_bars
from records.formats.columns import written_flight, written_headcount
from records.instants import FIRST_INSTANT, isoformat
from records.ledger import Ledger
from records.ledger.aloft import Aloft, by_place, grouped, whereabouts
from records.ledger.answers import Answers
from records.tables import charts as tables
from records.tables.counting import PEOPLE, compared
from records.tables.pieces import left_open
from records.tables.words import day, isoinstant

from .questions import (
    Instant,
    counting_of,
    page_of,
    query_of,
    read_boundary,
    read_instant,
    read_parameters,
)

#: Cards on one page.
PEOPLE_PER_PAGE = 60

#: How far back the chart of who was in space goes.
LOOKING_BACK = timedelta(days=365)


@require_safe
def in_space(request):
    """Who is there, and who was in the year before."""
    instant, boundary, parameters = _asked(request, also=("page",))
    ledger = Ledger.current()
    aloft = Aloft.at(ledger, instant.at, boundary)
    page = page_of(by_place(aloft.careers, ledger), parameters, per_page=PEOPLE_PER_PAGE)
    return render(
        request,
        "in_space/in_space.html",
        {
            "heading": "In space now" if instant.is_now else f"In space on {day(instant.at)}",
            "instant": instant,
            "boundary": boundary,
            "boundaries": OTHER_BOUNDARIES,
            "counting": counting_of(
                request.path,
                parameters,
                boundary,
                compared(
                    lambda one: {PEOPLE: ledger.headcount(Category(boundary=one), instant.at).value}
                ),
            ),
            "query": query_of(parameters),
            "launches": ledger.launches_around(instant.at),
            "page": page,
            "headcount": aloft.headcount,
            "left_open": left_open(aloft),
            "places": grouped(page, aloft, ledger),
            "charts": charts(ledger, instant.at, boundary),
            "canonical": request.path,
            "names": ledger.names,
            "confirmation": ledger.confirmation,
        },
    )


@require_safe
def as_json(request):
    """The stable contract of docs/in-space-json.md."""
    instant, boundary, _ = _asked(request)
    ledger = Ledger.current()
    aloft = Aloft.at(ledger, instant.at, boundary)
    return JsonResponse(
        {
            "at": isoformat(instant.at),
            "confirmed_through": ledger.confirmation.written,
            "boundary": boundary,
            "count": aloft.headcount.count,
            "unconfirmed": aloft.headcount.unconfirmed,
            "headcount": written_headcount(aloft.headcount),
            "may_be_in_space": [career.astronaut.slug for career in aloft.perhaps],
            "may_not_be_in_space_yet": [career.astronaut.slug for career in aloft.unlaunched],
            "people": [_written(career) for career in aloft.careers],
        }
    )


def _asked(request, *, also=()) -> tuple[Instant, str, dict[str, str]]:
    parameters = read_parameters(request, allowed=("at", "boundary", *also))
    return read_instant(parameters), read_boundary(parameters), parameters


def _written(career) -> dict:
    flight = career.aloft
    stations = sorted(flight.stations)
    planned = isoinstant(flight.planned_landing_at, flight.plan_precision) or None
    return {
        "slug": career.astronaut.slug,
        "name": career.astronaut.name,
        "since": isoformat(flight.launched_at, flight.launch_mission.launch_precision),
        "up_mission": flight.launch_mission.slug,
        "station": stations[0] if len(stations) == 1 else None,
        "stations": stations,
        "state": flight.state,
        "country": flight.country,
        "agency": flight.agency,
        "planned_landing": planned,
        "planned_landing_precision": flight.plan_precision if planned else None,
        "flight": written_flight(flight),
    }


# The charts

#: Heading of the bars of those who were on no station.
ON_NO_STATION = "On no station"

OVER_TIME = "People in orbit over time"

#: What to see in each of them.
BARS_NOTE = (
    "Each bar is one flight, from launch to landing; an open end lies before the year, or is a "
    "flight under way. People stand under the station that their ship visited."
)
POPULATION_NOTE = (
    "The height is how many people were in orbit at once; the greatest number is marked where it "
    "was first reached. Suborbital flights last some minutes each and are not drawn."
)

#: No more people are drawn, the latest up: beyond, a chart is no picture any more.
MOST_BARS = 100

#: The charts drawn last.
DRAWN = Answers(16)


def charts(ledger: Ledger, at, boundary: str) -> str:
    """The charts of who was in space, as HTML."""

    def draw():
        series = ledger.census(Category(), at).series
        bars, population = bars_of_year(ledger, at, boundary), population_chart(series, at)
        drawn = {
            **bars,
            "flown": tables.flown(bars["bars"], "The year before"),
            "bars_note": BARS_NOTE,
            "population_note": POPULATION_NOTE,
            "population": population,
            "years": population and tables.population(population.years, OVER_TIME),
        }
        return render_to_string("in_space/charts.html", drawn)

    return DRAWN.kept((ledger.token, at, boundary), draw)


def bars_of_year(ledger: Ledger, at, boundary: str) -> dict:
    """A bar for each flight of the year before the instant, people grouped by station: those of
    the people who went up last, and how many there are in all."""
    begin = max(at - LOOKING_BACK, FIRST_INSTANT)
    stretches = sorted(
        _stretches(ledger, begin, at, boundary), key=attrgetter("begin"), reverse=True
    )
    people = list(dict.fromkeys(stretch.key for stretch in stretches))
    drawn = set(people[:MOST_BARS])
    bars = draw_bars((one for one in stretches if one.key in drawn), begin, at, last=ON_NO_STATION)
    return {"bars": bars, "people": len(people), "drawn": len(drawn)}


def _stretches(ledger: Ledger, begin, at, boundary: str) -> Iterator[Stretch]:
    flown = [
        (flight, career.astronaut)
        for career in ledger.unsettled(Category(boundary=boundary), begin)
        for flight in career.at(at, ledger.confirmation).flights
        if flight.until > begin
    ]
    for flight, astronaut in by_ship(flown, lambda one: one):
        yield Stretch(
            group=whereabouts(flight, ledger) if flight.stations else ON_NO_STATION,
            key=astronaut.slug,
            label=astronaut.name,
            begin=flight.launched_at,
            end=flight.until,
            state=flight.state.value,
            detail=flight,
        )
