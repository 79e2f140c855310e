"""One job a police area, on the cores of one machine or on a cluster: same results either way.

Rules: a job that fails is reported and the others go on; a job whose worker was killed runs again, and after the
second such break alone, so that only the one that kills its worker is given up. Elsewhere: what a job does
(whoever calls), how a day is planned (`patrols.day`).
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Generic, TypeVar

from reassure.errors import InputError, Problem, ReassureError

J = TypeVar("J")
R = TypeVar("R")

MOST_RUNS = 3
"""A job is given up when its worker was killed so many times."""

KILLED = ("KilledWorker", "CommClosedError", "CancelledError", "FutureCancelledError")
"""What a cluster raises for a job when its workers went away."""


@dataclass(frozen=True)
class Outcome(Generic[R]):
    """
    What came of a job.

    Parameters
    ----------
    value
        What the job gave; None where it failed.
    failure
        Why it failed, in words; empty where it did not.
    n_runs
        How often it was started.
    """

    value: R | None
    failure: str = ""
    n_runs: int = 1


Pools = Callable[[], AbstractContextManager[Executor]]
"""Makes an executor; asked again when one broke."""


def plan_forces(
    jobs: Mapping[str, J],
    work: Callable[[J], R],
    pools: Pools,
    *,
    on_done: Callable[[str, Outcome[R]], None] | None = None,
) -> dict[str, Outcome[R]]:
    """
    Run one job a police area.

    Parameters
    ----------
    jobs
        By area; started in this order.
    work
        A function of a module, which other processes can import; its results depend on the job alone.
    pools
        `on_processes(n)`, `on_cluster(url)` or any other executor.
    on_done
        Told of each area as its job ends, in no particular order.

    Returns
    -------
    dict[str, Outcome]
        In the order of the jobs.
    """
    done: dict[str, Outcome[R]] = {}
    runs = dict.fromkeys(jobs, 0)
    n_breaks = 0
    while left := [area for area in jobs if area not in done]:
        for batch in [left] if n_breaks < 2 else [[area] for area in left]:
            ended = _run(jobs, batch, work, pools, runs, on_done)
            done |= ended
            if len(ended) == len(batch):
                continue
            n_breaks += 1
            for area in batch:
                if area not in done and runs[area] >= MOST_RUNS and len(batch) == 1:
                    done[area] = Outcome(None, f"its worker was killed {runs[area]} times", runs[area])
                    if on_done:
                        on_done(area, done[area])
            if len(batch) > 1:
                break
    return {area: done[area] for area in jobs}


def _run(
    jobs: Mapping[str, J],
    batch: list[str],
    work: Callable[[J], R],
    pools: Pools,
    runs: dict[str, int],
    on_done: Callable[[str, Outcome[R]], None] | None,
) -> dict[str, Outcome[R]]:
    """Run some jobs on one executor; those whose worker was killed are missing from what comes back."""
    ended: dict[str, Outcome[R]] = {}
    with pools() as executor:
        futures: dict[Future[R], str] = {}
        for area in batch:
            try:
                futures[executor.submit(work, jobs[area])] = area
            except BrokenExecutor:
                break
            runs[area] += 1
        for future in as_completed(futures):
            area = futures[future]
            outcome = _outcome(future, runs[area])
            if outcome is None:
                continue
            ended[area] = outcome
            if on_done:
                on_done(area, outcome)
    return ended


def _outcome(future: Future[R], n_runs: int) -> Outcome[R] | None:
    """What a job gave, or why it failed; None where its worker was killed."""
    error = None if future.cancelled() else future.exception()
    if future.cancelled() or isinstance(error, BrokenExecutor) or type(error).__name__ in KILLED:
        return None
    if isinstance(error, ReassureError):
        return Outcome(None, str(error), n_runs)
    if error is not None:
        return Outcome(None, f"{type(error).__name__}: {error}", n_runs)
    return Outcome(future.result(), "", n_runs)


def on_processes(n_workers: int) -> Pools:
    """Executors of so many processes on this machine, each started afresh."""

    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(n_workers, mp_context=get_context("spawn"))

    return pool


def on_cluster(url: str) -> Pools:
    """Executors of a Dask cluster, by the address of its scheduler; `InputError` where the extra is not installed."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        expected = "the extra for clusters: pip install 'reassure[cluster]'"
        raise InputError([Problem("cluster", url, expected, says="Dask is not installed")]) from None

    @contextmanager
    def pool() -> Iterator[Executor]:
        try:
            client = distributed.Client(url, timeout="5s")
        except (OSError, ValueError, TimeoutError):
            raise InputError([Problem("cluster", url, "the address of a Dask scheduler that answers")]) from None
        with client, client.get_executor(pure=False) as executor:
            yield executor

    return pool
