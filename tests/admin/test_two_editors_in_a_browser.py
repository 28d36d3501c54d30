"""Two who have one form open, each in a browser of their own."""

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests import factories as make
from tests.browsers import follow, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BODY = "Ada Vega came home.\n\nShe had been away for a year."


@pytest.fixture
def story():
    return make.make_article(headline="Home again", body=BODY, state="draft", published_at=None)


@pytest.fixture
def mara(browser, live_server):
    """Somebody else, in a browser of her own."""
    context = browser.new_context()
    user = get_user_model().objects.create_superuser("mara", first_name="Mara", last_name="Ilves")
    sign_in(context, live_server, user)
    yield context.new_page()
    context.close()


def save(page):
    follow(page.locator('.story-bar input[name="_continue"]'))


def test_two_who_have_a_story_open_see_each_other_and_merge(
    newsroom, page, mara, story, complaints
):
    address = f"{newsroom}/article/{story.pk}/change/"
    page.goto(address)
    expect(page.locator(".present")).to_be_empty()
    mara.goto(address)
    expect(mara.locator(".present")).to_contain_text("grace has this open, since")
    tab = page.context.new_page()
    tab.goto(address)
    expect(tab.locator(".present")).to_contain_text("You have this open in another tab")
    expect(tab.locator(".present")).to_contain_text("Mara Ilves has this open, since")
    tab.close()

    mara.fill("#id_headline", "Home after a year")
    save(mara)
    page.fill("#id_body", BODY.replace("home", "home in the snow"))
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("Taken from there: Headline.")
    expect(page.locator(".messagelist")).to_contain_text("Mara Ilves saved this at")
    story.refresh_from_db()
    assert (story.headline, story.body) == (
        "Home after a year",
        BODY.replace("home", "home in the snow"),
    )
    assert complaints == []


def test_what_both_changed_is_chosen_by_keyboard(newsroom, page, mara, story, complaints):
    address = f"{newsroom}/article/{story.pk}/change/"
    page.goto(address)
    mara.goto(address)
    mara.fill("#id_headline", "Hers")
    mara.fill("#id_body", BODY.replace("a year", "371 days"))
    save(mara)
    page.fill("#id_headline", "Mine")
    page.fill("#id_body", BODY.replace("home", "home in the snow"))
    page.fill("#id_standfirst", "Only mine.")
    save(page)
    expect(page.locator(".conflict h2")).to_contain_text("Mara Ilves saved this at")
    expect(page.locator('input[name="choice-headline"][value="mine"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.locator('input[name="choice-body"][value="both"]')).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" In all.")
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('.conflict [type=submit]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".conflict")).to_have_count(0)
    story.refresh_from_db()
    both = BODY.replace("home", "home in the snow").replace("a year", "371 days")
    assert (story.headline, story.standfirst) == ("Hers", "Only mine.")
    assert story.body == f"{both} In all."
    assert complaints == []


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_same_is_chosen(newsroom, page, mara, story):
    address = f"{newsroom}/article/{story.pk}/change/"
    mara.goto(address)
    expect(mara.locator(".present")).to_be_empty()
    page.goto(address)
    expect(page.locator(".present")).to_contain_text("Mara Ilves has this open, since")
    mara.fill("#id_headline", "Hers")
    save(mara)
    page.fill("#id_headline", "Mine")
    save(page)
    page.check('input[name="choice-headline"][value="mine"]')
    follow(page.locator(".conflict [type=submit]"))
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    story.refresh_from_db()
    assert story.headline == "Mine"
