"""`reassure-web load-areas FILE.geojson`: the outlines of police areas."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reassure.errors import InputError
from reassure.provenance import AREA_ATTRIBUTION
from reassure_web.places.services_areas import load_areas


class Command(BaseCommand):
    """Load the outlines of police areas."""

    help = "Load the outlines of police areas from a GeoJSON file with pfa_code and pfa_name."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and the words that its licence asks for."""
        parser.add_argument("file", type=Path, metavar="FILE.geojson")
        parser.add_argument("--attribution", default=AREA_ATTRIBUTION, help="Words that the licence asks for.")

    def handle(self, *_: Any, **options: Any) -> None:
        """Load and say how many."""
        try:
            n = load_areas(options["file"], attribution=options["attribution"])
        except InputError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{n} police areas have an outline now.")
