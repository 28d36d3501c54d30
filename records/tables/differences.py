"""What was changed in a text or a list, as HTML: marked in words for those who do not see it."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from records.body.differences import ADDED, REMOVED, SAME, Passage, passages

from .pieces import joined

#: How many words of what is the same stand before and behind a change.
AROUND = 30

_MARKS = {
    REMOVED: '<del><span class="visually-hidden"> [taken out: </span>{}{}</del>',
    ADDED: '<ins><span class="visually-hidden"> [put in: </span>{}{}</ins>',
}
_END = SafeString('<span class="visually-hidden">] </span>')


def marked(old: str, new: str, *, around: int = AROUND) -> SafeString:
    """Both texts in one, with marks on what was taken out and put in; of what is the same only the
    words around these."""
    found = passages(old, new)
    last = len(found) - 1
    return _differences(
        _shortened(one, around, begins=number == 0, ends=number == last)
        for number, one in enumerate(found)
    )


def sides(old: str, new: str) -> tuple[SafeString, SafeString]:
    """The old text with marks on what was taken out, and the new one on what was put in."""
    found = passages(old, new)
    return tuple(
        _differences(one for one in found if one.kind in (SAME, kind)) for kind in (REMOVED, ADDED)
    )


def listed(names: Iterable[tuple[str, str]]) -> SafeString:
    """A list of `(kind, name)`, with marks on those that were taken out and put in."""
    items = ((_written(kind, name),) for kind, name in names)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", items))


def _differences(found: Iterable[Passage]) -> SafeString:
    text = joined((_written(one.kind, one.text) for one in found), "")
    return format_html('<div class="differences">{}</div>', text)


def _written(kind: str, text: str) -> SafeString | str:
    if kind == SAME:
        return format_html("{}", text)
    # A line end that is all there is to see would not be seen; blanks behind a word are no part of
    # what is to be seen.
    shown = text.rstrip(" ") or text
    mark = format_html(_MARKS[kind], shown.replace("\n", "¶\n"), _END)
    return joined((mark, text[len(shown) :]), "")


def _shortened(passage: Passage, around: int, *, begins: bool, ends: bool) -> Passage:
    if passage.kind != SAME:
        return passage
    words = [one.span() for one in re.finditer(r"\S+", passage.text)]
    if len(words) <= around * (2 - begins - ends) + around:
        return passage
    ahead = "" if begins else f"{passage.text[: words[around - 1][1]]} "
    behind = "" if ends else f" {passage.text[words[-around][0] :]}"
    return Passage(SAME, f"{ahead}…{behind}")
