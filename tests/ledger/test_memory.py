"""What is remembered, for how long, and that nothing is held by it."""

import gc
from weakref import ref

import pytest

from records.ledger.memory import Bounded, Spells, remembered


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


def test_a_bounded_dict_keeps_to_its_size_however_much_comes_at_once():
    kept = Bounded(2)
    kept.update({letter: letter for letter in "abc"})
    assert list(kept) == ["b", "c"]


class Spell:
    def __init__(self, begin):
        self.begin = begin

    def holds(self, at):
        return self.begin <= at < self.begin + 10


def test_an_answer_is_found_for_as_long_as_it_holds():
    spells = Spells(2, each=2)
    first = spells.find("a", 0, lambda: Spell(0))
    assert spells.find("a", 9, lambda: Spell(9)) is first
    second = spells.find("a", 10, lambda: Spell(10))
    assert spells.find("a", 5, lambda: Spell(5)) is first
    third = spells.find("a", 20, lambda: Spell(20))
    assert list(spells["a"]) == [third, second]
    assert spells.find("b", 10, lambda: Spell(3)).begin == 3
