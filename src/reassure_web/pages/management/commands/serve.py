"""The command `serve`: the whole product in one place, for a demo or one force."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reassure_web.pages.serving import Address, make_ready, serve


class Command(BaseCommand):
    """Brings the database up to date, then answers until it is ended; the background process runs beside it."""

    help = "Serve the product: web and background, database brought up to date first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen and with how much."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="processes; more than one wants PostgreSQL")
        parser.add_argument("--threads", type=int, default=4, help="requests that one process answers at once")
        parser.add_argument("--certificate", type=Path, help="TLS certificate, where no proxy stands before this")
        parser.add_argument("--key", type=Path, help="private key of the certificate")
        parser.add_argument("--without-background", action="store_true", help="web alone; run background elsewhere")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make ready and serve."""
        address = Address(options["host"], options["port"], options["certificate"], options["key"])
        make_ready()
        self.stdout.write(f"Reassure answers at {address.url} (Ctrl+C ends it).")
        self.stdout.flush()
        serve(
            address,
            workers=options["workers"],
            threads=options["threads"],
            with_background=not options["without_background"],
        )
