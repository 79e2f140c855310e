"""The plans that one is drawn from: many good ones, and those that bring in places that would be left out.

Rules: how hot a search wanders so that its plans earn `(1 - loss) V` on average, which of them are kept, and how
places below the floor get a bonus until plans that visit them are found. Rounds and steps are counted, never
timed. Elsewhere: weights (`lottery_weights`), the draw and its report (`lottery`).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reassure.patrols.lottery_chain import Chain, Rows
from reassure.patrols.lottery_weights import MILLION, Weights, weigh
from reassure.patrols.problem import PatrolProblem, Plan
from reassure.patrols.reasons import can_serve_alone

N_PLANS = 160
LEAST_PLANS = 80
MOST_TRIES = 4
"""A pool of so many different plans; at least so many, looked for in at most so many times the samples."""

LEAST_EVERY, MOST_EVERY = 4, 200
SAMPLES = 500
"""
Steps between two plans that are looked at: as many as there are places, at least 40 and at most `MOST_EVERY`, and
where the search itself was short so few that a usual draw, of so many plans, takes no more steps than it did.
"""

BISECTIONS, BISECTION_SAMPLES = 9, 12
BONUS_ROUNDS, BONUS_PLANS = 6, 24
COOLEST, HOTTEST = 0.002, 2.0
"""Temperatures that are tried, in mean prizes."""


@dataclass
class Pool:
    """Different plans for one problem; `rows` says which are known already."""

    problem: PatrolProblem
    plans: list[Plan] = field(default_factory=list)
    rows: set[Rows] = field(default_factory=set)

    def add(self, chain: Chain) -> bool:
        """Take the present plan of a search, unless it is known."""
        rows = chain.rows()
        if rows in self.rows:
            return False
        self.rows.add(rows)
        self.plans.append(chain.plan(rows))
        return True

    @property
    def values(self) -> NDArray[np.int64]:
        """(n_plans,) hundredths."""
        return np.array([plan.prize for plan in self.plans], dtype=np.int64)

    @property
    def visits(self) -> NDArray[np.bool_]:
        """(n_plans, n_sites): which plan visits which place."""
        visits = np.zeros((len(self.plans), len(self.problem.site_refs)), dtype=np.bool_)
        for p, plan in enumerate(self.plans):
            for route in plan.routes:
                for stop in route.stops:
                    visits[p, self.problem.options[stop.option].site] = True
        return visits


@dataclass(frozen=True)
class Sampled:
    """A pool, its weights, and what was done to find it."""

    pool: Pool
    weights: Weights
    floors: NDArray[np.float64]
    heat: float
    n_bonus_rounds: int
    n_steps: int

    @property
    def chances(self) -> NDArray[np.float64]:
        """(n_sites,) chance of a visit."""
        chances: NDArray[np.float64] = (self.weights.millionths @ self.pool.visits) / MILLION
        return chances


def servable(problem: PatrolProblem) -> NDArray[np.bool_]:
    """(n_sites,): whether some unit could visit the place, if it did nothing else; never where visits are barred."""
    found = np.zeros(len(problem.site_refs), dtype=np.bool_)
    for option in problem.options:
        if not found[option.site] and option.group not in problem.barred:
            found[option.site] = any(
                option.skill in {"", *shift.skills} and can_serve_alone(problem, shift, option)
                for shift in problem.shifts
            )
    return found


def pace(n_sites: int, iterations: object = None) -> int:
    """
    Steps between two plans that are looked at, for so many places and a search of so many iterations.

    Examples
    --------
    >>> pace(120), pace(1_000, 400_000), pace(1_000, 20_000), pace(120, 50)
    (120, 200, 40, 4)
    """
    every = min(MOST_EVERY, max(40, n_sites))
    return every if not isinstance(iterations, int) else max(LEAST_EVERY, min(every, iterations // SAMPLES))


def sample(
    problem: PatrolProblem,
    best: Plan,
    *,
    seed: int,
    floor_chance: float,
    loss_share: float,
    progress: Callable[[str], None] | None = None,
) -> Sampled:
    """
    Sample good plans and weigh them.

    Parameters
    ----------
    best
        The best plan found; one of the pool. The iterations in its search record set the pace of the draw.
    floor_chance
        Least chance of a visit for each place that some unit could visit.
    loss_share
        Part of the best value that a draw may cost on average.
    progress
        Told in words what is being done.

    Returns
    -------
    Sampled
        At least `LEAST_PLANS` different plans where the problem has so many.
    """
    say = progress or (lambda _words: None)
    pool = Pool(problem)
    chain = Chain(problem, best, seed=seed * 1_000_003 + 500_001)
    pool.add(chain)
    every = pace(len(problem.site_refs), best.search.get("iterations"))
    floors = np.where(servable(problem), floor_chance, 0.0)
    target = (1.0 - loss_share) * best.prize
    say("Measuring how freely plans may vary")
    n_steps, heat = 0, _heat(chain, target, every)
    n_steps += BISECTIONS * (4 + BISECTION_SAMPLES) * every
    say("Sampling plans")
    n_steps += _fill(pool, chain, heat, every, N_PLANS, MOST_TRIES * N_PLANS)
    share = heat / chain.mean_prize
    sampled = Sampled(pool, weigh(pool.values, pool.visits, floors, target), floors, share, 0, n_steps)
    bonuses: dict[int, int] = {}
    for n in range(1, BONUS_ROUNDS + 1):
        short = np.flatnonzero((sampled.chances < floors) & (floors > 0))
        if not len(short):
            break
        say(f"Bringing in {len(short)} places below the floor")
        _raise(bonuses, sampled, short, chain.mean_prize, best.prize)
        seeker = Chain(problem, best, seed=seed * 1_000_003 + 500_001 + n, bonuses=_of_groups(problem, bonuses))
        n_steps += _fill(pool, seeker, heat, every, len(pool.plans) + BONUS_PLANS, 2 * BONUS_PLANS)
        weights = weigh(pool.values, pool.visits, floors, target)
        sampled = Sampled(pool, weights, floors, share, n, n_steps)
    return sampled


def _heat(chain: Chain, target: float, every: int) -> float:
    """The temperature at which plans earn `target` on average, hundredths."""
    low, high = COOLEST * chain.mean_prize, HOTTEST * chain.mean_prize
    for _ in range(BISECTIONS):
        middle = math.sqrt(low * high)
        chain.run(4 * every, middle)
        total = 0
        for _ in range(BISECTION_SAMPLES):
            chain.run(every, middle)
            total += chain.prize
        low, high = (middle, high) if total >= target * BISECTION_SAMPLES else (low, middle)
    return low


def _fill(pool: Pool, chain: Chain, heat: float, every: int, n_wanted: int, most: int) -> int:
    """Take every k-th plan of a wandering search until the pool has so many; returns the steps that were done."""
    chain.run(4 * every, heat)
    least = chain.must
    for n in range(1, most + 1):
        chain.run(every, heat)
        if chain.must >= least:
            pool.add(chain)
        if len(pool.plans) >= n_wanted or (n >= most // MOST_TRIES and len(pool.plans) >= min(LEAST_PLANS, n_wanted)):
            break
    return (4 + n) * every


def _raise(
    bonuses: dict[int, int], sampled: Sampled, short: NDArray[np.intp], mean_prize: float, best_prize: int
) -> None:
    """Give each place below the floor its dual as a bonus, at least a mean prize, doubled each time it stays short."""
    a = max(sampled.weights.value_dual, 1e-9)
    for site in short.tolist():
        dual = sampled.weights.floor_duals[site] / a * best_prize
        least = max(mean_prize, 2.0 * bonuses.get(site, 0))
        bonuses[site] = round(min(max(dual, least), 64.0 * mean_prize))


def _of_groups(problem: PatrolProblem, by_site: Mapping[int, int]) -> dict[int, int]:
    """Bonuses of the groups that are a place's first visit."""
    first = {site: group for group, site in reversed(list(enumerate(problem.group_sites)))}
    return {first[site]: bonus for site, bonus in by_site.items()}
