"""Hidden cells, attacked by methods that share nothing with the one that chooses them."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from reassure.disclosure import (
    Cell,
    Knowledge,
    differencing_problems,
    exposed_cells,
    hidden_cells,
    shown_row,
    suppress,
)

Counts = list[list[int]]


def lp_width(counts: Counts, hidden: frozenset[Cell], cell: Cell, most_by_row: list[int] | None = None) -> float:
    """Largest minus smallest value of a hidden cell under the row and column totals, by linear programming."""
    cells = sorted(hidden)
    lines = [[i for i, (r, _) in enumerate(cells) if r == row] for row in range(len(counts))]
    lines += [[i for i, (_, c) in enumerate(cells) if c == column] for column in range(len(counts[0]))]
    lines = [line for line in lines if line]
    a = np.array([[1.0 if i in line else 0.0 for i in range(len(cells))] for line in lines])
    b = [sum(counts[cells[i][0]][cells[i][1]] for i in line) for line in lines]
    aim = np.array([1.0 if other == cell else 0.0 for other in cells])
    bounds = [(0, most_by_row[r] if most_by_row else None) for r, _ in cells]
    ends = [linprog(sign * aim, A_eq=a, b_eq=b, bounds=bounds, method="highs").fun * sign for sign in (1, -1)]
    return float(round(ends[1] - ends[0], 6))


def is_let_off(counts: Counts, cell: Cell) -> bool:
    row, column = sum(counts[cell[0]]), sum(line[cell[1]] for line in counts)
    return min(row, column) < 3


def invented(seed: int, n_rows: int = 7, n_columns: int = 9) -> Counts:
    """A table as forces have it: few large cells, many of 0 to 4."""
    rng = random.Random(seed)
    sizes = [rng.choice([2, 8, 30, 90]) for _ in range(n_rows)]
    weights = [0.03, 0.4, 0.1, 0.8, 2.5, 0.15, 0.3, 0.1, 0.7]
    return [[int(rng.expovariate(1 / (size * weights[c % 9] + 0.3))) for c in range(n_columns)] for size in sizes]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_linear_programming_leaves_every_hidden_cell_three_values(seed: int) -> None:
    """Who knows all totals and shown cells, and solves for each hidden cell, is left three values and more."""
    counts = invented(seed, 7 + seed % 2)
    most = [max(1, *row) + seed % 3 for row in counts] if seed % 2 else None

    found = suppress(counts, knowledge=Knowledge(most_by_row=most or ()))

    assert {(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if 1 <= n <= 4} <= found.hidden
    for cell in found.hidden - found.exposed:
        if not is_let_off(counts, cell) and (not most or most[cell[0]] >= 3):
            assert lp_width(counts, found.hidden, cell, most) >= 2, cell


@given(
    st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=3),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_what_is_exposed_is_what_enumeration_finds(
    counts: Counts, chosen: set[Cell], rows_known: bool, columns_known: bool
) -> None:
    """For tiny tables every filling of the hidden cells is tried: exactly the cells with under three values fail."""
    hidden = frozenset((r, c) for r, c in chosen if r < len(counts))
    cells = sorted(hidden)
    most = [min(9, max(row) + 1) for row in counts]
    values: dict[Cell, set[int]] = {cell: set() for cell in cells}
    for filling in itertools.product(*[range(most[r] + 1) for r, _ in cells]):
        tried = [list(row) for row in counts]
        for (r, c), value in zip(cells, filling, strict=True):
            tried[r][c] = value
        rows_fit = not rows_known or [sum(x) for x in tried] == [sum(x) for x in counts]
        columns_fit = not columns_known or [sum(x) for x in zip(*tried, strict=True)] == [
            sum(x) for x in zip(*counts, strict=True)
        ]
        if rows_fit and columns_fit:
            for (r, c), value in zip(cells, filling, strict=True):
                values[r, c].add(value)

    found = exposed_cells(
        counts,
        hidden,
        knowledge=Knowledge(are_row_totals_known=rows_known, are_column_totals_known=columns_known, most_by_row=most),
    )

    let_off = {
        cell
        for cell in cells
        if (rows_known and sum(counts[cell[0]]) < 3)
        or (columns_known and sum(row[cell[1]] for row in counts) < 3)
        or most[cell[0]] < 3
    }
    assert found == {cell for cell in cells if len(values[cell]) < 3} - let_off


@given(st.integers(0, 10_000), st.integers(2, 9), st.integers(2, 9))
def test_it_always_ends_in_the_same_way_and_hides_every_small_count(seed: int, n_rows: int, n_columns: int) -> None:
    """Any table: the search ends, twice with the same cells, none of them in an all-zero row or column."""
    counts = invented(seed, n_rows, n_columns)

    found = suppress(counts)

    assert found == suppress(counts)
    small = {(r, c) for r, row in enumerate(counts) for c, n in enumerate(row) if 1 <= n <= 4}
    assert small <= found.hidden
    assert all(any(counts[r]) and any(row[c] for row in counts) for r, c in found.hidden)
    assert exposed_cells(counts, found.hidden) == found.exposed


def test_a_small_count_alone_in_its_row_and_column_takes_others_with_it() -> None:
    """The rule by hand: of the failing cell's row and column the smallest positive is hidden next, until all hold."""
    counts = [[3, 50, 70], [20, 60, 80], [30, 90, 95]]

    # (0,0) fails until its column, its row and one cell across are hidden: 20, 30, 50, 70, then 60 closes a cycle.
    # (0,2) is then alone in its column: 80. (2,0) is alone in its row: 90. All but 95 are hidden.
    assert hidden_cells(counts) == {(0, 0), (1, 0), (2, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 1)}


def test_a_list_with_its_total_hides_a_second_count() -> None:
    """One hidden count of a list would be the total less the rest; the smallest other goes with it."""
    assert shown_row([12, 7, 3, 9]) == ["12", "[c]", "[c]", "9"]
    assert shown_row([12, 7, 0, 9]) == ["12", "7", "0", "9"]


def test_a_total_under_three_says_as_much_as_its_cells() -> None:
    """A row of one offence is let off: nothing else has to be hidden for it."""
    counts = [[1, 0, 0], [0, 40, 50], [9, 60, 70]]

    assert hidden_cells(counts) == {(0, 0)}


def test_what_an_earlier_release_shows_protects_nothing() -> None:
    """A cell whose count is known already is not hidden in order to protect another."""
    counts = [[3, 50, 70], [20, 60, 80], [30, 90, 95]]

    found = suppress(counts, knowledge=Knowledge(cells={(1, 0), (0, 1)}))

    assert not found.hidden & {(1, 0), (0, 1)}
    assert not found.exposed
    assert len(found.hidden) >= 4


def test_a_table_that_nothing_can_protect_says_so() -> None:
    """One force's row under its own national row is known cell by cell, whatever is hidden."""
    found = suppress([[3, 50, 7]])

    assert found.exposed == found.hidden == {(0, 0), (0, 1), (0, 2)}


def test_hiding_what_was_hidden_before_stays_hidden() -> None:
    """Cells that an earlier release hid are hidden again, with whatever they need."""
    counts = [[10, 50, 70], [20, 60, 80], [30, 90, 95]]

    assert hidden_cells(counts) == frozenset()
    found = suppress(counts, also={(2, 2)})
    assert (2, 2) in found.hidden
    assert all(lp_width(counts, found.hidden, cell) >= 2 for cell in found.hidden)


def test_a_release_that_isolates_people_beside_an_earlier_one_is_named() -> None:
    """Totals that differ by 1 to 4 from an earlier release are refused; equal or far ones are not."""
    assert [len(differencing_problems("bids", 33, [n])) for n in (33, 32, 29, 28, 38)] == [0, 1, 1, 0, 0]
