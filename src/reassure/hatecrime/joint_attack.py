"""What can be worked out from several vintages of one table at once, where rows have not changed between them.

Rules: section "Suppression" of docs/rooms/hatecrime.md. A force that sent nothing new has the same row in both
vintages; whoever sees that puts the totals of both together. The bounds are those of linear programming over all
totals of all vintages, so that nothing of that kind is left out.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import highspy
import numpy as np

from reassure.disclosure import MIN_TOTAL, MIN_VALUES, Knowledge, narrow_cells

Row = tuple[int, ...]
Key = tuple[str, Row, int]
"""A cell that stays the same as long as its force's row does: force, row, column."""

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Published:
    """One vintage as it stands or would stand in public: rows and offences by force, hidden columns by force."""

    rows: Mapping[str, Row]
    offences: Mapping[str, int]
    least: Mapping[str, Mapping[int, int]]
    hidden: Mapping[str, frozenset[int]]


def known_cells(published: Sequence[Published]) -> set[Key]:
    """The cells that some vintage shows."""
    return {
        (force, row, column)
        for one in published
        for force, row in one.rows.items()
        for column in range(len(row))
        if column not in one.hidden[force]
    }


class _QuietHighs(highspy.Highs):
    """A solver that prints nothing: `Highs.__init__` writes its banner to standard output when it sets callbacks."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - as HiGHS names it


class JointAttack:
    """The totals of every vintage as one set of equations over the cells that no vintage shows."""

    def __init__(self, published: Sequence[Published]) -> None:
        shown = known_cells(published)
        every = {
            (force, one.rows[force], column)
            for one in published
            for force, columns in one.hidden.items()
            for column in columns
        }
        self.cells = sorted(every - shown)
        self._at = {cell: i for i, cell in enumerate(self.cells)}
        self._published = published
        self._most, self._least = self._limits()
        self._let_off = {cell for one in published for cells in self._small_totals(one) for cell in cells}
        self._solver: _QuietHighs | None = None

    def _model(self) -> _QuietHighs:
        """The equations; made when the first cell asks for them, since most cells are seen to be free without."""
        if self._solver is None:
            solver = self._solver = _QuietHighs()
            for cell in self.cells:
                solver.addVar(self._least.get(cell, 0), self._most.get(cell, highspy.kHighsInf))
            for one in self._published:
                for cells in self._totals(one).values():
                    rest = float(sum(row[column] for _, row, column in cells))
                    used = np.array(sorted(self._at[cell] for cell in cells), dtype=np.int32)
                    solver.addRow(rest, rest, len(used), used, np.ones(len(used)))
        return self._solver

    def suspects(self, passed: Collection[Key] = ()) -> list[Key]:
        """
        The cells, without those that passed, that are not seen to be free at one look; only these can be narrow.

        Rows that stand in the same vintages can make good a step of one among themselves, which keeps every total of
        every vintage: a cell that can move so by two is free.
        """
        found: list[Key] = []
        for rows in self._rows_by_vintages().values():
            counts = [row for _, row in rows]
            cells = {(r, c): (force, row, c) for r, (force, row) in enumerate(rows) for c in range(len(row))}
            hidden = {at for at, cell in cells.items() if cell in self._at}
            most = [min((self._most[cells[r, c]] for r, c in hidden if r == i), default=0) for i in range(len(rows))]
            least = {at: self._least.get(cells[at], 0) for at in hidden}
            knowledge = Knowledge(most_by_row=most, least=least)
            among = [at for at in hidden if cells[at] not in passed and cells[at] not in self._let_off]
            if among:
                found += [cells[at] for at in narrow_cells(counts, hidden, among, knowledge=knowledge)]
        return sorted(found)

    def _rows_by_vintages(self) -> dict[tuple[int, ...], list[tuple[str, Row]]]:
        stands: dict[tuple[str, Row], list[int]] = defaultdict(list)
        for i, one in enumerate(self._published):
            for force, row in sorted(one.rows.items()):
                stands[force, row].append(i)
        groups: dict[tuple[int, ...], list[tuple[str, Row]]] = defaultdict(list)
        for key, vintages in stands.items():
            groups[tuple(vintages)].append(key)
        return groups

    def _limits(self) -> tuple[dict[Key, int], dict[Key, int]]:
        most: dict[Key, int] = {}
        least: dict[Key, int] = {}
        for one in self._published:
            for force, columns in one.hidden.items():
                for column in columns:
                    cell = (force, one.rows[force], column)
                    most[cell] = min(one.offences[force], most.get(cell, one.offences[force]))
                    least[cell] = max(one.least.get(force, {}).get(column, 0), least.get(cell, 0))
        return most, least

    def _totals(self, one: Published) -> dict[tuple[str, str | int], list[Key]]:
        """The unknown cells under each row total and each column total of a vintage."""
        lines: dict[tuple[str, str | int], list[Key]] = defaultdict(list)
        for force, row in one.rows.items():
            for column in range(len(row)):
                if (cell := (force, row, column)) in self._at:
                    lines["row", force].append(cell)
                    lines["column", column].append(cell)
        return lines

    def _small_totals(self, one: Published) -> list[list[Key]]:
        return [cells for (kind, name), cells in self._totals(one).items() if self._is_small(one, kind, name)]

    def _is_small(self, one: Published, kind: str, name: str | int) -> bool:
        if kind == "row":
            force = str(name)
            return min(sum(one.rows[force]), one.offences[force]) < MIN_TOTAL
        return sum(row[int(name)] for row in one.rows.values()) < MIN_TOTAL

    def is_narrow(self, cell: Key) -> bool:
        """Whether a cell is left fewer than three values, and no total is so small that it says as much."""
        if cell in self._let_off or cell not in self._at:
            return False
        low = ceil(self._end(cell, 1) - TOLERANCE)
        high = floor(-self._end(cell, -1) + TOLERANCE)
        return high - low + 1 < MIN_VALUES

    def _end(self, cell: Key, sign: int) -> float:
        column, solver = self._at[cell], self._model()
        solver.changeColCost(column, float(sign))
        solver.run()
        value = float(solver.getInfo().objective_function_value)
        is_open = solver.getModelStatus() == highspy.HighsModelStatus.kUnbounded
        solver.changeColCost(column, 0.0)
        return float("-1e9") if is_open else value
