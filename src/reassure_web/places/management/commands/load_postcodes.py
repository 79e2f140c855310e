"""`reassure-web load-postcodes FILE...`: where postcodes, sectors and outward codes are."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reassure.errors import InputError
from reassure_web.places.services_areas import load_postcodes


class Command(BaseCommand):
    """Load lists of postcodes."""

    help = "Load Code-Point Open (.csv or .csv.gz), and lists of sectors or outward codes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The files."""
        parser.add_argument("files", type=Path, metavar="FILE", nargs="+")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load and say how many."""
        try:
            n = load_postcodes(options["files"])
        except InputError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{n:,} postcodes, sectors and outward codes are known now.")
