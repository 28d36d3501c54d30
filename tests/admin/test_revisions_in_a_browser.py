"""An editor looks up what was changed of a story and puts an earlier version back."""

import re

import pytest
from playwright.sync_api import expect

from records.models import Article, PendingVersion, roles
from tests import factories as make
from tests.admin.test_roles import account
from tests.browsers import follow, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 390)


@pytest.fixture
def newsroom(live_server, page, complaints):
    sign_in(page.context, live_server, account(roles.EDITOR, "ed"))
    return f"{live_server.url}/admin/records"


def keep(page, **fields):
    for name, text in fields.items():
        page.fill(f"#id_{name}", text)
    follow(page.locator("[name=_continue]").first)
    expect(page.locator(".messagelist")).to_be_visible()


def test_one_inserted_word_is_found_and_taken_back(newsroom, page, complaints):
    story = make.make_article("a-story", headline="A crew landed", body="The crew landed.")
    page.goto(f"{newsroom}/article/{story.pk}/change/")
    keep(page, body="The whole crew landed.")
    keep(page, headline="Another headline")
    follow(page.locator(".object-tools >> text=History"))
    expect(page.locator("#content-main table")).to_contain_text("body")
    # The first of all, and the latest.
    page.locator("[name=old]").last.check()
    page.locator("[name=new]").first.check()
    follow(page.locator("text=Compare the two"))
    marks = page.locator("#content-main td ins")
    expect(marks).to_have_count(2)
    expect(marks.last).to_have_text(re.compile("put in: whole"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    follow(page.locator("button:has-text('Put the version')"))
    expect(page.locator(".messagelist")).to_contain_text("Readers see nothing of it yet")
    expect(page.locator("#id_body")).to_have_value("The crew landed.")
    expect(page.locator("#id_headline")).to_have_value("A crew landed")
    assert PendingVersion.objects.get(article=story).state == "draft"
    assert Article.objects.get(pk=story.pk).body == "The crew landed."
    assert complaints == []
