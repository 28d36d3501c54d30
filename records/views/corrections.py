"""/corrections/: what was put right, in every story that readers see."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.models import Correction

from .questions import page_of, read_instant, read_parameters

PER_PAGE = 50


@require_safe
def index(request):
    """Every correction, the latest first."""
    instant = read_instant({})
    corrections = Correction.objects.public(instant.stories_at).select_related("article")
    page = page_of(corrections, read_parameters(request, allowed=("page",)), per_page=PER_PAGE)
    return render(
        request,
        "corrections/index.html",
        {"page": page, "instant": instant, "canonical": request.path},
    )
