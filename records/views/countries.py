"""/countries/: what each country's people have flown, as a page, as JSON and as CSV."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records.book.criteria import (
    BOUNDARY_WORDS,
    DEFAULT_BOUNDARY,
    OTHER_BOUNDARIES,
    Category,
)
from records.book.headcounts import Headcount
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.book.tallies import number
from records.book.totals import HOW_WE_COUNT, First, Total
from records.charts.bars import draw_columns
from records.formats.columns import headcount_columns, stamps, written_headcount, written_value
from records.instants import isoformat
from records.ledger import Ledger
from records.ledger.aloft import Aloft
from records.ledger.support import Evidence
from records.models import Country
from records.tables import astronauts as astronaut_tables
from records.tables import totals as tables
from records.tables.charts import columns as year_table
from records.tables.counting import (
    COUNTRIES,
    PEOPLE,
    Amounts,
    combining,
    compared,
    difference,
    flown,
)
from records.tables.pieces import left_open
from records.tables.words import counted

from .downloads import csv_response
from .questions import (
    FOR_SPREADSHEETS,
    Instant,
    counting_of,
    page_of,
    query_of,
    read_boundary,
    read_instant,
    read_parameters,
    read_switch,
)

PEOPLE_PER_PAGE = 100


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the table: when, which flights, and whose."""

    instant: Instant
    boundary: str
    successors: bool
    parameters: dict[str, str]

    @property
    def category(self) -> Category:
        return Category(boundary=self.boundary)


@dataclass(frozen=True)
class CountryRow:
    """A country in the table: what it has flown, and how many of its people are in space at the
    instant."""

    total: Total
    name: str
    headcount: Headcount


def _asked(request, *, also=()) -> Asked:
    parameters = read_parameters(request, allowed=("at", "boundary", "successors", *also))
    return Asked(
        read_instant(parameters),
        read_boundary(parameters),
        read_switch(parameters, "successors"),
        parameters,
    )


@require_safe
def index(request):
    """Every country with people flown, their time, and the first of them."""
    asked = _asked(request)
    ledger = Ledger.current()
    countries = list(Country.objects.select_related("successor"))
    at = asked.instant.at
    rows = _rows(asked, ledger, {country.code: country.name for country in countries})
    aloft = Aloft.at(ledger, at, asked.boundary)
    total = ledger.total(asked.category, at)
    caption = _caption(rows, asked, total, aloft.headcount.headline)

    def amounts(boundary: str, successors: bool) -> Amounts:
        of = ledger.country_of(successors=successors)
        people, flown_for = ledger.breadth(Category(boundary=boundary), at, of=of)
        return {PEOPLE: people, COUNTRIES: flown_for}

    return render(
        request,
        "countries/index.html",
        {
            **_page(request, asked, ledger),
            **_counted(request.path, asked, amounts),
            "rows": rows,
            "total": total,
            "table": tables.countries(rows, caption, query_of(asked.parameters)),
            "how_we_count": HOW_WE_COUNT,
            "former": [country for country in countries if country.successor],
            "idle": "" if _combines(asked, ledger) else "no former state had flown anybody",
            "headcount": aloft.headcount,
            "left_open": left_open(aloft),
            "canonical": request.path,
        },
    )


@require_safe
def as_json(request):
    """The stable contract of docs/countries-json.md."""
    asked = _asked(request)
    ledger = Ledger.current()
    return JsonResponse(
        {
            "at": isoformat(asked.instant.at),
            "confirmed_through": ledger.confirmation.written,
            "boundary": asked.boundary,
            "successors": asked.successors,
            "countries": [
                {
                    "code": row.total.code,
                    "name": row.name,
                    "people": row.total.people,
                    "people_value": written_value(row.total.people_value),
                    "person_seconds": row.total.person_time.stated,
                    "person_time": written_value(row.total.person_time),
                    "at_least": row.total.person_time.at_least,
                    "state": row.total.state,
                    "first": _written_first(row.total.first),
                    "firsts": [_written_first(one) for one in row.total.firsts],
                    "in_space": row.headcount.count,
                    "unconfirmed": row.headcount.unconfirmed,
                    "headcount": written_headcount(row.headcount),
                }
                for row in _rows(asked, ledger, _names())
            ],
        }
    )


def _written_first(first: First) -> dict:
    return {
        "slug": first.astronaut.slug,
        "name": first.astronaut.name,
        "launched_at": isoformat(first.launched_at, first.launch_precision),
        "launch_precision": first.launch_precision,
    }


@require_safe
def as_csv(request):
    """The same rows as the page and the JSON, one line each."""
    asked = _asked(request)
    ledger = Ledger.current()
    columns = {
        "code": lambda one: one.total.code,
        "name": lambda one: one.name,
        "people": lambda one: one.total.people,
        "person_seconds": lambda one: one.total.person_time.stated,
        "at_least": lambda one: one.total.person_time.at_least,
        "first": lambda one: one.total.first.astronaut.slug,
        "first_name": lambda one: one.total.first.astronaut.name,
        "first_launched_at": lambda one: _written_first(one.total.first)["launched_at"],
        **stamps(asked.instant.at, ledger.confirmation),
        "in_space": lambda one: one.headcount.count,
        "unconfirmed": lambda one: one.headcount.unconfirmed,
        "boundary": lambda one: asked.boundary,
        "firsts": lambda one: " ".join(first.astronaut.slug for first in one.total.firsts),
        "people_least": lambda one: one.total.people_value.low,
        "state": lambda one: one.total.state,
        **headcount_columns(lambda one: one.headcount),
    }
    return csv_response(request, "countries.csv", columns, _rows(asked, ledger, _names()))


@require_safe
def detail(request, code):
    """One country: its people, their time, flights by year, its places on the leaderboards."""
    asked = _asked(request, also=("page",))
    if code != code.upper():
        address = reverse("country", args=(code.upper(),))
        return redirect(address + query_of(asked.parameters), permanent=True)
    country = Country.objects.filter(code=code).select_related("successor").first()
    if country is None:
        raise Http404(
            f"There is no country “{code[:20]}”. Countries are named by three letters, as in USA; "
            "all of them are listed under By country."
        )
    ledger = Ledger.current()
    at = asked.instant.at

    def category_of(boundary: str, successors: bool) -> Category:
        countries = ledger.countries_of(code, successors=successors)
        return Category(boundary=boundary, countries=countries)

    def amounts(boundary: str, successors: bool) -> Amounts:
        return flown(ledger.roll(category_of(boundary, successors)), at)

    boundary = read_boundary(
        asked.parameters, reached=lambda one: amounts(one, asked.successors)[PEOPLE].amount > 0
    )
    asked = replace(asked, boundary=boundary)
    category = category_of(boundary, asked.successors)
    roll = ledger.roll(category)
    columns = draw_columns(roll.by_year(at), until=at.year)
    total = ledger.total(category, at)
    page = page_of(ledger.people(category, at), asked.parameters, per_page=PEOPLE_PER_PAGE)
    return render(
        request,
        "countries/detail.html",
        {
            **_page(request, asked, ledger),
            **_counted(request.path, asked, amounts),
            "country": country,
            "former": Country.objects.former(),
            "idle": ""
            if len(ledger.names.combined(code)) > 1
            else "no former state counts for this country",
            "predecessors": country.predecessors.all(),
            "agencies": country.agencies.all(),
            "total": total,
            "lede": _lede(total, asked),
            "how_we_count": HOW_WE_COUNT,
            "aloft": (aloft := Aloft.at(ledger, at, category)),
            "left_open": left_open(aloft),
            "missions": roll.missions(at),
            "page": page,
            "people": astronaut_tables.flown(
                page,
                amounts(boundary, asked.successors)[PEOPLE],
                asked.instant,
                Evidence.current(ledger.token),
            ),
            "columns": columns,
            "years": year_table(columns.columns, "Flights", "Flights by year"),
            "boards": _boards(asked, code, category, ledger),
            "evidence": Evidence.current(ledger.token),
            "canonical": country.get_absolute_url(),
        },
    )


def _page(request, asked: Asked, ledger: Ledger) -> dict:
    """What both pages need."""
    parameters = asked.parameters
    return {
        "asked": asked,
        "instant": asked.instant,
        "boundaries": OTHER_BOUNDARIES,
        "query": query_of(parameters),
        "spreadsheet_query": query_of(parameters, **{FOR_SPREADSHEETS: "1"}),
        "launches": ledger.launches_around(asked.instant.at),
        "names": ledger.names,
        "confirmation": ledger.confirmation,
    }


def _counted(path: str, asked: Asked, amounts: Callable[[str, bool], Amounts]) -> dict:
    """Which flights count and for whom, in words, and what it would change to count otherwise."""
    boundary, successors, parameters = asked.boundary, asked.successors, asked.parameters
    effect = difference(amounts(boundary, False), amounts(boundary, True))
    other = path + query_of(parameters, successors=None if successors else "1")
    return {
        "counting": counting_of(
            path,
            parameters,
            boundary,
            compared(lambda one: amounts(one, successors)),
            nobody=f"Nobody {asked.instant.has} reached orbit for it",
        ),
        "combining": combining(successors, effect, other),
    }


def _caption(rows: list[CountryRow], asked: Asked, total: Total | None, headline: str) -> str:
    surely = sum(row.total.people_value.low > 0 for row in rows)
    people = total.people_value if total else 0
    return (
        f"{counted(number(len(rows), surely), 'country', 'countries')} and "
        f"{counted(people, 'person', 'people')}, "
        f"over flights that {BOUNDARY_WORDS[asked.boundary]}; {headline.lower()}"
    )


def _names() -> dict[str, str]:
    """Every country, also one that has flown nobody but succeeds a state that has."""
    return dict(Country.objects.values_list("code", "name"))


def _rows(asked: Asked, ledger: Ledger, names: dict[str, str]) -> list[CountryRow]:
    """The table, most people first."""
    at, successors = asked.instant.at, asked.successors
    aloft = Aloft.at(ledger, at, asked.boundary)
    there = aloft.headcounts(ledger.country_of(successors=successors))
    return [
        CountryRow(total, names[total.code], there[total.code])
        for total in ledger.country_totals(asked.category, at, successors=successors)
    ]


def _combines(asked: Asked, ledger: Ledger) -> bool:
    """Whether a flight that counts was flown for a state with a successor."""
    return any(
        flight.country in ledger.names.successors and flight.launched_at <= asked.instant.at
        for career in ledger.narrowed(asked.category)
        for flight in career.flights
    )


def _lede(total, asked: Asked) -> str:
    words = BOUNDARY_WORDS[asked.boundary]
    if total is None:
        return f"Nobody had flown for it by then on a flight that {words}."
    return f"{total.in_words}, on flights that {words}."


def _boards(asked: Asked, code: str, category: Category, ledger: Ledger) -> list[dict]:
    """The leaderboards of everybody, narrowed to the country, with who stands first there."""
    changes = {"at": asked.parameters.get("at"), "country": code}
    if asked.successors:
        changes["successors"] = "1"
    category = category.changed(boundary=DEFAULT_BOUNDARY)
    boards = []
    for row in ledger.main_boards:
        narrowed = Rule(METRICS[row.metric], category)
        leaders = ledger.standings(narrowed, asked.instant.at).leaders
        if leaders:
            url = row.get_absolute_url() + query_of({}, **changes)
            boards.append({"leaderboard": row, "url": url, "leaders": leaders})
    return boards
