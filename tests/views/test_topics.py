"""/topics/: subjects and their stories."""

import pytest

from tests.factories import (
    make_article,
    make_astronaut,
    make_author,
    make_leaderboard,
    make_topic,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_newsroom")]


def text_of(response):
    return response.content.decode()


def test_topics_are_listed_with_the_number_of_public_stories(client):
    space = make_topic("space", name="Space", description="All of it.")
    make_article(topics=[make_topic("moon", name="Moon")], state="withdrawn")
    make_article(topics=[space])
    make_article(topics=[space], state="scheduled", published_at="2020-01-01")
    make_article(topics=[space], state="draft")
    make_article(topics=[space], state="scheduled", published_at="2199-01-01")
    text = text_of(client.get("/topics/"))
    assert text.index(">Moon<") < text.index("no stories now")
    assert text.index(">Space<") < text.index("2 stories") < text.index("All of it.")


def test_one_story_is_one_story(client):
    make_article(topics=[make_topic("space")])
    assert "1 story<" in text_of(client.get("/topics/"))
    assert "1 story<" in text_of(client.get("/topics/space/"))


def test_site_without_topics_says_so(client):
    assert "No topics yet" in text_of(client.get("/topics/"))


def test_topic_shows_its_public_stories_and_what_they_are_about(client):
    space = make_topic("space", description="All of it.")
    ann = make_astronaut("Ann Abel")
    bo = make_astronaut("Bo Baker")
    board = make_leaderboard("longest", title="Longest flight")
    make_article(headline="Seen", topics=[space], astronauts=[ann], leaderboards=[board])
    make_article(headline="Seen too", topics=[space], astronauts=[ann, bo])
    make_article(
        headline="Hidden",
        topics=[space],
        state="draft",
        astronauts=[make_astronaut("Cy Secret")],
        leaderboards=[make_leaderboard("secret")],
    )
    make_article(headline="Elsewhere", topics=[make_topic("moon")])
    text = text_of(client.get("/topics/space/"))
    assert "All of it." in text
    assert "2 stories" in text
    assert "Hidden" not in text
    assert "Elsewhere" not in text
    assert text.count('href="/records/longest/"') == 1
    assert text.count('href="/astronauts/ann-abel/"') == 1
    assert text.index("Ann Abel") < text.index("Bo Baker")
    assert "Secret" not in text
    assert "/records/secret/" not in text


def test_person_most_stories_are_about_comes_first(client):
    space = make_topic("space")
    bo = make_astronaut("Bo Baker")
    make_article(topics=[space], astronauts=[bo, make_astronaut("Ann Abel")])
    make_article(topics=[space], astronauts=[bo])
    text = text_of(client.get("/topics/space/"))
    assert text.index("Bo Baker") < text.index("Ann Abel")


def test_topic_without_stories_says_so(client):
    make_article(topics=[make_topic("space")], state="withdrawn")
    response = client.get("/topics/space/")
    assert response.status_code == 200
    assert "There is no story on this topic now" in text_of(response)


def test_unknown_topic_is_a_404_with_words(client):
    response = client.get("/topics/nowhere/")
    assert response.status_code == 404
    assert "There is no topic “nowhere”" in text_of(response)


def test_topics_take_two_queries_however_many(client, django_assert_num_queries):
    for number in range(30):
        make_article(topics=[make_topic(f"topic-of-{number}")])
    with django_assert_num_queries(2):
        client.get("/topics/")


def test_topic_takes_few_queries_however_many_stories(client, django_assert_max_num_queries):
    space = make_topic("space")
    people = [make_astronaut() for _ in range(30)]
    boards = [make_leaderboard() for _ in range(5)]
    for number in range(30):
        make_article(
            topics=[space],
            primary_topic=make_topic(f"topic-of-{number}"),
            astronauts=people,
            leaderboards=boards,
        )
    with django_assert_max_num_queries(6):
        text = text_of(client.get("/topics/space/"))
    assert text.count("story__headline") == 20
    assert text.count('href="/astronauts/') == 24 + text.count('href="/astronauts/"')


STATES = {
    "draft": {"state": "draft", "published_at": None},
    "in review": {"state": "in_review", "published_at": None},
    "scheduled": {"state": "scheduled", "published_at": "2090-01-01"},
    "withdrawn before it appeared": {"state": "withdrawn", "published_at": "2090-01-01"},
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_topic_and_author_of_hidden_stories_alone_are_hidden_too(state, client):
    topic, author = make_topic("a-secret"), make_author("a-ghost")
    make_article(topics=[topic], primary_topic=topic, authors=[author], **state)
    assert client.get("/topics/a-secret/").status_code == 404
    assert client.get("/topics/A-Secret/").status_code == 404
    assert client.get("/authors/a-ghost/").status_code == 404
    assert client.get("/authors/A-GHOST/").status_code == 404
    assert "A secret" not in client.get("/topics/").content.decode()


def test_topic_and_author_stay_when_their_only_story_is_withdrawn(client):
    topic, author = make_topic("was-there"), make_author("was-here")
    make_article(topics=[topic], authors=[author], state="withdrawn")
    assert client.get("/topics/was-there/").status_code == 200
    assert client.get("/authors/was-here/").status_code == 200
