"""What passages of stories state, as they are printed."""

import pytest

from records.book.metrics import METRICS
from records.book.statements import Kind, NotStated, Statement, read

FLIGHT, AGE, WALKS = METRICS["longest-flight"], METRICS["oldest"], METRICS["number-of-spacewalks"]
DAY = 86_400


@pytest.mark.parametrize(
    ("passage", "amount", "step"),
    [
        ("370 d 21 h 22 m", 370 * DAY + 21 * 3600 + 22 * 60, 60),
        ("after 370\u00a0d 21\u00a0h 22\u00a0m in space", 370 * DAY + 21 * 3600 + 22 * 60, 60),
        ("371 days", 371 * DAY, DAY),
        ("a further 1,110 days", 1110 * DAY, DAY),
        ("they add up to 12 days", 12 * DAY, DAY),
        ("21 h 24 m in all", 21 * 3600 + 24 * 60, 60),
        ("2 hours and 31 minutes", 2 * 3600 + 31 * 60, 60),
        ("twelve days", 12 * DAY, DAY),
        ("a thousand days", 1000 * DAY, DAY),
        ("in one flight of 12 days", 12 * DAY, DAY),
        ("the 371-day flight", 371 * DAY, DAY),
        ("5 d 3 s", 5 * DAY + 3, 1),
    ],
)
def test_a_length_of_time_is_read_with_its_last_unit(passage, amount, step):
    assert read(Kind.VALUE, passage, FLIGHT) == Statement(amount, step)


@pytest.mark.parametrize(
    ("passage", "reason"),
    [
        ("two weeks short of a year", "in words"),
        ("half a day", "in words"),
        ("a year in space", "no length"),
        ("1 year 6 days", "years have no length"),
        ("370.9 days", "fraction"),
        ("-5 days", "sign"),
        ("5–7 days", "range"),
        ("5 days or 7 days", "two figures"),
        ("371 days over 2 flights", "two figures"),
        ("about 371 days", "“about” leaves open"),
        ("up to 371 days", "“up to” leaves open"),
        ("≈ 371 days", "“≈” leaves open"),
        ("nearly 371 days", "“nearly” leaves open"),
        ("3 h 2 d", "order"),
        ("", "no length"),
        ("21,3 days", "no length"),
    ],
)
def test_what_can_be_read_in_several_ways_is_not_read(passage, reason):
    with pytest.raises(NotStated, match=reason):
        read(Kind.VALUE, passage, FLIGHT)


def test_bounds_are_read_before_and_behind_a_figure():
    at_least = read(Kind.VALUE, "at least 12 days", FLIGHT)
    assert (at_least.amount, at_least.least) == (12 * DAY, 1)
    assert read(Kind.VALUE, "12 days at least", FLIGHT) == at_least
    assert read(Kind.VALUE, "more than 12 days", FLIGHT).amount == 12 * DAY + 1
    under = read(Kind.VALUE, "less than 12 days", FLIGHT)
    assert (under.amount, under.most) == (12 * DAY - 1, 1)


def test_ages_are_read_in_years_and_days():
    assert read(Kind.VALUE, "77 years 103 days old", AGE).years == (77, 103)
    assert read(Kind.VALUE, "77 years old", AGE).years == (77, None)
    assert read(Kind.VALUE, "the 77-year-old", AGE).years == (77, None)
    with pytest.raises(NotStated, match="years, or in years and days"):
        read(Kind.VALUE, "77 years 3 hours", AGE)


@pytest.mark.parametrize(
    ("passage", "amount", "shared"),
    [
        ("share third place", 3, True),
        ("his 3rd place", 3, False),
        ("stands 3=", 3, True),
        ("the longest single spaceflight by an American", 1, False),
        ("the second longest", 2, False),
        ("eleventh", 11, False),
    ],
)
def test_ranks_are_read_as_places(passage, amount, shared):
    assert read(Kind.RANK, passage, FLIGHT) == Statement(amount, shared=shared)


@pytest.mark.parametrize("passage", ["a fine place", "second, and third", "0th"])
def test_a_rank_that_is_no_one_place_is_not_read(passage):
    with pytest.raises(NotStated):
        read(Kind.RANK, passage, FLIGHT)


@pytest.mark.parametrize(
    ("passage", "metric", "mark", "amount"),
    [
        ("Only seven people", FLIGHT, None, 7),
        ("Only seven people have spent 365 days or more in one flight", FLIGHT, 365, 7),
        ("Nine of them lasted for 365 or more", FLIGHT, 365, 9),
        ("One went beyond 400", FLIGHT, 400, 1),
        ("One person", FLIGHT, None, 1),
        ("Twenty-one of them", FLIGHT, None, 21),
        ("1,021 people", FLIGHT, None, 1021),
        ("seven people have walked 10 times", WALKS, 10, 7),
    ],
)
def test_numbers_are_read_in_figures_and_words(passage, metric, mark, amount):
    assert read(Kind.COUNT, passage, metric, mark).amount == amount


@pytest.mark.parametrize(
    "passage", ["nobody", "seven or eight", "some seven", "two hundred and four", "dozens of 7"]
)
def test_what_says_no_one_number_is_not_read(passage):
    with pytest.raises(NotStated):
        read(Kind.COUNT, passage, FLIGHT)


def test_nobody_is_read_with_the_mark_that_nobody_reached():
    passage = "nobody has reached a thousand days"
    assert read(Kind.NOBODY, passage, FLIGHT, 1000) == Statement(0)
    assert read(Kind.NOBODY, "no one has", FLIGHT, 1000) == Statement(0)
    with pytest.raises(NotStated, match="another mark"):
        read(Kind.NOBODY, passage, FLIGHT, 900)
    with pytest.raises(NotStated, match="which mark"):
        read(Kind.NOBODY, passage, FLIGHT)
    with pytest.raises(NotStated, match="does not say"):
        read(Kind.NOBODY, "a thousand days", FLIGHT, 1000)
