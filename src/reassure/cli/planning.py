"""Planning a day from the command line: search with progress, check, write every output, say what came out."""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from reassure.cli.output import note, note_compiling, say, say_json
from reassure.cli.plan_files import OUTPUT_WORDS, checked_files
from reassure.cli.plan_summary import certificate_lines, lottery_lines, plan_counts, summary_lines
from reassure.files.plan_json import signed
from reassure.files.writing import write_folder
from reassure.patrols.day import DayInputs, Travel, plan_day
from reassure.patrols.lottery import Salt
from reassure.patrols.problem import PatrolProblem
from reassure.patrols.search import Progress, iterations_in

OVERTIME = 1.5
"""How much of a time limit a search may take before it is cut off: a machine may slow down while it runs."""

SEARCH_SHARE = 0.5
"""Part of a time limit that goes into the search where a plan is drawn; the draw takes about as many steps again."""


@dataclass(frozen=True, slots=True)
class Budget:
    """
    How long to search: a number of iterations, a number of seconds, or what fits the size; the seed; and the draw.

    Parameters
    ----------
    salt
        Sealed part of the seed of the draw; None for a rehearsal, whose salt is made from the seed.
    is_bounded
        Whether a certificate is worked out: what no plan exceeds.
    """

    seed: int = 1
    iterations: int | None = None
    time_limit_s: float | None = None
    is_drawn: bool = True
    salt: str | None = None
    is_bounded: bool = True

    @property
    def drawn_with(self) -> Salt | None:
        """The salt of the draw; None where the best plan is taken."""
        if not self.is_drawn:
            return None
        return Salt(f"rehearsal {self.seed}", is_rehearsal=True) if self.salt is None else Salt(self.salt)


def plan_to_folder(
    inputs: DayInputs, travel: Travel, budget: Budget, *, out: Path, as_json: bool = False
) -> dict[str, Any]:
    """
    Plan a day, check the plan independently, write every output and print the summary.

    Returns
    -------
    dict
        The signed plan document.

    Raises
    ------
    RuleError
        The plan cannot be made, or the checker refuses it; nothing is written then.
    """
    note_compiling()
    began = time.monotonic()
    with _stoppable(budget.time_limit_s) as (stop, is_pressed), _progress() as progress:
        document = signed(
            plan_day(
                inputs,
                travel,
                seed=budget.seed,
                iterations=_iterations(budget, began),
                stop=stop,
                progress=progress,
                salt=budget.drawn_with,
                rounds=None if budget.is_bounded else 0,
                stop_bound=is_pressed,
            )
        )
    planned = time.monotonic()
    write_folder(out, checked_files(document))
    done = time.monotonic()
    seconds = {"plan": round(planned - began, 2), "check_and_write": round(done - planned, 2)}
    if as_json:
        say_json({**summary(document), "files": {name: str(out / name) for name in OUTPUT_WORDS}, "seconds": seconds})
    else:
        _say_summary(document, out)
        note(f"Planned in {seconds['plan']:.1f} s, checked and written in {seconds['check_and_write']:.1f} s.")
    return document


def _iterations(budget: Budget, began: float) -> int | Callable[[PatrolProblem], int] | None:
    """What the budget says; a time limit becomes the iterations that fit what is left of it since `began`."""
    limit_s = budget.time_limit_s
    if budget.iterations is not None or limit_s is None:
        return budget.iterations
    share = SEARCH_SHARE if budget.is_drawn else 1.0
    return lambda problem: iterations_in(
        problem, max(0.1, share * (began + limit_s - time.monotonic())), time.monotonic
    )


def summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a planner wants to know first, as plain values."""
    return {
        **plan_counts(document).as_json(),
        "certificate": document["certificate"],
        "search": document["search"],
        "digest": document["digest"],
    }


def _say_summary(document: Mapping[str, Any], out: Path) -> None:
    for line in (*summary_lines(plan_counts(document)), *certificate_lines(document), "", *lottery_lines(document)):
        say(line)
    say()
    say("Files")
    for name, words in OUTPUT_WORDS.items():
        say(f"  {out / name}  {words}")
    say()
    say(f"Open {out / 'plan.html'} first.")


@contextmanager
def _stoppable(time_limit_s: float | None) -> Iterator[tuple[Callable[[], bool], Callable[[], bool]]]:
    """
    A `stop()` that answers yes long after the time limit or once Ctrl-C was pressed, and one for Ctrl-C alone.

    The search has a budget that fits the time limit, so that it ends by itself and its iterations repeat it.

    A second Ctrl-C ends all.
    """
    deadline = None if time_limit_s is None else time.monotonic() + OVERTIME * time_limit_s
    pressed: list[int] = []

    def press(_signal: int, _frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(1)
        note("Stopping; the best plan so far is kept. Ctrl-C again to give up.")

    def stop() -> bool:
        return bool(pressed) or (deadline is not None and time.monotonic() >= deadline)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield stop, lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None] | None]:
    """A line of progress on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    with Bar(
        TextColumn("Searching"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("search", total=None, said="")

        def show(state: Progress) -> None:
            bar.update(task, total=state.budget, completed=state.iterations, said=f"{state.prize / 100:,.0f} points")

        yield show
