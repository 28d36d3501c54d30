from datetime import UTC, datetime

import pytest
from django.db import connection

from records.models import Advert, Article, Author, Authorship, Correction, Reference, Topic


@pytest.fixture(autouse=True)
def clock_that_stands(clock):
    """What a test asks twice is asked in one minute: the clock stands where its test began."""
    clock(datetime.now(UTC))


@pytest.fixture
def empty_newsroom(db):
    """The demo site without its stories, topics, authors and adverts."""
    links = [field.remote_field.through for field in Article._meta.many_to_many]
    for model in (*links, Reference, Authorship, Correction, Article, Author, Topic, Advert):
        model._base_manager.all()._raw_delete(connection.alias)
