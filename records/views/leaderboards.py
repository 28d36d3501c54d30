"""/records/: the leaderboards, each as a page, as CSV and as JSON with the same rows."""

import csv
from itertools import groupby

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.definitions import definition
from records.book.values import Unit
from records.instants import isoformat
from records.ledger import Ledger

from .questions import Question, page_of, read_instant, read_parameters, read_question

ROWS_PER_PAGE = 100

CSV_COLUMNS = (
    "rank",
    "tied",
    "astronaut",
    "name",
    "country",
    "value",
    "unit",
    "text",
    "precision",
    "at_least",
    "state",
    "reached_at",
)


@require_safe
def index(request):
    """Every leaderboard with its leaders and its definition."""
    instant = read_instant(read_parameters(request, allowed=("at",)))
    ledger = Ledger.current()
    entries = [
        {
            "leaderboard": row,
            "definition": definition(ledger.rule(row), ledger.names),
            "leaders": [one for one in ledger.standings(row, instant.at)[:10] if one.rank == 1],
        }
        for row in ledger.leaderboards.values()
    ]
    groups = [
        {"title": title, "entries": list(members)}
        for title, members in groupby(entries, key=lambda entry: entry["leaderboard"].group)
    ]
    return render(
        request,
        "leaderboards/index.html",
        {
            "groups": groups,
            "instant": instant,
            "names": ledger.names,
            "confirmation": ledger.confirmation,
        },
    )


@require_safe
def detail(request, slug):
    """One leaderboard at an instant, narrowed as the reader asks."""
    ledger = Ledger.current()
    question = _question(request, slug, ledger)
    standings = ledger.standings(question.rule, question.at)
    return render(
        request,
        "leaderboards/detail.html",
        {
            "leaderboard": question.row,
            "question": question,
            "instant": question.instant,
            "definition": definition(question.rule, ledger.names),
            "metric": question.rule.metric,
            "page": page_of(standings, question.parameters, per_page=ROWS_PER_PAGE),
            "scale": max((one.value.amount for one in standings), default=0),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "caption": _caption(question, len(standings)),
            "empty_text": _why_empty(question),
            "canonical": question.row.get_absolute_url(),
        },
    )


@require_safe
def as_json(request, slug):
    """The stable contract of docs/leaderboard-json.md."""
    ledger = Ledger.current()
    question = _question(request, slug, ledger)
    standings = ledger.standings(question.rule, question.at)
    return JsonResponse(
        {
            "leaderboard": _described(question, ledger),
            "at": isoformat(question.at),
            "confirmed_through": isoformat(ledger.confirmation.through_at),
            "total": len(standings),
            "standings": [_row(one) for one in standings[: question.limit]],
        }
    )


@require_safe
def as_csv(request, slug):
    """The same rows as the page and the JSON, one line each."""
    ledger = Ledger.current()
    question = _question(request, slug, ledger)
    standings = ledger.standings(question.rule, question.at)[: question.limit]
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}.csv"'},
    )
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow((*CSV_COLUMNS, "at", "confirmed_through"))
    stamps = (isoformat(question.at), isoformat(ledger.confirmation.through_at))
    for one in standings:
        row = _row(one)
        value = row["value"]
        cells = (
            row["rank"],
            _yes(row["tied"]),
            row["astronaut"]["slug"],
            row["astronaut"]["name"],
            row["astronaut"]["country"],
            one.value.amount,
            one.value.unit,
            value["text"],
            value["precision"],
            _yes(value["at_least"]),
            row["state"],
            row["reached_at"],
        )
        writer.writerow((*map(neutral, cells), *stamps))
    return response


def _question(request, slug, ledger: Ledger) -> Question:
    try:
        row = ledger.leaderboards[slug]
    except KeyError:
        raise Http404(
            f"There is no leaderboard “{slug[:60]}”. All of them are listed under Records."
        ) from None
    return read_question(request, row, ledger)


def _caption(question: Question, total: int) -> str:
    people = f"{total} astronaut{'' if total == 1 else 's'}"
    return f"{question.row.title}: {people}"


def _why_empty(question: Question) -> str:
    if question.narrowed:
        return "No flight up to this instant fits all of these filters. Remove one of them."
    return "Nothing that it counts had happened by this instant."


def _described(question: Question, ledger: Ledger) -> dict:
    rule = question.rule
    return {
        "slug": question.row.slug,
        "title": question.row.title,
        "definition": definition(rule, ledger.names),
        "metric": rule.metric.key,
        "unit": rule.metric.unit,
        "boundary": rule.category.boundary,
        "filters": {one.name: one.value for one in question.filters if one.value},
        "threshold": rule.threshold,
    }


def _row(standing) -> dict:
    value = standing.value
    written = {value.unit.value: value.amount, "text": value.exact_text}
    if value.unit is Unit.SECONDS:
        written["iso"] = value.iso
    return {
        "rank": standing.rank,
        "tied": standing.tied,
        "astronaut": {
            "slug": standing.astronaut.slug,
            "name": standing.astronaut.name,
            "family_name": standing.astronaut.family_name,
            "country": standing.country,
        },
        "value": {**written, "precision": value.precision, "at_least": value.at_least},
        "state": standing.state,
        "reached_at": isoformat(standing.reached_at),
    }


def neutral(cell):
    """A cell that no spreadsheet takes for a formula: a leading quote, as spreadsheets hide it."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "'")):
        return f"'{cell}"
    return cell


def _yes(flag: bool) -> str:
    return "true" if flag else "false"
