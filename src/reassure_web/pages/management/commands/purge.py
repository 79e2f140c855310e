"""`reassure-web purge`: what has been kept for its time; counts with --dry-run, erasure by two administrators."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure.errors import ReassureError
from reassure.retention import SCHEDULE
from reassure_web.accounts.queries_by_email import person_by_email
from reassure_web.pages.services_purge import Due, count_due, purge

HOW = "To erase them: reassure-web purge --by E-MAIL --confirmed-by E-MAIL --rows {}, two administrators."


class Command(BaseCommand):
    """Erase what is due."""

    help = "Count, or erase, records that have been kept for their time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who erases, who confirms, and how many rows both have seen."""
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--by", help="e-mail address of the administrator who erases")
        parser.add_argument("--confirmed-by", help="e-mail address of another administrator, who has seen the counts")
        parser.add_argument("--rows", type=int, help="rows in all, as the dry run counted them")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Count or erase."""
        now = timezone.now()
        wanted = [options["by"], options["confirmed_by"], options["rows"]]
        if options["dry_run"] and any(value is not None for value in wanted):
            raise CommandError("--dry-run goes alone: it erases nothing.")
        if not options["dry_run"] and None in wanted:
            raise CommandError("Erasing needs --by, --confirmed-by and --rows; --dry-run only counts.")
        try:
            if options["dry_run"]:
                self._show(count_due(now=now), "are due")
                return
            people = [person_by_email(address) for address in wanted[:2]]
            self._show(purge(people[0], people[1], n_rows=options["rows"], now=now), "were erased")
        except ReassureError as error:
            raise CommandError(str(error)) from error

    def _show(self, due: list[Due], what: str) -> None:
        """One line a kind, then the sum."""
        total = 0
        for one in due:
            kept = SCHEDULE[one.kind]
            rows = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in sorted(one.rows.items())) or "nothing"
            held = (
                " (on hold everywhere)" if one.is_held else f" (but {', '.join(one.held_areas)})" * bool(one.held_areas)
            )
            self.stdout.write(f"{kept.words}, {kept.span} from {kept.age_of}, before {one.before}{held}: {rows}")
            total += sum(one.rows.values())
        self.stdout.write(f"{total} rows {what}." if total else "Nothing is due.")
        if total and what == "are due":
            self.stdout.write(HOW.format(total))
