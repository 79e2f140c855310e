"""What no plan can earn because time is short: visits that must fall into an interval need units' time in it.

Rules: for any interval, a unit makes n visits wholly inside it only where n stays and n - 1 journeys fit into what
its shift has of the interval (operations: the bound on must-visits, here for every interval that windows make).
Two rows an interval: visits are counted, and their stays with the shortest ways into them are summed. The linear
programme gives the weights of the rows; what they prove is summed in whole numbers. Needs no routes, so it works for
any size. Elsewhere: the bound from routes (`bound_master`).
"""

from dataclasses import dataclass
from itertools import pairwise

import highspy
import numpy as np
from numpy.typing import NDArray

from reassure.patrols.packing import _Solver
from reassure.patrols.search_model import Model

SCALE = 2**14
"""Whole numbers in a hundredth of a point."""
MOST_ENDS = 24
"""Interval starts, and ends, that are looked at; where windows make more, these are spread evenly over them."""
FAR_S = 2**30


@dataclass(frozen=True, slots=True)
class Row:
    """The options that fall wholly into an interval, what each takes of it, and how much there is."""

    options: NDArray[np.int64]
    amounts: NDArray[np.int64]
    capacity: int


def capacity_bound(model: Model) -> int:
    """Hundredths of a point that no plan exceeds, from stays, journeys, windows and shifts alone."""
    if model.n_options == 0:
        return 0
    rows = capacity_rows(model)
    weights = _weights(model, rows) if rows else np.zeros(0, dtype=np.int64)
    profit = model.arrays.prize * SCALE
    for row, weight in zip(rows, weights.tolist(), strict=True):
        profit[row.options] -= weight * row.amounts
    first = model.arrays.first.tolist()
    total: int = sum(max(0, int(profit[i:j].max())) for i, j in pairwise(first) if j > i)
    total += sum(int(weight) * row.capacity for row, weight in zip(rows, weights.tolist(), strict=True))
    return total // SCALE


def capacity_rows(model: Model) -> list[Row]:
    """Two rows for every interval between a window's opening and the end of the last visit in one."""
    a = model.arrays
    opens, closes = (
        a.elements[: model.n_options, 0],
        a.elements[: model.n_options, 1] + a.elements[: model.n_options, 2],
    )
    stays = a.elements[: model.n_options, 2].astype(np.int64)
    into = _ways_into(model)
    shifts = [model.problem.shifts[i] for i in model.shifts]
    rows = []
    for start in _spread(np.unique(opens)):
        for end in _spread(np.unique(closes)):
            inside = np.flatnonzero((opens >= start) & (closes <= end))
            if len(inside) == 0:
                continue
            has = [max(0, min(end, s.ends_s) - max(start, s.starts_s)) for s in shifts]
            stay, way = int(stays[inside].min()), int(into[inside].min())
            count = sum((t + way) // max(1, stay + way) if t >= stay else 0 for t in has)
            if count < len(set(a.group[inside].tolist())):
                rows.append(Row(inside, np.ones(len(inside), dtype=np.int64), count))
                first = int(into[inside].max())
                total = sum(t + first for t in has if t >= stay)
                rows.append(Row(inside, stays[inside] + into[inside], total))
    return rows


def _ways_into(model: Model) -> NDArray[np.int64]:
    """Shortest seconds to each option from any option of another group, by any kind of unit."""
    a = model.arrays
    sites = a.elements[: model.n_options, 3]
    ways = a.travel.min(axis=0)[np.ix_(sites, sites)].astype(np.int64)
    ways[a.group[:, None] == a.group[None, :]] = FAR_S
    least = ways.min(axis=0)
    return np.where(least == FAR_S, 0, least)


def _spread(points: NDArray[np.int32]) -> list[int]:
    if len(points) <= MOST_ENDS:
        return [int(p) for p in points]
    return [int(points[i * (len(points) - 1) // (MOST_ENDS - 1)]) for i in range(MOST_ENDS)]


def _weights(model: Model, rows: list[Row]) -> NDArray[np.int64]:
    """Duals of the rows in the best mix of options, as whole numbers of at least 0."""
    a = model.arrays
    n_groups = len(a.weight)
    lp = _Solver()
    for name, value in (("threads", 1), ("parallel", "off"), ("random_seed", 1)):
        lp.setOptionValue(name, value)
    lp.changeObjectiveSense(highspy.ObjSense.kMaximize)
    empty = np.zeros(0, dtype=np.int32)
    for prize in a.prize.tolist():
        lp.addCol(float(prize), 0.0, 1.0, 0, empty, np.zeros(0))
    for g in range(n_groups):
        index = np.arange(a.first[g], a.first[g + 1], dtype=np.int32)
        lp.addRow(-highspy.kHighsInf, 1.0, len(index), index, np.ones(len(index)))
    for row in rows:
        index = row.options.astype(np.int32)
        lp.addRow(-highspy.kHighsInf, float(row.capacity), len(index), index, row.amounts.astype(np.float64))
    lp.run()
    if lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return np.zeros(len(rows), dtype=np.int64)
    duals = np.array(lp.getSolution().row_dual)[n_groups:]
    whole: NDArray[np.int64] = np.rint(np.maximum(0.0, duals) * SCALE).astype(np.int64)
    return whole
