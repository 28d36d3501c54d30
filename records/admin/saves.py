"""A save: what was opened, what is stored, what was typed, and what it would move.

page opened, typed into, sent ──▶ takes its turn: what is read from here on stays as it is
                                     │
         not as it was opened? ──────┼──▶ shown as typed, beside what is stored now
                                     │
first     every row is written ──────┼──▶ the record book moves: rolled back, and shown as
pass                                 │    typed, with what would move and a token of both
                                     ▼
second    sent again with that token ──▶ the same moves as were seen: kept
pass
"""

import json
import logging
from collections.abc import Callable
from copy import copy
from hashlib import sha256

from django.core import serializers
from django.db import DatabaseError, connections, router, transaction
from django.db.models import prefetch_related_objects
from django.forms.models import _get_foreign_key
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from records.facts import checking
from records.instants import read_clock
from records.ledger import Ledger
from records.ledger.impact import Impact, impact
from records.models import DataVersion, triggers

logger = logging.getLogger(__name__)

#: The hidden inputs that say which state of its rows a form was made from, and which impact of
#: which form the editor has seen.
OPENED, SEEN = "_opened", "_impact_seen"
#: The button that has a form shown as it was typed, and nothing saved.
PREVIEW = "_preview"
NOT_TYPED = (SEEN, OPENED, "csrfmiddlewaretoken", "_save", "_continue", "_addanother")


class NotSaved(Exception):
    """Why nothing of what was sent is saved, in words."""


class Save:
    """One request for a form: opened, or sent to be saved.

    `state` stands for the rows as they are stored: two readings have the same one only if all rows
    of the page say the same. `moved` is what the record book would move if that has not been seen,
    `refusal` what the database said. With either the form comes back as it was typed. `listed` are
    the rows that the page shows and does not edit.
    """

    def __init__(self, request):
        self.path, self.typed, self.is_sent = request.path, request.POST, request.method == "POST"
        self.stored = None
        self.state = ""
        self.before: Before | None = None
        self.moved: Impact | None = None
        self.refusal = ""
        self.listed = {}

    @property
    def is_stale(self) -> bool:
        """Whether somebody else saved the rows after the form was opened."""
        return self.is_sent and bool(self.state) and self.typed.get(OPENED) != self.state

    @property
    def is_only_shown(self) -> bool:
        return bool(self.is_stale or self.moved or self.refusal or PREVIEW in self.typed)

    def through(self, view: Callable[[], HttpResponse]) -> HttpResponse:
        """What the view answers; if it could not save, the form as it was typed."""
        try:
            response = view()
        except DatabaseError as error:
            # Validation comes first, but somebody else may save between it and the saving, and
            # rows that are each fine may clash together.
            if not self.is_sent:
                raise
            logger.warning("The database refused a change at %s: %s", self.path, error)
            self.moved, self.refusal = None, triggers.words(error)
        except NotSaved as reason:
            self.moved, self.refusal = None, str(reason)
        return view() if self.moved or self.refusal else response

    def keep_stored(self, row, inlines, lists, others=()) -> None:
        """Remember the row as it is, since a form writes over it, valid or not."""
        prefetch_related_objects([row], *lists)
        self.state = _state_of(row, inlines, others)
        self.stored = _copy(row)

    def stored_again(self):
        return _copy(self.stored)

    def look_before(self, renamed=None) -> None:
        """Look at the record book before the first row is written.

        Of a row that is `renamed` with the other changes, look at it as if it had its new slug
        already: who is only called otherwise in addresses moves nothing.
        """
        if renamed is None:
            self.before = Before(Ledger.current())
            return
        with transaction.atomic():
            type(renamed)._base_manager.filter(pk=renamed.pk).update(slug=renamed.slug)
            self.before = Before(Ledger.uncommitted())
            transaction.set_rollback(True)

    def look_after(self) -> None:
        """Look again when all are written."""
        moved = self.before.moved()
        seen = self.typed.get(SEEN, "")
        self.moved = moved if moved and not constant_time_compare(seen, self.token(moved)) else None

    def undone(self, model) -> HttpResponse | None:
        """Take back what was written if it moves what was not seen; the view will be asked again
        for the page that shows it."""
        if not self.moved:
            return None
        transaction.set_rollback(True, using=router.db_for_write(model))
        return HttpResponse()

    def token(self, moved: Impact) -> str:
        """A token for what was typed and what it moves: neither can change without another look."""
        # Sorted and without what is empty: a page shown again may put it in another order.
        typed = {
            name: sorted(filter(None, values))
            for name, values in self.typed.lists()
            if any(values) and name not in NOT_TYPED and "__prefix__" not in name
        }
        text = json.dumps([self.path, typed, moved.signature], sort_keys=True)
        return salted_hmac("records.admin.impact", text, algorithm="sha256").hexdigest()


class Before:
    """The record book as everybody reads it, to be compared with what this transaction makes of
    it."""

    def __init__(self, ledger: Ledger):
        self.ledger = ledger
        self.problems = self.ledger.kept(("problems",), _problems)

    def moved(self) -> Impact:
        problems = _problems() - self.problems
        return impact(self.ledger, Ledger.uncommitted(self.ledger), read_clock(), problems)


def take_turns(model) -> None:
    """Let those who save take turns: what is read from here on cannot change before it is saved.

    The row is the one at which writers of facts queue as it is (`records.models.triggers`). SQLite
    has one writer at a time.
    """
    if connections[router.db_for_write(model)].in_atomic_block:
        DataVersion.objects.select_for_update().first()


def _problems() -> set[str]:
    """What is wrong in the record as this transaction sees it."""
    return set(map(str, checking.across_rows()))


def _state_of(row, inlines, others) -> str:
    rows = [row, *others]
    for inline in inlines:
        reference = _get_foreign_key(type(row), inline.model, fk_name=inline.fk_name)
        found = inline.model._base_manager.filter(**{reference.name: row})
        rows += found.order_by("pk")
    return sha256(serializers.serialize("json", rows).encode()).hexdigest()


def _copy(row):
    other = copy(row)
    # Saving the one would forget what the other has at hand.
    other._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {})}
    return other
