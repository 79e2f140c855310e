"""`reassure-web load-districts FILE.csv`: which police area each district lies in."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reassure.errors import InputError
from reassure_web.places.services_areas import load_districts


class Command(BaseCommand):
    """Load the districts."""

    help = "Load the police area of each district from a CSV file with lad_code and pfa_code."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", type=Path, metavar="FILE.csv")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load and say how many."""
        try:
            n = load_districts(options["file"])
        except InputError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{n} districts are known now.")
