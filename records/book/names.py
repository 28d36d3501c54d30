"""Names as people type them: whatever the case, accents, hyphens, apostrophes and unseen marks."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

#: Dropped from within a name: O'Hara, O’Hara and O´Hara are written as one word.
_APOSTROPHES = "'’‘‛`´ʹʻʼʽʾʿˈ′＇"

#: Letters that no accent makes of others.
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}

_PLAIN = str.maketrans(_LETTERS | dict.fromkeys(_APOSTROPHES))

#: How Germans and Scandinavians write them where a keyboard has none.
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

_WORD = re.compile(r"\d+|[^\W\d_]+")


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as look-ups compare them: `López-Alegría` is `lopez`, `alegria`.

    Numbers stand by themselves, without leading zeros: `Soyuz MS-09` is `soyuz`, `ms`, `9`.
    """
    plain = name.casefold().translate(_PLAIN)
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(one for one in decomposed if not _is_mark(one))
    return tuple(word.lstrip("0") or word for word in _WORD.findall(plain))


def _is_mark(character: str) -> bool:
    """Whether it only decorates the letter before it, or is not seen at all."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf")


def folded(name: str) -> str:
    """The name's words without what is between them: two names that differ in nothing a reader
    would type are the same."""
    return "".join(words_of(name))


@dataclass(frozen=True)
class Spelling:
    """One way to write somebody's name, ready to be compared."""

    words: tuple[str, ...]

    @classmethod
    def all_of(cls, names: Iterable[str]) -> tuple["Spelling", ...]:
        """Those of the names that are not empty, also as they are typed without ä, ö, ü, ø, å."""
        written = {
            words_of(one) for name in names for one in (name, name.casefold().translate(_DIGRAPHS))
        }
        return tuple(cls(words) for words in written if words)

    @cached_property
    def folded(self) -> str:
        return "".join(self.words)

    def contains(self, typed: tuple[str, ...]) -> bool:
        """Whether all that was typed is in it, in any order; a number only as a whole."""
        return all(
            word in self.words if word.isdecimal() else word in self.folded for word in typed
        )

    def is_called(self, typed: tuple[str, ...]) -> bool:
        """Whether this is the whole name, in any order: `Rubio, Frank`."""
        return sorted(typed) == sorted(self.words) or "".join(typed) == self.folded

    def has_part(self, typed: tuple[str, ...]) -> bool:
        """Whether whole words of the name were typed: `Rubio`, `vande hei`, `lopezalegria`."""
        if set(typed) <= set(self.words):
            return True
        whole, count = "".join(typed), len(self.words)
        return any(
            "".join(self.words[begin:end]) == whole
            for begin in range(count)
            for end in range(begin + 1, count + 1)
        )
