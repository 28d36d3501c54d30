from pathlib import Path

from django.core.management.base import CommandError

from records.facts import checking, fixtures, importing
from records.instants import read_clock
from records.management.facts_command import FactsCommand

#: Changed rows that are named for each table.
NAMED = 20


class Command(FactsCommand):
    help = (
        "Read the CSV tables of facts in FOLDER, some or all, into the database: every row, or "
        "nothing. Rows are added and changed, never removed. Every bad row is reported as "
        "file:line: reason."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would change, and change nothing."
        )
        parser.add_argument(
            "--accept-doubts",
            action="store_true",
            help="Take what is fine row by row but incomplete or implausible as a whole (a mission "
            "that carries nobody, an age of 93), and name it.",
        )

        parser.add_argument(
            "--extra-columns",
            action="store_true",
            help="Take tables with columns that are not known here, and leave these out.",
        )

    def handle(self, *, folder, dry_run, accept_doubts, extra_columns, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        try:
            outcomes = importing.import_folder(
                folder,
                read_clock(),
                dry_run=dry_run,
                accept_doubts=accept_doubts,
                extra_columns=extra_columns,
            )
        except fixtures.Broken as error:
            raise CommandError(str(error)) from None
        except importing.Refused as refused:
            for line in refused.lines:
                self.stderr.write(line)
            raise CommandError("Nothing was imported.") from None
        for outcome in outcomes:
            self.show(outcome)
        for path in sorted(folder.glob("*.[cC][sS][vV]")):
            if importing.file_of_table(path.name) not in importing.FILES:
                self.stderr.write(f"{path.name}: is none of the tables and was not read.")
        if accept_doubts:
            for problem in checking.doubts():
                self.stderr.write(str(problem))
        self.stdout.write("Dry run: nothing was written." if dry_run else "Imported.")

    def show(self, outcome):
        counts = (
            f"{outcome.table.name}: {outcome.added} added, {len(outcome.changed)} changed, "
            f"{outcome.unchanged} unchanged"
        )
        if outcome.unnamed:
            counts += f", {outcome.unnamed} only in the database"
        self.stdout.write(counts)
        for change in outcome.changed[:NAMED]:
            fields = ", ".join(
                f"{name}: {old!r} → {new!r}" for name, (old, new) in change.fields.items()
            )
            self.stdout.write(f"  {change.row}: {fields}")
        if len(outcome.changed) > NAMED:
            self.stdout.write(f"  … and {len(outcome.changed) - NAMED} more")
