"""What a browser does with the forms of the newsroom."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from records import models
from tests.admin.pages import WITH_PAGE, log_in, url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: The name of the field that holds the focus, also where a search box stands for it.
FOCUSED = """() => {
  const chosen = document.activeElement.closest(".select2-container")?.previousElementSibling
    ?? document.activeElement;
  return [chosen.name, chosen.type];
}"""


def sign_in(page, live_server, client: Client):
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )


def test_every_add_form_begins_with_its_first_field(page, live_server):
    client = log_in("grace")
    sign_in(page, live_server, client)
    for model in WITH_PAGE:
        address = url("add", model)
        form = client.get(address).context_data["adminform"].form
        first = next(field.html_name for field in form if not field.is_hidden)
        page.goto(live_server.url + address)
        page.wait_for_load_state("load")
        assert page.evaluate(FOCUSED)[0] == first, model


def test_form_that_comes_back_begins_with_the_mistake(page, live_server):
    sign_in(page, live_server, log_in("grace"))
    page.goto(live_server.url + url("add", models.Author))
    page.fill("#id_name", "Somebody")
    page.fill("#id_slug", "No Slug")
    page.locator("[name=_save]").first.click()
    expect(page.locator(".errornote").first).to_be_visible()
    page.wait_for_load_state("load")
    assert page.evaluate(FOCUSED)[0] == "slug"


def test_what_is_pasted_is_never_cut(page, live_server):
    """It comes whole, and the form says that it is too long."""
    sign_in(page, live_server, log_in("grace"))
    for model in WITH_PAGE:
        page.goto(live_server.url + url("add", model))
        assert page.locator("form [maxlength]").count() == 0, model
    page.goto(live_server.url + url("add", models.Author))
    page.fill("#id_name", "x" * 140)
    page.locator("[name=_save]").first.click()
    expect(page.locator(".field-name .errorlist")).to_contain_text("at most 100 characters")
    expect(page.locator("#id_name")).to_have_value("x" * 140)
