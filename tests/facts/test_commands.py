"""The commands on a database that is not ready."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection


@pytest.mark.parametrize("command", ["check_facts", "dump_fixtures", "load_site"])
def test_database_without_tables_is_one_clear_line(db, command):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_country RENAME TO elsewhere")
    with pytest.raises(CommandError, match=r"The database cannot be used: .*migrate") as caught:
        call_command(command)
    assert "\n" not in str(caught.value)
