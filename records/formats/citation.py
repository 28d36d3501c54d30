"""How to cite a page of the record book as it stood at an instant."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.utils.html import format_html


@dataclass(frozen=True)
class PageCitation:
    """One page in three forms: `text`, `html` (safe) and `bibtex`; `url` is the dated permalink."""

    url: str
    text: str
    html: str
    bibtex: str


def cite(*, title: str, site: str, address: str, at: datetime, confirmed_through: datetime):
    """The citation of a page. `address` is its absolute URL with the instant in it."""
    stands = f"as of {_written(at)}, data confirmed through {_written(confirmed_through)}"
    # A bibliography may hold one board twice, narrowed in two ways or at two instants of a day.
    mark = sha256(address.encode()).hexdigest()[:6]
    name = re.sub(r"[^a-z0-9]+", "-", f"{site} {title.partition(':')[0]}".lower()).strip("-")
    return PageCitation(
        address,
        f"{site}: “{title}”, {stands}. {address}",
        format_html(
            '{}: <cite>{}</cite>, {}. <a href="{}">{}</a>', site, title, stands, address, address
        ),
        f"@misc{{{name}-{at:%Y%m%d}-{mark},\n"
        f"  title = {{{_tex(title)}}},\n"
        f"  author = {{{{{_tex(site)}}}}},\n"
        f"  year = {{{at.year}}},\n"
        f"  note = {{{stands}}},\n"
        f"  howpublished = {{\\url{{{address}}}}},\n"
        "}",
    )


def _written(at: datetime) -> str:
    return f"{at.day} {at:%B} {at.year}, {at:%H:%M} UTC"


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
