"""An editor writes a story in a real browser, under the site's content security policy."""

import re

import pytest
from playwright.sync_api import expect

from records.body.parse import parse
from records.instants import read_clock
from records.models import Article
from tests import factories as make
from tests.browsers import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def text(page) -> str:
    return page.input_value("#id_body")


def clear(page):
    page.locator("#id_body").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")


def paste(page, html="", plain=""):
    page.evaluate(
        """([html, plain]) => {
            const data = new DataTransfer();
            if (html) data.setData("text/html", html);
            data.setData("text/plain", plain);
            document.querySelector("#id_body").dispatchEvent(
                new ClipboardEvent("paste", {
                    clipboardData: data, bubbles: true, cancelable: true
                })
            );
        }""",
        [html, plain],
    )


TYPED = {
    "He said \"it's 'fine'\".": "He said “it’s ‘fine’”.",
    "A -- and b--c": "A – and b–c",
    '::: quote speaker="Bill "': '::: quote speaker="Bill "',
    "[so](https://example.org/a'b": "[so](https://example.org/a'b",
    '("Well")': "(“Well”)",
    '\\"': '\\"',
}

PASTED = {
    "<p>One <b>bold</b> and <i>it </i>here.</p><p>Two</p>": "One **bold** and *it* here.\n\nTwo",
    "<h1>Big</h1><h4>Small</h4><p>x</p>": "## Big\n\n### Small\n\nx",
    "<ul><li>one<li>two</ul><ol><li>a</li><li>b</li></ol>": "- one\n- two\n1. a\n2. b",
    '<a href="https://example.org/a(b)">it</a>': "[it](https://example.org/a%28b%29)",
    '<a href="javascript:alert(1)">it</a>': "it",
    "<script>alert(1)</script><style>p{}</style>x<img src=x onerror=alert(1)>": "x",
    "a * b _ c [d] &lt;e&gt;": "a \\* b \\_ c \\[d\\] \\<e>",
    "<p># no</p><p>1986. A year</p><p>- no</p>": "\\# no\n\n1986. A year\n\n\\- no",
    '<b style="font-weight:normal"><span style="font-weight:700">x</span> y</b>': "**x** y",
    "<table><tr><td>a</td><td>b</td></tr></table>": "a b",
    '<p>He said "so" -- it\'s</p>': "He said “so” – it’s",
    '<p class=MsoListParagraph style="mso-list:l0">·&nbsp;&nbsp; one</p>': "- one",
    "<div>a<br>b</div>": "a\nb",
}


def test_what_is_typed_and_pasted_is_written_as_it_should_be(newsroom, page, complaints):
    page.goto(f"{newsroom}/article/add/")
    wrong = {}
    for typed, wanted in TYPED.items():
        clear(page)
        page.keyboard.type(typed)
        if text(page) != wanted:
            wrong[typed] = text(page)
    for html, wanted in PASTED.items():
        clear(page)
        paste(page, html, "plain")
        if text(page) != wanted or parse(text(page)).problems:
            wrong[html] = text(page), parse(text(page)).problems
    assert wrong == {}
    clear(page)
    page.keyboard.type("see it here")
    page.keyboard.press("Control+a")
    paste(page, plain="https://example.org/")
    assert text(page) == "[see it here](https://example.org/)"
    page.keyboard.press("Control+z")
    assert text(page) == "see it here"
    assert complaints == []


def test_marks_are_put_and_taken_away_by_keys_and_undone(newsroom, page, complaints):
    page.goto(f"{newsroom}/article/add/")
    page.locator("#id_body").focus()
    page.keyboard.type("one two")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.keyboard.press("Control+b")
    assert text(page) == "one **two**"
    page.keyboard.press("Control+b")
    assert text(page) == "one two"
    page.keyboard.press("Control+i")
    assert text(page) == "one *two*"
    page.keyboard.press("Control+z")
    assert text(page) == "one two"
    page.click(".writing-tools button:text-is('H2')")
    assert text(page) == "## one two"
    page.click(".writing-tools button:text-is('H3')")
    assert text(page) == "### one two"
    page.click(".writing-tools button:text-is('List')")
    assert text(page) == "- one two"
    page.click(".writing-tools button:text-is('List')")
    assert text(page) == "one two"
    assert complaints == []


def test_menu_of_blocks_filters_inserts_and_goes_back(newsroom, page, complaints):
    page.goto(f"{newsroom}/article/add/")
    area, menu = page.locator("#id_body"), page.locator(".writing-menu")
    area.focus()
    page.keyboard.type("/")
    expect(menu.locator("li").first).to_contain_text("Leaderboard")
    assert menu.locator("li").count() >= 4
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    assert text(page) == "/"
    clear(page)
    page.keyboard.type("/adv")
    expect(menu.locator("li")).to_have_count(1)
    page.keyboard.press("Enter")
    assert text(page) == "::: advert\n:::\n\n"
    page.keyboard.type("/lead")
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Leaderboard, at line 4")
    page.keyboard.type("no such board at all")
    page.keyboard.press("Enter")
    expect(dialog.locator(".errornote")).to_contain_text("Nothing here is called")
    page.keyboard.press("Escape")
    expect(area).to_be_focused()
    assert text(page).endswith("/lead")
    page.keyboard.press("Backspace")
    expect(menu).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("longest single spaceflight by an american")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(area).to_have_value(
        re.compile(r'::: leaderboard slug="longest-spaceflight-american[a-z-]*" top="5" at="pub')
    )
    page.keyboard.press("Control+k")
    page.keyboard.type("Rubio")
    page.keyboard.press("Tab")
    page.keyboard.type("Frank Rubio")
    page.keyboard.press("Enter")
    expect(area).to_have_value(re.compile(r"\[Rubio\]\(/astronauts/frank-rubio/\)$"))
    assert parse(text(page)).problems == ()
    assert complaints == []


def test_problems_lead_to_their_lines_in_the_text(newsroom, page):
    page.goto(f"{newsroom}/article/add/")
    page.locator("#id_body").fill("Fine.\n\nFine, too.\n\n<b>Not</b> fine.\n\nFine.")
    page.click(".writing-problems button")
    chosen = "el => el.value.slice(el.selectionStart, el.selectionEnd)"
    assert page.locator("#id_body").evaluate(chosen) == "<b>Not</b> fine."
    expect(page.locator("#id_body")).to_be_focused()


def test_preview_follows_the_text_and_stays_where_it_is_read(newsroom, page, complaints):
    page.goto(f"{newsroom}/article/add/")
    frame = page.frame_locator(".writing-preview iframe")
    page.fill("#id_headline", "A landing")
    page.fill("#id_body", "\n\n".join(f"Paragraph {number}." for number in range(60)))
    expect(frame.locator("h1")).to_have_text("A landing")
    body = frame.locator("html")
    body.evaluate("el => el.scrollTo(0, 500)")
    page.fill("#id_headline", "Another landing")
    expect(frame.locator("h1")).to_have_text("Another landing")
    assert body.evaluate("el => el.scrollTop") == 500
    assert body.evaluate("el => getComputedStyle(el.querySelector('h1')).fontFamily") != ""
    page.click("text=Desktop")
    expect(page.locator(".writing-preview")).to_have_attribute("data-wide", "")
    assert complaints == []


def test_without_scripts_a_button_shows_the_preview(newsroom, browser, page, live_server):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(f"{newsroom}/article/add/")
    plain.fill("#id_headline", "A landing")
    plain.fill("#id_body", "Words of it.")
    with context.expect_page() as opened:
        plain.click("text=Preview")
    shown = opened.value
    expect(shown.locator("h1")).to_have_text("A landing")
    expect(shown.locator(".prose")).to_contain_text("Words of it.")
    assert not Article.objects.filter(headline="A landing").exists()
    context.close()


def test_times_are_filled_in_and_told_on_ones_own_clock(newsroom, browser, page, live_server):
    context = browser.new_context(timezone_id="Europe/Berlin", base_url=live_server.url)
    context.add_cookies(page.context.cookies())
    there = context.new_page()
    there.clock.set_fixed_time("2026-03-28T12:00:00Z")
    there.goto(f"{newsroom}/advert/add/")
    field = there.locator("#id_starts_at")
    row = there.locator(".field-starts_at")
    for words, wanted in {
        "now": "2026-03-28 12:00:00",
        "in an hour": "2026-03-28 13:00:00",
        "tomorrow at eight": "2026-03-29 06:00:00",  # Summer time has begun in the night.
    }.items():
        row.locator(f".instant-tools >> nth=0 >> text={words}").click()
        expect(field).to_have_value(wanted)
    own = row.locator(".instant-own").first
    expect(own).to_contain_text("08:00 in Berlin")
    field.fill("2026-11-28 08:00 +03:00")
    expect(own).to_contain_text("28 Nov 2026, 06:00 in Berlin")
    context.close()


def test_an_offset_is_taken_and_kept_as_utc(newsroom, page, live_server):
    advert = make.make_advert()
    page.goto(f"{newsroom}/advert/{advert.pk}/change/")
    page.fill("#id_starts_at", "2026-11-28 08:00 +03:00")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    advert.refresh_from_db()
    assert f"{advert.starts_at:%Y-%m-%d %H:%M}" == "2026-11-28 05:00"


# A story from the first word to the schedule

PARAGRAPH = "They came home in the morning and were glad of the cold air of the steppe. " * 5
QUOTES = (("We are home.", "Ada Vega"), ("It was long.", "Bo Lind"))


class Hands:
    """What an editor does beside typing words: clicks, keys that give a command, and pages that are
    opened."""

    def __init__(self, page):
        self.page, self.clicks, self.commands = page, 0, 0
        self.opened = []
        page.on(
            "framenavigated",
            lambda frame: self.opened.append(frame.url) if not frame.parent_frame else None,
        )

    def click(self, selector):
        self.clicks += 1
        self.page.locator(selector).first.click()

    def press(self, *keys):
        for key in keys:
            self.commands += 1
            self.page.keyboard.press(key)

    def tab_to(self, selector):
        """Walk on to the field."""
        is_there = f"document.activeElement.matches({selector!r})"
        for _ in range(20):
            if self.page.evaluate(is_there):
                return
            self.press("Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def type(self, words):
        self.page.keyboard.type(words)


def begin(newsroom, page) -> Hands:
    """The form of a new story, where there is what the story is about."""
    for slug in ("moons", "rings", "comets"):
        make.make_topic(slug, name=slug.title())
    make.make_astronaut("Ada Vega")
    make.make_astronaut("Bo Lind")
    page.goto(f"{newsroom}/article/add/")
    return Hands(page)


def write_blocks(hands):
    """600 words with two quotes, a leaderboard and a figure, by the menu at “/”."""
    for number, (said, speaker) in enumerate(QUOTES):
        for _ in range(4):
            hands.type(f"{PARAGRAPH}\n\n")
        hands.type("/quo")
        hands.press("Enter")
        hands.type(said)
        hands.press("Tab")
        hands.type(speaker)
        hands.press("Enter")
        expect(hands.page.locator("dialog[open]")).to_have_count(0)
        if not number:
            hands.type("/lea")
            hands.press("Enter")
            hands.type("Longest single spaceflight")
            hands.press("Enter")
            expect(hands.page.locator("dialog[open]")).to_have_count(0)
    hands.type("/fig")
    hands.press("Enter", "Tab")
    hands.type("Longest single spaceflight")
    hands.press("Enter")
    expect(hands.page.locator("dialog[open]")).to_have_count(0)


def pick(hands, field, names):
    """Take rows in one of the selects of the form; a click opens it, Enter takes the first."""
    for name in names:
        hands.click(f"#{field} + .select2 .select2-search__field")
        hands.type(name)
        chosen = hands.page.locator(".select2-results__option--highlighted")
        expect(chosen).to_contain_text(name)
        hands.press("Enter")


def test_a_whole_story_takes_few_clicks_and_no_second_page(newsroom, page, complaints):
    hands = begin(newsroom, page)
    expect(page.locator("#id_headline")).to_be_focused()
    hands.type("Two come home")
    hands.press("Tab")
    hands.type("They were away for long.")
    hands.click("#id_body")
    write_blocks(hands)
    pick(hands, "id_topics", ["Moons", "Rings", "Comets"])
    pick(hands, "id_astronauts", ["Ada Vega", "Bo Lind"])
    frame = page.frame_locator(".writing-preview iframe")
    expect(frame.locator("blockquote")).to_have_count(2)
    expect(frame.locator("main")).to_contain_text("Valeri Polyakov")
    assert hands.clicks <= 9
    hands.click("#publish input[type=radio][value=tomorrow]")
    hands.click("[name=_publish]")
    expect(page.locator(".messagelist")).to_be_visible()
    story = Article.objects.get(headline="Two come home")
    assert story.state_at(read_clock()) == "scheduled"
    assert len(story.body.split()) > 600
    assert (story.topics.count(), story.astronauts.count()) == (3, 2)
    assert hands.clicks <= 12
    assert len(hands.opened) <= 2
    assert complaints == []


def test_a_whole_story_is_written_and_scheduled_by_keys_alone(newsroom, page, complaints):
    hands = begin(newsroom, page)
    hands.type("Two come home")
    hands.press("Tab")
    hands.type("They were away for long.")
    hands.tab_to("#id_body")
    write_blocks(hands)
    hands.press("Control+Enter")
    for field, names in {
        "id_topics": ("Moons", "Rings", "Comets"),
        "id_astronauts": ("Ada Vega", "Bo Lind"),
    }.items():
        hands.tab_to(f"#{field} + .select2 .select2-search__field")
        for name in names:
            hands.type(name)
            chosen = page.locator(".select2-results__option--highlighted")
            expect(chosen).to_contain_text(name)
            hands.press("Enter")
    hands.press("Control+Enter", "ArrowDown", "ArrowDown", "Enter")
    expect(page.locator(".messagelist")).to_contain_text("Readers will see the story from")
    story = Article.objects.get(headline="Two come home")
    assert story.state_at(read_clock()) == "scheduled"
    assert (story.topics.count(), story.astronauts.count()) == (3, 2)
    assert "::: figure" in story.body
    assert hands.clicks == 0
    assert hands.commands <= 40
    assert complaints == []


def test_a_picture_is_put_in_by_name_and_the_card_follows_what_is_typed(newsroom, page, complaints):
    image = make.make_image("a-quiet-sea", name="A quiet sea", alt="A sea without waves.")
    page.goto(f"{newsroom}/article/add/")
    page.fill("#id_headline", "It lands")
    page.locator("#id_body").focus()
    page.keyboard.type("/ima")
    page.keyboard.press("Enter")
    page.locator(".writing-dialog input").first.wait_for()
    page.keyboard.type("quiet")
    expect(page.locator(f'.writing-choices img[src="{image.smallest}"]')).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".writing-dialog")).to_have_count(0)
    assert text(page).strip() == '::: image id="a-quiet-sea"\n:::'
    preview = page.frame_locator(".writing-preview iframe")
    expect(preview.get_by_alt_text("A sea without waves.")).to_be_visible()
    card = page.locator('[data-says^="social_title"]')
    expect(card).to_have_text("It lands")
    page.fill("#id_social_title", "It lands, said shorter")
    expect(card).to_have_text("It lands, said shorter")
    expect(page.locator("#id_social_title + .shared-length")).to_contain_text("22 characters")
    assert complaints == []
