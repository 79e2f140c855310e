"""`reassure-web load-announcements FILE.csv`: what authorities announced about dates."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reassure.errors import InputError
from reassure_web.occasions.services_announcements import load_announcements


class Command(BaseCommand):
    """Load announcements."""

    help = "Load what authorities announced: authority, event, hijri_year, on, announced_at, source."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load, say how many, and say what contradicts."""
        try:
            n, contradictions = load_announcements(options["file"], now=timezone.now())
        except InputError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{n} announcements are new.")
        for text in contradictions:
            self.stdout.write(text)
