"""Answers that a browser saves as a file."""

from django.http import HttpResponse

from records.formats.columns import Columns, as_csv

from .questions import FOR_SPREADSHEETS


def csv_response(request, filename: str, columns: Columns, rows) -> HttpResponse:
    """A CSV download in UTF-8; `?spreadsheet=1` has it as a spreadsheet opens it rightly."""
    return HttpResponse(
        as_csv(columns, rows, spreadsheet=FOR_SPREADSHEETS in request.asked),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )
