"""`reassure patrols forces`: a plan for every police area of a register, on all cores or on a cluster."""

import os
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.force_jobs import ForceJob, ForcePlan, plan_force
from reassure.cli.output import FAULTS_FOUND, note, note_compiling, say, say_json
from reassure.cli.patrols_plan import Switch
from reassure.cli.plan_files import OUTPUT_WORDS
from reassure.cli.planning import Budget
from reassure.engines.executors import Outcome, on_cluster, on_processes, plan_forces
from reassure.errors import InputError, Problem
from reassure.files.force_days import ForceDays, ForceFiles, read_force_days
from reassure.files.writing import write_folder
from reassure.periods import parse_date


def command(
    places: Annotated[Path, typer.Option(help="Register of places: CSV, GeoJSON or OpenStreetMap extract.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="Day to plan, such as 2026-11-27.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the results, one folder an area.")],
    units_per_area: Annotated[
        int, typer.Option(metavar="N", min=0, max=2_000, help="Generate N units for each area, to try things with.")
    ] = 0,
    units: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with a roster AREA.csv for each area.")
    ] = None,
    faith: Annotated[list[str] | None, typer.Option(help="Only places of this faith; may be given again.")] = None,
    areas: Annotated[Path | None, typer.Option(help="Outlines of police areas, GeoJSON.")] = None,
    declaration: Annotated[Path | None, typer.Option(help="Declaration in force, TOML.")] = None,
    timetables: Annotated[Path | None, typer.Option(help="When places say they gather, CSV.")] = None,
    announcements: Annotated[Path | None, typer.Option(help="What was announced about Muslim dates, CSV.")] = None,
    iterations: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Search exactly N iterations an area.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Number that the search's choices come from.")] = 1,
    salt: Annotated[str | None, typer.Option(metavar="TEXT", help="Sealed text of the draws.")] = None,
    lottery: Annotated[Switch, typer.Option(help="Draw each plan by lot, or take the best ones.")] = Switch.ON,
    bound: Annotated[Switch, typer.Option(help="Work out for each area what no plan exceeds.")] = Switch.ON,
    workers: Annotated[int, typer.Option(min=0, help="Processes on this machine; 0 for one a core.")] = 0,
    cluster: Annotated[
        str | None, typer.Option(metavar="URL", help="Address of a Dask scheduler: its workers plan instead.")
    ] = None,
    json_only: Annotated[bool, typer.Option("--json-only", help="Write plan.json only, no pages and cards.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Plan every police area that a register has places in, each for itself; an area that fails stops no other.

    Shortfalls are stated, not refused. Ends with 1 when an area could not be planned.
    """
    if (units is None) == (units_per_area == 0):
        problem = Problem(
            "units", "", "either --units DIR or --units-per-area N", says="there is no one way to get units"
        )
        raise InputError([problem])
    pools = on_cluster(cluster) if cluster else on_processes(workers or os.cpu_count() or 1)
    began = time.monotonic()
    files = ForceFiles(places, units, units_per_area, declaration, timetables, areas, announcements)
    days = read_force_days(files, on=parse_date(on, "--on"), faiths=frozenset(faith or ()), seed=seed)
    drawn = Budget(seed, iterations, is_drawn=lottery is Switch.ON, salt=salt).drawn_with
    names = ("plan.json",) if json_only else tuple(OUTPUT_WORDS)
    jobs = {
        area: ForceJob(inputs, seed, iterations, drawn, None if bound is Switch.ON else 0, names)
        for area, inputs in days.inputs.items()
    }
    n_done = 0
    note_compiling()

    def tell(area: str, outcome: Outcome[ForcePlan]) -> None:
        nonlocal n_done
        n_done += 1
        if outcome.value is not None:
            write_folder(out / area, outcome.value.files)
        said = outcome.failure.splitlines()[0] if outcome.failure else _said(outcome)
        note(f"{n_done}/{len(jobs)} {area} {days.inputs[area].area_name}: {said}")

    outcomes = plan_forces(jobs, plan_force, pools, on_done=tell)
    failures = days.failures | {area: o.failure for area, o in outcomes.items() if o.failure}
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        say_json(_result(days, outcomes, failures, seconds))
    else:
        _say(days, outcomes, failures, out, seconds)
    if failures:
        raise typer.Exit(FAULTS_FOUND)


def _said(outcome: Outcome[ForcePlan]) -> str:
    if outcome.value is None:
        return outcome.failure
    counts = outcome.value.counts
    again = f" (run {outcome.n_runs} times)" if outcome.n_runs > 1 else ""
    return (
        f"{counts['n_visits']:,} visits by {counts['n_units_out']:,} of {counts['n_units']:,} units, "
        f"{counts['points']:,.0f} points{again}"
    )


def _say(
    days: ForceDays, outcomes: dict[str, Outcome[ForcePlan]], failures: dict[str, str], out: Path, seconds: float
) -> None:
    planned = [o.value.counts for o in outcomes.values() if o.value is not None]
    say(f"{len(planned):,} of {len(planned) + len(failures):,} areas planned in {seconds:,.1f} s; plans in {out}.")
    say(f"  {sum(c['n_visits'] for c in planned):>8,}  visits")
    n_places = sum(c["n_places"] for c in planned)
    say(f"  {sum(c['n_places_visited'] for c in planned):>8,}  places visited of {n_places:,}")
    say(f"  {sum(bool(c['shortfall']) for c in planned):>8,}  areas with a shortfall")
    if days.n_without_area:
        say(f"  {days.n_without_area:>8,}  open places lie in no police area and are in no plan")
    for area, failure in sorted(failures.items()):
        say(f"Not planned: {area}: {failure}")


def _result(
    days: ForceDays, outcomes: dict[str, Outcome[ForcePlan]], failures: dict[str, str], seconds: float
) -> dict[str, Any]:
    return {
        "areas": {area: o.value.counts for area, o in outcomes.items() if o.value is not None},
        "failures": failures,
        "n_without_area": days.n_without_area,
        "seconds": seconds,
    }
