"""Measure whole commands on the real register: a day, changes on the day, every force.

Usage: python scripts/bench_days.py [friday sunday replan forces ...] [--seed N]; without any, all but sunday.
REASSURE_DATA names the folder of the register (default ../shared/data). Rosters are generated. Each command runs in
a process of its own; seconds are by the clock and of the processor, memory is the most that one process held.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AREA = "E23000014"
"""West Midlands."""
FRIDAY, SUNDAY = "2026-11-27", "2026-11-29"
N_UNITS = {FRIDAY: 40, SUNDAY: 60}
UNITS_AN_AREA = 8
PARTS = "friday", "replan", "forces"
LOST_AT = "12:30"


@dataclass(frozen=True)
class Run:
    """What one command took, and what it printed as JSON."""

    seconds: float
    processor_s: float
    memory_mb: float
    found: dict[str, Any]


def register(name: str) -> Path:
    """A file of the register."""
    return Path(os.environ.get("REASSURE_DATA", "../shared/data")) / "places_of_worship" / name


def run(*words: object) -> Run:
    """`reassure ...` to its end; its faults end this script."""
    command = [str(Path(sys.executable).with_name("reassure")), *(str(word) for word in words)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command[1:4])} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    processor_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    text = done.stdout.strip()
    return Run(seconds, processor_s, after.ru_maxrss / 1024, json.loads(text) if text.startswith("{") else {})


def plan(on: str, folder: Path, seed: int) -> Run:
    """A generated roster, and the whole command on it: plan, certificate, draw, reasons, files."""
    places = register("west_midlands_places_of_worship_osm_2026-08.csv")
    units = folder / f"units-{on}.csv"
    run("patrols", "units", "--area", AREA, "--places", places, "--on", on, "--n", N_UNITS[on], "--out", units)
    options = ("--places", places, "--units", units, "--on", on, "--area", AREA, "--seed", seed)
    return run("patrols", "plan", *options, "--out", folder / on, "--json")


def day_words(folder: Path) -> str:
    """The plan, its bound and its draw, in figures."""
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    totals, found, certificate = document["totals"], document["lottery"], document["certificate"]
    best = found["best"]
    proof = "no bound"
    if certificate:
        proof = f"bound {certificate['bound'] / 100:,.0f}, {100 * (1 - best / certificate['bound']):.1f} % above"
    return (
        f"{totals['n_visits']:,} visits; best plan {best / 100:,.0f}, {proof}; drawn {totals['prize'] / 100:,.0f} of "
        f"{found['n_plans']} plans, expected {found['expected'] / 100:,.0f}, worst {found['worst'] / 100:,.0f}; "
        f"chance of a visit min {found['chance_min']:.2f}, median {found['chance_median']:.2f}; "
        f"next stop foretold {found['next_stop_share']:.2f}"
    )


def replan(folder: Path, seed: int) -> tuple[Run, float]:
    """The whole command after two units are lost at half past twelve, and the share of other units' visits changed."""
    document = json.loads((folder / "plan.json").read_text("utf-8"))
    lost = [word for route in document["routes"] if route["stops"] for word in ("--lost", route["unit_ref"])][:4]
    made = run(
        *("patrols", "replan", folder, *lost, "--at", LOST_AT, "--seed", seed, "--out", folder / "again", "--json")
    )
    found = made.found["replan"]
    return made, found["n_changed"] / max(1, found["n_surviving"])


def forces(folder: Path, seed: int) -> tuple[Run, str]:
    """Every area with a mosque, on two processes, with certificates and draws."""
    places = register("places_of_worship_osm_2026-08.csv")
    options = ("--places", places, "--on", FRIDAY, "--faith", "muslim", "--units-per-area", UNITS_AN_AREA)
    made = run("patrols", "forces", *options, "--workers", 2, "--seed", seed, "--json-only", "--json", "--out", folder)
    areas = made.found["areas"]
    visits = sum(counts["n_visits"] for counts in areas.values())
    return made, f"{len(areas)} areas planned, {len(made.found['failures'])} failed, {visits:,} visits"


def took(made: Run) -> str:
    """Seconds and memory, in words."""
    return f"{made.seconds:.1f} s by the clock, {made.processor_s:.1f} s of the processor, {made.memory_mb:,.0f} MB"


def main() -> None:
    """Print a line for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=PARTS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part, on in (("friday", FRIDAY), ("sunday", SUNDAY)):
            if part in given.parts:
                made = plan(on, folder, given.seed)
                tell(f"{part}: {took(made)}; {day_words(folder / on)}")
        if "replan" in given.parts and (folder / FRIDAY).exists():
            made, share = replan(folder / FRIDAY, given.seed)
            tell(f"replan: {took(made)}; {100 * share:.1f} % changed")
        if "forces" in given.parts:
            made, words = forces(folder / "forces", given.seed)
            tell(f"forces: {took(made)}; {words}")


def tell(text: str) -> None:
    """A line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
