"""How firm a choice is: the same run with scores as other assessors might have given them, and with other budgets.

Rules: how far scores are moved, and what is a close call. Shown to the panel, never a rule.
Elsewhere: how far assessors differ (`scoring.quality`). Source: docs/rooms/fund.md.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

from reassure.fund.allocation import Run
from reassure.fund.bids import Key, keys
from reassure.fund.changes import MAX_TENTHS
from reassure.fund.optimum import Model

N_DRAWS = 100
DEFAULT_SIGMA_TENTHS = 40.0
MIN_PAIRS = 30
CLOSE_CALL = (0.1, 0.9)
BUDGET_STEPS = (-10, -5, 0, 5, 10)
"""Per cent."""


@dataclass(frozen=True, slots=True)
class Stability:
    """
    Parameters
    ----------
    shares
        By line, the share of draws in which it is funded.
    by_budget
        (per cent, need met) for each other budget.
    """

    sigma_tenths: float
    n_draws: int
    shares: Mapping[Key, float]
    by_budget: tuple[tuple[int, int], ...]

    @property
    def close_calls(self) -> tuple[Key, ...]:
        """Lines funded in a tenth to nine tenths of the draws, in order."""
        low, high = CLOSE_CALL
        return tuple(key for key, share in sorted(self.shares.items()) if low <= share <= high)


def sigma_tenths(sd_one_assessment: float | None, n_pairs: int) -> float:
    """
    Standard deviation of a bid's score in tenths: that of one assessment over the root of 2; 40 below 30 pairs.

    Examples
    --------
    >>> round(sigma_tenths(2.761, 40), 2), sigma_tenths(2.761, 4)
    (19.52, 40.0)
    """
    if sd_one_assessment is None or n_pairs < MIN_PAIRS:
        return DEFAULT_SIGMA_TENTHS
    return 10 * sd_one_assessment / sqrt(2)


def stability(run: Run, *, sigma_tenths: float, n_draws: int = N_DRAWS) -> Stability:
    """
    Share of draws in which each line is funded, and the value at budgets from 10 % less to 10 % more.

    Only the first level is solved; equal choices fall as the solver finds them, the same each time.
    """
    rng = random.Random(f"{run.seed}|stability")
    funded: Counter[Key] = Counter()
    for _ in range(n_draws):
        moved = tuple(
            replace(bid, tenths=min(MAX_TENTHS, max(0, round(bid.tenths + rng.gauss(0, sigma_tenths)))))
            for bid in run.bids
        )
        best = Model(moved, run.terms, run.seed).solve(start=run.best.chosen, n_levels=1)
        funded.update(best.chosen)
    model = Model(run.bids, run.terms, run.seed)
    values = []
    for per_cent in BUDGET_STEPS:
        budget = run.terms.budget_pence * (100 + per_cent) // 100
        values.append((per_cent, model.solve(budget_pence=budget, n_levels=1).value))
    return Stability(
        sigma_tenths, n_draws, {key: funded[key] / n_draws for key in keys(run.bids)} if n_draws else {}, tuple(values)
    )
