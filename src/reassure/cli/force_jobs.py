"""One police area planned, checked and written down as bytes: what a worker of `reassure patrols forces` does."""

from dataclasses import dataclass
from typing import Any

from reassure.cli.plan_files import OUTPUT_WORDS, checked_files
from reassure.cli.plan_summary import plan_counts
from reassure.engines.routing import travel_source
from reassure.files.plan_json import signed
from reassure.patrols.day import DayInputs, plan_day
from reassure.patrols.lottery import Salt


@dataclass(frozen=True)
class ForceJob:
    """One area's day, how long to search, and the salt of its draw; `rounds` as for `plan_day`."""

    inputs: DayInputs
    seed: int
    iterations: int | None
    salt: Salt | None
    rounds: int | None = None
    names: tuple[str, ...] = tuple(OUTPUT_WORDS)


@dataclass(frozen=True)
class ForcePlan:
    """An area's outputs by file name, and its counts."""

    files: dict[str, bytes]
    counts: dict[str, Any]


def plan_force(job: ForceJob) -> ForcePlan:
    """Plan an area, check the plan and write its outputs; the same job gives the same bytes wherever it runs."""
    document = signed(
        plan_day(
            job.inputs,
            travel_source("great-circle"),
            seed=job.seed,
            iterations=job.iterations,
            salt=job.salt,
            rounds=job.rounds,
        )
    )
    return ForcePlan(
        checked_files(document, job.names), {**plan_counts(document).as_json(), "digest": document["digest"]}
    )
