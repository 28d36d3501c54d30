"""Patches: a round emblem for a person or a mission, drawn from facts and always the same."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

#: Used where the flag's colours are not known.
PLAIN = ("#8a8272", "#e8e2d4")

NIGHT = "#131a2c"
WHITE = "#ffffff"

#: More paths than this cannot be told apart.
MOST_PATHS = 7

# All in the patch's 100 units. The planet rises over the lower edge of the disc.
MIDDLE = 50.0
DISC = 41.0
PLANET_RADIUS = 52.0
PLANET_MIDDLE = 112.0


@dataclass(frozen=True)
class Segment:
    """A stretch of the rim in one colour: how long, and how far round it begins."""

    colour: str
    length: float
    offset: float


@dataclass(frozen=True)
class Path:
    """One flight: an SVG path, and where on it the ship is."""

    d: str
    ship_x: float
    ship_y: float


@dataclass(frozen=True)
class Patch:
    """What the template draws. `rim_length` is the circle that the segments share."""

    rim_length: float
    rim: tuple[Segment, ...]
    field: str
    planet: str
    planet_path: str
    line: str
    paths: tuple[Path, ...]
    moon: bool
    stars: tuple[tuple[float, float], ...]


def draw_patch(colours: Sequence[str], flights: int, orbit: str, *, key: str) -> Patch:
    """The flag round the rim, the planet below, and a path over it for each flight, up to seven.

    `orbit` is "orbit", "moon", or a boundary short of orbit ("100km", "80km"), whose paths come
    down again. The key decides where the ships and the stars are.
    """
    colours = list(dict.fromkeys(colours)) or list(PLAIN)
    seed = zlib.crc32(key.encode())
    planet = max(colours, key=lambda colour: (luminance(colour) < 0.5, _vivid(colour), colour))
    bright = [colour for colour in colours if contrast(colour, NIGHT) >= 4.5]
    line = max(bright, key=luminance, default=WHITE)
    count = max(1, min(flights, MOST_PATHS))
    draw = _round if orbit in ("orbit", "moon") else _hop
    return Patch(
        rim_length=100 * len(colours),
        rim=tuple(Segment(one, 100, -100 * place) for place, one in enumerate(colours)),
        field=NIGHT,
        planet=planet,
        planet_path=_planet(),
        line=line,
        paths=tuple(draw(number, count, seed) for number in range(count)),
        moon=orbit == "moon",
        stars=_stars(seed),
    )


def _planet() -> str:
    x, y = _crossing(PLANET_RADIUS)
    left, right = MIDDLE - x, MIDDLE + x
    return (
        f"M{left:.2f} {y:.2f}A{PLANET_RADIUS:g} {PLANET_RADIUS:g} 0 0 1 {right:.2f} {y:.2f}"
        f"A{DISC:g} {DISC:g} 0 0 1 {left:.2f} {y:.2f}Z"
    )


def _crossing(radius: float) -> tuple[float, float]:
    """Where a circle round the planet's middle leaves the disc: how far aside, and at what y."""
    apart = PLANET_MIDDLE - MIDDLE
    up = (apart**2 + radius**2 - DISC**2) / (2 * apart)
    return math.sqrt(radius**2 - up**2), PLANET_MIDDLE - up


def _round(number: int, count: int, seed: int) -> Path:
    """A piece of an orbit, from edge to edge of the disc, the ship somewhere in its middle part."""
    radius = PLANET_RADIUS + 7 + 32 * (number + 0.5) / max(count, 3)
    x, y = _crossing(radius)
    reach = 0.6 * math.asin(x / radius)
    angle = reach * (((seed >> 3 * number) % 17) / 8 - 1)
    return Path(
        f"M{MIDDLE - x:.2f} {y:.2f}A{radius:.2f} {radius:.2f} 0 0 1 {MIDDLE + x:.2f} {y:.2f}",
        round(MIDDLE + radius * math.sin(angle), 2),
        round(PLANET_MIDDLE - radius * math.cos(angle), 2),
    )


def _hop(number: int, count: int, seed: int) -> Path:
    """Up from the ground and down again, the ship at the top."""
    width = 9 + 16 * (number + 1) / count
    ground = PLANET_MIDDLE - math.sqrt(PLANET_RADIUS**2 - width**2)
    top = 42 - 22 * (number + 1) / count
    return Path(
        f"M{MIDDLE - width:.2f} {ground:.2f}"
        f"Q{MIDDLE:g} {2 * top - ground:.2f} {MIDDLE + width:.2f} {ground:.2f}",
        MIDDLE,
        round(top, 2),
    )


def _stars(seed: int) -> tuple[tuple[float, float], ...]:
    stars = []
    for number in range(5):
        seed = zlib.crc32(seed.to_bytes(4, "big"))
        angle = math.pi * (1.05 + 0.9 * (number + seed % 100 / 100) / 5)
        distance = 22 + (seed >> 8) % 15
        stars.append(
            (
                round(MIDDLE + distance * math.cos(angle), 1),
                round(MIDDLE + distance * math.sin(angle), 1),
            )
        )
    return tuple(stars)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG defines it."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _vivid(colour: str) -> float:
    return max(_channels(colour)) - min(_channels(colour))


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
