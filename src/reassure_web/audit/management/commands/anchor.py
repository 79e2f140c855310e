"""`reassure-web anchor`: add the head of the audit's chain to a file; the background process does so every hour."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from reassure_web.audit.anchors import add_anchor


class Command(BaseCommand):
    """Keep number and hash of the newest entry outside the database."""

    help = "Add the head of the audit's chain to a file, which belongs on another host."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file to add to."""
        parser.add_argument("--file", type=Path, default=settings.HOME / "anchors.jsonl")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Add one line."""
        self.stdout.write(add_anchor(file, now=timezone.now()))
