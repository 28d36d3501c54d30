import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Article, Correction
from tests import factories as make
from tests.admin.pages import add_row, complaints, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def test_byline_keeps_its_order(desk):
    first, second = make.make_author(), make.make_author()
    values = typed(desk.get(url("add", Article))) | {
        "headline": "A headline",
        "slug": "a-headline",
        "standfirst": "What happened.",
        "body": "A paragraph.",
        "state": "draft",
    }
    add_row(values, "byline", author=str(second.pk), position="2")
    add_row(values, "byline", author=str(first.pk), position="1")
    response = desk.post(url("add", Article), values)
    assert response.status_code == 302, complaints(response)
    byline = Article.objects.get(slug="a-headline").byline.all()
    assert [row.author for row in byline] == [first, second]


def test_corrections_are_amended_and_never_deleted(desk):
    correction = make.make_correction(make.make_article())
    article = correction.article
    values = typed(desk.get(url("change", article)))
    values |= {"corrections-0-right": "Two days after.", "corrections-0-DELETE": "on"}
    response = desk.post(url("change", article), values)
    assert response.status_code == 302, complaints(response)
    correction.refresh_from_db()
    assert correction.right == "Two days after."
    assert desk.post(url("delete", correction), {"post": "yes"}).status_code == 403
    assert desk.post(url("delete", article), {"post": "yes"}).status_code in (200, 403)
    sent = {"action": "delete_selected", "_selected_action": [str(correction.pk)], "post": "yes"}
    desk.post(url("changelist", Correction), sent)
    assert Correction.objects.filter(pk=correction.pk).exists()


def test_correction_stays_with_its_article(desk):
    correction = make.make_correction(make.make_article())
    values = typed(desk.get(url("change", correction)))
    other = make.make_article()
    desk.post(url("change", correction), values | {"article": str(other.pk)})
    correction.refresh_from_db()
    assert correction.article != other


def test_only_what_the_public_sees_is_linked_to(desk):
    draft = make.make_article(state="draft", published_at=None)
    assert not desk.get(url("change", draft)).context_data["has_absolute_url"]
    public = make.make_article()
    page = desk.get(url("change", public))
    assert page.context_data["absolute_url"] == public.get_absolute_url()


def test_address_of_a_draft_may_still_change(desk):
    draft = make.make_article(state="draft", published_at=None)
    values = typed(desk.get(url("change", draft))) | {"slug": "better"}
    assert desk.post(url("change", draft), values).status_code == 302
    draft.refresh_from_db()
    assert draft.slug == "better"


def test_typed_address_is_still_there_when_publishing_fails(desk):
    draft = make.make_article(state="draft", published_at=None)
    values = typed(desk.get(url("change", draft))) | {"slug": "better", "state": "published"}
    response = desk.post(url("change", draft), values)
    assert "Say when it appears." in complaints(response)
    assert typed(response)["slug"] == "better"


def test_page_of_a_long_story_costs_few_queries(desk):
    article = make.make_article(
        authors=[make.make_author() for _ in range(5)],
        topics=[make.make_topic() for _ in range(5)],
        astronauts=[make.make_astronaut() for _ in range(9)],
        missions=[make.make_mission() for _ in range(5)],
        leaderboards=[make.make_leaderboard() for _ in range(5)],
        related=[make.make_article() for _ in range(3)],
    )
    for day in range(1, 6):
        make.make_correction(article, made_at=f"2020-03-0{day}T10:00")
    desk.get(url("change", article))
    with CaptureQueriesContext(connection) as queries:
        desk.get(url("change", article))
    assert len(queries) <= 23


def test_story_that_was_public_is_not_deleted(desk):
    public, draft = make.make_article(), make.make_article(state="draft")
    assert desk.get(url("delete", public)).status_code == 403
    Article.objects.filter(pk=public.pk).update(state="draft")
    assert desk.post(url("delete", public), {"post": "yes"}).status_code == 403
    assert desk.post(url("delete", draft), {"post": "yes"}).status_code == 302
    assert Article.objects.filter(pk=public.pk).exists()
