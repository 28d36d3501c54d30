"""/records/<slug>/progression/ and /records/changes/: who held each record, and what fell when."""

from datetime import timedelta

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records.book.definitions import definition
from records.book.tenures import Tenure
from records.charts.steps import draw_steps
from records.formats.columns import Columns, about_column, stamps, value_columns, written_value
from records.instants import isoformat
from records.ledger import Ledger
from records.ledger.history import record_changes
from records.ledger.support import Evidence
from records.tables import progression as tables
from records.tables.pieces import any_differing, joined, quiet, unless_landed
from records.tables.words import counted

from .downloads import csv_response
from .questions import ask, described, page_of, read_choice, read_instant, read_parameters

CHANGES_PER_PAGE = 50

#: What to see in the drawing of the steps.
CHART_NOTE = (
    "Each step is a new mark; the line rises with a flight under way and has an open end where it "
    "still does. A filled dot is a mark broken, a ring one equalled, a small dot one’s own mark "
    "extended."
)

#: How far back the page of changes goes by itself.
LATELY = timedelta(days=365)


@require_safe
def detail(request, slug):
    """Everyone who held the record up to an instant, first one first."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger)
    tenures = ledger.tenures(question.rule, question.at)
    metric = question.rule.metric
    evidence = Evidence.current(ledger.token)
    return render(
        request,
        "progression/detail.html",
        {
            "leaderboard": question.row,
            "question": question,
            "instant": question.instant,
            "definition": definition(question.rule, ledger.names),
            "metric": metric,
            "asked": "How it rose" if metric.counts_people else "Who held it",
            "table": tables.steps(
                tenures, metric, _caption(question, tenures), question.instant, evidence
            ),
            "present": _present(tenures, metric, evidence),
            "note": CHART_NOTE,
            "chart": draw_steps(tenures, question.at, falls=metric.lowest_first),
            "launches": ledger.launches_around(question.at),
            "confirmation": ledger.confirmation,
            "canonical": reverse("progression", args=(slug,)),
        },
    )


@require_safe
def as_json(request, slug):
    """The stable contract of docs/progression-json.md."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger)
    evidence = Evidence.current(ledger.token)
    return JsonResponse(
        {
            "leaderboard": described(question, ledger),
            "at": isoformat(question.at),
            "confirmed_through": ledger.confirmation.written,
            "changes": [
                _written(tenure, question.at, evidence)
                for tenure in ledger.tenures(question.rule, question.at)
            ],
        }
    )


@require_safe
def as_csv(request, slug):
    """The same steps as the page and the JSON, one line each."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger)
    evidence = Evidence.current(ledger.token)
    return csv_response(
        request,
        f"{slug}-progression.csv",
        {
            **_columns(question.at),
            **stamps(question.at, ledger.confirmation),
            "boundary": lambda one: question.rule.category.boundary,
            "sources_differ": lambda one: evidence.differ(*one.leaders),
            **about_column(lambda one: one.value),
        },
        ledger.tenures(question.rule, question.at),
    )


@require_safe
def changes(request):
    """Who took which record from whom, newest first: of a year, or of the last 365 days."""
    parameters = read_parameters(request, allowed=("year", "page", "at"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    everything = list(record_changes(ledger, instant.at))
    years = dict.fromkeys(f"{one.tenure.change.passed_at:%Y}" for one in everything)
    years = {year: year for year in sorted(years, reverse=True)}
    year = read_choice(parameters, "year", years)
    if year:
        found = [one for one in everything if one.tenure.change.passed_at.year == int(year)]
    else:
        begin = instant.at - LATELY
        found = [one for one in everything if one.tenure.change.passed_at > begin]
    page = page_of(found, parameters, per_page=CHANGES_PER_PAGE)
    return render(
        request,
        "progression/changes.html",
        {
            "page": page,
            "table": tables.changes(
                page,
                _changes_caption(len(found), year),
                instant,
                Evidence.current(ledger.token),
            ),
            "heading": f"Record changes in {year}" if year else "Record changes",
            "year": year,
            "years": years,
            "instant": instant,
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


def _caption(question, tenures: list[Tenure]) -> str:
    return f"{question.title}: {counted(len(tenures), 'step')}, the first one first"


def _changes_caption(total: int, year: str) -> str:
    span = f"in {year}" if year else "in the 365 days before"
    return f"{counted(total, 'change')} {span}"


def _present(tenures: list[Tenure], metric, evidence: Evidence) -> dict | None:
    """The step that stands at the instant, and how to tell of its holders."""
    if not tenures or tenures[-1].change.until is not None:
        return None
    tenure = tenures[-1]
    return {
        "tenure": tenure,
        "label": tables.held_by_words(metric),
        "holders": joined((tables.holders(tenure), quiet(tenure.reserve))),
        "differing": any_differing(tenure.leaders, evidence),
        "state": "" if tenure.people else unless_landed(tenure.state, lost=bool(tenure.lost)),
    }


def _written(tenure: Tenure, at, evidence: Evidence) -> dict:
    change = tenure.change
    return {
        "holders": [astronaut.slug for astronaut in change.holders],
        "kind": tenure.kind,
        "value": written_value(tenure.value),
        "sources_differ": evidence.differ(*tenure.leaders),
        **_written_span(tenure),
        "passed_precision": tenure.passed_precision,
        "passed_off_by": change.passed_off_by,
        "days_held": change.held(at).days,
        "margin": written_value(tenure.margin) if tenure.margin else None,
        "state": tenure.state,
        "sure": tenure.sure,
    }


def _columns(at) -> Columns:
    """The columns of a step as of the instant."""
    return {
        "kind": lambda one: one.kind,
        "holders": lambda one: " ".join(astronaut.slug for astronaut in one.change.holders),
        "names": lambda one: "; ".join(astronaut.name for astronaut in one.change.holders),
        **value_columns(lambda one: one.value),
        "state": lambda one: one.state,
        "passed_at": lambda one: _written_span(one)["passed_at"],
        "sealed_at": lambda one: _written_span(one)["sealed_at"],
        "until": lambda one: _written_span(one)["until"],
        "days_held": lambda one: one.change.held(at).days,
        "margin": lambda one: one.margin and one.margin.amount,
        "margin_text": lambda one: one.margin and one.margin.exact_text,
        "passed_precision": lambda one: one.passed_precision,
        "sure": lambda one: one.sure,
        "passed_off_by": lambda one: one.change.passed_off_by,
    }


def _written_span(tenure: Tenure) -> dict:
    """When the record was passed, sealed and lost, each as well as it is known."""
    sealed_at, until = tenure.sealed_at, tenure.change.until
    return {
        "passed_at": isoformat(tenure.change.passed_at, tenure.passed_precision),
        "sealed_at": isoformat(sealed_at, tenure.sealed_precision) if sealed_at else None,
        "until": isoformat(until, tenure.until_precision) if until else None,
    }
