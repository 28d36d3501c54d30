"""CSV answers: the same rows as a page, safe to open in a spreadsheet."""

import csv

from django.http import HttpResponse

from records.facts import cells


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
    """Text as the downloads of facts write it: none that a spreadsheet takes for a formula."""
    return cells.neutral(cell) if isinstance(cell, str) else cell


def yes(flag: bool) -> str:
    return "true" if flag else "false"
