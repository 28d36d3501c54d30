"""How a search and other sites show a story."""

import re

import pytest

from records.models import PendingVersion, roles
from tests import factories as make
from tests.admin.pages import complaints, typed, url
from tests.admin.test_roles import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

WORDS = {
    "search_title": "For searches",
    "search_description": "What searches say.",
    "social_title": "For cards",
    "social_text": "What cards say.",
}


def said(page):
    """What the form's preview says: search title and text, card title and text."""
    return re.findall(r'data-most="\d+">(.*?)</p>', page.content.decode())


def test_headline_and_standfirst_stand_in_for_what_is_empty(desk):
    story = make.make_article(headline="Long", short_headline="Short", standfirst="Stands\nfirst.")
    instead = ["Long", "Stands first.", "Short", "Stands first."]
    assert said(desk.get(url("change", story))) == instead
    page = desk.get(story.get_absolute_url()).content.decode()
    assert "<title>Long – " in page
    assert '<meta name="description" content="Stands first.">' in page
    assert '<meta property="og:title" content="Short">' in page
    assert '<meta property="og:description" content="Stands first.">' in page


def test_what_is_typed_is_kept_as_changes_and_shown_when_they_are_published(client, desk):
    story = make.make_article()
    response = desk.post(url("change", story), typed(desk.get(url("change", story))) | WORDS)
    assert response.status_code == 302, complaints(response)
    assert PendingVersion.objects.get(article=story).changed == WORDS
    page = desk.get(url("change", story))
    assert said(page) == list(WORDS.values())
    assert "For searches" not in client.get(story.get_absolute_url()).content.decode()
    desk.post(url("change", story), typed(page) | {"_publish": "1", "when": "now"})
    page = client.get(story.get_absolute_url()).content.decode()
    assert "<title>For searches – " in page
    assert '<meta name="description" content="What searches say.">' in page
    assert '<meta property="og:title" content="For cards">' in page
    assert '<meta property="og:description" content="What cards say.">' in page
    assert f"<h1>{story.headline}</h1>" in page


def test_a_writer_says_it_of_her_own_story():
    ann = account(roles.WRITER, "ann")
    story = make.make_article(state="draft", published_at=None, created_by=ann)
    writer = signed_in(ann)
    image = make.make_image()
    values = typed(writer.get(url("change", story))) | WORDS | {"lead_image": str(image.pk)}
    assert writer.post(url("change", story), values).status_code == 302
    story.refresh_from_db()
    assert {name: getattr(story, name) for name in WORDS} == WORDS
    assert story.lead_image == image
    page = writer.get(url("change", story)).content.decode()
    assert f'<img src="{image.card}"' in page


def test_what_is_too_long_is_told_and_nothing_is_cut(desk):
    story = make.make_article(state="draft", published_at=None)
    values = typed(desk.get(url("change", story))) | {"search_title": "long " * 40}
    response = desk.post(url("change", story), values)
    assert list(response.context_data["adminform"].form.errors) == ["search_title"]
    assert typed(response)["search_title"] == values["search_title"]
