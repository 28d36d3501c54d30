"""What a text refers to: the things of this site that its blocks show and its links lead to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from .blocks import ClaimBlock, FigureBlock, ImageBlock, LeaderboardBlock, RecordBlock
from .parse import Body

#: The beginning of an address → the kind of thing that is named behind it.
KINDS = {
    "agencies": "agency",
    "astronauts": "astronaut",
    "authors": "author",
    "countries": "country",
    "missions": "mission",
    "news": "article",
    "records": "leaderboard",
    "spacewalks": "spacewalk",
    "stations": "station",
    "topics": "topic",
}
_PAGE = re.compile(r"/(?P<noun>[a-z]+)/(?P<name>[-\w]{1,100})(?:\.[a-z]+|/|$)", re.ASCII)
#: What stands in the place of a name and is none.
_NO_NAMES = {("records", "changes")}
_YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing that a text names, at a line of it (from 1): its kind, and its slug or code."""

    line: int
    kind: str
    slug: str


def named_in(body: Body, *, site: str = "") -> list[Mention]:
    """What the body names, in order of the lines. Addresses that begin with `site` are the site's
    own, as those that begin with a slash are."""
    found = [one for block in body.blocks for one in _in_block(block)]
    for line, address in body.links:
        path = address.removeprefix(site.rstrip("/")) if site else address
        found += [Mention(line, kind, slug) for kind, slug in _in_address(path)]
    return sorted(set(found), key=lambda one: (one.line, one.kind, one.slug))


def _in_block(block) -> Iterator[Mention]:
    if isinstance(block, LeaderboardBlock):
        yield Mention(block.line, "leaderboard", block.slug)
    elif isinstance(block, ImageBlock):
        yield Mention(block.line, "image", block.slug)
    elif isinstance(block, RecordBlock | FigureBlock | ClaimBlock):
        if block.leaderboard:
            yield Mention(block.line, "leaderboard", block.leaderboard)
        if block.astronaut:
            yield Mention(block.line, "astronaut", block.astronaut)
    if isinstance(block, ClaimBlock) and block.mission:
        yield Mention(block.line, "mission", block.mission)
    if isinstance(block, FigureBlock):
        for astronaut, mission in block.flights:
            yield Mention(block.line, "astronaut", astronaut)
            yield Mention(block.line, "mission", mission)


def _in_address(address: str) -> Iterator[tuple[str, str]]:
    if not address.startswith("/"):
        return
    parts = urlsplit(address)
    page = _PAGE.match(parts.path)
    if page and page["noun"] in KINDS:
        noun, name = page["noun"], page["name"]
        if (noun, name) not in _NO_NAMES and not (noun == "news" and _YEAR.fullmatch(name)):
            kind = KINDS[noun]
            yield kind, name.upper() if kind == "country" else name.lower()
    elif parts.path == "/compare/":
        asked = parse_qs(parts.query)
        for name in "abcd":
            yield from (("astronaut", slug.lower()) for slug in asked.get(name, ())[:1])
