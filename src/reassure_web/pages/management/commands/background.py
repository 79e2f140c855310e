"""`reassure-web background`: computes plans beside the web; one per installation."""

import logging
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
from reassure_web.pages.background import Background, RunningAlreadyError, only_one

log = logging.getLogger(__name__)
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
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="end with this process, and stand by while another works"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Hold the lock, then hand out and take in until a signal comes or the parent is gone."""
        signal.signal(signal.SIGTERM, _end)
        parent, stands_by = options["parent"], False
        try:
            while True:
                try:
                    if self._run(options["workers"], until_idle=options["until_idle"], parent=parent):
                        return
                    time.sleep(AWAY_S)
                except RunningAlreadyError as error:
                    if parent is None:
                        raise
                    if not stands_by:
                        log.info("%s This one stands by.", error)
                    stands_by = True
                    time.sleep(PAUSE_S)
        except RuleError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stdout.write("Ended; open runs go on at the next start.")

    def _run(self, n_workers: int, *, until_idle: bool, parent: int | None) -> bool:
        """Work under the lock; False when the database went away, which lets the lock go."""
        _end_without(parent)
        background = Background(settings.HOME, n_workers)
        try:
            with only_one(settings.HOME):
                background.start(now=timezone.now())
                while background.step(now=timezone.now()) or not until_idle:
                    _end_without(parent)
                    add_anchor_if_due(settings.HOME / "anchors.jsonl", now=timezone.now())
                    time.sleep(PAUSE_S)
        except OperationalError as error:
            self.stderr.write(f"The database does not answer: {error}")
            connection.close()
            return False
        finally:
            background.close()
        return True


def _end_without(parent: int | None) -> None:
    """End when the process that started this one was killed: it cannot say so, but another has adopted this one."""
    if parent not in {None, os.getppid()}:
        raise KeyboardInterrupt


def _end(_signal: int, _frame: Any) -> None:
    raise KeyboardInterrupt
