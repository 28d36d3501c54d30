"""What the commands that read and write facts have in common."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError


class FactsCommand(BaseCommand):
    """A command that says in one line that the database is not ready, instead of a traceback."""

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"The database cannot be used: {reason}. Has `manage.py migrate` been run?"
            ) from error
