"""House adverts."""

from django.db import models
from django.db.models import F, Q

from .gate import AddressField, LineField, MomentField, NumberField
from .history import History
from .slugs import Slugged, SluggedQuerySet


class AdvertQuerySet(SluggedQuerySet):
    def running(self, at):
        """Adverts that may be shown at the instant, in a stable order."""
        return self.filter(
            Q(starts_at__lte=at), Q(ends_at__isnull=True) | Q(ends_at__gt=at), weight__gt=0
        ).order_by("slug")


class Advert(Slugged):
    """A text advert between an article's paragraphs: no picture, no script, no third party."""

    advertiser = LineField(max_length=80)
    headline = LineField(max_length=80)
    text = LineField(max_length=200)
    link = AddressField(blank=True, help_text="Leave empty for an advert without a link.")
    link_text = LineField(max_length=40, blank=True)
    weight = NumberField(
        default=1, help_text="How often it is chosen beside the others; 0 pauses it."
    )
    starts_at = MomentField(help_text="UTC.")
    ends_at = MomentField(null=True, blank=True, help_text="Leave empty for no end.")

    objects = AdvertQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="advert_ends_after_it_starts",
                violation_error_message="An advert must end after it starts.",
            ),
            models.CheckConstraint(
                condition=Q(link="") | ~Q(link_text=""),
                name="advert_link_has_text",
                violation_error_message="Say what the link leads to.",
            ),
        )

    def __str__(self):
        return f"{self.advertiser}: {self.headline}"
