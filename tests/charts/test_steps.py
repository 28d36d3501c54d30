"""The step line of a record."""

import re

from records.book.criteria import Category
from records.book.metrics import METRICS
from records.book.progression import progression
from records.book.rules import Rule
from records.book.tenures import tenures
from records.charts.scales import LETTER, NARROW, WIDE
from records.charts.steps import ACROSS, BOTTOM, draw_steps
from tests.book.builders import ALL_KNOWN, career, confirmed_through, instant, trip

HISTORY = [
    career("Ada Vega", trip("2000-01-01", "2000-01-11")),
    career("Ben Ross", trip("2002-02-01", "2002-02-21")),
    career("Cy Moss", trip("2004-02-01", "2004-02-21")),
]


def drawn(careers, at="2010-01-01", *, metric="longest-flight", confirmation=ALL_KNOWN):
    rule, at = Rule(METRICS[metric], Category(), None), instant(at)
    changes = progression(rule, careers, at, confirmation)
    held = tenures(rule, changes, careers, at, confirmation)
    return draw_steps(held, at, falls=METRICS[metric].lowest_first)


def points(d):
    """The numbers across of an SVG path."""
    return [float(x) for x in re.findall(r"[MHL]([\d.]+)", d)]


def test_an_empty_record_has_no_line():
    assert drawn([]) is None


def test_the_line_goes_from_the_first_mark_to_the_instant_and_never_back():
    chart = drawn(HISTORY)
    (line,) = chart.lines
    assert line.state == "certain"
    xs = points(line.d)
    assert (xs[0], xs[-1]) == (0, ACROSS)
    assert xs == sorted(xs)


def test_every_step_has_its_dot_by_its_kind():
    assert [dot.kind for dot in drawn(HISTORY).dots] == ["broken", "broken", "equalled"]


def test_no_dot_marks_a_flight_whose_craft_was_lost():
    lost = career("Cy Moss", trip("2001-02-01", "2001-02-15", lost=True))
    assert [dot.kind for dot in drawn([HISTORY[0], lost]).dots] == ["broken"]


def test_a_finished_record_has_no_open_end_and_a_rising_one_has():
    assert drawn(HISTORY).open_end is None
    chart = drawn(HISTORY, "2002-02-15")
    assert (chart.open_end.x, chart.open_end.kind) == (100, "in_flight")


def test_what_is_presumed_is_drawn_apart():
    careers = [HISTORY[0], career("Ben Ross", trip("2002-02-01"))]
    known = confirmed_through("2002-02-02")
    chart = drawn(careers, "2003-01-01", confirmation=known)
    assert [line.state for line in chart.lines] == ["certain", "presumed"]
    first, second = chart.lines
    assert points(first.d)[-1] == points(second.d)[0]


def test_names_never_overlap_and_stay_inside():
    crowd = [
        career(f"Pilot Longname{n}", trip(f"20{n:02}-01-01", f"20{n:02}-01-{5 + n:02}"))
        for n in range(20)
    ]
    chart = drawn(crowd, "2021-01-01")
    for names, breadth in ((chart.narrow.on_line, NARROW), (chart.wide.on_line, WIDE)):
        assert names
        boxes = []
        for name in names:
            x, broad = name.x * breadth / 100, len(name.text) * LETTER
            left = x - broad if name.anchor == "end" else x
            assert left >= -0.1
            assert left + broad <= breadth + 0.1
            assert 0 < name.y < BOTTOM
            boxes.append((left, left + broad, name.y - 10, name.y))
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                apart = one[1] <= other[0] + 0.1 or other[1] <= one[0] + 0.1
                assert apart or one[3] <= other[2] or other[3] <= one[2]


def test_the_present_holder_is_named_first_of_all():
    assert "Vega" in {name.text for name in drawn(HISTORY[:1]).narrow.on_line}
    assert "Ross, Moss" in {name.text for name in drawn(HISTORY).narrow.on_line}


def test_who_finds_no_room_on_the_line_is_named_beside_it():
    crew = trip("2000-02-01", "2000-02-13"), trip("2000-02-01", "2000-02-13")
    chart = drawn(
        [
            HISTORY[0],
            career("Dee Park", crew[0]),
            career("Eve Quill", crew[1]),
            career("Ben Ross", trip("2000-03-01", "2000-03-15")),
            career("Cy Moss", trip("2000-04-01", "2000-06-01")),
        ],
        "2020-01-01",
    )
    on_line = {name.text for name in chart.narrow.on_line}
    assert "Moss" in on_line
    assert "Park, Quill" not in on_line
    assert "Park and Quill (2000)" in chart.narrow.left_out


def test_a_mark_of_the_very_second_can_be_drawn():
    chart = drawn(HISTORY[:1], "2000-01-01T00:00:01")
    assert [dot.x for dot in chart.dots] == [0]
