"""/topics/: subjects, and one with its stories and what they are about."""

from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.models import Article, Astronaut, Leaderboard, Topic
from records.tables.words import counted

from .questions import page_of, read_instant, read_parameters

PER_PAGE = 20
PEOPLE = 24


@require_safe
def index(request):
    """Every topic with the number of its stories."""
    instant = read_instant({})
    topics = list(Topic.objects.ever_public(instant.stories_at).with_counts(instant.stories_at))
    for topic in topics:
        count = topic.article_count
        topic.count_words = counted(count, "story", "stories") if count else "no stories now"
    return render(
        request,
        "topics/index.html",
        {"topics": topics, "instant": instant, "canonical": request.path},
    )


@require_safe
def detail(request, slug):
    """One topic: its stories, and the records and people they are about."""
    instant = read_instant({})
    # A topic of which no story was ever public is nobody's but the newsroom's.
    topic = Topic.objects.ever_public(instant.stories_at).filter(slug=slug).first()
    if topic is None:
        raise Http404(f"There is no topic “{slug[:60]}”. All of them are listed under Topics.")
    articles = Article.objects.published(instant.stories_at).filter(topics=topic)
    page = page_of(
        articles.for_lists(), read_parameters(request, allowed=("page",)), per_page=PER_PAGE
    )
    return render(
        request,
        "topics/detail.html",
        {
            "topic": topic,
            "page": page,
            "stories": counted(page.paginator.count, "story", "stories")
            if page.paginator.count
            else "Stories",
            "leaderboards": _about(Leaderboard, articles).order_by("-stories", "title"),
            "astronauts": _about(Astronaut, articles).order_by("-stories", "family_name", "slug")[
                :PEOPLE
            ],
            "instant": instant,
            "canonical": topic.get_absolute_url(),
        },
    )


def _about(model, articles):
    """Rows that the articles are about, with `stories`, how many of them."""
    return model.objects.filter(articles__in=articles.order_by().values("pk")).annotate(
        stories=Count("articles")
    )
