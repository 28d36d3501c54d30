import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests import whole_record


@pytest.fixture
def steward(db):
    return get_user_model().objects.create_superuser("grace", password="a password")


@pytest.fixture
def desk(client, steward):
    """A browser in which somebody who may do everything is logged in."""
    client.force_login(steward)
    return client


@pytest.fixture
def shared_database(request, tmp_path, monkeypatch):
    """A database that threads may write at once; SQLite's is a copy in a file."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("transactional_db")
    else:
        request.getfixturevalue("db")
        whole_record.write_copy(tmp_path / "shared.sqlite3")
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "shared.sqlite3"))
