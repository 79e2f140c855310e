"""Measure the certificate on generated Fridays: value, bound, gap, seconds of the processor.

Usage: python scripts/bench_certificates.py [100/10/10 300/30/60 ...] [--seed N]; PLACES/UNITS/SECONDS each.
Everything is generated: places and bases at random in 20 km by 20 km, two windows a place (30 min, and 25 min an hour
later), 12 min stays, 20 to 79 points, shifts of 150 min by car, each unit its own base. A quarter of the seconds goes
into the search.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from math import hypot
from random import Random

import numpy as np

from reassure.engines.compiled import keep_compiled_code

keep_compiled_code()

from reassure.patrols.bound import certify  # noqa: E402 - numba reads where to keep code
from reassure.patrols.problem import Option, PatrolProblem, Shift  # noqa: E402
from reassure.patrols.search import iterations_in, plan_patrols  # noqa: E402
from reassure.patrols.search_routes import UntimedRoute  # noqa: E402

SIDE_M = 20_000
DETOUR, SPEED_MS = 1.35, 25 * 1609.344 / 3600
SEARCH_SHARE, ROUNDS_SHARE, AFTER_S = 1 / 4, 0.84, 1.5
"""Parts of the seconds after which search and rounds of pricing end, the rounds so much sooner: the rest packs."""
MOST_ROUNDS = 100_000
DEFAULT = "100/10/10", "300/30/60"


@dataclass(frozen=True)
class Measured:
    """One certificate and what it took."""

    n_places: int
    n_units: int
    value: float
    bound: float
    seconds: float
    rounds: int

    @property
    def gap(self) -> float:
        """(bound - value) / bound, per cent."""
        return 100 * (self.bound - self.value) / self.bound


def friday(n_places: int, n_units: int, seed: int) -> PatrolProblem:
    """A generated Friday."""
    rng = Random(seed)
    at = [(rng.uniform(0, SIDE_M), rng.uniform(0, SIDE_M)) for _ in range(n_places + n_units)]
    travel = np.array(
        [[0 if a == b else int(hypot(a[0] - b[0], a[1] - b[1]) * DETOUR / SPEED_MS) + 61 for b in at] for a in at],
        dtype=np.int32,
    )
    options = []
    for i in range(n_places):
        opens_s, prize = rng.choice((0, 900, 1_800, 2_700, 3_600)), rng.randint(20, 79) * 100
        options.append(Option(i, i, "arrival", "a", opens_s, opens_s + 1_800, 720, prize))
        options.append(Option(i, i, "dispersal", "d", opens_s + 3_600, opens_s + 5_100, 720, prize * 9 // 10))
    shifts = tuple(Shift(f"U{u}", "car", n_places + u, n_places + u, 0, 9_000) for u in range(n_units))
    refs = tuple(f"P{i}" for i in range(n_places))
    return PatrolProblem(refs, tuple(range(n_places)), tuple(options), shifts, {"car": travel})


def measure(n_places: int, n_units: int, seconds: float, seed: int) -> Measured:
    """Plan and bound one Friday in so many seconds of the processor."""
    small = friday(8, 2, seed)
    certify(small, plan_patrols(small, iterations=200), rounds=2)  # loads the compiled code
    problem = friday(n_places, n_units, seed)
    began = time.process_time()
    met: list[UntimedRoute] = []
    budget = iterations_in(problem, seconds * SEARCH_SHARE, time.process_time)
    plan = plan_patrols(problem, iterations=budget, met=met)

    def is_time_up() -> bool:
        return time.process_time() - began >= ROUNDS_SHARE * seconds - AFTER_S

    plan, found = certify(problem, plan, rounds=MOST_ROUNDS, stop=is_time_up, routes=met)
    used = time.process_time() - began
    return Measured(n_places, n_units, plan.prize / 100, (found.bound or 0) / 100, used, found.rounds)


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", default=DEFAULT)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.stdout.write("| places | units | plan | bound | gap | seconds | rounds |\n|--:|--:|--:|--:|--:|--:|--:|\n")
    for size in given.sizes:
        n_places, n_units, seconds = size.split("/")
        m = measure(int(n_places), int(n_units), float(seconds), given.seed)
        sys.stdout.write(
            f"| {m.n_places} | {m.n_units} | {m.value:,.0f} | {m.bound:,.0f} | {m.gap:.2f} % | {m.seconds:.1f} | "
            f"{m.rounds} |\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
