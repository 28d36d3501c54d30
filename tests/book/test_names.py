"""Names as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.book.names import Spelling, folded, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Michael López-Alegría", "michael lopez alegria"),
        ("Loral O'Hara", "loral ohara"),
        ("Loral O’Hara", "loral ohara"),
        ("Loral O´Hara", "loral ohara"),
        ("Jean-Pierre Haigneré", "jean pierre haignere"),
        ("Jean–Pierre Haignere\u0301", "jean pierre haignere"),
        ("ГАГАРИН", "гагарин"),
        ("Сергей Крикалёв", "сергеи крикалев"),
        ("Sławosz Uznański", "slawosz uznanski"),
        ("Alper Gezeravcı", "alper gezeravci"),
        ("Christer FUGLESANG", "christer fuglesang"),
        ("Đặng Ðór Æsa Œuf Þor Straße", "dang dor aesa oeuf thor strasse"),
        ("Yang Li-wei", "yang li wei"),
        ("杨利伟", "杨利伟"),
        ("Ｒｕｂｉｏ", "rubio"),
        ("Fra\u200bnk\u00ad Ru\u2060bio\ufeff", "frank rubio"),
        ("Rubio,Frank", "rubio frank"),
        ("Soyuz MS-09", "soyuz ms 9"),
        ("soyuz ms09", "soyuz ms 9"),
        ("STS-51-L", "sts 51 l"),
        ("Ελένη Σάς", "ελενη σασ"),
        ("  ", ""),
        ("%_'\"", ""),
        ("0", "0"),
    ],
)
def test_words_of_a_name(name, words):
    assert words_of(name) == tuple(words.split())
    assert folded(name) == words.replace(" ", "")


def called(name, typed):
    spellings, typed = Spelling.all_of([name]), words_of(typed)
    return any(one.is_called(typed) for one in spellings)


def part(name, typed):
    spellings, typed = Spelling.all_of([name]), words_of(typed)
    return any(one.has_part(typed) for one in spellings)


def contains(name, typed):
    spellings, typed = Spelling.all_of([name]), words_of(typed)
    return any(one.contains(typed) for one in spellings)


@pytest.mark.parametrize(
    "typed", ["Yi So-yeon", "yi soyeon", "So Yeon Yi", "YI SO YEON", "yisoyeon", "So-yeon, Yi"]
)
def test_a_whole_name_is_known_in_any_order(typed):
    assert called("Yi So-yeon", typed)


@pytest.mark.parametrize("typed", ["lopez alegria", "Lopez-Alegria", "lopezalegria", "Alegría"])
def test_whole_words_are_a_part(typed):
    assert part("Michael López-Alegría", typed)
    assert not called("Michael López-Alegría", typed)


@pytest.mark.parametrize("typed", ["lopez aleg", "michael alegrias", "mich"])
def test_half_a_word_is_no_part(typed):
    assert not part("Michael López-Alegría", typed)


@pytest.mark.parametrize("typed", ["Jähn", "Jaehn", "jahn", "JAEHN, Sigmund"])
def test_an_umlaut_is_typed_with_an_e_or_without_anything(typed):
    assert part("Sigmund Jähn", typed)


@pytest.mark.parametrize("typed", ["O Hara", "o'h", "hara loral"])
def test_what_was_typed_is_found_in_a_name(typed):
    assert contains("Loral O'Hara", typed)


@pytest.mark.parametrize(
    ("typed", "is_there"),
    [
        *(
            (typed, True)
            for typed in ("apollo 11", "Apollo11", "apollo-011", "apo 11", "11 apollo")
        ),
        *((typed, False) for typed in ("apollo 1", "apollo 111", "apollo 12")),
    ],
)
def test_a_number_is_found_only_as_a_whole(typed, is_there):
    assert contains("Apollo 11", typed) is is_there


@given(st.text(max_size=30))
def test_any_text_folds_to_itself(text):
    assert words_of(" ".join(words_of(text))) == words_of(text)
    assert folded(text.upper()) == folded(text.upper().lower())
