"""Every kind of page at every width, in light and dark, as a browser sees it."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "home": "/",
    "news": "/news/",
    "archive": "/news/2023/09/",
    "article": "/news/frank-rubio-returns-after-371-days/",
    "changes of an article": "/news/artemis-ii-comes-home/changes/",
    "topics": "/topics/",
    "corrections": "/corrections/",
    "topic": "/topics/international-space-station/",
    "author": "/authors/ines-marlowe/",
    "records": "/records/",
    "leaderboard": "/records/longest-spaceflight/",
    "leaderboard of counts": "/records/most-spaceflights/",
    "leaderboard at an instant": "/records/total-time-in-space/?at=2024-02-04T08:40Z&country=RUS",
    "empty leaderboard": "/records/longest-spaceflight/?at=1960-01-01",
    "progression": "/records/longest-spaceflight/progression/",
    "progression of people": "/records/most-people-in-orbit/progression/",
    "people in orbit": "/records/most-people-in-orbit/",
    "record changes": "/records/changes/",
    "watch": "/watch/",
    "in space": "/in-space/",
    "in space at an instant": "/in-space/?at=2024-09-24",
    "astronauts": "/astronauts/",
    "astronaut": "/astronauts/oleg-kononenko/",
    "astronaut aloft": "/astronauts/anna-kikina/",
    "missions": "/missions/",
    "mission": "/missions/soyuz-ms-22/",
    "countries": "/countries/?successors=1",
    "country": "/countries/USA/",
    "former state": "/countries/SUN/",
    "stations": "/stations/",
    "station": "/stations/iss/",
    "agencies": "/agencies/",
    "agency": "/agencies/roscosmos/",
    "spacewalks": "/spacewalks/",
    "spacewalk": "/spacewalks/eva-1965-06-03/",
    "comparison": "/compare/?a=frank-rubio&b=sergey-prokopyev&c=anna-kikina&d=neil-armstrong",
    "comparison to fill in": "/compare/",
    "open data": "/data/",
    "changes of the data": "/data/changes/",
    "methods": "/methods/",
    "not found": "/nowhere/",
    "bad request": "/records/longest-spaceflight/?at=now()&country=usa&from=soon",
    "one of several people": "/compare/?a=frank-rubio&b=kelly",
    "missions by name": "/missions/?name=soyuz+ms22",
}
STATUS = {
    PAGES["not found"]: 404,
    PAGES["bad request"]: 400,
    PAGES["one of several people"]: 400,
}
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")

#: gzip -6, HTML with its style sheet and scripts; and the scripts alone.
MOST_BYTES = 60 * 1024
MOST_SCRIPT_BYTES = 10 * 1024

# Boxes that stick out to the right, except inside what scrolls or cuts off by itself.
STICKING_OUT = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (!box.width || box.right <= document.documentElement.clientWidth + 1) return false;
  for (let outer = element; outer !== document.body; outer = outer.parentElement) {
    if (getComputedStyle(outer).overflowX !== "visible") return false;
  }
  return true;
}).map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class")}`)"""

# Links among words may be as high as their line; everything else wants a finger's room.
TOO_SMALL = """() => [...document.querySelectorAll(
  `nav a, .masthead__name, button, select, summary, input:not([type=hidden]), .chips a, .links a,
  .kicker a, .story__headline a, a.entry__title, .entry__title a, .person__name a, .section__more a,
  [scope=row] > a`
)].map((element) => [element, element.getBoundingClientRect()])
  .filter(([element, box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([element, box]) => `${element.textContent.trim()} ${box.width} × ${box.height}`)"""


def weight(responses):
    """Compressed bytes of the page, its style sheet and its scripts, by kind."""
    sizes = dict.fromkeys(("document", "stylesheet", "script"), 0)
    for response in responses:
        kind = response.request.resource_type
        if kind in sizes:
            sizes[kind] += len(gzip.compress(response.body(), 6))
    return sizes


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_every_screen_breaks_no_rule_and_is_light(path, page, witness):
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    response = page.goto(path)
    assert response.status == STATUS.get(path, 200)
    assert page.locator("h1").count() == 1
    # Each scheme has its colours, and the narrowest and the widest screen their own markup shown.
    for scheme, widths in zip(SCHEMES, (WIDTHS, reversed(WIDTHS)), strict=True):
        page.emulate_media(color_scheme=scheme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(STICKING_OUT) == []
            if width == WIDTHS[0]:
                assert page.evaluate(TOO_SMALL) == []
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}, {width} px:\n{found.generate_report()}"
    assert witness.complaints == []
    assert witness.strangers == []
    assert witness.failed == []
    sizes = weight(witness.responses)
    assert all(sizes.values()), sizes
    assert sizes["script"] < MOST_SCRIPT_BYTES
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_print_leaves_out_what_paper_cannot_use(page):
    page.goto(PAGES["article"])
    nav, adverts = page.locator("nav.site-nav"), page.locator(".advert")
    assert nav.is_visible()
    assert adverts.count() >= 1
    page.emulate_media(media="print")
    assert not nav.is_visible()
    assert not any(advert.is_visible() for advert in adverts.all())
    assert page.locator("h1").is_visible()
    page.goto(PAGES["leaderboard"])
    assert not page.locator(".filters").first.is_visible()
    assert page.locator("table.standings").is_visible()


def test_a_printed_page_says_where_it_is_from(page):
    page.goto(PAGES["leaderboard at an instant"])
    address, citation = page.get_by_text("This page as it stands"), page.get_by_text("To cite:")
    assert not address.is_visible()
    page.emulate_media(media="print")
    assert "/records/total-time-in-space/?at=2024-02-04T08:40:00Z&country=RUS" in (
        address.inner_text()
    )
    assert "as of 4 February 2024, 08:40 UTC" in citation.inner_text()
    page.goto(PAGES["mission"])
    foot = page.get_by_text("The page on the web")
    assert foot.inner_text().endswith("/missions/soyuz-ms-22/")


def test_what_moves_stands_still_for_who_asked_for_it(page):
    moving = """() => document.getAnimations().filter((one) =>
      one.playState === "running" && one.effect.getTiming().iterations === Infinity
    ).length"""
    page.emulate_media(reduced_motion="no-preference")
    page.goto("/records/total-time-in-space-women/")
    assert page.evaluate(moving) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0
