import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from records.models import Author, roles

#: Long enough not to be guessed, short enough to be typed.
PASSWORD_BYTES = 12


class Command(BaseCommand):
    help = (
        "Make one account for each role of the newsroom, with a random password that is printed "
        "this once. For trying the newsroom on one's own machine: only under DEBUG, and only in a "
        "database without any account."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-none",
            action="store_true",
            help="Do nothing, and say nothing, where there are accounts already or DEBUG is off.",
        )

    def handle(self, *, if_none, **options):
        if not settings.DEBUG:
            self._refuse("Accounts with known names are made under DEBUG only.", if_none)
            return
        with transaction.atomic():
            if get_user_model().objects.exists():
                self._refuse("There are accounts already. None was made.", if_none)
                return
            made = [self._account(role) for role in roles.ROLES]
        width = max(len(user.username) for user, _ in made)
        self.stdout.write("Accounts of the newsroom, shown this once:")
        for user, password in made:
            self.stdout.write(f"  {user.username:<{width}}  {password}  {user.groups.get()}")

    def _account(self, role: str):
        """The account of the role, with its password."""
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        user = get_user_model().objects.create_user(
            role.split()[-1].lower(), password=password, is_staff=True
        )
        user.groups.add(Group.objects.get(name=role))
        if role == roles.WRITER and (author := Author.objects.filter(user=None).first()):
            author.user = user
            author.save()
        return user, password

    def _refuse(self, words: str, quietly: bool) -> None:
        if not quietly:
            raise CommandError(words)
