"""Two changes of one text, or of one list."""

from hypothesis import given
from hypothesis import strategies as st

from records.body.merging import merged, merged_lists

TEXTS = st.lists(
    st.sampled_from(["the", "record", "fell", ".", " ", "  ", "\n", "371", "don't"]), max_size=30
).map("".join)


@given(TEXTS, TEXTS)
def test_a_text_that_one_alone_changed_is_as_they_have_it(base, one):
    assert merged(base, one, base) == merged(base, base, one) == merged(base, one, one)
    assert merged(base, one, base).text == one
    assert not merged(base, one, base).overlap


@given(TEXTS, TEXTS, TEXTS)
def test_what_does_not_overlap_is_the_same_whoever_came_first(base, one, other):
    both = merged(base, one, other)
    assert both.overlap == merged(base, other, one).overlap
    assert both.overlap or both == merged(base, other, one)


def test_changes_in_two_places_are_both_made():
    base = "The mark had belonged to Hei.\n\nIt fell in March."
    one = "The mark had belonged to Mark Vande Hei.\n\nIt fell in March."
    other = "The mark had belonged to Hei.\n\nIt fell in September."
    both = merged(base, one, other)
    assert both.text == "The mark had belonged to Mark Vande Hei.\n\nIt fell in September."
    assert not both.overlap


def test_where_both_change_the_same_words_the_first_stands():
    both = merged("after 365 days, he said", "after 355 days, he said", "after 350 days, she said")
    assert both.text == "after 355 days, she said"
    assert both.overlap


def test_lists_are_merged_in_order():
    assert merged_lists("AB", "CAB", "ABD").parts == ["C", "A", "B", "D"]
    assert merged_lists("ABC", "BC", "ABCD").parts == ["B", "C", "D"]
    assert merged_lists("AB", "ABC", "ABD").overlap


def test_the_longest_texts_are_not_compared_inside():
    words = " ".join(f"w{number}" for number in range(50_000))
    both = merged(f"a {words} z", f"b {words} z", f"a {words} y")
    assert both.text == f"b {words} z"
    assert both.overlap
