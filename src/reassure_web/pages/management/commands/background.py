"""`reassure-web background`: computes plans beside the web; one per installation."""

import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from reassure.errors import RuleError
from reassure_web.audit.anchors import add_anchor_if_due
from reassure_web.pages.background import Background, only_one

PAUSE_S = 0.5
AWAY_S = 5
"""Pauses between two looks at the rows, and after a database that did not answer."""


class Command(BaseCommand):
    """Runs until it is told to end."""

    help = "Compute waiting plans until ended; one process per installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Workers, and whether to end when nothing waits."""
        parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1), metavar="N")
        parser.add_argument("--until-idle", action="store_true", help="end when nothing waits or runs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Hold the lock, then hand out and take in until a signal comes."""
        signal.signal(signal.SIGTERM, _end)
        try:
            while not self._run(options["workers"], until_idle=options["until_idle"]):
                time.sleep(AWAY_S)
        except RuleError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stdout.write("Ended; open runs go on at the next start.")

    def _run(self, n_workers: int, *, until_idle: bool) -> bool:
        """Work under the lock; False when the database went away, which lets the lock go."""
        background = Background(settings.HOME, n_workers)
        try:
            with only_one(settings.HOME):
                background.start(now=timezone.now())
                while background.step(now=timezone.now()) or not until_idle:
                    add_anchor_if_due(settings.HOME / "anchors.jsonl", now=timezone.now())
                    time.sleep(PAUSE_S)
        except OperationalError as error:
            self.stderr.write(f"The database does not answer: {error}")
            connection.close()
            return False
        finally:
            background.close()
        return True


def _end(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt
