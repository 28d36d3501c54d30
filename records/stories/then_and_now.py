"""What a story states of records, as its readers see it: what was so then, and what is so now.

The sentences are marked in the text, and each stands at the end of the story with what the record
book said of it when the story appeared, and says now. Claims that the record book has no answer to,
and those whose passage is gone, are told to the newsroom alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape, unescape
from operator import attrgetter

from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.body.blocks import Block, ClaimBlock, Html, ListBlock, Paragraph
from records.body.claims import parse_claims, place_in, plain
from records.book.claims import NotStated
from records.book.statements import Kind
from records.ledger import Ledger
from records.models import Article
from records.tables.pieces import joined
from records.tables.pieces import value as value_piece
from records.tables.words import day

from .claims import Books, Found, Unanswered, where

WHEN_PUBLISHED, WHEN_UPDATED = "When published", "When last updated"


@dataclass(frozen=True)
class ToldClaim:
    """A claim with what was so then, and what is so now; `now` is empty where the two instants are
    one. `url` leads to its board at the instant."""

    passage: str
    title: str
    url: str
    when: str
    then: SafeString
    now: SafeString | str
    is_still_so: bool
    note: str = ""
    number: int = 0

    @property
    def key(self) -> str:
        return f"claim-{self.number}"


def then_and_now(article: Article, instant, ledger: Ledger) -> list[ToldClaim]:
    """The claims of the story, first those of which something else is so now. `instant` is the
    page's, which is now to it."""
    books = Books(ledger, instant.at)
    appeared_at = article.updated_at or article.published_at
    told = []
    for claim in parse_claims(article.claims).blocks:
        if where(claim, article.headline, article.standfirst, article.body):
            try:
                at = books.instant(claim, appeared_at)
                told.append(_told(books, claim, at, instant, article))
            except (Unanswered, NotStated):
                continue
    told.sort(key=attrgetter("is_still_so"))
    return [replace(one, number=number) for number, one in enumerate(told, 1)]


def _told(books: Books, claim: ClaimBlock, at: datetime, instant, article) -> ToldClaim:
    row = books.row(claim)
    then = instant if at == instant.at else replace(instant, at=at, is_now=False)
    was = books.find(claim, at)
    now: SafeString | str = ""
    still = False
    if then is not instant:
        is_now = books.find(claim, instant.at)
        still = was.said == is_now.said
        now = "still so" if still else _words(claim, is_now, instant)
    note = f"The newsroom keeps these words: {claim.kept}" if claim.kept else ""
    return ToldClaim(
        plain(claim.passage),
        row.title,
        row.get_absolute_url() + then.query,
        _when(claim, article, at),
        _words(claim, was, then),
        now,
        still,
        note,
    )


def _when(claim: ClaimBlock, article, at: datetime) -> str:
    if claim.at != "publication":
        return f"On {day(at)}"
    return WHEN_UPDATED if article.updated_at else WHEN_PUBLISHED


def _words(claim: ClaimBlock, found: Found, instant) -> SafeString:
    if claim.claims in (Kind.COUNT, Kind.NOBODY):
        return format_html("{}", found.number)
    amount = value_piece(found.value, instant, running=found.running)
    if claim.claims == Kind.RANK and found.place:
        return joined((found.place, format_html("with {}", amount)), ", ")
    return format_html("{} ({})", amount, found.who) if found.who else amount


# In the text

_TAG = re.compile(r"(<[^>]*>)")


def marked(blocks: Iterable[Block], told: Iterable[ToldClaim]) -> list[Block]:
    """The blocks with each passage, where it first stands in a paragraph or a list, leading to what
    is told of it. A passage that a link or another mark goes through is left as it is."""
    blocks = list(blocks)
    for one in told:
        for place, block in enumerate(blocks):
            if isinstance(block, Paragraph | ListBlock):
                html = _marked(block.html, one)
                if html is not None:
                    blocks[place] = replace(block, html=html)
                    break
    return blocks


def _marked(html: Html, one: ToldClaim) -> Html | None:
    parts = _TAG.split(html)
    linked = False
    for number, part in enumerate(parts):
        if number % 2:
            linked = part.startswith("<a ") or (linked and part != "</a>")
            continue
        text = unescape(part)
        # The text keeps its no-break spaces: they are as many characters as those they stand for.
        begin = None if linked else place_in(one.passage, text.replace("\u00a0", " "))
        if begin is not None:
            end = begin + len(one.passage)
            found = f'<a class="claim" href="#{one.key}">{escape(text[begin:end], quote=False)}</a>'
            before, behind = (escape(some, quote=False) for some in (text[:begin], text[end:]))
            parts[number] = f"{before}{found}{behind}"
            return Html("".join(parts))
    return None
