"""`reassure patrols bench`: the planner on published tour problems, every answer checked before it is printed."""

import json
import sys
import time
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from reassure.cli.output import FAULTS_FOUND, note, note_compiling, say
from reassure.errors import InputError, Problem
from reassure.files.tour_problems import MAX_TOURS, read_tours
from reassure.patrols.bound import certify
from reassure.patrols.bound_generation import N_ROUNDS
from reassure.patrols.problem import Plan
from reassure.patrols.search import default_iterations, iterations_in, plan_patrols
from reassure.patrols.search_routes import UntimedRoute
from reassure.patrols.tours import PRIZE_SCALE, TourInstance, tour_problem
from reassure.patrols.tours_check import tour_faults


class TourFormat(StrEnum):
    """How a file is written."""

    TOPTW = "toptw"
    MCTOPMTW = "mctopmtw"


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Published tour problems (KU Leuven text).")],
    form: Annotated[
        TourFormat | None, typer.Option("--format", help="How the files are written; by their first line if not given.")
    ] = None,
    tours: Annotated[
        int | None,
        typer.Option(metavar="M", min=1, max=MAX_TOURS, help="How many tours; else what the file says, or 1."),
    ] = None,
    iterations: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Search exactly N iterations: the same answer every time.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(metavar="S", min=0.1, help="Search for S seconds a file, by the clock.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Number that the search's choices come from.")] = 1,
    bound: Annotated[bool, typer.Option("--bound", help="Prove how much any answer could be worth at most.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file, each on a line.")] = False,
) -> None:
    """Solve published tour problems, check each answer with code that shares nothing with the search, print it."""
    if iterations is not None and time_limit is not None:
        raise InputError([Problem("", "", "one of them", says="--iterations and --time-limit are both given")])
    instances = _read(files, form)
    _warm_up(instances[0], is_bounded=bound)
    if not as_json:
        say(f"{'instance':20} {'tours':>5} {'value':>9} {'bound':>9} {'gap %':>7} {'iterations':>12} {'seconds':>8}")
    has_fault = False
    for instance in instances:
        row, faults = _solve(instance, tours or instance.tours or 1, iterations, time_limit, seed, is_bounded=bound)
        for fault in faults:
            note(f"{instance.name}: {fault.text}")
        has_fault = has_fault or bool(faults)
        if not faults:
            say(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
            sys.stdout.flush()
    if has_fault:
        note("An answer does not hold and is not printed; this is a fault of ours.")
        raise typer.Exit(FAULTS_FOUND)


def _read(files: list[Path], form: TourFormat | None) -> list[TourInstance]:
    """Every file, before any is solved; what is wrong with all of them at once."""
    instances: list[TourInstance] = []
    found: list[Problem] = []
    for path in files:
        try:
            instances.append(read_tours(path, form=form))
        except InputError as error:
            found += error.problems
    if found:
        raise InputError(found)
    return instances


def _warm_up(instance: TourInstance, *, is_bounded: bool) -> None:
    """Load compiled code, so that no time limit pays for it."""
    note_compiling()
    few = replace(instance, points=instance.points[:5])
    problem = tour_problem(few, tours=1)
    plan = plan_patrols(problem, iterations=50)
    if is_bounded:
        certify(problem, plan, rounds=1)


def _solve(
    instance: TourInstance,
    tours: int,
    iterations: int | None,
    time_limit_s: float | None,
    seed: int,
    *,
    is_bounded: bool,
) -> tuple[dict[str, Any], list[Problem]]:
    """One answer, and what is wrong with it; the time limit is that of the search, the bound comes on top."""
    problem = tour_problem(instance, tours=tours)
    began = time.perf_counter()
    budget, stop = iterations or default_iterations(problem), None
    if time_limit_s is not None:
        ends = began + time_limit_s
        budget = iterations_in(problem, time_limit_s, time.perf_counter)

        def stop() -> bool:
            return time.perf_counter() >= ends

    met: list[UntimedRoute] = []
    plan = plan_patrols(problem, seed=seed, iterations=budget, stop=stop, met=met if is_bounded else None)
    limit, gap = None, None
    if is_bounded:
        plan, certificate = certify(problem, plan, rounds=N_ROUNDS, routes=met)
        limit, gap = certificate.bound, certificate.gap
    seconds = time.perf_counter() - began
    value = Decimal(plan.prize) / PRIZE_SCALE
    routes = _routes(instance, plan, tours)
    row = {
        "instance": instance.name,
        "tours": tours,
        "value": _figure(value),
        "bound": None if limit is None else _figure(Decimal(limit) / PRIZE_SCALE),
        "gap_to_bound": gap,
        "iterations": plan.search.get("iterations", budget),
        "seconds": round(seconds, 3),
        "routes": routes,
    }
    return row, tour_faults(instance, tours=tours, routes=routes, value=value)


def _routes(instance: TourInstance, plan: Plan, tours: int) -> list[list[int]]:
    """Numbers of the points, one list a tour, in the order of the tours."""
    routes: list[list[int]] = [[] for _ in range(tours)]
    number_of = [point.number for point in instance.points for w in point.windows if w.opens <= w.closes]
    for route in plan.routes:
        routes[route.shift] = [number_of[stop.option] for stop in route.stops]
    return routes


def _figure(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _line(row: dict[str, Any]) -> str:
    limit = "-" if row["bound"] is None else f"{row['bound']:,}"
    gap = "-" if row["gap_to_bound"] is None else f"{100 * row['gap_to_bound']:.2f}"
    return (
        f"{row['instance']:20} {row['tours']:5} {row['value']:9,} {limit:>9} {gap:>7} "
        f"{row['iterations']:12,} {row['seconds']:8.1f}"
    )
