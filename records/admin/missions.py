from django import forms
from django.contrib import admin
from django.db.models import prefetch_related_objects

from records.instants import read_clock, written
from records.ledger import lookup
from records.models import Flight, Mission, Spacewalk
from records.models.missions import careers, crew_order

from .desk import DeskInline, Form, Listing, link
from .evidence import CitationInline
from .fields import called_with, count_column, instant_column
from .history import HistoryAdmin
from .impact import ImpactAdmin
from .meanwhile import MeanwhileFormSet


class StatusFilter(admin.SimpleListFilter):
    """By what a mission is doing now."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return (
            ("planned", "not yet launched"),
            ("flying", "flying"),
            ("overdue", "flying, past its planned landing"),
            ("landed", "landed"),
            ("lost", "lost"),
        )

    def queryset(self, request, missions):
        at = read_clock()
        return {
            "planned": lambda: missions.filter(launched_at__gt=at),
            "flying": lambda: missions.aloft(at),
            "overdue": lambda: missions.overdue(at),
            "landed": lambda: missions.filter(landed_at__lte=at, lost=False),
            "lost": lambda: missions.filter(landed_at__lte=at, lost=True),
        }.get(self.value(), lambda: missions)()


class LaunchCrewForm(Form):
    """One of a mission's crew. Most come down on the ship that took them up.

    Whom somebody flies for is taken from the astronaut where it is left empty.
    """

    same_ship = forms.BooleanField(label="Down on this mission too", required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        flight = self.instance
        if flight.pk:
            self.initial["same_ship"] = flight.landing_mission_id == flight.launch_mission_id
            if self.initial["same_ship"]:
                self.initial["landing_mission"] = None
        for name, model_field, text in (
            ("landing_mission", "Or down on", "Another ship; leave empty while it is not known."),
            ("nationality", None, "Empty: as the astronaut's own."),
            ("agency", None, "Empty: as the astronaut's own."),
        ):
            if field := self.fields.get(name):
                field.required = False
                field.label = model_field or field.label
                field.help_text = text

    def has_changed(self):
        # The tick that stands in every empty row is no reason to keep it.
        return bool(set(self.changed_data) - {"same_ship"}) or (
            bool(self.instance.pk) and super().has_changed()
        )

    def clean(self):
        super().clean()
        given = self.cleaned_data
        mission = given.get("launch_mission")
        if given.get("same_ship"):
            other = given.get("landing_mission")
            if other and other != mission:
                self.add_error(
                    "landing_mission",
                    "Either untick “down on this mission too”, or leave this empty.",
                )
            else:
                given["landing_mission"] = mission
        if astronaut := given.get("astronaut"):
            for name in ("nationality", "agency"):
                if name not in self.errors and not given.get(name):
                    given[name] = getattr(astronaut, name)
        return given


class LaunchCrewFormSet(MeanwhileFormSet):
    def full_clean(self):
        if not self.saving.moved:
            prefetch_related_objects([form.instance for form in self.initial_forms], *careers())
        super().full_clean()


class LaunchCrewInline(DeskInline):
    model = Flight
    formset = LaunchCrewFormSet
    fk_name = "launch_mission"
    form = LaunchCrewForm
    verbose_name = "astronaut going up"
    verbose_name_plural = "launch crew"
    fields = (
        "astronaut",
        "role",
        "position",
        "nationality",
        "agency",
        "same_ship",
        "landing_mission",
    )
    autocomplete_fields = ("astronaut", "nationality", "agency", "landing_mission")
    ordering = crew_order()
    related = ("astronaut", "launch_mission", "landing_mission", "nationality", "agency")


class LandingCrewInline(Listing):
    """Who came down on it, those who went up on it included."""

    model = Flight
    fk_name = "landing_mission"
    verbose_name_plural = "landing crew (set where each of them went up)"
    fields = ("who", "role", "went_up_on", "launched")
    readonly_fields = ("who", "went_up_on", "launched")
    ordering = crew_order("landing_mission")
    related = ("astronaut", "launch_mission")

    @admin.display(description="astronaut")
    def who(self, flight):
        return link(flight.astronaut)

    def went_up_on(self, flight):
        return link(flight.launch_mission)

    def launched(self, flight):
        return written(flight.launch_mission.launched_at, flight.launch_mission.launch_precision)


class SpacewalksInline(Listing):
    model = Spacewalk
    fk_name = "mission"
    verbose_name_plural = "spacewalks (edited on their own page)"
    fields = ("made", "time", "kind", "agency")
    readonly_fields = ("made", "time")
    related = ("station", "craft", "agency")

    @admin.display(description="spacewalk")
    def made(self, spacewalk):
        return link(spacewalk)

    @admin.display(description="duration")
    def time(self, spacewalk):
        return spacewalk.time.exact_text


class MissionForm(Form):
    def clean(self):
        super().clean()
        # It is judged with the stations that are chosen, not with those in the database.
        self.instance.stations_to_be = self.cleaned_data.get("stations")
        return self.cleaned_data


@admin.register(Mission)
class MissionAdmin(ImpactAdmin, HistoryAdmin):
    list_display = (
        "name",
        instant_column("launched_at", precision="launch_precision"),
        instant_column("landed_at", precision="landing_precision", empty="flying"),
        instant_column("planned_landing_at", precision="planned_landing_precision"),
        count_column("launch_flights", "crew"),
        "spacecraft",
        "boundary",
        "lost",
    )
    related = ("spacecraft", "operator")
    list_filter = (
        StatusFilter,
        "boundary",
        "lost",
        "programme",
        ("operator", admin.RelatedOnlyFieldListFilter),
        "stations",
    )
    called = ("name", "vehicle_name")
    search_fields = ("slug", "programme", "cospar_id", "spacecraft__name")
    named = {"slug": lookup.missions}
    form = MissionForm
    date_hierarchy = "launched_at"
    ordering = ("-launched_at", "slug")
    autocomplete_fields = ("spacecraft", "operator", "stations")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (LaunchCrewInline, LandingCrewInline, SpacewalksInline, CitationInline)
    fieldsets = (
        (
            None,
            {"fields": ("name", "slug", "programme", "spacecraft", "vehicle_name", "operator")},
        ),
        ("Launch", {"fields": (("launched_at", "launch_precision"), "launch_site")}),
        (
            "Landing",
            {
                "fields": (
                    ("planned_landing_at", "planned_landing_precision"),
                    ("landed_at", "landing_precision"),
                    "landing_site",
                    "lost",
                ),
            },
        ),
        ("Where it went", {"fields": ("boundary", "stations")}),
        ("Besides", {"fields": ("cospar_id", "notes")}),
    )

    def told_apart(self, mission):
        return called_with(mission.name, f"{mission.launched_at:%Y}")
