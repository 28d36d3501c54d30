"""A leaderboard at an instant."""

import pytest

from tests.book.builders import board, career, confirmed_through, instant, ranks, trip, walk


def flew(name, days_or_end, *, begin="2000-01-01", **fields):
    """A career of one flight from the beginning of 2000: until when, or for how many days."""
    if isinstance(days_or_end, int):
        days_or_end = f"2000-01-{1 + days_or_end:02}"
    return career(name, trip(begin, days_or_end, **fields))


# Ranks


def test_the_longest_comes_first():
    rows = board([flew("Ada Vega", 5), flew("Bo Lind", 9), flew("Cy Moss", 7)])
    assert ranks(rows) == [("1", "Lind"), ("2", "Moss"), ("3", "Vega")]


def test_two_share_rank_3_and_the_next_is_5():
    rows = board(
        [
            flew("Ada Vega", 9),
            flew("Bo Lind", 8),
            flew("Cy Moss", 7),
            flew("Di Nye", 7),
            flew("Ed Orr", 6),
        ]
    )
    assert ranks(rows) == [
        ("1", "Vega"),
        ("2", "Lind"),
        ("3=", "Moss"),
        ("3=", "Nye"),
        ("5", "Orr"),
    ]


def test_a_crew_that_flew_together_shares_the_first_rank():
    rows = board([flew("Ada Vega", 9), flew("Bo Lind", 9), flew("Cy Moss", 9)])
    assert ranks(rows) == [("1=", "Lind"), ("1=", "Moss"), ("1=", "Vega")]


def test_inside_a_tie_whoever_reached_it_first_comes_first():
    rows = board(
        [
            flew("Ada Vega", "2001-01-11", begin="2001-01-01"),
            flew("Bo Zorn", "2000-01-11", begin="2000-01-01"),
        ]
    )
    assert ranks(rows) == [("1=", "Zorn"), ("1=", "Vega")]


def test_inside_a_tie_reached_together_the_family_name_decides():
    rows = board([flew("Ada Vega", 9), flew("Zoe Abel", 9)])
    assert ranks(rows) == [("1=", "Abel"), ("1=", "Vega")]


def test_a_second_breaks_a_tie():
    rows = board([flew("Ada Vega", "2000-01-10T00:00:00"), flew("Bo Lind", "2000-01-10T00:00:01")])
    assert ranks(rows) == [("1", "Lind"), ("2", "Vega")]


def test_counts_are_ranked_like_durations():
    twice = career("Ada Vega", trip("2000-01-01", "2000-01-02"), trip("2001-01-01", "2001-01-02"))
    rows = board([flew("Bo Lind", 20), twice, flew("Cy Moss", 9)], metric="number-of-flights")
    assert ranks(rows) == [("1", "Vega"), ("2=", "Lind"), ("2=", "Moss")]


def test_nobody_flew_nobody_stands():
    assert board([]) == []
    assert board([flew("Ada Vega", 9)], "1999-01-01") == []


def test_a_zero_is_not_a_record():
    assert board([flew("Ada Vega", 9)], "2000-01-01T00:00:00") == []
    assert len(board([flew("Ada Vega", 9)], "2000-01-01T00:00:01")) == 1
    assert board([flew("Ada Vega", 9)], metric="number-of-spacewalks") == []


# Precision


def test_values_are_tied_at_the_coarser_precision_of_the_two():
    rows = board(
        [
            flew("Ada Vega", "2000-01-10T06:00:00"),
            flew("Bo Lind", "2000-01-10", landing_precision="day"),
        ]
    )
    assert [row.rank for row in rows] == [1, 1]
    assert all(row.tied for row in rows)


def test_a_value_known_to_the_day_makes_no_tie_of_two_different_exact_ones():
    rows = board(
        [
            flew("Ada Vega", "2000-01-10T06:00:00"),
            flew("Bo Lind", "2000-01-10T05:00:00"),
            flew("Cy Moss", "2000-01-10", landing_precision="day"),
        ]
    )
    assert ranks(rows) == [("1", "Vega"), ("2=", "Moss"), ("2=", "Lind")]


def test_a_value_known_to_the_day_says_so_in_its_row():
    (row,) = board(
        [flew("Ada Vega", "2000-08-24", begin="2000-01-01T08:00", landing_precision="day")]
    )
    assert row.value.text == "at least 235 d"


def test_a_minute_ties_what_seconds_would_part():
    rows = board(
        [
            flew("Ada Vega", "2000-01-10T06:00:30"),
            flew("Bo Lind", "2000-01-10T06:00:00", landing_precision="minute"),
        ]
    )
    assert [row.rank for row in rows] == [1, 1]


# Thresholds


@pytest.mark.parametrize(
    ("landed_at", "listed"),
    [("2000-12-30T23:59:59", False), ("2000-12-31", True), ("2001-01-01", True)],
)
def test_a_threshold_of_365_days_lists_365_whole_days_and_more(landed_at, listed):
    rows = board([flew("Ada Vega", landed_at)], threshold=365)
    assert bool(rows) is listed


def test_a_threshold_of_a_count_is_that_count():
    twice = career("Ada Vega", trip("2000-01-01", "2000-01-02"), trip("2001-01-01", "2001-01-02"))
    assert len(board([twice], metric="number-of-flights", threshold=2)) == 1
    assert board([twice], metric="number-of-flights", threshold=3) == []


def test_whoever_passes_the_threshold_in_flight_is_listed_from_then_on():
    long_trip = flew("Ada Vega", "2002-01-01")
    assert board([long_trip], "2000-12-30T23:59:59", threshold=365) == []
    assert len(board([long_trip], "2000-12-31", threshold=365)) == 1


# In flight


def test_a_record_passes_while_the_challenger_is_still_aloft():
    holder, challenger = flew("Ada Vega", 20), flew("Bo Lind", "2001-06-01", begin="2001-01-01")
    before = board([holder, challenger], "2001-01-20")
    after = board([holder, challenger], "2001-01-25")
    assert ranks(before) == [("1", "Vega"), ("2", "Lind")]
    assert ranks(after) == [("1", "Lind"), ("2", "Vega")]
    assert (after[0].state, after[0].running) == ("in_flight", True)


def test_a_landed_row_does_not_run():
    (row,) = board([flew("Ada Vega", 9)])
    assert (row.state, row.running, row.aloft) == ("landed", False, False)


def test_a_count_does_not_run_while_its_owner_is_aloft():
    (row,) = board([flew("Ada Vega", 20)], "2000-01-05", metric="number-of-flights")
    assert (row.running, row.aloft) == (False, True)


def test_a_row_that_rests_on_an_earlier_flight_does_not_run():
    one = career("Ada Vega", trip("2000-01-01", "2000-02-01"), trip("2003-01-01", "2003-02-01"))
    (row,) = board([one], "2003-01-05")
    assert (row.state, row.running, row.aloft) == ("landed", False, True)


def test_a_row_says_which_country_was_flown_for_at_that_time():
    one = career(
        "Ada Vega",
        trip("1990-01-01", "1990-02-01", country="SUN"),
        trip("2003-01-01", "2003-02-01", country="RUS"),
    )
    assert board([one], "1991-01-01", metric="total-time")[0].country == "SUN"
    assert board([one], "2004-01-01", metric="total-time")[0].country == "RUS"


def test_a_row_that_is_one_flight_says_which_country_that_flight_was_flown_for():
    one = career(
        "Ada Vega",
        trip("1990-01-01", "1990-06-01", country="SUN"),
        trip("2003-01-01", "2003-02-01", country="RUS"),
    )
    assert board([one], "2004-01-01", metric="longest-flight")[0].country == "SUN"


# Unconfirmed

CONFIRMED = confirmed_through("2001-01-15")


def overdue(name, begin="2001-01-01", *, plan="2001-02-28"):
    return career(name, trip(begin, plan=plan))


def doubtful_board(*careers, at="2002-01-01", **options):
    return board(careers, at, confirmation=CONFIRMED, **options)


def test_an_unconfirmed_clock_breaks_no_record():
    rows = doubtful_board(flew("Ada Vega", 20), flew("Bo Lind", 10), overdue("Cy Moss"))
    assert ranks(rows) == [("1", "Vega"), ("2", "Moss"), ("3", "Lind")]
    assert rows[1].state == "unconfirmed"
    assert rows[1].value.amount > rows[0].value.amount


def test_an_unconfirmed_clock_does_not_come_between_two_who_share_the_record():
    rows = doubtful_board(
        flew("Ada Vega", "2000-01-21T06:00:30"),
        flew("Bo Lind", "2000-01-21T06:00:00", landing_precision="minute"),
        overdue("Cy Moss"),
    )
    assert ranks(rows) == [("1=", "Lind"), ("1=", "Vega"), ("3", "Moss")]


def test_two_unconfirmed_clocks_keep_their_order_behind_the_record():
    rows = doubtful_board(
        flew("Ada Vega", 20), overdue("Bo Lind", "2001-01-05"), overdue("Cy Moss", "2001-01-02")
    )
    assert ranks(rows) == [("1", "Vega"), ("2", "Moss"), ("3", "Lind")]


def test_an_unconfirmed_crew_shares_its_rank():
    rows = doubtful_board(flew("Ada Vega", 20), overdue("Bo Lind"), overdue("Cy Moss"))
    assert ranks(rows) == [("1", "Vega"), ("2=", "Lind"), ("2=", "Moss")]


def test_an_unconfirmed_clock_does_not_even_equal_the_record():
    rows = doubtful_board(
        flew("Ada Vega", "2000-02-29", begin="2000-01-01"), overdue("Bo Lind", "2001-01-01")
    )
    assert rows[0].value.amount == rows[1].value.amount
    assert ranks(rows) == [("1", "Vega"), ("2", "Lind")]


def test_an_unconfirmed_clock_below_the_record_stands_where_it_stopped():
    rows = doubtful_board(flew("Ada Vega", "2000-06-01"), overdue("Bo Lind"), flew("Cy Moss", 20))
    assert ranks(rows) == [("1", "Vega"), ("2", "Lind"), ("3", "Moss")]
    assert rows[1].value.amount == 59 * 86_400


def test_an_unconfirmed_clock_does_not_run():
    rows = doubtful_board(overdue("Ada Vega"))
    assert rows[0].running is False


def test_a_presumed_clock_can_pass_a_record():
    rows = doubtful_board(flew("Ada Vega", 20), overdue("Cy Moss"), at="2001-02-20")
    assert [(row.astronaut.family_name, row.state, row.running) for row in rows] == [
        ("Moss", "presumed", True),
        ("Vega", "landed", False),
    ]


def test_a_launch_happened_however_doubtful_the_landing():
    twice = career(
        "Cy Moss", trip("1999-01-01", "1999-01-02"), trip("2001-01-01", plan="2001-02-28")
    )
    rows = doubtful_board(flew("Ada Vega", 20), twice, metric="number-of-flights")
    assert ranks(rows) == [("1", "Moss"), ("2", "Vega")]


def test_a_spacewalk_happened_however_doubtful_the_landing():
    one = career(
        "Cy Moss",
        trip("2001-01-01", plan="2001-02-28", walks=[walk("2001-01-05"), walk("2001-01-07")]),
    )
    other = career("Ada Vega", trip("2000-01-01", "2000-02-01", walks=[walk("2000-01-05")]))
    rows = doubtful_board(one, other, metric="number-of-spacewalks")
    assert ranks(rows) == [("1", "Moss"), ("2", "Vega")]


def test_a_total_whose_doubtful_part_is_last_is_doubtful():
    both = career(
        "Cy Moss", trip("1999-01-01", "1999-01-15"), trip("2001-01-01", plan="2001-02-28")
    )
    rows = doubtful_board(flew("Ada Vega", "2000-02-10"), both, metric="total-time")
    assert rows[1].value.amount > rows[0].value.amount
    assert ranks(rows) == [("1", "Vega"), ("2", "Moss")]


def test_a_holder_who_is_overdue_keeps_the_record_that_was_certain():
    holder = career(
        "Cy Moss", trip("1990-01-01", "1992-01-15"), trip("2001-01-01", plan="2001-02-28")
    )
    rows = doubtful_board(flew("Ada Vega", 20), holder, metric="total-time")
    assert ranks(rows) == [("1", "Moss"), ("2", "Vega")]


def test_the_same_question_has_the_same_answer_whatever_order_the_careers_come_in():
    careers = [flew("Ada Vega", 9), flew("Bo Lind", 9), overdue("Cy Moss"), flew("Di Nye", 8)]
    forwards = doubtful_board(*careers)
    backwards = doubtful_board(*reversed(careers))
    assert ranks(forwards) == ranks(backwards)


def test_a_row_was_reached_at_the_landing_or_at_the_instant_asked_about():
    one = flew("Ada Vega", 9)
    assert board([one])[0].reached_at == instant("2000-01-10")
    assert board([one], "2000-01-05T08:00")[0].reached_at == instant("2000-01-05T08:00")
