from django.core.management.base import CommandError

from records.facts import fixtures
from records.instants import read_clock
from records.management.facts_command import FactsCommand


class Command(FactsCommand):
    help = (
        "Rewrite the fixtures of the facts from the database: with natural keys, in the order of "
        "the fact tables, so that the same facts always give the same files. Fixtures written: "
        + ", ".join(fixtures.FACTS)
        + ". The newsroom’s are left alone unless they are asked for."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--stories",
            action="store_true",
            help="Write the newsroom’s, too, with drafts, pending versions and the files of the "
            "images: " + ", ".join(fixtures.NEWSROOM) + ".",
        )

    def handle(self, stories, **options):
        at = read_clock()
        names = (*fixtures.FACTS, *(fixtures.NEWSROOM if stories else ()))
        rows = {name: fixtures.rows_of(name, at) for name in names}
        if lost := [name for name, found in rows.items() if not found and fixtures.has_rows(name)]:
            # Most likely the wrong database: emptied fixtures would be the loss of the facts.
            raise CommandError(f"The database has no {', '.join(lost)}. Nothing was written.")
        for name, found in rows.items():
            try:
                if name == "images":
                    fixtures.dump_files(found)
                self.stdout.write(f"{name}: {fixtures.dump(name, found)} rows")
            except OSError as error:
                raise CommandError(
                    f"{fixtures.path_of(name)} cannot be written: {error.strerror or error}."
                ) from None
