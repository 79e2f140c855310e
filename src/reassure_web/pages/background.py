"""The one process beside the web that computes plans: waiting rows to workers, results back into rows.

Rules: all state is in the rows, so this process may be killed at any time. A killed worker breaks its pool: a new
one is made and the rows that were open run one by one, so that only the guilty one loses an attempt.
"""

import fcntl
import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from django.db import connection

from reassure.errors import ReassureError, RuleError
from reassure_web.pages.following import follow_parent
from reassure_web.patrols import services_runs as runs
from reassure_web.patrols.computing import PROGRESS, STOP, computed

LOCK_NUMBER = 0x52454153
"""Of the advisory lock on PostgreSQL."""

BREAKS_WITHIN_S = 10
"""How long a pool takes to tell all its jobs that it broke."""

BEAT_EVERY = timedelta(seconds=2)
log = logging.getLogger(__name__)


class RunningAlreadyError(RuleError):
    """Another background process holds the installation's lock."""


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the installation's lock; `RunningAlreadyError` when another background process holds it."""
    if connection.vendor == "postgresql":
        if not _asked("SELECT pg_try_advisory_lock(%s)"):
            raise RunningAlreadyError("Another background process is running for this database.")
        try:
            yield
        finally:
            _asked("SELECT pg_advisory_unlock(%s)")
        return
    home.mkdir(parents=True, exist_ok=True)
    with (home / "background.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RunningAlreadyError(f"Another background process is running for {home}.") from None
        yield


def _asked(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCK_NUMBER])
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class _Open:
    """A job that a worker computes, and the folder in which it says how far it is."""

    job: runs.Job
    folder: Path


class Background:
    """Hands out waiting runs and takes results in; `step` does what there is to do now and returns at once."""

    def __init__(self, home: Path, n_workers: int) -> None:
        self.folder = home / "runs"
        self.n_workers = n_workers
        self.open: dict[Future[str], _Open] = {}
        self.suspects: set[str] = set()
        self.beaten_at: datetime | None = None
        self.pool = self._new_pool()

    def start(self, *, now: datetime) -> None:
        """Let what a killed process left behind wait again."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if n := runs.wait_again_all(now=now):
            log.info("%d runs wait again", n)

    def step(self, *, now: datetime) -> bool:
        """Collect, hand out, report; whether any run is open."""
        self._collect(now)
        self._hand_out(now)
        if self.beaten_at is None or now - self.beaten_at >= BEAT_EVERY:
            self.beaten_at = now
            for opened in self.open.values():
                self._report(opened, now)
        return bool(self.open)

    def close(self) -> None:
        """End the workers; their runs wait again when the process starts the next time."""
        self.pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.n_workers, mp_context=get_context("spawn"), initializer=follow_parent)

    def _hand_out(self, now: datetime) -> None:
        while len(self.open) < (1 if self.suspects else self.n_workers):
            job = runs.claim_next(now=now)
            if job is None:
                self.suspects.clear()
                return
            folder = self.folder / f"{job.ref}-{job.attempt}"
            folder.mkdir(parents=True, exist_ok=True)
            try:
                future = self.pool.submit(computed, job.inputs, job.salt, str(folder))
            except BrokenExecutor:
                runs.give_back(job, is_guilty=False, now=now)
                self.pool = self._new_pool()
                return
            self.open[future] = _Open(job, folder)

    def _collect(self, now: datetime) -> None:
        done = [future for future in self.open if future.done()]
        killed = [f for f in done if isinstance(f.exception(), BrokenExecutor)]
        if killed:
            done = list(wait(self.open, timeout=BREAKS_WITHIN_S).done)
            killed = [f for f in done if isinstance(f.exception(), BrokenExecutor)]
        for future in done:
            opened = self.open.pop(future)
            shutil.rmtree(opened.folder, ignore_errors=True)
            if future not in killed:
                self.suspects.discard(opened.job.ref)
                self._take_in(opened.job, future, now)
                continue
            log.warning("a worker was killed while run %s was open", opened.job.ref)
            self.suspects.add(opened.job.ref)
            runs.give_back(opened.job, is_guilty=len(killed) == 1, now=now)
        if killed:
            self.pool.shutdown(wait=False)
            self.pool = self._new_pool()

    def _take_in(self, job: runs.Job, future: Future[str], now: datetime) -> None:
        error = future.exception()
        if error is None:
            runs.finish(job, future.result(), now=now)
        elif isinstance(error, ReassureError):
            runs.fail(job, str(error), now=now)
        else:
            log.error("run %s failed", job.ref, exc_info=error)
            runs.fail(job, f"A fault of the program: {type(error).__name__}. The input is kept.", now=now)

    def _report(self, opened: _Open, now: datetime) -> None:
        if runs.beat(opened.job, _progress(opened.folder), now=now):
            (opened.folder / STOP).touch()


def _progress(folder: Path) -> Mapping[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / PROGRESS).read_text())
    except FileNotFoundError:
        return {}
    return found
