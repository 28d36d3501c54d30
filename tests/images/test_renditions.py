"""What readers are sent of a picture."""

import re
from io import BytesIO

import pytest
from PIL import Image as Pillow
from PIL import ImageCms

from records.images.originals import read
from records.images.renditions import NAME, Renditions


def made(data, focus=(50, 50)):
    original = read(data)
    renditions = Renditions(original.digest, original.width, original.height, focus)
    found = dict(renditions.made_of(data))
    assert list(found) == renditions.names
    assert all(re.fullmatch(NAME, name) for name in found)
    return {name.partition("-")[2]: content for name, content in found.items()}


def file(picture, kind="PNG", **options):
    stream = BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def opened(data):
    return Pillow.open(BytesIO(data))


def test_renditions_are_no_wider_than_the_picture():
    for width, widths in ((6, [6]), (480, [480]), (700, [480, 700]), (1700, [480, 960, 1600])):
        renditions = Renditions("0" * 64, width, width // 2)
        assert list(renditions.widths) == widths
        assert renditions.card_size[0] <= min(width, 1200)
    found = made(file(Pillow.new("RGB", (700, 350))))
    assert {name: opened(data).size for name, data in found.items()} == {
        "480.webp": (480, 240),
        "480.jpg": (480, 240),
        "700.webp": (700, 350),
        "700.jpg": (700, 350),
        "card-50-50.jpg": (667, 350),
    }


def test_nothing_of_the_file_is_left_but_its_pixels_upright():
    said = Pillow.Exif()
    said[0x0112] = 8
    said[0x010E] = "taken at home"
    said.get_ifd(0x8825)[1] = "N"
    picture = Pillow.new("RGB", (8, 6), "red")
    data = file(picture, "JPEG", exif=said, comment=b"taken at home", xmp=b"<x>taken at home</x>")
    assert data.count(b"taken at home") == 3
    for content in made(data).values():
        shown = opened(content)
        assert b"taken at home" not in content
        assert not shown.getexif()
        assert not {"icc_profile", "xmp", "comment", "exif"} & shown.info.keys()
    assert opened(made(data)["6.jpg"]).size == (6, 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_shown(mode):
    for content in made(file(Pillow.new(mode, (6, 4)))).values():
        assert opened(content).mode == "RGB"


def test_sixteen_bits_are_not_cut_off_and_what_is_empty_is_white():
    grey = opened(made(file(Pillow.new("I;16", (6, 4), 0x8000)))["6.jpg"])
    assert abs(grey.getpixel((2, 2))[0] - 128) < 4
    empty = opened(made(file(Pillow.new("RGBA", (6, 4), (0, 0, 0, 0))))["6.jpg"])
    assert min(empty.getpixel((2, 2))) > 250


def test_colours_are_those_of_the_profile_and_a_broken_one_is_left_out():
    picture = Pillow.new("RGB", (6, 4), (200, 40, 40))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (profile, b"no profile"):
        pixel = opened(made(file(picture, icc_profile=given))["6.jpg"]).getpixel((2, 2))
        assert abs(pixel[0] - 200) < 12


def test_the_card_keeps_what_is_in_focus():
    picture = Pillow.new("RGB", (1200, 1260), "black")
    picture.paste("white", (0, 630, 1200, 1260))
    for focus, bright in (((50, 0), False), ((50, 100), True)):
        (card,) = [data for name, data in made(file(picture), focus).items() if "card" in name]
        assert (opened(card).getpixel((600, 300))[0] > 200) is bright
