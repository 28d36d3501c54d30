"""What somebody is typing into a form of the newsroom, until it is saved."""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from .gate import LineField, MomentField, ProseField

#: A text that nobody came back to is kept for so long.
KEPT_FOR = timedelta(days=30)


class KeptTextQuerySet(models.QuerySet):
    def keep(self, user, page: str, copy: str, typed: list, at: datetime) -> None:
        """Put what is typed in place of what was kept of the same form; forget what is too old."""
        values = {"typed": written(typed), "kept_at": at}
        self.update_or_create(values, user=user, page=page, copy=copy)
        self.filter(user=user, kept_at__lt=at - KEPT_FOR).delete()


class KeptText(models.Model):
    """A copy of an unsaved form, for its own user alone. It is no state of what the form is about:
    it has no history, no address, and nothing that readers see comes from it.

    `page` is the form's path, `copy` tells two open forms of one page apart.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_texts")
    page = LineField(max_length=200)
    copy = LineField(max_length=40, pattern="[a-z0-9-]+", words="A token of the page.")
    typed = ProseField(help_text="Names and values of the form's inputs, as JSON.")
    kept_at = MomentField()

    objects = KeptTextQuerySet.as_manager()

    class Meta:
        ordering = ("-kept_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("user", "page", "copy"), name="kept_text_once"),
        )

    def __str__(self):
        return f"{self.page}, typed by {self.user}"

    @property
    def pairs(self) -> list:
        return json.loads(self.typed)


def written(typed: list) -> str:
    """The pairs as a text that any database takes, whatever was typed: a NUL, half a character."""
    return json.dumps(typed).replace("\x7f", r"\u007f")
