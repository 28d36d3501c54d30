"""Countries, those that are gone included."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .gate import LineField, NameField
from .history import History


class CountryQuerySet(models.QuerySet):
    def get_by_natural_key(self, code):
        return self.get(code=code)

    def named(self, codes):
        """The countries by those of the codes that there are."""
        return {one.code: one for one in self.filter(code__in=codes)}

    def former(self):
        """States that others count for where successor states are combined, with those."""
        return self.filter(successor__isnull=False).select_related("successor")


class Country(models.Model):
    """A state that people flew for, as it was called when they flew.

    Codes are ISO 3166-1 alpha-3, with SUN, CSK and DDR for states that no longer exist.
    """

    code = LineField(
        max_length=3,
        unique=True,
        pattern="[A-Z]{3}",
        words="Three capital letters.",
        help_text="ISO 3166 code in three capital letters; SUN, CSK and DDR for former states.",
    )
    name = NameField(max_length=60, unique=True)
    demonym = LineField(max_length=60, help_text="Of one of its people: “American”.")
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text="The state that counts for it where successor states are combined.",
    )
    flag_colours = LineField(
        max_length=60,
        blank=True,
        pattern="#[0-9a-f]{6}(,#[0-9a-f]{6}){0,4}",
        words="Up to five colours with commas between them, such as “#0032a0,#da291c”.",
        help_text="Up to five colours of the flag for drawn patches: “#0032a0,#da291c”.",
    )

    objects = CountryQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "countries"
        constraints = (
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")),
                name="country_is_not_its_own_successor",
                violation_error_message="A country cannot be its own successor.",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("country", args=(self.code,))

    def natural_key(self):
        return (self.code,)
