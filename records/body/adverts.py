"""Places for adverts in a body, by rule.

An advert stands between two paragraphs, so never beside a quote, a leaderboard, a list or a
heading, and never last. Nothing stands between a sentence that ends with a colon and what it
announces. It comes after the second paragraph at the earliest. There is at most one
for every `ADVERT_EVERY_WORDS` words of the story, and at least as many words between two. A writer
who marks places with `::: advert` chooses among those; nobody can mark a place the rule forbids.

Which advert stands where follows from the story's slug alone, so that every reader and every cache
sees the same page.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import log

from .blocks import AdvertBlock, AdvertSlot, Block, Paragraph

ADVERT_EVERY_WORDS = 250
FIRST_PARAGRAPHS = 2


def place(
    blocks: Sequence[Block], adverts: Iterable, *, slug: str, every: int = ADVERT_EVERY_WORDS
) -> list[Block]:
    """The blocks with `AdvertBlock`s in their places and the writer's marks removed.

    `adverts` are those running, each with a `slug` and a `weight`. An advert is shown once in a
    story; where none is left there is no box.
    """
    story = [block for block in blocks if not isinstance(block, AdvertSlot)]
    left = [advert for advert in adverts if advert.weight > 0]
    chosen = {}
    for number, position in enumerate(places(blocks, every=every)):
        if not left:
            break
        chosen[position] = choose(left, f"{slug} {number}")
        left.remove(chosen[position])
    placed = []
    for position, block in enumerate(story):
        if position in chosen:
            placed.append(AdvertBlock(block.line, chosen[position]))
        placed.append(block)
    return placed


def places(blocks: Sequence[Block], *, every: int) -> list[int]:
    """Positions, among the blocks that are not marks, that an advert stands in front of."""
    story = [block for block in blocks if not isinstance(block, AdvertSlot)]
    marked = _marked(blocks)
    allowed = sum(block.words for block in story) // every
    found: list[int] = []
    paragraphs, since = 0, every
    for position in range(1, len(story)):
        before, after = story[position - 1], story[position]
        paragraphs += isinstance(before, Paragraph)
        since += before.words
        if (
            len(found) < allowed
            and since >= every
            and paragraphs >= FIRST_PARAGRAPHS
            and isinstance(before, Paragraph)
            and isinstance(after, Paragraph)
            and not _announces(before)
            and (not marked or position in marked)
        ):
            found.append(position)
            since = 0
    return found


def _announces(paragraph: Paragraph) -> bool:
    """Whether it ends with a colon: what it announces follows at once."""
    return paragraph.html.text.rstrip().endswith((":", "："))


def choose(adverts: Sequence, key: str):
    """One of the adverts, each in proportion to its weight over many keys; the same for one key.

    When an advert starts or ends, only the places it wins or leaves change hands.
    """

    def draw(advert):
        digest = sha256(f"{key} {advert.slug}".encode()).digest()
        share = (int.from_bytes(digest[:7]) + 1) / (2**56 + 1)  # Above 0 and below 1.
        return (-log(share) / advert.weight, advert.slug)

    return min(adverts, key=draw)


def _marked(blocks: Sequence[Block]) -> set[int]:
    marked, position = set(), 0
    for block in blocks:
        if isinstance(block, AdvertSlot):
            marked.add(position)
        else:
            position += 1
    return marked
