"""What a reader asks of the record book, read from the query string once.

A page is answered to whoever comes by a link that others decorated: it ignores what it does not
know, and says beside the field what it cannot read. JSON and CSV refuse both.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage, Paginator
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
from records.book.metrics import GREATEST_THRESHOLD, METRICS
from records.book.rules import Rule
from records.book.values import Unit
from records.instants import (
    FIRST_INSTANT,
    Reading,
    Unreadable,
    full_minute,
    isoformat,
    read_clock,
    read_when,
)
from records.ledger import Ledger
from records.tables.counting import Counting, counting
from records.tables.words import exact_instant

#: Nobody was launched in an earlier year.
FIRST_LAUNCHES = date(1961, 1, 1)

#: Marks that other sites append to links; JSON and CSV ignore them, too.
TRACKING = ("utm_", "fbclid", "gclid", "mc_")

#: How the addresses end that refuse what they do not know.
STRICT = (".json", ".csv")
#: Every CSV file is also there with a byte order mark and CRLF, if this is 1.
FOR_SPREADSHEETS = "spreadsheet"

#: As many choices as a page says at once; of more the form has the list.
FEW = 6

#: How much of what somebody typed is said again.
QUOTED = 40

#: A "+" in a query string arrives as a space, perhaps behind one: `08:30 03:00`.
_LOST_PLUS = re.compile(r"(:\d\d(?:\.\d+)?) {1,2}(\d\d:?\d\d)$", re.ASCII)


@dataclass(frozen=True)
class Misfit:
    """Why a value does not fit, and what would: `nearest` are labels and values of the same
    parameter (None: to leave it out)."""

    typed: str
    words: str
    accepted: str = ""
    nearest: tuple[tuple[str, str | None], ...] = ()
    status: int = 400


class Parameters(dict):
    """The parameters of an address that its page knows, name → text.

    One that does not fit is taken out again, and stands in `problems` by its name.
    """

    def __init__(self, known: Mapping[str, str] = (), *, strict: bool = False):
        super().__init__(known)
        self.strict = strict
        self.problems: dict[str, Misfit] = {}

    def refuse(self, name: str, words: str, accepted: str = "", nearest=(), status: int = 400):
        """Take the value as one that does not fit. Raises BadRequest, or Http404, where the
        address is strict."""
        if self.strict:
            raise (Http404 if status == 404 else BadRequest)(f"{words} {accepted}".strip())
        typed = self.pop(name, "")
        self.problems[name] = Misfit(typed, words, accepted, tuple(nearest), status)

    @property
    def status(self) -> int:
        """What the page is answered with."""
        return min((one.status for one in self.problems.values()), default=200)


def read_parameters(request, *, allowed) -> Parameters:
    """The query string's parameters that the page knows, each once. `request.asked` is the same.

    Raises BadRequest where the address is strict.
    """
    asked = request.asked = Parameters(strict=request.path.endswith(STRICT))
    if request.path.endswith(".csv"):
        allowed = (*allowed, FOR_SPREADSHEETS)
    repeated = {}
    for name, values in request.GET.lists():
        values = [value.strip() for value in values]
        if name in allowed:
            asked[name] = values[-1]
            if len(values) > 1:
                repeated[name] = values
        elif asked.strict and not name.startswith(TRACKING):
            accepted = ", ".join(allowed) or "none"
            raise BadRequest(
                f"No parameter is called “{name[:QUOTED]}” here. Accepted: {accepted}."
            )
    for name, values in repeated.items():
        asked.refuse(
            name,
            f"“{name}” is given {len(values)} times; once is enough.",
            nearest=[(value[:QUOTED], value) for value in dict.fromkeys(values) if value],
        )
    if asked.get(FOR_SPREADSHEETS, "1") != "1":
        asked.refuse(FOR_SPREADSHEETS, f"“{FOR_SPREADSHEETS}” can only be 1.")
    return asked


@dataclass(frozen=True)
class Filter:
    """One way to narrow a leaderboard: what the form offers and what is chosen.

    `kind` is "choice" (of `options`), "switch" (on is "1"), "first_day" or "last_day", or "number"
    (of `unit`); `asked_by` names the template of its field. `fixed` is what the leaderboard itself
    has settled; to ask for its `default` is to ask for nothing. One that is not `in_the_open` the
    form folds away.
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
    def asked_by(self) -> str:
        return "day" if self.kind in ("first_day", "last_day") else self.kind

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


def read_instant(parameters: Parameters) -> Instant:
    """The instant asked about, to the second, or else the latest full minute.

    `at` is then written as links write it. Nonsense, and what is later than the second of the
    request, is refused.
    """
    now = read_clock()
    present = Instant(full_minute(now), is_now=True, now=now)
    if parameters.get("at", "now").lower() == "now":
        parameters.pop("at", None)
        return present
    try:
        reading = read_when(_LOST_PLUS.sub(r"\1+\2", parameters["at"]), now)
    except Unreadable as error:
        nearest = [_as_link(one) for one in error.nearest if FIRST_INSTANT <= one.begin <= now]
        parameters.refuse("at", str(error), nearest=nearest or [("Now", None)])
        return present
    if reading.begin > now:
        parameters.refuse(
            "at",
            f"{reading.written} is in the future.",
            "The record book answers for any instant up to now.",
            [("Now", None)],
        )
        return present
    if reading.last < FIRST_INSTANT:
        parameters.refuse(
            "at",
            "The record book begins on 1957-10-04, with the first satellite.",
            nearest=[("4 October 1957", "1957-10-04")],
        )
        return present
    parameters["at"] = reading.written
    # A day, month or year that has not ended: its latest instant is now.
    at = reading.last if reading.last <= now else full_minute(now)
    return Instant(at, is_now=False, now=now)


def _as_link(reading: Reading) -> tuple[str, str]:
    return exact_instant(reading.begin, reading.precision), reading.written


@dataclass(frozen=True)
class Question:
    """A leaderboard as a reader narrowed it, at an instant."""

    row: models.Leaderboard
    rule: Rule
    instant: Instant
    filters: tuple[Filter, ...]
    parameters: Parameters

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
    def more_are_asked(self) -> bool:
        """Whether any of the rarer filters narrows, or could not be read."""
        problems = self.parameters.problems
        return any(one.chosen or one.name in problems for one in self.more_filters)

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

    @property
    def spreadsheet_query(self) -> str:
        return self.query(**{FOR_SPREADSHEETS: "1"})

    def counting(self, path: str, effect: Callable[[str], str]) -> Counting:
        """Which flights count, in words. `effect` is as of `records.tables.counting`."""

        def url(boundary: str) -> str:
            usual = self.row.boundary
            return path + self.query(boundary=None if boundary == usual else boundary)

        return counting(self.rule.category.boundary, effect, url)

    @property
    def limit(self) -> int | None:
        """How many rows CSV and JSON give; None for all. Raises BadRequest."""
        return _read_limit(self.parameters)


def ask(request, slug: str, ledger: Ledger, *, also=()) -> Question:
    """The question about a leaderboard; `also` names further parameters that the page takes.

    Raises Http404 with words if there is no such leaderboard.
    """
    try:
        row = ledger.leaderboards[slug]
    except KeyError:
        raise Http404(
            f"There is no leaderboard “{slug[:60]}”. All of them are listed under Records."
        ) from None
    return read_question(request, row, ledger, also=also)


def read_question(request, row: models.Leaderboard, ledger: Ledger, *, also=()) -> Question:
    """Read the filters and the instant; `also` names further parameters that the page takes."""
    offered = offered_filters(row, ledger)
    names = [one.name for one in offered]
    parameters = read_parameters(request, allowed=("at", *names, *also))
    instant = read_instant(parameters)
    for one in offered:
        _read_filter(one, parameters, instant.now)
    launches = [
        parameters.get(one.name) or one.fixed for one in offered if one.name in ("from", "until")
    ]
    if all(launches) and launches[0] > launches[1]:
        parameters.refuse(
            "until",
            "No flight was launched both from a later and until an earlier day.",
            nearest=[("Until any day", None)],
        )
    filters = tuple(
        replace(
            one,
            chosen=parameters.get(one.name, ""),
            remove_url=query_of(parameters, **{one.name: None}) or "?",
        )
        for one in offered
    )
    rule = _narrowed_rule(ledger.rule(row), row, filters, ledger)
    return Question(row, rule, instant, filters, parameters)


def _narrowed_rule(rule: Rule, row: models.Leaderboard, filters, ledger: Ledger):
    chosen = {one.name: one.value for one in filters if one.value}
    narrowed = {
        one.name: one.read(chosen[one.parameter])
        for one in CRITERIA.values()
        if one.parameter in chosen
    }
    return replace(
        rule,
        category=ledger.category(row.criteria | narrowed),
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


def _read_filter(offered: Filter, parameters: Parameters, now: datetime) -> None:
    """Leave in the parameters what narrows, as links write it; refuse what does not fit."""
    name, label = offered.name, offered.label
    text = parameters.get(name, "")
    if text in ("", offered.default):
        parameters.pop(name, None)
    elif offered.kind in ("first_day", "last_day"):
        _read_launch_day(offered, text, parameters, now)
    elif offered.kind == "number":
        if not (
            text.isascii()
            and text.isdecimal()
            and len(text) <= 7
            and 0 < int(text) <= GREATEST_THRESHOLD
        ):
            accepted = f"Accepted for {name}: a whole number from 1 to {GREATEST_THRESHOLD}."
            parameters.refuse(name, f"{label}: “{text[:QUOTED]}” does not fit.", accepted)
    else:
        options = {"1": label} if offered.kind == "switch" else offered.options
        _check_choice(parameters, name, options, default=offered.default)
    if offered.fixed and name in parameters:
        if parameters[name] == offered.fixed:
            del parameters[name]
        else:
            parameters.refuse(
                name,
                f"{label}: on this leaderboard it is always “{offered.value_label}”; "
                "begin from a wider one.",
                nearest=[(offered.value_label, None)],
            )


def _read_launch_day(offered: Filter, text: str, parameters: Parameters, now: datetime) -> None:
    """Of a month or year the first day, or the last where it is one to end with."""
    why, nearest = f"“{text[:QUOTED]}” does not fit.", []
    try:
        reading = read_when(text, now)
        day = (reading.last if offered.kind == "last_day" else reading.begin).date()
        if reading.precision.by_the_day and day >= FIRST_LAUNCHES:
            parameters[offered.name] = day.isoformat()
            return
    except Unreadable as error:
        nearest = [_as_link(one) for one in error.nearest]
        why = str(error) if nearest else why
    accepted = f"a UTC day such as 2024-02-04, from {FIRST_LAUNCHES} on"
    parameters.refuse(
        offered.name,
        f"{offered.label}: {why}",
        f"Accepted for {offered.name}: {accepted}.",
        nearest,
    )


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


def query_of(parameters: Mapping[str, str], **changes: str | None) -> str:
    """The query string with changes (None removes); pages and limits are left out."""
    kept = {name: value for name, value in parameters.items() if name not in ("page", "limit")}
    pairs = {name: value for name, value in {**kept, **changes}.items() if value}
    return f"?{urlencode(pairs)}" if pairs else ""


def read_choice(
    parameters: Parameters, name: str, options: Mapping[str, str], *, default: str = ""
) -> str:
    """The option chosen, or the default; what is none of them is refused."""
    if parameters.get(name, "") in ("", default):
        parameters.pop(name, None)
    elif _check_choice(parameters, name, options, default=default):
        return parameters[name]
    return default


def _check_choice(parameters: Parameters, name: str, options: Mapping[str, str], *, default=""):
    """Whether one of the options is chosen; what is none is refused."""
    value = parameters[name]
    if value in options:
        return True
    if (known := _present(name, value)) in options:
        parameters[name] = known
        return True
    if len(options) <= FEW or parameters.strict:
        accepted = ", ".join(filter(None, (default, *options))) or "nothing on this leaderboard"
        accepted = f"Accepted for {name}: {accepted}."
    else:
        accepted = "The form lists all that there are."
    parameters.refuse(
        name,
        f"There is no “{value[:QUOTED]}” to choose.",
        accepted,
        [*_nearest(value, options), ("Any", None)],
    )
    return False


def read_boundary(
    parameters: Parameters, *, reached: Callable[[str], bool] = lambda boundary: True
) -> str:
    """The boundary that a flight has to cross to count: as asked, or else orbit; the lowest one
    where nothing that the page is about has `reached` orbit, and something a lower boundary."""
    chosen = read_choice(parameters, "boundary", BOUNDARY_LABELS)
    if chosen or reached(DEFAULT_BOUNDARY) or not reached(LOWEST_BOUNDARY):
        return chosen or DEFAULT_BOUNDARY
    return LOWEST_BOUNDARY


def counting_of(
    path: str,
    parameters: Parameters,
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


#: Parameter → what it names by its slug, which may be one that it had before.
NAMED = {"station": models.Station, "agency": models.Agency}


def _present(name: str, value: str) -> str:
    """The slug by now of what the parameter names."""
    row = NAMED[name].objects.named([value.lower()]).get(value.lower()) if name in NAMED else None
    return row.slug if row else value


def _nearest(value: str, options: Mapping[str, str]) -> list[tuple[str, str]]:
    """Options that are written much like the value, by their names or by what links call them."""
    spelled = {
        text.casefold(): (label, key) for key, label in options.items() for text in (label, key)
    }
    typed = value[:QUOTED].casefold()
    near = [typed] if typed in spelled else get_close_matches(typed, spelled, n=3)
    return list(dict.fromkeys(spelled[one] for one in near))


def read_switch(parameters: Parameters, name: str) -> bool:
    """Whether a switch is on: "1", or else left out."""
    return read_choice(parameters, name, {"1": "yes"}) == "1"


def _read_limit(parameters: Parameters) -> int | None:
    text = parameters.get("limit")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and int(text) > 0):
        raise BadRequest("limit must be a whole number from 1 to 999999.")
    return int(text)


def page_of(rows, parameters: Parameters, *, per_page: int):
    """The page of rows asked for; one that there is not is refused, and the first one given."""
    paginator = Paginator(rows, per_page)
    text = parameters.get("page", "1")
    is_number = text.isascii() and text.isdecimal() and len(text) <= QUOTED
    if is_number:
        try:
            return paginator.page(int(text))
        except EmptyPage:
            pass
    last = paginator.num_pages
    parameters.refuse(
        "page",
        f"There is no page “{text[:20]}” of this list; its pages run from 1 to {last}.",
        nearest=[("The first page", None), (f"Page {last}, the last", str(last))],
        status=404 if is_number else 400,
    )
    return paginator.page(1)
