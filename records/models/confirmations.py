"""The steward's word that the facts are right up to an instant."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from records.instants import FIRST_INSTANT

from .gate import MomentField, ProseField
from .history import History


class ConfirmationQuerySet(models.QuerySet):
    def get_by_natural_key(self, through_at):
        return self.get(through_at=through_at)


class Confirmation(models.Model):
    """“Everyone's status is right as of this instant.” The latest one counts."""

    through_at = MomentField(
        "confirmed through",
        unique=True,
        help_text="Everyone in space at this instant is listed so, and everyone listed is there.",
    )
    note = ProseField(blank=True, help_text="What was checked, and against what.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConfirmationQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("-through_at",)
        get_latest_by = "through_at"

    def __str__(self):
        return f"confirmed through {self.through_at:%Y-%m-%d %H:%M} UTC"

    def get_absolute_url(self):
        return reverse("in-space")

    def natural_key(self):
        return (self.through_at,)

    def clean(self):
        if self.through_at and self.through_at > timezone.now():
            raise ValidationError({"through_at": "Nobody can confirm the future."})
        if self.through_at and self.through_at <= FIRST_INSTANT:
            raise ValidationError({"through_at": "Nobody was in space before October 1957."})
