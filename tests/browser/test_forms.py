"""What a reader asks with plain forms and links, without JavaScript."""

import pytest

from tests.browsers import follow

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
    follow(page.get_by_role("button", name="Narrow"))
    assert "country=USA" in page.url
    assert rows(page).count() == 50
    assert set(page.locator("td.country").all_inner_texts()) == {"United States"}
    follow(page.get_by_label("Narrowed to").get_by_role("link").first)
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
        follow(page.get_by_role("button", name="Go there"))
        assert leader(page) == name
        assert page.locator("live-duration").count() == 0


def test_narrowing_keeps_the_instant(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/total-time-in-space/?at=2024-02-04T08:20Z")
    page.get_by_label("Sex").select_option("F")
    follow(page.get_by_role("button", name="Narrow"))
    assert page.get_by_label("As of").input_value() == "2024-02-04T08:20Z"
    assert leader(page) == "Peggy Whitson"


def test_astronauts_are_filtered(page_without_javascript):
    page = page_without_javascript
    page.goto("/astronauts/")
    page.get_by_label("Name").fill("Krikal")
    follow(page.get_by_role("button", name="Show"))
    assert page.locator("tbody th a").all_inner_texts() == ["Sergei Krikalev"]


def test_the_next_page_goes_on_where_the_first_ends(page_without_javascript):
    page = page_without_javascript
    page.goto("/astronauts/?sex=M")
    first = page.locator("tbody th a").all_inner_texts()
    follow(page.get_by_role("link", name="Next"))
    assert "sex=M" in page.url
    second = page.locator("tbody th a").all_inner_texts()
    assert second
    assert not set(first) & set(second)


def test_a_date_that_can_be_two_days_is_asked_back_and_chosen(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/total-time-in-space/?sex=F")
    page.get_by_label("As of").fill("3/4/2012")
    follow(page.get_by_role("button", name="Go there"))
    box = page.get_by_label("As of")
    assert box.input_value() == "3/4/2012"
    assert box.get_attribute("aria-invalid") == "true"
    follow(page.get_by_role("alert").get_by_role("link", name="3 April 2012"))
    assert page.get_by_label("As of").input_value() == "2012-04-03"
    assert page.get_by_label("As of").get_attribute("aria-invalid") is None
    assert page.get_by_label("Sex").input_value() == "F"
    assert leader(page) == "Peggy Whitson"


def test_launch_days_are_typed_as_people_write_them(page_without_javascript):
    page = page_without_javascript
    page.goto("/records/longest-spaceflight/")
    page.get_by_text("More filters").click()
    page.get_by_label("Launched from").fill("21 September 2022")
    page.get_by_label("Launched until").fill("2022")
    follow(page.get_by_role("button", name="Narrow"))
    assert page.get_by_label("Launched from").input_value() == "2022-09-21"
    assert page.get_by_label("Launched until").input_value() == "2022-12-31"
    assert "Frank Rubio" in " ".join(rows(page).all_inner_texts()[:3])


def test_one_of_several_with_a_name_is_chosen_to_compare(page_without_javascript):
    page = page_without_javascript
    page.goto("/compare/")
    page.get_by_label("Astronaut 1").fill("RUBIO")
    page.get_by_label("Astronaut 2").fill("kelly")
    follow(page.get_by_role("button", name="Compare"))
    assert page.get_by_label("Astronaut 1").input_value() == "Frank Rubio"
    assert page.get_by_label("Astronaut 2").input_value() == "kelly"
    follow(page.get_by_role("alert").get_by_role("link", name="Scott Kelly"))
    assert page.get_by_label("Astronaut 2").input_value() == "Scott Kelly"
    assert page.get_by_role("heading", name="Frank Rubio and Scott Kelly").is_visible()


def test_missions_are_found_by_name_and_at_an_instant(page_without_javascript):
    page = page_without_javascript
    page.goto("/missions/")
    page.get_by_label("Name").fill("soyuz ms22")
    follow(page.get_by_role("button", name="Show"))
    page.get_by_label("As of").fill("December 2022")
    follow(page.get_by_role("button", name="Go there"))
    assert page.get_by_label("Name").input_value() == "soyuz ms22"
    assert page.locator("tbody th a").all_inner_texts() == ["Soyuz MS-22"]
    assert "in flight" in page.locator("tbody tr").inner_text()
