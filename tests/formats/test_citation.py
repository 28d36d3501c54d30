"""How a page of the record book is cited."""

import re
from datetime import UTC, datetime

from records.formats.citation import cite

AT = datetime(2024, 2, 4, 8, 40, tzinfo=UTC)


def key(title="Most time in space", query="?at=2024-02-04T08:40Z"):
    citation = cite(
        title=title,
        site="Apogee",
        address=f"https://apogee.example/records/x/{query}",
        at=AT,
        confirmed_through=AT,
    )
    return re.match(r"@misc\{(.*),", citation.bibtex)[1]


def test_the_key_of_an_entry_names_the_page_and_the_day():
    assert re.fullmatch(r"apogee-most-time-in-space-20240204-[0-9a-f]{6}", key())
    assert key() == key()


def test_two_entries_of_one_day_have_two_keys():
    narrowed = key("Most time in space: The sum of flights", "?at=2024-02-04T08:40Z&sex=F")
    assert len({key(), key(query="?at=2024-02-04T09:00Z"), narrowed}) == 3
