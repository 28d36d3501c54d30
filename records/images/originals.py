"""Files that come in: pictures that are whole, that stand still, and nothing else besides.

What a file says it is proves nothing. It must begin as one of the kinds that are taken, must be
read to its last pixel, and must end where its picture ends: a file that is a picture and a script,
or an archive, is more than its picture.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageFile

#: The largest file that is taken, and the largest picture: an ordinary camera's, and no more than
#: a process has the memory for.
MAX_MEGABYTES = 8
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_MEGAPIXELS = 40
MAX_PIXELS = MAX_MEGAPIXELS * 1_000_000

#: A file is not larger than its pixels would be as plain numbers, with room for what cameras add.
BYTES_PER_PIXEL = 8
BYTES_BESIDES = 1024 * 1024

_TOO_LARGE = f"The picture is too large; up to {MAX_MEGAPIXELS} million pixels are accepted."
ACCEPTED = "Accepted are JPEG, PNG, WebP and AVIF."


class NotAccepted(ValueError):
    """Why a file is not taken, for editors."""


@dataclass(frozen=True)
class Original:
    """A file that was taken; `width` and `height` as it is seen, turned upright."""

    data: bytes
    extension: str
    width: int
    height: int

    @cached_property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


def read(data: bytes) -> Original:
    """The file as a picture. Raises NotAccepted."""
    if len(data) > MAX_BYTES:
        raise NotAccepted(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; up to {MAX_MEGABYTES} MB are accepted."
        )
    kind, extension, end_of = _kind_of(data)
    try:
        with Pillow.open(BytesIO(data), formats=(kind,)) as image:
            size = _size_of(image)
            image.load()
        end = end_of(data)
    except NotAccepted:
        raise
    except Pillow.DecompressionBombError as error:
        raise NotAccepted(_TOO_LARGE) from error
    except Exception as error:  # What a decoder raises for a broken file is anybody's guess.
        raise NotAccepted("The file is damaged or cut off: it cannot be read as a picture.") from (
            error
        )
    if data[end:].strip(b"\0\r\n"):
        raise NotAccepted("Behind the picture the file holds something else; export it once more.")
    if len(data) > BYTES_BESIDES + BYTES_PER_PIXEL * size[0] * size[1]:
        raise NotAccepted("The file is far larger than its picture; export it once more.")
    return Original(data, extension, *size)


def _size_of(image: ImageFile.ImageFile) -> tuple[int, int]:
    """Width and height when it is upright, known before its pixels are. Raises NotAccepted."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise NotAccepted(_TOO_LARGE)
    # Phones keep a second picture behind the first one, which is the one that is seen.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise NotAccepted("Moving pictures are not accepted.")
    return (height, width) if image.getexif().get(_ORIENTATION, 1) in _LYING else (width, height)


_ORIENTATION = 0x0112
#: Orientations of a picture that is turned by a quarter.
_LYING = (5, 6, 7, 8)


# Kinds, and where a picture of each ends


def _kind_of(data: bytes):
    """Pillow's name of the kind, the extension, and what finds the end. Raises NotAccepted."""
    for kind, (beginning, *rest) in _KINDS.items():
        if beginning.match(data):
            return kind, *rest
    if re.match(rb"GIF8[79]a", data):
        raise NotAccepted(f"GIF is not accepted. {ACCEPTED}")
    if re.search(rb"<svg[\s>]", data[:4096], re.IGNORECASE):
        raise NotAccepted(f"SVG can hold scripts and is not accepted; export it as PNG. {ACCEPTED}")
    raise NotAccepted(f"This is not a picture that can be read. {ACCEPTED}")


#: In a JPEG's pixels a marker is what begins with FF and is neither data nor a restart.
_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")


def _end_of_jpeg(data: bytes, start: int = 0) -> int:
    place = start + 2
    while True:
        found = _MARKER.match(data, place)
        marker, place = data[found.end() - 1], found.end()
        if marker == 0xD9:
            break
        place += int.from_bytes(data[place : place + 2])
        if marker == 0xDA:  # Pixels follow, to the next marker.
            place = _MARKER.search(data, place).start()
    return _end_of_jpeg(data, place) if data[place : place + 3] == b"\xff\xd8\xff" else place


def _end_of_png(data: bytes) -> int:
    place = 8
    while data[place + 4 : place + 8] != b"IEND":
        place += 12 + int.from_bytes(_exactly(data[place : place + 4], 4))
    return place + 12


def _end_of_webp(data: bytes) -> int:
    return 8 + int.from_bytes(_exactly(data[4:8], 4), "little")


_BOXES = {b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"}


def _end_of_avif(data: bytes) -> int:
    """Where the last of its boxes ends."""
    place = 0
    while data[place + 4 : place + 8] in _BOXES:
        place += int.from_bytes(data[place : place + 4]) or len(data)
    return place


def _exactly(some: bytes, number: int) -> bytes:
    if len(some) != number:
        raise ValueError("The file ends too early.")
    return some


_KINDS = {
    "JPEG": (re.compile(rb"\xff\xd8\xff"), "jpg", _end_of_jpeg),
    "PNG": (re.compile(rb"\x89PNG\r\n\x1a\n"), "png", _end_of_png),
    "WEBP": (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp", _end_of_webp),
    "AVIF": (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), "avif", _end_of_avif),
}
#: How the files of each kind end.
EXTENSIONS = tuple(extension for _, extension, _ in _KINDS.values())
