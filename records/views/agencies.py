"""/agencies/: who flies people, and one with its people, missions, craft and stations."""

from collections import defaultdict
from functools import partial

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.criteria import (
    BOUNDARY_WORDS,
    LOWEST_BOUNDARY,
    OTHER_BOUNDARIES,
    Category,
)
from records.book.tallies import Tally, number
from records.book.totals import HOW_WE_COUNT
from records.ledger import Ledger
from records.ledger.aloft import Aloft
from records.ledger.support import Evidence
from records.models import Agency, Mission, Spacewalk
from records.tables import astronauts as astronaut_tables
from records.tables import missions as mission_tables
from records.tables import totals as tables
from records.tables.counting import AGENCIES, PEOPLE, Amounts, compared, flown
from records.tables.pieces import left_open
from records.tables.words import counted

from .questions import (
    counting_of,
    page_of,
    query_of,
    read_boundary,
    read_instant,
    read_parameters,
)

PEOPLE_PER_PAGE = 100


@require_safe
def index(request):
    """Every agency with the people who flew for it; those that flew nobody come last."""
    parameters = read_parameters(request, allowed=("at", "boundary"))
    instant = read_instant(parameters)
    boundary = read_boundary(parameters)
    ledger = Ledger.current()
    totals = {
        total.code: total
        for total in ledger.totals(Category(boundary=boundary), instant.at, of=_agency_of)
    }
    rows = [
        {"agency": agency, "total": totals.get(agency.slug), "missions": launched.at(instant.at)}
        for agency, launched in ledger.kept(("agencies",), _with_launches)
    ]
    rows = [row for row in rows if row["total"] or row["missions"].amount]
    rows.sort(key=lambda row: -row["total"].people if row["total"] else 0)
    for row in rows:
        if row["total"] is None:
            everybody = Category(boundary=LOWEST_BOUNDARY, agency=row["agency"].slug)
            row["suborbital"] = ledger.roll(everybody).people(instant.at)

    def amounts(one: str) -> Amounts:
        people, flown_for = ledger.breadth(Category(boundary=one), instant.at, of=_agency_of)
        return {PEOPLE: people, AGENCIES: flown_for}

    return render(
        request,
        "agencies/index.html",
        {
            "rows": rows,
            "how_we_count": HOW_WE_COUNT,
            "table": tables.agencies(rows, _caption(rows, boundary), query_of(parameters)),
            "instant": instant,
            "boundary": boundary,
            "boundaries": OTHER_BOUNDARIES,
            "counting": counting_of(request.path, parameters, boundary, compared(amounts)),
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


def _caption(rows: list[dict], boundary: str) -> str:
    words = BOUNDARY_WORDS[boundary]
    surely = sum(
        row["missions"].low > 0 or bool(row["total"] and row["total"].people_value.low)
        for row in rows
    )
    agencies = counted(number(len(rows), surely), "agency", "agencies")
    return f"{agencies}, people over flights that {words}"


@require_safe
def detail(request, slug):
    """One agency: who flew for it and how long, and what it operates."""
    parameters = read_parameters(request, allowed=("at", "boundary", "page"))
    instant = read_instant(parameters)
    agency = Agency.objects.filter(slug=slug).select_related("country").first()
    if agency is None:
        raise Http404(f"There is no agency “{slug[:60]}”. All of them are listed under Agencies.")
    ledger = Ledger.current()
    at = instant.at

    def amounts(one: str) -> Amounts:
        return flown(ledger.roll(Category(boundary=one, agency=slug)), at)

    boundary = read_boundary(parameters, reached=lambda one: amounts(one)[PEOPLE].amount > 0)
    category = Category(boundary=boundary, agency=slug)
    total = ledger.total(category, at)
    people = ledger.people(category, at)
    page = page_of(people, parameters, per_page=PEOPLE_PER_PAGE)
    spacewalks = Spacewalk.objects.filter(agency=agency, started_at__lte=at)
    return render(
        request,
        "agencies/detail.html",
        {
            "agency": agency,
            "founded": _founded(agency),
            "total": total,
            "lede": _lede(total, boundary),
            "aloft": (aloft := Aloft.at(ledger, at, category)),
            "left_open": left_open(aloft),
            "page": page,
            "people": astronaut_tables.flown(
                page, amounts(boundary)[PEOPLE], instant, Evidence.current(ledger.token)
            ),
            **ledger.kept(("operated", slug, ledger.launched(at)), partial(_operated, agency, at)),
            "stations": agency.stations.filter(launched_at__lte=at),
            "outside": spacewalks.time_outside(at),
            "instant": instant,
            "boundary": boundary,
            "boundaries": OTHER_BOUNDARIES,
            "counting": counting_of(
                request.path,
                parameters,
                boundary,
                compared(amounts),
                nobody=f"Nobody {instant.has} reached orbit for it",
            ),
            "launches": ledger.launches_around(at),
            "confirmation": ledger.confirmation,
            "canonical": agency.get_absolute_url(),
        },
    )


def _founded(agency: Agency) -> str:
    """`1958`, `1991, dissolved 2004`; empty if that is not known."""
    years = [agency.founded_year, agency.dissolved_year and f"dissolved {agency.dissolved_year}"]
    return ", ".join(str(one) for one in years if one) if agency.founded_year else ""


def _with_launches() -> list[tuple[Agency, Tally]]:
    """Every agency with the launches of what it operated."""
    spans = defaultdict(list)
    for mission in Mission.objects.only("operator", "launched_at", "launch_precision"):
        spans[mission.operator_id].append((mission.launched_at, mission.launched_by))
    agencies = Agency.objects.select_related("country")
    return [(agency, Tally(spans[agency.pk])) for agency in agencies]


def _operated(agency: Agency, at) -> dict:
    """The programmes that it launched missions of by the instant, and its craft that flew, each in
    the order of its first launch."""
    launched = Mission.objects.filter(launched_at__lte=at).order_by("launched_at", "pk")
    programmes, craft = {}, {}
    for mission in launched.filter(operator=agency):
        programmes.setdefault(mission.programme, []).append(mission)
    for mission in launched.filter(spacecraft__operator=agency).select_related("spacecraft"):
        craft.setdefault(mission.spacecraft, []).append(mission)
    return {
        "programmes": programmes,
        "programmes_table": mission_tables.programmes(programmes, at),
        "craft": [
            (one, counted(mission_tables.launched(flown, at), "mission"), flown[0])
            for one, flown in craft.items()
        ],
    }


def _agency_of(flight) -> tuple[str]:
    return (flight.agency,)


def _lede(total, boundary: str) -> str:
    words = BOUNDARY_WORDS[boundary]
    if total is None:
        return f"Nobody had flown for it by then on a flight that {words}."
    return f"{total.in_words}, on flights that {words}."
