"""Long lists of the newsroom and the data desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records import models
from tests import factories as make
from tests.admin.pages import WITH_PAGE, url

pytestmark = pytest.mark.django_db


def test_long_lists_cost_few_queries(desk):
    make_long_lists()
    desk.get("/admin/")
    costs = {}
    for model in WITH_PAGE:
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(url("changelist", model))
        assert page.context_data["cl"].result_list
        costs[model.__name__] = len(queries)
    assert {name: cost for name, cost in costs.items() if cost > 12} == {}


def make_long_lists():
    """A hundred more of what the demo site has few of, each with relations of its own."""
    numbers = range(100)
    flights = list(models.Flight.objects.order_by("-pk")[:100])
    for make_one in (make.make_author, make.make_topic):
        for _ in numbers:
            make_one()
    authors, topics = models.Author.objects.all()[:100], models.Topic.objects.all()[:100]
    for author, topic in zip(authors, topics, strict=True):
        article = make.make_article(authors=[author], topics=[topic], primary_topic=topic)
        make.make_correction(article)
        make.make_source()
        make.make_advert()
        make.make_article(lead_image=make.make_image())
    for number, flight in enumerate(flights):
        make.make_confirmation(f"2000-01-01T{number // 60:02d}:{number % 60:02d}")
        make.make_leaderboard(country=flight.nationality, agency=flight.agency)
