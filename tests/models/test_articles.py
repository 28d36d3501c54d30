"""What an editor is told on saving a story."""

import pytest
from django.core.exceptions import ValidationError

from records.models import Article
from tests.factories import instant, make_leaderboard

pytestmark = pytest.mark.django_db


def errors_of(**fields):
    article = Article(
        **{
            "slug": "a-story",
            "headline": "A story",
            "standfirst": "In a sentence.",
            "body": "In a paragraph.",
            **fields,
        }
    )
    try:
        article.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_sound_story_is_accepted():
    assert errors_of() == {}
    assert errors_of(state="published", published_at=instant("2020-01-01")) == {}
    assert errors_of(state="scheduled", published_at=instant("2199-01-01")) == {}


def test_problems_of_the_body_are_told_with_their_lines_beside_the_body():
    body = 'Fine.\n\n<b>Not fine</b>\n\n::: leaderboard slug="nowhere"\n:::'
    assert errors_of(body=body, state="in_review") == {
        "body": ["line 3: HTML is not accepted.", "line 5: there is no leaderboard “nowhere”."]
    }
    assert errors_of(body=body, state="draft") == {}, "a draft may be unfinished"


def test_leaderboard_that_there_is_may_be_shown():
    make_leaderboard("longest")
    assert errors_of(body='::: leaderboard slug="longest"\n:::') == {}


def test_slug_that_is_a_year_is_refused():
    assert "year's archive" in errors_of(slug="2023")["slug"][0]
    assert errors_of(slug="2023-in-space") == {}


@pytest.mark.parametrize("state", ["scheduled", "published"])
def test_released_story_needs_its_time(state):
    assert "Say when it appears." in errors_of(state=state)["published_at"]


def test_story_of_the_future_is_scheduled_not_published():
    assert (
        "choose “scheduled”"
        in errors_of(state="published", published_at=instant("2199-01-01"))["state"][0]
    )


def test_half_filled_form_is_told_what_is_missing_and_no_more():
    with pytest.raises(ValidationError) as caught:
        Article(state="published", body=None, slug=None).full_clean()
    assert {"headline", "standfirst", "body", "slug", "published_at"} <= set(
        caught.value.message_dict
    )


def test_everything_wrong_is_told_at_once():
    assert set(errors_of(state="published", slug="2023", body="<b>")) >= {
        "published_at",
        "slug",
        "body",
    }
