"""What was changed between two texts, word by word."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from records.body.differences import passages

STORY = "The crew of four landed on Friday.\n\nThey were well.\n\nNobody else is in space."


def changed(old, new):
    return [(one.kind, one.text) for one in passages(old, new) if one.kind != "same"]


def test_one_inserted_word_is_one_passage():
    new = STORY.replace("crew", "whole crew")
    assert changed(STORY, new) == [("added", "whole ")]
    assert changed(new, STORY) == [("removed", "whole ")]


def test_a_word_put_in_at_the_end_or_the_beginning_is_one_passage():
    assert changed("It flew", "It flew again") == [("added", "again")]
    assert changed("It flew", "Then it flew") == [("removed", "It "), ("added", "Then it ")]
    assert changed("it flew", "Then it flew") == [("added", "Then ")]


def test_a_word_in_place_of_another_is_two_passages():
    assert changed(STORY, STORY.replace("Friday", "Saturday")) == [
        ("removed", "Friday"),
        ("added", "Saturday"),
    ]


def test_every_paragraph_may_have_its_word():
    new = STORY.replace("landed", "came down").replace("well", "very well").replace("else ", "")
    assert changed(STORY, new) == [
        ("removed", "landed "),
        ("added", "came down "),
        ("added", "very "),
        ("removed", "else "),
    ]


def test_a_paragraph_taken_out_is_one_passage():
    assert changed(STORY, STORY.replace("They were well.\n\n", "")) == [
        ("removed", "They were well.\n\n")
    ]


def test_a_paragraph_that_moved_is_taken_out_once_and_put_in_once():
    first, second, third = STORY.split("\n\n")
    assert sorted(changed(STORY, "\n\n".join((second, first, third)))) == [
        ("added", "They were well.\n\n"),
        ("removed", "They were well.\n\n"),
    ]


def test_a_paragraph_cut_in_two_has_a_line_end_put_in():
    assert changed("One two. Three four.", "One two.\n\nThree four.") == [("added", "\n\n")]


def test_another_sentence_is_not_held_together_by_the_words_that_both_happen_to_use():
    old = "He flew for a whole year on the station with two others."
    new = "Nobody knows what the agency will say of this on Monday morning."
    assert [kind for kind, _ in changed(old, new)] == ["removed", "added"]


def test_texts_that_are_the_same_have_no_change():
    assert [(one.kind, one.text) for one in passages(STORY, STORY)] == [("same", STORY)]
    assert passages("", "") == []
    assert changed("", "New") == [("added", "New")]
    assert changed("Old", "") == [("removed", "Old")]


texts = st.text(alphabet="ab \n.é", max_size=120)


@given(texts, texts)
def test_the_passages_make_up_both_texts(old, new):
    found = passages(old, new)
    assert "".join(one.text for one in found if one.kind != "removed") == new
    before = "".join(one.text for one in found if one.kind != "added")
    assert before.replace(" ", "") == old.replace(" ", "")
    neighbours = [(one.kind, other.kind) for one, other in pairwise(found)]
    assert all(one != other for one, other in neighbours)
    assert ("added", "removed") not in neighbours


def test_a_hundred_thousand_words_are_compared_whatever_they_are():
    """A word or a line over and over is what comparing takes longest with, if nothing is done."""
    words = [f"word{number % 4999}" for number in range(100_000)]
    every_fiftieth = [one if number % 50 else f"{one}s" for number, one in enumerate(words)]
    lines, cut = "a\n" * 100_000, "b\n" + "a\n" * 90_000
    for old, new, most in (
        (" ".join(words), " ".join([*words[:50_000], "new", *words[50_000:]]), 1),
        (" ".join(words), " ".join(every_fiftieth), 4_000),
        ("a " * 100_000, f"b {'a ' * 50_000}b {'a ' * 50_000}", 4),
        (lines, cut, 4),
        (" ".join(map(str, range(100_000))), " ".join(map(str, range(100_000, 0, -1))), 4),
    ):
        assert "".join(one.text for one in passages(old, new) if one.kind != "removed") == new
        assert len(changed(old, new)) <= most
