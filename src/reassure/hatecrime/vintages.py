"""The records as they were known on a day: figures are revised, and what was published can always be made again.

Rules: T0 of docs/rooms/hatecrime.md. Per force and offence the newest supply up to the day counts; a cancelled one
vanishes; the year follows the date of that version. Of the coverage the newest row up to the day counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reassure.errors import RuleError
from reassure.hatecrime.offences import CoverageRow, Offence, Supply

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Vintage:
    """Offences and coverage as known at the end of a day, by year; offences keep no order that means anything."""

    day: date
    offences: Mapping[str, Sequence[Offence]]
    coverage: Mapping[tuple[str, str], CoverageRow]

    def of_year(self, year: str) -> Sequence[Offence]:
        """The offences of a year; empty when there are none."""
        return self.offences.get(year, ())

    def supplying(self, year: str) -> frozenset[str]:
        """Forces with a coverage row: one without supplies nothing."""
        return frozenset(force for force, of in self.coverage if of == year)

    def with_strands(self, year: str) -> frozenset[str]:
        """Forces that supplied the strands of their offences."""
        return frozenset(force for (force, of), row in self.coverage.items() if of == year and row.has_strands)

    def with_religion(self, year: str, supply: str = "perceived") -> frozenset[str]:
        """Forces whose religion is the perceived one (or the victim's, or none)."""
        return frozenset(force for (force, of), row in self.coverage.items() if of == year and row.religion == supply)


def as_at(supplies: Iterable[Supply], coverage: Iterable[CoverageRow], day: date) -> Vintage:
    """
    The records as known on `day`, that day included.

    Raises
    ------
    RuleError
        Two different versions of one offence, or of one force's coverage, stand on one day.
    """
    newest: dict[Key, Supply] = {}
    for supply in supplies:
        if supply.submitted_on <= day:
            _keep_newest(newest, (supply.force, supply.offence_id), supply)
    offences: dict[str, list[Offence]] = defaultdict(list)
    for supply in newest.values():
        if supply.offence is not None:
            offences[supply.offence.year].append(supply.offence)
    return Vintage(day, offences, coverage_as_at(coverage, day))


def coverage_as_at(coverage: Iterable[CoverageRow], day: date) -> dict[tuple[str, str], CoverageRow]:
    """Of each force and year the newest row up to the day; two different ones of one day are a `RuleError`."""
    rows: dict[tuple[str, str], CoverageRow] = {}
    for row in coverage:
        key = (row.force, row.year)
        if row.submitted_on > day or (key in rows and rows[key].submitted_on > row.submitted_on):
            continue
        before = rows.get(key)
        if before and before.submitted_on == row.submitted_on and _says(before) != _says(row):
            raise RuleError(
                f"The coverage of {row.force} in {row.year} stands twice with different values on "
                f"{row.submitted_on} (rows {before.row} and {row.row}); expected one."
            )
        rows[key] = row
    return rows


def _keep_newest(newest: dict[Key, Supply], key: Key, supply: Supply) -> None:
    before = newest.get(key)
    if before is None or supply.submitted_on > before.submitted_on:
        newest[key] = supply
    elif supply.submitted_on == before.submitted_on and supply.offence != before.offence:
        raise RuleError(
            f"Offence {supply.offence_id} of {supply.force} stands in two different versions on "
            f"{supply.submitted_on} (rows {before.row} and {supply.row}); expected one."
        )


def _says(row: CoverageRow) -> tuple[str, bool]:
    return row.religion, row.has_strands


@dataclass(frozen=True, slots=True)
class Repeats:
    """Rows that repeat an equal row of the same key and day, and rows that differ from one; each names the later."""

    duplicates: tuple[int, ...]
    conflicts: tuple[int, ...]


def repeats(supplies: Iterable[Supply]) -> Repeats:
    """Duplicates and conflicting versions, in the order of the rows."""
    versions: dict[tuple[str, str, date], list[Offence | None]] = {}
    duplicates, conflicts = [], []
    for supply in supplies:
        key = (supply.force, supply.offence_id, supply.submitted_on)
        seen = versions.setdefault(key, [])
        if supply.offence in seen:
            duplicates.append(supply.row)
        else:
            if seen:
                conflicts.append(supply.row)
            seen.append(supply.offence)
    return Repeats(tuple(duplicates), tuple(conflicts))


def supply_days(supplies: Iterable[Supply], up_to: date) -> Collection[date]:
    """The days on which something was supplied, up to a day, in order."""
    return sorted({supply.submitted_on for supply in supplies if supply.submitted_on <= up_to})
