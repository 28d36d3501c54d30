"""Patches: a round emblem for a person or a mission, drawn from facts and always the same."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

#: Used where the flag's colours are not known.
PLAIN = ("#1c2b4a", "#e8e2d4", "#ff4f00")

#: More orbits than this cannot be told apart.
MOST_ORBITS = 7


@dataclass(frozen=True)
class Orbit:
    """An ellipse about the middle, tilted, with the ship on it. Lengths in the patch's 100 units,
    angles in degrees."""

    rx: float
    ry: float
    tilt: float
    ship_x: float
    ship_y: float


@dataclass(frozen=True)
class Patch:
    """What the template draws: colours, the orbits, and which way was flown."""

    rim: str
    field: str
    line: str
    stripes: tuple[str, ...]
    orbits: tuple[Orbit, ...]
    path: str


def draw_patch(colours: Sequence[str], flights: int, orbit: str, *, key: str) -> Patch:
    """One orbit for each flight, up to seven, in the colours of the flag.

    `orbit` is "orbit", "100km", "80km" or "moon". The key decides how the figure is turned.
    """
    colours = list(dict.fromkeys(colours)) or list(PLAIN)
    field = min(colours, key=luminance)
    if luminance(field) > 0.25:
        field = PLAIN[0]
    bright = [colour for colour in colours if contrast(colour, field) >= 3]
    line = max(bright, key=luminance, default=PLAIN[1])
    rest = [colour for colour in colours if colour != field]
    rim = next((colour for colour in rest if colour != line), line)
    path = orbit if orbit in ("orbit", "moon") else "hop"
    return Patch(rim, field, line, tuple(colours), _orbits(flights, zlib.crc32(key.encode())), path)


def _orbits(flights: int, seed: int) -> tuple[Orbit, ...]:
    count = max(1, min(flights, MOST_ORBITS))
    turn = seed % 360
    orbits = []
    for number in range(count):
        rx, ry = 34.0, 11.0
        tilt = (turn + 180 * number / count) % 180
        angle = math.radians((seed >> 9) % 360 + number * 137.5)
        x, y = rx * math.cos(angle), ry * math.sin(angle)
        orbits.append(Orbit(rx, ry, round(tilt, 1), round(x, 2), round(y, 2)))
    return tuple(orbits)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1, as WCAG defines it."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
