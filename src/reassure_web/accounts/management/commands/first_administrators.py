"""`reassure-web first-administrators`: the two people who make all other accounts."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure.access.giving import LONGEST_GRANT
from reassure.errors import ReassureError
from reassure_web.accounts import services


class Command(BaseCommand):
    """Make two administrators in an empty installation, each the other's second person."""

    help = "Make the first two administrators; they set their passwords by e-mail at /sign-in/password/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the e-mail addresses and how long the grants last."""
        parser.add_argument("email", nargs="+", help="e-mail address of a person; two or more of them")
        parser.add_argument("--days", type=int, default=LONGEST_GRANT.days, help="days until the grants end")

    def handle(self, *_args: Any, email: list[str], days: int, **_options: Any) -> None:
        """Make them, or say why not."""
        now = timezone.now()
        until = now + min(timedelta(days=days), LONGEST_GRANT)
        try:
            services.make_first_administrators([(one, one.partition("@")[0]) for one in email], until=until, now=now)
        except ReassureError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Made. Each sets a password at /sign-in/password/ and then adds a second factor.")
