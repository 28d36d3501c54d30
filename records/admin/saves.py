"""A save: what was opened, what is stored, what was typed, and what it would move.

page opened, typed into, sent ──▶ takes its turn: what is read from here on stays as it is
                                     │
         not as it was opened? ──────┼──▶ merged; what two changed alike is shown, and chosen
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

from django.db import DatabaseError, connections, router, transaction
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from records.facts import checking
from records.instants import read_clock
from records.ledger import Ledger
from records.ledger.impact import Impact, impact
from records.models import DataVersion, triggers

from .conflicts import Savers, Words, described, sentence
from .merging import Merge
from .opened import OPENED, Opened, kinds_of, page_of, sent_again, typed_page

logger = logging.getLogger(__name__)

#: The hidden input that says which impact of which form the editor has seen.
SEEN = "_impact_seen"
#: The button that has a form shown as it was typed, and nothing saved.
PREVIEW = "_preview"
NOT_TYPED = (SEEN, OPENED, "csrfmiddlewaretoken", "_save", "_continue", "_addanother")


class NotSaved(Exception):
    """Why nothing of what was sent is saved, in words."""


class Save:
    """One request for a form: opened, or sent to be saved.

    `opened` is what the form carries from here on, `conflict` what two changed and nobody has
    chosen yet, `merged` what was merged, in words, `saves` the last of all saves that the page
    knows of. `moved` is what the record book would move if
    that has not been seen, `refusal` what the database said. With any of them the form comes back
    as it was typed. `listed` are the rows that the page shows and does not edit.
    """

    def __init__(self, request):
        self.path, self.typed, self.is_sent = request.path, request.POST, request.method == "POST"
        self.stored = None
        self.opened: Opened | None = None
        self.conflict: dict | None = None
        self.merged = ""
        self.saves = 0
        self.before: Before | None = None
        self.moved: Impact | None = None
        self.refusal = ""
        self.listed = {}

    @property
    def is_only_shown(self) -> bool:
        return bool(self.conflict or self.moved or self.refusal or PREVIEW in self.typed)

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

    def keep_stored(self, row, lists) -> None:
        """Remember the row as it is, since a form writes over it, valid or not."""
        prefetch_related_objects([row], *lists)
        self.stored = _copy(row)

    def merge(self, form, formsets, user, *, decided: str, decides: bool) -> None:
        """Make what was typed what is to be saved: with what others changed since the form was
        opened. `form` and `formsets` are those of the page as it would be opened now.

        What is decided about a row is decided of what was seen: if others changed anything, that is
        shown first.
        """
        stored = page_of(form, formsets)
        known = Opened.read(self.typed.get(OPENED, ""), self.path)
        opened = known or Opened.unknown(stored)
        typed, numbers = typed_page(self.typed, form, formsets, stored, opened.page)
        opened.settle(typed, self.typed)
        single = frozenset(one.prefix for one in formsets if one.fk.unique)
        merge = Merge(opened.page, stored, typed, kinds_of(form, formsets), single)
        otherwise = decides and (merge.is_merged or opened.decided != decided)
        if merge.is_merged or otherwise:
            words, savers = Words(form, formsets), Savers(form.instance, formsets, opened, user)
            self.merged, self.saves = sentence(merge, words, savers), savers.saves
            if merge.asked or otherwise:
                self.conflict = described(merge, words, savers, self.typed)
                self.conflict["decided"] = decided if otherwise else ""
        self.opened = Opened(stored, opened.saves, decided)
        self.saves = self.saves or opened.saves
        self.opened.ask(merge.asked)
        self.typed = sent_again(self.typed, merge, numbers, formsets)

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


def _copy(row):
    other = copy(row)
    # Saving the one would forget what the other has at hand.
    other._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {})}
    return other
