"""What a worker computes: a frozen input in, a checked plan document out; no database, no settings.

Rules: the input is JSON that any version of the program can read again; the salt of the draw is handed over apart,
so that no stored input holds it. A worker reports by a small file and stops when another one appears.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from reassure.engines.routing import GreatCircle
from reassure.errors import RuleError
from reassure.files.plan_json import plan_bytes, signed
from reassure.patrols.bound import knapsack
from reassure.patrols.check import check
from reassure.patrols.day import DayInputs, plan_day
from reassure.patrols.lottery import Salt
from reassure.patrols.problem import PatrolProblem
from reassure.patrols.replan_document import replanned_document
from reassure.patrols.search import Progress, default_iterations
from reassure.patrols.search_model import make_model
from reassure.patrols.units import Unit

PROGRESS, STOP = "progress.json", "stop"
"""Names of the files by which a worker and the background process speak, in the folder of the run."""


@dataclass(frozen=True)
class Replan:
    """A plan in force and what happened to it: lost units, units that came, places not to be visited any more."""

    document: dict[str, Any]
    at: datetime
    lost: tuple[str, ...] = ()
    added: tuple[Unit, ...] = ()
    cancelled: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunInput:
    """
    Everything that a computation rests on but the salt; one of `day` and `replan` is given.

    Parameters
    ----------
    iterations, rounds
        Of the search and of the certificate; None is what fits the size of the day.
    is_drawn
        Whether one of many good plans is drawn by lot.
    """

    day: DayInputs | None = None
    replan: Replan | None = None
    seed: int = 1
    iterations: int | None = None
    rounds: int | None = None
    is_drawn: bool = True


@cache
def _adapter() -> TypeAdapter[RunInput]:
    return TypeAdapter(RunInput)


def frozen(run: RunInput) -> str:
    """
    An input as JSON; what has no order stands sorted, so that equal inputs give equal texts.

    Where each field of a place comes from is left out: no plan rests on it.
    """
    if run.day is not None:
        places = [replace(place, facts=()) for place in run.day.places]
        run = replace(run, day=replace(run.day, places=places))
    plain = _sorted(json.loads(_adapter().dump_json(run)))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def thawed(text: str) -> RunInput:
    """The input that `frozen` wrote."""
    return _adapter().validate_json(text)


def input_hash(text: str) -> str:
    """SHA-256 of a frozen input, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


_SETS = frozenset({"faiths", "faiths_named", "areas", "activities", "skills", "barred"})
"""Names of the fields whose values have no order."""


def _sorted(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        items = [_sorted(item) for item in value]
        return sorted(items) if name in _SETS else items
    return value


def computed(text: str, salt: str, folder: str) -> str:
    """
    The signed plan document of a frozen input, as JSON.

    Raises
    ------
    ReassureError
        The day cannot be planned, or the checker refuses the plan.
    """
    run, files = thawed(text), _Files(Path(folder))
    document = signed(_document(run, salt, files))
    if faults := check(document):
        raise RuleError("The checker refuses this plan: " + " ".join(fault.text for fault in faults[:5]))
    return plan_bytes(document).decode()


def _document(run: RunInput, salt: str, files: "_Files") -> dict[str, Any]:
    if run.replan is not None:
        r = run.replan
        return replanned_document(
            r.document, GreatCircle(), at=r.at, lost=r.lost, added=r.added, cancelled=r.cancelled, seed=run.seed
        )
    if run.day is None:
        raise RuleError("There is nothing to plan.")
    return plan_day(
        run.day,
        GreatCircle(),
        seed=run.seed,
        iterations=files.budget(run.iterations),
        stop=files.is_stop_wished,
        progress=files.report,
        salt=Salt(salt) if run.is_drawn else None,
        rounds=run.rounds,
        stop_bound=files.is_stop_wished,
    )


class _Files:
    """The two files of a run: progress for those who watch, and the wish to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bound = 0

    def budget(self, iterations: int | None) -> Callable[[PatrolProblem], int]:
        """The iterations, noting a quick upper bound on the way, so that a watcher sees how far a plan can come."""

        def chosen(problem: PatrolProblem) -> int:
            self.bound = knapsack(make_model(problem))
            return iterations or default_iterations(problem)

        return chosen

    def report(self, state: Progress) -> None:
        """Write where the search stands; a reader sees a whole file or the one before."""
        words = {
            "iterations": state.iterations,
            "budget": state.budget,
            "best": state.prize,
            "n_must_served": state.n_must_served,
            "bound": self.bound,
        }
        part = self.folder / f"{PROGRESS}.part"
        part.write_text(json.dumps(words))
        part.replace(self.folder / PROGRESS)

    def is_stop_wished(self) -> bool:
        """Whether somebody wants the best plan so far."""
        return (self.folder / STOP).exists()
