from pathlib import Path

from django.core.management.base import CommandError

from records.facts import exporting
from records.instants import read_clock
from records.management.facts_command import FactsCommand


class Command(FactsCommand):
    help = "Write the ten CSV tables of facts to FOLDER. import_facts reads them again."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--spreadsheet",
            action="store_true",
            help="Write what a spreadsheet opens rightly, with a byte order mark and CRLF line "
            "ends. import_facts reads these, too.",
        )

    def handle(self, *, folder, spreadsheet, **options):
        try:
            counts = exporting.export_folder(folder, read_clock(), spreadsheet=spreadsheet)
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from None
        for file, rows in counts.items():
            self.stdout.write(f"{file}: {rows} rows")
