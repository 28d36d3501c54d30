"""What the facts rest on: citations, and where sources disagree."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from records.book.metrics import METRICS

from .gate import CalendarDayField, LineField, NumberField, ProseField
from .history import History
from .precision import DATE_PRECISIONS, check_known, precision_field, same_presence
from .slugs import SLUG, Slugged, SluggedQuerySet, get_by_slugs


def metric_choices():
    return [(metric.key, metric.title) for metric in METRICS.values()]


def _none_of(*fields: str) -> Q:
    return Q(**{f"{field}__isnull": True for field in fields})


def _one_of(*fields: str) -> Q:
    """Exactly one of the references is given."""
    each = (Q(**{f"{other}__isnull": other != field for other in fields}) for field in fields)
    return reduce(or_, each)


class DisagreementQuerySet(SluggedQuerySet):
    def with_values(self):
        """With what a page shows of them: the subject, and the values with their sources."""
        return self.select_related("mission", "astronaut", "spacewalk").prefetch_related(
            models.Prefetch("values", ReportedValue.objects.select_related("source"))
        )


class Disagreement(Slugged):
    """A fact that sources give differently: the values reported, the one used, and why.

    It is about one mission, astronaut or spacewalk, or, with none of them, about several at once.
    """

    fact = LineField(max_length=200, help_text="What is disputed: “Landing of Vostok 1”.")
    mission = models.ForeignKey(
        "records.Mission",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="disagreements",
        help_text="One of the three, or none for something general.",
    )
    astronaut = models.ForeignKey(
        "records.Astronaut", models.CASCADE, null=True, blank=True, related_name="disagreements"
    )
    spacewalk = models.ForeignKey(
        "records.Spacewalk", models.CASCADE, null=True, blank=True, related_name="disagreements"
    )
    metric = LineField(
        max_length=40,
        blank=True,
        choices=metric_choices,
        pattern=SLUG,
        words="The name of a metric, as in /methods/.",
        help_text="What would be another value by the other sources; that of the mission or "
        "spacewalk is told of sums of which it is part, too. Empty if no value would.",
    )
    reason = ProseField(help_text="Why the chosen value is used, or what is known besides.")
    checked_on = CalendarDayField(
        null=True, blank=True, help_text="When somebody last compared the sources, if recorded."
    )
    checked_precision = precision_field(choices=DATE_PRECISIONS, blank=True)
    position = NumberField(default=0, help_text="Order on the methods page.")

    objects = DisagreementQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("position", "slug")
        constraints = (
            models.CheckConstraint(
                condition=_none_of("mission", "astronaut", "spacewalk")
                | _one_of("mission", "astronaut", "spacewalk"),
                name="disagreement_about_one_thing",
                violation_error_message="Name one mission, astronaut or spacewalk, or none.",
            ),
            same_presence("checked_on", "checked_precision", name="disagreement_checked_precision"),
        )

    def __str__(self):
        return self.fact

    @property
    def subject(self):
        """The mission, astronaut or spacewalk; None for something general."""
        return self.mission or self.astronaut or self.spacewalk

    def clean(self):
        check_known(self, ("checked_on", "checked_precision"))


class ReportedValueQuerySet(models.QuerySet):
    def get_by_natural_key(self, disagreement, value):
        return get_by_slugs(self, disagreement__slug=disagreement, value=value)


class ReportedValue(models.Model):
    """One of the values of a disagreement, and who gives it."""

    disagreement = models.ForeignKey(Disagreement, models.CASCADE, related_name="values")
    value = LineField(max_length=200, help_text="As a reader should read it.")
    source = models.ForeignKey(
        "records.Source",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_values",
        help_text="If it is one of ours.",
    )
    reported_by = LineField(
        max_length=200, blank=True, help_text="Who gives it, if no source of ours says it alone."
    )
    chosen = models.BooleanField("used here", default=False)
    position = NumberField(default=1)

    objects = ReportedValueQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("disagreement__position", "disagreement__slug", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("disagreement", "value"),
                name="reported_value_once",
                violation_error_message="This value is already listed.",
            ),
            models.UniqueConstraint(
                fields=("disagreement",),
                condition=Q(chosen=True),
                name="reported_value_chosen_once",
                violation_error_message="Only one of the values can be used.",
            ),
            models.CheckConstraint(
                condition=Q(source__isnull=False) | ~Q(reported_by=""),
                name="reported_value_by_somebody",
                violation_error_message="Say who reports this value.",
            ),
        )

    def __str__(self):
        return self.value

    def natural_key(self):
        return (self.disagreement.slug, self.value)

    natural_key.dependencies = ("records.disagreement",)


class CoveredKind(models.TextChoices):
    """The kinds of facts that a citation can cover as a whole."""

    MISSIONS = "missions", "missions"
    FLIGHTS = "flights", "flights"
    PEOPLE = "people", "people"
    SPACEWALKS = "spacewalks", "spacewalks"
    STATIONS = "stations", "stations"


#: What a citation can be about, besides a whole kind.
SUBJECTS = ("mission", "astronaut", "spacewalk", "flight")


class CitationQuerySet(models.QuerySet):
    def get_by_natural_key(self, source, kind, covers, mission, astronaut, spacewalk, flight):
        who, launch_mission = flight or (None, None)
        return get_by_slugs(
            self,
            source__slug=source,
            kind=kind,
            covers=covers,
            **{
                f"{path}__slug" if slug else f"{path}__isnull": slug or True
                for path, slug in (
                    ("mission", mission),
                    ("astronaut", astronaut),
                    ("spacewalk", spacewalk),
                    ("flight__astronaut", who),
                    ("flight__launch_mission", launch_mission),
                )
            },
        )


class Citation(models.Model):
    """A source that some facts rest on: those of one row, or of all rows of a kind in a span.

    The span is of UTC days, both counted, and applies to launches, landings and the starts of
    spacewalks; an empty end is open. People and stations are cited without one.
    """

    source = models.ForeignKey("records.Source", models.PROTECT, related_name="citations")
    mission = models.ForeignKey(
        "records.Mission", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    astronaut = models.ForeignKey(
        "records.Astronaut", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    spacewalk = models.ForeignKey(
        "records.Spacewalk", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    flight = models.ForeignKey(
        "records.Flight", models.CASCADE, null=True, blank=True, related_name="citations"
    )
    kind = LineField(
        "all",
        max_length=10,
        choices=CoveredKind,
        blank=True,
        help_text="For the facts of a whole kind, instead of one row.",
    )
    since_on = CalendarDayField(null=True, blank=True, help_text="First day covered, of a kind.")
    until_on = CalendarDayField(null=True, blank=True, help_text="Last day covered, of a kind.")
    covers = LineField(max_length=200, help_text="Which facts: “times, vehicles, roles”.")
    checked_on = CalendarDayField(null=True, blank=True, help_text="When it was last consulted.")
    checked_precision = precision_field(choices=DATE_PRECISIONS, blank=True)

    objects = CitationQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("source__title", "pk")
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind="") & _one_of(*SUBJECTS)) | (~Q(kind="") & _none_of(*SUBJECTS)),
                name="citation_of_one_thing",
                violation_error_message="Name one mission, astronaut, spacewalk or flight, or a "
                "whole kind.",
            ),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True, until_on__isnull=True)
                | Q(kind__in=(CoveredKind.MISSIONS, CoveredKind.FLIGHTS, CoveredKind.SPACEWALKS)),
                name="citation_span_of_a_kind_with_days",
                violation_error_message="A span belongs to all missions, flights or spacewalks.",
            ),
            models.CheckConstraint(
                condition=Q(since_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(until_on__gte=F("since_on")),
                name="citation_days_in_order",
                violation_error_message="The last day cannot come before the first.",
            ),
            same_presence("checked_on", "checked_precision", name="citation_checked_precision"),
            *(
                models.UniqueConstraint(
                    fields=("source", subject, "covers"),
                    condition=Q(**{f"{subject}__isnull": False}),
                    name=f"citation_once_of_{subject}",
                    violation_error_message="This source is already cited for that.",
                )
                for subject in SUBJECTS
            ),
            models.UniqueConstraint(
                fields=("source", "kind", "covers"),
                condition=~Q(kind=""),
                name="citation_once_of_kind",
                violation_error_message="This source is already cited for that.",
            ),
        )

    def __str__(self):
        return f"{self.source}: {self.covers}"

    def natural_key(self):
        return (
            self.source.slug,
            self.kind,
            self.covers,
            *(
                getattr(self, subject).slug if getattr(self, subject) else None
                for subject in ("mission", "astronaut", "spacewalk")
            ),
            self.flight.natural_key() if self.flight else None,
        )

    natural_key.dependencies = (
        "records.source",
        "records.mission",
        "records.astronaut",
        "records.spacewalk",
        "records.flight",
    )

    def spans(self, *days) -> bool:
        """Whether any of the days (None is no day) lies in the span."""
        return any(
            (self.since_on is None or self.since_on <= day)
            and (self.until_on is None or day <= self.until_on)
            for day in days
            if day is not None
        )

    def clean(self):
        check_known(self, ("checked_on", "checked_precision"))
        if self.since_on and self.until_on and self.until_on < self.since_on:
            raise ValidationError({"until_on": "The last day cannot come before the first."})
