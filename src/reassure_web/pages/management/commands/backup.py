"""`reassure-web backup --out DIR`: the database, the uploads and a signed manifest in a new folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure.errors import ReassureError
from reassure_web.pages.services_backup import take_backup


class Command(BaseCommand):
    """Take a backup."""

    help = "Copy the database and the uploads into a new folder, with a signed manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--out", type=Path, required=True, help="folder that gets one new folder a backup")

    def handle(self, *_args: Any, out: Path, **_options: Any) -> None:
        """Take it and say what it holds."""
        try:
            backup = take_backup(out, now=timezone.now())
        except (ReassureError, OSError) as error:
            raise CommandError(str(error)) from error
        state = backup.manifest.state
        self.stdout.write(
            f"{backup.folder}\n"
            f"{len(state.tables)} tables, {backup.manifest.n_rows:,} rows, {len(backup.manifest.files)} files; "
            f"audit up to entry {state.audit_number}.\n"
            f"SHA-256 of the manifest, also in the audit: {backup.digest}"
        )
