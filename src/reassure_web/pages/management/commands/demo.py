"""The command `demo`: the web product with a generated area, a plan of today and a persona per role."""

import os
import subprocess
import sys
from argparse import SUPPRESS
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone

from reassure.errors import ReassureError
from reassure.files.demo_ground import AREA_CODE
from reassure.files.demo_live import live_day
from reassure_web.pages import demo, demo_board
from reassure_web.pages.serving import Address, make_ready, serve


class Command(BaseCommand):
    """Starts again in a home of its own, makes the area and the plan, and answers on this machine alone."""

    help = "Show the product: a generated area, a plan of today in force, somebody of each role with one click."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where it lives, where it listens, how fast the board moves."""
        parser.add_argument("--home", type=Path, default=Path("out/web-demo"), help="folder; emptied each time")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--pace", type=float, default=5.0, help="seconds from one check-in to the next")
        parser.add_argument("--move", type=date.fromisoformat, help=SUPPRESS)  # what the child of this command does

    def handle(self, *_args: Any, **options: Any) -> None:
        """Build and serve."""
        if options["move"]:
            demo_board.move(AREA_CODE, options["move"], pace_s=options["pace"])
            return
        home = options["home"].resolve()
        if home != settings.HOME or not settings.PERSONAS:
            _again_in(home)
        now = timezone.now()
        try:
            demo.clear_home(home)
            make_ready()
            self.stdout.write("Making a generated area and a plan of today; this takes some seconds.")
            day = demo.build(now=now)
        except ReassureError as error:
            raise CommandError(str(error)) from None
        connections.close_all()
        address = Address(port=options["port"])
        self.stdout.write(f"Open {address.url}demo/ and choose who you want to be; the board is at {day}board/.")
        self.stdout.write("Everything is generated. Ctrl+C ends it.")
        self.stdout.flush()
        with _moving_board(live_day(now), options["pace"]):
            serve(address)


@contextmanager
def _moving_board(on: date, pace_s: float) -> Iterator[None]:
    """A process that moves the board; none of this one's threads, which the server's workers would be forked from."""
    words = ["demo", "--move", on.isoformat(), "--pace", str(pace_s)]
    child = subprocess.Popen([sys.executable, "-m", "reassure_web", *words])  # noqa: S603 - this very command
    try:
        yield
    finally:
        child.terminate()


def _again_in(home: Path) -> None:
    """Start this command again with the settings of a demonstration, which are read at the start of a process."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    wanted = {"REASSURE_MODE": "demo", "REASSURE_HOME": str(home), "REASSURE_PERSONAS": "yes"}
    os.execve(sys.executable, [sys.executable, "-m", "reassure_web", *sys.argv[1:]], {**kept, **wanted})  # noqa: S606
