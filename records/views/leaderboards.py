"""/records/: the leaderboards, each as a page, as CSV and as JSON with the same rows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from records.book.criteria import DEFAULT_BOUNDARY
from records.book.definitions import definition
from records.book.rules import Rule
from records.book.standings import Standing, row_key
from records.formats.citation import PageCitation, cite
from records.formats.columns import (
    about_column,
    headcount_columns,
    stamps,
    value_columns,
    written_flight,
    written_headcount,
    written_value,
)
from records.instants import isoformat
from records.ledger import Ledger
from records.ledger.support import Evidence
from records.tables import standings as tables
from records.tables.counting import PEOPLE, Counting, change, combining
from records.tables.pieces import joined, leaders
from records.tables.table import Table
from records.tables.words import among

from .downloads import csv_response
from .questions import Question, ask, described, page_of, read_instant, read_parameters

ROWS_PER_PAGE = 50

#: What the rows are, one and many, by what is listed: who went outside together are two rows.
ROWS = {
    "": ("astronaut", "astronauts"),
    "flight": ("flight", "flights"),
    "spacewalk": ("part in a spacewalk", "parts in spacewalks"),
}

COLUMNS = {
    "rank": lambda one: one.rank,
    "tied": lambda one: one.tied,
    "astronaut": lambda one: one.astronaut.slug,
    "name": lambda one: one.astronaut.name,
    "country": lambda one: one.country,
    **value_columns(lambda one: one.value),
    "state": lambda one: one.state,
    "lost": lambda one: one.lost,
    "reached_at": lambda one: isoformat(one.reached_at, one.mark.reached_precision),
    "reached_precision": lambda one: one.mark.reached_precision,
}

#: Ships of the flights that a value is made of, in order of time. Only the last of them can still
#: be under way, so that the others stand in the same places.
SHIPS = {
    "launch_missions": lambda one: " ".join(ship.launch_mission.slug for ship in one.flights),
    "landing_missions": lambda one: " ".join(
        flight.ship_down.slug for flight in one.flights if flight.ship_down
    ),
}

#: Between which ranks the true one lies, as far as the facts tell.
RANKS = {
    "rank_best": lambda one: one.best,
    "rank_worst": lambda one: one.worst,
    "rank_sure": lambda one: one.sure,
}

#: Of whom it is the rank, where others could take it.
AMONG = {"rank_among": lambda one: among(one) or None}

ABOUT = about_column(lambda one: one.value)

#: The same where people are counted.
CROWD_COLUMNS = {
    "rank": lambda one: one.rank,
    "tied": lambda one: one.tied,
    "count": lambda one: one.interval.count,
    "from": lambda one: _written_span(one.interval)["from"],
    "until": lambda one: _written_span(one.interval)["until"],
    "aboard": lambda one: " ".join(astronaut.slug for astronaut in one.interval.aboard),
    "from_precision": lambda one: one.interval.begin_precision,
    "until_precision": lambda one: one.interval.end and one.interval.end_precision,
}

#: How sure it is how many they were, and what is known at the end of the time.
CROWD_BOUNDS = {
    "text": lambda one: one.value.text,
    **headcount_columns(lambda one: one.interval.headcount),
    "unconfirmed": lambda one: one.interval.headcount.unconfirmed,
    "state": lambda one: one.interval.state,
}


@require_safe
def index(request):
    """Every leaderboard with its leaders and its definition."""
    instant = read_instant(read_parameters(request, allowed=("at",)))
    ledger = Ledger.current()
    entries = [
        {
            "leaderboard": row,
            "definition": definition(ledger.rule(row), ledger.names),
            "first": _first(row, ledger, instant),
        }
        for row in ledger.leaderboards.values()
    ]
    groups: dict[str, list] = {}
    for entry in entries:
        groups.setdefault(entry["leaderboard"].group, []).append(entry)
    return render(
        request,
        "leaderboards/index.html",
        {
            "groups": groups,
            "instant": instant,
            "launches": ledger.launches_around(instant.at),
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "canonical": request.path,
        },
    )


@require_safe
def detail(request, slug):
    """One leaderboard at an instant, narrowed as the reader asks."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger, also=("page",))
    standings = _rows(question, ledger)
    page = page_of(standings, question.parameters, per_page=ROWS_PER_PAGE)
    overall = _overall(question, page, ledger)
    return render(
        request,
        "leaderboards/detail.html",
        {
            "leaderboard": question.row,
            "question": question,
            "instant": question.instant,
            "definition": definition(question.rule, ledger.names),
            "metric": question.rule.metric,
            "page": page,
            "table": _table(question, standings, page, overall, ledger),
            "overall": overall,
            "left_open": "" if question.rule.metric.counts_people else tables.left_open(standings),
            "launches": ledger.launches_around(question.at),
            "counting": question.counting(request.path, partial(_effect, question, ledger)),
            "combining": _combining(question, request.path, ledger),
            "citation": _citation(question, ledger),
            "confirmation": ledger.confirmation,
            "canonical": question.row.get_absolute_url(),
        },
    )


@require_safe
def as_json(request, slug):
    """The stable contract of docs/leaderboard-json.md."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger, also=("limit",))
    rows = _rows(question, ledger)
    evidence = Evidence.current(ledger.token)
    written = (
        _written_interval
        if question.rule.metric.counts_people
        else partial(_written, evidence=evidence)
    )
    return JsonResponse(
        {
            "leaderboard": described(question, ledger),
            "at": isoformat(question.at),
            "confirmed_through": ledger.confirmation.written,
            "total": len(rows),
            **_left_open(rows),
            "standings": [written(one) for one in rows[: question.limit]],
        }
    )


@require_safe
def as_csv(request, slug):
    """The same rows as the page and the JSON, one line each."""
    ledger = Ledger.current()
    question = ask(request, slug, ledger, also=("limit",))
    rows = _rows(question, ledger)[: question.limit]
    columns, more = COLUMNS, SHIPS | RANKS | AMONG | ABOUT
    more = {**more, "sources_differ": Evidence.current(ledger.token).differ}
    if question.rule.metric.counts_people:
        columns, more = CROWD_COLUMNS, RANKS | CROWD_BOUNDS
    return csv_response(
        request,
        f"{slug}.csv",
        {
            **columns,
            **stamps(question.at, ledger.confirmation),
            "boundary": lambda one: question.rule.category.boundary,
            **more,
        },
        rows,
    )


def _left_open(rows: Sequence) -> dict:
    """Who is not ranked though on flights that count, and who may have reached more than is known;
    nobody where people are counted."""
    return {
        "not_ranked": [one.slug for one in getattr(rows, "unranked", ())],
        "may_have_more": [one.slug for one in getattr(rows, "open_ended", ())],
    }


def _rows(question: Question, ledger: Ledger) -> Sequence:
    """Standings, or intervals where people are counted."""
    if question.rule.metric.counts_people:
        return ledger.population(question.rule, question.at)
    return ledger.standings(question.rule, question.at)


def _table(question: Question, standings: Sequence, page, overall: dict, ledger: Ledger) -> Table:
    """The rows of the page."""
    caption, metric = _caption(question, len(standings)), question.rule.metric
    if metric.counts_people:
        return tables.crowds(page, caption, _why_empty(question))
    return tables.board(
        page,
        caption,
        value_label=metric.value_label,
        scale=standings.scale,
        instant=question.instant,
        countries=ledger.names.countries,
        evidence=Evidence.current(ledger.token),
        lowest_first=metric.lowest_first,
        each=question.rule.each,
        whole=overall,
        why_empty=_why_empty(question),
    )


def _overall(question: Question, page, ledger: Ledger) -> dict[str | tuple, Standing | None]:
    """Where the rows of the page stand on the whole leaderboard (None: not listed there), by their
    keys, if the reader has narrowed it.

    What makes the board another one (the boundary, the states combined, a list of every part) is so
    of both: otherwise the ranks could not be compared.
    """
    own, shipped = question.rule, ledger.rule(question.row)
    if own.metric.counts_people:
        return {}
    category = shipped.category.changed(boundary=own.category.boundary)
    if category.countries:
        category = category.changed(countries=own.category.countries)
    whole = replace(shipped, category=category, each=own.each)
    if own == replace(whole, threshold=own.threshold):
        return {}
    board = ledger.standings(whole, question.at)
    keys = [row_key(one.career, own.each) for one in page]
    return {key: found and found[1] for key in keys for found in [board.find(key)]}


def _first(row, ledger: Ledger, instant) -> SafeString | str:
    """Who stands first and with what; the greatest number, where people are counted."""
    rule = ledger.rule(row)
    if rule.metric.counts_people:
        return joined(map(tables.crowd, ledger.population(rule, instant.at)[:1]))
    evidence = Evidence.current(ledger.token)
    return leaders(ledger.standings(rule, instant.at).leaders, instant, evidence)


def _caption(question: Question, total: int) -> str:
    one, many = ROWS[question.rule.each]
    if question.rule.metric.counts_people:
        one, many = "time", "times"
    return f"{question.title}: {total:,} {one if total == 1 else many}"


def _citation(question: Question, ledger: Ledger) -> PageCitation:
    path = question.row.get_absolute_url() + question.query(at=isoformat(question.at))
    title = question.row.title
    if question.narrowed:
        title = f"{title}: {definition(question.rule, ledger.names).rstrip('.')}"
    return cite(
        title=title,
        site=settings.SITE_NAME,
        address=f"{settings.SITE_URL}{path}",
        at=question.at,
        confirmed_through=ledger.confirmation.through_at,
    )


def _effect(question: Question, ledger: Ledger, boundary: str) -> str:
    """What it does to the leaderboard to count another boundary than orbit."""
    return _changes(
        *(_counting(question.rule, boundary=one) for one in (DEFAULT_BOUNDARY, boundary)),
        question.at,
        ledger,
    )


def _combining(question: Question, path: str, ledger: Ledger) -> Counting | None:
    """What it does, or would do, to combine the country chosen with its former states; None where
    nobody can choose, or there are none."""
    filters = {one.name: one for one in question.filters}
    switch, code = filters["successors"], filters["country"].value
    together = ledger.names.combined(code)
    if switch.fixed or len(together) == 1:
        return None
    before, after = (
        _counting(question.rule, countries=one) for one in (frozenset({code}), together)
    )
    other = question.query(successors=None if switch.value else "1")
    return combining(
        bool(switch.value), _changes(before, after, question.at, ledger), f"{path}{other}"
    )


def _counting(rule: Rule, **changes) -> Rule:
    """The rule over another category."""
    return replace(rule, category=rule.category.changed(**changes))


def _changes(before: Rule, after: Rule, at, ledger: Ledger) -> str:
    """What makes the second leaderboard of the first, in words; it admits more."""
    if after.metric.counts_people:
        old, new = (ledger.census(rule.category, at).most.text for rule in (before, after))
        if old == new:
            return f"leave the most at once as it is, {old}"
        return f"raise the most at once from {old} to {new}"
    return change(ROWS[after.each] if after.each else PEOPLE, **ledger.effects(before, after, at))


def _why_empty(question: Question) -> str:
    if question.narrowed:
        return "No flight up to this instant fits all of these filters. Remove one of them."
    return "Nothing that it counts had happened by this instant."


def _written(standing, evidence: Evidence) -> dict:
    return {
        "rank": standing.rank,
        "tied": standing.tied,
        "rank_sure": standing.sure,
        "rank_best": standing.best,
        "rank_worst": standing.worst,
        "rank_among": among(standing) or None,
        "astronaut": {
            "slug": standing.astronaut.slug,
            "name": standing.astronaut.name,
            "family_name": standing.astronaut.family_name,
            "country": standing.country,
        },
        "value": written_value(standing.value),
        "sources_differ": evidence.differ(standing),
        "state": standing.state,
        "lost": standing.lost,
        "reached_at": isoformat(standing.reached_at, standing.mark.reached_precision),
        "reached_precision": standing.mark.reached_precision,
        "missions": [flight.launch_mission.slug for flight in standing.flights],
        "flights": [written_flight(flight) for flight in standing.flights],
        "spacewalks": [walk.slug for walk in standing.spacewalks],
    }


def _written_interval(standing) -> dict:
    interval = standing.interval
    return {
        "rank": standing.rank,
        "tied": standing.tied,
        "rank_sure": standing.sure,
        "rank_best": standing.best,
        "rank_worst": standing.worst,
        "value": written_value(interval.value),
        "headcount": written_headcount(interval.headcount),
        "state": interval.state,
        "interval": _written_span(interval),
        "precision": {
            "from": interval.begin_precision,
            "until": interval.end_precision if interval.end else None,
        },
        "aboard": [astronaut.slug for astronaut in interval.aboard],
    }


def _written_span(interval) -> dict:
    end = interval.end
    return {
        "from": isoformat(interval.begin, interval.begin_precision),
        "until": isoformat(end, interval.end_precision) if end else None,
    }
