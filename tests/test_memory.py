"""What is remembered, for how long, and that nothing is held by it."""

import gc
from weakref import ref

import pytest

from records.memory import Bounded, remembered


class Oracle:
    def __init__(self):
        self.asked = []

    @remembered(2)
    def answer(self, question):
        self.asked.append(question)
        return question * 2


def test_an_answer_is_worked_out_once():
    oracle = Oracle()
    assert [oracle.answer("a"), oracle.answer("a")] == ["aa", "aa"]
    assert oracle.asked == ["a"]


def test_the_longest_unasked_is_forgotten_first():
    oracle = Oracle()
    for question in ("a", "b", "a", "c", "a", "b"):
        oracle.answer(question)
    assert oracle.asked == ["a", "b", "c", "b"]


def test_each_object_has_its_own_answers():
    one, other = Oracle(), Oracle()
    one.answer("a")
    other.answer("a")
    assert (one.asked, other.asked) == (["a"], ["a"])


def test_a_question_that_fails_is_asked_again():
    oracle = Oracle()
    for _ in range(2):
        with pytest.raises(TypeError):
            oracle.answer(None)
    assert oracle.asked == [None, None]


def test_forgetting_has_it_worked_out_anew():
    oracle = Oracle()
    oracle.answer("a")
    Oracle.answer.forget(oracle)
    oracle.answer("a")
    assert oracle.asked == ["a", "a"]


def test_an_object_with_answers_goes_without_the_garbage_collector():
    oracle = Oracle()
    oracle.answer("a")
    gone = ref(oracle)
    gc.disable()
    try:
        del oracle
        assert gone() is None
    finally:
        gc.enable()


def test_a_bounded_dict_forgets_what_came_first():
    kept = Bounded(2)
    for letter in "abc":
        kept[letter] = letter
    assert list(kept) == ["b", "c"]
