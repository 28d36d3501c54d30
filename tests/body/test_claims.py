"""How the claims of a story are written, and where their passages stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.body.claims import (
    MAX_CLAIMS,
    MAX_PASSAGE,
    line_in,
    line_of,
    parse_claims,
    stands_in,
    written,
)

VALUE = 'value passage="371 days" leaderboard="longest" astronaut="ann-zell"'


def problems(text):
    return [str(one) for one in parse_claims(text).problems]


def test_each_line_is_a_claim():
    body = parse_claims(
        f'{VALUE} at="2020-01-01"\n\nnobody passage="nobody" leaderboard="a" mark="9"'
    )
    value, nobody = body.blocks
    assert (value.line, value.claims, value.passage) == (1, "value", "371 days")
    assert (value.leaderboard, value.astronaut, value.at) == ("longest", "ann-zell", "2020-01-01")
    assert (nobody.line, nobody.mark, nobody.at) == (3, 9, "publication")
    assert parse_claims("").blocks == ()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("guess passage=“x”", "say what is claimed"),
        ("value", 'needs passage="…"'),
        ("value passage=“x”", 'needs leaderboard="…"'),
        ("rank passage=“x” leaderboard=“a”", 'needs astronaut="…"'),
        ("nobody passage=“x” leaderboard=“a”", 'needs mark="…"'),
        ("count passage=“x” leaderboard=“a” astronaut=“b”", "takes no argument"),
        ("value passage=“x” leaderboard=“a b”", "leaderboard is the name"),
        ("value passage=“x” leaderboard=“a” at=“soon”", "at must be"),
        ("count passage=“x” leaderboard=“a” mark=“-1”", "mark is a whole number"),
        ("count passage=“x” leaderboard=“a” mark=“9999999999999”", "mark is a whole number"),
        (f"value passage=“{'x' * (MAX_PASSAGE + 1)}” leaderboard=“a”", "at most"),
        ("value passage=“x", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(line, words):
    (problem,) = [one for one in problems(f"\n{line}") if words in one]
    assert problem.startswith("line 2: ")
    assert parse_claims(f"\n{line}").blocks == ()


def test_a_story_has_only_so_many_claims():
    text = "\n".join([VALUE] * (MAX_CLAIMS + 1))
    assert problems(text) == [f"line {MAX_CLAIMS + 1}: a story has at most {MAX_CLAIMS} claims."]


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_read(text):
    body = parse_claims(text)
    assert parse_claims(written(body.blocks)).blocks or not body.blocks


@given(st.text(min_size=1, max_size=50))
def test_every_passage_that_can_be_typed_can_be_written(passage):
    line = line_of("value", {"passage": passage, "leaderboard": "a"})
    body = parse_claims(line)
    assert [one.passage for one in body.blocks] == [passage] or not passage.isalnum()


def test_claims_are_written_as_they_are_read():
    text = f'{VALUE} at="2020-01-01" kept="As NASA has it." by="Grace"'
    assert written(parse_claims(text).blocks) == text


def test_passages_stand_in_a_text_as_it_reads():
    text = "One.\n\n[Ann Zell](/astronauts/ann-zell/) flew for *371\u00a0days*, and 17 people did."
    assert line_in("Ann Zell flew for 371 days", text) == 3
    assert line_in("[Ann Zell](/astronauts/ann-zell/) flew", text) == 3
    assert stands_in("371 days", text)
    assert not stands_in("71 days", text)
    assert not stands_in("7 people", text)
    assert not stands_in("371 day", text)
    assert not stands_in("  ", text)
    assert line_in("372 days", text) is None


def test_a_figure_with_a_thousand_before_it_is_another_one():
    assert not stands_in("110 days", "It took 1,110 days.")
