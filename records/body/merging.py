"""What becomes of two changes of one text or list."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

#: The end of a line stands for itself, so that each line has the words that it has in its text.
_WORDS = re.compile(r"\n|[^\S\n]+|\w+(?:['’.,:-]\w+)*|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

#: Of longer passages common words are no longer looked at one by one, and the longest are not
#: compared inside: that would take seconds.
MANY_WORDS = 2000
TOO_MANY_WORDS = 20_000


class Merged(NamedTuple):
    """Two changes of one text, as its words, or of one list. Where they `overlap` it has the first
    one."""

    parts: list[str]
    overlap: bool

    @property
    def text(self) -> str:
        return "".join(self.parts)


class _Edit(NamedTuple):
    """What stands from `begin` to `end` is replaced; either may be nothing."""

    begin: int
    end: int
    parts: list[str]


def merged(base: str, one: str, other: str) -> Merged:
    """The base with what the two texts change of it."""
    return _merge(_WORDS.findall(base), _edits(base, one), _edits(base, other))


def merged_lists(base: Sequence[str], one: Sequence[str], other: Sequence[str]) -> Merged:
    """The same for lists."""
    return _merge(base, list(_differences(base, one)), list(_differences(base, other)))


def _merge(base: Sequence[str], ones: list[_Edit], others: list[_Edit]) -> Merged:
    """Both changes made; of edits that touch each other and differ, the first ones."""
    theirs = [edit for edit in others if edit not in ones]
    clear = [edit for edit in theirs if not any(_touch(edit, one) for one in ones)]
    found, place = [], 0
    for edit in sorted((*ones, *clear), key=lambda edit: edit[:2]):
        found += [*base[place : edit.begin], *edit.parts]
        place = edit.end
    return Merged([*found, *base[place:]], overlap=len(clear) < len(theirs))


def _touch(one: _Edit, other: _Edit) -> bool:
    return one.begin <= other.end and other.begin <= one.end


def _edits(old: str, new: str) -> list[_Edit]:
    """What makes the new text of the old one: changed lines first, then the words in them."""
    old_lines, starts, found = _LINES.findall(old), [0], []
    for line in old_lines:
        starts.append(starts[-1] + len(_WORDS.findall(line)))
    for begin, end, lines in _differences(old_lines, _LINES.findall(new)):
        before, after = (_WORDS.findall("".join(some)) for some in (old_lines[begin:end], lines))
        found += [
            _Edit(starts[begin] + edit.begin, starts[begin] + edit.end, edit.parts)
            for edit in _differences(before, after)
        ]
    return found


def _differences(old: Sequence[str], new: Sequence[str]) -> Iterator[_Edit]:
    if max(len(old), len(new)) > TOO_MANY_WORDS:
        if old != new:
            yield _Edit(0, len(old), list(new))
        return
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=len(new) > MANY_WORDS)
    for kind, begin, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            yield _Edit(begin, end, list(new[first:last]))
