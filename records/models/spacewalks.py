"""Spacewalks and who made them."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from records.book import careers as book
from records.book.careers import published_time
from records.book.tallies import Tally
from records.book.values import Value, total
from records.instants import Precision, latest

from .gate import LineField, MomentField, NumberField, ProseField
from .history import History
from .precision import DURATION_PRECISIONS, check_known, precision_field
from .slugs import Slugged, SluggedQuerySet, get_by_slugs

LONGEST = timedelta(hours=10)


class SpacewalkKind(models.TextChoices):
    ORBITAL = "orbital", "in orbit"
    LUNAR_SURFACE = "lunar-surface", "on the Moon"
    DEEP_SPACE = "deep-space", "in deep space"
    STANDUP = "standup", "standing in the hatch"


def known_time(row) -> Value:
    """How long a spacewalk, or one astronaut's part in it, lasted, as well as that is known."""
    return published_time(row.duration, row.duration_precision, row.duration_margin)


def _nowhere(flight, spacewalk) -> str:
    """What is said where the flight's ships did not take its astronaut there."""
    if spacewalk.craft:
        return f"{flight.astronaut} was not aboard {spacewalk.craft} then."
    ships = dict.fromkeys(filter(None, (flight.launch_mission, flight.landing_mission)))
    return (
        f"{flight.astronaut} was not at {spacewalk.station} then, by the stations that "
        f"{' and '.join(map(str, ships))} visited."
    )


def _duration_precision(**options):
    return LineField(
        max_length=7,
        choices=DURATION_PRECISIONS,
        help_text="How well the duration is known.",
        **options,
    )


def _check_duration(row) -> None:
    """Raises ValidationError beside the field that does not fit the other."""
    duration, precision = row.duration, row.duration_precision
    if precision == "unknown" and duration is not None:
        raise ValidationError({"duration": "Leave it empty if nobody knows it."})
    if precision and precision != "unknown" and duration is None:
        raise ValidationError({"duration": "Say how long it lasted, or that it is not known."})
    if duration is not None and not precision:
        raise ValidationError({"duration_precision": "Say how well this is known."})
    if precision == Precision.MINUTE and duration % timedelta(minutes=1):
        raise ValidationError({"duration": "Known to the minute, it has no seconds."})


def _plausible(field: str, *, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True})
        | Q(**{f"{field}__gt": timedelta(0), f"{field}__lte": LONGEST}),
        name=name,
        violation_error_message="A spacewalk lasts more than nothing and at most ten hours.",
    )


class SpacewalkQuerySet(SluggedQuerySet):
    def with_crews(self):
        """With `crew_rows` at hand, and what links to the people need."""
        crews = (
            SpacewalkCrew.objects.select_related("flight__astronaut")
            .only("spacewalk", "flight__astronaut__slug", "flight__astronaut__name")
            .order_by("position")
        )
        return self.prefetch_related(models.Prefetch("crew_rows", crews))

    def time_outside(self, at: datetime) -> str:
        """How many of them had begun by the instant, and how long they had lasted by then in all:
        `495 spacewalks, 2714 h in all`."""
        rows = self.filter(started_at__lte=at).order_by()
        known = ("started_at", "start_precision", "duration")
        walks = [
            book.Spacewalk("", begun, published_time(*time), "", Precision(precision))
            for begun, precision, *time in rows.values_list(
                *known, "duration_precision", "duration_margin"
            )
        ]
        if not walks:
            return "none"
        spans = ((one.started_at, latest(one.started_at, one.start_precision)) for one in walks)
        count = Tally(spans).at(at)
        number = f"{count.amount:,}" if count.low == count.high else count.text
        length = total([one.time_by(at) for one in walks]).text
        if count.high == 1:
            return f"{number} spacewalk, {length}"
        return f"{number} spacewalks, {length} in all"


class Spacewalk(Slugged):
    """One EVA, as long as its sponsoring programme published it, if it did.

    It is made from a station or from a mission's craft, exactly one of the two; `mission` is the
    mission whose crew made it, where that is recorded.
    """

    #: Whether every row of a crew is judged as well, by itself: then none is judged with it again.
    judged_with_others = False

    started_at = MomentField(
        help_text="Start, UTC. The first instant of the day if only the day is known."
    )
    start_precision = precision_field(default=Precision.MINUTE)
    duration = models.DurationField(
        null=True,
        blank=True,
        help_text="As published: hours:minutes:seconds. Leave it empty if nobody knows it.",
    )
    duration_precision = _duration_precision(default=Precision.MINUTE)
    duration_margin = models.DurationField(
        null=True,
        blank=True,
        help_text="Only where the source says how far off “about” may be; otherwise half an hour "
        "is taken.",
    )
    station = models.ForeignKey(
        "records.Station", models.PROTECT, null=True, blank=True, related_name="spacewalks"
    )
    craft = models.ForeignKey(
        "records.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spacewalks_from",
        help_text="The mission whose craft was left, if it was not made from a station.",
    )
    mission = models.ForeignKey(
        "records.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spacewalks",
        help_text="The mission whose crew made it, if that is recorded.",
    )
    agency = models.ForeignKey("records.Agency", models.PROTECT, related_name="spacewalks")
    kind = LineField(max_length=13, choices=SpacewalkKind, default=SpacewalkKind.ORBITAL)
    crew = models.ManyToManyField(
        "records.Flight", through="SpacewalkCrew", related_name="spacewalks"
    )
    notes = ProseField(blank=True)

    objects = SpacewalkQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("started_at", "slug")
        indexes = (models.Index(fields=("started_at", "slug")),)
        constraints = (
            _plausible("duration", name="spacewalk_lasts_up_to_ten_hours"),
            models.CheckConstraint(
                condition=Q(duration__isnull=True, duration_precision="unknown")
                | (Q(duration__isnull=False) & ~Q(duration_precision="unknown")),
                name="spacewalk_duration_or_unknown",
                violation_error_message="Say how long it lasted, or that it is not known.",
            ),
            models.CheckConstraint(
                condition=Q(duration_margin__isnull=True)
                | Q(
                    duration_precision=Precision.ABOUT,
                    duration_margin__gt=timedelta(0),
                    duration_margin__lte=models.F("duration"),
                ),
                name="spacewalk_margin_of_about",
                violation_error_message="Only a duration known “about” has a margin, up to itself.",
            ),
            models.CheckConstraint(
                condition=Q(station__isnull=True, craft__isnull=False)
                | Q(station__isnull=False, craft__isnull=True),
                name="spacewalk_from_station_or_craft",
                violation_error_message="Name the station or the craft it was made from, not both.",
            ),
        )

    def __str__(self):
        return f"{self.started_at:%-d %B %Y} from {self.station or self.craft}"

    def get_absolute_url(self):
        return reverse("spacewalk", args=(self.slug,))

    @property
    def span_of_start(self):
        """The first and the last second that the start may be, as well as it is known."""
        return self.started_at, latest(self.started_at, self.start_precision)

    @property
    def shortest(self) -> timedelta:
        """What it lasted at least."""
        return timedelta(seconds=self.time.low)

    @property
    def span(self):
        """The latest instant at which it may have begun, and the first at which it may have been
        over."""
        return latest(self.started_at, self.start_precision), self.ended_at

    def is_made_from(self, mission) -> bool:
        """Whether it is made from the mission's craft, or from a station that it visited."""
        if self.craft_id:
            return self.craft_id == mission.pk
        return any(station.pk == self.station_id for station in mission.visited)

    @property
    def time(self) -> Value:
        return known_time(self)

    @property
    def ended_at(self) -> datetime:
        """The first instant at which it may have been over."""
        return self.started_at + self.shortest

    def clean(self):
        check_known(self, ("started_at", "start_precision"))
        _check_duration(self)
        if not self.started_at:
            return  # The form already says what is missing.
        if self.ended_at > datetime.now(UTC):
            raise ValidationError({"started_at": "A spacewalk is recorded once it has ended."})
        if self.station and not self.station.is_there(*self.span):
            raise ValidationError({"station": f"It was not there then: {self.station.outside}."})
        if not self.pk or self.judged_with_others:
            return
        for flight in self.crew.select_related("astronaut", "launch_mission", "landing_mission"):
            if not flight.contains(self):
                raise ValidationError(f"{flight.astronaut} was not in space then.")
            if (self.station_id or self.craft_id) and not flight.has_been_where(self):
                raise ValidationError(_nowhere(flight, self))
        for row in self.crew_rows.select_related("flight__astronaut"):
            row.spacewalk = self  # Judged by the times being saved, not by those in the database.
            row.refuse_second_spacewalk()


class SpacewalkCrewQuerySet(models.QuerySet):
    def get_by_natural_key(self, spacewalk, astronaut, launch_mission):
        return get_by_slugs(
            self,
            spacewalk__slug=spacewalk,
            flight__astronaut__slug=astronaut,
            flight__launch_mission__slug=launch_mission,
        )


class SpacewalkCrew(models.Model):
    """One astronaut on one spacewalk, during the flight it belongs to."""

    spacewalk = models.ForeignKey(Spacewalk, models.CASCADE, related_name="crew_rows")
    flight = models.ForeignKey(
        "records.Flight",
        models.PROTECT,
        related_name="spacewalk_rows",
        help_text="Whose flight: the spacewalk must lie within it.",
    )
    position = NumberField(default=1, help_text="Order in the crew.")
    duration = models.DurationField(
        null=True, blank=True, help_text="Only if it differs from the spacewalk's."
    )
    duration_precision = _duration_precision(blank=True)
    duration_margin = None

    objects = SpacewalkCrewQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("spacewalk__started_at", "spacewalk__slug", "position")
        verbose_name = "spacewalk crew member"
        constraints = (
            models.UniqueConstraint(
                fields=("spacewalk", "flight"),
                name="spacewalk_crew_once",
                violation_error_message="This astronaut is already in the crew.",
            ),
            _plausible("duration", name="spacewalk_crew_lasts_up_to_ten_hours"),
            models.CheckConstraint(
                condition=Q(duration__isnull=True, duration_precision__in=("", "unknown"))
                | (Q(duration__isnull=False) & ~Q(duration_precision__in=("", "unknown"))),
                name="spacewalk_crew_duration_or_unknown",
                violation_error_message="Say how long it lasted and how well this is known.",
            ),
        )

    def __str__(self):
        return f"{self.flight.astronaut}, {self.spacewalk}"

    @property
    def time_outside(self) -> Value:
        return known_time(self if self.duration_precision else self.spacewalk)

    def natural_key(self):
        return (self.spacewalk.slug, *self.flight.natural_key())

    natural_key.dependencies = ("records.spacewalk", "records.flight")

    def clean(self):
        _check_duration(self)
        walk = self.spacewalk if hasattr(self, "spacewalk") else None
        if not (self.flight_id and walk and walk.started_at):
            return  # The form already says what is missing.
        if not self.flight.contains(walk):
            raise ValidationError({"flight": f"{self.flight.astronaut} was not in space then."})
        if (walk.station_id or walk.craft_id) and not self.flight.has_been_where(walk):
            raise ValidationError({"flight": _nowhere(self.flight, walk)})
        self.refuse_second_spacewalk()

    def refuse_second_spacewalk(self):
        """Raise ValidationError if its astronaut must have been on another one at that time."""
        others = SpacewalkCrew.objects.filter(flight__astronaut=self.flight.astronaut_id)
        for other in others.exclude(pk=self.pk).select_related("spacewalk"):
            if other.spacewalk_id != self.spacewalk_id and self.overlaps(other):
                raise ValidationError(
                    f"{self.flight.astronaut} was outside on {other.spacewalk} at that time; "
                    "nobody makes two spacewalks at once."
                )

    def overlaps(self, other: "SpacewalkCrew") -> bool:
        """Whether both must have been outside at some instant, as well as all times are known. In
        the database the trigger `spacewalk_one_at_a_time` says so."""
        (begins, latest_begin), (others_begins, others_latest) = (
            self.spacewalk.span_of_start,
            other.spacewalk.span_of_start,
        )
        return (
            latest_begin < others_begins + other.shortest and others_latest < begins + self.shortest
        )

    @property
    def shortest(self) -> timedelta:
        """What its astronaut was outside at least."""
        return timedelta(seconds=self.time_outside.low)


class SpacewalkGapQuerySet(models.QuerySet):
    def notes(self):
        """What is missing, each note once, in the order of the flights."""
        found = self.order_by("flight__launch_mission__launched_at", "pk")
        return list(dict.fromkeys(found.values_list("note", flat=True)))

    def get_by_natural_key(self, astronaut, launch_mission):
        return get_by_slugs(
            self, flight__astronaut__slug=astronaut, flight__launch_mission__slug=launch_mission
        )


class SpacewalkGap(models.Model):
    """Spacewalks during a flight that are missing here, as far as anybody knows. What is said of
    the astronaut's spacewalks is then a lower bound."""

    flight = models.OneToOneField("records.Flight", models.CASCADE, related_name="spacewalk_gap")
    note = ProseField(
        help_text="What is missing and why: “The spacewalk of 28 August 2026; its crew is not "
        "confirmed.”"
    )

    objects = SpacewalkGapQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("pk",)
        verbose_name = "gap in the spacewalks"
        verbose_name_plural = "gaps in the spacewalks"

    def __str__(self):
        return f"{self.flight}, spacewalks missing"

    def natural_key(self):
        return self.flight.natural_key()

    natural_key.dependencies = ("records.flight",)
