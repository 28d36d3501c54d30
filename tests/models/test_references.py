"""What stories name is known, however it was written, and whether it is there or not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.body.parse import parse
from records.body.references import KINDS, named_in
from records.models import Article, Reference
from records.models.references import missing_from
from tests import factories as make

pytestmark = pytest.mark.django_db

BODY = """One [name](/astronauts/ann-zell/), [another](/missions/a-ship/?at=2020).

::: leaderboard slug="a-board"
:::

::: record astronaut="bo-lind" leaderboard="b-board"
:::

::: figure of="flights" flights="cy-dorn/c-ship di-ember/d-ship"
:::

[Steps](/records/c-board/progression/), [file](/records/d-board.json), [Mir](/stations/mir/#x),
[a state](/countries/usa/), [two](/compare/?a=ed-fox&b=flo-gray), [topic](/topics/moon/),
[elsewhere](https://example.org/astronauts/nobody/), [a year](/news/2023/), [list](/records/).
"""
NAMED = {
    ("astronaut", "ann-zell"),
    ("mission", "a-ship"),
    ("leaderboard", "a-board"),
    ("astronaut", "bo-lind"),
    ("leaderboard", "b-board"),
    ("astronaut", "cy-dorn"),
    ("mission", "c-ship"),
    ("astronaut", "di-ember"),
    ("mission", "d-ship"),
    ("leaderboard", "c-board"),
    ("leaderboard", "d-board"),
    ("station", "mir"),
    ("country", "USA"),
    ("astronaut", "ed-fox"),
    ("astronaut", "flo-gray"),
    ("topic", "moon"),
}


def kept(article):
    return set(Reference.objects.filter(article=article).values_list("kind", "slug"))


def test_blocks_and_links_are_references():
    body = parse(BODY)
    assert body.problems == ()
    assert {(one.kind, one.slug) for one in named_in(body)} == NAMED
    assert {one.line for one in named_in(body) if one.slug == "a-board"} == {3}


def test_address_of_this_site_in_full_is_one_of_its_own():
    body = parse("[x](https://apogee.example/missions/a-ship/)")
    assert [one.slug for one in named_in(body, site="https://apogee.example")] == ["a-ship"]
    assert named_in(body, site="https://apogee.exam") == []


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_looked_through(text):
    for one in named_in(parse(text)):
        assert one.kind in KINDS.values()


def test_every_way_of_writing_a_story_writes_what_it_names():
    one = '::: leaderboard slug="one"\n:::'
    article = make.make_article(body=BODY, lead_figure='figure of="career" astronaut="gus-hall"')
    assert kept(article) == NAMED | {("astronaut", "gus-hall")}
    Article.objects.filter(pk=article.pk).update(body=one, lead_figure="")
    assert kept(article) == {("leaderboard", "one")}
    article.refresh_from_db()
    article.body = one.replace("one", "two")
    article.save()
    assert kept(article) == {("leaderboard", "two")}
    article.body = one
    Article.objects.bulk_update([article], ["body"])
    assert kept(article) == {("leaderboard", "one")}
    article.body = "One."
    article.save_base(raw=True)  # As a fixture is loaded.
    assert kept(article) == set()
    made = Article.objects.bulk_create(
        [Article(slug="bulk", headline="In bulk", standfirst="S.", body=one)]
    )
    assert kept(made[0]) == {("leaderboard", "one")}


def test_what_is_being_changed_of_a_story_counts_as_well():
    article = make.make_article(body="One.")
    pending = make.make_pending_version(
        article=article,
        content={"body": '::: leaderboard slug="new"\n:::', "missions": ["a-ship"]},
        base={"body": "One."},
    )
    assert kept(article) == {("leaderboard", "new"), ("mission", "a-ship")}
    pending.delete()
    assert kept(article) == set()


def test_stories_are_found_by_what_they_name_now_or_named_it_before():
    board, other = make.make_leaderboard("board"), make.make_leaderboard("other")
    texts = make.make_article(body='::: leaderboard slug="board"\n:::')
    about = make.make_article(leaderboards=[board])
    make.make_article(body='::: leaderboard slug="other"\n:::')
    type(board).objects.filter(pk=board.pk).update(slug="renamed")
    assert set(Article.objects.naming([board])) == {texts, about}
    # What takes the old name is what the text names from then on.
    type(other).objects.filter(pk=other.pk).update(slug="board")
    assert set(Article.objects.naming([board])) == {about}


def test_what_is_not_there_is_told_with_its_line():
    make.make_leaderboard("a-board")
    words = [
        str(problem)
        for problem in missing_from(
            parse(
                "[x](/missions/no-ship/)\n\n"
                '::: leaderboard slug="a-board"\n:::\n\n::: record astronaut="nobody" '
                'leaderboard="no-board"\n:::'
            )
        )
    ]
    assert sorted(words) == [
        "line 1: there is no mission “no-ship”.",
        "line 6: there is no astronaut “nobody”.",
        "line 6: there is no leaderboard “no-board”.",
    ]


def test_every_reference_of_the_shipped_stories_is_there(site):
    assert Reference.objects.count() > 100
    assert [article.slug for article in Article.objects.all() if article.broken()] == []


def test_broken_reference_keeps_nobody_from_correcting_or_withdrawing():
    make.make_leaderboard("board")
    article = make.make_article(body='One.\n\n::: leaderboard slug="board"\n:::')
    type(article).leaderboards.rel.model.objects.filter(slug="board").delete()
    article.refresh_from_db()
    assert [str(one) for one in article.broken()] == ["line 3: there is no leaderboard “board”."]
    article.headline = "A better headline"
    article.full_clean()
    article.save()
    article.body += '\n\n::: leaderboard slug="another"\n:::'
    assert article.problems() == {"body": ["line 6: there is no leaderboard “another”."]}
    article.state = "withdrawn"
    article.full_clean()
