"""No text that got in breaks a page, feed, calendar or file."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from records.models import Article, gate
from records.models.history import Former
from tests.factories import make_article, make_correction
from tests.views.test_whole_site import FILES, PAGES

pytestmark = pytest.mark.usefixtures("site")

#: What the languages of pages, feeds, calendars, tables and addresses take for their own, and
#: letters of every kind. Each of them passes the gate.
LINE = (
    "]]>&amp;</a><b>\"'`\\;,:|=+-@%0A{{x}}{% x %} "
    "👩🏽\u200d🚀 שלום עולם می\u200cخواهم e\u0301\u0323 𝔘 "
)
PROSE = f"{LINE}\n\nBEGIN:VEVENT\n=1+1\n--\n\t<!-- ]]> -->\n{'long ' * 60}\nend"
LINK = "https://example.org/?a=1&b='%22%3C]]%3E"

#: Rules are stored in words that the facts use.
CHOSEN = {"spacecraft_family", "programme", "role", "family"}


@pytest.fixture
def everywhere():
    """The text in every column of text, of every row of the whole site."""
    make_correction(make_article())
    for model in apps.get_app_config("records").get_models():
        if issubclass(model, Former) or model._meta.model_name == "dataversion":
            continue
        texts = {
            field.name: hostile(field)
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not (field.choices or field.pattern or field.name in CHOSEN)
        }
        if texts:
            assert model.objects.update(**texts) == model.objects.count()


def hostile(field):
    """An expression that differs from row to row: names are given once."""
    if isinstance(field, gate.AddressField):
        return Value(LINK)
    number = Cast(F("pk"), CharField())
    if field.model is Article and field.name == "body":
        return Concat(Value("First.\n\nSecond & \\<b>.\n\n"), number)
    if isinstance(field, gate.LinesField):
        return Concat(Value(field.clean_text(LINE)), number)
    if isinstance(field, gate.ProseField):
        return Concat(Value(field.clean_text(PROSE)), number)
    text = field.clean_text(LINE)[: field.max_length - 6]
    return Concat(Value(field.clean_text(text) + " " if len(text) > 12 else text), number)


def test_every_page_and_file_is_there_and_can_be_read(everywhere, client):
    for name, address in PAGES.items():
        response = client.get(address)
        assert response.status_code == 200, name
        text = response.content.decode()
        assert "<b>" not in text, name
        assert "</html>" in text, name
    for name, address in FILES.items():
        response = client.get(address)
        assert response.status_code == 200, name
        READERS[address.rpartition(".")[2]](response.content)


def read_csv(content):
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    assert all(len(row) == len(header) for row in rows)


def read_calendar(content):
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    unfolded = content.decode().replace("\r\n ", "").split("\r\n")
    assert all(line.partition(":")[0].partition(";")[0].isupper() for line in unfolded if line)
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") > 0


def read_zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                read_csv(archive.read(name))
            if name.endswith(".json"):
                json.loads(archive.read(name))


READERS = {
    "csv": read_csv,
    "ics": read_calendar,
    "json": json.loads,
    "xml": ElementTree.fromstring,
    "zip": read_zip,
}


@pytest.mark.parametrize(
    "name", ["article", "astronaut", "mission", "spacewalk", "leaderboard", "source", "topic"]
)
def test_the_desk_still_opens(everywhere, admin_client, name):
    row = apps.get_model("records", name).objects.first()
    for address in (
        reverse(f"admin:records_{name}_changelist"),
        reverse(f"admin:records_{name}_change", args=[row.pk]),
    ):
        response = admin_client.get(address)
        assert response.status_code == 200
        assert "</a><b>" not in response.content.decode()
