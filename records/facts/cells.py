"""Single cells of the fact tables: text on the page, values in the models."""

import re
from datetime import UTC, date, datetime, time, timedelta

from records import texts
from records.instants import Precision, Reading, Unreadable, isoformat, last_day, read_when

#: As written here; and as JavaScript, pandas and databases write the same instant. That it is UTC
#: the column's name says.
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:\.0+)?(?:[Zz]|[+-]00(?::?00)?)?",
    re.ASCII,
)
#: What only looks like a date: 1961.1 is a number, and no fact is known to parts of a second.
_NO_DATE = re.compile(r"\d+\.\d+|.*:\d\d\.(?!0+(?!\d)).*", re.ASCII)
_DATE = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_FROM_A_DAY_ON = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", re.ASCII)
#: A library that knows no whole numbers with gaps among them writes 1958.0; where decimals have a
#: comma, 1958,0. Three zeros behind one may be thousands.
_NUMBER = re.compile(r"(\d{1,9})(?:\.0*|,0{1,2})?", re.ASCII)
_YEAR_OF_A_LIBRARY = re.compile(r"(\d{4})(?:\.0+|,0{1,2})", re.ASCII)
_TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "1", "1.0"), True) | dict.fromkeys(
    ("false", "f", "no", "n", "0", "0.0"), False
)
_DATE_PRECISIONS = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}


#: What programs write for a cell that holds nothing.
NOTHING = frozenset(
    {"nan", "NaN", "-nan", "-NaN", "NaT", "NA", "N/A", "n/a", "<NA>", "#NA", "#N/A", "#N/A N/A"}
    | {"None", "NULL", "null", "\\N", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN"}
)
#: What a spreadsheet writes for a cell that it could not work out.
_ERRORS = frozenset(
    {"#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#####"}
)
#: What some spreadsheet takes for the beginning of a formula, some library for nothing or another
#: for an error, and those already marked.
_TAKEN_FOR_ANOTHER = re.compile(
    r"'*(?:[=+\-@＝＋－＠\t\r\n]"
    rf"|(?:{'|'.join(map(re.escape, sorted(NOTHING | _ERRORS)))})\Z)"
)


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula and no library for an empty one: an apostrophe
    stands before what may be one.

    `read_text` takes it away again.
    """
    return f"'{cell}" if _TAKEN_FOR_ANOTHER.match(cell) else cell


def read_text(cell: str, clean=texts.clean_line) -> str:
    """The cell's text as it is kept, without the mark of `neutral`. Raises ValueError for what no
    text contains."""
    if any("\ud800" <= character <= "\udfff" for character in cell):
        raise ValueError("is not UTF-8")
    if cell.strip() in _ERRORS:
        raise ValueError(f"{cell.strip()} is an error of a spreadsheet")
    return clean(cell[1:] if cell.startswith("'") and _TAKEN_FOR_ANOTHER.match(cell) else cell)


def read_instant(cell: str, known_to: str = "") -> datetime | None:
    """`1961-04-12T06:07:00Z`, or the same as programs and people write it: with `.000`, `+03:00`, a
    space for the T, without its seconds or the zone. A day or month alone is one only where it is
    `known_to` no better. An empty cell is None. Raises ValueError with words."""
    if not cell:
        return None
    words = f"{cell!r} is not a time such as 1961-04-12T06:07:00Z"
    if found := _INSTANT.fullmatch(cell):
        try:
            return datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(tzinfo=UTC)
        except ValueError:
            raise ValueError(words) from None
    reading = _read_when(cell, words)
    well_known = {
        Precision.DAY: (Precision.DAY,),
        Precision.MONTH: (Precision.DAY, Precision.MONTH),
    }
    if reading.precision.by_the_day and reading.precision not in well_known.get(known_to, ()):
        raise ValueError(words)
    return reading.begin


def _read_when(cell: str, words: str) -> Reading:
    """Raises ValueError: with these words, or those that may be meant where there are several."""
    if _NO_DATE.fullmatch(cell):
        raise ValueError(words)
    try:
        return read_when(cell)
    except Unreadable as error:
        if len(error.nearest) > 1:
            meant = " or ".join(reading.written for reading in error.nearest)
            words = f"{cell!r} may mean another day: write {meant}"
        raise ValueError(words) from None


def write_instant(instant: datetime | None) -> str:
    return isoformat(instant) if instant else ""


def shown_precision(instant: datetime | None) -> str:
    """How well an instant is known that nothing is said about: as well as it is written."""
    if instant is None:
        return ""
    if instant.second:
        return Precision.SECOND.value
    return Precision.MINUTE.value if (instant.hour or instant.minute) else Precision.DAY.value


def read_date(cell: str) -> tuple[date | None, str]:
    """`1934-03-09`, `1934-03`, `1934`, or `1934-03-09/1935-03-08` for a year that need not begin in
    January: the first day it may be, and how well it is known. A day may be written as its
    midnight, and as people write days. Raises ValueError with words."""
    if not cell:
        return None, ""
    words = (
        f"{cell!r} is not a date such as 1934-03-09, 1934-03 or 1934, nor a year such "
        "as 1934-03-09/1935-03-08"
    )
    if found := _YEAR_OF_A_LIBRARY.fullmatch(cell):
        cell = found[1]
    try:
        if found := _FROM_A_DAY_ON.fullmatch(cell):
            begin = date.fromisoformat(found[1])
            if found[2] == last_day(begin, Precision.AGE).isoformat():
                return begin, Precision.AGE.value
        elif _DATE.fullmatch(cell):
            whole = cell + "-01" * ((10 - len(cell)) // 3)
            return date.fromisoformat(whole), _DATE_PRECISIONS[len(cell)].value
    except ValueError:
        raise ValueError(words) from None
    reading = _read_when(cell, words)
    if not reading.precision.by_the_day and reading.begin.time() != time():
        raise ValueError(words)
    precision = reading.precision if reading.precision.by_the_day else Precision.DAY
    return reading.begin.date(), precision.value


def write_date(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    if precision == Precision.AGE:
        return f"{day.isoformat()}/{last_day(day, precision).isoformat()}"
    length = {known: length for length, known in _DATE_PRECISIONS.items()}[Precision(precision)]
    return day.isoformat()[:length]


def read_number(cell: str) -> int | None:
    if not cell:
        return None
    found = _NUMBER.fullmatch(cell)
    if not found:
        raise ValueError(f"{cell!r} is not a whole number")
    return int(found[1])


def write_number(number: int | None) -> str:
    return "" if number is None else str(number)


def read_day(cell: str) -> date | None:
    """`1968-03-27`, known to the day. Raises ValueError for less."""
    day, precision = read_date(cell)
    if precision not in ("", Precision.DAY):
        raise ValueError(f"{cell!r} is not a whole date such as 1968-03-27")
    return day


def write_day(day: date | None) -> str:
    return write_date(day, Precision.DAY)


def read_seconds(cell: str) -> timedelta | None:
    seconds = read_number(cell)
    return None if seconds is None else timedelta(seconds=seconds)


def write_seconds(duration: timedelta | None) -> str:
    return "" if duration is None else str(int(duration.total_seconds()))


def read_truth(cell: str) -> bool:
    """`true`, `yes` or 1, `false`, `no` or 0, in any case. Raises ValueError."""
    truth = _TRUTHS.get(cell.casefold())
    if truth is None:
        raise ValueError(f"{cell!r} is neither true nor false")
    return truth


def write_truth(truth: bool) -> str:
    return "true" if truth else "false"
