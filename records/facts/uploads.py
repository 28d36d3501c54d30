"""Tables as a browser sends them: CSV files or a zip of them, of a bounded size."""

import io
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import BinaryIO

from .importing import FILES, Refused, file_of_table

#: Of all tables together, as they are when unpacked; the whole record takes a tenth of it.
MOST_BYTES = 8 * 2**20
#: Of what `packed` gives, which a form sends back; Django takes no more than 2.5 MB of those.
MOST_PACKED = 2 * 2**20

_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


def read(uploads: Iterable[tuple[str, BinaryIO]]) -> dict[str, bytes]:
    """The tables among the files, by the name of their file. Raises Refused.

    A zip may hold other files beside them, as the download does; a CSV file must be a table.
    """
    found = {}
    left = MOST_BYTES
    for name, file in uploads:
        members = _members(name, file) if _is_archive(file) else [(name, file)]
        for member, content in members:
            table = file_of_table(member.replace("\\", "/").rpartition("/")[2])
            if table not in FILES:
                raise Refused([f"{member}: is none of the tables: {', '.join(FILES)}."])
            if table in found:
                raise Refused([f"{table}: is there twice."])
            found[table] = _read(member, content, left)
            left -= len(found[table])
    return found


def packed(files: dict[str, bytes]) -> str:
    """The tables as text, for a form that sends them back; `unpacked` reads it. Raises Refused if
    it would be too long."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    text = b64encode(stream.getvalue()).decode()
    if len(text) > MOST_PACKED:
        raise Refused(["These tables are too large together. Send them one by one."])
    return text


def unpacked(text: str) -> dict[str, bytes]:
    """What `packed` made. Raises Refused for anything else."""
    try:
        return read([("tables", io.BytesIO(b64decode(text, validate=True)))])
    except ValueError:
        raise Refused(["The tables did not come back whole. Choose the files again."]) from None


def _is_archive(file: BinaryIO) -> bool:
    start = file.read(4)
    file.seek(0)
    return start == b"PK\x03\x04"


def _members(name: str, file: BinaryIO) -> list[tuple[str, BinaryIO]]:
    try:
        archive = zipfile.ZipFile(file)
        found = [
            (entry.filename, archive.open(entry))
            for entry in archive.infolist()
            # Some systems add a hidden twin of each file.
            if entry.filename.lower().endswith(".csv") and "/." not in f"/{entry.filename}"
        ]
    except (*_BROKEN, NotImplementedError) as error:  # The last: packed in a way that zip lacks.
        raise Refused([f"{name}: cannot be unpacked: {error}."]) from None
    if not found:
        raise Refused(
            [f"{name}: has no CSV file in it. Save each sheet of a workbook as “CSV UTF-8”."]
        )
    return found


def _read(name: str, file: BinaryIO, left: int) -> bytes:
    try:
        content = file.read(left + 1)
    except _BROKEN as error:
        raise Refused([f"{name}: cannot be unpacked: {error}."]) from None
    if len(content) > left:
        raise Refused([f"All tables together may have {MOST_BYTES // 2**20} MB; these have more."])
    return content
