"""The demo site's own stories, as readers find them."""

import html5lib
import pytest

from records.ledger import Ledger
from records.models import Article, Author, Topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

SEED = "/news/frank-rubio-returns-after-371-days/"


def test_every_story_topic_and_author_is_a_page(client):
    addresses = [
        *(article.get_absolute_url() for article in Article.objects.all()),
        *(topic.get_absolute_url() for topic in Topic.objects.all()),
        *(f"/authors/{author.slug}/" for author in Author.objects.all()),
        "/news/",
        "/topics/",
        "/news/2023/",
        "/news/2023/09/",
    ]
    assert len(addresses) > 25
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        html5lib.HTMLParser(strict=True).parse(response.content.decode())


def test_every_story_passes_the_check_it_gets_on_saving():
    for article in Article.objects.all():
        article.full_clean()


def test_seed_story_has_all_its_parts(client):
    text = client.get(SEED).content.decode()
    for part in (
        "<h1>Frank Rubio",
        'class="standfirst"',
        'rel="author"',
        'class="quote"',
        "Bill Nelson",
        "NASA Administrator",
        'class="advert"',
        'standings--compact"',
        "370 d",
        'href="/topics/nasa/"',
        'href="/topics/international-space-station/"',
        'href="/astronauts/frank-rubio/"',
        'href="/missions/soyuz-ms-22/"',
        'href="/missions/soyuz-ms-23/"',
        'href="/records/longest-spaceflight-americans/"',
        "Related stories",
    ):
        assert part in text, part


def test_seed_story_takes_few_queries(client, django_assert_max_num_queries):
    Ledger.current()
    with django_assert_max_num_queries(10):
        client.get(SEED)
