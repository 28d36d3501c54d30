"""A table is a table on a phone too, for who hears it."""

from collections import Counter

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DISPLAYS = """() => [...document.querySelectorAll("table, thead, tbody, tr, th, td:not(.bar)")]
  .map((element) => getComputedStyle(element).display)"""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_board_has_rows_cells_and_headers_for_a_screen_reader(width, page):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/records/longest-spaceflight/")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in nodes if not node["ignored"])
    rows = page.locator("table.standings tbody tr").count()
    assert roles["table"] == 1
    assert roles["row"] == rows + 1
    assert roles["rowheader"] == rows
    assert roles["columnheader"] >= 3
    assert roles["cell"] >= 2 * rows
    shown = set(page.evaluate(DISPLAYS)) - {"none"}
    assert all(display.startswith("table") for display in shown), shown


CUT_OFF = """() => [...document.querySelectorAll(".table-wrap")]
  .filter((wrap) => wrap.scrollWidth > wrap.clientWidth)
  .map((wrap) => wrap.querySelector("caption").textContent)"""


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(
    "path",
    [
        "/records/total-time-in-space/",
        "/astronauts/frank-rubio/",
        "/stations/iss/",
        "/agencies/",
        "/countries/",
        "/spacewalks/",
        "/compare/?a=frank-rubio&b=oleg-kononenko",
        "/methods/",
    ],
)
def test_no_figure_of_a_table_is_cut_off_on_a_phone(path, width, page):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    assert page.evaluate(CUT_OFF) == []
