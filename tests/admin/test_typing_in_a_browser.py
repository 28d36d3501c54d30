"""Nothing that is typed into a form of the newsroom is lost."""

from itertools import product

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from records.models import Article, KeptText
from tests import factories as make
from tests.browsers import follow, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Ada Vega came home today, and said so."


def draft(**fields):
    return make.make_article(state="draft", published_at=None, **fields)


def copies(page):
    """What this browser keeps of unsaved forms, as text."""
    return page.evaluate("Object.entries(localStorage).filter(([k]) => k.startsWith('kept:'))+''")


#: Seconds from the opening of the form to the first key, and from the last key to the leaving.
PAUSES = list(product((0.1, 0.5, 2, 5), (0.1, 0.5, 1, 2, 5)))


def test_leaving_is_warned_of_and_the_text_is_kept_however_soon(newsroom, page, context):
    lost = []
    for number, (before, after) in enumerate(PAUSES):
        page, asked, words = context.new_page(), [], f"{WORDS} {number}"
        page.on("dialog", lambda one, asked=asked: (asked.append(one.type), one.accept()))
        page.goto(f"{newsroom}/topic/add/", wait_until="domcontentloaded")
        page.wait_for_timeout(1000 * before)
        page.locator("#id_description").press_sequentially(words)
        page.wait_for_timeout(1000 * after)
        page.click(".breadcrumbs a >> nth=0")
        page.wait_for_url("**/admin/")
        if asked != ["beforeunload"] or words not in copies(page):
            lost.append((before, after, asked))
        page.close()
    assert lost == []


def test_what_was_kept_is_taken_up_as_it_was_typed(newsroom, page, complaints):
    topic, author = make.make_topic("moons", name="Moons"), make.make_author("ada", name="Ada")
    page.on("dialog", lambda one: one.accept())
    page.goto(f"{newsroom}/article/add/")
    page.fill("#id_headline", "A landing")
    page.fill("#id_standfirst", WORDS)
    page.fill("#id_body", f"{WORDS}\n\n- one\n- two")
    choose(page, "id_topics", topic.name)
    choose(page, "id_byline", author.name)
    page.wait_for_timeout(600)
    page.goto("about:blank")
    page.goto(f"{newsroom}/article/add/")
    page.click("text=Take it up")
    expect(page.locator("#id_standfirst")).to_have_value(WORDS)
    expect(page.locator("#id_body")).to_have_value(f"{WORDS}\n\n- one\n- two")
    expect(page.locator("#id_topics option:checked")).to_have_text([topic.name])
    expect(page.locator("#id_byline option:checked")).to_have_text([author.name])
    assert WORDS in copies(page)
    assert complaints == []


def choose(page, field, text):
    """Look somebody or something up in an autocomplete select and take it."""
    page.click(f"#{field} + .select2 .select2-selection")
    page.keyboard.type(text)
    page.click(f".select2-results__option:has-text('{text}')")


def test_copy_is_dropped_once_the_form_is_saved(newsroom, page, complaints):
    topic = make.make_topic("moons", name="Moons")
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.fill("#id_description", WORDS)
    expect(page.locator(".kept")).to_contain_text("in this browser, not saved")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert copies(page) == ""
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    expect(page.locator("#id_description")).to_have_value(WORDS)
    assert page.locator(".recovery").count() == 0
    assert complaints == []


def test_copy_outlives_a_crash_and_a_refused_save(newsroom, page, context, complaints):
    topic = make.make_topic("moons", name="Moons")
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.fill("#id_description", WORDS)
    page.fill("#id_name", "")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".errornote").first).to_be_visible()
    assert WORDS in copies(page)
    page.close(run_before_unload=False)
    page = context.new_page()
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.click("text=Show it")
    expect(page.locator(".recovery pre")).to_contain_text(WORDS)
    page.click("text=Throw it away")
    assert copies(page) == ""
    page.reload()
    assert page.locator(".recovery").count() == 0
    assert complaints == []


def test_copies_are_told_apart_by_page_and_user(newsroom, page, live_server, complaints):
    one, other = make.make_topic("moons", name="Moons"), make.make_topic("rings", name="Rings")
    page.goto(f"{newsroom}/topic/{one.pk}/change/")
    page.fill("#id_description", WORDS)
    expect(page.locator(".kept")).to_contain_text("in this browser")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{newsroom}/topic/{other.pk}/change/")
    assert page.locator(".recovery").count() == 0
    sign_in(page.context, live_server, get_user_model().objects.create_superuser("ada"))
    page.goto(f"{newsroom}/topic/{one.pk}/change/")
    expect(page.locator("#id_name")).to_have_value("Moons")
    assert page.locator(".recovery").count() == 0
    assert complaints == []


def test_draft_is_offered_on_another_machine(newsroom, page, browser, live_server, grace):
    story = draft(headline="A draft")
    page.goto(f"{newsroom}/article/{story.pk}/change/")
    page.fill("#id_standfirst", WORDS)
    expect(page.locator(".kept")).to_contain_text("on the server", timeout=8000)
    assert KeptText.objects.get().user == grace
    assert Article.objects.get(pk=story.pk).standfirst != WORDS
    other = browser.new_context(base_url=live_server.url)
    sign_in(other, live_server, grace)
    there = other.new_page()
    there.goto(f"{newsroom}/article/{story.pk}/change/")
    expect(there.locator(".recovery")).to_contain_text("on the server")
    there.click("text=Take it up")
    expect(there.locator("#id_standfirst")).to_have_value(WORDS)
    follow(there.locator("[name=_save]").first)
    expect(there.locator(".messagelist")).to_contain_text("was changed successfully")
    assert Article.objects.get(pk=story.pk).standfirst == WORDS
    assert not KeptText.objects.exists()
    other.close()


@pytest.mark.parametrize("renewed", [False, True])
def test_session_that_ended_while_typing_loses_nothing(
    newsroom, page, live_server, grace, renewed, complaints
):
    story = draft(headline="A draft")
    page.goto(f"{newsroom}/article/{story.pk}/change/")
    page.fill("#id_standfirst", WORDS)
    Session.objects.all().delete()
    page.context.clear_cookies()
    if renewed:
        tab = page.context.new_page()
        tab.goto(f"{newsroom}/")
        tab.fill("#id_username", "grace")
        tab.fill("#id_password", "a password")
        follow(tab.locator("[type=submit]"))
        expect(tab.locator("#user-tools")).to_contain_text("grace")
        page.bring_to_front()
    page.locator("[name=_continue]").first.click()
    if not renewed:
        dialog = page.locator("#sign-in-again")
        expect(dialog).to_be_visible()
        dialog.locator("[name=password]").fill("a wrong one")
        page.keyboard.press("Enter")
        expect(dialog.locator(".errornote")).to_contain_text("correct")
        page.keyboard.type("a password")
        page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    assert Article.objects.get(pk=story.pk).standfirst == WORDS
    assert [one for one in complaints if "a status of 40" not in one] == []


def test_signing_in_in_another_tab_closes_the_dialog(newsroom, page, live_server, grace):
    topic = make.make_topic("moons", name="Moons")
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.fill("#id_description", WORDS)
    page.context.clear_cookies()
    page.locator("[name=_save]").first.click()
    expect(page.locator("#sign-in-again")).to_be_visible()
    sign_in(page.context, live_server, grace)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully", timeout=8000)
    topic.refresh_from_db()
    assert topic.description == WORDS


def test_going_back_to_the_text_leaves_it_as_it_is(newsroom, page):
    topic = make.make_topic("moons", name="Moons")
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.fill("#id_description", WORDS)
    page.context.clear_cookies()
    page.locator("[name=_save]").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sign-in-again")).to_be_hidden()
    expect(page.locator("[name=_save]").first).to_be_focused()
    expect(page.locator("#id_description")).to_have_value(WORDS)


def test_server_that_does_not_answer_loses_nothing(newsroom, page):
    topic = make.make_topic("moons", name="Moons")
    page.goto(f"{newsroom}/topic/{topic.pk}/change/")
    page.fill("#id_description", WORDS)
    page.context.set_offline(True)
    page.locator("[name=_save]").first.click()
    expect(page.locator(".not-sent")).to_contain_text("Nothing was sent")
    expect(page.locator("#id_description")).to_have_value(WORDS)
    page.context.set_offline(False)
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
