"""/records/<slug>/progression/ and /records/changes/: who held each record, and what fell when."""

from datetime import timedelta

from django.core.exceptions import BadRequest
from django.http import JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from records.book.definitions import definition
from records.book.tenures import Tenure
from records.charts.steps import draw_steps
from records.formats.columns import Columns, stamps, value_columns, written_value
from records.instants import isoformat
from records.ledger import Ledger
from records.ledger.history import record_changes

from .downloads import csv_response
from .questions import Instant, ask, described, page_of, read_instant, read_parameters

CHANGES_PER_PAGE = 50

#: How far back the page of changes goes by itself.
LATELY = timedelta(days=365)

#: The rows of the two tables.
STEP, CHANGE = "progression/step.html", "progression/change.html"


@require_safe
def detail(request, slug):
    """Everyone who held the record up to an instant, first one first."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger)
    tenures = ledger.tenures(question.rule, question.at)
    metric = question.rule.metric
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
            "rows": [
                _drawn(STEP, tenure, ledger, question.instant, label=metric.value_label)
                for tenure in tenures
            ],
            "present": tenures[-1] if tenures and tenures[-1].change.until is None else None,
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
    return JsonResponse(
        {
            "leaderboard": described(question, ledger),
            "at": isoformat(question.at),
            "confirmed_through": ledger.confirmation.written,
            "changes": [
                _written(tenure, question.at)
                for tenure in ledger.tenures(question.rule, question.at)
            ],
        }
    )


@require_safe
def as_csv(request, slug):
    """The same steps as the page and the JSON, one line each."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger)
    return csv_response(
        f"{slug}-progression.csv",
        {**_columns(question.at), **stamps(question.at, ledger.confirmation)},
        ledger.tenures(question.rule, question.at),
    )


@require_safe
def changes(request):
    """Who took which record from whom, newest first: of a year, or of the last 365 days."""
    parameters = read_parameters(request, allowed=("year", "page", "at"))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    everything = list(record_changes(ledger, instant.at))
    years = sorted({one.tenure.change.passed_at.year for one in everything}, reverse=True)
    year = _read_year(parameters, years)
    if year:
        found = [one for one in everything if one.tenure.change.passed_at.year == year]
    else:
        begin = instant.at - LATELY
        found = [one for one in everything if one.tenure.change.passed_at > begin]
    page = page_of(found, parameters, per_page=CHANGES_PER_PAGE)
    return render(
        request,
        "progression/changes.html",
        {
            "page": page,
            "rows": [
                _drawn(CHANGE, one.tenure, ledger, instant, leaderboard=one.leaderboard)
                for one in page.object_list
            ],
            "total": len(found),
            "year": year,
            "years": years,
            "instant": instant,
            "parameters": parameters,
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


def _drawn(template: str, tenure: Tenure, ledger: Ledger, instant: Instant, **shared) -> str:
    """A row of the table as HTML."""
    row = {"tenure": tenure, "change": tenure.change, "instant": instant, **shared}
    return render_to_string(template, row)


def _read_year(parameters: dict[str, str], years: list[int]) -> int | None:
    text = parameters.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in years):
        accepted = f"from {years[-1]} to {years[0]}" if years else "there is none yet"
        raise BadRequest(
            f"year: “{text[:40]}” is no year in which a record changed. Accepted: a year such as "
            f"those listed on the page, {accepted}."
        )
    return int(text)


def _written(tenure: Tenure, at) -> dict:
    change = tenure.change
    return {
        "holders": [astronaut.slug for astronaut in change.holders],
        "kind": tenure.kind,
        "value": written_value(tenure.value),
        "passed_at": isoformat(change.passed_at),
        "passed_precision": tenure.passed_precision,
        "sealed_at": isoformat(tenure.sealed_at) if tenure.sealed_at else None,
        "until": isoformat(change.until) if change.until else None,
        "days_held": change.held(at).days,
        "margin": written_value(tenure.margin) if tenure.margin else None,
        "state": tenure.state,
    }


def _columns(at) -> Columns:
    """The columns of a step as of the instant."""
    return {
        "kind": lambda one: one.kind,
        "holders": lambda one: " ".join(astronaut.slug for astronaut in one.change.holders),
        "names": lambda one: "; ".join(astronaut.name for astronaut in one.change.holders),
        **value_columns(lambda one: one.value),
        "state": lambda one: one.state,
        "passed_at": lambda one: one.change.passed_at,
        "sealed_at": lambda one: one.sealed_at,
        "until": lambda one: one.change.until,
        "days_held": lambda one: one.change.held(at).days,
        "margin": lambda one: one.margin and one.margin.amount,
        "margin_text": lambda one: one.margin and one.margin.exact_text,
        "passed_precision": lambda one: one.passed_precision,
    }
