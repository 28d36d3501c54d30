"""/astronauts/: everyone who has flown, and one career."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.criteria import DEFAULT_BOUNDARY, LOWEST_BOUNDARY, SEXES, Category
from records.book.metrics import METRICS, PLAIN_METRICS, total_time
from records.book.tallies import number
from records.charts.careers import draw_career
from records.ledger import Ledger, lookup
from records.ledger.profiles import companions, directory, places, records_held
from records.ledger.support import Evidence
from records.models import Article, Astronaut, SpacewalkCrew, SpacewalkGap
from records.tables import astronauts as tables
from records.tables.counting import FLIGHTS, Amounts, compared, flights_of
from records.tables.pieces import differ, quiet, time
from records.tables.spacewalks import of_astronaut

from .questions import (
    counting_of,
    page_of,
    read_boundary,
    read_choice,
    read_instant,
    read_parameters,
)

PER_PAGE = 100

#: What metrics are called beside a single astronaut, where the board's title would claim a record.
OWN_TITLES = {"oldest": "Age at the latest launch", "youngest": "Age at the first launch"}


@require_safe
def index(request):
    """Everyone who had flown by the instant, by family name, with filters."""
    parameters = read_parameters(
        request, allowed=("at", "country", "agency", "sex", "name", "page")
    )
    ledger = Ledger.current()
    instant = read_instant(parameters)
    choices = {
        "country": ledger.names.countries,
        "agency": ledger.names.agencies,
        "sex": SEXES,
    }
    chosen = {name: read_choice(parameters, name, options) for name, options in choices.items()}
    careers = directory(ledger, instant.at, **chosen)
    if name := parameters.get("name"):
        named = lookup.astronauts(ledger.token).containing(name)
        careers = [career for career in careers if career.astronaut.slug in named]
    surely = {one.astronaut for one in directory(ledger, instant.at, surely=True, **chosen)}
    total = number(len(careers), sum(career.astronaut in surely for career in careers))
    page = page_of(careers, parameters, per_page=PER_PAGE)
    page.object_list = [one.at(instant.at, ledger.confirmation) for one in page.object_list]
    return render(
        request,
        "astronauts/index.html",
        {
            "page": page,
            "total": total.amount,
            "table": tables.directory(page, total, ledger.names.countries),
            "parameters": parameters,
            "choices": choices,
            "names": ledger.names,
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


@require_safe
def detail(request, slug):
    """One career: figures, ranks, flights, spacewalks, articles."""
    parameters = read_parameters(request, allowed=("at", "boundary"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    astronaut = Astronaut.objects.filter(slug=slug).select_related("nationality", "agency").first()
    if astronaut is None:
        raise Http404(f"There is no astronaut “{slug[:60]}”.")
    known = ledger.careers.get(slug)
    career = known.at(instant.at, ledger.confirmation) if known else None

    def counted(one: str):
        return Category(boundary=one).narrow(career) if career else None

    def amounts(one: str) -> Amounts:
        return {FLIGHTS: flights_of(filter(None, [counted(one)]))}

    boundary = read_boundary(parameters, reached=lambda one: amounts(one)[FLIGHTS].amount > 0)
    totals = _running_totals(career, counted(boundary)) if career else []
    # No rank, best or record is told of who died in flight, at whatever instant one asks.
    lost = known is not None and known.lost
    held = records_held(ledger, slug, instant.at, lost_too=lost) if career else []
    stands = places(ledger, slug, instant.at) if career and not lost else []
    evidence = Evidence.current(ledger.token)
    walks = (
        SpacewalkCrew.objects.filter(
            flight__astronaut=astronaut, spacewalk__started_at__lte=instant.at
        )
        .select_related("spacewalk__station", "spacewalk__craft", "spacewalk__mission")
        .order_by("spacewalk__started_at", "pk")
    )
    return render(
        request,
        "astronauts/detail.html",
        {
            "astronaut": astronaut,
            "born": time(astronaut.born_on, astronaut.birth_precision, only_day=True)
            or quiet("not known here"),
            "career": career,
            "flights": totals,
            "flights_table": tables.flights(totals, astronaut, ledger.names, instant, evidence),
            "lost": lost,
            "figures": _figures(counted(boundary), PLAIN_METRICS if lost else METRICS, evidence),
            "chart": _chart(counted(boundary), instant.at),
            "chart_title": f"Time in space of {astronaut.name}",
            "counting": amounts(LOWEST_BOUNDARY) != amounts(DEFAULT_BOUNDARY)
            and counting_of(
                request.path,
                parameters,
                boundary,
                compared(amounts),
                nobody=f"{astronaut.name} {instant.has} not reached orbit",
            ),
            "places": stands,
            "places_table": tables.ranks(stands, instant, evidence),
            "records": held,
            "records_table": tables.records_held([] if lost else held, astronaut, evidence),
            "records_when_flown": tables.records_when_flown(held) if lost else "",
            "companions": companions(ledger, slug, instant.at) if career else [],
            "spacewalks": walks,
            "spacewalks_table": of_astronaut(walks, f"Spacewalks of {astronaut.name}"),
            "spacewalks_missing": _missing(career),
            "articles": Article.objects.published(instant.stories_at, now=instant.now)
            .filter(astronauts=astronaut)
            .for_lists()[:10],
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "evidence": evidence.of_astronaut(astronaut),
            "canonical": astronaut.get_absolute_url(),
        },
    )


def _missing(career) -> list[str]:
    """What is known to be missing of the spacewalks: no query for most."""
    missions = (
        [flight.launch_mission.slug for flight in career.flights if flight.spacewalks_missing]
        if career
        else []
    )
    if not missions:
        return []
    return SpacewalkGap.objects.filter(
        flight__astronaut__slug=career.astronaut.slug, flight__launch_mission__slug__in=missions
    ).notes()


def _chart(career, at):
    """A line of one flight says no more than the table does."""
    return draw_career(career, at) if career and len(career.flights) > 1 else None


def _figures(career, keys, evidence: Evidence) -> list:
    """The mark of each of those metrics for a career of what counts, where there is one."""
    if career is None:
        return []
    metrics = [METRICS[key] for key in keys if not METRICS[key].counts_people]
    marks = ((metric, metric.measure(career)) for metric in metrics if career.flights)
    return [
        {
            "title": OWN_TITLES.get(metric.key, metric.title),
            "mark": mark,
            "running": metric.is_rising(mark),
            "differing": differ(career.astronaut.slug, metric, mark.parts, evidence),
        }
        for metric, mark in marks
        if mark
    ]


def _running_totals(career, counted) -> list:
    """Each flight with the mark of the time in space at its end, or as far as it has come, of those
    that are `counted`; the others add nothing."""
    rows, flown = [], ()
    for flight in career.flights:
        if counted and flight in counted.flights:
            flown = (*flown, flight)
        mark = total_time(replace(career, flights=flown))
        rows.append({"flight": flight, "total": mark})
    return rows
