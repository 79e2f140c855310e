"""How likely each plan of a pool is drawn: as evenly as value and floors allow.

Rules: the weights of most entropy with `sum w value >= least value` and `sum w x_i >= floor` for every place.
They are `w ~ exp(a value + sum b_i x_i)`, a and b_i at least 0 and at most `MOST_DUAL`, found by Newton's method on
the dual, which is smooth and convex. Weights are whole millionths, so that every figure of a report is exact.
Elsewhere: the method, the same on every machine (`lottery_kernel`); where the pool comes from (`lottery_pool`).
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from reassure.patrols.lottery_kernel import newton

MILLION = 1_000_000
MOST_DUAL = 40.0
"""A floor that asks for more than this can in practice not be met by the pool."""

MARGIN = 1e-4
"""Added to each floor, so that rounding weights to millionths does not break it."""

_MOST_STEPS = 200
_DONE = 1e-12

SHORT_PRICE = 100.0
"""Best values that a floor left wholly unmet costs where the price of the floors is worked out."""

Floats = NDArray[np.float64]


class _Solver(highspy.Highs):
    """HiGHS on one thread, silent from the start."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 1)):
            self.setOptionValue(name, value)


@dataclass(frozen=True)
class Weights:
    """
    Weights of a pool.

    Parameters
    ----------
    millionths
        (n_plans,) whole, 0 or more; their sum is 1,000,000.
    value_dual
        `a`, for a value in parts of the best.
    floor_duals
        (n_places,) `b`.
    """

    millionths: NDArray[np.int64]
    value_dual: float
    floor_duals: Floats


def weigh(values: NDArray[np.int64], visits: NDArray[np.bool_], floors: Floats, least_value: float) -> Weights:
    """
    The most even weights that keep the least value and the floors, as far as the pool can.

    Parameters
    ----------
    values
        (n_plans,) of each plan, hundredths.
    visits
        (n_plans, n_places): which plan visits which place.
    floors
        (n_places,) least chance of each; 0 where none is asked for.
    least_value
        Mean value to keep, hundredths.
    """
    best = max(1, int(values.max()))
    wanted = np.where(floors > 0, np.minimum(floors + MARGIN, 1.0), 0.0)
    columns = np.flatnonzero((wanted > 0) & visits.any(axis=0) & ~visits.all(axis=0))
    features = np.hstack([((values - least_value) / best)[:, None], visits[:, columns] - wanted[columns][None, :]])
    duals, weights = _most_even(np.ascontiguousarray(features, dtype=np.float64))
    floor_duals = np.zeros(len(floors))
    floor_duals[columns] = duals[1:]
    return Weights(_millionths(weights), float(duals[0]), floor_duals)


def most_value(values: NDArray[np.int64], visits: NDArray[np.bool_], floors: Floats) -> float:
    """The best mean value that any weights of the pool can have and keep the floors that they can keep, hundredths."""
    n = len(values)
    best = max(1, int(values.max()))
    asked = [i for i in np.flatnonzero(floors > 0).tolist() if visits[:, i].any() and not visits[:, i].all()]
    plans = np.vstack([np.ones(n), visits[:, asked].T])
    rows = np.hstack([plans, np.vstack([np.zeros(len(asked)), np.eye(len(asked))])])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = rows.shape[1], rows.shape[0]
    lp.col_cost_ = np.concatenate([values / best, np.full(len(asked), -SHORT_PRICE)])
    lp.col_lower_, lp.col_upper_ = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
    lp.row_lower_ = np.concatenate([[1.0], floors[asked]])
    lp.row_upper_ = np.concatenate([[1.0], np.full(len(asked), highspy.kHighsInf)])
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    filled = rows != 0
    lp.a_matrix_.start_ = np.concatenate([[0], filled.sum(axis=1).cumsum()]).astype(np.int32)
    lp.a_matrix_.index_ = np.nonzero(filled)[1].astype(np.int32)
    lp.a_matrix_.value_ = rows[filled]
    solver = _Solver()
    solver.passModel(lp)
    solver.run()
    chosen = np.array(solver.getSolution().col_value)[:n]
    return float((values * chosen).sum())


def entropy_bits(millionths: NDArray[np.int64]) -> float:
    """How many yes-or-no questions it takes on average to find the drawn plan."""
    shares = millionths[millionths > 0] / MILLION
    return float(-(shares * np.log2(shares)).sum())


def _most_even(features: Floats) -> tuple[Floats, Floats]:
    """Duals, 0 to `MOST_DUAL`, that minimise `log mean exp(features @ duals)`, and the weights that they give."""
    n_plans, n = features.shape
    limits = np.full(n, MOST_DUAL)
    limits[0] = 50.0 * MOST_DUAL
    duals, slope, step, tried = (np.zeros(n) for _ in range(4))
    weights, free, curve = np.zeros(n_plans), np.zeros(n, dtype=np.int64), np.zeros((n, n))
    newton(features, limits, duals, weights, slope, free, curve, step, tried, _MOST_STEPS, _DONE)
    return duals, weights


def _millionths(weights: Floats) -> NDArray[np.int64]:
    """Shares as whole millionths that sum to a million: rounded down, the rest to the largest remainders."""
    scaled = np.round(weights * MILLION, 3)
    whole = np.floor(scaled).astype(np.int64)
    order = np.argsort(-(scaled - whole), kind="stable")
    whole[order[: MILLION - int(whole.sum())]] += 1
    return whole
