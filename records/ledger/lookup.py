"""Looking up by name, as people type them: whom and which missions they may mean."""

from collections.abc import Iterable
from difflib import get_close_matches

from records import models
from records.book.names import Spelling, words_of
from records.ledger.answers import Answers

#: Longer than any name that is looked up.
LONGEST = 100


class NameIndex:
    """What rows are called in every spelling, by their slugs."""

    def __init__(self, rows: Iterable[tuple[str, Iterable[str]]]):
        self._spellings = {slug: Spelling.all_of(names) for slug, names in rows}

    def containing(self, text: str) -> set[str]:
        """All of whom a name contains what was typed."""
        typed = words_of(text[:LONGEST])
        return self._where(lambda spelling: spelling.contains(typed)) if typed else set()

    def called(self, text: str) -> set[str]:
        """Who is called so; if nobody is, all of whose names these are whole words."""
        typed = words_of(text[:LONGEST])
        if not typed:
            return set()
        return self._where(lambda spelling: spelling.is_called(typed)) or self._where(
            lambda spelling: spelling.has_part(typed)
        )

    def like(self, text: str, most: int) -> list[str]:
        """Those with names that are written much like it, the nearest first."""
        typed = words_of(text[:LONGEST])
        owners = {}
        for slug, spellings in self._spellings.items():
            for spelling in spellings:
                for written in (spelling.folded, *spelling.words):
                    owners.setdefault(written, slug)
        near = [
            *get_close_matches("".join(typed), owners, n=most, cutoff=0.75),
            *(get_close_matches(typed[-1], owners, n=most, cutoff=0.75) if typed else ()),
        ]
        return list(dict.fromkeys(owners[written] for written in near))[:most]

    def _where(self, matches) -> set[str]:
        return {slug for slug, spellings in self._spellings.items() if any(map(matches, spellings))}


#: The names of the latest data versions that were asked for.
LATEST = Answers(4)


def astronauts(token: str) -> NameIndex:
    """Everybody at the data version with that token, by the names that they use, those in their
    own script, and the others kept."""
    return LATEST.kept(("astronauts", token), _astronauts)


def _astronauts() -> NameIndex:
    rows = models.Astronaut.objects.order_by().values_list(
        "slug", "name", "native_name", "aliases", "given_names", "family_name"
    )
    return NameIndex(
        (slug, (name, native, *aliases.splitlines(), f"{given} {family}"))
        for slug, name, native, aliases, given, family in rows
    )


def missions(token: str) -> NameIndex:
    """Every mission at the data version, by its own name and that of its craft."""
    return LATEST.kept(("missions", token), _missions)


def _missions() -> NameIndex:
    rows = models.Mission.objects.order_by().values_list("slug", "name", "vehicle_name")
    return NameIndex((slug, names) for slug, *names in rows)
