"""`reassure-web serve` in a process of its own: it makes ready, answers, keeps its background, and ends whole."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 90


def until(happens: Callable[[], object]) -> object:
    """What `happens` gives, once it gives something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.2)
    pytest.fail(f"{happens} did not happen within {PATIENCE_SECONDS} s")


class Served:
    """The server, its address and its background process."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environ = {**os.environ, "REASSURE_HOME": str(home), "REASSURE_MODE": "demo"}
        environ.pop("DJANGO_SETTINGS_MODULE", None)
        environ.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "reassure_web", "serve", "--port", str(port)]
        self.log = home / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)

    def get(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]] | None:
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310 - our own server
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read(), dict(answer.headers)
        except (urllib.error.URLError, ConnectionError):
            return None

    def background(self) -> psutil.Process | None:
        for child in psutil.Process(self.process.pid).children():
            try:
                if "background" in child.cmdline():
                    return child
            except psutil.NoSuchProcess:  # killed a moment ago: gone, or still to be collected
                continue
        return None


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path)
    yield server
    if server.process.poll() is None:
        server.process.terminate()
        server.process.wait(PATIENCE_SECONDS)


@pytest.mark.slow
def test_one_command_serves_everything_and_ends_whole(served):
    """A fresh folder becomes a running product; its background process comes back when killed and goes with it."""
    status, page, _ = until(lambda: served.get("/help/"))
    assert status == 200
    assert b"Reassure" in page

    first = until(served.background)
    first.kill()
    second = until(lambda: (b := served.background()) and b.pid != first.pid and b)

    served.process.terminate()
    assert served.process.wait(PATIENCE_SECONDS) in {0, -15}
    until(lambda: not psutil.pid_exists(second.pid))
    assert served.get("/help/") is None


@pytest.mark.slow
def test_a_server_that_is_killed_leaves_nothing_and_the_next_takes_over_quietly(served, tmp_path):
    """kill -9 of the server: its workers and its background end by themselves, and the next one warns of nothing."""
    until(lambda: served.get("/help/"))
    until(served.background)
    left = psutil.Process(served.process.pid).children()

    served.process.kill()
    served.process.wait()
    following = Served(tmp_path)

    try:
        until(lambda: not any(psutil.pid_exists(child.pid) for child in left))
        until(lambda: following.get("/help/"))
        until(lambda: is_locked(tmp_path / "background.lock"))
        assert psutil.pid_exists(until(following.background).pid)
        assert "started again" not in following.log.read_text()
    finally:
        following.process.terminate()
        following.process.wait(PATIENCE_SECONDS)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of a file."""
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@pytest.mark.slow
def test_static_files_have_their_hash_in_the_name_and_are_compressed(served):
    """A browser may keep them for ever, and a new version has a new name."""
    if not (ROOT / "src/reassure_web/pages/static/vendor/reassure.css").is_file():
        pytest.skip("the front end is not built: make assets")
    _, page, _ = until(lambda: served.get("/help/"))
    address = page.decode().split('rel="stylesheet" href="')[1].split('"')[0]

    _, packed, headers = served.get(address, **{"Accept-Encoding": "gzip"})

    headers = {name.lower(): value for name, value in headers.items()}
    assert headers["content-encoding"] == "gzip"
    assert "immutable" in headers["cache-control"]
    assert len(packed) < 20_000
