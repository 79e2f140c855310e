"""How the command line speaks: results on standard output, everything else on standard error.

With `--json` standard output holds JSON and nothing else. Progress shows on a terminal, for work of over a
second.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reassure.engines.compiled import has_compiled_code
from reassure.errors import InputError, NotAllowedError, ReassureError, RuleError

DONE, FAULTS_FOUND, BAD_INPUT, REFUSED, STOPPED = 0, 1, 2, 3, 130
"""Exit codes."""

MAX_SHOWN = 50
COMPILING_S = 40
"""Seconds of one core that it takes to build the compiled planner, about; docs/bench.md has the command."""


def say(text: str = "") -> None:
    """A line of the result."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line beside the result: progress, warnings, what was dropped."""
    sys.stderr.write(text + "\n")


def note_compiling() -> None:
    """Say why the first plan on a machine takes long; nothing where the compiled planner is at hand."""
    if not has_compiled_code():
        note(f"Compiling the planner, once on this machine (about {COMPILING_S} s).")


def say_json(value: Any) -> None:
    """The result for a machine: one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def report_error(error: ReassureError) -> int:
    """Print every problem of an error, one a line, and return the exit code it stands for."""
    problems = error.problems
    if not problems:
        note(str(error))
    for problem in problems[:MAX_SHOWN]:
        note(problem.text)
    if len(problems) > MAX_SHOWN:
        note(f"... and {len(problems) - MAX_SHOWN} more.")
    if isinstance(error, InputError):
        return BAD_INPUT
    return REFUSED if isinstance(error, RuleError | NotAllowedError) else FAULTS_FOUND


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show that something is under way, on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415 - a second of start-up for a spinner that most calls never show

    with Console(stderr=True).status(text):
        yield
