"""Choosing the best set of routes out of all that a search has seen: set packing by HiGHS.

Rules: each class of equal shifts drives at most as many routes as it has shifts, each group is served once,
shared limits hold; must weight first, then prize, then less travel. One thread and a limit on nodes, never
on time, so that the same pool gives the same answer. Elsewhere: what is kept in the pool (`search_kernel`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

MAX_NODES = 200
MAX_SIMPLEX_STEPS = 20_000


class _Solver(highspy.Highs): 
    """HiGHS that is silent from the start: made in the usual way it prints who it is."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


@dataclass(frozen=True, slots=True)
class Column:
    """A route that may be chosen: the class of shift that drives it, its groups, and what it is worth."""

    shift_class: int
    groups: tuple[int, ...]
    must: int
    prize: int
    travel_s: int


def pack(
    columns: Sequence[Column],
    class_sizes: Sequence[int],
    *,
    use: NDArray[np.int64] | None = None,
    capacity: Sequence[int] = (),
    must_at_least: int = 0,
) -> list[int] | None:
    """
    The best choice of columns that was found.

    Parameters
    ----------
    use, capacity
        (n_groups, n_limits) of what each group uses, and how much of it there is.
    must_at_least
        Must weight already reached; choices below it are not looked for.

    Returns
    -------
    list[int] | None
        Indices of the columns chosen, in order; None where nothing was found within the limits.
    """
    if not columns:
        return []
    best_must = max(must_at_least, 0)
    if any(c.must for c in columns):
        chosen = _solve(columns, class_sizes, use, capacity, [float(c.must) for c in columns], best_must)
        if chosen is None:
            return None
        best_must = max(best_must, sum(columns[i].must for i in chosen))
    most_travel = max(1, sum(sorted((c.travel_s for c in columns), reverse=True)[: sum(class_sizes)]))
    gains = [c.prize - 0.9 * c.travel_s / most_travel for c in columns]
    return _solve(columns, class_sizes, use, capacity, gains, best_must)


def _solve(
    columns: Sequence[Column],
    class_sizes: Sequence[int],
    use: NDArray[np.int64] | None,
    capacity: Sequence[int],
    gains: Sequence[float],
    must_at_least: int,
) -> list[int] | None:
    row_of = {g: i + len(class_sizes) for i, g in enumerate(sorted({g for c in columns for g in c.groups}))}
    upper = [float(n) for n in class_sizes] + [1.0] * len(row_of)
    lower = [-highspy.kHighsInf] * len(upper)
    n_rows = len(upper)
    limit_row = n_rows
    if use is not None and len(capacity):
        upper += [float(c) for c in capacity]
        lower += [-highspy.kHighsInf] * len(capacity)
    must_row = len(upper)
    if must_at_least > 0:
        lower.append(float(must_at_least))
        upper.append(highspy.kHighsInf)
    starts, indices, values = [0], [], []
    for c in columns:
        entries = {c.shift_class: 1.0, **{row_of[g]: 1.0 for g in c.groups}}
        if use is not None:
            for q in range(len(capacity)):
                amount = int(sum(use[g, q] for g in c.groups))
                if amount:
                    entries[limit_row + q] = float(amount)
        if must_at_least > 0 and c.must:
            entries[must_row] = float(c.must)
        indices += sorted(entries)
        values += [entries[i] for i in sorted(entries)]
        starts.append(len(indices))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(columns), len(upper)
    lp.col_cost_ = np.array(gains, dtype=np.float64)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
    lp.row_lower_, lp.row_upper_ = np.array(lower), np.array(upper)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    lp.a_matrix_.index_ = np.array(indices, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(values, dtype=np.float64)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    solver = _Solver()
    for name, value in (
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 1),
        ("mip_max_nodes", MAX_NODES),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-6),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        return None
    return [i for i, v in enumerate(solution.col_value) if v > 0.5]
