"""/authors/: everyone with a byline, and their stories."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.models import Article, Author
from records.tables.words import counted

from .questions import page_of, read_instant, read_parameters

PER_PAGE = 20


@require_safe
def detail(request, slug):
    """One author: who they are and what they have written."""
    instant = read_instant({})
    author = Author.objects.ever_public(instant.stories_at).filter(slug=slug).first()
    if author is None:
        raise Http404(f"There is no author “{slug[:60]}”. Every story names its own.")
    articles = Article.objects.published(instant.stories_at).filter(authors=author)
    page = page_of(
        articles.for_lists(), read_parameters(request, allowed=("page",)), per_page=PER_PAGE
    )
    return render(
        request,
        "authors/detail.html",
        {
            "author": author,
            "page": page,
            "stories": counted(page.paginator.count, "story", "stories")
            if page.paginator.count
            else "Stories",
            "instant": instant,
            "canonical": request.path,
        },
    )
