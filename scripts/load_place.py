"""An installation for load and crash tests: its own home, database and server, and clients that are timed."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postgres_cluster import Cluster, cluster, free_port

ROOT = Path(__file__).resolve().parent.parent
SECRET = "a-key-for-load-tests-that-guards-nothing-at-all-0123456789"  # noqa: S105 - guards generated rows only
READY_S = 90
"""How long the server may take to answer for the first time; it migrates and compiles nothing by then."""


@dataclass
class Place:
    """A running installation; `kill` and `start` are for tests of what survives."""

    home: Path
    environment: dict[str, str]
    workers: int
    port: int
    database: Cluster | None
    threads: int | None = None
    server: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> str:
        """Run `reassure-web`; what it said."""
        return self.python("-m", "reassure_web", *arguments)

    def python(self, *arguments: str) -> str:
        """Run Python in the installation's environment; what it printed."""
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)[:80]} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        arguments = ["serve", "--port", str(self.port), "--workers", str(self.workers), "--without-background"]
        arguments += ["--threads", str(self.threads)] if self.threads else []
        with (self.home / "server.log").open("ab") as log:
            self.server = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "reassure_web", *arguments],
                env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + READY_S
        while not self.answers():
            if time.monotonic() > until or self.server.poll() is not None:
                raise SystemExit(f"The server does not start:\n{(self.home / 'server.log').read_text()[-4000:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether the server answers now."""
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/help/")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def is_dead(self) -> bool:
        """Whether the server's first process has ended."""
        return self.server is None or self.server.poll() is not None

    def worker_ids(self) -> list[int]:
        """The processes that answer requests: children of the server."""
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children") if self.server else None
        return [int(pid) for pid in children.read_text().split()] if children and children.exists() else []

    def kill_worker(self) -> None:
        """End one process that answers, without warning."""
        for pid in self.worker_ids()[:1]:
            os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """End the server with all of its processes, without warning."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def memory_mb(self) -> float:
        """Resident memory of the server and its children, in MB."""
        pids = [self.server.pid, *self.worker_ids()] if self.server else []
        status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
        return sum(int(text.split("VmRSS:")[1].split()[0]) for text in status) / 1024

    def cpu_s(self) -> float:
        """Seconds of processor time that the server and its children have used."""
        pids = [self.server.pid, *self.worker_ids()] if self.server else []
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
        return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


@contextmanager
def installation(
    database: str, *, workers: int, areas: int, units: int, places: int, threads: int | None = None
) -> Iterator[tuple[Place, Any]]:
    """A migrated, filled and serving installation, and who is signed in there; gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="reassure-load-"))
    try:
        if database == "postgresql":
            with cluster(durable=True) as server:
                yield from _serving(home, server, workers, threads, (areas, units, places))
        else:
            yield from _serving(home, None, workers, threads, (areas, units, places))
    finally:
        shutil.rmtree(home)


def _serving(
    home: Path, database: Cluster | None, workers: int, threads: int | None, size: tuple[int, int, int]
) -> Iterator[tuple[Place, Any]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "reassure_web.settings",
        "REASSURE_MODE": "demo",
        "REASSURE_HOME": str(home),
        "REASSURE_SECRET_KEY": SECRET,
        "DATABASE_URL": database.url if database else f"sqlite:///{home / 'reassure.sqlite3'}",
    }
    place = Place(home, environment, workers, free_port(), database, threads)
    place.command("migrate", "--verbosity", "0")
    sizes = [f"--{name}={n}" for name, n in zip(("areas", "units", "places"), size, strict=True)]
    place.python(str(ROOT / "scripts" / "load_country.py"), str(home / "people.json"), *sizes)
    place.start()
    try:
        yield place, json.loads((home / "people.json").read_text("utf-8"))
    finally:
        place.kill_all()


class Client:
    """A browser or phone of one person: one connection that is opened again when it breaks."""

    def __init__(self, port: int, session: str, csrf: str) -> None:
        self.port = port
        self.headers = {"Cookie": f"reassure={session}", "X-CSRFToken": csrf}
        self.connection: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Let the connection go."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Send a request; the response with its body as `content`. `OSError` where nothing came back."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        content = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if content else {}
        try:
            self.connection.request(method, path, content, {**self.headers, **kind, **(headers or {})})
            response = self.connection.getresponse()
            response.content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(str(error)) from error
        if response.will_close:
            self.connection = None
        return response


class Timings:
    """Seconds that answers took, by kind, written to from many threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seconds: dict[str, list[float]] = {}

    def add(self, kind: str, seconds: float) -> None:
        """Note one answer."""
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)

    def of(self, kinds: Iterable[str]) -> dict[str, dict[str, float]]:
        """What `quantiles` says of each kind."""
        return {kind: self.quantiles(kind) for kind in kinds}

    def quantiles(self, kind: str) -> dict[str, float]:
        """Number, p50, p95, p99 and the longest, in milliseconds; nearest rank."""
        with self.lock:
            values = sorted(self.seconds.get(kind, []))
        if not values:
            return {"n": 0}
        rank = {f"p{p}_ms": values[max(0, -(-p * len(values) // 100) - 1)] for p in (50, 95, 99)}
        return {"n": len(values), **{key: round(1000 * v, 1) for key, v in {**rank, "max_ms": values[-1]}.items()}}
