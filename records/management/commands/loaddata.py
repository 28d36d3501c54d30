from django.core.management import CommandError
from django.core.management.commands import loaddata
from django.db import DEFAULT_DB_ALIAS

from records.facts import fixtures


class Command(loaddata.Command):
    """Django's own, but that a broken fixture of this site is refused in one line."""

    def handle(self, *labels, **options):
        names = [label.removesuffix(".json") for label in labels]
        if options["database"] != DEFAULT_DB_ALIAS or not set(names) <= set(fixtures.SITE):
            return super().handle(*labels, **options)
        try:
            rows = fixtures.load(*names)
        except fixtures.Broken as error:
            raise CommandError(f"{str(error).rstrip('.')}. Nothing was loaded.") from None
        if options["verbosity"]:
            self.stdout.write(f"Installed {rows} object(s) from {len(names)} fixture(s)")
        return None
