"""One cleaning of every text, and what is refused in words."""

import re
import unicodedata
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import texts

ANY_TEXT = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(
            "\u200d\u200c\u00ad\ufeff\u200b\u00a0\u3000\u2028\t\n\r e\u0301\u0915\u094d👨🚀"
        ),
    )
)
CLEANERS = {
    texts.clean_line: texts.STRANGE_IN_LINE,
    texts.clean_lines: texts.STRANGE_IN_LINES,
    texts.clean_text: texts.STRANGE_IN_TEXT,
}
each_cleaner = pytest.mark.parametrize(("clean", "strange"), CLEANERS.items())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Frank\u00a0Rubio", "Frank Rubio"),
        ("\u3000Frank \t Rubio\n", "Frank Rubio"),
        ("\ufeffFrank\u200b Ru\u00adbio\u2060", "Frank Rubio"),
        ("Jose\u0301", "José"),
        ("Ru\u200dbio", "Rubio"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
        ("🏴\U000e0067\U000e0062\U000e007f a\U000e0067", "🏴\U000e0067\U000e0062\U000e007f a"),
        ("辻\U000e0100", "辻\U000e0100"),
        ("\u200d\u2800\u3164", ""),
    ],
)
def test_line_is_cleaned(typed, kept):
    assert texts.clean_line(typed) == kept


def test_longer_text_keeps_its_lines_and_spaces():
    assert texts.clean_text("\n370\u00a0d  \r\n\u200bJose\u0301\r\n\r\nend\u2028\n") == (
        "370\u00a0d  \nJosé\n\nend"
    )


def test_names_below_each_other_are_lines():
    assert (
        texts.clean_lines(" Ada\u00a0 Vega;A. Vega\r\n\r\n ;Adèle ") == "Ada Vega\nA. Vega\nAdèle"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Frank\x1d Rubio", "There is a control character (U+001D) here; type it anew."),
        ("a\0b", "There is a control character (U+0000) here; type it anew."),
        ("a\x85b", "There is a control character (U+0085) here; type it anew."),
        ("Longest\x0b flight", "There is a control character (U+000B) here; type it anew."),
        ("a\ufffeb", "U+FFFE is no character; remove it."),
        ("a\uffffb", "U+FFFF is no character; remove it."),
        ("a\U0001fffeb", "U+1FFFE is no character; remove it."),
        ("a\ud83db", "Half of a character (U+D83D) is here; type it anew."),
        ("\u202eevil", "An invisible mark here turns the direction of the text; remove it."),
        ("a\u2067b", "An invisible mark here turns the direction of the text; remove it."),
        ("a\n\nb\x02", "line 3: there is a control character (U+0002) here; type it anew."),
    ],
)
def test_what_nobody_can_mean_is_refused_in_words(text, words):
    for clean in CLEANERS:
        if clean is texts.clean_text or "\n" not in text:
            with pytest.raises(ValueError) as refusal:
                clean(text)
            assert str(refusal.value) == words


@each_cleaner
@given(text=ANY_TEXT)
def test_what_is_kept_is_clean_and_can_be_written_anywhere(clean, strange, text):
    try:
        kept = clean(text)
    except ValueError:
        assert any(texts.refusals(text))
        kept = clean(texts.without_refused(text))
    assert clean(kept) == kept
    assert not re.search(strange, kept)
    assert unicodedata.is_normalized("NFC", kept)
    kept.encode()
    assert ElementTree.fromstring(f"<a>{escape(kept)}</a>").text in (kept, None)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("JosÃ©", "“é”"),
        ("itâ€™s", "“’”"),
        ("Jos√©", "“é”"),
        ("Jos├⌐", "“é”"),
        ("JosĂ©", "“é”"),
        ("ÅŒno", "“Ō”"),
        ("ðŸš€", "“🚀”"),
        ("Р“Р°РіР°СЂРёРЅ", "“Гагарин”"),
        ("Ð“Ð°Ð³Ð°Ñ€Ð¸Ð½", "“Гагар"),
        ("voilÃ ", "half of a letter"),
        ("Jos\ufffd", "U+FFFD"),
        ("\uf0b7 Point", "U+F0B7"),
        ("&eacute;t&eacute;", "“&eacute;”"),
        ("Smith &amp; Co", "“&amp;”"),
        (r"Jos\u00e9", r"“\u00e9”"),
        ("Jos%C3%A9", "“%C3%A9”"),
    ],
)
def test_text_that_was_decoded_wrongly_is_told(text, meant):
    assert meant in texts.misreading(text)


@pytest.mark.parametrize(
    "text",
    [
        "José", "“Spaß”", "“CAFÉ”", "“é”…", "À l’École", "Łódź", "Ťažký Žiar", "Îşi", "Çağ",
        "Юрий Гагарин", "Её", "Рік", "МІСІЯ", "杨利伟", "محمد", "γειά", "R&D; AT&T", "100% sure",
    ],
)  # fmt: skip
def test_text_that_only_looks_unusual_is_no_doubt(text):
    assert texts.misreading(text) == ""


def test_markup_may_name_a_character():
    assert texts.misreading("&eacute;", markup=True) == ""
