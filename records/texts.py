"""What may stand in a text, and how a text is cleaned before it is kept.

There is one cleaning for texts of one line and one for longer ones, whether a form, an import, a
fixture or a program brings them. Some characters are refused in words, since nobody can tell what
was meant; others, which nobody sees and nobody misses, are dropped.
"""

import re
import unicodedata

from anyascii import anyascii

#: What XML, and so every feed, knows no way to write. Tabs and ends of lines are none of these.
CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
#: Places in Unicode where there will never be a character.
NOWHERE = r"\ufdd0-\ufdef" + "".join(
    rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(0x11)
)
#: Invisible characters that turn the direction of the text after them.
DIRECTIONS = r"\u202a-\u202e\u2066-\u2069"
#: Marks without width, byte order marks, soft hyphens.
UNSEEN = r"\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
#: Every white space but the plain one, and letters that look like it.
SPACES = r"\u0009\u000d\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0"
_STRANGE = f"{CONTROLS}{NOWHERE}{DIRECTIONS}{UNSEEN}"
#: Patterns of what no clean text contains, as Python's `re` and PostgreSQL read them alike. Python
#: alone can meet half of a character, and can normalise.
STRANGE_IN_LINE = rf"[{_STRANGE}{SPACES}\u000a]|\A | \Z|  "
STRANGE_IN_LINES = rf"[{_STRANGE}{SPACES};]|\A[\u000a ]|[\u000a ]\Z|[\u000a ]{{2}}"
STRANGE_IN_TEXT = rf"[{_STRANGE}\u000d\u2028\u2029]|\A[\u0009\u000a ]|[\u0009\u000a ]\Z"

_REFUSED = re.compile(
    rf"(?P<control>[{CONTROLS}])|(?P<nowhere>[{NOWHERE}])|(?P<turn>[{DIRECTIONS}])"
    r"|(?P<half>[\ud800-\udfff])"
)
_REASONS = {
    "control": "there is a control character (%s) here; type it anew.",
    "nowhere": "%s is no character; remove it.",
    "turn": "an invisible mark here turns the direction of the text; remove it.",
    "half": "half of a character (%s) is here; type it anew.",
}

_UNSEEN = re.compile(f"[{UNSEEN}]")
_SPACES = re.compile(rf"[{SPACES}\u000a ]+")
_PARTED = re.compile("[;\r\n\u2028\u2029]+")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_JOINERS = "\u200c\u200d"
#: A flag of a part of a country is spelt in characters that are invisible anywhere else.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]+)|[\U000e0000-\U000e007f]")


def clean_line(text: str) -> str:
    """A text of one line as it is kept: each run of white space is one space.

    Raises ValueError, with words, for what is refused.
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip(" "):
        return text
    return _SPACES.sub(" ", _visible(text)).strip(" ")


def clean_lines(text: str) -> str:
    """Texts of one line each, one below the other; a semicolon parts them as well. Raises
    ValueError, with words, for what is refused."""
    return "\n".join(filter(None, map(clean_line, _PARTED.split(text))))


def clean_text(text: str) -> str:
    """A text of several lines as it is kept. Raises ValueError, with words, for what is refused."""
    return _LINE_ENDS.sub("\n", _visible(text)).strip()


def refusals(text: str):
    """`(line, words)` for every character that is refused. Lines count from 1."""
    for found in _REFUSED.finditer(text):
        code = f"U+{ord(found[0]):04X}"
        words = _REASONS[found.lastgroup]
        yield text.count("\n", 0, found.start()) + 1, words % code if "%s" in words else words


def without_refused(text: str) -> str:
    return _REFUSED.sub("", text)


def _visible(text: str) -> str:
    for line, words in refusals(text):
        where = f"line {line}: " if "\n" in text else ""
        raise ValueError(f"{where}{words}" if where else words[0].upper() + words[1:])
    text = _UNSEEN.sub("", text)
    text = _TAGS.sub(lambda found: found[1] or "", text)
    return unicodedata.normalize("NFC", _joined(unicodedata.normalize("NFC", text)))


def _joined(text: str) -> str:
    """The text with joiners only where letters without case, as those of Persian and Hindi, or
    emoji may need them."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    kept, base = [""], ""
    for character in text:
        if character in _JOINERS:
            if kept[-1] in _JOINERS or not _is_joined(base):
                continue
        elif unicodedata.category(character) != "Mn":
            base = character
        kept.append(character)
    return "".join(kept)


def _is_joined(base: str) -> bool:
    if not base:
        return False
    kind = unicodedata.category(base)
    return (
        kind in ("Lo", "Lm", "Mc")
        or (kind == "So" and base >= "\u2190")
        or "\U0001f3fb" <= base <= "\U0001f3ff"
    )


# Texts that are clean and yet look wrong

_LOST = re.compile("[\ufffc\ufffd\ue000-\uf8ff]")
_ESCAPED = re.compile(
    r"&(?:[A-Za-z]{2,8}|#\d{2,7}|#x[0-9A-Fa-f]{2,6});|\\[ux][0-9A-Fa-f]{2,4}|(?:%[C-F][0-9A-F]%[89AB][0-9A-F])"
)
#: What letters and quotation marks look like in UTF-8, in bytes: one of them, or two together.
_ONE = rb"[\xc2-\xc5][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]"
_TWO = rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}){2,}|\xf0\x9f[\x80-\xbf]{2}"
_CYRILLIC = rb"(?:[\xd0\xd1][\x80-\xbf]){2,}"
_MISREADINGS = [
    *((codec, re.compile(_ONE + b"|" + _TWO)) for codec in ("cp1252", "mac_roman", "cp850")),
    ("cp437", re.compile(_ONE)),
    ("cp1250", re.compile(_ONE)),
    ("cp1251", re.compile(_CYRILLIC)),
]
#: The second half of “à” is a no-break space, which is lost where white space is tidied.
_HALF = re.compile(r"(?<=[a-zß-ÿ])[ÂÃ](?= |\Z)")


def misreading(text: str, *, markup: bool = False) -> str:
    """Words for what makes a text look as if it had been decoded wrongly; empty if nothing does.

    In `markup` a character may be written as `&eacute;`.
    """
    if not markup and (found := _ESCAPED.search(text)):
        return f"“{found[0]}” looks like a character that was written for a program"
    if text.isascii():
        return ""
    if found := _LOST.search(text):
        return f"U+{ord(found[0]):04X} stands where a character was lost"
    for codec, pattern in _MISREADINGS:
        # One byte for each character, so that places in both are the same.
        data = text.encode(codec, "replace")
        for found in pattern.finditer(data):
            wrong = text[found.start() : found.end()]
            try:
                return f"“{wrong}” looks like “{found[0].decode()}”, decoded wrongly"
            except UnicodeDecodeError:
                continue
    if found := _HALF.search(text):
        return f"“{found[0]}” looks like half of a letter, decoded wrongly"
    return ""


#: Marks inside a word: O’Hara is one.
_IN_WORDS = re.compile("['’ʻʼ`]")
_BETWEEN_WORDS = re.compile("[^a-z0-9]+")


def slug_of(text: str, *, longest: int) -> str:
    """What a text in any script may be called in an address, in whole words if they fit: empty if
    it has no letters. What is not Latin is written as it is commonly transliterated, Chinese
    without tones."""
    plain = anyascii(_IN_WORDS.sub("", unicodedata.normalize("NFC", text))).lower()
    slug = _BETWEEN_WORDS.sub("-", _IN_WORDS.sub("", plain)).strip("-")
    if len(slug) <= longest:
        return slug
    whole = slug[: longest + 1].rpartition("-")[0]
    return (whole or slug[:longest]).strip("-")
