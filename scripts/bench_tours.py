"""Measure the planner on published tour problems: value, gap to the best known, steps a second.

Usage: python scripts/bench_tours.py FOLDER [--seconds S | --iterations N] [--seed N] [--tours M,M] INSTANCE...
FOLDER holds toptw/, mctopmtw/ and their best-known tables; INSTANCE is `c101` or `MCTOPMTW-2-c101`, none means a
mixed set. Seconds are of one core; the table says what was used.
"""

import argparse
import csv
import time
from pathlib import Path

from reassure.engines.compiled import keep_compiled_code

keep_compiled_code()

from reassure.files.tour_problems import read_mctopmtw, read_toptw  # noqa: E402 - numba reads where to keep code
from reassure.patrols.search import iterations_in, plan_patrols  # noqa: E402

MIXED = (
    *("c101:2", "c104:3", "r101:2", "r104:2", "rc102:4", "rc104:2", "r108:1", "c203:1"),
    *("r201:1", "r203:1", "rc204:2", "pr02:1", "pr04:2", "pr06:1", "pr08:3", "pr10:4"),
)


def best_known(folder: Path) -> dict[tuple[str, int], float]:
    """Best known values by instance and tours."""
    found = {}
    for name, column, prefix in (("toptw", "best_known", ""), ("mctopmtw", "benchmark", "MCTOPMTW-{m}-")):
        with (folder / f"{name}_best_known.csv").open(newline="") as lines:
            for row in csv.DictReader(lines):
                m = int(row["m"])
                found[prefix.format(m=m) + row["instance"], m] = float(row[column])
    return found


def main() -> None:
    """Run and print one line an instance, then the mean gap."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("instances", nargs="*", default=MIXED)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--iterations", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_intermixed_args()
    known = best_known(given.folder)
    gaps = []
    for word in given.instances:
        name, _, m = word.partition(":")
        is_mixed = name.startswith("MCTOPMTW")
        tours = int(name.split("-")[1]) if is_mixed else int(m or 1)
        path = given.folder / ("mctopmtw" if is_mixed else "toptw") / f"{name}.txt"
        problem = read_mctopmtw(path) if is_mixed else read_toptw(path, tours=tours)
        began = time.process_time()
        n = given.iterations or iterations_in(problem, given.seconds, time.process_time)
        plan = plan_patrols(problem, iterations=n, seed=given.seed)
        seconds = time.process_time() - began
        value = plan.prize / 100
        best = known.get((name, tours))
        gap = float("nan") if best is None else 100 * (best - value) / best
        gaps.append(gap)
        print(  # noqa: T201 - a script prints
            f"{name:18} m {tours}  value {value:7.0f}  best known {best or 0:7.0f}  gap {gap:6.2f} %  "
            f"{n:9,} iterations  {seconds:5.1f} s  {n / seconds:9,.0f}/s",
            flush=True,
        )
    print(f"mean gap {sum(gaps) / len(gaps):.3f} % over {len(gaps)}")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
