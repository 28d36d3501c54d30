"""A steward at work in a real browser, under the site's content security policy."""

import re

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from tests import factories as make
from tests.browsers import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def aloft():
    """Somebody who is in space for the first hundred days of 2001."""
    return make.make_flight(make.make_astronaut("Ada Vega"), launched_at="2001-01-01", days=100)


@pytest.fixture
def desk(live_server, page, complaints):
    get_user_model().objects.create_superuser("grace", password="a password")
    page.goto(f"{live_server.url}/admin/")
    page.fill("#id_username", "grace")
    page.fill("#id_password", "a password")
    follow(page.locator("[type=submit]"))
    expect(page.locator("#user-tools")).to_contain_text("grace")
    return f"{live_server.url}/admin/records"


def choose(page, field, text):
    """Look somebody or something up in an autocomplete select and take it."""
    page.click(f"#{field} + .select2 .select2-selection")
    page.fill(".select2-container--open .select2-search__field", text)
    page.click(f".select2-results__option:has-text('{text}')")


def test_mission_with_a_crew_member_who_is_already_in_space(aloft, desk, page, complaints):
    page.goto(f"{desk}/mission/add/")
    page.fill("#id_name", "Test 1")
    page.fill("#id_programme", "Test")
    choose(page, "id_spacecraft", aloft.launch_mission.spacecraft.name)
    choose(page, "id_operator", aloft.launch_mission.operator.name)
    page.fill("#id_launched_at", "2001-02-01 10:00:00")
    page.fill("#id_launch_site", "A launch site")
    page.click("text=Add another Astronaut going up")
    choose(page, "id_launch_flights-0-astronaut", "Ada Vega")
    page.fill("#id_launch_flights-0-role", "Pilot")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".errornote").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("nobody makes two flights at once")
    expect(page.locator("#id_slug")).to_have_value("test-1")
    expect(page.locator("#id_launch_flights-0-role")).to_have_value("Pilot")
    page.fill("#id_launched_at", "2002-02-01 10:00:00")
    follow(page.locator("[name=_save]").first)
    expect(page.locator(".impact")).to_contain_text("Longest single spaceflight")
    expect(page.locator("#id_launch_flights-0-role")).to_have_value("Pilot")
    follow(page.locator("text=Save all the same"))
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")
    assert complaints == []


def test_leaderboard_shows_itself_while_its_rule_is_edited(aloft, desk, page, complaints):
    page.goto(f"{desk}/leaderboard/add/")
    preview = page.locator("#leaderboard-preview")
    page.select_option("#id_metric", "longest-flight")
    expect(preview).to_contain_text("Valeri Polyakov")
    choose(page, "id_country", "United States")
    expect(preview).to_contain_text("flown for the United States")
    expect(preview).to_contain_text("Frank Rubio")
    page.fill("#id_threshold", "-1")
    expect(preview).to_contain_text("There is no preview until this is put right")
    page.fill("#id_threshold", "")
    page.check("#id_first_flights_only")
    expect(preview).to_contain_text("over first flights")
    assert complaints == []


def test_who_is_in_space_is_confirmed_with_one_click(aloft, desk, page, complaints):
    page.goto(f"{desk}/../")
    follow(page.locator("text=Confirm who is in space now"))
    expect(page.locator("body")).to_contain_text("What is overdue")
    page.dblclick("text=Confirm: everyone aloft as listed, as of now")
    expect(page.locator(".messagelist")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_breaks_a_rule_or_is_wider_than_the_window(aloft, desk, page, complaints, width):
    page.set_viewport_size({"width": width, "height": 800})
    article = make.make_article(authors=[make.make_author()], astronauts=[aloft.astronaut])
    walk, image = make.make_spacewalk(aloft), make.make_image()
    type(image).objects.update(caption="Written elsewhere, by a script that says all at once")
    for path in (
        "mission/",
        f"mission/{aloft.launch_mission.pk}/change/",
        f"mission/{aloft.launch_mission.pk}/delete/",
        f"mission/{aloft.launch_mission.pk}/history/",
        f"astronaut/{aloft.astronaut.pk}/change/",
        "article/",
        f"article/{article.pk}/change/",
        f"article/{article.pk}/history/",
        "topic/",
        "image/add/",
        f"image/{image.pk}/history/",
        f"image/{image.pk}/compare/?new=now",
        f"spacewalk/{walk.pk}/change/",
        "leaderboard/add/",
        "confirmation/add/",
        "confirmation/now/",
        "source/tables/",
    ):
        page.goto(f"{desk}/{path}")
        expect(page).to_have_title(re.compile("newsroom"))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert complaints == []
