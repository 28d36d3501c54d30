from django import forms
from django.contrib import admin
from django.db import models

from records.instants import written
from records.ledger import lookup
from records.models import Flight, SpacewalkCrew, SpacewalkGap, SurfaceStay
from records.models.missions import crew_order

from .desk import DeskInline, Listing, link
from .evidence import CitationInline
from .fields import called_with, instant_column
from .history import HistoryAdmin
from .impact import ImpactAdmin


class SurfaceStaysInline(DeskInline):
    model = SurfaceStay
    verbose_name = "stay on another body"
    verbose_name_plural = "stays on another body"
    show_change_link = False
    formfield_overrides = DeskInline.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea({"rows": 2, "cols": 20})}
    }
    related = ("flight__astronaut",)


class SpacewalkGapInline(DeskInline):
    model = SpacewalkGap
    show_change_link = False
    formfield_overrides = SurfaceStaysInline.formfield_overrides


class FlightSpacewalksInline(Listing):
    """The spacewalks made during the flight. Their crews are edited with the spacewalk."""

    model = SpacewalkCrew
    verbose_name_plural = "spacewalks (edited on their own page)"
    fields = ("started", "made", "time")
    readonly_fields = ("started", "made", "time")
    show_change_link = False
    related = ("flight__astronaut", "spacewalk__station", "spacewalk__craft")

    def started(self, row):
        return written(row.spacewalk.started_at, row.spacewalk.start_precision)

    @admin.display(description="spacewalk")
    def made(self, row):
        return link(row.spacewalk)

    @admin.display(description="time outside")
    def time(self, row):
        return row.time_outside.exact_text


@admin.register(Flight)
class FlightAdmin(ImpactAdmin, HistoryAdmin):
    list_display = (
        "astronaut",
        "launch_mission",
        "landing_mission",
        instant_column("launch_mission__launched_at", precision="launch_mission__launch_precision"),
        instant_column(
            "landing_mission__landed_at",
            precision="landing_mission__landing_precision",
            empty="under way",
        ),
        "role",
        "nationality",
        "agency",
    )
    list_filter = (
        ("landing_mission__landed_at", admin.EmptyFieldListFilter),
        "launch_mission__boundary",
        ("nationality", admin.RelatedOnlyFieldListFilter),
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("astronaut__slug",)
    called = ("astronaut__name", "launch_mission__name", "astronaut__family_name")
    named = {
        "astronaut__slug": lookup.astronauts,
        "launch_mission__slug": lookup.missions,
        "landing_mission__slug": lookup.missions,
    }
    date_hierarchy = "launch_mission__launched_at"
    ordering = ("-launch_mission__launched_at", "launch_mission__slug", *crew_order())
    autocomplete_fields = (
        "astronaut",
        "launch_mission",
        "landing_mission",
        "nationality",
        "agency",
    )
    inlines = (FlightSpacewalksInline, SpacewalkGapInline, SurfaceStaysInline, CitationInline)
    fieldsets = (
        (None, {"fields": ("astronaut", "role", "position")}),
        ("Up and down", {"fields": ("launch_mission", "landing_mission")}),
        ("Flown for", {"fields": ("nationality", "agency")}),
        (None, {"fields": ("notes",)}),
    )
    related = ("astronaut", "launch_mission", "landing_mission", "nationality", "agency")

    def told_apart(self, flight):
        return called_with(str(flight), f"{flight.launch_mission.launched_at:%Y}", flight.role)


@admin.register(SurfaceStay)
class SurfaceStayAdmin(HistoryAdmin):
    list_display = (
        "astronaut",
        "mission",
        "body",
        instant_column("landed_at", precision="landed_precision"),
        instant_column("lifted_off_at", precision="lifted_off_precision"),
    )
    related = ("flight__astronaut", "flight__launch_mission")
    list_filter = ("body",)
    search_fields = ("body",)
    named = {
        "flight__astronaut__slug": lookup.astronauts,
        "flight__launch_mission__slug": lookup.missions,
    }
    date_hierarchy = "landed_at"
    autocomplete_fields = ("flight",)
    fieldsets = (
        (None, {"fields": ("flight", "body")}),
        (
            "Stay",
            {
                "fields": (
                    ("landed_at", "landed_precision"),
                    ("lifted_off_at", "lifted_off_precision"),
                )
            },
        ),
        (None, {"fields": ("notes",)}),
    )

    @admin.display(ordering="flight__astronaut__family_name")
    def astronaut(self, stay):
        return stay.flight.astronaut

    @admin.display(ordering="flight__launch_mission__launched_at")
    def mission(self, stay):
        return stay.flight.launch_mission
