from django import forms
from django.contrib import admin

from records.book.definitions import definition
from records.book.metrics import METRICS
from records.ledger import Ledger
from records.models import Flight, Leaderboard, Mission, Spacecraft

from .desk import DeskAdmin, Form


def _values(queryset, field):
    """Choices of every value the facts have for the field, and of none."""

    def choices():
        values = queryset.order_by(field).values_list(field, flat=True).distinct()
        return [("", "any"), *((value, value) for value in values if value)]

    return choices


class LeaderboardForm(Form):
    """What narrows by a word takes only words that the facts know: no board is empty by a slip."""

    spacecraft_family = forms.ChoiceField(
        choices=_values(Spacecraft.objects, "family"), required=False
    )
    programme = forms.ChoiceField(choices=_values(Mission.objects, "programme"), required=False)
    role = forms.ChoiceField(choices=_values(Flight.objects, "role"), required=False)


@admin.register(Leaderboard)
class LeaderboardAdmin(DeskAdmin):
    form = LeaderboardForm
    list_display = (
        "title",
        "group",
        "position",
        "metric",
        "sex",
        "country",
        "agency",
        "station",
        "boundary",
    )
    list_select_related = ("country", "agency", "station")
    list_filter = ("group", "metric", "sex", "boundary", "landed_only", "first_flights_only")
    search_fields = ("title", "slug", "group", "note")
    autocomplete_fields = ("country", "agency", "station")
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("definition", "how_we_count")
    fieldsets = (
        (None, {"fields": ("title", "slug", ("group", "position"))}),
        ("What is measured", {"fields": ("metric", "each", "how_we_count", "threshold", "note")}),
        (
            "Which flights count",
            {
                "description": "An empty field narrows nothing.",
                "fields": (
                    "boundary",
                    "sex",
                    ("country", "successors"),
                    "agency",
                    "station",
                    "spacecraft_family",
                    "programme",
                    "role",
                    ("launched_from", "launched_until"),
                    "first_flights_only",
                    "landed_only",
                ),
            },
        ),
        ("In words", {"fields": ("definition",)}),
    )

    @admin.display(description="definition as readers see it")
    def definition(self, leaderboard):
        if leaderboard.metric not in METRICS:
            return "It is written from the rule once the leaderboard is saved."
        ledger = Ledger.current()
        return definition(ledger.rule(leaderboard), ledger.names)

    @admin.display(description="how we count")
    def how_we_count(self, leaderboard):
        metric = METRICS.get(leaderboard.metric)
        return " ".join(metric.how_we_count.split()) if metric else "–"
