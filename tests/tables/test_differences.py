"""Marks on what was changed."""

from records.tables.differences import listed, marked, sides

PUT_IN = '<ins><span class="visually-hidden"> [put in: </span>'
TAKEN_OUT = '<del><span class="visually-hidden"> [taken out: </span>'
END = '<span class="visually-hidden">] </span>'


def test_one_inserted_word_is_one_mark_that_says_so_in_words():
    html = marked("The crew landed.", "The whole crew landed.")
    assert html == f'<div class="differences">The {PUT_IN}whole{END}</ins> crew landed.</div>'


def test_what_was_typed_is_never_markup():
    html = marked("<b>a</b> <del>", "<script>alert(1)</script> </ins>&")
    assert "<b>" not in html
    assert "<script>" not in html
    assert html.count("</ins>") == html.count("<ins>") == 1
    assert "script&gt;alert(1)&lt;/script&gt;" in html
    old, new = sides('<i a="', "<i b>")
    assert "<i" not in old.replace("<ins", "")
    assert "<i b" not in new
    assert "<li>&lt;b&gt;</li>" in listed([("same", "<b>")])


def test_only_the_words_around_a_change_are_shown():
    text = " ".join(f"w{number}" for number in range(1000))
    html = marked(text, text.replace("w500 ", "other "), around=3)
    assert html.startswith('<div class="differences">… w497 w498 w499 <del>')
    assert html.endswith("</ins> w501 w502 w503 …</div>")


def test_a_line_end_that_was_put_in_is_seen():
    assert "¶\n¶\n" in marked("One. Two.", "One.\n\nTwo.")


def test_each_side_has_only_its_own_marks():
    old, new = sides("He flew up.", "He flew down.")
    assert f"He flew {TAKEN_OUT}up{END}</del>." in old
    assert f"He flew {PUT_IN}down{END}</ins>." in new


def test_names_of_a_list_are_marked_one_by_one():
    html = listed([("same", "Mars"), ("removed", "Moon"), ("added", "NASA")])
    assert f"<li>Mars</li><li>{TAKEN_OUT}Moon{END}</del></li><li>{PUT_IN}NASA" in html
