"""When the entries of feeds and calendars last said something else."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, models, transaction

from records.instants import FIRST_INSTANT

from .data_versions import DataVersion
from .gate import LineField, MomentField

#: For how long after its last change an entry that is no longer told keeps its time.
KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says, and since when by the facts alone: None if they do not tell."""

    words: tuple
    since: datetime | None = None

    @property
    def digest(self) -> str:
        text = json.dumps(self.words, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class FeedEntryQuerySet(models.QuerySet):
    def changed_at(self, feed: str, said: Mapping[str, Said]) -> dict[str, datetime]:
        """When each entry last came to say something else, by its key; and under `feed` itself,
        when any of them did, was added or went.

        One query if nothing is said anew. What is, has changed with the facts or with the passing
        of time, whichever was later: two processes that ask at once come to the same.
        """
        kept = {row.key: row for row in self.filter(key__in=[feed, *said])}
        digests = {key: one.digest for key, one in said.items()}
        new = {key for key, digest in digests.items() if not _says(kept.get(key), digest)}
        whole = Said(tuple(sorted(digests.items()))).digest
        times = {key: row.changed_at for key, row in kept.items()}
        if not new and _says(kept.get(feed), whole):
            return times
        facts = DataVersion.objects.values_list("changed_at", flat=True).first() or FIRST_INSTANT
        for key in new:
            since = said[key].since
            # A feed that was never asked for before has nothing that was said otherwise.
            told = since if since and feed not in kept else max(since or facts, facts)
            times[key] = _after(kept.get(key), told)
        latest = max((times[key] for key in said), default=facts)
        times[feed] = _after(kept.get(feed), max(latest, facts) if feed in kept else latest)
        rows = [FeedEntry(key=key, digest=digests[key], changed_at=times[key]) for key in new]
        rows.append(FeedEntry(key=feed, digest=whole, changed_at=times[feed]))
        self._keep(feed, rows, said)
        return times

    def _keep(self, feed: str, rows: list["FeedEntry"], said: Mapping[str, Said]) -> None:
        """Writes them, and forgets what has not been told for long. A database that takes no
        writing now gives the same times; they are kept the next time."""
        past = self.filter(key__startswith=f"{feed}/").exclude(key__in=said)
        try:
            with transaction.atomic():
                self.bulk_create(
                    # In one order, so that two who write at once do not wait for each other.
                    sorted(rows, key=lambda row: row.key),
                    update_conflicts=True,
                    unique_fields=["key"],
                    update_fields=["digest", "changed_at"],
                )
                past.filter(changed_at__lt=rows[-1].changed_at - KEPT).delete()
        except DatabaseError:
            return


class FeedEntry(models.Model):
    """What was last told under a key, as a digest, and when that changed. It is no fact: it tells
    programs which entries to read again."""

    key = LineField(max_length=400, unique=True)
    digest = LineField(max_length=64)
    changed_at = MomentField()

    objects = FeedEntryQuerySet.as_manager()

    def __str__(self):
        return self.key


def _says(row: FeedEntry | None, digest: str) -> bool:
    return row is not None and row.digest == digest


def _after(row: FeedEntry | None, told: datetime) -> datetime:
    """The time to the second, and later than what was told before."""
    told = told.replace(microsecond=0)
    return max(told, row.changed_at + timedelta(seconds=1)) if row else told
