from django.contrib import admin
from django.db.models import OuterRef, Subquery

from records.instants import written
from records.ledger import lookup
from records.models import Astronaut, Flight

from .desk import Listing, link
from .evidence import CitationInline
from .fields import called_with, count_column, instant_column
from .history import HistoryAdmin
from .impact import ImpactAdmin


class FlightsInline(Listing):
    """The astronaut's flights. They are edited with their mission's crew."""

    model = Flight
    verbose_name_plural = "flights (edited with the mission's crew)"
    fields = ("launched", "up_on", "down_on", "role", "nationality", "agency")
    readonly_fields = ("launched", "up_on", "down_on")
    related = ("astronaut", "launch_mission", "landing_mission", "nationality", "agency")

    def launched(self, flight):
        return written(flight.launch_mission.launched_at, flight.launch_mission.launch_precision)

    def up_on(self, flight):
        return link(flight.launch_mission)

    def down_on(self, flight):
        return link(flight.landing_mission)


@admin.register(Astronaut)
class AstronautAdmin(ImpactAdmin, HistoryAdmin):
    list_display = (
        "name",
        "family_name",
        "native_name",
        "nationality",
        "agency",
        instant_column("born_on", precision="birth_precision"),
        count_column("flights"),
    )
    related = ("nationality", "agency")
    list_filter = (
        "sex",
        ("born_on", admin.EmptyFieldListFilter),
        ("nationality", admin.RelatedOnlyFieldListFilter),
        ("agency", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("slug",)
    called = ("name", "family_name", "native_name")
    named = {"slug": lookup.astronauts}
    date_hierarchy = "born_on"
    autocomplete_fields = ("nationality", "agency")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (FlightsInline, CitationInline)
    fieldsets = (
        (
            "Name",
            {"fields": ("name", "slug", ("given_names", "family_name"), "native_name", "aliases")},
        ),
        (
            "Person",
            {"fields": ("sex", ("born_on", "birth_precision"), "died_on", "wikidata_id")},
        ),
        (
            "Flies for",
            {
                "description": "As on the latest flight; every flight says whom it was flown for.",
                "fields": ("nationality", "agency", "selection_year"),
            },
        ),
    )

    def get_queryset(self, request):
        flights = Flight.objects.filter(astronaut=OuterRef("pk")).order_by(
            "launch_mission__launched_at"
        )
        first = Subquery(flights.values("launch_mission__name")[:1])
        return super().get_queryset(request).annotate(first_mission=first)

    def told_apart(self, astronaut):
        """`Frank Rubio (born 1975, Soyuz MS-22)`: the year and the first mission."""
        born = f"born {astronaut.born_on:%Y}" if astronaut.born_on else ""
        return called_with(astronaut.name, born, astronaut.first_mission or "has not flown")
