"""/in-space/: who is in space at an instant, by station or spacecraft."""

from itertools import groupby

from django.shortcuts import render
from django.views.decorators.http import require_safe

from records.book.careers import State
from records.ledger import Ledger

from .questions import read_instant, read_parameters


@require_safe
def in_space(request):
    parameters = read_parameters(request, allowed=("at",))
    instant = read_instant(parameters)
    ledger = Ledger.current()
    return render(
        request,
        "aloft/in_space.html",
        {
            "instant": instant,
            "parameters": parameters,
            "canonical": request.path,
            "names": ledger.names,
            "confirmation": ledger.confirmation,
            **aloft_context(ledger, instant.at),
        },
    )


def aloft_context(ledger: Ledger, at) -> dict:
    """Who is aloft, grouped by where they are; certain and unconfirmed ones counted apart."""
    careers = ledger.aloft(at)
    unconfirmed = sum(career.aloft.state is State.UNCONFIRMED for career in careers)

    def place(career):
        return whereabouts(career.aloft, at, ledger)

    return {
        "places": [
            {"title": title, "careers": list(members)}
            for title, members in groupby(sorted(careers, key=place), key=place)
        ],
        "headline": _headline(len(careers) - unconfirmed, unconfirmed),
        "unconfirmed": unconfirmed,
    }


def _headline(certain: int, unconfirmed: int) -> str:
    """`7 in space, 3 unconfirmed`"""
    words = f"{certain or 'Nobody'} in space"
    return f"{words}, {unconfirmed} unconfirmed" if unconfirmed else words


def whereabouts(flight, at, ledger: Ledger) -> str:
    """The station that the ship up visited, or the ship itself.

    The facts know which stations a mission visited, not when it docked: on the days of travel the
    station is where they are bound.
    """
    stations = [name for slug, name in ledger.names.stations.items() if slug in flight.stations]
    return " and ".join(stations) or flight.launch_mission.name
