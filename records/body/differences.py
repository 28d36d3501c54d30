"""What was changed from one text to another, word by word.

Paragraphs that stand in both are found first, then the words of those that differ: a word that was
put in is one passage, a paragraph that was taken out is another.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

#: A line with what is empty below it.
PARAGRAPH = re.compile(r"[^\n]*\n+|[^\n]+")
#: A word or a mark, with the blanks behind it; line ends.
WORD = re.compile(r"\n+|(?:\w+(?:[’'-]\w+)*|[^\w\s]|[^\S\n])[^\S\n]*")
LETTER = re.compile(r"\w")

#: Of two sequences with more pairs than this only what stands once in both is looked for: comparing
#: all of them takes time in the cube of their length.
MOST_PAIRS = 60_000
#: A run of words that stands in both, between two changes each so many times as long as it, is
#: there by chance.
BY_CHANCE = 3

SAME, REMOVED, ADDED = "same", "removed", "added"

#: What stands in the old text, and what stands there in the new one.
Change = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of both texts (`same`), of the old one (`removed`) or of the new one (`added`)."""

    kind: str
    text: str


def passages(old: str, new: str) -> list[Passage]:
    """The passages that both texts are made of, in order; what was removed comes before what stands
    in its place. Those that are the same or added make up the new text."""
    found: list[Change] = []
    for one in _changes(PARAGRAPH.findall(old), PARAGRAPH.findall(new)):
        removed, added = one
        if removed and added and removed != added:
            found += _without_chance(_changes(WORD.findall(removed), WORD.findall(added)))
        else:
            found.append(one)
    return [passage for change in _grouped(found) for passage in _passages_of(*change)]


def _passages_of(removed: str, added: str) -> Iterator[Passage]:
    if removed == added:
        yield Passage(SAME, added)
        return
    for kind, text in ((REMOVED, removed), (ADDED, added)):
        if text:
            yield Passage(kind, text)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """What stands for what, in order; what is the same stands for itself."""
    i = j = 0
    for begin, other, length in _matches(list(map(_key, old)), list(map(_key, new))):
        if i < begin or j < other:
            yield "".join(old[i:begin]), "".join(new[j:other])
        i, j = begin + length, other + length
        if length:
            yield ("".join(new[other:j]),) * 2


def _key(token: str) -> str:
    """What a token is known by: the blanks behind a word are not."""
    return token.rstrip(" \t") or token


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where equal runs begin in both, and how long they are, in order; at last the ends of both."""
    found, waiting = [], [(0, len(old), 0, len(new))]
    while waiting:
        i, end, j, other_end = waiting.pop()
        ahead = _alike(zip(old[i:end], new[j:other_end], strict=False))
        found.append((i, j, ahead))
        i, j = i + ahead, j + ahead
        behind = _alike(zip(reversed(old[i:end]), reversed(new[j:other_end]), strict=False))
        end, other_end = end - behind, other_end - behind
        found.append((end, other_end, behind))
        one, other = old[i:end], new[j:other_end]
        if len(one) * len(other) <= MOST_PAIRS:
            blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
            found += [(i + a, j + b, length) for a, b, length in blocks]
        elif anchors := _once_in_both(one, other):
            # Each stretch begins with what stands once in both, and is at an end before the next.
            begins = [(i, j), *((i + a, j + b) for a, b in anchors)]
            ends = [*begins[1:], (end, other_end)]
            waiting += [(a, c, b, d) for (a, b), (c, d) in zip(begins, ends, strict=True)]
    return [*sorted(one for one in found if one[2]), (len(old), len(new), 0)]


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs there are before the first that is none of two equals."""
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count


def _once_in_both(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Where that stands which each has once, as far as it comes in the same order in both: the
    most of it."""
    once = [{one for one, count in Counter(text).items() if count == 1} for text in (old, new)]
    places = {one: place for place, one in enumerate(new) if one in once[1]}
    pairs = [(i, places[one]) for i, one in enumerate(old) if one in once[0] and one in places]
    # The longest rising row: the least end of a row of each length, and what came before it.
    ends, rows, before = [], [], []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(rows[length - 1] if length else None)
        ends[length : length + 1], rows[length : length + 1] = [place], [number]
    rising, number = [], rows[-1] if rows else None
    while number is not None:
        rising.append(pairs[number])
        number = before[number]
    return rising[::-1]


def _without_chance(changes: Iterable[Change]) -> list[Change]:
    """The changes, with those made one that only chance holds apart: blanks, marks, or a few words
    that two other sentences happen to share."""
    found: list[Change] = []
    for removed, added in _grouped(changes):
        if len(found) > 1 and _is_same(found[-1]) and not _is_same((removed, added)):
            size = min(map(_size, (found[-2], (removed, added))))
            words = found[-1][1].split()
            if not LETTER.search(found[-1][1]) or len(words) * BY_CHANCE <= size:
                (old, new), (shared, _) = found[-2], found[-1]
                found[-2:] = [(old + shared + removed, new + shared + added)]
                continue
        found.append((removed, added))
    return found


def _is_same(change: Change) -> bool:
    return change[0] == change[1]


def _size(change: Change) -> int:
    return max(len(text.split()) for text in change)


def _grouped(changes: Iterable[Change]) -> Iterator[Change]:
    """What is the same in one piece, and what is not."""
    for _, group in groupby(changes, _is_same):
        removed, added = zip(*group, strict=True)
        yield "".join(removed), "".join(added)
