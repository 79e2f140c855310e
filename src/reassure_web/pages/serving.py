"""One process for a demo or one force: the database brought up to date, static files gathered, web and background.

Rules: everything stands on the loopback address unless somebody says otherwise; the background process ends with the
server, however that ends, and comes back when it dies alone.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread

from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

BACK_AFTER_SECONDS = 2.0
PATIENCE_SECONDS = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, with the certificate and key of TLS where it ends here and not at a proxy."""

    host: str = "127.0.0.1"
    port: int = 8000
    certificate: Path | None = None
    key: Path | None = None

    @property
    def url(self) -> str:
        """What to open in a browser."""
        return f"{'https' if self.certificate else 'http'}://{self.host}:{self.port}/"


def make_ready() -> None:
    """Make the home folder, bring the database up to date, gather the static files under names with their hash."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def serve(address: Address, *, workers: int = 1, threads: int = 4, with_background: bool = True) -> None:
    """Answer until the process is told to end."""
    server = Granian(
        "reassure_web.wsgi:application",
        address=address.host,
        port=address.port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        log_access=False,
        log_dictconfig=settings.LOGGING,
        respawn_failed_workers=True,
        ssl_cert=address.certificate,
        ssl_key=address.key,
    )
    if not with_background:
        server.serve()
        return
    with background_process():
        server.serve()


@contextmanager
def background_process() -> Iterator[None]:
    """The command `background` as a child that is started again when it ends by itself, and ended at the end."""
    ended, starting = Event(), Lock()
    command = [sys.executable, "-m", "reassure_web", "background", "--parent", str(os.getpid())]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command)  # noqa: S603 - this very command

    children = [start()]  # before the server forks workers: one forked meanwhile would keep `Popen` waiting for ever

    def keep() -> None:
        while True:
            children[0].wait()
            if ended.wait(BACK_AFTER_SECONDS):
                return
            log.warning("the background process ended with %s and is started again", children[0].returncode)
            with starting:
                if ended.is_set():
                    return
                children[:] = [start()]

    keeper = Thread(target=keep, name="keep-background", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        with starting:
            ended.set()
        for child in children:
            child.terminate()
            try:
                child.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        keeper.join(PATIENCE_SECONDS)
