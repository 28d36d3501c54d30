from django.core.management.base import CommandError

from records.images.originals import NotAccepted
from records.management.facts_command import FactsCommand
from records.models import Image


class Command(FactsCommand):
    help = (
        "Make what readers are sent of each image, where it is missing: after a database was "
        "restored, or with another MEDIA_ROOT that holds the originals."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--anew", action="store_true", help="Make those that are there once more, too."
        )

    def handle(self, *, anew, **options):
        made, lost = 0, []
        for image in Image.objects.all():
            try:
                made += image.make_renditions(anew=anew)
            except (OSError, NotAccepted) as error:
                lost.append(f"{image.slug}: {getattr(error, 'strerror', None) or error}")
        self.stdout.write(f"{made} renditions made.")
        if lost:
            raise CommandError(f"Not those of {'; '.join(lost)}")
