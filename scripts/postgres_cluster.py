"""Run a command with a PostgreSQL server of its own: made in a temporary folder, stopped and removed at the end.

Usage: python scripts/postgres_cluster.py [--durable] [--install] COMMAND ARGUMENT ...
The command finds the server's address in DATABASE_URL. The server listens on 127.0.0.1 on a free port only and asks
for a password made for this run. Programs come from PATH or /usr/lib/postgresql; with --install, root on Debian gets
them from the system's own packages. Without --durable nothing is flushed to disk: for tests, not for crash tests.
"""

import argparse
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOW_TO_INSTALL = (
    "PostgreSQL 15 or newer is not at hand: on Debian or Ubuntu install the package `postgresql`, on macOS "
    "`brew install postgresql@15`; or put its programs (initdb, pg_ctl, pg_dump) on PATH."
)
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
SERVER_OWNERS = ("postgres", "nobody")
"""Whom root lends the server to, first of them that exists; initdb refuses to run as root."""


def programs_folder() -> Path | None:
    """The folder of initdb: that of PATH, else the newest of Debian's; None where there is none."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


def install() -> None:
    """Install PostgreSQL on Debian, for root only; elsewhere nothing happens."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "postgresql"]):
            subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - the system's own packages


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Cluster:
    """A server of our own; `kill` and `start` are for tests of what survives."""

    folder: Path
    bin: Path
    owner: str | None
    password: str
    port: int
    options: str

    @property
    def url(self) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://reassure:{self.password}@127.0.0.1:{self.port}/reassure"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the owner of the server; what it says is shown only when it fails."""
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [str(self.bin / program), *arguments],
            user=self.owner,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "said.txt").open("w"),
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{program} failed: {(self.folder / 'said.txt').read_text('utf-8')[-2000:]}")

    def create(self) -> None:
        """Make the files of the server."""
        (self.folder / "password").write_text(self.password)
        if self.owner:
            for path in (self.folder, self.folder / "password"):
                shutil.chown(path, self.owner)
        self.run(
            *("initdb", "--pgdata", str(self.folder / "data"), "--username", "reassure", "--encoding", "UTF8"),
            *("--auth", "scram-sha-256", "--pwfile", str(self.folder / "password"), "--no-sync"),
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' {self.options}"
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", options)

    def start_again(self) -> None:
        """Start the server after its first process was killed, once the others have noticed and ended."""
        until = time.monotonic() + 30
        while True:
            try:
                self.start()
                return
            except SystemExit:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def create_database(self) -> None:
        """Make the database that the address names."""
        self.run("createdb", "--host", "127.0.0.1", "--port", str(self.port), "--username", "reassure", "reassure")

    def stop(self) -> None:
        """Stop the server at once; open transactions are given up."""
        self.run("pg_ctl", "stop", "--mode", "immediate", "--pgdata", str(self.folder / "data"))

    def first_process(self) -> int:
        """The number of the server's first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])


@contextmanager
def cluster(*, durable: bool) -> Iterator[Cluster]:
    """A server with an empty database `reassure`, gone at the end; `durable` writes to disk before it answers."""
    programs = programs_folder()
    if programs is None:
        raise SystemExit(HOW_TO_INSTALL)
    users = {entry.pw_name for entry in pwd.getpwall()}
    owner = next(name for name in SERVER_OWNERS if name in users) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="reassure-postgres-"))
    server = Cluster(folder, programs, owner, secrets.token_urlsafe(24), free_port(), "" if durable else FAST)
    try:
        server.create()
        server.start()
        try:
            server.create_database()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def run() -> int:
    """Run the command beside a server; its exit code is ours."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--durable", action="store_true", help="flush to disk as in production")
    parser.add_argument("--install", action="store_true", help="as root on Debian, install PostgreSQL if it is absent")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    wanted = parser.parse_args()
    if wanted.install and programs_folder() is None:
        install()
    with cluster(durable=wanted.durable) as server:
        environment = {**os.environ, "DATABASE_URL": server.url}
        return subprocess.run(wanted.command, env=environment, check=False).returncode  # noqa: S603 - the caller's own


if __name__ == "__main__":
    sys.exit(run())
