import pytest
from django.contrib.auth import get_user_model

from records import models
from tests import whole_record
from tests.browsers import sign_in


@pytest.fixture
def few_facts(db):
    """The site as it is, but that nobody has flown: each save of a fact compares boards on which
    only those stand whom the test makes."""
    whole_record.empty(
        models.Astronaut,
        models.Mission,
        models.Mission.stations.through,
        models.Flight,
        models.Spacewalk,
        models.SpacewalkCrew,
        models.SpacewalkGap,
        models.SurfaceStay,
        models.Citation,
        models.Disagreement,
        models.ReportedValue,
        *(models.Reference, models.Article, models.Authorship, models.Correction),
        *(models.Decision, models.PendingVersion, models.ReviewNote, models.ArticleRevision),
        *(field.remote_field.through for field in models.Article._meta.many_to_many),
    )


@pytest.fixture
def steward(db):
    return get_user_model().objects.create_superuser("grace", password="a password")


@pytest.fixture
def desk(client, steward):
    """A browser in which somebody who may do everything is logged in."""
    client.force_login(steward)
    return client


# In a browser


@pytest.fixture
def grace():
    return get_user_model().objects.create_superuser("grace", password="a password")


@pytest.fixture
def complaints(page):
    """What the browser complains of; a broken policy among it."""
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: said.append(message.text) if message.type == "error" else None,
    )
    return said


@pytest.fixture
def newsroom(live_server, page, grace, complaints):
    sign_in(page.context, live_server, grace)
    return f"{live_server.url}/admin/records"
