"""The people who fly."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from .gate import CalendarDayField, LineField, LinesField, YearField
from .history import History
from .precision import BIRTH_PRECISIONS, check_known, precision_field, same_presence
from .slugs import Slugged


class Sex(models.TextChoices):
    FEMALE = "F", "female"
    MALE = "M", "male"


class Astronaut(Slugged):
    """Anyone who flies, of any nation, under the name that person uses.

    Chinese names put the family name first. `nationality` and `agency` are those of the latest
    flight; every flight has its own.
    """

    name = LineField(
        max_length=100, unique=True, help_text="As the person uses it; Chinese: family name first."
    )
    given_names = LineField(max_length=80)
    family_name = LineField(max_length=80, help_text="Lists are sorted by it.")
    native_name = LineField(max_length=120, blank=True, help_text="In the person's own script.")
    aliases = LinesField(
        blank=True,
        help_text="Other spellings and names that readers may look for, one on each line.",
    )
    sex = LineField(max_length=1, choices=Sex)
    born_on = CalendarDayField(
        null=True,
        blank=True,
        help_text="The first of the month or year if only that is known. Leave empty if unknown.",
    )
    birth_precision = precision_field(choices=BIRTH_PRECISIONS, blank=True)
    died_on = CalendarDayField(null=True, blank=True)
    nationality = models.ForeignKey("records.Country", models.PROTECT, related_name="astronauts")
    agency = models.ForeignKey("records.Agency", models.PROTECT, related_name="astronauts")
    selection_year = YearField(null=True, blank=True)
    wikidata_id = LineField(
        max_length=20, blank=True, pattern="Q[0-9]+", words="A name such as “Q1615”."
    )

    history = History()

    class Meta:
        ordering = ("family_name", "given_names", "slug")
        indexes = (models.Index(fields=("family_name", "given_names")),)
        constraints = (
            same_presence("born_on", "birth_precision", name="astronaut_birth_precision"),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True)
                | Q(born_on__isnull=True)
                | Q(died_on__gte=F("born_on")),
                name="astronaut_born_before_death",
                violation_error_message="A death cannot come before the birth.",
            ),
            models.UniqueConstraint(
                fields=("wikidata_id",),
                condition=~Q(wikidata_id=""),
                name="astronaut_wikidata_id_once",
                violation_error_message="Another astronaut has this Wikidata id.",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("astronaut", args=(self.slug,))

    @property
    def alias_list(self) -> list[str]:
        return self.aliases.splitlines()

    @property
    def other_names(self) -> list[str]:
        """The native name and the aliases, without blanks."""
        return [name for name in (self.native_name, *self.alias_list) if name]

    def clean(self):
        check_known(self, ("born_on", "birth_precision"))
        if self.born_on and self.pk:
            flights = self.flights.select_related("launch_mission")
            first = flights.order_by("launch_mission__launched_at").first()
            if first and first.latest_launch.date() <= self.born_on:
                raise ValidationError(
                    {"born_on": f"{self.name} launched on {first.launched_at:%-d %B %Y}."}
                )
