"""/missions/: crewed voyages, and one with its crews up and down."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.careers import State
from records.book.crews import in_order
from records.book.tallies import number
from records.book.values import elapsed
from records.instants import Precision
from records.ledger import Ledger, lookup
from records.ledger.support import Evidence
from records.models import Article, Flight, Mission, SpacewalkGap, Station, SurfaceStay
from records.tables import missions as tables
from records.tables.pieces import time
from records.tables.spacewalks import of_mission

from .questions import page_of, read_choice, read_instant, read_parameters

PER_PAGE = 50


#: How long the craft has been out, by what is known of it.
LEDES = {
    State.IN_FLIGHT: "Under way for {}.",
    State.PRESUMED: "Presumed to be under way for {}.",
    State.UNCONFIRMED: "Unconfirmed. Its clock stopped after {}.",
}


@require_safe
def index(request):
    """Missions launched by the instant, newest first, with filters."""
    parameters = read_parameters(
        request, allowed=("at", "name", "programme", "station", "year", "page")
    )
    instant = read_instant(parameters)
    ledger = Ledger.current()
    missions = Mission.objects.filter(launched_at__lte=instant.at)
    choices = {
        "programme": {name: name for name in ledger.names.programmes},
        "station": ledger.names.stations,
        "year": {str(year): str(year) for year in reversed(ledger.launch_years)},
    }
    chosen = {name: read_choice(parameters, name, options) for name, options in choices.items()}
    if name := parameters.get("name"):
        missions = missions.filter(slug__in=lookup.missions(ledger.token).containing(name))
    if chosen["programme"]:
        missions = missions.filter(programme=chosen["programme"])
    if chosen["station"]:
        missions = missions.filter(
            pk__in=Station.objects.filter(slug=chosen["station"]).values("missions")
        )
    if chosen["year"]:
        missions = missions.filter(launched_at__year=int(chosen["year"]))
    page = page_of(
        missions.select_related("spacecraft").with_crews_up().order_by("-launched_at", "-slug"),
        parameters,
        per_page=PER_PAGE,
    )
    vague = ledger.may_be_unlaunched(instant.at)
    unlaunched = missions.filter(slug__in=vague).count() if vague else 0
    total = number(page.paginator.count, page.paginator.count - unlaunched)
    for mission in page:
        if mission.status(instant.at) == "in_flight":
            craft = ledger.missions[mission.slug]
            mission.state, _ = craft.under_way(instant.at, ledger.confirmation)
    return render(
        request,
        "missions/index.html",
        {
            "page": page,
            "total": total.amount,
            "table": tables.index(page, total, instant.at),
            "parameters": parameters,
            "choices": choices,
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


@require_safe
def detail(request, slug):
    """One mission: launch crew and landing crew apart, spacewalks, articles."""
    instant = read_instant(read_parameters(request, allowed=("at",)))
    mission = (
        Mission.objects.filter(slug=slug)
        .select_related("spacecraft__country", "operator")
        .prefetch_related("stations")
        .first()
    )
    if mission is None:
        raise Http404(f"There is no mission “{slug[:60]}”.")
    ledger = Ledger.current()
    status = mission.status(instant.at)
    if _is_later(mission.landed_at, instant.at):
        # Nobody knew of it then. The row is not saved.
        mission.landed_at, mission.landing_precision = None, ""
        mission.landing_site, mission.lost = "", False
    spacewalks = mission.spacewalks.filter(started_at__lte=instant.at)
    spacewalks = spacewalks.select_related("station", "craft").with_crews()
    crews = Flight.objects.select_related(
        "astronaut", "nationality", "agency", "launch_mission", "landing_mission"
    )
    launched = _with_clocks(crews.filter(launch_mission=mission), ledger, instant.at)
    landed = []
    if status != "planned" and (instant.is_now or mission.landed_at):
        landed = _with_clocks(crews.filter(landing_mission=mission), ledger, instant.at)
    return render(
        request,
        "missions/detail.html",
        {
            "mission": mission,
            "status": status,
            "lede": _lede(mission, instant.at, ledger),
            "planned": ""
            if mission.landed_at
            else time(mission.planned_landing_at, mission.planned_landing_precision),
            "stations": mission.stations.all(),
            "launch_crew": launched,
            "landing_crew": landed,
            "crew_up": tables.crew_up(launched, mission, instant),
            "crew_down": tables.crew_down(landed, mission, instant),
            "spacewalks": spacewalks,
            "spacewalks_table": of_mission(spacewalks, f"Spacewalks of the crew of {mission.name}"),
            "spacewalks_missing": SpacewalkGap.objects.filter(
                flight__launch_mission=mission
            ).notes(),
            "surface_stays": SurfaceStay.objects.filter(
                flight__launch_mission=mission, lifted_off_at__lte=instant.at
            ).select_related("flight__astronaut"),
            "articles": Article.objects.published(instant.stories_at, now=instant.now)
            .filter(missions=mission)
            .for_lists()[:10],
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "evidence": Evidence.current(ledger.token).of_mission(mission),
            "canonical": mission.get_absolute_url(),
        },
    )


def _lede(mission: Mission, at, ledger: Ledger) -> str:
    """How long the craft itself has been out, or was."""
    status = mission.status(at)
    if status == "planned":
        return "Not launched yet."
    if status == "in_flight":
        craft = ledger.missions[mission.slug]
        state, until = craft.under_way(at, ledger.confirmation)
        known = Precision.coarsest((craft.launch_precision, craft.precision_of(state, until)))
        length = elapsed(mission.launched_at, craft.launch_precision, until)
        return LEDES[state].format(replace(length, precision=known).text)
    length = elapsed(
        mission.launched_at,
        Precision(mission.launch_precision),
        mission.landed_at,
        Precision(mission.landing_precision),
    )
    if status == "lost":
        return f"Lost with its crew after {length.text}."
    return f"Flew for {length.text}."


def _is_later(landed_at, at) -> bool:
    return landed_at is not None and landed_at > at


def _with_clocks(flights, ledger: Ledger, at) -> list:
    """Each flight row beside the same flight in the book, as of the instant; the crew in order."""
    pairs = []
    for row in in_order(flights, lambda row: (row, row.astronaut)):
        career = ledger.careers[row.astronaut.slug].at(at, ledger.confirmation)
        clocked = next(
            (one for one in career.flights if one.launch_mission.slug == row.launch_mission.slug),
            None,
        )
        if row.landing_mission and _is_later(row.landing_mission.landed_at, at):
            row.landing_mission = None
        pairs.append({"row": row, "flight": clocked})
    return pairs
