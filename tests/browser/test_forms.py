"""What a reader asks with plain forms and links, without JavaScript."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def rows(page):
    return page.locator("table.standings tbody tr")


def leader(page):
    """The name in the first row; the flights below it are links, too."""
    return rows(page).first.locator("th a").first.inner_text()


def test_a_leaderboard_is_narrowed_and_widened_again(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/longest-spaceflight/")
    page.get_by_label("Flown for").select_option("USA")
    page.get_by_role("button", name="Narrow").click()
    assert "country=USA" in page.url
    assert rows(page).count() == 50
    assert set(page.locator("td.country").all_inner_texts()) == {"United States"}
    page.get_by_label("Narrowed to").get_by_role("link").first.click()
    assert "country" not in page.url
    assert len(set(page.locator("td.country").all_inner_texts())) > 1


def test_the_leaders_of_another_instant(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/total-time-in-space/")
    for instant, name in (
        ("2024-02-04T08:20Z", "Gennady Padalka"),
        ("2024-02-04T08:40Z", "Oleg Kononenko"),
    ):
        page.get_by_label("As of").fill(instant)
        page.get_by_role("button", name="Go there").click()
        assert leader(page) == name
        assert page.locator("live-duration").count() == 0


def test_narrowing_keeps_the_instant(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/total-time-in-space/?at=2024-02-04T08:20Z")
    page.get_by_label("Sex").select_option("F")
    page.get_by_role("button", name="Narrow").click()
    assert page.get_by_label("As of").input_value() == "2024-02-04T08:20Z"
    assert leader(page) == "Peggy Whitson"


def test_astronauts_are_filtered(page_without_javascript):
    page = page_without_javascript
    page.goto("/astronauts/")
    page.get_by_label("Name").fill("Krikal")
    page.get_by_role("button", name="Show").click()
    assert page.locator("tbody th a").all_inner_texts() == ["Sergei Krikalev"]


def test_the_next_page_goes_on_where_the_first_ends(page_without_javascript):
    page = page_without_javascript
    page.goto("/astronauts/?sex=M")
    first = page.locator("tbody th a").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    assert "sex=M" in page.url
    second = page.locator("tbody th a").all_inner_texts()
    assert second
    assert not set(first) & set(second)
