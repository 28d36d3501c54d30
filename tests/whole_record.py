"""The whole demo site in the test database: loaded once, and put back after a flush.

Loading every fixture takes seconds, which no test should pay twice. Tests that only roll back never
disturb the rows. Tests that commit end with a flush, and a flush ends with the `post_migrate`
signal: that is where the kept copy is put back, in a fraction of a second.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from records.facts import fixtures
from records.models import FormerAddress, SpacewalkCrew

#: Whose rows the triggers do not let go of others: a spacewalk keeps the stations that the ships of
#: its crew visited, a former address its story. They are deleted first.
HOLDING = (SpacewalkCrew, FormerAddress)


def is_kept(images: Path | None) -> bool:
    """Whether the folder holds the loaded SQLite database, so that nothing need be migrated."""
    return connection.vendor == "sqlite" and bool(images) and _image(images).exists()


def load(images: Path | None):
    """Load the site into the new test database and keep it there from now on.

    On SQLite the loaded database is also kept in the folder, for the workers that run beside this
    one and for the next run on the same schema and fixtures.
    """
    if connection.vendor == "sqlite":
        # The copy is put back over every table: no row need be deleted before, which a trigger
        # might refuse. Said of the class, since tests under Playwright's event loop get another
        # connection from Django than all others.
        type(connection.ops).execute_sql_flush = lambda operations, statements: None
    restore = {"sqlite": _keep_sqlite, "postgresql": _keep_postgresql}[connection.vendor](images)

    def put_back(**_):
        restore()
        ContentType.objects.clear_cache()

    post_migrate.connect(put_back, dispatch_uid="the whole record", weak=False)


def empty(*models):
    """Delete every row of these models, or of all, as fast as the database can."""
    every = apps.get_app_config("records").get_models(include_auto_created=True)
    # Foreign keys are checked at the end, whatever is deleted first.
    ordered = sorted(models or every, key=lambda model: model not in HOLDING)
    with transaction.atomic():
        for model in ordered:
            model._base_manager.all()._raw_delete(connection.alias)


def _keep_sqlite(images):
    connection.ensure_connection()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    image = _image(images) if images else None
    if image and image.exists():
        source = sqlite3.connect(image)
        source.backup(kept)
        source.close()
        kept.backup(connection.connection)
    else:
        fixtures.load(*fixtures.SITE)
        connection.connection.backup(kept)
        if image:
            for old in set(images.glob("*.sqlite3")) - {image}:
                old.unlink(missing_ok=True)
            new = image.with_suffix(f".{os.getpid()}")
            copy = sqlite3.connect(new)
            kept.backup(copy)
            copy.close()
            new.replace(image)
    return lambda: kept.backup(connection.connection)


def _image(images: Path) -> Path:
    """Where the loaded database is kept; its name tells all that it depends on."""
    app = Path(fixtures.__file__).parents[1]
    digest = hashlib.sha256(f"{django.VERSION} {settings.INSTALLED_APPS}".encode())
    for path in (
        *sorted(app.glob("migrations/*.py")),
        *sorted(app.glob("models/*.py")),
        Path(fixtures.__file__),
        *map(fixtures.path_of, fixtures.SITE),
    ):
        digest.update(path.read_bytes())
    return images / f"{digest.hexdigest()[:20]}.sqlite3"


def _keep_postgresql(images):
    fixtures.load(*fixtures.SITE)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name LIKE 'records\\_%'
                AND is_generated = 'NEVER'
            GROUP BY table_name
            """
        )
        tables = dict(cursor.fetchall())
        cursor.execute("CREATE SCHEMA kept")
        for table in tables:
            cursor.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")

    def restore():
        with transaction.atomic(), connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE public.{table} DISABLE TRIGGER USER")
                cursor.execute(f"DELETE FROM public.{table}")
            for table, columns in tables.items():
                cursor.execute(
                    f"INSERT INTO public.{table} ({columns}) SELECT {columns} FROM kept.{table}"
                )
            # Foreign keys are checked at the end of a transaction, and a table that waits for that
            # cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"ALTER TABLE public.{table} ENABLE TRIGGER USER")

    return restore
