"""`reassure-web restore DIR`: a backup into an empty place, compared with its manifest."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure.errors import ReassureError
from reassure_web.pages.services_restore import restore_backup

NO_LIST = (
    "No list of erasures was given: what was erased after the backup was taken is back. If you have the lost "
    "installation's erasures.jsonl, restore again with --erasures."
)


class Command(BaseCommand):
    """Restore a backup."""

    help = "Restore a backup into an empty database and home, and verify it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to restore."""
        parser.add_argument("folder", type=Path, help="the backup's folder")
        parser.add_argument("--erasures", type=Path, help="the newest erasures.jsonl of the installation that was lost")

    def handle(self, *_args: Any, folder: Path, erasures: Path | None, **_options: Any) -> None:
        """Restore and say what came back."""
        try:
            restored = restore_backup(folder, erasures=erasures, now=timezone.now())
        except (ReassureError, OSError) as error:
            raise CommandError(str(error)) from error
        manifest = restored.manifest
        self.stdout.write(
            f"Restored {len(manifest.state.tables)} tables and {manifest.n_rows:,} rows as of "
            f"{manifest.taken_at:%Y-%m-%d %H:%M:%S} UTC; every table equals the backup's.\n"
            f"Audit: {restored.n_entries:,} entries hold. Erased again: {restored.n_erased}. Everybody signs in again."
        )
        if erasures is None:
            self.stdout.write(self.style.WARNING(NO_LIST))
