import sqlite3

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import connection

SAFE_WAL = (3, 51, 3)


@register(Tags.compatibility)
def sqlite_is_safe_for_several_writers(app_configs, **kwargs):
    if (
        connection.vendor == "sqlite"
        and settings.WEB_CONCURRENCY > 1
        and sqlite3.sqlite_version_info < SAFE_WAL
    ):
        return [
            Warning(
                f"SQLite {sqlite3.sqlite_version} can, rarely, corrupt a database that several "
                "processes write.",
                hint=(
                    "Set WEB_CONCURRENCY=1, use SQLite 3.51.3 or newer, or set DATABASE_URL to "
                    "PostgreSQL."
                ),
                id="spacesite.W001",
            )
        ]
    return []
