"""What changed between two years, and between two vintages of one year.

Rules: T6, T9 and T10 of docs/rooms/hatecrime.md. Years are compared over forces that supply what the table needs in
both; with other coverage the comparison is refused, unless it is restricted to the common forces and says who left.
A revised cell keeps its first value. A change goes with its interval or is not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from reassure.errors import InputError, Problem, RuleError
from reassure.hatecrime.offences import force_words
from reassure.hatecrime.shares import Z_95, Interval
from reassure.hatecrime.tables import Table, Value, counted_forces, make_table
from reassure.hatecrime.vintages import Vintage

COMPARED = ("religion", "strand")
LEAST_COUNT = 20
"""A count below it never gets a percentage change."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two years side by side: rows of key, first, second and change in per cent; who is counted and who left."""

    by: str
    years: tuple[str, str]
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    forces: tuple[str, ...]
    left_out: tuple[str, ...]
    tables: tuple[Table, Table]


@dataclass(frozen=True, slots=True)
class Revision:
    """One year as known on two days: rows of key, first, then and difference; who came and who left between."""

    by: str
    year: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    came: tuple[str, ...]
    left: tuple[str, ...]
    tables: tuple[Table, Table]


def change_percent(old: int, new: int) -> float | None:
    """
    `100 * (new - old) / old`; None (not shown) when the old count is 0 or either is under 20.

    Examples
    --------
    >>> round(change_percent(8339, 8566), 6)
    2.722149
    >>> change_percent(0, 40) is None and change_percent(19, 40) is None
    True
    """
    return None if old == 0 or min(old, new) < LEAST_COUNT else 100 * (new - old) / old


def change_interval(old: int, new: int) -> Interval | None:
    """The 95 % interval of a change in per cent, from the ratio of two counts; None where there is no change."""
    if change_percent(old, new) is None:
        return None
    half = Z_95 * sqrt(1 / old + 1 / new)
    ratio = log(new / old)
    return Interval(100 * (exp(ratio - half) - 1), 100 * (exp(ratio + half) - 1))


def compare(vintage: Vintage, years: Sequence[str], by: str, *, is_common: bool) -> Comparison:
    """
    Two years, the second beside the first, over the forces that supply in both.

    Raises
    ------
    RuleError
        The years are covered by different forces and `is_common` is not set.
    """
    _check_kind(by)
    first, second = years
    covered = counted_forces(vintage, first, by), counted_forces(vintage, second, by)
    common, left = covered[0] & covered[1], covered[0] ^ covered[1]
    if left and not is_common:
        raise RuleError(
            f"{first} and {second} are covered by different forces: {force_words(left)} supplied for one of them only. "
            "Restrict the comparison to the common forces (--common); the result then says who was left out."
        )
    if not common:
        raise RuleError(f"No force supplied what the table needs for both {first} and {second}: nothing to compare.")
    old, new = (make_table(vintage, year, by, within=common) for year in (first, second))
    before, after = old.column("offences"), new.column("offences")
    rows = [(key, before[key], after[key], change_percent(_n(before[key]), _n(after[key]))) for key in before]
    header = (old.header[0], "first", "second", "change_percent")
    return Comparison(by, (first, second), header, tuple(rows), tuple(sorted(common)), tuple(sorted(left)), (old, new))


def revisions(first: Vintage, then: Vintage, year: str, by: str) -> Revision:
    """One year as it was first known and as it was known then, with the difference; the first value is kept."""
    _check_kind(by)
    old, new = make_table(first, year, by), make_table(then, year, by)
    before, after = old.column("offences"), new.column("offences")
    rows = [(key, before[key], after[key], _n(after[key]) - _n(before[key])) for key in before]
    came = tuple(sorted(set(new.forces) - set(old.forces)))
    left = tuple(sorted(set(old.forces) - set(new.forces)))
    return Revision(by, year, (old.header[0], "first", "then", "difference"), tuple(rows), came, left, (old, new))


def _n(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _check_kind(by: str) -> None:
    if by not in COMPARED:
        raise InputError([Problem("by", by, "one of " + ", ".join(COMPARED))])
