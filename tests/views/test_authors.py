"""/authors/<slug>/: who wrote what."""

import pytest

from tests.factories import make_article, make_author, make_topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_newsroom")]


def text_of(response):
    return response.content.decode()


def test_author_page_tells_who_they_are_and_what_the_public_may_read(client):
    ada = make_author("ada", name="Ada Vega", role="Reporter", bio="Writes.\n\nReads <b>too</b>.")
    make_article(headline="Seen", authors=[ada])
    make_article(headline="Seen too", authors=[make_author("bo"), ada])
    make_article(headline="Hidden", authors=[ada], state="draft")
    make_article(headline="Future", authors=[ada], state="scheduled", published_at="2199-01-01")
    make_article(headline="Elsewhere", authors=[make_author("cy")])
    text = text_of(client.get("/authors/ada/"))
    assert "<h1>Ada Vega</h1>" in text
    assert "Reporter" in text
    assert "<p>Writes.</p>" in text
    assert "Reads &lt;b&gt;too&lt;/b&gt;." in text
    assert "2 stories" in text
    assert "Seen too" in text
    for headline in ("Hidden", "Future", "Elsewhere"):
        assert headline not in text


def test_author_without_stories_says_so(client):
    make_article(authors=[make_author("ada")], state="withdrawn")
    response = client.get("/authors/ada/")
    assert response.status_code == 200
    assert "There is no story by this author now" in text_of(response)


def test_unknown_author_is_a_404_with_words(client):
    response = client.get("/authors/nobody/")
    assert response.status_code == 404
    assert "There is no author “nobody”" in text_of(response)


def test_author_takes_few_queries_however_many_stories(client, django_assert_max_num_queries):
    ada = make_author("ada")
    for number in range(30):
        make_article(authors=[ada], primary_topic=make_topic(f"topic-of-{number}"))
    with django_assert_max_num_queries(4):
        text = text_of(client.get("/authors/ada/"))
    assert text.count("story__headline") == 20
