"""What readers are sent of a picture: its pixels, upright and encoded anew, in several widths.

All that a file holds besides is left behind: where and with what it was taken, comments, profiles.
No rendition is wider than the picture itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageCms, ImageOps

#: Goes up when the same file shall give other renditions: their addresses are kept for ever.
EDITION = 1

WIDTHS = (480, 960, 1600)
#: As pages of others show a link to a story.
CARD = (1200, 630)

#: Extension → how it is encoded.
ENCODED = {
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}

#: How the names of renditions are written, and of nothing else that is kept.
NAME = r"[0-9a-f]{32}\.[-0-9a-z]{1,24}\.[a-z]{3,4}"


@dataclass(frozen=True, slots=True)
class Renditions:
    """Those of one picture, by its digest, its size, and the point, in percent from the left and
    the top, that stays in sight when it is cut."""

    digest: str
    width: int
    height: int
    focus: tuple[int, int] = (50, 50)

    @property
    def widths(self) -> tuple[int, ...]:
        widest = min(self.width, WIDTHS[-1])
        return (*(one for one in WIDTHS if one < widest), widest)

    def height_at(self, width: int) -> int:
        return max(1, round(self.height * width / self.width))

    def name(self, width: int, extension: str) -> str:
        return f"{self._start}-{width}.{extension}"

    @property
    def card(self) -> str:
        return f"{self._start}-card-{self.focus[0]}-{self.focus[1]}.jpg"

    @property
    def card_size(self) -> tuple[int, int]:
        """As large as it can be without being made larger than the picture."""
        share = min(1, self.width / CARD[0], self.height / CARD[1])
        return max(1, round(CARD[0] * share)), max(1, round(CARD[1] * share))

    @property
    def _start(self) -> str:
        return f"{self.digest[:32]}.{EDITION}"

    @property
    def names(self) -> list[str]:
        return [
            *(self.name(width, extension) for width in self.widths for extension in ENCODED),
            self.card,
        ]

    def made_of(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """The name and the content of each, from the original."""
        picture = _pixels(data)
        for width in self.widths:
            drawn = picture.resize((width, self.height_at(width)), Pillow.Resampling.LANCZOS)
            for extension in ENCODED:
                yield self.name(width, extension), _encoded(drawn, extension)
        centre = (self.focus[0] / 100, self.focus[1] / 100)
        card = ImageOps.fit(picture, self.card_size, Pillow.Resampling.LANCZOS, centering=centre)
        yield self.card, _encoded(card, "jpg")


def _pixels(data: bytes) -> Pillow.Image:
    """The picture upright, in the colours that every screen knows, on white where it is empty."""
    with Pillow.open(BytesIO(data)) as image:
        picture = ImageOps.exif_transpose(image)
    if picture.mode.startswith(("I", "F")):  # More than 256 shades of grey.
        picture = picture.point(lambda shade: shade / 256).convert("L")
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Pillow.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    picture = _in_srgb(picture, profile) if profile else picture.convert("RGB")
    picture.info = {}
    return picture


def _in_srgb(picture: Pillow.Image, profile: bytes) -> Pillow.Image:
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(
            picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert("RGB")  # A profile that is none, or of other colours.


def _encoded(picture: Pillow.Image, extension: str) -> bytes:
    stream = BytesIO()
    picture.save(stream, **ENCODED[extension])
    return stream.getvalue()
