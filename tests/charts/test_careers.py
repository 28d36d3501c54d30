"""The drawing of a career."""

from records.book.careers import Career
from records.charts.careers import draw_career
from tests.book.builders import ALL_KNOWN, career, instant, trip


def drawn(one: Career, at="2020-01-01"):
    return draw_career(one.at(instant(at), ALL_KNOWN), instant(at))


def test_nothing_is_drawn_before_the_first_launch():
    assert drawn(career("Ada Vega", trip("2000-01-01", "2000-01-11")), "1999-01-01") is None


def test_the_time_line_runs_from_the_first_launch_to_the_last_landing():
    chart = drawn(
        career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2010-01-01", "2010-07-01"))
    )
    assert (chart.time.begin, chart.time.end) == (instant("2000-01-01"), instant("2010-07-01"))
    assert [round(bar.x) for bar in chart.bars] == [0, 95]
    assert chart.bars[-1].end == 100


def test_a_short_flight_can_still_be_seen():
    chart = drawn(
        career("Ada Vega", trip("1962-02-20", "1962-02-21"), trip("1998-10-29", "1998-11-07"))
    )
    assert all(bar.end - bar.x >= 0.29 for bar in chart.bars)
    assert all(bar.x >= 0 and bar.end <= 100 for bar in chart.bars)


def test_a_flight_under_way_reaches_to_the_instant_and_says_its_state():
    chart = drawn(
        career("Ada Vega", trip("2000-01-01", "2000-01-11"), trip("2019-12-01")), "2020-01-01"
    )
    assert chart.time.end == instant("2020-01-01")
    assert chart.bars[-1].state == "in_flight"


def test_the_line_rises_in_flight_and_is_flat_between():
    chart = drawn(
        career("Ada Vega", trip("2000-01-01", "2000-02-01"), trip("2010-01-01", "2010-07-01"))
    )
    first, second = chart.amounts.y(31 * 86_400), chart.amounts.y((31 + 181) * 86_400)
    assert chart.d.startswith(f"M0 {chart.amounts.y(0)}H0.0L")
    assert f" {first}H" in chart.d
    assert chart.d.endswith(f" {second}H1000")
