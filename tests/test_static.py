"""Production serves static files under hashed names: every name a template uses must exist."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

REFERENCE = re.compile(r"""\{%\s*static\s+(["'])(?P<name>.+?)\1""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    from django.test import override_settings

    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield


def references():
    for template in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        for found in REFERENCE.finditer(template.read_text(encoding="utf-8")):
            yield str(template.relative_to(settings.BASE_DIR)), found["name"]


def test_templates_refer_to_static_files():
    assert list(references())


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize(("template", "name"), sorted(set(references())))
def test_static_file_of_a_template_exists(template, name):
    assert re.search(r"\.[0-9a-f]{12}\.", staticfiles_storage.url(name))


@pytest.mark.usefixtures("collected")
def test_error_pages_render_with_hashed_names(client):
    assert client.get("/nowhere").status_code == 404


def test_static_files_are_served_without_collecting_under_debug(client):
    response = client.get("/static/img/favicon.svg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
