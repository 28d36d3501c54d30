"""Answers: asked once, kept, bounded, shared by threads."""

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from weakref import ref

import pytest

from records.ledger.answers import Answers, remembered


class Oracle:
    def __init__(self):
        self.asked = []

    @remembered(2)
    def answer(self, *question):
        self.asked.append(*question)
        return [question[0].upper()]


@pytest.fixture
def short_switches():
    """Threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def in_threads(count, function):
    """What the function gives for each number, all called at once."""
    barrier = Barrier(count)

    def run(number):
        barrier.wait(timeout=30)
        return function(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# Kept


def test_a_question_is_asked_once():
    answers = Answers(2)
    first = answers.kept("a", list)
    assert answers.kept("a", dict) is first == []


def test_nothing_is_an_answer_too():
    answers = Answers(2)
    assert answers.kept("a", lambda: None) is None
    assert answers.kept("a", list) is None


def test_what_was_asked_longest_ago_is_forgotten_first():
    answers, asked = Answers(2), []
    for letter in "abacaba":
        answers.kept(letter, lambda letter=letter: asked.append(letter))
    assert asked == ["a", "b", "c", "b"]


def test_no_more_is_kept_than_the_size():
    class Weighty:
        pass

    answers = Answers(3)
    alive = [ref(answers.kept(number, Weighty)) for number in range(10)]
    assert [one() is not None for one in alive] == [False] * 7 + [True] * 3


def test_a_question_that_fails_is_asked_again():
    answers, asked = Answers(2), []

    def fail():
        asked.append("a")
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            answers.kept("a", fail)
    assert asked == ["a", "a"]
    assert answers.kept("a", lambda: "known") == "known"


def test_forgetting_has_it_asked_anew():
    answers = Answers(2)
    first = answers.kept("a", list)
    answers.forget()
    assert answers.kept("a", list) is not first


def test_a_question_may_lead_to_others():
    answers = Answers(2)

    def total(number):
        return answers.kept(number, lambda: number + (total(number - 1) if number else 0))

    assert total(10) == 55


# Methods


def test_a_method_gives_the_same_answer_again():
    oracle = Oracle()
    assert oracle.answer("a") is oracle.answer("a")
    assert oracle.asked == ["a"]


def test_each_object_remembers_for_itself():
    one, other = Oracle(), Oracle()
    one.answer("a")
    other.answer("a")
    assert (one.asked, other.asked) == (["a"], ["a"])


def test_a_method_remembers_its_latest_answers():
    oracle = Oracle()
    for letter in "abacb":
        oracle.answer(letter)
    assert oracle.asked == ["a", "b", "c", "b"]


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


# Threads


def test_several_who_ask_the_same_wait_for_one_answer():
    answers, asked, may_go_on = Answers(4), [], Event()

    def slowly():
        asked.append("a")
        may_go_on.wait(timeout=30)
        return object()

    def ask(number):
        if number == 3:
            # Whoever asks something else does not wait.
            assert answers.kept("b", lambda: "at once") == "at once"
            may_go_on.set()
            return None
        return answers.kept("a", slowly)

    first, *others = in_threads(4, ask)[:3]
    assert all(other is first for other in others)
    assert asked == ["a"]


def test_threads_that_ask_more_than_is_kept_disturb_nobody(short_switches):
    answers = Answers(8)

    def ask(thread):
        wrong = 0
        for number in range(4000):
            question = (thread, number % 16)
            wrong += answers.kept(question, lambda question=question: question) != question
        return wrong

    assert in_threads(4, ask) == [0] * 4


def test_threads_that_ask_the_same_agree(short_switches):
    answers = Answers(8)

    def ask(_):
        numbers = range(2000)
        return all(answers.kept(one % 12, lambda one=one: one % 12) == one % 12 for one in numbers)

    assert in_threads(4, ask) == [True] * 4
