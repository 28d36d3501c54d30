"""Filling in the admin's forms as a browser would: from what the page itself holds."""

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from records import models
from records.models.history import Former
from tests import factories as make

#: Rows that are edited on the page of what they belong to, and those that the site or its database
#: writes.
WITHOUT_PAGE = {
    models.Authorship,
    models.ReportedValue,
    models.SpacewalkCrew,
    models.SpacewalkGap,
    models.StationOperator,
    models.DataVersion,
    models.Decision,
    models.FormerAddress,
    models.Reference,
    models.PendingVersion,
    models.ReviewNote,
    models.ArticleRevision,
    models.FeedEntry,
    models.KeptText,
    models.PreviewSecret,
}
MODELS = [
    model for model in apps.get_app_config("records").get_models() if not issubclass(model, Former)
]
WITH_PAGE = [model for model in MODELS if model not in WITHOUT_PAGE]
EDITED = [model for model in WITH_PAGE if model is not models.Confirmation]


def url(page, row_or_model):
    """The address of `changelist`, `add`, `change` or `delete` for a model or a row."""
    arguments = (row_or_model.pk,) if page in ("change", "delete") else ()
    return reverse(f"admin:records_{row_or_model._meta.model_name}_{page}", args=arguments)


def typed(response) -> dict[str, str | list[str]]:
    """What the page's form would send if it were submitted as it is; not those of its dialogs."""
    reader = _FormReader()
    reader.feed(response.content.decode())
    return reader.values


def save(client, address, values):
    """Press “Save”, and once more if the desk first shows what the change would move."""
    response = client.post(address, values)
    if response.status_code == 200 and response.context_data.get("impact"):
        response = client.post(address, typed(response))
    return response


def add_row(values, prefix, **row):
    """Press “Add another” in the inline and fill in the row."""
    number = int(values[f"{prefix}-TOTAL_FORMS"])
    values[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
    start = f"{prefix}-__prefix__-"
    for name in [name for name in values if name.startswith(start)]:
        values[f"{prefix}-{number}-{name.removeprefix(start)}"] = values[name]
    values |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return values


def complaints(response) -> str:
    """Every message of every form on the page."""
    context = response.context_data
    forms = [context["adminform"].form]
    texts = []
    for inline in context["inline_admin_formsets"]:
        forms += inline.formset.forms
        texts += map(str, inline.formset.non_form_errors())
    for form in forms:
        texts += [text for errors in form.errors.values() for text in map(str, errors)]
    return "\n".join(texts)


def each_in_a_thread(*functions):
    def call(function):
        try:
            return function()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(call, functions))


def log_in(name):
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(name))
    return client


def one_of_each() -> dict:
    """A row of every model that has a page, related to the others."""
    country = make.make_country("TST")
    agency = make.make_agency(country=country)
    craft = make.make_spacecraft(operator=agency, country=country)
    station = make.make_station(operators=[agency])
    astronaut = make.make_astronaut(nationality=country, agency=agency, born_on="1950-01-01")
    mission = make.make_mission(spacecraft=craft, landed_at="1999-03-20", stations=[station])
    flight = make.make_flight(astronaut, mission)
    topic, author = make.make_topic(), make.make_author()
    board = make.make_leaderboard(country=country)
    article = make.make_article(
        authors=[author],
        topics=[topic],
        astronauts=[astronaut],
        missions=[mission],
        leaderboards=[board],
    )
    rows = [
        country,
        agency,
        craft,
        station,
        astronaut,
        mission,
        flight,
        make.make_surface_stay(flight, landed_at="1999-03-05", lifted_off_at="1999-03-06"),
        make.make_spacewalk(flight),
        make.make_source(),
        make.make_disagreement("this", "that", mission=mission),
        make.make_citation(mission=mission),
        make.make_confirmation(),
        board,
        author,
        topic,
        article,
        make.make_correction(article),
        make.make_advert(),
        make.make_image(),
    ]
    return {type(row): row for row in rows}


class _FormReader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.values = {}
        self._name = self._select = None
        self._in_dialog = False

    def handle_starttag(self, tag, attrs):
        self._in_dialog = self._in_dialog or tag == "dialog"
        if self._in_dialog:
            return
        attrs = dict(attrs)
        name = attrs.get("name")
        if tag == "input" and name and attrs.get("type") not in ("submit", "checkbox", "radio"):
            self.values[name] = attrs.get("value", "")
        elif tag == "input" and name and "checked" in attrs:
            self.values[name] = attrs.get("value", "on")
        elif tag == "textarea":
            self._name = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
            self.values[name] = [] if "multiple" in attrs else ""
        elif tag == "option" and "selected" in attrs and self._select:
            held = self.values[self._select]
            value = attrs.get("value", "")
            self.values[self._select] = [*held, value] if isinstance(held, list) else value

    def handle_data(self, data):
        if self._name:
            # A newline at the start of a textarea belongs to the markup.
            text = data if self.values[self._name] else data.removeprefix("\n")
            self.values[self._name] += text

    def handle_endtag(self, tag):
        if tag == "dialog":
            self._in_dialog = False
        elif tag == "textarea":
            self._name = None
        elif tag == "select":
            self._select = None
