"""Which cells of a small table stay hidden, so that nobody can be made out by subtracting.

Rules: counts of 1 to 4 are hidden, zero stays. Then whoever knows the totals, every shown cell and every earlier
release must be left at least three possible values for each hidden cell; if not, one more cell is hidden. The
bounds are exact: hidden cells under row and column totals are flows in a network, so that a cell can rise or fall
by one exactly where a cycle of hidden cells lets it. Used for every table below national level that we make.
Source: docs/rooms/hatecrime.md.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reassure.errors import Problem

SMALL = (1, 4)
MIN_VALUES = 3
SHOWN = "[c]"
MIN_TOTAL = 3
"""A row or column whose own total is smaller is let off: the total says as much."""

Cell = tuple[int, int]
Counts = Sequence[Sequence[int]]
_OUTSIDE = ("outside", 0)
_Node = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """
    What whoever attacks a table knows besides its shown cells.

    Parameters
    ----------
    are_row_totals_known, are_column_totals_known
        Whether the sum of each row, of each column, is published somewhere.
    most_by_row
        No cell of the row can be larger than this (the offences of a force); empty where nothing is known.
    least
        Cells that are known to be at least so large, from another table.
    cells
        Cells whose counts an earlier release shows: hiding them protects nothing.
    """

    are_row_totals_known: bool = True
    are_column_totals_known: bool = True
    most_by_row: Sequence[int] = ()
    least: Mapping[Cell, int] = field(default_factory=dict)
    cells: Collection[Cell] = frozenset()


TOTALS = Knowledge()


@dataclass(frozen=True, slots=True)
class Suppression:
    """The cells to hide, and those of them that nothing can protect: a table that has any is not released."""

    hidden: frozenset[Cell]
    exposed: frozenset[Cell]


def suppress(counts: Counts, *, knowledge: Knowledge = TOTALS, also: Collection[Cell] = ()) -> Suppression:
    """
    Choose the cells (row, column) of a table of counts that must not be shown; the same table, the same cells.

    Parameters
    ----------
    counts
        Rows of equal length, whole numbers, 0 or more, shape (n_rows, n_columns).
    also
        Cells to hide whatever they hold, such as those that an earlier release hid.

    Notes
    -----
    Hiding one more cell never narrows another, so that a cell that has passed need not be looked at again, and
    the search ends at the latest when all is hidden.
    """
    attack = _Attack(counts, knowledge)
    low, high = SMALL
    hidden = {(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if low <= n <= high} | set(also)
    waiting, exposed = set(hidden), set[Cell]()
    while waiting:
        cell = min(waiting)
        if attack.is_let_off(cell) or attack.n_values(cell, hidden) >= MIN_VALUES:
            waiting.remove(cell)
        elif extra := attack.one_more(cell, hidden):
            hidden.add(extra)
            waiting.add(extra)
        else:
            waiting.remove(cell)
            exposed.add(cell)
    still = {cell for cell in exposed if attack.n_values(cell, hidden) < MIN_VALUES}
    return Suppression(frozenset(hidden), frozenset(still))


def hidden_cells(
    counts: Counts, *, are_row_totals_known: bool = True, are_column_totals_known: bool = True
) -> frozenset[Cell]:
    """
    The cells (row, column) of a table of counts that must not be shown beside its totals.

    Examples
    --------
    >>> sorted(hidden_cells([[12, 7, 3, 9]], are_column_totals_known=False))
    [(0, 1), (0, 2)]
    """
    knowledge = Knowledge(are_row_totals_known, are_column_totals_known)
    return suppress(counts, knowledge=knowledge).hidden


def exposed_cells(counts: Counts, hidden: Collection[Cell], *, knowledge: Knowledge = TOTALS) -> frozenset[Cell]:
    """Those hidden cells that are left fewer than three values, and whose row and column are not let off."""
    attack = _Attack(counts, knowledge)
    inside = set(hidden)
    return frozenset(c for c in inside if not attack.is_let_off(c) and attack.n_values(c, inside) < MIN_VALUES)


def narrow_cells(
    counts: Counts, hidden: Collection[Cell], among: Collection[Cell], *, knowledge: Knowledge = TOTALS
) -> frozenset[Cell]:
    """Those of `among` that are left fewer than three values with `hidden` hidden, let off or not."""
    attack = _Attack(counts, knowledge)
    inside = set(hidden)
    return frozenset(cell for cell in among if attack.n_values(cell, inside) < MIN_VALUES)


def next_to_hide(counts: Counts, cell: Cell, hidden: Collection[Cell], *, knowledge: Knowledge = TOTALS) -> Cell | None:
    """The next cell to hide where `cell` can be narrowed; None when there is none left that would help."""
    return _Attack(counts, knowledge).one_more(cell, set(hidden))


def shown_row(counts: Sequence[int]) -> list[str]:
    """One list of counts whose total is shown: each as text, hidden ones as "[c]"."""
    hidden = hidden_cells([counts], are_column_totals_known=False)
    return [SHOWN if (0, c) in hidden else str(n) for c, n in enumerate(counts)]


def differencing_problems(name: str, now: int, earlier: Sequence[int]) -> list[Problem]:
    """
    Why a count may not be released beside earlier releases of the same thing: a difference of 1 to 4 isolates people.

    Examples
    --------
    >>> len(differencing_problems("bids", 33, [31])), len(differencing_problems("bids", 36, [31]))
    (1, 0)
    """
    low, high = SMALL
    return [
        Problem(name, str(now), f"{before}, or at least {high + 1} away from it: an earlier release had {before}")
        for before in earlier
        if low <= abs(now - before) <= high
    ]


class _Attack:
    """What can be worked out about hidden cells from everything that is known."""

    def __init__(self, counts: Counts, knowledge: Knowledge) -> None:
        self.counts = counts
        self.knowledge = knowledge
        self.row_totals = [sum(row) for row in counts]
        self.column_totals = [sum(column) for column in zip(*counts, strict=True)]

    def is_let_off(self, cell: Cell) -> bool:
        """Whether a known total of the cell's row or column is so small that it says as much as the cell."""
        row, column = cell
        known = self.knowledge
        return (
            (known.are_row_totals_known and self.row_totals[row] < MIN_TOTAL)
            or (known.are_column_totals_known and self.column_totals[column] < MIN_TOTAL)
            or (bool(known.most_by_row) and known.most_by_row[row] < MIN_TOTAL)
        )

    def n_values(self, cell: Cell, hidden: set[Cell]) -> int:
        """How many values the cell can have, counted up to three."""
        if cell in self.knowledge.cells:
            return 1
        unknown = hidden.difference(self.knowledge.cells)
        rises = self._n_moves(cell, unknown, 1, MIN_VALUES - 1)
        return 1 + rises + self._n_moves(cell, unknown, -1, MIN_VALUES - 1 - rises)

    def _n_moves(self, cell: Cell, unknown: set[Cell], step: int, enough: int) -> int:
        """How often the cell can rise (step 1) or fall (step -1) by one with every known total kept."""
        values = {(r, c): self.counts[r][c] for r, c in unknown}
        row, column = ("row", cell[0]), ("column", cell[1])
        start, end = (column, row) if step > 0 else (row, column)
        for done in range(enough):
            if not self._may_move(cell, values[cell], step):
                return done
            path = self._path(start, end, cell, values)
            if path is None:
                return done
            values[cell] += step
            for here, there in pairwise(path):
                if _OUTSIDE in (here, there):
                    continue
                is_rise = here[0] == "row"
                moved = (here[1], there[1]) if is_rise else (there[1], here[1])
                values[moved] += 1 if is_rise else -1
        return enough

    def _may_move(self, cell: Cell, value: int, step: int) -> bool:
        if step > 0:
            most = self.knowledge.most_by_row
            return not most or value < most[cell[0]]
        return value > self.knowledge.least.get(cell, 0)

    def _path(self, start: _Node, end: _Node, without: Cell, values: Mapping[Cell, int]) -> list[_Node] | None:
        """The shortest way on which other hidden cells make good a step: from a row one rises, to a row one falls."""
        came: dict[_Node, _Node] = {start: start}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            if here == end:
                path = [here]
                while came[path[-1]] != path[-1]:
                    path.append(came[path[-1]])
                return path[::-1]
            for there in self._next(here, without, values):
                if there not in came:
                    came[there] = here
                    queue.append(there)
        return None

    def _next(self, here: _Node, without: Cell, values: Mapping[Cell, int]) -> list[_Node]:
        known, (kind, at) = self.knowledge, here
        free = {"row": not known.are_row_totals_known, "column": not known.are_column_totals_known}
        if here == _OUTSIDE:
            n_by_kind = {"row": len(self.row_totals), "column": len(self.column_totals)}
            return [(kind, i) for kind, is_free in free.items() if is_free for i in range(n_by_kind[kind])]
        found: list[_Node] = [_OUTSIDE] if free[kind] else []
        if kind == "row":
            cells = [(at, c) for c in range(len(self.column_totals))]
            ways = [("column", cell[1]) for cell in cells if self._is_way(cell, without, values, 1)]
        else:
            cells = [(r, at) for r in range(len(self.row_totals))]
            ways = [("row", cell[0]) for cell in cells if self._is_way(cell, without, values, -1)]
        return found + ways

    def _is_way(self, cell: Cell, without: Cell, values: Mapping[Cell, int], step: int) -> bool:
        return cell != without and cell in values and self._may_move(cell, values[cell], step)

    def one_more(self, cell: Cell, hidden: set[Cell]) -> Cell | None:
        """
        The next cell to hide for one that fails; None when there is none left that would help.

        The smallest positive shown cell of its row or column, ties by row then column; else a zero of them; else any
        shown cell; never one of an all-zero row or column, never one that an earlier release shows.
        """
        known = self.knowledge
        lines = [(r, c) for r in range(len(self.row_totals)) for c in range(len(self.column_totals))]
        open_to = [
            (r, c)
            for r, c in lines
            if (r, c) not in hidden
            and (r, c) not in known.cells
            and self.row_totals[r] > 0
            and self.column_totals[c] > 0
        ]
        row, column = cell
        beside = [
            (r, c)
            for r, c in open_to
            if (known.are_row_totals_known and r == row) or (known.are_column_totals_known and c == column)
        ]
        for places in (beside, open_to):
            if places:
                return min(places, key=lambda rc: (self.counts[rc[0]][rc[1]] == 0, self.counts[rc[0]][rc[1]], rc))
        return None
