"""Claims of stories, held against the record book as it was then."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from records.book.claims import Verdict
from records.ledger import Ledger
from records.models import Article
from records.stories.claims import check, mixes

pytestmark = pytest.mark.usefixtures("site")

NOW = datetime(2026, 11, 28, tzinfo=UTC)
APPEARED = datetime(2023, 9, 27, 15, 30, tzinfo=UTC)
FLIGHT, WALKS, ALOFT = "longest-spaceflight", "most-spacewalks", "most-people-in-orbit"


def claim(kind, passage, board=FLIGHT, **more):
    said = {"passage": passage, "leaderboard": board} | more
    return " ".join([kind, *(f'{name}="{value}"' for name, value in said.items())])


def checked(*claims, body=None, **fields):
    """The claims of a story that says their passages."""
    passages = [one.split('"')[1] for one in claims]
    fields = {"state": "published", "published_at": APPEARED} | fields
    body = ". ".join(passages) if body is None else body
    story = Article(slug="a-story", body=body, claims="\n".join(claims), **fields)
    return check(story, NOW, Ledger.current())


RUBIO = {"astronaut": "frank-rubio"}


@pytest.mark.parametrize(
    ("one", "verdict", "right"),
    [
        (claim("value", "371 days", **RUBIO), Verdict.ROUNDED, "370 d 21 h 22 m"),
        (claim("value", "370 days", **RUBIO), Verdict.CUT_OFF, "370 d 21 h 22 m"),
        (claim("value", "370 d 21 h 22 m", **RUBIO), Verdict.AGREES, "370 d 21 h 22 m"),
        (claim("value", "380 days", **RUBIO), Verdict.CONTRADICTS, "370 d 21 h 22 m"),
        (
            claim("rank", "share third place", **RUBIO),
            Verdict.AGREES,
            "3rd, shared, with 370 d 21 ",
        ),
        (claim("rank", "fifth", **RUBIO), Verdict.CONTRADICTS, "3rd, shared"),
        (claim("rank", "fifth", at="2026-01-01", **RUBIO), Verdict.AGREES, "5th, shared"),
        (claim("count", "Only seven people", mark=365), Verdict.AGREES, "7"),
        (claim("count", "nine people", mark=365), Verdict.CONTRADICTS, "7"),
        (claim("nobody", "nobody in 400 days", mark=400), Verdict.CONTRADICTS, "1"),
        (claim("nobody", "nobody in 500 days", mark=500), Verdict.AGREES, "nobody"),
        (claim("value", "437 days"), Verdict.CUT_OFF, "437 d 17 h 58 m (Valeri Polyakov)"),
        (claim("value", "17 at once", ALOFT), Verdict.AGREES, "17"),
        (
            claim("value", "198 d", "longest-flights", astronaut="oleg-kononenko")
            + ' mission="soyuz-tma-12"',
            Verdict.CUT_OFF,
            "198 d 16 h 20 m",
        ),
    ],
)
def test_a_claim_is_held_against_the_record_book_of_then(one, verdict, right):
    (found,) = checked(one)
    assert found.verdict is verdict
    assert found.right.startswith(right)
    assert found.stops == (verdict is Verdict.CONTRADICTS)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (claim("value", "9 days", "no-board", **RUBIO), "no leaderboard “no-board”"),
        (claim("value", "9 days", astronaut="nobody-such"), "no astronaut “nobody-such”"),
        (claim("value", "9 days", astronaut="oleg-kononenko", at="2000-01-01"), "had not flown"),
        (claim("value", "9 days", "longest-spaceflight-women", **RUBIO), "not on this board"),
        (claim("value", "9 days", at="1950-01-01", **RUBIO), "before the first flight"),
        (claim("value", "9 days", at="1960-01-01", **RUBIO), "before the first flight"),
        (claim("value", "9 days", at="2100-01-01", **RUBIO), "in the future"),
        (claim("value", "two weeks short of a year", **RUBIO), "in words"),
        (claim("value", "9 days of 12 days", **RUBIO), "two figures"),
        (claim("value", "a while", **RUBIO), "no length of time"),
        (claim("rank", "third", ALOFT, **RUBIO), "counts people"),
        (claim("count", "seven", "year-in-space", mark=300), "only those beyond"),
        (claim("value", "9 days", mission="no-ship", **RUBIO), "not on this board"),
    ],
)
def test_what_cannot_be_checked_says_why(one, reason):
    (found,) = checked(one)
    assert found.verdict is Verdict.UNCHECKED
    assert reason in found.words
    assert not found.stops


def test_claims_of_a_withdrawn_story_are_not_checked():
    (found,) = checked(claim("value", "380 days", **RUBIO), state="withdrawn")
    assert found.answer.reason == "the story is withdrawn."


def test_a_story_still_to_appear_is_held_against_now():
    later = {"state": "scheduled", "published_at": datetime(2027, 1, 1, tzinfo=UTC)}
    for fields in (later, {"state": "draft", "published_at": None}):
        (found,) = checked(claim("rank", "fifth", **RUBIO), **fields)
        assert found.verdict is Verdict.AGREES


def test_a_claim_without_its_passage_says_so_and_what_is_right():
    (found,) = checked(claim("value", "370 d 21 h 22 m", **RUBIO), body="He flew for 380 d.")
    assert found.is_gone
    assert found.stops
    assert "The passage is gone" in found.words
    assert "The record book says 370 d 21 h 22 m." in found.words


def test_a_passage_may_stand_in_the_headline_or_under_it():
    two = [claim("value", "371 days", **RUBIO), claim("value", "370 d", **RUBIO)]
    found = checked(*two, body="x", headline="Home after 371 days", standfirst="After 370 d.")
    assert [one.where for one in found] == ["headline", "standfirst"]
    assert mixes(found)
    assert not mixes(found[:1])


def test_what_is_kept_with_a_reason_does_not_stop_the_story():
    (found,) = checked(claim("value", "380 days", kept="As NASA has it.", **RUBIO))
    assert found.verdict is Verdict.CONTRADICTS
    assert not found.stops


def test_the_stories_of_the_site_claim_what_is_so():
    out = StringIO()
    call_command("check_claims", stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == f"{len(lines) - 1} claims, none of them contradicted."
    assert {line.split(":")[0] for line in lines[:-1]} == set(
        Article.objects.values_list("slug", flat=True)
    )
    unchecked = [line for line in lines[:-1] if ": Agrees" not in line]
    # Two of the landings that it is the sum of are known to the minute.
    assert [line.split(":")[0] for line in unchecked] == ["tiangongs-crews-change-ships"]


PLANTED = {
    "after 355 d 3 h 46 m": ("after 356 d 3 h 46 m", "355 d 3 h 46 m"),
    "Only seven people": ("Only eight people", "7"),
    "share third place": ("share second place", "3rd, shared"),
    "went outside three times": ("went outside four times", "3"),
}


@pytest.mark.parametrize("was", PLANTED)
def test_a_wrong_figure_in_a_story_is_found_with_the_right_one(was):
    wrong, right = PLANTED[was]
    rows = Article.objects.filter(slug="frank-rubio-returns-after-371-days")
    story = rows.get()
    rows.update(body=story.body.replace(was, wrong), claims=story.claims.replace(was, wrong))
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 of \d+ claims cannot stand"):
        call_command("check_claims", stdout=out)
    line = next(one for one in out.getvalue().splitlines() if f"“{wrong}”" in one)
    assert "Contradicts the record" in line
    assert f"The record book says {right}" in line


def test_a_claim_that_cannot_be_read_is_told_with_its_line():
    rows = Article.objects.filter(slug="frank-rubio-returns-after-371-days")
    rows.update(claims=f'{rows.get().claims}\nvalue passage="371 days"')
    out = StringIO()
    with pytest.raises(CommandError, match=r"1 of \d+ claims cannot stand"):
        call_command("check_claims", stdout=out)
    line = out.getvalue().splitlines()[0]
    assert line.startswith("frank-rubio-returns-after-371-days: line ")
    assert line.endswith('needs leaderboard="…".')
