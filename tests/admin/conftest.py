import pytest
from django.contrib.auth import get_user_model


@pytest.fixture
def steward(db):
    return get_user_model().objects.create_superuser("grace", password="a password")


@pytest.fixture
def desk(client, steward):
    """A browser in which somebody who may do everything is logged in."""
    client.force_login(steward)
    return client
