"""What a reader asks of the record book, read from the query string once and strictly.

A wrong question is a `BadRequest` (a plain 400 page) that says what is accepted.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404

from records import models
from records.book.standings import Leaderboard
from records.instants import isoformat, parse_instant, read_clock
from records.ledger import Ledger

#: Marks that other sites append to links; they ask nothing.
TRACKING = ("utm_", "fbclid", "gclid", "mc_")

SEXES = {"F": "Women", "M": "Men"}
BOUNDARY_LABELS = {
    "orbit": "Orbit",
    "100km": "Above 100 km",
    "80km": "Above 80 km",
}


@dataclass(frozen=True)
class Filter:
    """One way to narrow a leaderboard: what the form offers and what is chosen."""

    name: str
    label: str
    options: dict[str, str]
    any: str = "Any"
    chosen: str = ""
    fixed: str = ""
    remove_url: str = ""

    @property
    def value(self) -> str:
        return self.chosen or self.fixed

    @property
    def value_label(self) -> str:
        return self.options.get(self.value, self.value)


def read_parameters(request, *, allowed) -> dict[str, str]:
    """The query string's parameters, each once and known. Raises BadRequest."""
    parameters = {}
    for name, values in request.GET.lists():
        if name.startswith(TRACKING):
            continue
        if name not in allowed:
            raise BadRequest(
                f"This page takes no parameter “{name[:40]}”. Accepted: {', '.join(allowed)}."
            )
        if len(values) > 1:
            raise BadRequest(
                f"The parameter “{name}” is given {len(values)} times; once is enough."
            )
        if "\0" in values[0]:
            raise BadRequest(f"The parameter “{name}” contains a NUL character.")
        parameters[name] = values[0].strip()
    return parameters


@dataclass(frozen=True)
class Instant:
    """The instant a page speaks of: `at`, and whether it is simply now."""

    at: datetime
    is_now: bool

    @property
    def query(self) -> str:
        """The part of a link's query string that keeps the reader at this instant."""
        return "" if self.is_now else f"?at={isoformat(self.at)}"


def read_instant(parameters: dict[str, str]) -> Instant:
    """The instant asked about, or now. Raises BadRequest for nonsense and for the future."""
    now = read_clock()
    if "at" not in parameters:
        return Instant(now, is_now=True)
    try:
        at = parse_instant(parameters["at"])
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if at.date() == now.date() and at > now and len(parameters["at"]) == len("2024-02-04"):
        return Instant(now, is_now=False)  # Today has not ended: its latest instant is now.
    if at > now:
        raise BadRequest(
            f"{isoformat(at)} is in the future. The record book answers for any instant up to now."
        )
    return Instant(at, is_now=False)


@dataclass(frozen=True)
class Question:
    """A leaderboard as a reader narrowed it, at an instant."""

    row: models.Leaderboard
    rule: Leaderboard
    instant: Instant
    filters: tuple[Filter, ...]
    parameters: dict[str, str]

    PARAMETERS = ("at", "country", "sex", "boundary", "agency", "station", "page", "limit")

    @property
    def at(self) -> datetime:
        return self.instant.at

    @property
    def narrowed(self) -> tuple[Filter, ...]:
        """The filters the reader chose."""
        return tuple(one for one in self.filters if one.chosen)

    @property
    def now_query(self) -> str:
        """The same board at present."""
        return self.query(at=None) or "."

    def query(self, **changes) -> str:
        """The query string with changes (None removes); pages and limits are left out."""
        kept = {**self.parameters, **changes}
        pairs = {
            name: value for name, value in kept.items() if value and name not in ("page", "limit")
        }
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def limit(self) -> int | None:
        """How many rows CSV and JSON give; None for all. Raises BadRequest."""
        return read_limit(self.parameters)


def read_question(request, row: models.Leaderboard, ledger: Ledger) -> Question:
    """Read the filters and the instant. Raises BadRequest, saying what is accepted."""
    parameters = read_parameters(request, allowed=Question.PARAMETERS)
    question = Question(row, ledger.rule(row), read_instant(parameters), (), parameters)
    filters = tuple(
        _read_filter(one, parameters.get(one.name, ""), question)
        for one in offered_filters(row, ledger)
    )
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    changes = {
        name: chosen[name] for name in ("sex", "agency", "station", "boundary") if name in chosen
    }
    if "country" in chosen:
        changes["countries"] = ledger.countries_of(chosen["country"], successors=row.successors)
    rule = replace(question.rule, category=replace(question.rule.category, **changes))
    return replace(question, rule=rule, filters=filters)


def offered_filters(row: models.Leaderboard, ledger: Ledger) -> tuple[Filter, ...]:
    """What can be narrowed, with what the leaderboard itself has fixed."""
    return (
        Filter(
            "country",
            "Flown for",
            ledger.names.countries,
            fixed=row.country.code if row.country else "",
        ),
        Filter("sex", "Sex", SEXES, fixed=row.sex),
        Filter(
            "agency", "Agency", ledger.names.agencies, fixed=row.agency.slug if row.agency else ""
        ),
        Filter(
            "station",
            "Station",
            ledger.names.stations,
            fixed=row.station.slug if row.station else "",
        ),
        Filter(
            "boundary",
            "Boundary",
            {key: label for key, label in BOUNDARY_LABELS.items() if key != row.boundary},
            any=BOUNDARY_LABELS[row.boundary],
        ),
    )


def _read_filter(offered: Filter, value: str, question: Question) -> Filter:
    if not value:
        return offered
    if offered.name == "boundary" and value == question.row.boundary:
        return offered
    if value not in offered.options:
        accepted = ", ".join(offered.options)
        raise BadRequest(
            f"{offered.label}: there is no “{value[:40]}”. Accepted for {offered.name}: {accepted}."
        )
    if offered.fixed and value != offered.fixed:
        raise BadRequest(
            f"{offered.label}: this leaderboard counts only {offered.value_label}; "
            "begin from a wider one."
        )
    if offered.fixed:
        return offered
    return replace(offered, chosen=value, remove_url=question.query(**{offered.name: None}) or ".")


def read_limit(parameters: dict[str, str]) -> int | None:
    text = parameters.get("limit")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and int(text) > 0):
        raise BadRequest("limit must be a whole number from 1 to 999999.")
    return int(text)


def page_of(rows, parameters: dict[str, str], *, per_page: int):
    """The page of rows asked for. Raises Http404 with words if there is none."""
    paginator = Paginator(rows, per_page)
    number = parameters.get("page", "1")
    try:
        if not (number.isascii() and number.isdecimal()):
            raise PageNotAnInteger
        return paginator.page(number)
    except (EmptyPage, PageNotAnInteger):
        raise Http404(
            f"There is no page “{number[:20]}” of this list; its pages run from 1 to "
            f"{paginator.num_pages}."
        ) from None
