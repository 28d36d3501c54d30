"""Leaderboards: which metric, over which flights."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from records.book import criteria, metrics

from .astronauts import Sex
from .evidence import metric_choices
from .gate import CalendarDayField, LargeNumberField, LineField, NameField, NumberField, ProseField
from .history import History
from .missions import Boundary, Flight, Mission, Spacecraft
from .slugs import SLUG, Slugged

#: Where the facts have the words that a criterion chooses from, by the name of these choices.
_WORDS = {
    "families": (Spacecraft, "family"),
    "programmes": (Mission, "programme"),
    "roles": (Flight, "role"),
}
#: Likewise, by the field of a leaderboard that stores the word.
WORDS_OF_FIELDS = {
    one.field: words
    for choices, words in _WORDS.items()
    for one in criteria.CRITERIA.values()
    if one.field and one.choices == choices
}

#: Addresses under /records/ that are no leaderboards.
RESERVED_SLUGS = {"changes"}


class Leaderboard(Slugged):
    """A metric, the category of flights it counts, and what a value must reach to be listed.

    An empty category field narrows nothing; each is the field of one of `records.book.criteria`.
    The definition readers see is written from the rule.
    """

    title = NameField(max_length=120, unique=True)
    group = LineField(max_length=60, help_text="Heading it stands under on /records/.")
    position = NumberField(
        default=0,
        help_text="Order on /records/; a heading stands where its first leaderboard does.",
    )
    note = ProseField(blank=True, help_text="What a reader should know that the rule does not say.")
    metric = LineField(
        max_length=40,
        choices=metric_choices,
        pattern=SLUG,
        words="The name of a metric, as in /methods/.",
    )
    threshold = LargeNumberField(
        null=True,
        blank=True,
        help_text="Smallest value listed: days for durations, years for ages, else a number.",
    )
    each = LineField(
        max_length=9,
        blank=True,
        choices=[("flight", "every flight"), ("spacewalk", "every spacewalk")],
        help_text="List each of these instead of each astronaut's best.",
    )
    sex = LineField(max_length=1, choices=Sex, blank=True)
    country = models.ForeignKey(
        "records.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leaderboards",
        help_text="Flown for at the time of the flight.",
    )
    successors = models.BooleanField(
        "successor states combined", default=False, help_text="Count Soviet flights as Russian…"
    )
    agency = models.ForeignKey(
        "records.Agency", models.PROTECT, null=True, blank=True, related_name="leaderboards"
    )
    station = models.ForeignKey(
        "records.Station", models.PROTECT, null=True, blank=True, related_name="leaderboards"
    )
    spacecraft_family = LineField(max_length=60, blank=True)
    programme = LineField(max_length=60, blank=True)
    role = LineField(max_length=60, blank=True)
    first_flights_only = models.BooleanField(default=False)
    landed_only = models.BooleanField(
        "landed flights only", default=False, help_text="Leave out what is still under way."
    )
    launched_from = CalendarDayField(null=True, blank=True, help_text="First launch day counted.")
    launched_until = CalendarDayField(null=True, blank=True, help_text="Last launch day counted.")
    boundary = LineField(
        max_length=6,
        choices=[choice for choice in Boundary.choices if choice[0] != Boundary.NONE],
        default=criteria.DEFAULT_BOUNDARY,
        help_text="Flights that crossed at least this count.",
    )

    history = History()

    class Meta:
        ordering = ("position", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(launched_from__isnull=True)
                | Q(launched_until__isnull=True)
                | Q(launched_until__gte=F("launched_from")),
                name="leaderboard_launch_days_in_order",
                violation_error_message="The last launch day cannot come before the first.",
            ),
        )

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("leaderboard", args=(self.slug,))

    def clean(self):
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": "Another page of the site has this address."})
        self._check_words()
        if self.metric not in metrics.METRICS:
            return  # The field already says so.
        if self.each and self.each != metrics.METRICS[self.metric].each:
            raise ValidationError({"each": "This metric has no such parts to list."})
        if self.threshold == 0:
            raise ValidationError({"threshold": "A zero is not a record; leave it empty."})
        if self.threshold and self.threshold > metrics.GREATEST_THRESHOLD:
            words = f"A threshold is a whole number up to {metrics.GREATEST_THRESHOLD}."
            raise ValidationError({"threshold": words})

    def _check_words(self):
        """Raises ValidationError for a word by which no flight could count."""
        for field, (model, column) in WORDS_OF_FIELDS.items():
            word = getattr(self, field)
            if word and not model.objects.filter(**{column: word}).exists():
                words = f"No {model._meta.verbose_name} has the {column} “{word}”."
                raise ValidationError({field: words})

    @property
    def criteria(self) -> dict[str, object]:
        """The value of each criterion that it can store, by name: rows by their codes or slugs."""
        stored = {
            one.name: getattr(self, one.field) for one in criteria.CRITERIA.values() if one.field
        }
        return {
            name: value.natural_key()[0] if isinstance(value, models.Model) else value
            for name, value in stored.items()
        }
