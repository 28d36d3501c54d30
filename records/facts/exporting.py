"""Writing the fact tables to a folder."""

import os
import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from django.db import transaction

from records.models import DataVersion

from .tables import TABLES


def export_folder(folder: Path, at: datetime, *, spreadsheet: bool = False) -> dict[str, int]:
    """Write the ten tables as of the instant; return the number of rows of each, by file name.

    Each file appears whole or not at all, and none before all are written. Cells are written as
    they are, so that the folder can be read again. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    with ExitStack() as unfinished, transaction.atomic():
        # Writers of facts wait for this row's lock, so that all tables are of one state.
        DataVersion.objects.select_for_update().first()
        written = []
        for table in TABLES:
            rows = table.rows(at)
            handle, path = tempfile.mkstemp(dir=folder, prefix=f".{table.name}-", suffix=".csv")
            unfinished.callback(Path(path).unlink, missing_ok=True)
            with open(handle, "wb") as file:
                file.write(table.csv(map(table.write, rows), spreadsheet=spreadsheet))
            counts[table.file] = len(rows)
            written.append((path, folder / table.file))
        umask = os.umask(0)
        os.umask(umask)
        for path, final in written:
            Path(path).chmod(0o666 & ~umask)  # Temporary files are for their owner's eyes only.
            Path(path).replace(final)
    return counts
