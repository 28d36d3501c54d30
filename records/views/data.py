"""/data/: the facts to download, what every column means, and what was changed in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from records.facts import changelog, releases, revisions
from records.instants import isoformat
from records.ledger import Ledger
from records.tables import data as tables
from records.tables.table import Table

from .downloads import csv_response
from .questions import FOR_SPREADSHEETS, page_of, read_instant, read_parameters

#: Revisions on the page of the downloads, on one of their own pages, and read at once for the CSV.
LATEST_REVISIONS = 5
REVISIONS_PER_PAGE = 50
REVISIONS_AT_ONCE = 500

#: What the CSV has of a changed cell and the revision of its row.
REVISION_COLUMNS = {
    "at": lambda one: one.revision.at,
    "table": lambda one: one.revision.table.name,
    "row": lambda one: "/".join(one.revision.key.values()),
    "kind": lambda one: one.revision.kind,
    "column": lambda one: one.cell.column,
    "old": lambda one: one.cell.old,
    "new": lambda one: one.cell.new,
}


@dataclass(frozen=True)
class ChangedCell:
    """A line of the CSV: what was changed in one cell, and the revision it is part of."""

    revision: revisions.Revision
    cell: revisions.CellChange


@require_safe
def index(request):
    """What there is to download, its licence, version and dictionary."""
    release = releases.current()
    changes = changelog.entries()
    steps = revisions.current(release.token)
    latest = list(revisions.read(steps[:LATEST_REVISIONS]))
    return render(
        request,
        "data/index.html",
        {
            "release": release,
            "licence": releases.LICENCE,
            "changes": changes,
            "unlisted": release.version not in {entry.version for entry in changes},
            "dictionary": [(one, _dictionary(one)) for one in release.sheets],
            "revisions": latest,
            "revisions_table": tables.revisions(latest, "The latest changes"),
            "revision_count": len(steps),
            "instant": read_instant({}),
            "confirmation": Ledger.current().confirmation if release.confirmed_through else None,
            "canonical": request.path,
        },
    )


def _dictionary(sheet: releases.Sheet) -> Table:
    return tables.dictionary(sheet.table.columns, f"Columns of {sheet.name}")


@require_safe
def as_zip(request):
    release = releases.current()
    if _for_spreadsheets(request):
        content, name = release.spreadsheets_zip, "facts-for-spreadsheets.zip"
    else:
        content, name = release.facts_zip, "facts.zip"
    return _download(request, release, content, "application/zip", name)


@require_safe
def as_json(request):
    release = releases.current()
    return _download(request, release, release.facts_json, "application/json")


@require_safe
def datapackage(request):
    release = releases.current()
    return _download(request, release, release.datapackage, "application/json")


@require_safe
def as_csv(request, name):
    """One of the tables."""
    release = releases.current()
    sheet = release.sheet(name)
    if sheet is None:
        names = ", ".join(sheet.name for sheet in release.sheets)
        raise Http404(f"There is no table “{name[:40]}”. There are: {names}.")
    content = sheet.for_spreadsheets if _for_spreadsheets(request) else sheet.content
    return _download(request, release, content, "text/csv; charset=utf-8", sheet.table.file)


def _for_spreadsheets(request) -> bool:
    return request.GET.get(FOR_SPREADSHEETS) == "1"


@require_safe
def changes(request):
    """Every row that was changed in this database: when, and what its cells said before."""
    parameters = read_parameters(request, allowed=("page",))
    release = releases.current()
    page = _page_of_steps(release, parameters)
    found = list(revisions.read(page))
    return render(
        request,
        "data/changes.html",
        {
            "release": release,
            "page": page,
            "page_query": f"?page={page.number}" if page.number > 1 else "",
            "revisions": found,
            "revisions_table": tables.revisions(found, "Changed rows, the latest first"),
            "kept": [table.name for table in revisions.KEPT],
            "unkept": revisions.unkept(),
            "canonical": request.path,
        },
    )


@require_safe
def changes_json(request):
    """One page of the same revisions, as docs/open-data.md describes it."""
    parameters = read_parameters(request, allowed=("page",))
    release = releases.current()
    page = _page_of_steps(release, parameters)
    return JsonResponse(
        {
            "version": release.version,
            "total": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "changes": [
                {
                    "at": isoformat(one.at),
                    "table": one.table.name,
                    "row": one.key,
                    "kind": one.kind,
                    "cells": [
                        {"column": change.column, "old": change.old, "new": change.new}
                        for change in one.changes
                    ],
                }
                for one in revisions.read(page)
            ],
        }
    )


@require_safe
def changes_csv(request):
    """All of them, a line for each cell."""
    read_parameters(request, allowed=())
    steps = revisions.current(releases.current().token)
    return csv_response(request, "changes.csv", REVISION_COLUMNS, _cells_of(steps))


def _page_of_steps(release, parameters):
    steps = revisions.current(release.token)
    return page_of(steps, parameters, per_page=REVISIONS_PER_PAGE)


def _cells_of(steps) -> Iterator[ChangedCell]:
    for begin in range(0, len(steps), REVISIONS_AT_ONCE):
        for one in revisions.read(steps[begin : begin + REVISIONS_AT_ONCE]):
            # A change that no cell shows has a line without a column.
            for cell in one.changes or [revisions.CellChange("", "", "")]:
                yield ChangedCell(one, cell)


def _download(request, release, content: bytes, content_type: str, filename: str = ""):
    """The file, or 304 to who has it already."""
    response = HttpResponse(content, content_type=content_type)
    if filename:
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["ETag"] = f'"{release.tag}{"-s" * _for_spreadsheets(request)}"'
    changed = int(release.changed_at.timestamp()) if release.changed_at else None
    if changed:
        response["Last-Modified"] = http_date(changed)
    # Anybody may keep it, and asks whether it is still the same.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return get_conditional_response(
        request, etag=response["ETag"], last_modified=changed, response=response
    )
