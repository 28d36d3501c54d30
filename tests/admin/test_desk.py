"""What holds for every page of the newsroom and the data desk."""

import struct
import zlib
from itertools import cycle

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.db.models import ForeignKey, ManyToManyField, ProtectedError
from django.forms import FileField
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from records import models
from records.models import Mission
from tests import factories as make
from tests.admin.pages import (
    EDITED,
    WITH_PAGE,
    add_row,
    complaints,
    one_of_each,
    save,
    typed,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

#: What every form carries besides its fields.
BOOKKEEPING = ("_FORMS", "csrfmiddlewaretoken", "_opened")

#: What nobody means, typed in good faith or not.
HOSTILE = {
    "nothing": "",
    "garbage": "garbage",
    "a NUL": "a\0b",
    "a long text": "long " * 4000,
    "the first year": "0001-01-01",
    "the last year": "9999-12-31 23:59:59",
    "a zone out of the calendar": "0001-01-01T00:00:00+23:59",
    "SQL": "now()",
    "a huge number": "9" * 30,
    "a huge duration": "999999999999:00:00",
    "a negative number": "-1",
    "no number": "NaN",
    "a digit that is none": "²",
    "a script": "<script>alert(1)</script>",
    "one half": "0.5",
}


def _chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """A small file that says that it is a picture of 3,600 million pixels."""
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    parts = _chunk(b"IHDR", size), _chunk(b"IDAT", pixels), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


#: Files that nobody means, either, made anew for each test.
HOSTILE_FILES = {
    "nothing": bytes,
    "no picture": lambda: b"Dear editor, the picture is attached.",
    "a page": lambda: b"<!doctype html><script>alert(1)</script>",
    "SVG": lambda: b"<?xml version='1.0'?><svg onload='alert(1)'/>",
    "half a picture": lambda: make.picture((60, 40))[:-40],
    "half a photograph": lambda: make.picture((60, 40), "JPEG")[:-40],
    "only the beginning": lambda: b"\x89PNG\r\n\x1a\n",
    "a picture and an archive": lambda: make.picture() + b"PK\3\4 and a file",
    "a picture and a script": lambda: make.picture(kind="JPEG") + b"*/alert(1)/*",
    "two pictures at once": lambda: make.picture(kind="JPEG") + make.picture(),
    "a bomb": bomb,
    "10 MB behind a picture": lambda: make.picture() + bytes(10_000_000),
    "10 MB inside a picture": lambda: (
        make.picture()[:33] + _chunk(b"teXt", bytes(10_000_000)) + make.picture()[33:]
    ),
}
FILE_NAMES = (
    "../../settings.py",
    "a\0b.png",
    "x" * 400 + ".png",
    "shell.php",
    "\u202egnp.exe",
    " ",
)


def with_files():
    """Models whose add form asks for files, with the names of these fields."""
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_active=True, is_staff=True)
    for model in EDITED:
        form = admin.site.get_model_admin(model).get_form(request)
        if files := [
            name for name, field in form.base_fields.items() if isinstance(field, FileField)
        ]:
            yield model, files


def names(rows):
    return [row.__name__ for row in rows]


def test_every_model_has_a_page_or_a_place_on_one():
    registered = {model for model in admin.site._registry if model._meta.app_label == "records"}
    assert registered == set(WITH_PAGE)


def test_site_is_named_after_the_settings(desk, settings):
    assert f"{settings.SITE_NAME} newsroom" in desk.get("/admin/").content.decode()


@pytest.mark.parametrize("model", EDITED, ids=names(EDITED))
def test_every_field_has_its_place_on_the_form(model, desk):
    form = desk.get(url("add", model)).context_data["adminform"].form
    own = {
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.editable and not getattr(field, "primary_key", False)
    }
    through = {"authors", "crew", "operators"}  # Edited as rows of their own.
    decided = set()
    if model is models.Article:  # By the buttons, which ask for more than the story's own fields.
        decided = {"state", "published_at", "updated_at", "withdrawn_at"}
        assert "byline" in form.fields
    if model is models.Image:  # All that follows from its file.
        decided = {"digest", "extension", "width", "height"}
        assert "file" in form.fields
    asked = form.fields.keys() - (form.declared_fields.keys() - own)
    assert own - through - decided == asked


@pytest.mark.parametrize("model", WITH_PAGE, ids=names(WITH_PAGE))
def test_no_select_offers_whole_tables(model, desk):
    page = admin.site._registry[model]
    references = {
        field.name
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
        and field.remote_field.model._meta.app_label == "records"
        and getattr(field.remote_field, "through", None) is not models.Authorship
        and getattr(field.remote_field, "through", None) is not models.SpacewalkCrew
        and getattr(field.remote_field, "through", None) is not models.StationOperator
    }
    assert references <= set(page.autocomplete_fields)


@pytest.mark.parametrize("model", WITH_PAGE, ids=names(WITH_PAGE))
def test_list_can_be_searched_and_filtered(model, desk):
    one_of_each()
    for query in ("", "?q=test", f"?q={'word+' * 500}", "?q=%27%22%5C%25", "?o=99.-1", "?p=abc"):
        assert desk.get(url("changelist", model) + query, follow=True).status_code == 200
    assert desk.get(url("changelist", model) + "?all=&q=a").context_data["cl"].result_count >= 0


@pytest.mark.parametrize("model", WITH_PAGE, ids=names(WITH_PAGE))
def test_nonsense_in_the_address_of_a_list_is_no_crash(model, desk):
    one_of_each()
    hierarchy = admin.site._registry[model].date_hierarchy
    queries = ["?pk=abc", "?p=99999999999999999999999", "?e=1", "?q=" + "%28" * 200]
    if hierarchy:
        queries += [f"?{hierarchy}__year={year}" for year in ("abc", "0", "9" * 20, "-1", "99999")]
        queries += [f"?{hierarchy}__year=1999&{hierarchy}__month=77"]
    for query in queries:
        response = desk.get(url("changelist", model) + query, follow=True)
        assert response.status_code in (200, 400), query


@pytest.mark.parametrize("model", WITH_PAGE, ids=names(WITH_PAGE))
def test_hostile_add_form_gets_messages(model, desk):
    good = typed(desk.get(url("add", model)))
    for prefix in inlines_of(good):
        add_row(good, prefix)
    for name, value in HOSTILE.items():
        before = model.objects.count()
        response = desk.post(url("add", model), fill(good, value))
        # A name and a slug may be odd; a row that asks for more than words is never made of them.
        saved = response.status_code == 302 and model in (models.Author, models.Topic)
        assert saved or (response.status_code == 200 and complaints(response)), name
        assert model.objects.count() == before + saved, name


@pytest.mark.parametrize("model", EDITED, ids=names(EDITED))
def test_hostile_change_form_gets_messages(model, desk):
    row = one_of_each()[model]
    good = typed(desk.get(url("change", row)))
    for name, value in HOSTILE.items():
        response = desk.post(url("change", row), fill(good, value))
        saved = response.status_code == 302 and model in (models.Author, models.Topic)
        assert saved or (response.status_code == 200 and complaints(response)), name
        if saved:
            good = typed(desk.get(url("change", row)))


@pytest.mark.parametrize("model", EDITED, ids=names(EDITED))
def test_one_hostile_field_in_a_good_form_is_no_crash(model, desk):
    row = one_of_each()[model]
    good = typed(desk.get(url("change", row)))
    hostile = list(HOSTILE.values())
    fields = [name for name in good if "__prefix__" not in name and not name.endswith(BOOKKEEPING)]
    for number, name in enumerate(fields):
        response = desk.post(url("change", row), good | {name: hostile[number % len(hostile)]})
        assert response.status_code in (200, 302), name


def good_add_form(model, desk, files):
    """What a new row of the model would be made of, besides its files."""
    row = one_of_each()[model]
    shown = typed(desk.get(url("change", row)))
    values = {
        name: shown.get(name, old) for name, old in typed(desk.get(url("add", model))).items()
    }
    for name in ("slug", *files):
        values.pop(name, None)
    return values


def a_file(data=None, name="picture.png"):
    return SimpleUploadedFile(name, make.picture() if data is None else data)


@pytest.mark.parametrize("kind", HOSTILE_FILES)
def test_hostile_files_get_a_message_at_their_field(kind, desk):
    asked = list(with_files())
    assert models.Image in dict(asked)
    for model, files in asked:
        good = good_add_form(model, desk, files)
        before = model.objects.count()
        for name in files:
            data = HOSTILE_FILES[kind]()
            file = a_file(data)
            response = desk.post(url("add", model), good | {name: file})
            assert response.status_code == 200, name
            form = response.context_data["adminform"].form
            assert list(form.errors) == [name]
            back = typed(response)
            assert {one: back[one] for one in form.changed_data if one not in files}
            assert all(back[one] == good[one] for one in form.changed_data if one in good)
        assert model.objects.count() == before


def test_hostile_forms_beside_a_good_file_get_messages(desk):
    for model, files in with_files():
        good = good_add_form(model, desk, files)
        for name, value in HOSTILE.items():
            before = model.objects.count()
            sent = fill(good, value) | {one: a_file() for one in files}
            response = desk.post(url("add", model), sent)
            assert response.status_code == 200, name
            assert complaints(response), name
            assert model.objects.count() == before, name


def test_one_hostile_field_beside_a_good_file_is_no_crash(desk):
    for model, files in with_files():
        good = good_add_form(model, desk, files)
        fields = [name for name in good if not name.endswith(BOOKKEEPING)]
        for name, value in zip(fields, cycle(HOSTILE.values()), strict=False):
            sent = good | {name: value} | {one: a_file() for one in files}
            response = desk.post(url("add", model), sent)
            assert response.status_code in (200, 302), (name, value)


@pytest.mark.parametrize("called", FILE_NAMES)
def test_what_a_file_is_called_does_not_matter(called, desk):
    for model, files in with_files():
        good = good_add_form(model, desk, files)
        before = model.objects.count()
        response = desk.post(url("add", model), good | {one: a_file(name=called) for one in files})
        assert response.status_code == 302, complaints(response)
        assert model.objects.count() == before + 1


def test_text_where_a_file_is_asked_for_is_no_file(desk):
    for model, files in with_files():
        good = good_add_form(model, desk, files)
        for value in ("", "garbage", "../../etc/passwd", "a\0b"):
            response = desk.post(url("add", model), good | dict.fromkeys(files, value))
            assert response.status_code == 200
            assert list(response.context_data["adminform"].form.errors) == files


def test_form_without_its_inlines_bookkeeping_is_no_crash(desk):
    for model in WITH_PAGE:
        assert desk.post(url("add", model), {}).status_code == 200
        assert desk.post(url("add", model), {"launch_flights-TOTAL_FORMS": "x"}).status_code == 200


def test_form_saved_as_it_is_changes_nothing(desk):
    rows = one_of_each()
    for model in EDITED:
        before = model.objects.values().get(pk=rows[model].pk)
        values = typed(desk.get(url("change", rows[model])))
        response = desk.post(url("change", rows[model]), values)
        assert response.status_code == 302, (model, complaints(response))
        assert model.objects.values().get(pk=rows[model].pk) == before


def test_references_in_the_address_of_an_add_form_may_be_nonsense(desk):
    for model in WITH_PAGE:
        page = admin.site._registry[model]
        for name in page.autocomplete_fields:
            assert desk.get(url("add", model) + f"?{name}=abc,²,1").status_code == 200


def test_every_reference_is_completed_for_few_queries(desk):
    for model in WITH_PAGE:
        for name in admin.site._registry[model].autocomplete_fields:
            asked = {"app_label": "records", "model_name": model._meta.model_name}
            with CaptureQueriesContext(connection) as queries:
                answer = desk.get("/admin/autocomplete/", asked | {"field_name": name, "term": "a"})
            assert answer.status_code == 200
            assert len(queries) <= 6, (model, name)
            nonsense = {"field_name": name, "term": "a " * 999, "page": "x"}
            assert desk.get("/admin/autocomplete/", asked | nonsense).status_code == 404


def test_slug_may_be_changed_and_the_former_one_leads_to_the_row(desk):
    for model, row in one_of_each().items():
        if not hasattr(row, "slug"):
            continue
        former = row.slug
        assert "slug" in typed(desk.get(url("add", model)))
        values = typed(desk.get(url("change", row))) | {"slug": "another-name"}
        response = save(desk, url("change", row), values)
        assert response.status_code == 302, (model, complaints(response))
        row.refresh_from_db()
        assert row.slug == "another-name", model
        assert model.objects.named([former]) == {former: row}


def test_every_row_with_a_page_of_its_own_links_to_it(desk):
    for model, row in one_of_each().items():
        if not hasattr(model, "get_absolute_url"):
            continue
        page = desk.get(url("change", row))
        assert page.context_data["has_absolute_url"], model
        link = page.context_data["absolute_url"]
        target = desk.get(link)["Location"] if link.startswith("/admin/r/") else link
        assert target.endswith(row.get_absolute_url())


# What the database refuses


@pytest.fixture
def overlapping(desk):
    """A form that would put somebody on two missions at once, and that validation misses."""
    flight = make.make_flight(launched_at="2001-01-01", days=100)
    second = make.make_mission(launched_at="2001-03-01", landed_at="2001-03-20")
    values = typed(desk.get(url("change", second)))
    values["notes"] = "Typed with care."
    add_row(values, "launch_flights", astronaut=str(flight.astronaut.pk), role="Pilot")
    return second, values


def test_validation_says_that_nobody_makes_two_flights_at_once(desk, overlapping):
    mission, values = overlapping
    response = desk.post(url("change", mission), values)
    assert response.status_code == 200
    assert "nobody makes two flights at once" in complaints(response)


def test_what_the_database_refuses_is_said_in_words(desk, overlapping, monkeypatch):
    mission, values = overlapping
    monkeypatch.setattr("records.models.Flight.clean", lambda flight: None)
    response = desk.post(url("change", mission), values)
    assert response.status_code == 200
    assert "Nothing was saved. Somebody in the crew would be in space" in complaints(response)
    assert not mission.launch_flights.exists()


def test_what_was_typed_is_still_there_after_a_refusal(desk, overlapping, monkeypatch):
    mission, values = overlapping
    monkeypatch.setattr("records.models.Flight.clean", lambda flight: None)
    page = desk.post(url("change", mission), values)
    still = typed(page)
    expected = {
        name: value for name, value in values.items() if name in still and "csrf" not in name
    }
    assert expected["notes"] == "Typed with care."
    assert expected["launch_flights-0-role"] == "Pilot"
    assert {name: still[name] for name in expected} == expected
    assert not Mission.objects.get(pk=mission.pk).notes


def test_refused_landing_before_a_spacewalk(desk, monkeypatch):
    flight = make.make_flight(launched_at="2001-01-01", days=100)
    make.make_spacewalk(flight, started_at="2001-02-01T10:00")
    monkeypatch.setattr("records.models.Mission.clean", lambda mission: None)
    values = typed(desk.get(url("change", flight.launch_mission)))
    values |= {"landed_at": "2001-01-20 10:00:00"}
    monkeypatch.setattr("records.models.Flight.clean", lambda flight: None)
    response = desk.post(url("change", flight.launch_mission), values)
    assert response.status_code == 200
    assert "A spacewalk would lie outside the flight" in complaints(response)
    assert typed(response)["landed_at"] == "2001-01-20 10:00:00"


def test_refused_constraint_speaks_the_models_words(desk, monkeypatch):
    mission = make.make_mission(landed_at="1999-03-20")
    values = typed(desk.get(url("change", mission))) | {"landed_at": "1990-01-01 00:00:00"}
    monkeypatch.setattr("django.db.models.Model.validate_constraints", lambda *args, **kw: None)
    response = desk.post(url("change", mission), values)
    assert response.status_code == 200
    assert "A mission must land after its launch." in complaints(response)


def test_name_taken_meanwhile_is_said_in_words(desk, monkeypatch):
    make.make_topic("taken")
    values = typed(desk.get(url("add", models.Topic))) | {"name": "Another", "slug": "taken"}
    monkeypatch.setattr("django.db.models.Model.validate_unique", lambda *args, **kwargs: None)
    response = desk.post(url("add", models.Topic), values)
    assert response.status_code == 200
    assert "There is another one with the same slug." in complaints(response)


def test_row_deleted_meanwhile_is_said_in_words(desk, monkeypatch):
    craft, operator = make.make_spacecraft(), make.make_agency()
    values = typed(desk.get(url("change", craft))) | {"operator": str(operator.pk)}
    save = models.Spacecraft.save

    def save_late(row, *args, **kwargs):
        models.Agency.objects.filter(pk=operator.pk)._raw_delete("default")
        save(row, *args, **kwargs)

    monkeypatch.setattr("records.models.Spacecraft.save", save_late)
    response = desk.post(url("change", craft), values)
    assert response.status_code == 200
    assert "deleted meanwhile" in complaints(response)
    assert not list(get_messages(response.wsgi_request)), "nobody is thanked for it"


def test_refused_deletion_is_said_in_words(desk, monkeypatch):
    row = make.make_advert()

    def refuse(*args, **kwargs):
        raise IntegrityError("FOREIGN KEY constraint failed")

    monkeypatch.setattr("records.models.Advert.delete", refuse)
    response = desk.post(url("delete", row), {"post": "yes"}, follow=True)
    assert response.status_code == 200
    assert "Nothing was deleted." in response.content.decode()
    assert models.Advert.objects.exists()


def test_refused_deletion_of_several_is_said_in_words(desk, monkeypatch):
    row = make.make_advert()

    def refuse(*args, **kwargs):
        raise IntegrityError("FOREIGN KEY constraint failed")

    monkeypatch.setattr("django.db.models.query.QuerySet.delete", refuse)
    sent = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    response = desk.post(url("changelist", models.Advert), sent, follow=True)
    assert response.status_code == 200
    assert "Nothing was deleted." in response.content.decode()


def test_row_that_others_rest_on_is_not_deleted(desk):
    flight = make.make_flight(days=10)
    response = desk.post(url("delete", flight.astronaut), {"post": "yes"})
    assert response.status_code == 200
    with pytest.raises(ProtectedError):
        flight.astronaut.delete()
    assert models.Astronaut.objects.filter(pk=flight.astronaut.pk).exists()


def test_action_on_rows_that_are_none_is_refused(desk):
    sent = {"action": "delete_selected", "_selected_action": ["abc", "9" * 40], "post": "yes"}
    response = desk.post(url("changelist", models.Advert), sent, follow=True)
    assert response.status_code == 200
    assert "Choose from the rows of the list." in response.content.decode()


def inlines_of(values):
    return [name.removesuffix("-TOTAL_FORMS") for name in values if name.endswith("-TOTAL_FORMS")]


def fill(values, value):
    """The form with the value typed everywhere but in its bookkeeping."""
    return {name: old if name.endswith(BOOKKEEPING) else value for name, old in values.items()}
