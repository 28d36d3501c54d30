"""The claims of a story, held against the record book: whether each is so, and what is so now.

*Then* is the instant that a claim is of: that at which the story appeared, or was last updated,
unless it says another. A story that has not appeared is held against the record book of now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from records.body.blocks import ClaimBlock
from records.body.claims import line_in, parse_claims, plain, stands_in
from records.book import claims as book
from records.book.claims import Answer, NotStated, Verdict
from records.book.metrics import METRICS
from records.book.standings import Standing
from records.book.statements import Kind, Statement, read
from records.book.values import Value
from records.instants import FIRST_INSTANT, read_when
from records.ledger import Ledger
from records.models import Article, Astronaut, Leaderboard
from records.models.articles import ArticleState
from records.tables.words import ordinal

NOBODY_LISTED = "nobody is on this board."
GONE = "the passage is gone: the story no longer says it in these words."


class Unanswered(Exception):
    """Why the record book has no answer, for editors."""


@dataclass(frozen=True)
class Found:
    """What the record book answers at an instant: a value, with a rank or the name of who holds
    the record; or how many."""

    value: Value
    standing: Standing | None = None
    running: bool = False
    lost: bool = False
    who: str = ""

    @property
    def number(self) -> str:
        """How many it is."""
        return self.value.text if self.value.high else "nobody"

    @property
    def place(self) -> str:
        """`3rd, shared`; empty without a rank, and of who was lost in flight."""
        one = self.standing
        if one is None or self.lost:
            return ""
        as_known = "" if one.settled else "≈ "
        return f"{as_known}{ordinal(one.rank)}{', shared' if one.tied else ''}"

    @property
    def said(self) -> tuple:
        """What tells whether two answers say the same; a rising value says nothing new."""
        return self.place, self.who, None if self.running else self.value


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with its verdict. `right` is what the record book says, in words; `where` it stands
    in the story, empty where it is gone."""

    claim: ClaimBlock
    answer: Answer
    right: str = ""
    where: str = ""

    @property
    def verdict(self) -> Verdict:
        return self.answer.verdict

    @property
    def is_gone(self) -> bool:
        return not self.where

    @property
    def contradicts(self) -> bool:
        """Whether the record book says something else, and nobody has said why it stands."""
        return self.verdict is Verdict.CONTRADICTS and not self.claim.kept

    @property
    def stops(self) -> bool:
        """Whether the story cannot be published with it."""
        return self.contradicts or self.is_gone

    @property
    def words(self) -> str:
        """What is to be said of it beside its row, in a sentence."""
        reason = f": {self.answer.reason}" if self.answer.reason else "."
        right = f" The record book says {self.right}." if self.right else ""
        gone = f" {GONE.capitalize()}" if self.is_gone else ""
        return f"{self.verdict.capitalize()}{reason}{gone}{right}"


# Where it stands


def where(claim: ClaimBlock, headline: str, standfirst: str, body: str) -> str:
    """In which line of the text, or above it; empty where it stands nowhere."""
    if line := line_in(claim.passage, body):
        return f"line {line}"
    for name, text in (("headline", headline), ("standfirst", standfirst)):
        if stands_in(claim.passage, text):
            return name
    return ""


# The record book's answers


class Books:
    """The record book as claims ask it."""

    def __init__(self, ledger: Ledger, now: datetime):
        self.ledger, self.now = ledger, now
        self._rules, self._careers = {}, {}

    def rule(self, row: Leaderboard):
        if row.slug not in self._rules:
            self._rules[row.slug] = self.ledger.rule(row)
        return self._rules[row.slug]

    def instant(self, claim: ClaimBlock, appeared_at: datetime | None) -> datetime:
        """The instant that a claim is of. Raises Unanswered."""
        if claim.at == "publication":
            at = min(appeared_at or self.now, self.now)
        else:
            reading = read_when(claim.at, self.now)
            if reading.begin > self.now:
                raise Unanswered("its instant is in the future.")
            at = min(reading.last, self.now)
        if at < FIRST_INSTANT or not self.ledger.launched(at).amount:
            raise Unanswered("its instant is before the first flight.")
        return at

    def row(self, claim: ClaimBlock) -> Leaderboard:
        row = self.ledger.leaderboard(claim.leaderboard)
        if row is None:
            raise Unanswered(f"there is no leaderboard “{claim.leaderboard}”.")
        return row

    def find(self, claim: ClaimBlock, at: datetime) -> Found:
        """What the record book says. Raises Unanswered, and NotStated for a mark that the board
        cannot tell."""
        row = self.row(claim)
        kind = Kind(claim.claims)
        rule, known = self.rule(row), self.ledger.confirmation
        if rule.metric.counts_people:
            if kind is not Kind.VALUE or claim.astronaut:
                raise Unanswered("this board counts people: it tells no one's value or rank.")
            values = [one.value for one in self.ledger.population(rule, at)]
            return Found(_there_is(book.most_of(values), NOBODY_LISTED))
        if kind in (Kind.COUNT, Kind.NOBODY):
            return Found(book.count(self.ledger.comparison(rule), at, known, claim.mark))
        if not claim.astronaut:
            board = self.ledger.standings(rule, at)
            value = _there_is(book.best_of(board), NOBODY_LISTED)
            holders = [one.astronaut.name for one in board.leaders]
            return Found(value, who=", ".join(holders[:3]))
        slug = self.astronaut(claim.astronaut)
        whole = self.ledger.careers[slug]
        if not whole.flights or whole.flights[0].launched_at > at:
            raise Unanswered(f"“{claim.astronaut}” had not flown by then.")
        not_listed = f"“{claim.astronaut}” is not on this board."
        if kind is Kind.VALUE:
            careers = self.careers(rule).get(slug, ())
            counted = _there_is(book.reached(rule, careers, at, known, claim.mission), not_listed)
            return Found(book.value_of(counted), running=counted.running)
        standing = book.find(self.ledger.standings(rule, at), slug, claim.mission)
        one = _there_is(standing, not_listed)
        return Found(one.value, one, running=one.running, lost=whole.lost)

    def careers(self, rule) -> dict[str, list]:
        """What the rule counts of each astronaut, by slug."""
        if rule not in self._careers:
            found = self._careers[rule] = {}
            for one in self.ledger.counted(rule):
                found.setdefault(one.astronaut.slug, []).append(one)
        return self._careers[rule]

    def astronaut(self, slug: str) -> str:
        if slug not in self.ledger.careers:
            who = Astronaut.objects.named([slug]).get(slug)
            if who is None:
                raise Unanswered(f"there is no astronaut “{slug}”.")
            if who.slug not in self.ledger.careers:
                raise Unanswered(f"{who} has not flown.")
            slug = who.slug
        return slug

    def check(self, claim: ClaimBlock, at: datetime) -> tuple[Answer, str]:
        """Whether the claim is so at the instant, and what the record book says, in words."""
        right = ""
        try:
            found = self.find(claim, at)
            right = right_words(claim, found)
            metric = METRICS[self.row(claim).metric]
            stated = read(Kind(claim.claims), plain(claim.passage), metric, claim.mark)
            return _judged(claim, stated, found), right
        except (Unanswered, NotStated) as reason:
            return Answer(Verdict.UNCHECKED, str(reason)), right


def _there_is(found, otherwise: str):
    if found is None:
        raise Unanswered(otherwise)
    return found


def _judged(claim: ClaimBlock, stated: Statement, found: Found) -> Answer:
    if claim.claims == Kind.RANK:
        return book.judge_rank(stated, found.standing)
    return book.judge_value(stated, found.value)


def right_words(claim: ClaimBlock, found: Found) -> str:
    """What the record book says, in the words of a line of text."""
    match Kind(claim.claims):
        case Kind.VALUE:
            return f"{found.value.text}{f' ({found.who})' if found.who else ''}"
        case Kind.RANK:
            return f"{found.place}, with {found.value.text}".removeprefix(", with ")
    return found.number


# Stories

#: What of a story is read to check its claims.
READ = (
    *("slug", "headline", "standfirst", "body", "claims"),
    *("state", "published_at", "updated_at", "withdrawn_at"),
)


def check(article: Article, now: datetime, ledger: Ledger) -> list[CheckedClaim]:
    """The claims of a story as it stands, in their order."""
    return [one for _, one in check_all([article], now, ledger)]


def check_all(
    articles: Iterable[Article], now: datetime, ledger: Ledger
) -> list[tuple[str, CheckedClaim]]:
    """The claims of stories, each with the slug of its story, in their order. Each board is made
    once for all that is asked of it at an instant."""
    books = Books(ledger, now)
    asked, checked = [], {}
    for story in articles:
        withdrawn = story.state_at(now) == ArticleState.WITHDRAWN
        for claim in parse_claims(story.claims).blocks:
            key = len(asked)
            stands = where(claim, story.headline, story.standfirst, story.body)
            asked.append((story.slug, claim, stands))
            try:
                if withdrawn:
                    raise Unanswered("the story is withdrawn.")
                at = books.instant(claim, story.updated_at or story.published_at)
                checked[key] = claim.leaderboard, at
            except Unanswered as reason:
                checked[key] = Answer(Verdict.UNCHECKED, str(reason)), ""
    waiting = (key for key, found in checked.items() if isinstance(found[1], datetime))
    for key in sorted(waiting, key=checked.get):
        checked[key] = books.check(asked[key][1], checked[key][1])
    return [
        (slug, CheckedClaim(claim, *checked[key], stands))
        for key, (slug, claim, stands) in enumerate(asked)
    ]


def mixes(checked: Iterable[CheckedClaim]) -> bool:
    """Whether some of a story's figures are rounded and others cut off."""
    return {Verdict.ROUNDED, Verdict.CUT_OFF} <= {one.verdict for one in checked}
