from django.core.management.base import CommandError

from records.facts import fixtures
from records.management.facts_command import FactsCommand
from records.models import Article, Astronaut


class Command(FactsCommand):
    help = (
        "Bring a migrated database to the full demo site: every fixture in order, then all checks; "
        "all of it, or nothing. May be run again: rows of the fixtures are set back to them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Leave a database that holds astronauts or articles already as it is.",
        )

    def handle(self, *, if_empty, **options):
        if if_empty and (Astronaut.objects.exists() or Article.objects.exists()):
            self.stdout.write(
                "The database holds a site already: nothing was loaded, nothing was changed."
            )
            return
        rows = 0
        try:
            for loaded in fixtures.load_all():
                rows += loaded.rows
                count = f"{loaded.rows:>5} rows" if loaded.rows else "          "
                self.stdout.write(f"{loaded.name:<16}{count}  {loaded.seconds:5.1f} s")
                self.stdout.flush()
        except fixtures.Broken as error:
            raise CommandError(f"{str(error).rstrip('.')}. Nothing was loaded.") from None
        self.stdout.write(f"The site is loaded: {rows} rows.")
