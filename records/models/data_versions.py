"""The version of the facts."""

from django.db import models


class DataVersionQuerySet(models.QuerySet):
    def current_token(self) -> str:
        """The token of the facts as they stand; empty in a database that never held any."""
        return self.values_list("token", flat=True).first() or ""


class DataVersion(models.Model):
    """One row whose token the database itself renews before every change of a fact.

    Triggers do it (`records.integrity`), so that no way of writing, bulk loads and plain SQL
    included, can leave what was computed from the facts standing. On PostgreSQL the row is also
    the lock that makes writers of facts take turns, which is what lets the other triggers trust
    what they see.
    """

    token = models.CharField(max_length=60)
    changed_at = models.DateTimeField()

    objects = DataVersionQuerySet.as_manager()

    def __str__(self):
        return self.token
