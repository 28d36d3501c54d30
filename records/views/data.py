"""/data/: the facts to download, with what every column means."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from records.ledger import Ledger
from records.opendata import changelog, releases

from .questions import read_instant, read_parameters


@require_safe
def index(request):
    """What there is to download, its licence, version and dictionary."""
    read_parameters(request, allowed=())
    release = releases.current()
    changes = changelog.entries()
    return render(
        request,
        "data/index.html",
        {
            "release": release,
            "licence": releases.LICENCE,
            "changes": changes,
            "unlisted": release.version not in {entry.version for entry in changes},
            "instant": read_instant({}),
            "confirmation": Ledger.current().confirmation if release.confirmed_through else None,
            "canonical": request.path,
        },
    )


@require_safe
def as_zip(request):
    release = _release(request)
    return _download(request, release, release.facts_zip, "application/zip", "facts.zip")


@require_safe
def as_json(request):
    release = _release(request)
    return _download(request, release, release.facts_json, "application/json")


@require_safe
def datapackage(request):
    release = _release(request)
    return _download(request, release, release.datapackage, "application/json")


@require_safe
def as_csv(request, name):
    """One of the tables."""
    release = _release(request)
    sheet = release.sheet(name)
    if sheet is None:
        names = ", ".join(sheet.name for sheet in release.sheets)
        raise Http404(f"There is no table “{name[:40]}”. There are: {names}.")
    return _download(request, release, sheet.content, "text/csv; charset=utf-8", sheet.table.file)


def _release(request) -> releases.Release:
    read_parameters(request, allowed=())
    return releases.current()


def _download(request, release, content: bytes, content_type: str, filename: str = ""):
    """The file, or 304 to who has it already."""
    response = HttpResponse(content, content_type=content_type)
    if filename:
        response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["ETag"] = f'"{release.tag}"'
    changed = int(release.changed_at.timestamp()) if release.changed_at else None
    if changed:
        response["Last-Modified"] = http_date(changed)
    # Anybody may keep it, and asks whether it is still the same.
    patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return get_conditional_response(
        request, etag=response["ETag"], last_modified=changed, response=response
    )
