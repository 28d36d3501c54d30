"""/spacewalks/: every EVA in our data, and one with its crew."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.instants import Precision
from records.ledger import Ledger
from records.ledger.support import Evidence
from records.models import Agency, Article, Spacewalk, SpacewalkCrew, Station
from records.models.spacewalks import SpacewalkKind
from records.tables import spacewalks as tables
from records.tables.words import counted

from .questions import page_of, read_choice, read_instant, read_parameters

PER_PAGE = 50
FIRST_YEAR = 1965


@require_safe
def index(request):
    """Spacewalks, newest first, with filters and totals."""
    parameters = read_parameters(
        request, allowed=("at", "year", "station", "kind", "agency", "page")
    )
    instant = read_instant(parameters)
    ledger = Ledger.current()
    choices = {
        "year": {str(year): str(year) for year in range(instant.now.year, FIRST_YEAR - 1, -1)},
        **ledger.kept(("spacewalks",), _choices),
    }
    chosen = {name: read_choice(parameters, name, options) for name, options in choices.items()}
    spacewalks = _narrowed(Spacewalk.objects.filter(started_at__lte=instant.at), chosen)
    page = page_of(
        spacewalks.select_related("station", "craft").with_crews().order_by("-started_at", "-slug"),
        parameters,
        per_page=PER_PAGE,
    )
    return render(
        request,
        "spacewalks/index.html",
        {
            "page": page,
            "caption": (caption := spacewalks.time_outside(instant.at)),
            "table": tables.spacewalks(page, caption, places=True),
            "boards": [
                row
                for row in ledger.main_boards
                if row.metric in ("number-of-spacewalks", "total-spacewalk-time")
            ],
            "choices": choices,
            "parameters": parameters,
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


def _choices() -> dict[str, dict[str, str]]:
    """What spacewalks were made from, their kinds, and whose they were."""
    stations = Station.objects.filter(spacewalks__isnull=False).distinct()
    agencies = Agency.objects.filter(spacewalks__isnull=False).distinct()
    return {
        "station": dict(stations.values_list("slug", "name")),
        "kind": dict(SpacewalkKind.choices),
        "agency": dict(agencies.values_list("slug", "abbreviation")),
    }


def _narrowed(spacewalks, chosen: dict[str, str]):
    paths = {
        "year": "started_at__year",
        "station": "station__slug",
        "kind": "kind",
        "agency": "agency__slug",
    }
    return spacewalks.filter(**{paths[name]: value for name, value in chosen.items() if value})


@require_safe
def detail(request, slug):
    """One spacewalk: who, when, from where, for how long, and its neighbours in time."""
    instant = read_instant(read_parameters(request, allowed=("at",)))
    spacewalk = (
        Spacewalk.objects.filter(slug=slug)
        .select_related("station", "craft", "mission", "agency")
        .first()
    )
    if spacewalk is None:
        raise Http404(
            f"There is no spacewalk “{slug[:60]}”. All of them are listed under Spacewalks."
        )
    ledger = Ledger.current()
    # In order of time; those of one instant by their slugs.
    here = {"started_at": spacewalk.started_at}
    earlier = Q(started_at__lt=spacewalk.started_at) | Q(**here, slug__lt=slug)
    later = Q(started_at__gt=spacewalk.started_at) | Q(**here, slug__gt=slug)
    mission = spacewalk.mission or spacewalk.craft
    crew = SpacewalkCrew.objects.filter(spacewalk=spacewalk).select_related(
        "spacewalk",
        "flight__astronaut",
        "flight__nationality",
        "flight__agency",
        "flight__launch_mission",
        "flight__landing_mission",
    )
    return render(
        request,
        "spacewalks/detail.html",
        {
            "spacewalk": spacewalk,
            "lede": _lede(spacewalk, len(crew)),
            "place": tables.place(spacewalk),
            "ship": None if spacewalk.mission_id == spacewalk.craft_id else spacewalk.mission,
            "by_the_day": Precision(spacewalk.start_precision).by_the_day,
            "crew": crew,
            "earlier": Spacewalk.objects.filter(earlier).order_by("-started_at", "-slug").first(),
            "later": Spacewalk.objects.filter(later, started_at__lte=instant.at)
            .order_by("started_at", "slug")
            .first(),
            "is_to_come": spacewalk.started_at > instant.at,
            "articles": Article.objects.published(instant.stories_at, now=instant.now)
            .filter(missions=mission)
            .for_lists()[:6]
            if mission
            else [],
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "confirmation": ledger.confirmation,
            "evidence": Evidence.current(ledger.token).of_spacewalk(spacewalk),
            "canonical": spacewalk.get_absolute_url(),
        },
    )


def _lede(spacewalk: Spacewalk, people: int) -> str:
    """Who was outside for how long, and how."""
    who = counted(people, "person", "people")
    how_long = "for a time that was not announced"
    if not spacewalk.time.is_unknown:
        how_long = f"for {spacewalk.time.text}"
    return f"{who} outside {how_long}, {spacewalk.get_kind_display()}."
