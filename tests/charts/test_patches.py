"""Patches drawn from facts."""

import math

import pytest

from records.charts.patches import MOST_PATHS, NIGHT, contrast, draw_patch, luminance

AMERICAN = ["#0a3161", "#b31942", "#ffffff"]


def test_patch_is_the_same_every_time():
    assert draw_patch(AMERICAN, 2, "orbit", key="a") == draw_patch(AMERICAN, 2, "orbit", key="a")


def test_two_people_of_one_country_differ():
    assert draw_patch(AMERICAN, 2, "orbit", key="a") != draw_patch(AMERICAN, 2, "orbit", key="b")


@pytest.mark.parametrize(("flights", "paths"), [(0, 1), (1, 1), (5, 5), (7, 7), (12, MOST_PATHS)])
def test_each_flight_is_a_path_as_far_as_they_can_be_told_apart(flights, paths):
    assert len(draw_patch(AMERICAN, flights, "orbit", key="a").paths) == paths


def test_rim_shows_each_colour_of_the_flag_once_and_is_full():
    patch = draw_patch(["#ff0000", "#ffffff", "#ff0000"], 1, "orbit", key="a")
    assert [one.colour for one in patch.rim] == ["#ff0000", "#ffffff"]
    assert sum(one.length for one in patch.rim) == patch.rim_length


def test_country_without_colours_gets_a_patch_all_the_same():
    patch = draw_patch([], 1, "orbit", key="a")
    assert patch.rim
    assert patch.planet.startswith("#")


@pytest.mark.parametrize("colours", [AMERICAN, [], ["#000000"], ["#131a2c"], ["#ffff00"]])
def test_paths_can_be_seen_against_the_night(colours):
    assert contrast(draw_patch(colours, 3, "orbit", key="a").line, NIGHT) >= 4.5


@pytest.mark.parametrize("orbit", ["orbit", "moon", "100km", "80km", "none"])
@pytest.mark.parametrize("flights", range(1, MOST_PATHS + 1))
def test_ships_stay_on_the_disc(orbit, flights):
    for path in draw_patch(AMERICAN, flights, orbit, key=f"someone-{flights}").paths:
        assert math.hypot(path.ship_x - 50, path.ship_y - 50) < 39


def test_flight_short_of_orbit_comes_down_again():
    orbital = draw_patch(AMERICAN, 1, "orbit", key="a").paths[0].d
    suborbital = draw_patch(AMERICAN, 1, "100km", key="a").paths[0].d
    assert "A" in orbital
    assert "Q" in suborbital


def test_only_who_went_there_has_the_moon():
    assert draw_patch(AMERICAN, 1, "moon", key="a").moon
    assert not draw_patch(AMERICAN, 1, "orbit", key="a").moon


def test_luminance_and_contrast_are_those_of_wcag():
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
