"""The whole demo site in the test database: loaded once, and put back after a flush.

Loading every fixture takes seconds, which no test should pay twice. Tests that only roll back never
disturb the rows. Tests that commit end with a flush, and a flush ends with the `post_migrate`
signal: that is where the kept copy is put back, in a fraction of a second.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models.signals import post_migrate

from records.facts import fixtures


def load(images: Path | None):
    """Load the site into the freshly migrated test database and keep it there from now on.

    On SQLite the loaded database is also kept in the folder, for the next run with the same schema
    and fixtures.
    """
    restore = {"sqlite": _keep_sqlite, "postgresql": _keep_postgresql}[connection.vendor](images)

    def put_back(**_):
        restore()
        ContentType.objects.clear_cache()

    post_migrate.connect(put_back, dispatch_uid="the whole record", weak=False)


def write_copy(path: Path):
    """Write the loaded SQLite database to a file of its own."""
    target = sqlite3.connect(path)
    _kept.backup(target)
    target.close()


_kept: sqlite3.Connection | None = None


def _load_fixtures():
    with transaction.atomic():
        for name in fixtures.SITE:
            fixtures.load(name)


def _keep_sqlite(images):
    global _kept
    connection.ensure_connection()
    image = images / f"{_fingerprint()}.sqlite3" if images else None
    kept = _kept = sqlite3.connect(":memory:", check_same_thread=False)
    if image and image.exists():
        source = sqlite3.connect(image)
        source.backup(kept)
        source.close()
        kept.backup(connection.connection)
    else:
        _load_fixtures()
        connection.connection.backup(kept)
        if image:
            for old in images.glob("*.sqlite3"):
                old.unlink(missing_ok=True)
            new = image.with_suffix(f".{os.getpid()}")
            write_copy(new)
            new.replace(image)
    return lambda: kept.backup(connection.connection)


def _fingerprint() -> str:
    """Of everything the loaded database depends on."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        digest.update(repr(cursor.fetchall()).encode())
    for name in fixtures.SITE:
        digest.update(fixtures.path_of(name).read_bytes())
    for module in sorted(Path(fixtures.__file__).parents[1].glob("models/*.py")):
        digest.update(module.read_bytes())
    digest.update(Path(fixtures.__file__).read_bytes())
    return digest.hexdigest()[:20]


def _keep_postgresql(images):
    _load_fixtures()
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
