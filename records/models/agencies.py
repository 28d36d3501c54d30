"""Who flies people into space."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .gate import LineField, YearField
from .history import History
from .slugs import Slugged


class Agency(Slugged):
    """A space agency, company or programme that people fly for, or that operates the craft."""

    name = LineField(max_length=120)
    abbreviation = LineField(max_length=30)
    country = models.ForeignKey(
        "records.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies",
        help_text="Leave empty for one of several countries, such as ESA.",
    )
    founded_year = YearField(null=True, blank=True)
    dissolved_year = YearField(null=True, blank=True)

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "agencies"
        constraints = (
            models.CheckConstraint(
                condition=Q(dissolved_year__isnull=True)
                | Q(founded_year__isnull=True)
                | Q(dissolved_year__gte=F("founded_year")),
                name="agency_founded_before_dissolved",
                violation_error_message="An agency cannot end before it is founded.",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("agency", args=(self.slug,))
