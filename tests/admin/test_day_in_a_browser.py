"""A story's day in real browsers: a writer's, an editor's and a reader's."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from tests import factories as make
from tests.browsers import follow, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MORNING = datetime(2026, 10, 12, 9, 0, tzinfo=UTC)
TEN = MORNING + timedelta(hours=1)


@pytest.fixture
def desk_of(browser, live_server):
    """Opens a browser in which somebody of a role is signed in; their byline has the same name."""
    contexts = []

    def opened(name, role):
        user = get_user_model().objects.create_user(name, password="a password", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        make.make_author(name, user=user)
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        sign_in(context, live_server, user)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def press(page, name, told):
    """Press a button of the story's page and read what it says."""
    follow(page.locator(f"[name={name}]").first)
    expect(page.locator(".messagelist")).to_contain_text(told)


def test_a_story_from_its_first_word_until_it_can_be_read_again(clock, page, live_server, desk_of):
    clock(MORNING, ticks=True)
    make.make_topic("moons", name="Moons")
    writer, editor = desk_of("wanda", "Writer"), desk_of("edda", "Editor")
    site, story = live_server.url, "/news/two-come-home/"

    def read(path=story):
        return page.goto(site + path).status

    # Written, looked at, reviewed.
    writer.goto("/admin/records/article/add/")
    writer.keyboard.type("Two come home")
    writer.fill("#id_standfirst", "They were away for long.")
    writer.locator("#id_body").focus()
    writer.keyboard.type("They landed in the morning.\n\n/quo")
    writer.keyboard.press("Enter")
    writer.keyboard.type("We are home.")
    writer.keyboard.press("Tab")
    writer.keyboard.type("Ada Vega")
    writer.keyboard.press("Enter")
    expect(writer.locator("dialog[open]")).to_have_count(0)
    writer.click("#id_topics + .select2 .select2-search__field")
    writer.keyboard.type("Moons")
    expect(writer.locator(".select2-results__option--highlighted")).to_contain_text("Moons")
    writer.keyboard.press("Enter")
    press(writer, "_continue", "was added successfully")
    form = writer.url
    with writer.context.expect_page() as shown:
        writer.locator(".viewsitelink, a:text('View on site')").first.click(modifiers=["Control"])
    expect(shown.value.locator("body")).to_contain_text("not public")
    press(writer, "_review", "Sent to review")
    assert read() == 404
    editor.goto(form)
    editor.fill("#id_note", "Say where.")
    press(editor, "_send_back", "Sent back with the note")
    writer.goto(form)
    expect(writer.locator("body")).to_contain_text("Say where.")
    writer.locator("#id_body").press("Control+Home")
    writer.keyboard.type("It was in Kazakhstan. ")
    press(writer, "_review", "Sent to review")

    # Scheduled, and public at the second.
    editor.goto(form)
    editor.check("#publish input[value=other]")
    editor.fill("[name=when_at]", f"{TEN:%Y-%m-%d %H:%M:%S}")
    press(editor, "_publish", "Readers will see the story from 12 October 2026, 10:00:00 UTC on.")
    clock(TEN - timedelta(seconds=1))
    assert read() == 404
    clock(TEN, ticks=True)
    assert read() == 200
    expect(page.locator("main")).to_contain_text("It was in Kazakhstan.")

    # Corrected, with a new address.
    editor.goto(form)
    editor.fill("#id_body", editor.input_value("#id_body").replace("morning", "evening"))
    editor.fill("#id_correction_wrong", "It said that they landed in the morning.")
    editor.fill("#id_correction_right", "They landed in the evening.")
    press(editor, "_publish", "Readers see it now.")
    assert read() == 200
    expect(page.locator("main")).to_contain_text("They landed in the evening.")
    expect(page.locator("main")).to_contain_text("It said that they landed in the morning.")
    editor.goto(form)
    editor.fill("#id_slug", "two-are-home")
    press(editor, "_continue", "was changed successfully")
    assert read() == 200
    assert page.url == f"{site}/news/two-are-home/"

    # Withdrawn, and put back: the reader's browser has kept nothing.
    editor.fill("#id_withdrawal_note", "We are looking into it.")
    press(editor, "_withdraw", "Withdrawn")
    assert read() == 410
    expect(page.locator("main")).to_contain_text("We are looking into it.")
    press(editor, "_publish", "Readers see it now.")
    assert read() == 200
    expect(page.locator("main")).to_contain_text("They landed in the evening.")
