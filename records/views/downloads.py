"""CSV answers: the same rows as a page, safe to open in a spreadsheet."""

import csv

from django.http import HttpResponse

#: What a spreadsheet would take for the beginning of a formula, and the mark that prevents it.
RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def csv_response(filename: str, columns, rows) -> HttpResponse:
    """A CSV download, UTF-8 with LF line ends, headed by its columns."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return response


def neutral(cell):
    """A cell that no spreadsheet takes for a formula: risky ones get an apostrophe in front, which
    reading it back must take away again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def yes(flag: bool) -> str:
    return "true" if flag else "false"
