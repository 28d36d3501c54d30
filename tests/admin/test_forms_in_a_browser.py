"""What a browser does with the forms of the newsroom."""

import pytest
from playwright.sync_api import expect

from records import models
from tests.admin.pages import WITH_PAGE, url
from tests.browsers import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: The name of the field that holds the focus, also where a search box stands for it.
FOCUSED = """() => {
  const chosen = document.activeElement.closest(".select2-container")?.previousElementSibling
    ?? document.activeElement;
  return [chosen.name, chosen.type];
}"""


def test_every_add_form_begins_with_its_first_field(newsroom, client, grace, page, live_server):
    client.force_login(grace)
    for model in WITH_PAGE:
        address = url("add", model)
        form = client.get(address).context_data["adminform"].form
        first = next(field.html_name for field in form if not field.is_hidden)
        page.goto(live_server.url + address)
        assert page.evaluate(FOCUSED)[0] == first, model


def test_form_that_comes_back_begins_with_the_mistake(newsroom, page, live_server):
    page.goto(live_server.url + url("add", models.Author))
    page.fill("#id_name", "Somebody")
    page.fill("#id_slug", "No Slug")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".errornote").first).to_be_visible()
    assert page.evaluate(FOCUSED)[0] == "slug"


def test_what_is_pasted_is_never_cut(newsroom, page, live_server):
    """It comes whole, and the form says that it is too long."""
    for model in WITH_PAGE:
        page.goto(live_server.url + url("add", model))
        assert page.locator("form [maxlength]").count() == 0, model
    page.goto(live_server.url + url("add", models.Author))
    page.fill("#id_name", "x" * 140)
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".field-name .errorlist")).to_contain_text("at most 100 characters")
    expect(page.locator("#id_name")).to_have_value("x" * 140)
