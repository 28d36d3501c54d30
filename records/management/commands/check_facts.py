from django.core.management.base import CommandError

from records.facts import checking
from records.management.facts_command import FactsCommand


class Command(FactsCommand):
    help = (
        "Check every row of the record and the newsroom, and the rules that span many rows. "
        "One line for each problem; the exit status is 1 if there is any."
    )

    def handle(self, **options):
        count = 0
        for count, problem in enumerate(checking.check(), 1):  # noqa: B007
            self.stderr.write(str(problem))
        if count:
            raise CommandError(f"{count} problem{'' if count == 1 else 's'}.")
        self.stdout.write("Every fact is in order.")
