"""CSV files: how they are written, and read as programs and spreadsheets write them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from types import SimpleNamespace

from .cells import NOTHING

#: What a column is called that has no name; pandas reads the latter for the former.
_UNNAMED = re.compile(r"|Unnamed: \d+")
_SEPARATORS = {";": "semicolons (;)", "\t": "tabs", "|": "bars (|)"}
_EXCEL_SEPARATOR = re.compile(r'"?(sep=.)"?[\r\n]', re.IGNORECASE)
_CURE = "save it as “CSV UTF-8”"


def written(lines: Iterable[Iterable], *, spreadsheet: bool = False) -> bytes:
    """The lines of cells as CSV in UTF-8; for a spreadsheet with the byte order mark and the line
    ends by which it knows what it opens."""
    texts = []
    # With its own line ends the writer quotes a lone carriage return as well.
    csv.writer(SimpleNamespace(write=texts.append), lineterminator="\r\n").writerows(lines)
    if spreadsheet:
        return "".join(texts).encode("utf-8-sig")
    return "".join(text.removesuffix("\r\n") + "\n" for text in texts).encode()


class Reader:
    """Lines of a CSV file as `(line number, cells by column)`; what cannot be read goes to
    `problems`, as `(line number or 0, words)`.

    A byte order mark, CRLF line ends, empty lines, numbered or empty columns without a name and
    columns in any order are accepted, with `extra` also columns that are not in the header. The
    `optional` ones may be missing. A wrong separator or encoding is the one problem of its file.
    """

    def __init__(
        self,
        data: bytes,
        header: list[str],
        *,
        optional: Collection[str] = (),
        extra: bool = False,
    ):
        self.data = data
        self.header = header
        self.optional = optional
        self.extra = extra
        self.problems: list[tuple[int, str]] = []
        #: Whether no line can be read, for one cause.
        self.is_refused = False

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        text = self._decoded()
        if text is None or not self._is_separated_by_commas(text):
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        start, columns, lines = 1, None, []
        try:
            for values in reader:
                if columns is None:
                    columns = [name.strip() for name in values]
                    if not self._take_header(columns):
                        return
                elif not any(values):
                    pass  # Spreadsheets keep rows that were emptied.
                elif len(values) != len(columns):
                    self.problems.append((start, f"has {len(values)} cells, not {len(columns)}"))
                else:
                    lines.append((start, values))
                start = reader.line_num + 1
        except csv.Error as error:
            self.problems.append((start, f"cannot be read from here on: {error}"))
        else:
            if columns is None:
                self.problems.append((0, "is empty: not even a header"))
            elif not text.endswith(("\n", "\r")):
                self.problems.append((start - 1, "ends within a line: the file is cut off"))
        if columns is not None:
            self._judge_unnamed(columns, lines)
        for number, values in lines:
            cells = ("" if cell in NOTHING else cell for cell in values)
            yield number, dict(zip(columns, cells, strict=True))

    def _decoded(self) -> str | None:
        """The file's text. What is not UTF-8 in it becomes lone surrogates, by which its row is
        found; None if all of it is something else."""
        if self.data.startswith(b"PK\x03\x04"):
            return self._refuse(0, f"is a workbook or an archive, not CSV: {_CURE}")
        if encoding := _wide_encoding(self.data):
            return self._refuse(0, f"is {encoding}, not UTF-8: {_CURE}")
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = self.data.decode("utf-8-sig", errors="surrogateescape")
            if any(not character.isascii() and character < "\ud800" for character in text):
                return text
            line = self.data.count(b"\n", 0, error.start) + 1
            return self._refuse(line, f"is {_narrow_encoding(self.data)}, not UTF-8: {_CURE}")

    def _is_separated_by_commas(self, text: str) -> bool:
        if found := _EXCEL_SEPARATOR.match(text):
            self._refuse(1, f"“{found[1]}” is for Excel alone: take this line away")
            return False
        first = text.splitlines()[0] if text else ""
        for separator, words in _SEPARATORS.items():
            names = {name.strip('" ') for name in first.split(separator)}
            if separator in first and len(names.intersection(self.header)) > 1:
                self._refuse(1, f"the cells are separated by {words}, not by commas")
                return False
        return True

    def _take_header(self, columns: list[str]) -> bool:
        named = [name for name in columns if not _UNNAMED.fullmatch(name)]
        known = set(self.header)
        unknown = [] if self.extra else [name for name in named if name not in known]
        wrong = [
            *(
                f"{name!r} is missing"
                for name in self.header
                if name not in named and name not in self.optional
            ),
            *(f"{name!r} is unknown" for name in unknown),
            *(
                f"{name!r} is there {times} times"
                for name, times in Counter(named).items()
                if times > 1 and name in known
            ),
        ]
        if wrong:
            self.problems.append((1, f"the header is wrong: {', '.join(wrong)}"))
        return not wrong

    def _judge_unnamed(self, columns: list[str], lines: list[tuple[int, list[str]]]):
        """Complain about columns without a name, unless they are empty or only number the rows."""
        for place, name in enumerate(columns):
            if _UNNAMED.fullmatch(name) and not self.extra:
                cells = [values[place] for _, values in lines]
                if any(cells) and not all(map(str.isdecimal, cells)):
                    self.problems.append((1, f"column {place + 1} has no name"))

    def _refuse(self, number: int, words: str) -> None:
        self.is_refused = True
        self.problems.append((number, words))


def _wide_encoding(data: bytes) -> str:
    """The name of an encoding of two or four bytes a character; empty if it is none."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    start = data[:200]
    halves = (start[::2], start[1::2])
    return "UTF-16" if any(half and half.count(0) > len(half) / 2 for half in halves) else ""


def _narrow_encoding(data: bytes) -> str:
    try:
        data.decode("windows-1252")
    except UnicodeDecodeError:
        return "in another encoding"
    return "Windows-1252, as it seems"
