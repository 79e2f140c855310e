"""Hold the planner against OR-Tools, VROOM and PyVRP on published tour problems: same files, same seconds, one table.

Usage: python scripts/bench_peers.py FOLDER [--seconds S] [--seed N] [--solvers NAME,NAME] [--sample N] [INSTANCE ...]
FOLDER holds toptw/, mctopmtw/ and their *_best_known.csv; an INSTANCE is `c101:2` or `MCTOPMTW-2-c101`. Without any
a sample is drawn by the seed: N of TOPTW in turn from each family and number of tours, and as many of MCTOPMTW;
`--sample 0` takes all there are. Each solver runs in a process of its own, one after the other; every answer is
verified before it counts. A ratio is our mean gap over the best peer's, on the TOPTW files that all of them
solved. MCTOPMTW has limits and windows by tour that the peers cannot be given; there the peer is the best that
Souffriau et al. (2013) published.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from reassure.files.tour_problems import read_tours
from reassure.patrols.tours import PRIZE_SCALE, TourInstance, tour_problem
from reassure.patrols.tours_check import tour_faults

OURS = "reassure"
PEERS = ("ortools-guided", "ortools-tabu", "vroom", "pyvrp")
PUBLISHED = "souffriau-2013"
FAMILIES = "c1", "c2", "r1", "r2", "rc1", "rc2", "pr"
GRACE_S = 120
"""How much longer than its time a process may take, for start-up and compiling."""


@dataclass
class Case:
    """One problem and what each solver made of it; None where there is no answer that holds."""

    name: str
    instance: TourInstance
    path: Path
    tours: int
    best: Decimal | None
    values: dict[str, Decimal | None] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def gap(self, solver: str) -> float | None:
        """How far below the best known, per cent."""
        value = self.values.get(solver)
        return None if value is None or not self.best else float(100 * (self.best - value) / self.best)


def best_known(folder: Path) -> dict[tuple[str, int], tuple[Decimal, Decimal | None]]:
    """Best known value (and the published peer's, for MCTOPMTW) by instance and tours."""
    found: dict[tuple[str, int], tuple[Decimal, Decimal | None]] = {}
    columns = (("toptw", "best_known", None), ("mctopmtw", "benchmark", "souffriau_best"))
    for name, column, published in columns:
        path = folder / f"{name}_best_known.csv"
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                key = row["instance"] if name == "toptw" else f"MCTOPMTW-{row['m']}-{row['instance']}"
                peer = Decimal(row[published]) if published and row[published] else None
                found[key, int(row["m"])] = Decimal(row[column]), peer
    return found


def sampled(known: dict[tuple[str, int], tuple[Decimal, Decimal | None]], n: int, seed: int) -> list[str]:
    """Words of `n` TOPTW problems, in turn from each family and number of tours, and as many of MCTOPMTW; 0 for all."""
    strata: dict[tuple[str, int], list[str]] = {}
    mixed = []
    for name, m in sorted(known):
        if name.startswith("MCTOPMTW"):
            mixed.append(name)
        else:
            family = next(f for f in sorted(FAMILIES, key=len, reverse=True) if name.startswith(f))
            strata.setdefault((family, min(m, 5)), []).append(f"{name}:{m}")
    rng = Random(seed)
    for words in (*strata.values(), mixed):
        rng.shuffle(words)
    order = list(strata)
    rng.shuffle(order)
    deepest = max((len(words) for words in strata.values()), default=0)
    plain = [strata[key][i] for i in range(deepest) for key in order if i < len(strata[key])]
    return [*plain, *mixed] if n == 0 else [*plain[:n], *mixed[:n]]


def case_of(folder: Path, word: str, known: dict[tuple[str, int], tuple[Decimal, Decimal | None]]) -> Case:
    """The problem that a word such as `c101:2` names."""
    name, _, m = word.partition(":")
    kind = "mctopmtw" if name.startswith("MCTOPMTW") else "toptw"
    path = folder / kind / f"{name}.txt"
    instance = read_tours(path, form=kind)
    tours = int(m) if m else instance.tours or 1
    best, published = known.get((name, tours), (None, None))
    case = Case(name, instance, path, tours, best)
    if published is not None:
        case.values[PUBLISHED] = published
    return case


def run_ours(case: Case, seconds: float, seed: int) -> dict[str, Any]:
    """`reassure patrols bench --json` on one file."""
    command = [Path(sys.executable).with_name("reassure"), "patrols", "bench", case.path, "--json"]
    options = ["--tours", case.tours, "--time-limit", seconds, "--seed", seed]
    return answer_of([*command, *options], "", seconds)


def run_peer(case: Case, solver: str, seconds: float, seed: int) -> dict[str, Any]:
    """One other solver, given whole numbers only."""
    problem = tour_problem(case.instance, tours=case.tours)
    shift = problem.shifts[0]
    given = {
        "tours": case.tours,
        "travel": problem.travel["car"].tolist(),
        "stay": [o.dwell_s for o in problem.options],
        "windows": [[o.earliest_s, o.latest_s] for o in problem.options],
        "prize": [o.prize / PRIZE_SCALE for o in problem.options],
        "opens": shift.starts_s,
        "closes": shift.ends_s,
        "seconds": seconds,
        "seed": seed,
    }
    command = [sys.executable, Path(__file__).with_name("bench_peer.py"), solver]
    found = answer_of(command, json.dumps(given), seconds)
    numbers = [problem.site_refs[option.site] for option in problem.options]
    return {**found, "routes": [[int(numbers[i]) for i in route] for route in found.get("routes", ())]}


def answer_of(command: list[Any], given: str, seconds: float) -> dict[str, Any]:
    """What a process printed; empty where it failed or did not end, which is said."""
    words = [str(word) for word in command]
    try:
        run = subprocess.run(  # noqa: S603 - our own commands
            words, input=given, capture_output=True, text=True, timeout=seconds + GRACE_S, check=True
        )
        return dict(json.loads(run.stdout))
    except subprocess.TimeoutExpired:
        tell(f"  did not end in {seconds + GRACE_S:.0f} s: {' '.join(words[:4])}")
    except (subprocess.CalledProcessError, ValueError) as error:
        last = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        tell(f"  failed: {' '.join(words[:4])}: {' '.join(last)}")
    return {}


def judge(case: Case, solver: str, found: dict[str, Any]) -> None:
    """Take an answer only when it holds."""
    case.values[solver] = None
    if not found:
        return
    score = {point.number: point.score for point in case.instance.points}
    routes = found["routes"]
    value = sum((score.get(n, Decimal(0)) for route in routes for n in route), Decimal(0))
    faults = tour_faults(case.instance, tours=case.tours, routes=routes, value=value)
    if solver == OURS and Decimal(str(found["value"])) != value:
        tell(f"  {case.name}: says {found['value']}, the routes are worth {value}")
    elif faults:
        tell(f"  {case.name}, {solver}: {faults[0].text}")
    else:
        case.values[solver], case.seconds[solver] = value, float(found["seconds"])


def tell(text: str) -> None:
    """A line of the table, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def cell(case: Case, solver: str) -> str:
    """Value and gap, or why there is none."""
    value, gap = case.values.get(solver), case.gap(solver)
    if value is None:
        return "-"
    return f"{value:,.0f}" + ("" if gap is None else f" ({gap:.2f} %)")


def mean_gaps(cases: list[Case], solvers: tuple[str, ...]) -> dict[str, float]:
    """Mean gap of each solver over the cases that all of them solved."""
    shared = [case for case in cases if all(case.gap(s) is not None for s in solvers)]
    return {s: sum(case.gap(s) or 0.0 for case in shared) / len(shared) for s in solvers} if shared else {}


def summary(cases: list[Case], solvers: tuple[str, ...], mean_s: str) -> None:
    """The mean row, the worst case of ours, and the ratio to the best peer."""
    means = mean_gaps(cases, solvers)
    if not means:
        return
    tell("| mean gap | | | " + " | ".join(f"{means[s]:.3f} %" for s in solvers) + " |")
    tell(mean_s)
    worst = max(cases, key=lambda case: case.gap(OURS) or 0.0)
    tell(f"Our worst: {worst.name}, m {worst.tours}, {worst.gap(OURS) or 0.0:.2f} %.")
    lost = [f"{c.name} m {c.tours}" for c in cases if any((c.values[s] or 0) > (c.values[OURS] or 0) for s in solvers)]
    tell("We lose on: " + (", ".join(lost) if lost else "none of these") + ".")
    peers = [s for s in solvers if s != OURS]
    if OURS in means and peers:
        best = min(peers, key=lambda s: means[s])
        ratio = means[OURS] / means[best] if means[best] > 0 else float("nan")
        tell(f"Ratio of our mean gap to the best peer's ({best}): {ratio:.2f}.")


def table(cases: list[Case], solvers: tuple[str, ...]) -> None:
    """A table in Markdown."""
    tell("| instance | m | best known | " + " | ".join(solvers) + " |")
    tell("|---|--:|--:|" + "--:|" * len(solvers))
    for case in cases:
        best = "-" if case.best is None else f"{case.best:,.0f}"
        tell(f"| {case.name} | {case.tours} | {best} | " + " | ".join(cell(case, s) for s in solvers) + " |")
    used = {s: [case.seconds[s] for case in cases if s in case.seconds] for s in solvers}
    said = ", ".join(f"{s} {sum(v) / len(v):.1f} s" for s, v in used.items() if v)
    summary(cases, solvers, f"\nMean seconds used: {said}.")


def machine() -> str:
    """The machine, and how busy it is."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        name = models[0] if models else name
    return (
        f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} (others' work included)"
    )


def solve_all(cases: list[Case], solvers: tuple[str, ...], seconds: float, seed: int) -> None:
    """Run every solver on every problem; peers where the problem can be put to them."""
    for case in cases:
        for solver in solvers:
            if solver == OURS:
                judge(case, solver, run_ours(case, seconds, seed))
            elif case.instance.budget is None:
                judge(case, solver, run_peer(case, solver, seconds, seed))


def tables(cases: list[Case], solvers: tuple[str, ...]) -> None:
    """Print what came out: TOPTW beside the peers, MCTOPMTW beside what was published."""
    plain = [case for case in cases if case.instance.budget is None]
    if plain:
        table(plain, solvers)
    mixed = [case for case in cases if case.instance.budget is not None]
    if mixed and OURS in solvers:
        tell("")
        table(mixed, (OURS, PUBLISHED))


def main() -> None:
    """Run every solver on every problem, then print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("instances", nargs="*")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=24)
    parser.add_argument("--solvers", default=",".join((OURS, *PEERS)))
    given = parser.parse_intermixed_args()
    solvers = tuple(given.solvers.split(","))
    if unknown := set(solvers) - {OURS, *PEERS}:
        parser.error(f"unknown solvers: {', '.join(sorted(unknown))}; there are {', '.join((OURS, *PEERS))}")
    known = best_known(given.folder)
    words = given.instances or sampled(known, given.sample, given.seed)
    cases = [case_of(given.folder, word, known) for word in words]
    tell(f"{machine()}; {given.seconds:g} s a problem and solver, seed {given.seed}\n")
    solve_all(cases, solvers, given.seconds, given.seed)
    tables(cases, solvers)
    tell(f"\nLoad at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
