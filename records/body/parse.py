"""Reading a body: Markdown with typed blocks.

Accepted are paragraphs, headings (## and ###), lists, emphasis and links, and blocks:

    ::: quote speaker="Bill Nelson" role="NASA Administrator" source="https://…"
    What was said.
    :::

    ::: leaderboard slug="longest-spaceflight" top="5" at="live"
    :::

    ::: record astronaut="frank-rubio" leaderboard="longest-spaceflight-americans"
    :::

    ::: figure of="flights" flights="frank-rubio/soyuz-ms-22 mark-vande-hei/soyuz-ms-18"
    :::

    ::: image id="rubio-is-helped-from-the-capsule" caption="…"
    :::

    ::: advert
    :::

Everything else is a problem with its line. Nothing that is a problem is shown, and what is shown
is sanitised as well, so that a body which was never validated does no harm.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from records import texts
from records.instants import Unreadable, read_when

from .blocks import (
    AdvertSlot,
    Block,
    FigureBlock,
    Heading,
    Html,
    ImageBlock,
    LeaderboardBlock,
    ListBlock,
    Paragraph,
    Quote,
    RecordBlock,
)
from .marks import strange_marks

#: Longer than any story, and short enough to be read in a second or two.
MAX_CHARACTERS = 200_000
MAX_TOP = 20
MAX_FLIGHTS = 8

#: What a figure is of → what it needs to be told besides.
FIGURES = {
    "progression": ("leaderboard",),
    "in-space": (),
    "flights": ("flights",),
    "career": ("astronaut",),
}
#: No instant that a text names is later: whether it has come, the page asks.
FAR_AHEAD = datetime(2200, 1, 1, tzinfo=UTC)

HEADING_LEVELS = {"h2": 2, "h3": 3}
MARKS = {"a", "em", "strong", "br"}
TAGS = MARKS | {"p", "ul", "ol", "li"}

_ARGUMENT = re.compile(r"""\s*(?P<name>[a-z]+)=(?:"(?P<straight>[^"]*)"|“(?P<curly>[^“”]*)”)""")
_SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Something that cannot stand in a body, at a line of it (from 1)."""

    line: int
    words: str

    def __str__(self):
        return f"line {self.line}: {self.words}"


@dataclass(frozen=True, slots=True)
class Body:
    """A body as read: its blocks, its problems in order of their lines, and the addresses of this
    site that it links to, each with its line."""

    blocks: tuple[Block, ...]
    problems: tuple[TextProblem, ...]
    links: tuple[tuple[int, str], ...] = ()


def parse(text: str) -> Body:
    """Read a body. Never raises: what cannot be read is a problem, and left out of the blocks."""
    if len(text) > MAX_CHARACTERS:
        words = f"the text has {len(text):,} characters; {MAX_CHARACTERS:,} are accepted."
        return Body((), (TextProblem(1, words),))
    return _TextReader(text).read()


def parse_figure(text: str) -> Body:
    """Read the first line of a leaderboard or a figure, as a story's lead figure is written:
    `figure of="career" astronaut="frank-rubio"`. Empty for an empty text."""
    if not text.strip():
        return Body((), ())
    body = parse(f"::: {text}\n:::")
    kinds = (LeaderboardBlock, FigureBlock)
    if body.problems or (len(body.blocks) == 1 and isinstance(body.blocks[0], kinds)):
        return body
    return Body((), (TextProblem(1, "write a leaderboard or a figure, as in the text."),))


def sanitised(markup: str, *, tags=frozenset(TAGS)) -> Html:
    """Only the tags that a body may have, and only web addresses in links."""
    return Html(
        nh3.clean(
            texts.without_refused(markup),
            tags=set(tags),
            clean_content_tags={"script", "style"},
            attributes={"a": {"href", "rel"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            link_rel=None,
        )
    )


class _TextReader:
    """One reading of one text."""

    def __init__(self, text: str):
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.text.split("\n")
        self.problems: list[TextProblem] = []
        self.links: list[tuple[int, str]] = []
        #: The number that a list must begin with which goes on after another block.
        self.next_number = 1

    def read(self) -> Body:
        for number, words in texts.refusals(self.text):
            self.refuse(number, words)
        tokens = _MARKDOWN.parse(_without_numbered_years(texts.without_refused(self.text)))
        blocks = tuple(block for group in _groups(tokens) if (block := self.block(group)))
        problems = sorted(set(self.problems), key=lambda problem: (problem.line, problem.words))
        return Body(blocks, tuple(problems), tuple(self.links))

    def refuse(self, line: int, words: str) -> None:
        self.problems.append(TextProblem(line, words))

    # Blocks

    def block(self, group: list[Token]) -> Block | None:
        """The block that a group of tokens makes, or None with a problem."""
        first = group[0]
        line = _line(first)
        if first.type == "container_block_open":
            return self.container(group)
        if not self.accept_contents(group):
            return None
        if first.type == "paragraph_open":
            return Paragraph(line, sanitised(_rendered(group[1:-1]), tags=MARKS))
        if first.type == "heading_open":
            if first.tag not in HEADING_LEVELS:
                self.refuse(line, "headings are ## and ###; the headline stands above them.")
                return None
            html = sanitised(_rendered(group[1:-1]), tags=MARKS)
            if not html.text.strip():
                self.refuse(line, "the heading is empty.")
                return None
            return Heading(line, HEADING_LEVELS[first.tag], html)
        return ListBlock(line, sanitised(_rendered(group)))

    def container(self, group: list[Token]) -> Block | None:
        """A block between ::: and :::."""
        opening = group[0]
        line, contents = _line(opening), group[1:-1]
        name, _, rest = opening.info.strip().partition(" ")
        if not self.is_closed(opening):
            self.refuse(line, f"the block “{name[:40]}” is not closed; end it with a line of :::")
            return None
        make = BLOCKS.get(name)
        if make is None:
            known = ", ".join(BLOCKS)
            self.refuse(line, f"there is no block “{name[:40]}”. Accepted: {known}.")
            return None
        arguments = self.arguments(line, name, rest)
        accepted = self.accept_contents(contents)
        if arguments is None or not accepted:
            return None
        return make(self, line, arguments, contents)

    def is_closed(self, opening: Token) -> bool:
        end = opening.map[1]
        return (
            end < len(self.lines) and re.fullmatch(r" {0,3}:{3,}\s*", self.lines[end]) is not None
        )

    def arguments(self, line: int, name: str, text: str) -> dict[str, str] | None:
        """The block's arguments, checked against those it takes."""
        found, problems = read_arguments(name, text, *ARGUMENTS[name])
        for words in problems:
            self.refuse(line, words)
        return None if problems else found

    def quote(self, line, arguments, contents) -> Quote | None:
        source = arguments.get("source", "")
        if source and not is_web_address(source):
            self.refuse(line, "source must be a web address that begins with https://.")
            return None
        if {token.type for token in contents if token.level == 1} - _PARAGRAPH:
            self.refuse(line, "a quote holds paragraphs and nothing else.")
            return None
        html = sanitised(_rendered(contents))
        if not html.text.strip():
            self.refuse(line, "the quote is empty.")
            return None
        return Quote(line, html, arguments["speaker"], arguments.get("role", ""), source)

    def leaderboard(self, line, arguments, contents) -> LeaderboardBlock | None:
        slug, top = arguments["slug"], arguments.get("top", "5")
        at = arguments.get("at", "publication")
        count = len(self.problems)
        self.refuse_contents(line, "leaderboard", contents)
        self.refuse_no_slug(line, "slug", slug)
        if not re.fullmatch(r"[1-9][0-9]?", top) or int(top) > MAX_TOP:
            self.refuse(line, f"top must be a whole number from 1 to {MAX_TOP}.")
        if at not in ("live", "publication"):
            self.refuse(line, "at must be “live” or “publication”.")
        return LeaderboardBlock(line, slug, int(top), at) if len(self.problems) == count else None

    def record(self, line, arguments, contents) -> RecordBlock | None:
        count = len(self.problems)
        self.refuse_contents(line, "record", contents)
        for name, slug in arguments.items():
            self.refuse_no_slug(line, name, slug)
        return RecordBlock(line, **arguments) if len(self.problems) == count else None

    def figure(self, line, arguments, contents) -> FigureBlock | None:
        count = len(self.problems)
        self.refuse_contents(line, "figure", contents)
        of = arguments["of"]
        if of not in FIGURES:
            self.refuse(line, f"there is no figure of “{of[:40]}”. Accepted: {', '.join(FIGURES)}.")
            return None
        needed = FIGURES[of]
        for name in needed:
            if not arguments.get(name):
                self.refuse(line, f'a figure of “{of}” needs {name}="…".')
        for name in arguments.keys() - {"of", "at", "caption", *needed}:
            self.refuse(line, f"a figure of “{of}” takes no “{name}”.")
        for name in ("leaderboard", "astronaut"):
            if arguments.get(name):
                self.refuse_no_slug(line, name, arguments[name])
        flights = tuple(tuple(one.split("/")) for one in arguments.get("flights", "").split())
        if "flights" in needed and not (
            2 <= len(flights) <= MAX_FLIGHTS
            and all(len(one) == 2 and all(map(_SLUG.fullmatch, one)) for one in flights)
        ):
            self.refuse(
                line,
                f"flights are 2 to {MAX_FLIGHTS}, each written astronaut/mission, with spaces "
                "between them.",
            )
        self.refuse_no_instant(line, arguments.get("at", "publication"))
        if len(self.problems) > count:
            return None
        return FigureBlock(line, **{**arguments, "flights": flights})

    def image(self, line, arguments, contents) -> ImageBlock | None:
        count = len(self.problems)
        self.refuse_contents(line, "image", contents)
        slug = arguments["id"]
        if not _SLUG.fullmatch(slug):
            self.refuse(line, "id is the name of the image in the library.")
        caption = arguments.get("caption", "")
        return ImageBlock(line, slug, caption) if len(self.problems) == count else None

    def refuse_no_slug(self, line: int, name: str, slug: str) -> None:
        if not is_slug(slug):
            self.refuse(line, f"{name} is the name in the address of its page.")

    def refuse_no_instant(self, line: int, at: str) -> None:
        if not (at in ("live", "publication") or is_instant(at)):
            self.refuse(line, "at must be “publication”, “live”, or a day such as 2023-09-27.")

    def advert(self, line, arguments, contents) -> AdvertSlot:
        self.refuse_contents(line, "advert", contents)
        return AdvertSlot(line)

    def refuse_contents(self, line: int, name: str, contents: list[Token]) -> None:
        if contents:
            self.refuse(line, f"“{name}” holds no text; close it with a line of ::: right below.")

    # What stands inside blocks

    def accept_contents(self, tokens: list[Token]) -> bool:
        """Whether nothing in the tokens is refused; problems are noted, links are completed."""
        count = len(self.problems)
        for token, following in pairwise([*tokens, None]):
            if token.type in REFUSED:
                self.refuse(_line(token), REFUSED[token.type])
            if token.type == "list_item_open" and following.type == "list_item_close":
                self.refuse(_line(token), "a line of a list is empty.")
            if token.type == "ordered_list_open":
                self.number(token)
            elif token.type == "list_item_open" and token.level == 1:
                self.next_number += 1
            for place, words in strange_marks(token.meta.get("lines", ())):
                self.refuse(_line(token) + place, words)
            for line, child in _with_lines(token):
                if child.type in REFUSED:
                    self.refuse(line, REFUSED[child.type])
                elif child.type == "text" and child.content.lstrip().startswith(":::"):
                    self.refuse(line, "::: closes a block, and none is open here.")
                elif child.type == "link_open":
                    self.link(line, child)
                else:
                    for _, words in texts.refusals(child.content):  # Written as an entity.
                        self.refuse(line, words)
        return len(self.problems) == count

    def number(self, opening: Token) -> None:
        """Refuse a list that does not begin with 1 nor goes on with one before it."""
        number = opening.attrs.get("start", 1)
        if number != 1 and (opening.level or number != self.next_number):
            self.refuse(
                _line(opening),
                "a number and a full stop begin a list, and lists begin with 1; for a paragraph "
                f"write {number}\\.",
            )
        if not opening.level:
            self.next_number = number

    def link(self, line: int, token: Token) -> None:
        address = token.attrs.get("href", "")
        if is_web_address(address):
            token.attrSet("rel", "external noopener")
            self.links.append((line, address))
        elif is_own_address(address):
            self.links.append((line, address))
        elif not address.startswith("mailto:"):
            shown = address[:60]
            self.refuse(
                line,
                f"the link to “{shown}” is not accepted; links begin with https://, / or #.",
            )


REFUSED = {
    "html_block": "HTML is not accepted.",
    "html_inline": "HTML is not accepted.",
    "image": 'a picture is shown by its block: ::: image id="…".',
    "hr": "a horizontal line is not accepted; begin a part with a heading.",
    "blockquote_open": 'a quotation needs its speaker: use ::: quote speaker="…".',
    "container_block_open": "a block begins here inside a list or another block; close that one "
    "first.",
}

#: Block → how it is made. The one place to add a kind of block.
BLOCKS = {
    "quote": _TextReader.quote,
    "leaderboard": _TextReader.leaderboard,
    "record": _TextReader.record,
    "figure": _TextReader.figure,
    "image": _TextReader.image,
    "advert": _TextReader.advert,
}

#: Block → the arguments it must have, and those it may have.
ARGUMENTS = {
    "quote": (("speaker",), ("role", "source")),
    "leaderboard": (("slug",), ("top", "at")),
    "record": (("astronaut", "leaderboard"), ()),
    "figure": (("of",), ("leaderboard", "astronaut", "flights", "at", "caption")),
    "image": (("id",), ("caption",)),
    "advert": ((), ()),
}

_PARAGRAPH = {"paragraph_open", "inline", "paragraph_close"}


def read_arguments(
    name: str, text: str, required: tuple[str, ...], optional: tuple[str, ...]
) -> tuple[dict[str, str], list[str]]:
    """The arguments in a text, and what is wrong with them, checked against those that are taken
    by what is called so."""
    found, problems, place = {}, [], 0
    text = text.strip()
    while place < len(text):
        match = _ARGUMENT.match(text, place)
        if match is None:
            shown = text[place:].strip()[:40]
            problems.append(f'“{shown}” cannot be read; arguments are written name="value".')
            break
        argument, place = match["name"], match.end()
        value = match["straight"] if match["straight"] is not None else match["curly"]
        if argument in found:
            problems.append(f"“{argument}” is given twice.")
        elif argument not in required + optional:
            takes = ", ".join(required + optional) or "none"
            problems.append(f"“{name}” takes no argument “{argument[:40]}”. Accepted: {takes}.")
        found[argument] = value.strip()
    else:
        for argument in required:
            if not found.get(argument):
                problems.append(f'“{name}” needs {argument}="…".')
    return found, problems


def is_instant(text: str) -> bool:
    """Whether it says an instant, the same one to every reader."""
    try:
        if not text[:1].isdecimal():
            raise ValueError  # Yesterday is another day for each reader.
        read_when(text, FAR_AHEAD)
    except (Unreadable, ValueError):
        return False
    return True


def is_slug(text: str) -> bool:
    """Whether it may be a name in the address of a page."""
    return _SLUG.fullmatch(text) is not None


def is_web_address(text: str) -> bool:
    """Whether it is an absolute http(s) address of a named host."""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not re.search(r'[\s<>"\\]', text)


def is_own_address(text: str) -> bool:
    """Whether it is a path on this site or a place on the page; `//host` and `/\\host` are not."""
    return text.startswith("#") or (
        text.startswith("/") and not text.lower().startswith(("//", "/\\", "/%5c"))
    )


def _markdown() -> MarkdownIt:
    # HTML is recognised in order to be refused; what is refused is never rendered.
    markdown = MarkdownIt("zero", {"html": True}).use(
        container_plugin, "block", validate=lambda params, markup: bool(params.strip())
    )
    markdown.enable(["heading", "list", "blockquote", "hr", "html_block"])
    markdown.enable(
        ["newline", "escape", "emphasis", "link", "image", "autolink", "entity", "html_inline"]
    )
    markdown.core.ruler.before("text_join", "keep_lines", _keep_lines)
    # Links are judged by `_Reader.link`, which says what is wrong with them.
    markdown.validateLink = lambda url: True
    return markdown


def _keep_lines(state) -> None:
    """Keep with each run of text its lines without what was escaped or read as a mark."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        plain, is_address = "", False
        for child in token.children:
            if child.type in ("softbreak", "hardbreak"):
                plain += "\n"
            elif child.type == "link_open":
                is_address = child.markup == "autolink" or child.attrs["href"].startswith("http")
            elif child.type == "link_close":
                is_address = False
            elif child.type == "text":
                plain += _ADDRESS.sub("x", child.content) if is_address else child.content
            elif child.content.startswith("\\") and child.content == child.markup:
                plain += child.content  # A letter after it is not escaped.
            else:
                plain += "x"
        token.meta["lines"] = plain.split("\n")


#: The words of a link may be its address.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")

#: A year, or another number that no list has so many items for, at the beginning of a paragraph.
_NUMBERED = re.compile(
    r"^([ \t]*(?:(?:[-+*]|\d{1,2}[.)])[ \t]+)*\d{3,9})([.)])(?=[ \t]|$)", re.ASCII | re.MULTILINE
)


def _without_numbered_years(text: str) -> str:
    """The text in which `1986. That was the year.` begins no list."""
    return _NUMBERED.sub(r"\1\\\2", text)


_MARKDOWN = _markdown()


def _rendered(tokens: list[Token]) -> str:
    for token in tokens:
        for inline in token.children or ():
            if inline.type == "text":
                inline.content = unbroken(inline.content)
    return _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
#: A figure and its unit, a day and its month, a time and its zone: no line ends between them.
_TOGETHER = re.compile(rf"(?<=\d) (?=(?:d|h|m|s|km)\b|(?:{_MONTHS})\b|UTC\b)|(?<=\d [dh]) (?=\d)")


def unbroken(text: str) -> str:
    """`370 d 21 h 22 m` and `27 September` with no-break spaces, so that they stay on a line."""
    return _TOGETHER.sub("\u00a0", text)


def _groups(tokens: list[Token]) -> Iterator[list[Token]]:
    """Tokens from one opening at the left margin to its closing."""
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield group
            group = []


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _with_lines(token: Token) -> Iterator[tuple[int, Token]]:
    """The marks of a run of text, each with its line."""
    line = _line(token)
    for child in token.children or ():
        yield line, child
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        else:
            line += child.content.count("\n")
