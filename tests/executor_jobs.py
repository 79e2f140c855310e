"""Jobs that tests hand to other processes; they have to stand in a module that a process can import."""

import os
import signal
from pathlib import Path

from reassure.errors import RuleError


def double(n: int) -> bytes:
    """Bytes that depend on the job alone."""
    return f"plan {2 * n}\n".encode()


def refuse_two(n: int) -> bytes:
    """What the rules say no to for one job, and a mistake for another."""
    if n == 2:
        raise RuleError("Two visits are fixed but only one fits.")
    if n == 3:
        raise ZeroDivisionError("a mistake")
    return double(n)


def killed_once(job: tuple[int, str]) -> bytes:
    """Kills its own worker the first time that job 1 runs, as a machine that runs out of memory does."""
    n, folder = job
    mark = Path(folder) / "killed"
    if n == 1 and not mark.exists():
        mark.write_text("once")
        os.kill(os.getpid(), signal.SIGKILL)
    return double(n)


def always_killed(n: int) -> bytes:
    """Kills its worker whenever job 1 runs."""
    if n == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return double(n)
