"""The linear programme over routes, its duals, and the value that any duals prove.

Rules: every row is written `<=`: a class drives no more routes than it has shifts, a group is served at most once,
at least as many must-visits as the plan and every lock are served, shared limits hold, and of any three groups at
most one route takes two or more (subset-row cuts: Jepsen et al. 2008, doi 10.1287/opre.1070.0449). For duals y >= 0
of all rows but the classes', no plan earns more than `sum y rhs + sum over shifts of max(0, best profit)`. Duals
are made whole numbers first, so that this value has no rounding in it. Elsewhere: pricing (`bound_routes`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import highspy
import numpy as np
from numpy.typing import NDArray

from reassure.patrols.bound_kernel import Duals
from reassure.patrols.bound_routes import ShiftClass
from reassure.patrols.packing import _Solver
from reassure.patrols.search_model import LOCK_WEIGHT, Model
from reassure.patrols.search_routes import UntimedRoute

SCALE = 2**14
"""Whole numbers in a hundredth of a point."""
MOST_CUTS = 64
CUTS_A_ROUND = 30
LEAST_VIOLATION = 0.03


@dataclass(frozen=True)
class Prices:
    """
    Duals as whole numbers, `SCALE` of them a hundredth.

    Parameters
    ----------
    rows
        (n_rows,) of the fixed rows: groups, must-visits, locks, limits.
    cuts
        Dual of each cut, by its three groups.
    classes
        (n_classes,) profit that a route of each class has to exceed.
    """

    rows: NDArray[np.int64]
    cuts: dict[tuple[int, int, int], int]
    classes: NDArray[np.int64]


class Master:
    """Routes so far, and the best mix of them."""

    def __init__(self, model: Model, n_must: int) -> None:
        a = model.arrays
        n_groups = len(a.weight)
        must, locked = a.weight % LOCK_WEIGHT, a.weight // LOCK_WEIGHT
        self.group = a.group
        self.prize = a.prize
        self.sizes = model.class_sizes()
        self.amounts = np.vstack([np.eye(n_groups, dtype=np.int64), -must[None, :], -locked[None, :], a.use.T])
        self.rhs = np.concatenate(
            [np.ones(n_groups, dtype=np.int64), [-n_must, -int(locked.sum())], a.capacity]
        ).astype(np.int64)
        self.columns: list[UntimedRoute] = []
        self.cuts: list[tuple[int, int, int]] = []
        self._counts: list[Counter[int]] = []
        self._group_of: list[int] = a.group.tolist()
        self._extras = [
            [(q, int(self.amounts[q, g])) for q in range(n_groups, len(self.rhs)) if self.amounts[q, g]]
            for g in range(n_groups)
        ]
        self._seen: set[tuple[int, tuple[int, ...]]] = set()
        self._lp = _Solver()
        for name, value in (("threads", 1), ("parallel", "off"), ("random_seed", 1), ("solver", "simplex")):
            self._lp.setOptionValue(name, value)
        self._lp.changeObjectiveSense(highspy.ObjSense.kMaximize)
        none = np.zeros(0, dtype=np.int32), np.zeros(0)
        for upper in [*self.sizes, *self.rhs.tolist()]:
            self._lp.addRow(-highspy.kHighsInf, float(upper), 0, *none)
        self.value = 0.0
        self.shares: NDArray[np.float64] = np.zeros(0)
        self._duals: NDArray[np.float64] = np.zeros(0)

    def add(self, routes: Iterable[UntimedRoute]) -> int:
        """Add routes; how many were not there already."""
        starts, index, value, prizes = [0], [], [], []
        n_first, n_cuts = len(self.sizes), len(self.sizes) + len(self.rhs)
        for route in routes:
            key = (route.shift_class, route.options)
            if key in self._seen:
                continue
            self._seen.add(key)
            counts = Counter(self._group_of[o] for o in route.options)
            entries = Counter({n_first + g: n for g, n in counts.items()})
            for g, n in counts.items():
                for q, amount in self._extras[g]:
                    entries[n_first + q] += amount * n
            entries[route.shift_class] = 1
            for q, cut in enumerate(self.cuts):
                if n := _touches(cut, counts):
                    entries[n_cuts + q] = n
            index += sorted(entries)
            value += [float(entries[i]) for i in sorted(entries)]
            starts.append(len(index))
            prizes.append(float(self.prize[list(route.options)].sum()))
            self.columns.append(route)
            self._counts.append(counts)
        n = len(prizes)
        self._lp.addCols(
            n,
            np.array(prizes),
            np.zeros(n),
            np.full(n, highspy.kHighsInf),
            len(index),
            np.array(starts[:-1], dtype=np.int32),
            np.array(index, dtype=np.int32),
            np.array(value),
        )
        return n

    def thin(self, most: int) -> None:
        """Forget the routes that fall shortest of what they would have to earn, under the last solution."""
        if len(self.columns) <= most:
            return
        short = [round(-d, 6) for d in self._lp.getSolution().col_dual]
        order = sorted(range(len(self.columns)), key=lambda i: (short[i], i))
        kept, gone = sorted(order[:most]), sorted(order[most:])
        self._lp.deleteCols(len(gone), np.array(gone, dtype=np.int32))
        self._seen -= {(self.columns[i].shift_class, self.columns[i].options) for i in gone}
        self.columns = [self.columns[i] for i in kept]
        self._counts = [self._counts[i] for i in kept]
        self.shares = self.shares[kept]

    def solve(self) -> bool:
        """Find the best mix of routes; False where there is none."""
        if not self.columns:
            self._duals = np.zeros(len(self.sizes) + len(self.rhs))
            return True
        self._lp.run()
        if self._lp.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return False
        solution = self._lp.getSolution()
        self.value = float(self._lp.getInfo().objective_function_value)
        self.shares = np.array(solution.col_value)
        self._duals = np.maximum(0.0, np.array(solution.row_dual))
        return True

    def prices(self) -> Prices:
        """The duals of the last solution, rounded to whole numbers."""
        whole = np.rint(self._duals * SCALE).astype(np.int64)
        n_first, n_rows = len(self.sizes), len(self.rhs)
        cuts = {cut: int(whole[n_first + n_rows + q]) for q, cut in enumerate(self.cuts)}
        return Prices(whole[n_first : n_first + n_rows], cuts, whole[:n_first])

    def proved(self, prices: Prices, profits: Sequence[int]) -> int:
        """What no plan exceeds, in 1/SCALE hundredths, when no route of class c earns more than `profits[c]`."""
        fixed = int((prices.rows * self.rhs).sum()) + sum(prices.cuts.values())
        return fixed + sum(n * max(0, p) for n, p in zip(self.sizes, profits, strict=True))

    def class_duals(self, prices: Prices, cls: ShiftClass) -> Duals:
        """Profit of each option of a class, and the cuts, as pricing reads them."""
        charge = prices.rows @ self.amounts
        cuts = [cut for cut in prices.cuts if prices.cuts[cut] > 0]
        touches = np.zeros(len(charge), dtype=np.uint64)
        for q, cut in enumerate(cuts):
            touches[list(cut)] |= np.uint64(1) << np.uint64(q)
        profit = self.prize[cls.options] * SCALE - charge[self.group[cls.options]]
        return Duals(profit, touches, np.array([prices.cuts[cut] for cut in cuts], dtype=np.int64))

    def profits(self, prices: Prices) -> list[int]:
        """What each route so far earns under these prices."""
        charge = (prices.rows @ self.amounts).tolist()
        cuts_of: dict[int, list[tuple[int, int, int]]] = {}
        for cut in prices.cuts:
            for g in cut:
                cuts_of.setdefault(g, []).append(cut)
        found = []
        for route, counts in zip(self.columns, self._counts, strict=True):
            touched = Counter(cut for g, n in counts.items() for cut in cuts_of.get(g, ()) for _ in range(n))
            cost = sum(prices.cuts[cut] * (n // 2) for cut, n in touched.items())
            cost += sum(charge[g] * n for g, n in counts.items())
            found.append(int(self.prize[list(route.options)].sum()) * SCALE - cost)
        return found

    def circles(self) -> list[int]:
        """Routes of the mix that serve a group twice."""
        return [int(i) for i in np.flatnonzero(self.shares > 1e-7) if max(self._counts[i].values(), default=0) > 1]

    def drop(self, i: int) -> None:
        """Never use a route again."""
        self._lp.changeColBounds(i, 0.0, 0.0)

    def cut(self) -> int:
        """Add cuts that the mix breaks, the most broken first, and take away those that do nothing; how many."""
        idle = [q for q, cut in enumerate(self.cuts) if self._duals[len(self.sizes) + len(self.rhs) + q] < 1e-9]
        found = self._broken()
        room = MOST_CUTS - len(self.cuts) + len(idle)
        if not found or room <= 0:
            return 0
        if idle:
            first = len(self.sizes) + len(self.rhs)
            self._lp.deleteRows(len(idle), np.array([first + q for q in idle], dtype=np.int32))
            self.cuts = [cut for q, cut in enumerate(self.cuts) if q not in set(idle)]
        added = found[: min(CUTS_A_ROUND, room)]
        for cut in added:
            entries = [(i, n) for i, counts in enumerate(self._counts) if (n := _touches(cut, counts))]
            index = np.array([i for i, _ in entries], dtype=np.int32)
            self._lp.addRow(-highspy.kHighsInf, 1.0, len(index), index, np.array([float(n) for _, n in entries]))
            self.cuts.append(cut)
        return len(added)

    def _broken(self) -> list[tuple[int, int, int]]:
        """Cuts that the mix breaks, the most broken first."""
        used = [int(i) for i in np.flatnonzero((self.shares > 1e-6) & (self.shares < 1 - 1e-6))]
        if not used:
            return []
        n = self.amounts.shape[1]
        serves = np.zeros((len(used), n), dtype=np.int64)
        shares = self.shares[used]
        pair = np.zeros((n, n))
        for row, i in enumerate(used):
            groups = list(self._counts[i])
            serves[row, groups] = 1
            pair[np.ix_(groups, groups)] += shares[row]
        near = [np.flatnonzero(pair[g] > 1e-6) for g in range(n)]
        broken: dict[tuple[int, int, int], float] = {}
        for g in range(n):
            for h, k in combinations([int(x) for x in near[g] if x != g], 2):
                cut = (g, h, k) if g < h else (h, g, k) if g < k else (h, k, g)
                if cut in broken or pair[g, h] + pair[g, k] + pair[h, k] <= 1 + LEAST_VIOLATION:
                    continue
                hit = serves[:, g] + serves[:, h] + serves[:, k] >= 2
                broken[cut] = float(shares[hit].sum()) - 1.0
        known = set(self.cuts)
        return sorted(
            (cut for cut, by in broken.items() if by > LEAST_VIOLATION and cut not in known),
            key=lambda cut: (-round(broken[cut], 6), cut),
        )


def _touches(cut: tuple[int, int, int], counts: Mapping[int, int]) -> int:
    """How often a route uses up a cut: half of its visits to the three groups, rounded down."""
    return sum(counts.get(g, 0) for g in cut) // 2
