"""Ticking figures: right before JavaScript, a second each second with it, still when hidden."""

import re

import pytest

from records.book.values import duration_text, iso_duration
from records.instants import read_when
from records.models import Flight

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_SPACE = "/in-space/"
#: A table, where the figures that grow show their seconds too.
BOARD = "/records/total-time-in-space-women/"
STEP = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def seconds_shown(figure):
    """`134 d 18 h 22 m 5 s` in seconds."""
    parts = re.findall(r"(\d+)\s([dhms])", figure.inner_text())
    assert [unit for _, unit in parts] == ["d", "h", "m", "s"]
    return sum(int(number) * STEP[unit] for number, unit in parts)


@pytest.fixture
def stopped(page):
    """The page whose browser's clock moves only when the test moves it."""
    page.clock.install(time=0)
    page.goto(BOARD)
    page.wait_for_selector("live-duration:defined")
    page.clock.pause_at(60)
    # Into the middle of a second, away from where it ticks.
    page.clock.run_for(1_500)
    return page


def test_the_server_writes_the_figure_right_at_the_instant_of_the_page(page_without_javascript):
    page = page_without_javascript
    page.goto(IN_SPACE)
    at = read_when(page.locator(".stamp time").first.get_attribute("datetime")).last
    people = page.locator("li.person").all()
    assert len(people) == Flight.objects.filter(landing_mission__landed_at=None).count() > 0
    for person in people:
        slug = person.locator(".person__name a").get_attribute("href").split("/")[-2]
        flight = Flight.objects.get(astronaut__slug=slug, landing_mission__landed_at=None)
        seconds = round((at - flight.launched_at).total_seconds())
        figure = person.locator("live-duration")
        assert figure.get_attribute("seconds") == str(seconds)
        assert figure.get_attribute("aria-live") == "off"
        assert figure.inner_text() == duration_text(seconds)
        assert figure.locator("time").get_attribute("datetime") == iso_duration(seconds)


def test_the_figure_advances_a_second_each_second(stopped):
    figure = stopped.locator(".num live-duration[to-the-second]").first
    before = seconds_shown(figure)
    assert before >= int(figure.get_attribute("seconds"))
    stopped.clock.run_for(5_000)
    assert seconds_shown(figure) == before + 5
    stopped.clock.run_for(3_600_000)
    assert seconds_shown(figure) == before + 3_605


def test_every_figure_of_the_page_ticks(stopped):
    figures = stopped.locator("live-duration").all()
    assert len(figures) > 1
    before = [figure.inner_text() for figure in figures]
    stopped.clock.run_for(60_000)
    assert all(figure.inner_text() != text for figure, text in zip(figures, before, strict=True))


def test_the_machine_readable_figure_keeps_up(stopped):
    figure = stopped.locator(".num live-duration[to-the-second]").first
    stopped.clock.run_for(60_000)
    shown = seconds_shown(figure)
    # It is written anew whenever the minute changes.
    assert (
        figure.locator("time")
        .get_attribute("datetime")
        .startswith(iso_duration(shown - shown % 60).removesuffix("0S"))
    )


def test_a_hidden_tab_stands_still_and_is_right_when_it_comes_back(stopped):
    figure = stopped.locator(".num live-duration[to-the-second]").first
    before = seconds_shown(figure)
    stopped.evaluate(HIDE, True)
    stopped.clock.run_for(10_000)
    assert seconds_shown(figure) == before
    stopped.evaluate(HIDE, False)
    assert seconds_shown(figure) == before + 10


def test_a_past_instant_does_not_tick(page):
    page.goto(f"{IN_SPACE}?at=2023-09-01")
    assert page.locator("li.person").count() > 0
    assert page.locator("live-duration").count() == 0
