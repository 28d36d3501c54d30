"""What a reader asks of the record book, read from the query string once and strictly.

A wrong question is a `BadRequest` (a plain 400 page) that says what is accepted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, PageNotAnInteger, Paginator
from django.http import Http404

from records import models
from records.book.criteria import (
    BOUNDARY_LABELS,
    CRITERIA,
    DEFAULT_BOUNDARY,
    LOWEST_BOUNDARY,
    Criterion,
)
from records.book.definitions import definition
from records.book.metrics import METRICS
from records.book.rules import Rule
from records.book.values import Unit
from records.instants import FIRST_INSTANT, full_minute, isoformat, parse_instant, read_clock
from records.ledger import Ledger
from records.tables.counting import Counting, counting

#: The greatest threshold that is taken: days, years or a number.
GREATEST = 100_000

#: Nobody was launched in an earlier year.
FIRST_LAUNCHES = date(1961, 1, 1)

#: Marks that other sites append to links; they ask nothing.
TRACKING = ("utm_", "fbclid", "gclid", "mc_")


@dataclass(frozen=True)
class Filter:
    """One way to narrow a leaderboard: what the form offers and what is chosen.

    `kind` is "choice" (of `options`), "switch" (on is "1"), "day" or "number" (of `unit`). `fixed`
    is what the leaderboard itself has settled; to ask for its `default` is to ask for nothing.
    One that is not `in_the_open` the form folds away.
    """

    name: str
    label: str
    options: dict[str, str] = field(default_factory=dict)
    kind: str = "choice"
    unit: str = ""
    any: str = "Any"
    default: str = ""
    chosen: str = ""
    fixed: str = ""
    in_the_open: bool = False
    remove_url: str = ""

    @property
    def value(self) -> str:
        return self.chosen or self.fixed

    @property
    def value_label(self) -> str:
        if self.kind == "switch":
            return "yes"
        if self.kind == "number" and self.unit:
            return f"{self.value} {self.unit}{'' if self.value == '1' else 's'}"
        return self.options.get(self.value, self.value)

    @property
    def words(self) -> str:
        """What is chosen, in a title: `Women`, `First flights only`, `Launched from 2001-05-01`."""
        if self.kind == "choice":
            return self.value_label
        return self.label if self.kind == "switch" else f"{self.label} {self.value_label}"

    def check(self, text: str) -> None:
        """Raises BadRequest, saying what is accepted, unless the text can be chosen."""
        if self.kind == "day":
            try:
                # Python reads other forms as well: 20240204, 2024-W05-7.
                day = date.fromisoformat(text)
                fits = day.isoformat() == text and day >= FIRST_LAUNCHES
            except ValueError:
                fits = False
            accepted = f"a UTC day such as 2024-02-04, from {FIRST_LAUNCHES} on"
        elif self.kind == "number":
            fits = (
                text.isascii() and text.isdecimal() and len(text) <= 7 and 0 < int(text) <= GREATEST
            )
            accepted = f"a whole number from 1 to {GREATEST}"
        else:
            options = {"1": ""} if self.kind == "switch" else self.options
            fits = text in options
            accepted = ", ".join(filter(None, (self.default, *options)))
            accepted = accepted or "nothing on this leaderboard"
        if not fits:
            raise BadRequest(
                f"{self.label}: “{text[:40]}” does not fit. Accepted for {self.name}: {accepted}."
            )


def read_parameters(request, *, allowed) -> dict[str, str]:
    """The query string's parameters, each once and known. Raises BadRequest."""
    parameters = {}
    for name, values in request.GET.lists():
        if name.startswith(TRACKING):
            continue
        if name not in allowed:
            accepted = ", ".join(allowed) or "none"
            raise BadRequest(f"This page takes no parameter “{name[:40]}”. Accepted: {accepted}.")
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
    """The instant `at` which a page tells the record, whether that is simply now, and the request's
    own `now`, to the second.

    The record book's now is the latest full minute: whoever asks within a minute is told the same.
    """

    at: datetime
    is_now: bool
    now: datetime

    @property
    def stories_at(self) -> datetime:
        """The instant by which stories and adverts are public: without another word this second,
        so that a story is there as soon as it is published."""
        return self.now if self.is_now else self.at

    @property
    def has(self) -> str:
        """The word for what has happened by now, or had by then."""
        return "has" if self.is_now else "had"

    @property
    def query(self) -> str:
        """The part of a link's query string that keeps the reader at this instant."""
        return "" if self.is_now else f"?at={self.written}"

    @property
    def written(self) -> str:
        """The instant as links write it."""
        return isoformat(self.at)

    @property
    def day_earlier(self) -> str:
        """A day before, or empty at the beginning of the record book."""
        at = self.at - timedelta(days=1)
        return isoformat(at) if at >= FIRST_INSTANT else ""

    @property
    def day_later(self) -> str:
        """A day after, or empty where that is still to come."""
        at = self.at + timedelta(days=1)
        return isoformat(at) if not self.is_now and at <= self.now else ""


def read_instant(parameters: dict[str, str]) -> Instant:
    """The instant asked about, to the second, or else the latest full minute.

    Raises BadRequest for nonsense and for what is later than the second of the request.
    """
    now = read_clock()
    if "at" not in parameters:
        return Instant(full_minute(now), is_now=True, now=now)
    try:
        at = parse_instant(parameters["at"])
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if at.date() == now.date() and at > now and len(parameters["at"]) == len("2024-02-04"):
        at = full_minute(now)  # Today has not ended: its latest instant is now.
    if at > now:
        raise BadRequest(
            f"{isoformat(at)} is in the future. The record book answers for any instant up to now."
        )
    return Instant(at, is_now=False, now=now)


@dataclass(frozen=True)
class Question:
    """A leaderboard as a reader narrowed it, at an instant."""

    row: models.Leaderboard
    rule: Rule
    instant: Instant
    filters: tuple[Filter, ...]
    parameters: dict[str, str]

    @property
    def at(self) -> datetime:
        return self.instant.at

    @property
    def narrowed(self) -> tuple[Filter, ...]:
        """The filters the reader chose."""
        return tuple(one for one in self.filters if one.chosen)

    @property
    def title(self) -> str:
        """The leaderboard's title with what the reader chose: `Most time in space (Women, Mir)`."""
        chosen = ", ".join(one.words for one in self.narrowed)
        return f"{self.row.title} ({chosen})" if chosen else self.row.title

    @property
    def more_filters(self) -> tuple[Filter, ...]:
        """The rarer filters, which the form folds away."""
        return tuple(one for one in self.filters if not one.in_the_open)

    @property
    def main_filters(self) -> tuple[Filter, ...]:
        return tuple(one for one in self.filters if one.in_the_open)

    @property
    def more_are_chosen(self) -> bool:
        return any(one.chosen for one in self.more_filters)

    @property
    def combines_successors(self) -> bool:
        return any(one.name == "successors" and one.value for one in self.filters)

    @property
    def former_states(self):
        """The states that others count for where successor states are combined."""
        return models.Country.objects.former()

    @property
    def idle_combination(self) -> str:
        """Why combining successor states changes nothing, if it does not."""
        countries = self.rule.category.countries
        if not countries:
            return "no country is chosen"
        return "no former state counts for the country chosen" if len(countries) == 1 else ""

    @property
    def now_query(self) -> str:
        """The same board at present."""
        return self.query(at=None) or "."

    def query(self, **changes) -> str:
        """The query string with changes (None removes); pages and limits are left out."""
        return query_of(self.parameters, **changes)

    def counting(self, path: str, effect: Callable[[str], str]) -> Counting:
        """Which flights count, in words. `effect` is as of `records.tables.counting`."""

        def url(boundary: str) -> str:
            usual = self.row.boundary
            return path + self.query(boundary=None if boundary == usual else boundary)

        return counting(self.rule.category.boundary, effect, url)

    @property
    def limit(self) -> int | None:
        """How many rows CSV and JSON give; None for all. Raises BadRequest."""
        return read_limit(self.parameters)


def ask(request, slug: str, ledger: Ledger, *, also=()) -> Question:
    """The question about a leaderboard; `also` names further parameters that the page takes.

    Raises Http404 with words if there is no such leaderboard, and BadRequest.
    """
    try:
        row = ledger.leaderboards[slug]
    except KeyError:
        raise Http404(
            f"There is no leaderboard “{slug[:60]}”. All of them are listed under Records."
        ) from None
    return read_question(request, row, ledger, also=also)


def read_question(request, row: models.Leaderboard, ledger: Ledger, *, also=()) -> Question:
    """Read the filters and the instant; `also` names further parameters that the page takes.

    Raises BadRequest, saying what is accepted.
    """
    offered = offered_filters(row, ledger)
    names = [one.name for one in offered]
    parameters = read_parameters(request, allowed=("at", *names, *also))
    question = Question(row, ledger.rule(row), read_instant(parameters), (), parameters)
    filters = tuple(_read_filter(one, parameters.get(one.name, ""), question) for one in offered)
    return replace(
        question, rule=_narrowed_rule(question.rule, row, filters, ledger), filters=filters
    )


def _narrowed_rule(rule: Rule, row: models.Leaderboard, filters, ledger: Ledger):
    chosen = {one.name: one.value for one in filters if one.value}
    narrowed = {
        one.name: one.read(chosen[one.parameter])
        for one in CRITERIA.values()
        if one.parameter in chosen
    }
    category = ledger.category(row.criteria | narrowed)
    if None not in (category.launched_from, category.launched_until) and (
        category.launched_from > category.launched_until
    ):
        raise BadRequest("No flight was launched both from a later and until an earlier day.")
    return replace(
        rule,
        category=category,
        threshold=int(chosen["threshold"]) if "threshold" in chosen else None,
        each=chosen.get("each", ""),
    )


def offered_filters(row: models.Leaderboard, ledger: Ledger) -> tuple[Filter, ...]:
    """What can be narrowed, with what the leaderboard itself has fixed: first what stands in the
    open, then the others, switches behind what is chosen from many, then what is listed."""
    stored = row.criteria
    ordered = sorted(CRITERIA.values(), key=lambda one: (not one.in_the_open, one.in_the_open))
    offered = [_offer(one, stored.get(one.name), ledger) for one in ordered]
    filters = [
        *(one for one in offered if one.kind != "switch"),
        _threshold(row),
        *(one for one in offered if one.kind == "switch"),
    ]
    metric = METRICS[row.metric]
    if metric.each:
        filters.append(
            Filter(
                "each",
                "List",
                {metric.each: f"Every {metric.each}"},
                any="Each astronaut’s best",
                fixed=row.each,
            )
        )
    return tuple(filters)


def _offer(criterion: Criterion, stored, ledger: Ledger) -> Filter:
    """The filter that asks for the criterion, where a leaderboard has stored a value of it."""
    offered = Filter(
        criterion.parameter,
        criterion.label,
        criterion.options(ledger.names),
        kind=criterion.kind.name.lower(),
        in_the_open=bool(criterion.in_the_open),
    )
    if not criterion.default:
        return replace(offered, fixed=criterion.write(stored))
    # What always narrows can be chosen otherwise, but not left out.
    usual = criterion.write(stored or criterion.default)
    others = {value: label for value, label in offered.options.items() if value != usual}
    return replace(offered, options=others, any=offered.options[usual], default=usual)


def _threshold(row: models.Leaderboard) -> Filter:
    metric = METRICS[row.metric]
    if metric.lowest_first:
        label = "Up to age"
    else:
        label = {Unit.DAYS: "From age"}.get(metric.unit, "At least")
    return Filter(
        "threshold",
        label,
        kind="number",
        unit={Unit.SECONDS: "day", Unit.DAYS: "year"}.get(metric.unit, ""),
        fixed=str(row.threshold or ""),
    )


def _read_filter(offered: Filter, value: str, question: Question) -> Filter:
    if value in ("", offered.default):
        return offered
    offered.check(value)
    if offered.fixed and value != offered.fixed:
        raise BadRequest(
            f"{offered.label}: on this leaderboard it is always “{offered.value_label}”; "
            "begin from a wider one."
        )
    if offered.fixed:
        return offered
    return replace(offered, chosen=value, remove_url=question.query(**{offered.name: None}) or ".")


def described(question: Question, ledger: Ledger) -> dict:
    """The leaderboard in JSON, as the reader narrowed it."""
    rule = question.rule
    return {
        "slug": question.row.slug,
        "title": question.row.title,
        "definition": definition(rule, ledger.names),
        "metric": rule.metric.key,
        "unit": rule.metric.unit,
        "boundary": rule.category.boundary,
        "filters": {one.name: one.value for one in question.filters if one.value},
        "threshold": rule.threshold,
    }


def query_of(parameters: dict[str, str], **changes) -> str:
    """The query string with changes (None removes); pages and limits are left out."""
    kept = {**parameters, **changes}
    pairs = {name: value for name, value in kept.items() if value and name not in ("page", "limit")}
    return f"?{urlencode(pairs)}" if pairs else ""


def read_choice(parameters: dict[str, str], name: str, options, *, default: str = "") -> str:
    """The option chosen, or the default. Raises BadRequest, saying what is accepted."""
    value = parameters.get(name, "") or default
    if value and value not in options:
        raise BadRequest(
            f"There is no “{value[:40]}” to choose. Accepted for {name}: {', '.join(options)}."
        )
    return value


def read_boundary(
    parameters: dict[str, str], *, reached: Callable[[str], bool] = lambda boundary: True
) -> str:
    """The boundary that a flight has to cross to count: as asked, or else orbit; the lowest one
    where nothing that the page is about has `reached` orbit, and something a lower boundary.

    Raises BadRequest, saying what is accepted.
    """
    chosen = read_choice(parameters, "boundary", BOUNDARY_LABELS)
    if chosen or reached(DEFAULT_BOUNDARY) or not reached(LOWEST_BOUNDARY):
        return chosen or DEFAULT_BOUNDARY
    return LOWEST_BOUNDARY


def counting_of(
    path: str,
    parameters: dict[str, str],
    boundary: str,
    effect: Callable[[str], str],
    *,
    nobody: str = "",
) -> Counting:
    """Which flights the page at the path counts, for its reader. `effect` is as of `counting`;
    `nobody` the words for it that nobody reached orbit, used where that is why others count."""

    def url(other: str) -> str:
        return path + query_of(parameters, boundary=None if other == DEFAULT_BOUNDARY else other)

    unasked = boundary != (parameters.get("boundary") or DEFAULT_BOUNDARY)
    return counting(boundary, effect, url, nobody=nobody if unasked else "")


def read_switch(parameters: dict[str, str], name: str) -> bool:
    """Whether a switch is on: "1", or else left out. Raises BadRequest."""
    return read_choice(parameters, name, ("1",)) == "1"


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
