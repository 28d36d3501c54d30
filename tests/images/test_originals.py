"""Which files are taken as pictures."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image as Pillow
from PIL import PngImagePlugin

from records.images import originals
from records.images.originals import NotAccepted, read

KINDS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif"}


def file(kind="PNG", size=(8, 6), mode="RGB", **options):
    stream = BytesIO()
    Pillow.new(mode, size).save(stream, kind, **options)
    return stream.getvalue()


FILES = {kind: file(kind) for kind in KINDS}


def refusal(data):
    with pytest.raises(NotAccepted) as refused:
        read(data)
    return str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_taken_whole_or_not_at_all(kind):
    data = FILES[kind]
    taken = read(data)
    assert (taken.extension, taken.width, taken.height) == (KINDS[kind], 8, 6)
    assert taken.data == data
    assert len(taken.digest) == 64
    for end in (3, 13, len(data) // 2):
        assert refusal(data[:end])
    for more in (b"PK\x03\x04", b"<script>alert(1)</script>", b"\0" * 9 + b"GIF89a", b"%PDF-1.7"):
        assert "something else" in refusal(data + more)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"Not a picture.", "not a picture"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"GIF89a/*" + b"\0" * 30 + b"*/=1;alert(1)", "GIF"),
        (file("GIF", mode="P"), "GIF"),
        (file("BMP"), "not a picture"),
        (file("TIFF"), "not a picture"),
        (b"\xff\xd8\xff" + b"\xe0" * 400, "damaged"),
        (b"\xff\xd8\xff\xd9" * 5000, "damaged"),
        (b"RIFF\0\0\0\0WEBP" * 20, "damaged"),
        (b"\0\0\0\x1cftypavif" * 20, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data, words):
    assert words in refusal(data)


def chunk(name, content=b""):
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def test_a_bomb_is_refused_before_its_pixels_are_read():
    for side in (6_400, 40_000):
        header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
        data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT") + chunk(b"IEND")
        assert "too large" in refusal(data)


def test_a_file_is_no_larger_than_a_picture_of_its_size_can_be():
    padded = PngImagePlugin.PngInfo()
    padded.add(b"paDd", b"x" * (originals.BYTES_BESIDES + 1000))
    assert "far larger" in refusal(file(pnginfo=padded))
    assert "8 MB" in refusal(FILES["JPEG"] + b"\0" * 10_000_000)


def test_what_moves_is_refused():
    frames = [Pillow.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    for kind in ("WEBP", "PNG", "AVIF"):
        stream = BytesIO()
        frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
        assert "Moving" in refusal(stream.getvalue())


def test_a_phone_picture_with_another_behind_it_is_taken():
    stream = BytesIO()
    frames = [Pillow.new("RGB", (4, 3), colour) for colour in ("red", "blue")]
    frames[0].save(stream, "MPO", save_all=True, append_images=frames[1:])
    assert read(stream.getvalue()).extension == "jpg"
    assert "something else" in refusal(stream.getvalue() + b"PK\x03\x04")


def test_a_picture_is_as_wide_as_it_is_seen():
    lying = Pillow.Exif()
    lying[0x0112] = 6
    taken = read(file("JPEG", exif=lying))
    assert (taken.width, taken.height) == (6, 8)
