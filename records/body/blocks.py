"""What a body is made of, in the order a reader meets it.

`html` is sanitised and may go into a page as it is; every other text is the writer's own and must
be escaped. `line` is where the block begins in the text. `kind` names the block's template.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import ClassVar


class Html(str):
    """Markup that went through `parse.sanitised`. Templates print it without escaping."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)

    @property
    def text(self) -> str:
        return unescape(_TAG.sub("", self))


_TAG = re.compile(r"<[^>]*>")


def _unslugged(slug: str) -> str:
    return slug.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Block:
    kind: ClassVar[str]

    line: int

    @property
    def place(self) -> str:
        """Its line as text, which no other block of the body begins at."""
        return str(self.line)

    @property
    def words(self) -> int:
        """How much there is to read."""
        html = getattr(self, "html", None)
        return len(html.text.split()) if html else 0

    @property
    def text(self) -> str:
        """What it says, without marks; of what it only shows, which that is."""
        html = getattr(self, "html", None)
        return html.text.strip() if html else ""


@dataclass(frozen=True, slots=True)
class Paragraph(Block):
    """`html` is what stands inside the paragraph."""

    kind = "paragraph"

    html: Html


@dataclass(frozen=True, slots=True)
class Heading(Block):
    """A heading of level 2 or 3: the headline is level 1."""

    kind = "heading"

    level: int
    html: Html


@dataclass(frozen=True, slots=True)
class ListBlock(Block):
    """`html` is the whole list, `ul` or `ol`."""

    kind = "list"

    html: Html


@dataclass(frozen=True, slots=True)
class Quote(Block):
    """Somebody's own words, in paragraphs. `source` is empty or an http(s) address."""

    kind = "quote"

    html: Html
    speaker: str
    role: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        said_by = ", ".join(filter(None, (self.speaker, self.role)))
        return f"“{self.html.text.strip()}” – {said_by}"


@dataclass(frozen=True, slots=True)
class LeaderboardBlock(Block):
    """The first `top` rows of a leaderboard, `at` "live" or "publication".

    Whether there is a leaderboard of that slug is not known here.
    """

    kind = "leaderboard"

    slug: str
    top: int = 5
    at: str = "publication"

    @property
    def text(self) -> str:
        return f"[Leaderboard: {_unslugged(self.slug)}, the first {self.top}]"


@dataclass(frozen=True, slots=True)
class RecordBlock(Block):
    """Where somebody stands on a leaderboard, when the story appeared and now; both by slug."""

    kind = "record"

    astronaut: str
    leaderboard: str

    @property
    def text(self) -> str:
        return f"[Rank: {_unslugged(self.astronaut)}, {_unslugged(self.leaderboard)}]"


@dataclass(frozen=True, slots=True)
class FigureBlock(Block):
    """A chart. `of` says which: "progression" of a leaderboard, "in-space" at the instant,
    "flights" beside each other, each `(astronaut, mission that went up)`, or a "career".

    `at` is "publication", "live", or an instant as addresses write it. All others are slugs.
    """

    kind = "figure"

    of: str
    at: str = "publication"
    leaderboard: str = ""
    astronaut: str = ""
    flights: tuple[tuple[str, str], ...] = ()
    caption: str = ""

    @property
    def text(self) -> str:
        flown = [one for flight in self.flights for one in flight]
        named = filter(None, (self.of, self.leaderboard, self.astronaut, *flown))
        shown = ", ".join(map(_unslugged, named))
        return f"[Figure: {shown}] {self.caption}".strip()


@dataclass(frozen=True, slots=True)
class ImageBlock(Block):
    """A picture of the library, by slug. `caption` is empty where its own shall stand."""

    kind = "image"

    slug: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ClaimBlock(Block):
    """What a `passage` of the story states of a record: somebody's "value" or "rank" on a
    leaderboard, the "count" of those who reached a `mark`, or that "nobody" has. All of this is
    `claims`, at "publication" or an instant as addresses write it; others are slugs.

    `kept` is why it stands though the record book says something else, in the words of who may
    publish (`by`).
    """

    kind = "claim"

    claims: str
    passage: str
    leaderboard: str
    astronaut: str = ""
    mission: str = ""
    mark: int | None = None
    at: str = "publication"
    kept: str = ""
    by: str = ""

    @property
    def text(self) -> str:
        return f"[Claim: {self.claims}, “{self.passage}”]"


@dataclass(frozen=True, slots=True)
class AdvertSlot(Block):
    """The writer's word that an advert may stand here."""

    kind = "advert-slot"


@dataclass(frozen=True, slots=True)
class AdvertBlock(Block):
    """An advert in its place. Only `adverts.place` makes one."""

    kind = "advert"

    advert: object
