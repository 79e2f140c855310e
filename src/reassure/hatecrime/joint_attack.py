"""What can be worked out from several vintages of one table at once, where rows have not changed between them.

Rules: section "Suppression" of docs/rooms/hatecrime.md. A force that sent nothing new has the same row in both
vintages; whoever sees that puts the totals of both together. The bounds are those of linear programming over all
totals of all vintages, so that nothing of that kind is left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

import highspy
import numpy as np

from reassure.disclosure import MIN_TOTAL, MIN_VALUES

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
        self._let_off = set[Key]()
        self._highs = _QuietHighs()
        inf = highspy.kHighsInf
        most, least = self._limits()
        for cell in self.cells:
            self._highs.addVar(least.get(cell, 0), most.get(cell, inf))
        for one in published:
            self._add_totals(one)

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

    def _add_totals(self, one: Published) -> None:
        lines: dict[tuple[str, str | int], list[Key]] = defaultdict(list)
        for force, row in one.rows.items():
            for column in range(len(row)):
                if (cell := (force, row, column)) in self._at:
                    lines["row", force].append(cell)
                    lines["column", column].append(cell)
        for (kind, name), cells in lines.items():
            rest = float(sum(row[column] for _, row, column in cells))
            used = np.array(sorted(self._at[cell] for cell in cells), dtype=np.int32)
            self._highs.addRow(rest, rest, len(used), used, np.ones(len(used)))
            if self._is_small(one, kind, name):
                self._let_off.update(cells)

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
        column = self._at[cell]
        self._highs.changeColCost(column, float(sign))
        self._highs.run()
        value = float(self._highs.getInfo().objective_function_value)
        is_open = self._highs.getModelStatus() == highspy.HighsModelStatus.kUnbounded
        self._highs.changeColCost(column, 0.0)
        return float("-1e9") if is_open else value
