"""`reassure-web verify`: compute the whole chain of the audit anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reassure_web.audit import services


class Command(BaseCommand):
    """Name the first bad entry and return 1, or say that the chain is whole."""

    help = "Check the chain of the audit, and its heads as kept in a file by the command anchor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file of anchors."""
        parser.add_argument("--anchors", type=Path, help="file that the command anchor adds to")

    def handle(self, *_args: Any, anchors: Path | None, **_options: Any) -> None:
        """Check, note the outcome as an entry, and report."""
        lines = anchors.read_text("utf-8").splitlines() if anchors else []
        found = services.verify(None, lines, now=timezone.now())
        if found.fault:
            raise CommandError(found.fault, returncode=1)
        self.stdout.write(f"The chain is whole: {found.n_entries} entries, {found.n_anchors} anchors.")
