"""What must hold for every history, with histories made up by Hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from records.book.careers import Career, Confirmation, Flight, Spacewalk
from records.book.metrics import METRICS
from tests.book.builders import ALL_KNOWN, board, career, mission, outside
from tests.book.plain_standings import certain_score

BEGIN = datetime(2000, 1, 1, tzinfo=UTC)
#: Few different lengths, so that there are ties.
LENGTHS = st.sampled_from([1, 60, 3600, 86_400, 86_401, 10 * 86_400, 365 * 86_400])
INSTANTS = st.one_of(
    st.integers(-86_400, 6 * 365 * 86_400), st.sampled_from([0, 1, 86_400, 10 * 86_400])
).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
#: The metrics of a career; those without a measure count people.
METRIC_KEYS = st.sampled_from([key for key, metric in METRICS.items() if metric.measure])


@st.composite
def flights_of_one(draw):
    """Flights one after the other, every instant known to the second; the last may be aloft."""
    begin, flights = BEGIN + timedelta(seconds=draw(LENGTHS)), []
    count = draw(st.integers(1, 4))
    for number in range(1, count + 1):
        length = draw(LENGTHS)
        aloft = number == count and draw(st.booleans())
        end = begin + timedelta(seconds=length)
        walks = tuple(
            Spacewalk(
                f"walk-{number}-{part}",
                begin + (end - begin) * part / 4,
                outside(length // 4, "second"),
                "x",
            )
            for part in range(draw(st.integers(0, 3)))
            if length >= 4
        )
        ship = mission(begin, None if aloft else end)
        flights.append(
            Flight.of(
                ship,
                ship,
                number=number,
                country=draw(st.sampled_from(["USA", "RUS"])),
                agency="nasa",
                role="Pilot",
                spacewalks=walks,
            )
        )
        begin = end + timedelta(seconds=draw(LENGTHS))
    return flights


HISTORIES = st.lists(flights_of_one(), max_size=7).map(
    lambda people: [career(f"Pilot{n} Name{n % 3}", *trips) for n, trips in enumerate(people)]
)


def plain(rows):
    """Rows as a reader sees them."""
    return [
        (row.rank, row.tied, row.astronaut.slug, row.value, row.state, row.reached_at)
        for row in rows
    ]


@given(HISTORIES, INSTANTS, METRIC_KEYS)
def test_a_rank_is_one_more_than_the_number_of_those_strictly_better(careers, at, metric):
    rows = board(careers, at, metric=metric)
    for row in rows:
        score = METRICS[metric].score
        scores = [score(other.value) for other in rows]
        if row.value.precision == "second":
            assert row.rank == 1 + sum(other > score(row.value) for other in scores)
            assert row.tied is (scores.count(score(row.value)) > 1)


@given(HISTORIES, INSTANTS, METRIC_KEYS)
def test_standings_are_sorted_and_list_nobody_twice(careers, at, metric):
    rows = board(careers, at, metric=metric)
    assert [row.rank for row in rows] == sorted(row.rank for row in rows)
    assert len({row.astronaut.slug for row in rows}) == len(rows)
    firsts = {}
    for row in rows:
        firsts.setdefault(row.rank, row)
    scores = [METRICS[metric].score(row.value) for row in firsts.values()]
    if all(row.value.precision == "second" for row in rows):
        assert scores == sorted(scores, reverse=True)


@given(HISTORIES, INSTANTS, METRIC_KEYS)
def test_shared_ranks_are_marked_and_skip_what_they_take(careers, at, metric):
    rows = board(careers, at, metric=metric)
    for place, row in enumerate(rows, 1):
        sharing = [other for other in rows if other.rank == row.rank]
        assert row.rank <= place < row.rank + len(sharing)
        assert row.tied is (len(sharing) > 1)


@given(HISTORIES, INSTANTS)
def test_total_time_is_the_sum_by_hand(careers, at):
    expected = {}
    for one in careers:
        seconds = sum(
            (min(flight.landed_at or at, at) - flight.launched_at).total_seconds()
            for flight in one.flights
            if flight.launched_at <= at
        )
        if seconds:
            expected[one.astronaut.slug] = seconds
    rows = board(careers, at, metric="total-time")
    assert {row.astronaut.slug: row.value.amount for row in rows} == expected


@given(HISTORIES, INSTANTS)
def test_the_longest_flight_is_the_longest_by_hand(careers, at):
    expected = {}
    for one in careers:
        lengths = [
            (min(flight.landed_at or at, at) - flight.launched_at).total_seconds()
            for flight in one.flights
            if flight.launched_at <= at
        ]
        if any(lengths):
            expected[one.astronaut.slug] = max(lengths)
    rows = board(careers, at, metric="longest-flight")
    assert {row.astronaut.slug: row.value.amount for row in rows} == expected


@given(HISTORIES, INSTANTS)
def test_spacewalks_are_those_that_had_ended(careers, at):
    expected = {}
    for one in careers:
        ended = [
            walk
            for flight in one.flights
            for walk in flight.spacewalks
            if flight.launched_at <= at and walk.started_at + timedelta(seconds=walk.seconds) <= at
        ]
        if ended:
            expected[one.astronaut.slug] = len(ended)
    rows = board(careers, at, metric="number-of-spacewalks")
    assert {row.astronaut.slug: row.value.amount for row in rows} == expected


@given(HISTORIES, INSTANTS)
def test_nobody_was_in_space_longer_than_the_time_since_their_first_launch(careers, at):
    first_launch = {one.astronaut.slug: one.flights[0].launched_at for one in careers}
    for row in board(careers, at, metric="total-time"):
        elapsed = (at - first_launch[row.astronaut.slug]).total_seconds()
        assert 0 < row.value.amount <= elapsed


@given(HISTORIES, INSTANTS)
def test_no_flight_is_longer_than_all_of_them(careers, at):
    totals = {
        row.astronaut.slug: row.value.amount for row in board(careers, at, metric="total-time")
    }
    for row in board(careers, at, metric="longest-flight"):
        assert row.value.amount <= totals[row.astronaut.slug]


@given(HISTORIES, INSTANTS, INSTANTS, METRIC_KEYS)
def test_no_figure_ever_falls(careers, one, other, metric):
    earlier, later = sorted((one, other))
    then = {row.astronaut.slug: row.value.amount for row in board(careers, later, metric=metric)}
    for row in board(careers, earlier, metric=metric):
        assert then[row.astronaut.slug] >= row.value.amount


def truncated(one: Career, at) -> Career | None:
    """The career as it would have been written down at the instant."""
    flights = []
    for flight in one.flights:
        if flight.launched_at > at:
            continue
        landed = flight.landed_at is not None and flight.landed_at <= at
        up = flight.launch_mission
        ship = up if landed else replace(up, landed_at=None)
        flights.append(
            Flight.of(
                ship,
                ship,
                number=flight.number,
                country=flight.country,
                agency=flight.agency,
                role=flight.role,
                spacewalks=tuple(walk for walk in flight.spacewalks if walk.ended_at <= at),
            )
        )
    return Career.of(one.astronaut, flights) if flights else None


@given(HISTORIES, INSTANTS, METRIC_KEYS)
def test_asking_about_then_is_asking_a_history_that_ends_then(careers, at, metric):
    written_then = [one for one in (truncated(each, at) for each in careers) if one]
    assert plain(board(careers, at, metric=metric)) == plain(
        board(written_then, at, metric=metric, confirmation=Confirmation(at, timedelta(days=7)))
    )


@given(HISTORIES, HISTORIES, INSTANTS, METRIC_KEYS)
def test_what_happens_later_changes_nothing_before(careers, others, at, metric):
    newcomers = [
        career(
            f"Later Pilot{n}",
            *(flight for flight in one.flights if flight.launched_at > at),
        )
        for n, one in enumerate(others)
    ]
    more = [*careers, *(one for one in newcomers if one.flights)]
    assert plain(board(more, at, metric=metric)) == plain(board(careers, at, metric=metric))


@given(HISTORIES, INSTANTS)
def test_a_narrower_category_never_gives_anybody_more(careers, at):
    whole = {
        row.astronaut.slug: row.value.amount for row in board(careers, at, metric="total-time")
    }
    for row in board(careers, at, metric="total-time", countries=frozenset({"RUS"})):
        assert row.value.amount <= whole[row.astronaut.slug]


@given(HISTORIES, INSTANTS, st.permutations(range(7)), METRIC_KEYS)
def test_the_order_of_the_input_does_not_matter(careers, at, order, metric):
    shuffled = [careers[place] for place in order if place < len(careers)]
    assert plain(board(shuffled, at, metric=metric)) == plain(board(careers, at, metric=metric))


@given(HISTORIES, INSTANTS, INSTANTS, st.sampled_from(["longest-flight", "total-time"]))
def test_nobody_leads_by_a_clock_that_is_not_confirmed(careers, at, confirmed, metric):
    planned = [
        Career.of(one.astronaut, [with_a_plan(flight) for flight in one.flights]) for one in careers
    ]
    confirmation = Confirmation(confirmed, timedelta(7))
    rows = board(planned, at, metric=metric, confirmation=confirmation)
    certain = [certain_score(row.mark, row.career, METRICS[metric], confirmation) for row in rows]
    for row, score in zip(rows, certain, strict=True):
        if row.rank == 1 and row.state == "unconfirmed":
            assert score == max(certain)


def with_a_plan(flight: Flight) -> Flight:
    """A flight under way with a landing planned for a month after its launch."""
    if flight.landed_at is not None:
        return flight
    plan_ends_at = flight.launched_at + timedelta(days=30)
    ship = replace(flight.launch_mission, plan_ends_at=plan_ends_at)
    return replace(flight, launch_mission=ship, landing_mission=None)


def test_the_histories_are_worth_trying():
    """Ties, flights under way and spacewalks do occur among them."""
    seen = set()

    @given(HISTORIES, INSTANTS)
    @settings(max_examples=200, database=None)
    def look(careers, at):
        for row in board(careers, at, confirmation=ALL_KNOWN):
            seen.update({row.tied, row.state, f"walks: {bool(row.career.spacewalks)}"})

    look()
    assert seen >= {True, False, "landed", "in_flight", "walks: True", "walks: False"}
