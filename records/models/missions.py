"""Craft, stations, missions, and each astronaut's flights on them."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from records.book.crews import COMMANDERS
from records.book.criteria import station_words
from records.instants import Precision, latest, period_start

from .gate import LineField, MomentField, NameField, NumberField, ProseField
from .history import History, keep_former
from .precision import after, check_known, precision_field, same_presence
from .slugs import Slugged, SluggedQuerySet, get_by_slugs


class Boundary(models.TextChoices):
    """The highest boundary of space that a mission crossed."""

    ORBIT = "orbit", "orbit"
    KM100 = "100km", "100 km"
    KM80 = "80km", "80 km"
    NONE = "none", "did not reach space"


class Spacecraft(Slugged):
    """A type of crewed craft: Soyuz MS, Crew Dragon."""

    name = LineField(max_length=60)
    family = LineField(max_length=60, help_text="All Soyuz variants are one family.")
    operator = models.ForeignKey("records.Agency", models.PROTECT, related_name="spacecraft")
    country = models.ForeignKey("records.Country", models.PROTECT, related_name="spacecraft")
    orbital = models.BooleanField(help_text="Can it reach orbit?")

    history = History()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "spacecraft"

    def __str__(self):
        return self.name


class StationQuerySet(SluggedQuerySet):
    def with_operators(self):
        rows = StationOperator.objects.select_related("agency")
        return self.prefetch_related(models.Prefetch("operator_rows", rows))


class Station(Slugged):
    """A space station."""

    name = NameField(max_length=60, unique=True)
    operators = models.ManyToManyField(
        "records.Agency", through="StationOperator", related_name="stations"
    )
    launched_at = MomentField(help_text="Launch of its first module, UTC.")
    launch_precision = precision_field(default=Precision.MINUTE)
    first_crew_at = MomentField(
        null=True, blank=True, help_text="Docking or entry of its first crew, UTC."
    )
    first_crew_precision = precision_field(blank=True)
    deorbited_at = MomentField(null=True, blank=True, help_text="Leave empty while it is in orbit.")
    deorbit_precision = precision_field(blank=True)

    objects = StationQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("launched_at",)
        constraints = (
            same_presence("first_crew_at", "first_crew_precision", name="station_crew_precision"),
            same_presence("deorbited_at", "deorbit_precision", name="station_deorbit_precision"),
            after(
                "first_crew_at",
                "launched_at",
                "first_crew_precision",
                empty=True,
                name="station_crewed_after_launch",
                violation_error_message="The first crew cannot arrive before the launch.",
            ),
            after(
                "deorbited_at",
                "launched_at",
                "deorbit_precision",
                empty=True,
                name="station_deorbited_after_launch",
                violation_error_message="A station cannot come down before its launch.",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("station", args=(self.slug,))

    @property
    def name_in_prose(self) -> str:
        return station_words(self.name)

    @property
    def launched_by(self) -> datetime:
        """The last second in which it can have been launched."""
        return latest(self.launched_at, self.launch_precision)

    @property
    def operators_in_order(self) -> list:
        """Its operators. To be read for several stations `with_operators`."""
        return [row.agency for row in self.operator_rows.all()]

    def clean(self):
        check_known(
            self,
            ("launched_at", "launch_precision"),
            ("first_crew_at", "first_crew_precision"),
            ("deorbited_at", "deorbit_precision"),
        )
        if not (self.pk and self.launched_at):
            return
        for mission in self.missions.all():
            if not mission.may_visit(self):
                raise ValidationError(f"{mission} visited it; {self.outside}.")
        for spacewalk in self.spacewalks.all():
            if not self.is_there(*spacewalk.span):
                raise ValidationError(f"A spacewalk was made on {spacewalk}; {self.outside}.")

    def is_there(self, until: datetime, since: datetime) -> bool:
        """Whether it may have been in orbit at `until` or before, and at `since` or after."""
        over = self.deorbited_at and latest(self.deorbited_at, self.deorbit_precision)
        return self.launched_at <= until and not (over and over < since)

    @property
    def outside(self) -> str:
        """What is said where something would be outside its time in orbit."""
        words = f"{self.name} was launched on {self.launched_at:%-d %B %Y}"
        if self.deorbited_at:
            words += f" and came down on {self.deorbited_at:%-d %B %Y}"
        return words


class StationOperatorQuerySet(models.QuerySet):
    def get_by_natural_key(self, station, agency):
        return get_by_slugs(self, station__slug=station, agency__slug=agency)


class StationOperator(models.Model):
    """One of those who operate a station, and its place among them."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="operator_rows")
    agency = models.ForeignKey("records.Agency", models.PROTECT, related_name="station_rows")
    position = NumberField(default=1)

    objects = StationOperatorQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = "operator"
        constraints = (
            models.UniqueConstraint(
                fields=("station", "agency"),
                name="station_operator_once",
                violation_error_message="This agency is already among the operators.",
            ),
        )

    def __str__(self):
        return str(self.agency)

    def natural_key(self):
        return (self.station.slug, self.agency.slug)

    natural_key.dependencies = ("records.station", "records.agency")


class MissionQuerySet(SluggedQuerySet):
    def aloft(self, at):
        """Missions launched and not landed at the instant."""
        return self.filter(launched_at__lte=at).exclude(landed_at__lte=at)

    def overdue(self, at):
        """Missions without a landing whose planned one has passed at the instant: a planned day or
        month when it is over. `records.book.careers.Mission.is_overdue` is the same rule."""
        passed = Q(planned_landing_at__lte=at)
        for precision in (Precision.DAY, Precision.MONTH):
            under_way = Q(
                planned_landing_precision=precision,
                planned_landing_at__gte=period_start(at, precision),
            )
            passed &= ~under_way
        return self.aloft(at).filter(passed)

    def with_crews_up(self):
        """With `launch_flights` at hand, to be counted. A join would count the crews of all
        missions before the few that a page shows are picked."""
        crews = Flight.objects.order_by().only("launch_mission")
        return self.prefetch_related(models.Prefetch("launch_flights", crews))


class Mission(Slugged):
    """One crewed spacecraft's voyage, from lift-off to touchdown, splashdown or loss.

    Missions launched without a crew are here if they brought one down. X-15 and SpaceShip flights
    run from release to landing. Times are UTC and live only here: a crew cannot disagree about
    when it landed.
    """

    name = LineField(max_length=60, unique=True)
    programme = LineField(max_length=60)
    spacecraft = models.ForeignKey(Spacecraft, models.PROTECT, related_name="missions")
    vehicle_name = LineField(
        max_length=60, blank=True, help_text="The craft's own name: “Columbia”, “Freedom 7”."
    )
    operator = models.ForeignKey("records.Agency", models.PROTECT, related_name="missions")
    launched_at = MomentField(help_text="Lift-off, UTC.")
    launch_precision = precision_field(default=Precision.SECOND)
    landed_at = MomentField(
        null=True,
        blank=True,
        help_text="Landing, or loss of the spacecraft, UTC. Leave empty while the mission is "
        "flying; the first instant of the day if only the day is known.",
    )
    landing_precision = precision_field(blank=True)
    planned_landing_at = MomentField(
        null=True,
        blank=True,
        help_text="For a mission under way. By the month: the month's first instant.",
    )
    planned_landing_precision = precision_field(blank=True)
    launch_site = LineField(max_length=120, blank=True)
    landing_site = LineField(max_length=120, blank=True)
    boundary = LineField(max_length=6, choices=Boundary, default=Boundary.ORBIT)
    lost = models.BooleanField(
        "loss of crew", default=False, help_text="The crew died; the landing is the time of loss."
    )
    stations = models.ManyToManyField(
        Station, blank=True, related_name="missions", help_text="Stations it visited."
    )
    cospar_id = LineField(
        "COSPAR id",
        max_length=20,
        blank=True,
        pattern="[0-9]{4}-[0-9]{3}[A-Z]{1,3}",
        words="A designator such as “1969-059A”.",
    )
    notes = ProseField(blank=True)

    #: The stations it is about to be given, while it is judged with them; None: those it has.
    stations_to_be = None
    #: Whether every flight is judged as well, by itself: then none is judged with its ships again.
    judged_with_others = False

    objects = MissionQuerySet.as_manager()
    history = History(lists=("stations",))

    class Meta:
        ordering = ("launched_at", "slug")
        indexes = (models.Index(fields=("launched_at", "slug")),)
        constraints = (
            same_presence("landed_at", "landing_precision", name="mission_landing_precision"),
            same_presence(
                "planned_landing_at", "planned_landing_precision", name="mission_plan_precision"
            ),
            models.CheckConstraint(
                condition=Q(launched_at__gte=datetime(1961, 1, 1, tzinfo=UTC)),
                name="mission_launches_in_the_space_age",
                violation_error_message="Nobody flew before 1961.",
            ),
            after(
                "landed_at",
                "launched_at",
                "landing_precision",
                empty=True,
                name="mission_lands_after_launch",
                violation_error_message="A mission must land after its launch.",
            ),
            after(
                "planned_landing_at",
                "launched_at",
                "planned_landing_precision",
                empty=True,
                name="mission_plans_landing_after_launch",
                violation_error_message="The planned landing must come after the launch.",
            ),
            models.CheckConstraint(
                condition=Q(planned_landing_at__isnull=True) | Q(landed_at__isnull=True),
                name="mission_has_no_plan_once_landed",
                violation_error_message="A mission that has landed has no planned landing.",
            ),
            models.CheckConstraint(
                condition=Q(lost=False) | Q(landed_at__isnull=False),
                name="mission_lost_at_an_instant",
                violation_error_message="A lost mission needs the time of its loss as landing.",
            ),
        )

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("mission", args=(self.slug,))

    def save(self, *args, **options):
        if self.pk and self.stations_to_be is not None:
            # A visit that is taken back goes before the times come that do not allow it.
            gone = set(self.stations.all()).difference(self.stations_to_be)
            if gone:
                keep_former(type(self), self)
                self.stations.remove(*gone)
        super().save(*args, **options)

    @property
    def kind(self) -> str:
        """`orbital`, `suborbital`, or `failed` if it did not reach space."""
        if self.boundary == Boundary.ORBIT:
            return "orbital"
        return "failed" if self.boundary == Boundary.NONE else "suborbital"

    @property
    def launched_by(self) -> datetime:
        """The last second in which it can have been launched."""
        return latest(self.launched_at, self.launch_precision)

    def status(self, at) -> str:
        """`planned`, `in_flight`, `completed` or `lost` at the instant."""
        if self.launched_at > at:
            return "planned"
        if self.landed_at is None or self.landed_at > at:
            return "in_flight"
        return "lost" if self.lost else "completed"

    def clean(self):
        check_known(
            self,
            ("launched_at", "launch_precision"),
            ("landed_at", "landing_precision"),
            ("planned_landing_at", "planned_landing_precision"),
        )
        if self.landed_at and self.landed_at > datetime.now(UTC):
            raise ValidationError(
                {"landed_at": "That is still to come: until it has landed, it is the planned one."}
            )
        if self.landed_at:
            self.planned_landing_at, self.planned_landing_precision = None, ""
        if self.launched_at:
            for station in self.visited:
                if not self.may_visit(station):
                    words = f"It cannot have visited {station}: {station.outside}."
                    raise ValidationError({"stations": words})
        if self.pk and self.launched_at and not self.judged_with_others:
            self._keep_flights_possible()

    @property
    def visited(self) -> list[Station]:
        """The stations it visited, or will have as it is about to be saved."""
        if self.stations_to_be is not None:
            return list(self.stations_to_be)
        return list(self.stations.all()) if self.pk else []

    def may_visit(self, station: Station) -> bool:
        """Whether both may have been in space at some instant, as well as all times are known. In
        the database the trigger `station_visited_while_there` says so."""
        landed_at = self.landed_at and latest(self.landed_at, self.landing_precision)
        return station.is_there(landed_at or station.launched_at, self.launched_at)

    def _keep_flights_possible(self):
        """Refuse times that would make a flight of anyone aboard impossible."""
        crews = Flight.objects.filter(Q(launch_mission=self) | Q(landing_mission=self))
        crews = crews.select_related("astronaut", "launch_mission", "landing_mission")
        for flight in crews.with_careers():
            # The flight must be judged by the times being saved, not by those in the database.
            if flight.launch_mission_id == self.pk:
                flight.launch_mission = self
            if flight.landing_mission_id == self.pk:
                flight.landing_mission = self
            try:
                flight.clean()
            except ValidationError as error:
                raise ValidationError(
                    [f"{flight.astronaut}: {text}" for text in error.messages]
                ) from error


def careers() -> tuple:
    """What to prefetch for the validation of flights."""
    flights = Flight.objects.select_related("launch_mission", "landing_mission")
    return (
        "spacewalks",
        "launch_mission__stations",
        "landing_mission__stations",
        models.Prefetch("astronaut__flights", flights, to_attr="career"),
    )


def crew_order(ship: str = "launch_mission") -> tuple:
    """What the flights on one ship are ordered by in a query, so that its crew comes in the order
    of `records.book.crews.in_order`. The `ship` is the one up or the one down."""
    unplaced = Flight.objects.filter(**{ship: models.OuterRef(ship)}, position=None)
    rank = models.Case(
        models.When(role__in=COMMANDERS, then=0),
        models.When(role__endswith="Pilot", then=1),
        default=2,
    )
    whole = models.Case(models.When(~models.Exists(unplaced), then="position"))
    return (whole, rank, "role", "astronaut__family_name", "astronaut__slug")


class FlightQuerySet(models.QuerySet):
    def get_by_natural_key(self, astronaut, launch_mission):
        return get_by_slugs(self, astronaut__slug=astronaut, launch_mission__slug=launch_mission)

    def of(self, astronaut):
        """The astronaut's flights with their missions."""
        return self.filter(astronaut=astronaut).select_related("launch_mission", "landing_mission")

    def with_careers(self):
        """With what their validation compares them with: their spacewalks, and as `career` all
        flights of their astronauts."""
        return self.prefetch_related(*careers())


class Flight(models.Model):
    """One astronaut's one trip: up on one mission, down on the same or another.

    It lasts from the launch of the one to the landing of the other; while the landing mission is
    unknown or flying, the flight is under way.
    """

    astronaut = models.ForeignKey("records.Astronaut", models.PROTECT, related_name="flights")
    launch_mission = models.ForeignKey(
        Mission, models.PROTECT, related_name="launch_flights", help_text="Up on."
    )
    landing_mission = models.ForeignKey(
        Mission,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="landing_flights",
        help_text="Down on; often another ship. Leave empty until it is known.",
    )
    role = LineField(max_length=60)
    position = NumberField(
        "place in the crew",
        least=1,
        null=True,
        blank=True,
        help_text="From 1, for a crew whose whole order a source gives. Leave empty otherwise: the "
        "commander comes first, then pilots, then the others by role and family name.",
    )
    nationality = models.ForeignKey(
        "records.Country",
        models.PROTECT,
        related_name="flights",
        help_text="The country flown for at the time; Soviet flights stay Soviet.",
    )
    agency = models.ForeignKey("records.Agency", models.PROTECT, related_name="flights")
    notes = ProseField(blank=True)

    objects = FlightQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("launch_mission__launched_at", "launch_mission__slug", "astronaut__slug")
        constraints = (
            models.UniqueConstraint(
                fields=("astronaut", "launch_mission"),
                name="flight_once_per_mission",
                violation_error_message="This astronaut is already aboard this mission.",
            ),
        )

    def __str__(self):
        return f"{self.astronaut} on {self.launch_mission}"

    def get_absolute_url(self):
        return self.launch_mission.get_absolute_url()

    def natural_key(self):
        return (self.astronaut.slug, self.launch_mission.slug)

    natural_key.dependencies = ("records.astronaut", "records.mission")

    @property
    def launched_at(self):
        return self.launch_mission.launched_at

    @property
    def landed_at(self):
        """When it ended; None while it is under way."""
        return self.landing_mission.landed_at if self.landing_mission else None

    def clean(self):
        # A mission that is being added with its crew has no key yet.
        if not (self.astronaut_id and hasattr(self, "launch_mission") and self.launched_at):
            return  # The form already says what is missing.
        if self.latest_landing and self.latest_landing <= self.launched_at:
            raise ValidationError(
                {
                    "landing_mission": f"{self.landing_mission} landed on "
                    f"{self.landed_at:%-d %B %Y}, before {self.launch_mission} was launched."
                }
            )
        born_on = self.astronaut.born_on
        if born_on and born_on >= self.latest_launch.date():
            raise ValidationError(
                {"astronaut": f"{self.astronaut} was born later, on {born_on:%-d %B %Y}."}
            )
        career = getattr(self.astronaut, "career", None) or Flight.objects.of(self.astronaut_id)
        for other in career:
            if other.pk != self.pk and self.overlaps(other):
                raise ValidationError(
                    f"{self.astronaut} was in space on {other.launch_mission} at that time; "
                    "nobody makes two flights at once."
                )
        if self.pk:
            for spacewalk in self.spacewalks.all():
                if not self.contains(spacewalk):
                    raise ValidationError(
                        f"The spacewalk of {spacewalk} would lie outside the flight."
                    )
                if not self.has_been_where(spacewalk):
                    raise ValidationError(
                        f"The spacewalk of {spacewalk} would be where neither ship went."
                    )

    @property
    def latest_launch(self):
        """The last second that the launch may be, as well as it is known."""
        return latest(self.launched_at, self.launch_mission.launch_precision)

    @property
    def latest_landing(self):
        """Likewise of the landing; None while it is under way."""
        mission = self.landing_mission
        return latest(mission.landed_at, mission.landing_precision) if self.landed_at else None

    def contains(self, spacewalk) -> bool:
        """Whether the spacewalk may lie within the flight, as well as all times are known. In the
        database the trigger `spacewalk_within_its_flight` says so."""
        begins, latest_begin = spacewalk.span_of_start
        begins = max(begins, self.launched_at)
        ends = begins + spacewalk.shortest
        return begins <= latest_begin and (
            self.latest_landing is None or ends <= self.latest_landing
        )

    def has_been_where(self, spacewalk) -> bool:
        """Whether its ships may have had the astronaut at the station or craft from which the
        spacewalk was made: one that only the ship up visited is left by its landing, one that only
        the ship down visited is not reached before its launch. In the database the trigger
        `spacewalk_where_its_crew_was` says so."""
        up, down = self.launch_mission, self.landing_mission
        by_up, by_down = (ship is not None and spacewalk.is_made_from(ship) for ship in (up, down))
        if by_up and by_down:
            return True
        (_, latest_begin), ends = spacewalk.span_of_start, spacewalk.ended_at
        if by_up:
            return up.landed_at is None or ends <= latest(up.landed_at, up.landing_precision)
        return by_down and down.launched_at <= latest_begin

    def overlaps(self, other: "Flight") -> bool:
        """Whether both must have been under way at some instant, as well as all times are known.
        In the database the trigger `flight_one_at_a_time` of `records.models.triggers` says so."""
        return (other.landed_at is None or self.latest_launch < other.landed_at) and (
            self.landed_at is None or other.latest_launch < self.landed_at
        )


class SurfaceStayQuerySet(models.QuerySet):
    def get_by_natural_key(self, astronaut, launch_mission, landed_at):
        return get_by_slugs(
            self,
            flight__astronaut__slug=astronaut,
            flight__launch_mission__slug=launch_mission,
            landed_at=landed_at,
        )


class SurfaceStay(models.Model):
    """One astronaut's stay on another body, from landing to lift-off of the lander."""

    flight = models.ForeignKey(Flight, models.CASCADE, related_name="surface_stays")
    body = LineField(max_length=30, default="Moon")
    landed_at = MomentField(help_text="Touchdown on the body, UTC.")
    landed_precision = precision_field(default=Precision.SECOND)
    lifted_off_at = MomentField(help_text="Lift-off from the body, UTC.")
    lifted_off_precision = precision_field(default=Precision.SECOND)
    notes = ProseField(blank=True)

    objects = SurfaceStayQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("landed_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("flight", "landed_at"), name="surface_stay_once"),
            after(
                "lifted_off_at",
                "landed_at",
                "lifted_off_precision",
                name="surface_stay_ends_after_it_begins",
                violation_error_message="Lift-off must come after touchdown.",
            ),
        )

    def __str__(self):
        return f"{self.flight.astronaut} on the {self.body}, {self.landed_at:%Y}"

    def natural_key(self):
        return (*self.flight.natural_key(), self.landed_at)

    natural_key.dependencies = ("records.flight",)

    def clean(self):
        if not (self.flight_id and self.landed_at and self.lifted_off_at):
            return
        flight = self.flight
        if latest(self.landed_at, self.landed_precision) <= flight.launched_at or (
            flight.latest_landing and self.lifted_off_at >= flight.latest_landing
        ):
            raise ValidationError("The stay must lie within the flight.")
