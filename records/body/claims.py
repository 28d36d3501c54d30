"""Claims of a story: which passages state what of a record, a line each.

    value passage="371 days" leaderboard="longest-spaceflight" astronaut="frank-rubio"
    rank passage="share third place" leaderboard="longest-spaceflight" astronaut="frank-rubio"
    count passage="Only seven people" leaderboard="longest-spaceflight" mark="365"
    nobody passage="nobody has" leaderboard="total-time-in-space" mark="1000"

Whether it is so is not known here. What stands in the story in these words is its `passage`; where
the words are changed, the claim is left without one, and that is seen.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from .blocks import ClaimBlock
from .parse import Body, TextProblem, is_instant, is_slug, read_arguments

#: More than any story needs.
MAX_CLAIMS = 100
MAX_PASSAGE = 300
MAX_MARK = 100_000

ARGUMENTS = ("passage", "leaderboard", "astronaut", "mission", "mark", "at", "kept", "by")
#: Kind → what it cannot do without, besides a passage and a leaderboard.
NEEDS = {"value": (), "rank": ("astronaut",), "count": (), "nobody": ("mark",)}
#: Kind → what it says nothing of.
LEAVES = {
    "value": ("mark",),
    "rank": ("mark",),
    "count": ("astronaut", "mission"),
    "nobody": ("astronaut", "mission"),
}
_LINE = re.compile(r"(?P<kind>\w*)(?P<rest>.*)", re.S)
_SLUGS = ("leaderboard", "astronaut", "mission")


def parse_claims(text: str) -> Body:
    """Read the claims of a story. Never raises: what cannot be read is a problem."""
    blocks, problems = [], []
    lines = text.splitlines()
    for number, line in enumerate(lines[:MAX_CLAIMS], 1):
        if line.strip():
            block, words = _read(number, line.strip())
            blocks += [block] if block else []
            problems += [TextProblem(number, one) for one in words]
    if len(lines) > MAX_CLAIMS:
        problems.append(TextProblem(MAX_CLAIMS + 1, f"a story has at most {MAX_CLAIMS} claims."))
    return Body(tuple(blocks), tuple(problems))


def _read(number: int, line: str) -> tuple[ClaimBlock | None, list[str]]:
    parts = _LINE.match(line)
    if parts["kind"] not in NEEDS:
        return None, [f"say what is claimed: {', '.join(NEEDS)}."]
    kind = parts["kind"]
    takes = [one for one in ARGUMENTS[2:] if one not in LEAVES[kind]]
    required = ("passage", "leaderboard", *NEEDS[kind])
    optional = tuple(one for one in takes if one not in required)
    found, problems = read_arguments(kind, parts["rest"], required, optional)
    if len(found.get("passage", "")) > MAX_PASSAGE:
        problems.append(f"a passage has at most {MAX_PASSAGE} characters.")
    for name in _SLUGS:
        if found.get(name) and not is_slug(found[name]):
            problems.append(f"{name} is the name in the address of its page.")
    mark = found.pop("mark", "")
    if mark and not (mark.isascii() and mark.isdecimal() and int(mark[:9]) <= MAX_MARK):
        problems.append("mark is a whole number: days of a duration, years of an age, or how many.")
    at = found["at"] = found.get("at") or "publication"
    if at != "publication" and not is_instant(at):
        problems.append("at must be “publication”, or a day such as 2023-09-27.")
    if problems:
        return None, problems
    return ClaimBlock(number, claims=kind, mark=int(mark) if mark else None, **found), []


def line_of(kind: str, arguments: Mapping[str, str]) -> str:
    """A claim as it is written; empty without anything in it."""
    said = {name: " ".join(str(arguments.get(name) or "").split()) for name in ARGUMENTS}
    if said["at"] == "publication":
        said["at"] = ""
    parts = [f"{name}={_quoted(value)}" for name, value in said.items() if value]
    return " ".join([kind, *parts]).strip() if parts else ""


def _quoted(value: str) -> str:
    if '"' not in value:
        return f'"{value}"'
    return f"“{re.sub('[“”]', '’', value)}”"


def written(claims: Iterable[ClaimBlock]) -> str:
    return "\n".join(line_of(one.claims, asdict(one)) for one in claims)


# Where a passage stands

_LINK = re.compile(r"\]\([^)\s]*\)")
_MARKS = re.compile(r"[*_\[\]\\]")


def plain(text: str) -> str:
    """A text as it reads: without the addresses of its links, without marks, in single spaces."""
    return " ".join(_MARKS.sub("", _LINK.sub("", text)).split())


def stands_in(passage: str, text: str) -> bool:
    """Whether the passage stands in the text of a story, in these words and not as parts of
    longer ones."""
    wanted = plain(passage)
    return bool(wanted) and place_in(wanted, plain(text)) is not None


def place_in(wanted: str, text: str) -> int | None:
    """Where the words begin for the first time; None if they do not stand there."""
    before = r"(?<![\w.,])" if wanted[:1].isalnum() else ""
    behind = r"(?!\w)" if wanted[-1:].isalnum() else ""
    if wanted not in text:
        return None
    found = re.search(f"{before}{re.escape(wanted)}{behind}", text)
    return found and found.start()


def line_in(passage: str, body: str) -> int | None:
    """The line of the text (from 1) that the passage stands in; None if in none."""
    if not stands_in(passage, body):
        return None
    lines = body.splitlines()
    return next((number for number, one in enumerate(lines, 1) if stands_in(passage, one)), 1)


# Of a form

#: How a form asks for the kind and the arguments of each row: `claims-0-kind`, `claims-0-passage` …
ASKED = ("kind", *ARGUMENTS)


def typed_claims(sent: Mapping[str, str], name: str = "claims") -> str:
    """The claims that a form says, row by row. A row without a passage is none."""
    if name in sent:
        return sent[name]
    lines = []
    for number in range(MAX_CLAIMS):
        row = {one: sent.get(f"{name}-{number}-{one}", "") for one in ASKED}
        if row["passage"].strip() and not sent.get(f"{name}-{number}-gone"):
            kind = row.pop("kind")
            left = LEAVES.get(kind, ())
            lines.append(line_of(kind, {key: row[key] for key in row if key not in left}))
    return "\n".join(lines)


def rows_of(text: str) -> list[dict[str, str]]:
    """What each row of a form is filled in with; of a line that cannot be read what can be."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = _LINE.match(line)
        row, _ = read_arguments(parts["kind"], parts["rest"], (), ARGUMENTS)
        known = {name: value for name, value in row.items() if name in ARGUMENTS}
        known.setdefault("passage", line)
        found.append({"kind": parts["kind"] if parts["kind"] in NEEDS else "", **known})
    return found
