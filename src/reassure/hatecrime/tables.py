"""The five published tables, counted from records as they were known on a day.

Rules: T1 to T5 of docs/rooms/hatecrime.md. One offence may carry several strands and target several religions, so
that totals of factors and of targeted religions are at least the offences. Forces without a coverage row supply
nothing; forces without the perceived religion, or without strands, are absent from that table, not zero.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from reassure.errors import InputError, Problem
from reassure.hatecrime.offences import RELIGIONS, RRA_CODES, STRANDS, UNKNOWN, Offence, months_of
from reassure.hatecrime.shares import percent
from reassure.hatecrime.vintages import Vintage

Value = str | int | float | None
"""A cell: None means not applicable or not shown, never zero."""

KINDS = ("religion", "strand", "force", "force-religion", "month")
TARGETED, FACTORS, OFFENCES = "total_targeted_religions", "total_motivating_factors", "total_offences"


@dataclass(frozen=True, slots=True)
class Base:
    """
    What percentages are of.

    Parameters
    ----------
    offences
        Offences with strand religion and a recorded religion, unknown included (`percent_of_offences`).
    known
        Those with at least one religion other than unknown (`percent_of_known`).
    religious
        All offences with strand religion of the forces that supplied strands: how much is not in the table.
    """

    offences: int
    known: int
    religious: int

    @property
    def not_in_table(self) -> int:
        """Religious offences that are not in the religion table."""
        return self.religious - self.offences


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its header; `forces` are the codes that are counted in it, in order."""

    by: str
    year: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    forces: tuple[str, ...]
    base: Base

    def column(self, name: str) -> dict[str, Value]:
        """The values of a column by key."""
        at = self.header.index(name)
        return {str(row[0]): row[at] for row in self.rows}


def has_religion(offence: Offence) -> bool:
    """The base rule of one offence: strand religion, and at least one religion recorded (unknown counts)."""
    return "religion" in offence.strands and bool(offence.religions)


def make_table(vintage: Vintage, year: str, by: str, *, within: Collection[str] | None = None) -> Table:
    """
    One of the five tables.

    Parameters
    ----------
    by
        One of `KINDS`.
    within
        Count only these forces, where they supply what the table needs; all where None.
    """
    if by not in KINDS:
        raise InputError([Problem("by", by, "one of " + ", ".join(KINDS))])
    supplying = _supplying(vintage, year, by)
    forces = supplying if within is None else supplying & frozenset(within)
    own = [offence for offence in vintage.of_year(year) if offence.force in forces]
    header, rows = _MAKERS[by](own, sorted(forces), year)
    return Table(by, year, header, rows, tuple(sorted(forces)), _base(vintage, year, within))


def _supplying(vintage: Vintage, year: str, by: str) -> frozenset[str]:
    if by in {"religion", "force-religion"}:
        return vintage.with_religion(year)
    return vintage.with_strands(year) if by in {"strand", "force"} else vintage.supplying(year)


def counted_forces(vintage: Vintage, year: str, by: str) -> frozenset[str]:
    """The forces that supply what a table needs."""
    return _supplying(vintage, year, by)


def _base(vintage: Vintage, year: str, within: Collection[str] | None) -> Base:
    perceived, with_strands = vintage.with_religion(year), vintage.with_strands(year)
    offences = known = religious = 0
    for offence in vintage.of_year(year):
        if "religion" not in offence.strands or (within is not None and offence.force not in within):
            continue
        religious += offence.force in with_strands or offence.force in perceived
        if offence.religions and offence.force in perceived:
            offences += 1
            known += any(religion != UNKNOWN for religion in offence.religions)
    return Base(offences, known, religious)


Made = tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]]


def _by_religion(own: Sequence[Offence], _forces: Sequence[str], _year: str) -> Made:
    header = ("perceived_religion", "offences", "percent_of_offences", "percent_of_known")
    based = [offence for offence in own if has_religion(offence)]
    counts = Counter(religion for offence in based for religion in offence.religions)
    known = sum(any(religion != UNKNOWN for religion in offence.religions) for offence in based)
    rows: list[tuple[Value, ...]] = [
        (
            religion,
            counts[religion],
            percent(counts[religion], len(based)),
            None if religion == UNKNOWN else percent(counts[religion], known),
        )
        for religion in RELIGIONS
    ]
    return header, (*rows, (TARGETED, counts.total(), None, None), (OFFENCES, len(based), None, None))


def _by_strand(own: Sequence[Offence], _forces: Sequence[str], _year: str) -> Made:
    counts = Counter(strand for offence in own for strand in offence.strands)
    rows: list[tuple[Value, ...]] = [(strand, counts[strand]) for strand in STRANDS]
    return ("strand", "offences"), (*rows, (FACTORS, counts.total()), (OFFENCES, len(own)))


def _by_force(own: Sequence[Offence], forces: Sequence[str], _year: str) -> Made:
    counts = Counter((offence.force, strand) for offence in own for strand in offence.strands)
    offences = Counter(offence.force for offence in own)
    header = ("force_code", *STRANDS, "factors", "offences")
    return header, _force_rows(forces, STRANDS, counts, offences)


def _by_force_religion(own: Sequence[Offence], forces: Sequence[str], _year: str) -> Made:
    based = [offence for offence in own if has_religion(offence)]
    counts = Counter((offence.force, religion) for offence in based for religion in offence.religions)
    offences = Counter(offence.force for offence in based)
    header = ("force_code", *RELIGIONS, "targeted", "offences")
    return header, _force_rows(forces, RELIGIONS, counts, offences)


def _force_rows(
    forces: Sequence[str],
    columns: Sequence[str],
    counts: Mapping[tuple[str, str], int],
    offences: Mapping[str, int],
) -> tuple[tuple[Value, ...], ...]:
    rows: list[tuple[Value, ...]] = []
    for force in forces:
        cells = [counts.get((force, column), 0) for column in columns]
        rows.append((force, *cells, sum(cells), offences.get(force, 0)))
    return tuple(rows)


def _by_month(own: Sequence[Offence], _forces: Sequence[str], year: str) -> Made:
    counts = Counter(f"{o.recorded_on.year}-{o.recorded_on.month:02d}" for o in own if o.code in RRA_CODES)
    return ("month", "rra_offences"), tuple((month, counts[month]) for month in months_of(year))


_MAKERS: dict[str, Callable[[Sequence[Offence], Sequence[str], str], Made]] = {
    "religion": _by_religion,
    "strand": _by_strand,
    "force": _by_force,
    "force-religion": _by_force_religion,
    "month": _by_month,
}
