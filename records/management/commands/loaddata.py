from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from records.facts import checking, fixtures, refusals


class Command(loaddata.Command):
    """Django's own, but that it lets in only what forms let in, and refuses a broken fixture in one
    line with file and row."""

    def handle(self, *labels, **options):
        names = [label.removesuffix(".json") for label in labels]
        if options["database"] != DEFAULT_DB_ALIAS or not set(names) <= set(fixtures.SITE):
            return super().handle(*labels, **options)
        try:
            rows = fixtures.load_judged(*names)
        except fixtures.Broken as error:
            raise CommandError(f"{str(error).rstrip('.')}. Nothing was loaded.") from None
        if options["verbosity"]:
            self.stdout.write(f"Installed {rows} object(s) from {len(names)} fixture(s)")
        return None

    def loaddata(self, fixture_labels):
        #: Model and primary key of each row → the fixture that it came from.
        self.came_from = {}
        super().loaddata(fixture_labels)
        if self.using == DEFAULT_DB_ALIAS:
            for problem in checking.by_rows(only=self.came_from.keys()):
                label = self.came_from[type(problem.row), problem.row.pk]
                words = str(problem).rstrip(".")
                raise CommandError(f"{label}: {words}. Nothing was loaded.")

    def load_label(self, fixture_label):
        self.label = fixture_label
        try:
            super().load_label(fixture_label)
        except CommandError as error:
            raise CommandError(f"{fixture_label}: {error}") from None
        except (DatabaseError, DeserializationError) as error:  # Django names file and row.
            words = " ".join(str(error).split()).rstrip(".")
            raise CommandError(f"{words}. Nothing was loaded.") from None

    def save_obj(self, obj):
        try:
            saved = super().save_obj(obj)
        except ValidationError as error:
            problem = checking.Problem(obj.object, refusals.sentence(error).rstrip("."))
            raise CommandError(f"{problem}. Nothing was loaded.") from None
        self.came_from[type(obj.object), obj.object.pk] = self.label
        return saved
