"""The best choice of lines for a pot, proven: a mixed-integer model on HiGHS, four levels one after another.

Rules: most need met; then most places; then least money; then the largest draw. Each level is fixed within half a
unit before the next, so the choice is one and the same whatever the order of rows or the path of the solver.
Every number the model returns is recomputed in whole numbers from the chosen lines; nothing is read from floats.
Elsewhere: the values (`bids`), the independent checker (`run_check`), reasons (`explanations`).
Source: docs/rooms/fund.md.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from reassure.errors import Problem, RuleError
from reassure.fund.bids import FULLY_CLOSED, Key, ScoredBid, Terms, able_lines, need_met

LEVELS = ("value", "places", "spent", "draw")
DRAW_SIZE = 10**6
OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}
"""One thread and no gap, so that two runs are equal."""

SOLVER = f"HiGHS {highspy.HIGHS_VERSION_MAJOR}.{highspy.HIGHS_VERSION_MINOR}.{highspy.HIGHS_VERSION_PATCH}"


class _QuietHighs(highspy.Highs):
    """A solver that prints nothing: `Highs.__init__` writes its banner to standard output when it sets callbacks."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        for name, value in OPTIONS.items():
            self.setOptionValue(name, value)


@dataclass(frozen=True, slots=True)
class Optimum:
    """
    A choice of lines.

    Parameters
    ----------
    value, n_places, spent_pence, draw
        The four levels, recomputed in whole numbers from `chosen`.
    bounds
        The solver's bound for each level that was solved, in the order of `LEVELS`.
    proven
        Whether every level solved is optimal and its bound is less than one unit away.
    """

    chosen: frozenset[Key]
    value: int
    n_places: int
    spent_pence: int
    draw: int
    bounds: tuple[float, ...]
    proven: bool


def draw_number(seed: str, bid_ref: str, line_ref: str) -> int:
    """
    The number of a line in the draw, 1 to 1,000,000: the first four bytes of SHA-256(seed|bid|line).

    The digest of the seed is published before a round opens, so nobody can choose a seed that suits.
    """
    return 1 + int.from_bytes(hashlib.sha256(f"{seed}|{bid_ref}|{line_ref}".encode()).digest()[:4]) % DRAW_SIZE


def competing(bids: Iterable[ScoredBid], terms: Terms) -> list[tuple[ScoredBid, tuple[str, ...]]]:
    """
    Bids that pass, with those of their lines that could be funded with endless money; sorted by reference.

    See `able_lines` for those that are left out.
    """
    passing = sorted((bid for bid in bids if terms.passes(bid)), key=lambda bid: bid.ref)
    return [(bid, able) for bid in passing if (able := able_lines(bid, terms))]


class Model:
    """The model of one pot in HiGHS; built once, asked many times with lines forced in or out."""

    def __init__(self, bids: Sequence[ScoredBid], terms: Terms, seed: str) -> None:
        self.terms, self.seed = terms, seed
        self.bids = competing(bids, terms)
        self.by_ref = {bid.ref: bid for bid, _ in self.bids}
        self.x: dict[Key, int] = {}
        self.y: dict[str, int] = {}
        self.z: dict[tuple[str, str], int] = {}
        for bid, refs in self.bids:
            for ref in refs:
                self.x[bid.ref, ref] = len(self.x)
        for bid, _ in self.bids:
            self.y[bid.ref] = len(self.x) + len(self.y)
        for bid, _ in self.bids:
            for gap, depth in bid.gaps:
                if depth and bid.tenths:
                    self.z[bid.ref, gap] = len(self.x) + len(self.y) + len(self.z)
        self.n_columns = len(self.x) + len(self.y) + len(self.z)
        self._rows: list[tuple[float, dict[int, float], float]] = []
        self._budget_row = 0
        self._add_rows()
        self._costs = [self._value_costs(), self._place_costs(), self._spent_costs(), self._draw_costs()]
        self._highs = self._load()

    def _add_rows(self) -> None:
        """Every rule of the terms as (low, {column: factor}, high); the budget stands first."""
        pounds = {key: self.by_ref[key[0]].line(key[1]).requested_pence / 100 for key in self.x}
        inf = highspy.kHighsInf
        self._rows.append((-inf, {self.x[k]: p for k, p in pounds.items()}, self.terms.budget_pence / 100))
        for bid, refs in self.bids:
            mine = {self.x[bid.ref, ref]: pounds[bid.ref, ref] for ref in refs}
            y = self.y[bid.ref]
            left = self.terms.cap_left(bid)
            if left is not None and sum(mine.values()) > left / 100:
                self._rows.append((-inf, mine, left / 100))
            self._rows.append((0.0, mine | {y: -self.terms.min_award_pence / 100}, inf))
            self._rows.append((0.0, dict.fromkeys(mine, 1.0) | {y: -1.0}, inf))
            self._rows += [(-inf, {column: 1.0, y: -1.0}, 0.0) for column in mine]
            for group in bid.groups():
                tied = {self.x[bid.ref, ref]: 1.0 for ref in group if ref in refs}
                if len(tied) > 1:
                    self._rows.append((-inf, tied, 1.0))
            for ref in refs:
                needed = bid.line(ref).needs
                if needed:
                    self._rows.append((-inf, {self.x[bid.ref, ref]: 1.0, self.x[bid.ref, needed]: -1.0}, 0.0))
            for gap, depth in bid.gaps:
                if depth and bid.tenths:
                    by = {self.x[bid.ref, ref]: -float(dict(bid.line(ref).closes).get(gap, 0)) for ref in refs}
                    row = {self.z[bid.ref, gap]: 1.0} | {c: k for c, k in by.items() if k}
                    self._rows.append((-inf, row, 0.0))
        for measure, most in sorted(self.terms.type_caps_pence.items()):
            of_type = {
                self.x[key]: p for key, p in pounds.items() if self.by_ref[key[0]].line(key[1]).measure == measure
            }
            self._rows.append((-inf, of_type, most / 100))
        for region, least in sorted(self.terms.floors_pence.items()):
            there = {self.x[key]: p for key, p in pounds.items() if self.by_ref[key[0]].region == region}
            self._rows.append((least / 100, there, inf))

    def _value_costs(self) -> np.ndarray:
        costs = np.zeros(self.n_columns)
        for (ref, gap), column in self.z.items():
            bid = self.by_ref[ref]
            costs[column] = bid.tenths * dict(bid.gaps)[gap]
        return costs

    def _place_costs(self) -> np.ndarray:
        costs = np.zeros(self.n_columns)
        costs[list(self.y.values())] = 1
        return costs

    def _spent_costs(self) -> np.ndarray:
        costs = np.zeros(self.n_columns)
        for (ref, line), column in self.x.items():
            costs[column] = -self.by_ref[ref].line(line).requested_pence / 100
        return costs

    def _draw_costs(self) -> np.ndarray:
        costs = np.zeros(self.n_columns)
        for (ref, line), column in self.x.items():
            costs[column] = draw_number(self.seed, ref, line)
        return costs

    def _load(self) -> Any:
        highs = _QuietHighs()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.n_columns, len(self._rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = self._costs[0]
        lp.col_lower_ = np.zeros(self.n_columns)
        n_whole = len(self.x) + len(self.y)
        lp.col_upper_ = np.array([1.0] * n_whole + [float(FULLY_CLOSED)] * len(self.z))
        lp.integrality_ = [highspy.HighsVarType.kInteger] * n_whole + [highspy.HighsVarType.kContinuous] * len(self.z)
        lp.row_lower_ = np.array([low for low, _, _ in self._rows])
        lp.row_upper_ = np.array([high for _, _, high in self._rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0, *(len(row) for _, row, _ in self._rows)])
        lp.a_matrix_.index_ = np.array([column for _, row, _ in self._rows for column in row], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([value for _, row, _ in self._rows for value in row.values()])
        highs.passModel(lp)
        return highs

    def _bound_lines(self, forced_in: Iterable[Key], forced_out: Iterable[Key]) -> None:
        for column in self.x.values():
            self._highs.changeColBounds(column, 0.0, 1.0)
        for key in forced_out:
            if key in self.x:
                self._highs.changeColBounds(self.x[key], 0.0, 0.0)
        for key in forced_in:
            self._highs.changeColBounds(self.x[key], 1.0, 1.0)

    def _set_objective(self, level: int) -> None:
        columns = np.arange(self.n_columns, dtype=np.int32)
        self._highs.changeColsCost(self.n_columns, columns, self._costs[level])

    def solve(
        self,
        *,
        forced_in: frozenset[Key] = frozenset(),
        forced_out: frozenset[Key] = frozenset(),
        budget_pence: int | None = None,
        n_levels: int = 4,
        start: frozenset[Key] | None = None,
    ) -> Optimum:
        """
        The best choice with some lines held in or out.

        Parameters
        ----------
        budget_pence
            Another budget than that of the terms.
        n_levels
            How many of `LEVELS` are solved; 1 is enough for the value.
        start
            A choice known to be good, to start from.

        Raises
        ------
        RuleError
            No choice keeps to the terms with these lines held.
        """
        budget = self.terms.budget_pence if budget_pence is None else budget_pence
        impossible = [key for key in forced_in if key not in self.x]
        if impossible:
            raise _no_choice(impossible)
        if not self.x:
            if any(least > 0 for least in self.terms.floors_pence.values()):
                raise _no_choice([])
            return Optimum(frozenset(), 0, 0, 0, 0, bounds=(0.0,) * n_levels, proven=True)
        self._bound_lines(forced_in, forced_out)
        self._highs.changeRowBounds(self._budget_row, -highspy.kHighsInf, budget / 100)
        columns, bounds, proven = (None if start is None else self._columns_of(start)), [], True
        extra = 0
        try:
            for level in range(n_levels):
                self._set_objective(level)
                if columns is not None:
                    solution = highspy.HighsSolution()
                    solution.col_value = list(columns)
                    self._highs.setSolution(solution)
                self._highs.run()
                status = self._highs.getModelStatus()
                if status != highspy.HighsModelStatus.kOptimal:
                    raise _no_choice(sorted(forced_in))
                columns = self._columns_of(self._chosen())
                best = float(self._costs[level] @ np.array(columns))
                bound = float(self._highs.getInfo().mip_dual_bound)
                unit = 0.01 if LEVELS[level] == "spent" else 1.0
                bounds.append(bound)
                proven = proven and bound - best < unit
                if level + 1 < n_levels:
                    used = np.flatnonzero(self._costs[level])
                    self._highs.addRow(
                        best - unit / 2, highspy.kHighsInf, len(used), used.astype(np.int32), self._costs[level][used]
                    )
                    extra += 1
            return self._optimum(self._chosen(), tuple(bounds), proven)
        finally:
            if extra:
                n = self._highs.getNumRow()
                self._highs.deleteRows(extra, np.arange(n - extra, n, dtype=np.int32))

    def relaxed(
        self,
        *,
        forced_in: frozenset[Key] = frozenset(),
        forced_out: frozenset[Key] = frozenset(),
        budget_pence: int | None = None,
    ) -> tuple[float, float]:
        """
        An upper bound on the value, from lines in parts, and what one more pound would add to it.

        Returns
        -------
        tuple[float, float]
            (-inf, 0) where even parts of lines cannot keep to the terms.
        """
        if any(key not in self.x for key in forced_in):
            return float("-inf"), 0.0
        if not self.x:
            return 0.0, 0.0
        budget = self.terms.budget_pence if budget_pence is None else budget_pence
        self._bound_lines(forced_in, forced_out)
        self._highs.changeRowBounds(self._budget_row, -highspy.kHighsInf, budget / 100)
        self._set_objective(0)
        self._highs.setOptionValue("solve_relaxation", True)  # noqa: FBT003 - its signature
        try:
            self._highs.run()
            if self._highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return float("-inf"), 0.0
            price = abs(float(self._highs.getSolution().row_dual[self._budget_row]))
            return float(self._highs.getInfo().objective_function_value), price
        finally:
            self._highs.setOptionValue("solve_relaxation", False)  # noqa: FBT003 - its signature

    def settled(self, best: Optimum, *, forced_in: frozenset[Key] = frozenset()) -> frozenset[Key]:
        """
        The lines that are funded in every choice of that value, or in none: those that no draw decides.

        Each round asks for a choice of the same value that changes as many lines not seen to change as it can; it
        ends when none changes, so the answer is exact.
        """
        if not self.x:
            return frozenset()
        self._bound_lines(forced_in, frozenset())
        self._highs.changeRowBounds(self._budget_row, -highspy.kHighsInf, self.terms.budget_pence / 100)
        used = np.flatnonzero(self._costs[0])
        value_row = self._highs.getNumRow()
        self._highs.addRow(best.value - 0.5, highspy.kHighsInf, len(used), used.astype(np.int32), self._costs[0][used])
        columns = np.arange(self.n_columns, dtype=np.int32)
        same, start = set(self.x), best.chosen
        try:
            while same:
                costs = np.zeros(self.n_columns)
                for key in same:
                    costs[self.x[key]] = -1.0 if key in best.chosen else 1.0
                self._highs.changeColsCost(self.n_columns, columns, costs)
                solution = highspy.HighsSolution()
                solution.col_value = self._columns_of(start)
                self._highs.setSolution(solution)
                self._highs.run()
                other = self._chosen()
                changed = {key for key in same if (key in other) != (key in best.chosen)}
                if not changed:
                    break
                same -= changed
            return frozenset(same)
        finally:
            self._highs.deleteRows(1, np.array([value_row], dtype=np.int32))

    def _chosen(self) -> frozenset[Key]:
        values = self._highs.getSolution().col_value
        return frozenset(key for key, column in self.x.items() if values[column] > 0.5)

    def _columns_of(self, chosen: frozenset[Key]) -> list[float]:
        columns = [0.0] * self.n_columns
        funded: dict[str, list[str]] = {}
        for key in chosen & self.x.keys():
            columns[self.x[key]] = 1.0
            columns[self.y[key[0]]] = 1.0
            funded.setdefault(key[0], []).append(key[1])
        for (ref, gap), column in self.z.items():
            bid = self.by_ref[ref]
            done = sum(dict(bid.line(line).closes).get(gap, 0) for line in funded.get(ref, ()))
            columns[column] = float(min(FULLY_CLOSED, done))
        return columns

    def _optimum(self, chosen: frozenset[Key], bounds: tuple[float, ...], proven: bool) -> Optimum:
        value, n_places, spent, draw = totals(list(self.by_ref.values()), chosen, self.seed)
        return Optimum(chosen, value, n_places, spent, draw, bounds, proven)


def totals(bids: Iterable[ScoredBid], chosen: frozenset[Key], seed: str) -> tuple[int, int, int, int]:
    """Need met, places, pence and draw of a choice, in whole numbers."""
    value = n_places = spent = draw = 0
    for bid in bids:
        mine = [line for line in bid.lines if (bid.ref, line.ref) in chosen]
        value += need_met(bid, [line.ref for line in mine])
        n_places += bool(mine)
        spent += sum(line.requested_pence for line in mine)
        draw += sum(draw_number(seed, bid.ref, line.ref) for line in mine)
    return value, n_places, spent, draw


def _no_choice(lines: Sequence[Key]) -> RuleError:
    said = ", ".join(f"{bid}/{line}" for bid, line in lines)
    says = f"no choice keeps to the terms with {said} funded" if lines else "no choice keeps to the terms"
    return RuleError([Problem("", "", "lines that fit budget, caps, minimum and floors", says=says)])
