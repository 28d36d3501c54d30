"""Every page by keyboard alone."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUSED = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: element.textContent.trim() || element.name,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: box.width > 0 && box.top >= 0 && Math.floor(box.bottom) <= innerHeight && box.left >= 0,
    inContent: element.closest("main") !== null,
  };
}"""


def test_the_first_stop_leads_past_the_navigation(page):
    page.goto("/records/longest-spaceflight/")
    page.keyboard.press("Tab")
    skip = page.evaluate(FOCUSED)
    assert skip["name"] == "Skip to the content"
    assert skip["seen"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["inContent"]


@pytest.mark.parametrize(
    "path", ["/", "/records/longest-spaceflight/", "/news/frank-rubio-returns-after-371-days/"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_can_always_be_seen(path, scheme, page):
    page.emulate_media(color_scheme=scheme)
    page.goto(path)
    names = []
    for _ in range(30):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        names.append(focused["name"])
        assert focused["outline"] >= 2, focused
        assert focused["seen"], focused
    assert len(set(names)) > 20
