"""CSV files: how they are written, and read as programs and spreadsheets write them."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType, SimpleNamespace

from .cells import NOTHING

#: What a column is called that has no name, by pandas and by R too.
_UNNAMED = re.compile(r"|Unnamed: [\d.]+|\.\.\.\d+")
#: What a column may be called that only numbers the rows.
_NUMBERING = re.compile(r"index|level_0|row|#|no\.?", re.IGNORECASE)
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

    A byte order mark, any line ends, none at the end, empty lines, lines that are quoted as a
    whole, numbered or empty columns without a name, names in capitals or with spaces and columns in
    any order are accepted, with `extra` also columns that are not in the header. The `optional`
    ones may be missing; `spellings` are other names of columns. A wrong separator or encoding is
    the one problem of its file.
    """

    def __init__(
        self,
        data: bytes,
        header: list[str],
        *,
        optional: Collection[str] = (),
        spellings: Mapping[str, str] = MappingProxyType({}),
        extra: bool = False,
    ):
        self.data = data
        self.names = {name: name for name in header} | spellings
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
        text = self._unquoted(text)
        if text is None:
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        last = len(text.splitlines())
        start, columns, lines = 1, None, []
        try:
            for values in reader:
                if not any(values):
                    pass  # Spreadsheets keep rows that were emptied.
                elif columns is None:
                    columns = list(map(self._called, values))
                    if not self._take_header(columns):
                        return
                elif len(values) != len(columns):
                    at_end = reader.line_num == last and not text.endswith(("\n", "\r"))
                    cause = ": the file is cut off" if at_end else ""
                    words = f"has {len(values)} cells, not {len(columns)}{cause}"
                    self.problems.append((start, words))
                else:
                    lines.append((start, values))
                start = reader.line_num + 1
        except csv.Error as error:
            self.problems.append((start, f"cannot be read from here on: {error}"))
        else:
            if columns is None:
                self.problems.append((0, "is empty: not even a header"))
        if columns is not None:
            self._judge_unnamed(columns, lines)
        for number, values in lines:
            cells = ("" if cell.strip() in NOTHING else cell for cell in values)
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
            names = {self._called(name.strip('" ')) for name in first.split(separator)}
            if separator in first and len(names.intersection(self.header)) > 1:
                self._refuse(1, f"the cells are separated by {words}, not by commas")
                return False
        return True

    def _called(self, name: str) -> str:
        """The name of the column that a header may have written in another way."""
        name = name.strip()
        if name in self.names:
            return self.names[name]
        return self.names.get(re.sub(r"[\s-]+", "_", name).lower(), name)

    def _unquoted(self, text: str) -> str | None:
        """The text without the quotation marks around each line, as a spreadsheet writes lines that
        it took for single cells; None if only some of them are so."""
        try:
            rows = csv.reader(io.StringIO(text, newline=""), strict=True)
            first, *others = next(filter(any, rows), [""])
            names = map(self._called, next(csv.reader([first], strict=True), ()))
            if any(others) or len(set(names).intersection(self.header)) < 2:
                return text
            lines = [first]
            for cell, *others in filter(any, rows):
                if any(others):
                    words = "each line is quoted as one cell, but this one has several"
                    return self._refuse(rows.line_num, words)
                lines.append(cell)
        except csv.Error:
            return text
        return "\n".join(lines) + "\n"

    def _take_header(self, columns: list[str]) -> bool:
        named = [name for name in columns if not _UNNAMED.fullmatch(name)]
        known = set(self.header)
        unknown = [] if self.extra else [name for name in named if name not in known]
        unknown = [name for name in unknown if not _NUMBERING.fullmatch(name)]
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
            numbering = name not in self.header and _NUMBERING.fullmatch(name)
            if (numbering or _UNNAMED.fullmatch(name)) and not self.extra:
                cells = [values[place] for _, values in lines]
                if any(cells) and not all(map(str.isdecimal, cells)):
                    words = f"{name!r} is unknown" if numbering else "has no name"
                    self.problems.append((1, f"column {place + 1} {words}"))

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
