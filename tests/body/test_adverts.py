"""Where adverts may stand, and which."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from records.body.adverts import ADVERT_EVERY_WORDS, choose, place, places
from records.body.blocks import (
    AdvertBlock,
    AdvertSlot,
    Heading,
    Html,
    LeaderboardBlock,
    ListBlock,
    Paragraph,
    Quote,
)


@dataclass(frozen=True)
class Advert:
    slug: str
    weight: int = 1


TEA, BOOTS, MAPS = Advert("tea"), Advert("boots"), Advert("maps")


def prose(words):
    return Html(" ".join(["word"] * words))


def paragraphs(*lengths):
    return [Paragraph(line, prose(words)) for line, words in enumerate(lengths, 1)]


def story_of(placed):
    return [block for block in placed if not isinstance(block, AdvertBlock)]


def positions(placed):
    return [number for number, block in enumerate(placed) if isinstance(block, AdvertBlock)]


def test_first_advert_follows_the_second_paragraph():
    assert positions(place(paragraphs(200, 200, 200), [TEA], slug="a")) == [2]


def test_short_story_has_none():
    assert positions(place(paragraphs(80, 80, 80), [TEA], slug="a")) == []


def test_next_advert_keeps_its_distance():
    placed = place(paragraphs(*[100] * 10), [TEA, BOOTS, MAPS], slug="a")
    assert positions(placed) == [2, 6, 10]


def test_quote_pushes_an_advert_to_the_next_two_paragraphs():
    one, two, three, four = paragraphs(100, 100, 100, 100)
    quote = Quote(9, prose(20), "Ada")
    placed = place([one, two, quote, three, four], [TEA], slug="a")
    assert positions(placed) == [4]


def test_story_that_ends_after_the_second_paragraph_has_none():
    assert positions(place(paragraphs(900, 900), [TEA], slug="a")) == []


def test_no_running_advert_leaves_the_story_alone():
    story = paragraphs(*[100] * 10)
    assert place(story, [], slug="a") == story
    assert place(story, [Advert("paused", weight=0)], slug="a") == story


def test_advert_is_not_repeated_in_a_story():
    placed = place(paragraphs(*[100] * 50), [TEA, BOOTS], slug="a")
    assert len(positions(placed)) == 2
    assert {block.advert for block in placed if isinstance(block, AdvertBlock)} == {TEA, BOOTS}


def test_writer_who_marks_a_place_decides_it():
    story = paragraphs(*[100] * 6)
    marked = [*story[:4], AdvertSlot(9), *story[4:]]
    placed = place(marked, [TEA, BOOTS], slug="a")
    assert positions(placed) == [4]
    assert story_of(placed) == story


def test_mark_beside_a_quote_is_not_obeyed():
    one, two, three, four = paragraphs(100, 100, 100, 100)
    marked = [one, two, AdvertSlot(8), Quote(9, prose(20), "Ada"), three, four]
    placed = place(marked, [TEA], slug="a")
    assert positions(placed) == []
    assert not any(isinstance(block, AdvertSlot) for block in placed)


def test_choice_is_the_same_for_every_reader_and_follows_the_weights():
    adverts = [Advert("light", 1), Advert("heavy", 3)]
    chosen = Counter(choose(adverts, f"story-{number} 0").slug for number in range(2000))
    assert chosen == Counter(choose(adverts[::-1], f"story-{n} 0").slug for n in range(2000))
    assert 0.7 < chosen["heavy"] / 2000 < 0.8


def test_advert_that_ends_leaves_the_other_places_as_they_were():
    for number in range(200):
        before = choose([TEA, BOOTS, MAPS], f"{number}")
        if before is not MAPS:
            assert choose([TEA, BOOTS], f"{number}") is before


BLOCKS = st.one_of(
    st.builds(Paragraph, st.just(1), st.integers(1, 300).map(prose)),
    st.builds(Paragraph, st.just(1), st.integers(1, 300).map(prose)),
    st.builds(Quote, st.just(1), st.integers(1, 60).map(prose), st.just("Ada")),
    st.builds(Heading, st.just(1), st.just(2), st.just(prose(3))),
    st.builds(ListBlock, st.just(1), st.just(prose(20))),
    st.just(LeaderboardBlock(1, "longest-spaceflight")),
    st.just(AdvertSlot(1)),
)


@given(st.lists(BLOCKS, max_size=40), st.lists(st.integers(0, 5), max_size=6))
def test_adverts_stand_only_where_the_rule_allows(blocks, weights):
    adverts = [Advert(f"advert-{number}", weight) for number, weight in enumerate(weights)]
    placed = place(blocks, adverts, slug="a-story")
    story = [block for block in blocks if not isinstance(block, AdvertSlot)]
    found = positions(placed)

    assert story_of(placed) == story
    assert len(found) <= sum(block.words for block in story) // ADVERT_EVERY_WORDS
    assert len(found) <= len([weight for weight in weights if weight])
    for number in found:
        assert isinstance(placed[number - 1], Paragraph)
        assert isinstance(placed[number + 1], Paragraph)
        assert sum(isinstance(block, Paragraph) for block in placed[:number]) >= 2
    for first, second in pairwise(found):
        assert sum(block.words for block in placed[first:second]) >= ADVERT_EVERY_WORDS
    if any(isinstance(block, AdvertSlot) for block in blocks):
        marked = {
            len([block for block in blocks[:place] if not isinstance(block, AdvertSlot)])
            for place, block in enumerate(blocks)
            if isinstance(block, AdvertSlot)
        }
        assert set(places(blocks, every=ADVERT_EVERY_WORDS)) <= marked


@given(st.lists(BLOCKS, max_size=40))
def test_story_is_the_same_on_every_request(blocks):
    adverts = [TEA, BOOTS, MAPS]
    assert place(blocks, adverts, slug="a") == place(blocks, adverts[::-1], slug="a")


@given(st.lists(st.sampled_from(["One.", "It is this:", "It is this: ", "Этого："]), min_size=3))
def test_nothing_stands_between_an_announcement_and_what_it_announces(texts):
    blocks = [Paragraph(line, Html(f"{prose(300)} {text}")) for line, text in enumerate(texts, 1)]
    placed = place(blocks, [TEA, BOOTS, MAPS], slug="a")
    for before, after in pairwise(placed):
        if isinstance(after, AdvertBlock):
            assert before.html.endswith("One.")
