"""`reassure-web hold`: keep a kind of record although its time is over, lift that, or list what is on hold."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure.errors import ReassureError
from reassure.retention import SCHEDULE
from reassure_web.accounts.queries_by_email import person_by_email
from reassure_web.pages.services_purge import holds_in_force, lift_hold, place_hold


class Command(BaseCommand):
    """Place, lift and list holds."""

    help = "Keep a kind of record from being erased, lift a hold, or list them all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is kept, where, why and by whom."""
        parser.add_argument("--keep", choices=list(SCHEDULE), help="kind of record to keep")
        parser.add_argument("--area", default="", help="police area code; everywhere without")
        parser.add_argument("--lift", type=int, metavar="NUMBER", help="number of the hold to lift")
        parser.add_argument("--reason", default="", help="why")
        parser.add_argument("--by", help="e-mail address of the administrator")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Place or lift, then list."""
        now = timezone.now()
        try:
            if options["keep"] or options["lift"] is not None:
                actor = person_by_email(options["by"] or "")
            if options["keep"]:
                place_hold(actor, options["keep"], options["area"], options["reason"], now=now)
            if options["lift"] is not None:
                lift_hold(actor, options["lift"], options["reason"], now=now)
        except ReassureError as error:
            raise CommandError(str(error)) from error
        holds = holds_in_force()
        for hold in holds:
            where = hold.area_code or "everywhere"
            words = f"{SCHEDULE[hold.kind].words}, {where}: {hold.reason} ({hold.placed_by}, {hold.placed_at:%d %B %Y})"
            self.stdout.write(f"{hold.pk}  {words}")
        if not holds:
            self.stdout.write("Nothing is on hold.")
