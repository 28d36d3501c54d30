"""Marks of other Markdowns, wikis and word processors, which mean nothing in a body.

Each has its cure. They are looked for line by line in what is left of a text once the marks that
are accepted have been read; what a writer escaped (`\\~`) is left out.
"""

import re
from collections.abc import Iterator

_LITERAL = " To show it, put a \\ before it."
_LINK = "write [words](https://…)"
_STAR = "use *one star* on both sides"

#: Pattern → what the writer is told; %s is what was found. Spans are short, so that no text of
#: accepted length takes long to be looked through.
_MARKS = {
    re.compile(pattern): words
    for pattern, words in {
        # Whole lines, and beginnings of lines
        r"^\|(?!\|).*\||^(?=[^-]*-)(?=[^|]*\|)[ :|-]+$": "tables are not accepted; write a "
        "list, or show a leaderboard.",
        r"^(?:`{3,}|~{3,}|'{3,}|\"{3,}|[‘’]{2,}|[“”]{2,}|\+{3,})\s*\w*$": "a fence of code or "
        "settings is not accepted; take it away.",
        r"^(?:={2,}|-)$": "a line below makes no heading; begin the heading with “## ”.",
        r"^#{1,6}(?=[^\s#])": "a heading needs a space after its ##; to show a #, write \\#.",
        r"^[•‣◦●○■□▪▫➢➤·∙–−\uf000-\uf0ff](?=\s)": "“%s” makes no list; begin each line of a list "
        "with “- ”.",
        r"^(?:[^\W\d_]|[^\W\d_]{1,3}[.)]|§)(?=\t)": "“%s” makes no list; begin each line of a list "
        "with “- ”.",
        r"^—(?=\s)": "“—” makes no list and names no speaker; begin each line of a list with “- ”, "
        'or use ::: quote speaker="…".',
        r"^\[[ xX]\](?=\s|$)": "check boxes are not accepted; write the list without “%s”.",
        r"^:\s": "lists of definitions are not accepted; write a sentence.",
        r"^(?:!{3}|\?{3}) ?\w": "notes in boxes are not accepted; write a paragraph.",
        r"^(?:h[1-6]|bq|fn\d)\. ": "“%s” is of another markup; headings begin with “## ”.",
        r"^\.\. \w": "“%s” is of another markup; take it away.",
        r"^%%": "“%%” hides nothing; take the line away.",
        r"^\[[^\]^][^\]]{0,200}\]:\s*\S": f"a link is written where it stands: {_LINK}.",
        # Anywhere
        r"\[\^[^\]]{0,200}\]|\^\[": "footnotes are not accepted; say it in the sentence, or link "
        "to it.",
        r"!\[[^\]]{0,200}\](?!\()": "pictures are not accepted here; take it away.",
        r"\\[A-Za-z]{2,}": "“%s” is of another markup; take it away.",
        r"(?<![:\w/])/{2}(?=\w)[^/]{1,200}(?<=\w)/{2}(?!\w)": f"“//” marks nothing; {_STAR}.",
        r"~{2,}": f"“~~” strikes nothing out; take it away, or the words with it.{_LITERAL}",
        r"~(?=[^\s~])[^~]{0,200}(?<=\S)~": f"“~” lowers no letters; take it away.{_LITERAL}",
        r"(?<!=)={2,}(?=[^\s=])|(?<=[^\s=])={2,}|^={2,} .* ={2,}$": f"“==” marks nothing; {_STAR}."
        f"{_LITERAL}",
        r"\+{2}(?=[^\s+])[^+]{1,200}\+{2}": f"“++” marks nothing; {_STAR}.{_LITERAL}",
        r"\^(?=[^\s^])[^^]{0,200}(?<=\S)\^": f"“^” raises no letters; write it out.{_LITERAL}",
        r"\${2}|\$(?=[^$]{0,200}[\\^_{}])[^$]{0,200}\$": "formulas are not accepted; write it out.",
        r"`": f"“`” marks no code; use quotation marks, or take it away.{_LITERAL}",
        r"(?<!')'{2,}(?=\w)|(?<=\w)'{2,}": f"“''” marks nothing; {_STAR}.",
        r"\[\[|\]\]": f"“%s” makes no link; {_LINK}.",
        r"\{\{|\}\}|\{%|%\}": "“%s” fills nothing in; write what shall stand here.",
        r"\{[#.:][^}]{0,200}\}": "“%s” is not accepted; take it away.",
        r"(?<![\w:]):[a-z][a-z0-9_+-]{0,40}:(?![\w:])": "“%s” makes no picture; paste the "
        "character.",
        r"\[/\w{1,40}\]|\[\w{1,40}[ =](?=[^\]=]{0,100}=)[^\]]{0,200}\]"
        r"|\[(?:b|i|u|s|url|img|code|toc|TOC)\]": "“%s” is of another markup; take it away.",
        r"\|\|": f"“||” hides nothing; take it away.{_LITERAL}",
        r"\]\[[^\]]{0,200}\]": f"a link is written where it stands: {_LINK}.",
        r"\] {0,3}\((?:https?:|/)|\]\(": f"the link cannot be read; {_LINK}, without spaces in the "
        "address.",
        r"\*{2,}|(?<!\w)__|__(?!\w)": "“%s” is not closed; put it on both sides of the words."
        f"{_LITERAL}",
        r"(?<!\s)\*(?!\*)|(?<!\*)\*(?=[^\s*])": "“*” is not closed; put it on both sides of the "
        f"words.{_LITERAL}",
        r"(?<![\w_])_(?=\w)|(?<=\w)_(?![\w_])": "“_” is not closed; put it on both sides of the "
        f"words.{_LITERAL}",
        r"(?:https?://|\bwww\.)\S": f"an address alone makes no link; {_LINK}.",
        r"(?<!-)-{2,3}(?!-)(?=[ \w])": "“%s” stays as it is; write a dash: –.",
        r"[\u2010-\u2012\u2015\ufe58\ufe63\uff0d]": "“%s” is an odd hyphen; type -, or – for a "
        "dash.",
    }.items()
}


def strange_marks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """`(place of the line, words)` for the first mark in each line that is not accepted."""
    for place, line in enumerate(lines):
        line = line.strip()
        for pattern, words in _MARKS.items():
            if found := pattern.search(line):
                yield place, words.replace("%s", found[0][:40])
                break
