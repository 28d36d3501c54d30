"""Answers that a browser saves as a file."""

from django.http import HttpResponse

from records.formats.columns import Columns, write_csv


def csv_response(filename: str, columns: Columns, rows) -> HttpResponse:
    """A CSV download in UTF-8."""
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
    write_csv(response, columns, rows)
    return response
