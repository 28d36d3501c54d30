"""Who has a form of the newsroom open. The cache knows it for a minute: of two forms that say so in
the same instant, the one may be seen with its next sign of life."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

#: Without a sign of life for so long, a form counts as closed.
ALIVE_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class OpenForm:
    """A form that somebody has open in one tab. `copy` is the name of the tab's copy of it
    (records.models.kept_texts), empty as long as no script has told it."""

    user: int
    name: str
    copy: str
    opened_at: datetime
    seen_at: datetime


def open_at(page: str, at: datetime) -> list[OpenForm]:
    """The open forms of a page, given by its path; who opened it first comes first."""
    found = cache.get(_key(page)) or []
    alive = (one for one in found if at - ALIVE_FOR < one.seen_at)
    return sorted(alive, key=lambda one: one.opened_at)


def see(page: str, user, copy: str, at: datetime, *, arrived: bool) -> list[OpenForm]:
    """Note a sign of life of a form that has just `arrived`, or was there before; the others."""
    name = user.get_full_name() or user.get_username()
    former = [one for one in open_at(page, at) if (one.user, one.copy) == (user.pk, copy)]
    since = former[0].opened_at if former and not arrived else at
    # What the page noted before its scripts spoke is the same tab.
    others = _others(page, user, at, {copy, ""})
    _keep(page, [*others, OpenForm(user.pk, name, copy, since, at)])
    return others


def close(page: str, user, copy: str, at: datetime) -> None:
    _keep(page, _others(page, user, at, {copy}))


def _others(page: str, user, at: datetime, copies: set[str]) -> list[OpenForm]:
    found = open_at(page, at)
    return [one for one in found if one.user != user.pk or one.copy not in copies]


def _keep(page: str, forms: list[OpenForm]) -> None:
    cache.set(_key(page), forms, timeout=ALIVE_FOR.total_seconds())


def _key(page: str) -> str:
    return f"open-forms:{page}"
