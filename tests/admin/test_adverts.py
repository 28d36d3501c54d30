"""Adverts in the newsroom."""

import pytest

from records.models import Advert
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

BODY = "\n\n".join([" ".join(["word"] * 100)] * 6)


def test_form_says_in_which_stories_an_advert_falls_and_where(desk):
    Advert.objects.all().delete()
    advert = make.make_advert()
    make.make_article("a-story", headline="A long story", body=BODY)
    page = desk.get(url("change", advert)).content.decode()
    assert '<a href="/news/a-story/">A long story</a>, after paragraph 2' in page
    Advert.objects.update(weight=0)
    assert "Nowhere: it is not running now." in desk.get(url("change", advert)).content.decode()


@pytest.mark.parametrize(
    ("typed_in", "words"),
    [
        (
            {"starts_at": "2024-02-02 00:00:00", "ends_at": "2024-02-01 00:00:00"},
            "must end after it starts",
        ),
        ({"link": "javascript:alert(1)"}, "valid URL"),
        ({"link": "https://example.org/", "link_text": ""}, "what the link leads to"),
        ({"weight": "-1"}, "greater than or equal to 0"),
    ],
)
def test_advert_that_cannot_run_is_refused_in_words(desk, typed_in, words):
    advert = make.make_advert()
    response = desk.post(url("change", advert), typed(desk.get(url("change", advert))) | typed_in)
    assert response.status_code == 200
    assert words in complaints(response)
