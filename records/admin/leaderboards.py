from functools import partial
from itertools import chain

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.forms import modelform_factory
from django.forms.widgets import Script
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html, format_html_join

from records.book.careers import State
from records.book.criteria import CRITERIA, ChoiceKind
from records.book.definitions import definition
from records.book.metrics import METRICS
from records.instants import full_minute, read_clock
from records.ledger import Ledger
from records.models import Leaderboard
from records.models.leaderboards import WORDS_OF_FIELDS
from records.tables import newsroom as tables
from records.tables.words import instant, rank

from .desk import Form
from .history import HistoryAdmin


def _values(queryset, field):
    """Choices of every value the facts have for the field, and of none."""

    def choices():
        values = queryset.order_by(field).values_list(field, flat=True).distinct()
        return [("", "any"), *((value, value) for value in values if value)]

    return choices


#: Field of a leaderboard → choices of those words.
CHOICES_OF_WORDS = {
    field: _values(model.objects, column) for field, (model, column) in WORDS_OF_FIELDS.items()
}


def _lines() -> list[tuple[str, ...]]:
    """The fields of the criteria by the lines of the form: what always narrows comes first,
    switches come last."""
    stored = [one for one in CRITERIA.values() if one.field]
    leading = sorted(
        (one for one in stored if not one.beside),
        key=lambda one: (not one.default, one.kind is ChoiceKind.SWITCH),
    )
    return [
        (one.field, *(other.field for other in stored if other.beside == one.name))
        for one in leading
    ]


LINES = _lines()

#: The fields that a leaderboard's rule is made of; the others only name and place it.
RULE_FIELDS = ("metric", "each", "threshold", *chain.from_iterable(LINES))
ROWS_SHOWN = 10
PREVIEW = "admin/records/leaderboard/preview.html"


class BoardForm(Form):
    """A board whose place need not be thought up: it stands with others of its metric, and behind
    those of its group."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if group := self.fields.get("group"):
            boards = Leaderboard.objects.order_by("position").values_list("group", flat=True)
            group.widget = ListedInput(dict.fromkeys(boards), group.widget.attrs)
            group.required = False
            group.help_text += " Empty: that of the other boards of its metric."
        if position := self.fields.get("position"):
            position.required = False
            position.help_text += " Empty: behind the others of its group."
            if not self.instance.pk:
                self.initial["position"] = None

    def clean(self):
        given = super().clean()
        alike = Leaderboard.objects.filter(metric=given.get("metric")).exclude(pk=self.instance.pk)
        if "group" in self.fields and not given.get("group") and "group" not in self.errors:
            given["group"] = alike.values_list("group", flat=True).first() or ""
            if not given["group"]:
                self.add_error("group", "No other board has this metric: say where it stands.")
        if "position" in self.fields and not self.errors and given.get("position") is None:
            given["position"] = _place_behind(given["group"], self.instance.pk)
        return given


def _place_behind(group: str, own: int | None) -> int:
    """The place behind the boards of the group; of a new group behind all."""
    others = Leaderboard.objects.exclude(pk=own)
    last = others.filter(group=group).aggregate(last=Max("position"))["last"]
    if last is None:
        last = others.aggregate(last=Max("position"))["last"] or 0
    return min(last + 1, Leaderboard._meta.get_field("position").most)


class ListedInput(forms.TextInput):
    """A line of text with what is there already to choose from."""

    def __init__(self, values, attrs):
        super().__init__({**attrs, "list": "known-groups"})
        self.values = values

    def render(self, name, value, attrs=None, renderer=None):
        known = format_html_join("", '<option value="{}">', ((one,) for one in self.values))
        line = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="known-groups">{}</datalist>', line, known)


class RuleForm(Form):
    """The rule alone, to be shown and never saved."""

    class Meta:
        exclude = ()


@admin.register(Leaderboard)
class LeaderboardAdmin(HistoryAdmin):
    class Media:
        js = (Script("js/leaderboard-preview.js", type="module"),)

    form = BoardForm
    change_form_template = "admin/records/leaderboard/change_form.html"
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
    related = ("country", "agency", "station")
    list_filter = ("group", "metric", "sex", "boundary", "landed_only", "first_flights_only")
    called = ("title",)
    search_fields = ("title", "slug", "group", "note")
    autocomplete_fields = ("country", "agency", "station")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", ("group", "position"))}),
        ("What is measured", {"fields": ("metric", "each", "threshold", "note")}),
        (
            "Which flights count",
            {
                "description": "An empty field narrows nothing.",
                "fields": LINES,
            },
        ),
    )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        # Only words that the facts know: no board is empty by a slip.
        if choices := CHOICES_OF_WORDS.get(db_field.name):
            return forms.ChoiceField(choices=choices, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # The preview: what readers would see, while the rule is being edited.

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        preview = path("preview/", self.admin_site.admin_view(self.preview_view), name=name)
        return [preview, *super().get_urls()]

    def preview_view(self, request):
        """The rule in the query string, as readers would see it: a piece of HTML."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        return HttpResponse(self._preview(request, request.GET, Leaderboard()))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["preview_fields"] = " ".join(RULE_FIELDS)
        context["may_edit"] = self.has_change_permission(request, obj) if obj else True
        if request.method == "POST":
            context["preview"] = self._preview(request, request.POST, Leaderboard())
        else:
            context["preview"] = _as_readers_see(obj or Leaderboard(), read_clock())
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _preview(self, request, sent, leaderboard) -> str:
        """The preview of the rule as it was typed, whatever the other fields say."""
        form_class = modelform_factory(
            Leaderboard,
            form=RuleForm,
            fields=RULE_FIELDS,
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
        )
        form = form_class(sent, instance=leaderboard)
        if not sent.get("metric"):
            return _as_readers_see(leaderboard, read_clock())
        if form.is_valid():
            return _as_readers_see(form.instance, read_clock())
        problems = [
            f"{form[name].label}: {text}" if name in form.fields else text
            for name, errors in form.errors.items()
            for text in errors
        ]
        return render_to_string(PREVIEW, {"problems": problems})


def _as_readers_see(leaderboard, now) -> str:
    at = full_minute(now)
    if leaderboard.metric not in METRICS:
        return render_to_string(PREVIEW, {})
    ledger = Ledger.current()
    rule = ledger.rule(leaderboard)
    if rule.metric.counts_people:
        rows = ledger.population(rule, at)
        shown = [_interval_row(one) for one in rows[:ROWS_SHOWN]]
    else:
        rows = ledger.standings(rule, at)
        shown = [_standing_row(one) for one in rows[:ROWS_SHOWN]]
    return render_to_string(
        PREVIEW,
        {
            "definition": definition(rule, ledger.names),
            "metric": rule.metric,
            "table": tables.preview(shown, rule.metric, len(rows), at),
        },
    )


def _standing_row(one) -> dict:
    state = one.state.replace("_", " ")
    shown = f" ({state})" if one.aloft and one.state is not State.LANDED else ""
    return {"rank": rank(one), "name": one.astronaut.name, "value": f"{one.value.text}{shown}"}


def _interval_row(one) -> dict:
    span = one.interval
    begin = instant(span.begin, span.begin_precision)
    end = instant(span.end, span.end_precision) if span.end else "now"
    return {"rank": rank(one), "name": f"{begin} to {end}", "value": span.headcount.text}
