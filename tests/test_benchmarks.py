"""The benchmarks run, and what they measure is a possible history."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import synthetic

ROOT = Path(__file__).resolve().parent.parent


@settings(max_examples=20, deadline=None)
@given(scale=st.floats(0.001, 0.3), seed=st.integers(0, 10_000))
def test_nobody_is_in_two_places_at_once(scale, seed):
    history = synthetic.write(scale, seed)
    careers = synthetic.careers_of(history)
    assert len(careers) == len(history.people)
    for career in careers.values():
        assert career.astronaut.born_on < career.flights[0].launched_at.date()
        for flight, following in pairwise(career.flights):
            assert flight.landed_at < following.launched_at
        for flight in career.flights:
            end = flight.landed_at or synthetic.CONFIRMED_THROUGH
            assert flight.launched_at < end
            for walk in flight.spacewalks:
                assert flight.launched_at < walk.started_at
                assert walk.ended_at < end


def test_a_history_is_told_the_same_way_again():
    assert synthetic.write(0.1, seed=7) == synthetic.write(0.1, seed=7)
    assert synthetic.write(0.1, seed=7) != synthetic.write(0.1, seed=8)


def test_the_scale_of_one_is_the_size_of_the_real_record():
    history = synthetic.write(1)
    assert 1_400 < history.flights < 1_800
    assert 700 < len(history.people) < 900
    assert {len(mission.crew) for mission in history.missions} == {1, 2, 3, 4, 5, 6, 7}


def test_the_script_measures_a_tiny_history():
    result = subprocess.run(
        [
            *(sys.executable, "benchmarks/run.py", "--no-real", "--repeat", "1"),
            *("--newsroom", "20", "--scale", "0.01,0.02"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    assert "total-time-in-space, cold" in result.stdout
    assert "n log n" in result.stdout
    assert "form of a public story" in result.stdout


def test_the_script_says_what_scales_are():
    result = subprocess.run(
        [sys.executable, "benchmarks/run.py", "--scale", "huge"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 2
    assert "--scale takes numbers" in result.stderr
