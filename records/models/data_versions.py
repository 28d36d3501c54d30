"""The version of the facts."""

from django.db import models
from django.db.models.functions import Concat

from .gate import LineField, MomentField


class LatestOwnChange(models.Func):
    """Names the latest change of a fact made by the transaction that asks; else it is empty.

    On PostgreSQL the token is renewed once in a transaction, which must still see its own later
    changes. SQLite renews the token with every change.
    """

    output_field = models.CharField()
    arity = 0
    template = "''"

    def as_postgresql(self, compiler, connection):
        return "COALESCE(current_setting('records.latest_change', true), '')", []


class DataVersionQuerySet(models.QuerySet):
    def with_full_token(self):
        """Rows with `full_token`: two of one database are equal only if the facts are the same."""
        return self.annotate(full_token=Concat("token", LatestOwnChange()))

    def current_token(self) -> str:
        """The token of the facts as they stand; empty in a database that never held any."""
        return self.with_full_token().values_list("full_token", flat=True).first() or ""


class DataVersion(models.Model):
    """One row whose token the database itself renews before every change of a fact.

    Triggers do it (`records.models.triggers`), so that no way of writing, bulk loads and plain SQL
    included, can leave what was computed from the facts standing. On PostgreSQL the row is also
    the lock that makes writers of facts take turns, which is what lets the other triggers trust
    what they see.
    """

    token = LineField(max_length=60)
    changed_at = MomentField()

    objects = DataVersionQuerySet.as_manager()

    def __str__(self):
        return self.token
