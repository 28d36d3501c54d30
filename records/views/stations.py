"""/stations/: space stations, and one with who flew to it."""

from collections.abc import Callable
from operator import attrgetter

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.criteria import OTHER_BOUNDARIES, Category
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.book.totals import HOW_WE_COUNT
from records.book.values import DAY, elapsed
from records.instants import Precision
from records.ledger import Ledger
from records.ledger.aloft import Aloft
from records.ledger.support import Evidence
from records.models import Mission, Spacewalk, Station
from records.tables import totals as totals_tables
from records.tables.counting import PEOPLE, STATIONS, Amounts, compared, flown
from records.tables.missions import visits
from records.tables.pieces import left_open, time
from records.tables.spacewalks import spacewalks as spacewalk_table
from records.tables.standings import board

from .questions import counting_of, page_of, read_boundary, read_instant, read_parameters

PEOPLE_PER_PAGE = 50
LATEST = 12
#: Of those there; more are no card each.
MOST_ALOFT = 24

VISITED = attrgetter("stations")


@require_safe
def index(request):
    """Every station launched by the instant, the newest first."""
    parameters = read_parameters(request, allowed=("at", "boundary"))
    instant = read_instant(parameters)
    boundary = read_boundary(parameters)
    ledger = Ledger.current()
    found = ledger.totals(Category(boundary=boundary), instant.at, of=VISITED)
    totals = {total.code: total for total in found}
    there = Aloft.at(ledger, instant.at, boundary).headcounts(VISITED)

    def amounts(one: str) -> Amounts:
        people, visited = ledger.breadth(Category(boundary=one), instant.at, of=VISITED)
        return {PEOPLE: people, STATIONS: visited}

    stations = [
        {
            "station": station,
            "total": totals.get(station.slug),
            "headcount": there[station.slug],
        }
        for station in Station.objects.filter(launched_at__lte=instant.at)
        .with_operators()
        .order_by("-launched_at")
    ]
    return render(
        request,
        "stations/index.html",
        {
            "stations": stations,
            "table": totals_tables.stations(stations, instant),
            "instant": instant,
            **_counted(request.path, parameters, boundary, amounts),
            "launches": ledger.launches_around(instant.at),
            "how_we_count": HOW_WE_COUNT,
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


@require_safe
def detail(request, slug):
    """One station: its dates, who is there, everyone who flew to it, missions, spacewalks."""
    parameters = read_parameters(request, allowed=("at", "boundary", "page"))
    instant = read_instant(parameters)
    boundary = read_boundary(parameters)
    station = Station.objects.filter(slug=slug).with_operators().first()
    if station is None:
        raise Http404(f"There is no station “{slug[:60]}”. All of them are listed under Stations.")
    ledger = Ledger.current()
    at = instant.at
    category = Category(station=slug, boundary=boundary)
    rule = Rule(METRICS["total-time"], category)
    people = ledger.standings(rule, at)
    page = page_of(people, parameters, per_page=PEOPLE_PER_PAGE)
    aloft = Aloft.at(ledger, at, category)
    missions = Mission.objects.filter(stations=station, launched_at__lte=at)
    latest = missions.with_crews_up().order_by("-launched_at")[:LATEST]
    visited = ledger.visits(slug, at)
    spacewalks = Spacewalk.objects.filter(station=station, started_at__lte=at)
    outside = spacewalks.order_by("-started_at", "-slug").with_crews()[:LATEST]
    return render(
        request,
        "stations/detail.html",
        {
            "station": station,
            "lede": _lede(station, at),
            "total": (total := ledger.total(category, at)),
            "arrived": _by(at, station.first_crew_at, station.first_crew_precision),
            "down": _by(at, station.deorbited_at, station.deorbit_precision),
            "aloft": aloft.careers[:MOST_ALOFT],
            "there": len(aloft.careers),
            "headcount": aloft.headcount,
            "left_open": left_open(aloft),
            "people": total.who_and_how_often if total else "0, on 0 flights",
            "page": page,
            "table": board(
                page,
                "Longest time on flights to it first",
                value_label=rule.metric.value_label,
                scale=people.scale,
                instant=instant,
                countries=ledger.names.countries,
                evidence=Evidence.current(ledger.token),
            ),
            "missions": latest,
            "visits": visits(latest, visited, at),
            "spacewalks": outside,
            "spacewalks_table": spacewalk_table(outside, "The latest"),
            "outside": spacewalks.time_outside(at),
            "mission_count": visited.text,
            "instant": instant,
            **_counted(
                request.path,
                parameters,
                boundary,
                lambda one: flown(ledger.roll(Category(station=slug, boundary=one)), at),
            ),
            "launches": ledger.launches_around(at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "canonical": station.get_absolute_url(),
        },
    )


def _counted(path: str, parameters, boundary: str, amounts: Callable[[str], Amounts]) -> dict:
    """Which flights count, in words, and what the form offers instead."""
    return {
        "boundary": boundary,
        "boundaries": OTHER_BOUNDARIES,
        "counting": counting_of(path, parameters, boundary, compared(amounts)),
    }


def _by(at, then, precision):
    """When something happened, if it had by the instant."""
    return time(then, precision) if then and then <= at else ""


def _lede(station: Station, at) -> str:
    if station.launched_at > at:
        return "Not launched yet."
    if station.deorbited_at and station.deorbited_at <= at:
        end, precision = station.deorbited_at, Precision(station.deorbit_precision)
        return f"In orbit for {_days(station, end, precision)}."
    return f"In orbit for {_days(station, at, Precision.SECOND)} so far."


def _days(station: Station, end, precision: Precision) -> str:
    """How many whole days it was in orbit: `5,510 days`, `174 to 175 days`."""
    time = elapsed(station.launched_at, Precision(station.launch_precision), end, precision)
    least, most = max(0, time.low) // DAY, time.high // DAY
    days = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    return f"{days} day{'' if most == 1 else 's'}"
