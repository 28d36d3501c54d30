"""The front page."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from records.book.criteria import DEFAULT_BOUNDARY, Category
from records.book.definitions import definition
from records.ledger import Ledger
from records.ledger.aloft import Aloft, by_place, grouped
from records.ledger.support import Evidence
from records.ledger.watch import next_to_fall
from records.models import Article
from records.tables.counting import PEOPLE, compared
from records.tables.pieces import left_open
from records.tables.words import among_whom

from .questions import counting_of, read_instant

LATEST = 7
NEXT_TO_FALL = 3
#: Of those in space; the rest have a page of their own.
MOST_PEOPLE = 24
NO_PROSPECTS = (
    "No place in the first ten of a leaderboard is reached before anybody’s planned landing, or "
    "soon after it."
)
FRONT_LEADERBOARD = "total-time-in-space"


@require_safe
def home(request):
    """Lead story, latest stories, one live leaderboard, who is in space, what falls next."""
    instant = read_instant({})
    ledger = Ledger.current()
    latest = Article.objects.published(instant.stories_at).for_lists()
    articles = list(latest.select_related("primary_topic", "lead_image")[:LATEST])
    leaderboard = ledger.leaderboard(FRONT_LEADERBOARD) or next(
        iter(ledger.leaderboards.values()), None
    )
    aloft = Aloft.at(ledger, instant.at)
    standings = ledger.standings(leaderboard, instant.at) if leaderboard else None
    return render(
        request,
        "home.html",
        {
            "lead": articles[0] if articles else None,
            "articles": articles[1:],
            "leaderboard": leaderboard,
            "definition": definition(ledger.rule(leaderboard), ledger.names) if leaderboard else "",
            "standings": standings[:5] if standings else [],
            "evidence": Evidence.current(ledger.token),
            "among": among_whom(standings[:5]) if standings else "",
            "scale": standings.scale if standings else 0,
            "instant": instant,
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            "no_prospects": NO_PROSPECTS,
            "prospects": next_to_fall(ledger, instant.at, NEXT_TO_FALL),
            "places": grouped(by_place(aloft.careers, ledger)[:MOST_PEOPLE], aloft, ledger),
            "canonical": request.path,
            "headcount": aloft.headcount,
            "left_open": left_open(aloft),
            "all_in_space": f"All people in space, {aloft.headcount.text}"
            if len(aloft.careers) > MOST_PEOPLE
            else "Who is in space",
            "counting": counting_of(
                reverse("in-space"),
                {},
                DEFAULT_BOUNDARY,
                compared(
                    lambda one: {PEOPLE: ledger.headcount(Category(boundary=one), instant.at).value}
                ),
            ),
        },
    )
