"""Writing what no way of writing lets in, as a program of another time may have left it."""

from django.db import connection


def smuggle(row, **columns):
    """Set columns of the row by SQL alone, with the checks of its table put aside."""
    table = row._meta.db_table
    settings = ", ".join(f'"{name}" = %s' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # A table that waits cannot be altered.
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass",
                [table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            f"UPDATE {table} SET {settings} WHERE {row._meta.pk.column} = %s",
            [*columns.values(), row.pk],
        )
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
