"""Choosing the best set of routes out of all that a search has seen: set packing by HiGHS.

Rules: each class of equal shifts drives at most as many routes as it has shifts, each group is served once,
shared limits hold; must weight first, then prize, then less travel. One thread, and limits on nodes and on how often
the solver asks whether to go on, never on time, so that the same pool gives the same answer. Elsewhere: what is kept
in the pool (`search_kernel`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

MAX_NODES, MAX_ASKED = 40, 60
"""Nodes of the branch and bound, and how often HiGHS may ask to go on, mostly once for a round of cuts."""
LEAST_COLUMNS, COLUMNS_A_GROUP = 400, 5
"""Columns of the integer programme, at most: so many, or so many for each group that can be served."""

TRAVEL_SHARE = 0.9
"""What all travel together may cost, hundredths of a point: less than the smallest difference in prize."""

MIP_GAP = 0.01


SILENT = ("output_flag", False)


class _Solver(highspy.Highs):
    """HiGHS that is silent from the start: made in the usual way it prints who it is."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue(*SILENT)

    def end_after(self, asked: int) -> None:
        """Ends an integer programme with its best so far once it has asked so often whether to go on."""
        left = count(asked, -1)

        def answer(_kind: object, _text: str, _found: object, order: Any, _data: object) -> None:
            order.user_interrupt = next(left) <= 0

        self.setCallback(answer, None)
        self.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)


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
    best_so_far: tuple[int, int, int] = (0, 0, 0),
    most: int | None = None,
) -> list[int] | None:
    """
    The best choice of columns that was found.

    Parameters
    ----------
    use, capacity
        (n_groups, n_limits) of what each group uses, and how much of it there is.
    best_so_far
        Must weight, prize and travel seconds already reached; only better choices are looked for.
    most
        Columns of the integer programme, at most: those that the relaxation likes best; by default as many as suit
        the number of groups.

    Returns
    -------
    list[int] | None
        Indices of the columns chosen, in order; None where nothing better was found within the limits.
    """
    if not columns:
        return None
    must, prize, travel_s = best_so_far
    matrix = _Matrix(columns, class_sizes, use, capacity)
    if most is None:
        most = max(LEAST_COLUMNS, COLUMNS_A_GROUP * len({g for c in columns for g in c.groups}))
    if any(c.must for c in columns):
        more = _solve(matrix, [float(c.must) for c in columns], must + 0.5, 0, most)
        if more is not None:
            must, prize, travel_s = sum(columns[i].must for i in more), 0, 0
    most_travel = max(1, sum(sorted((c.travel_s for c in columns), reverse=True)[: sum(class_sizes)]))
    share = TRAVEL_SHARE / most_travel
    gains = [c.prize - share * c.travel_s for c in columns]
    floor = prize - share * travel_s + 1e-4 if (prize, travel_s) != (0, 0) else -1.0
    return _solve(matrix, gains, floor, must, most)


class _Matrix:
    """The rows that every choice keeps: routes a class, visits a group, shared limits; the must row last."""

    def __init__(
        self,
        columns: Sequence[Column],
        class_sizes: Sequence[int],
        use: NDArray[np.int64] | None,
        capacity: Sequence[int],
    ) -> None:
        row_of = {g: i + len(class_sizes) for i, g in enumerate(sorted({g for c in columns for g in c.groups}))}
        n = len(class_sizes) + len(row_of)
        self.upper = [float(k) for k in class_sizes] + [1.0] * len(row_of) + [float(c) for c in capacity]
        self.entries: list[dict[int, float]] = []
        for c in columns:
            entries = {c.shift_class: 1.0, **{row_of[g]: 1.0 for g in c.groups}}
            if use is not None:
                amounts = ((q, int(sum(use[g, q] for g in c.groups))) for q in range(len(capacity)))
                entries |= {n + q: float(amount) for q, amount in amounts if amount}
            self.entries.append(entries)
        self.must = [float(c.must) for c in columns]

    def program(self, kept: Sequence[int], gains: Sequence[float], must_at_least: int) -> highspy.HighsLp:
        """The linear programme over some of the columns."""
        starts, indices, values = [0], [], []
        must_row = len(self.upper)
        for i in kept:
            entries = self.entries[i]
            if must_at_least > 0 and self.must[i]:
                entries = {**entries, must_row: self.must[i]}
            indices += sorted(entries)
            values += [entries[k] for k in sorted(entries)]
            starts.append(len(indices))
        upper = self.upper + ([highspy.kHighsInf] if must_at_least > 0 else [])
        lower = [-highspy.kHighsInf] * must_row + ([float(must_at_least)] if must_at_least > 0 else [])
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(kept), len(upper)
        lp.col_cost_ = np.array([gains[i] for i in kept], dtype=np.float64)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(kept)), np.ones(len(kept))
        lp.row_lower_, lp.row_upper_ = np.array(lower), np.array(upper)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(indices, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(values, dtype=np.float64)
        return lp


def _solve(matrix: _Matrix, gains: Sequence[float], floor: float, must_at_least: int, most: int) -> list[int] | None:
    """
    A choice worth at least `floor`, or None.

    The linear relaxation comes first: when it does not reach the floor nothing can, and a column whose
    reduced profit falls short of the gap between the two is in no better choice. Of what that leaves, the
    columns that fall least short are tried.
    """
    kept = list(range(len(gains)))
    relaxed = _solver()
    relaxed.passModel(matrix.program(kept, gains, must_at_least))
    relaxed.run()
    if relaxed.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    bound = relaxed.getInfo().objective_function_value
    if bound < floor:
        return None
    short = [abs(min(0.0, d)) for d in relaxed.getSolution().col_dual]
    kept = [i for i in kept if bound - short[i] >= floor - 1e-6]
    kept = sorted(sorted(kept, key=lambda i: (short[i], i))[:most])
    whole = matrix.program(kept, gains, must_at_least)
    whole.integrality_ = [highspy.HighsVarType.kInteger] * len(kept)
    solver = _solver()
    solver.setOptionValue("objective_bound", -floor)  # HiGHS minimises: no branch that is worth less
    solver.end_after(MAX_ASKED)
    solver.passModel(whole)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        return None
    chosen = [kept[i] for i, v in enumerate(solution.col_value) if v > 0.5]
    return chosen if sum(gains[i] for i in chosen) >= floor else None


def _solver() -> _Solver:
    solver = _Solver()
    for name, value in (
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 1),
        ("mip_max_nodes", MAX_NODES),
        ("mip_max_stall_nodes", MAX_NODES),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", MIP_GAP),
    ):
        solver.setOptionValue(name, value)
    return solver
