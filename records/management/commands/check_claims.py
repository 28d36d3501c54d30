from django.core.management.base import CommandError

from records.body.claims import parse_claims
from records.instants import full_minute, read_clock
from records.ledger import Ledger
from records.management.facts_command import FactsCommand
from records.models import Article
from records.stories.claims import READ, check_all


class Command(FactsCommand):
    help = (
        "Check what the stories claim of records. One line for each claim: the story, the passage, "
        "the verdict, and what the record book says. The exit status is 1 if a claim contradicts "
        "it, or cannot be read, or is left without its passage."
    )

    def handle(self, **options):
        stories = Article.objects.exclude(claims="").order_by("published_at", "slug").only(*READ)
        unread = [
            f"{slug}: {problem}"
            for slug, claims in stories.values_list("slug", "claims")
            for problem in parse_claims(claims).problems
        ]
        at = full_minute(read_clock())
        for line in unread:
            self.stdout.write(line)
        wrong = count = len(unread)
        for slug, one in check_all(stories.iterator(), at, Ledger.current()):
            count += 1
            wrong += one.stops
            self.stdout.write(f"{slug}: “{one.claim.passage}”: {one.words}")
        if wrong:
            raise CommandError(f"{wrong} of {count} claims cannot stand.")
        self.stdout.write(f"{count} claims, none of them contradicted.")
