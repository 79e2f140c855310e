"""A table below national level as it may be published: which cells are hidden, beside every earlier release.

Rules: section "Suppression" of docs/rooms/hatecrime.md. The row totals, the national row (the religion or strand
table) and the offences of each force are taken as known, and so is whatever an earlier vintage of an unchanged row
shows. The records tell what each earlier vintage was; what was released from elsewhere is handed in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassure.disclosure import SHOWN, Cell, Knowledge, Suppression, suppress
from reassure.errors import RuleError
from reassure.hatecrime.offences import FORCE_WORDS, RELIGIONS, STRANDS, CoverageRow, Offence, Supply
from reassure.hatecrime.tables import Table, Value, has_religion
from reassure.hatecrime.vintages import coverage_as_at

COLUMNS = {"force": STRANDS, "force-religion": RELIGIONS}
"""The cells of the tables below national level; totals follow them and stay as they are."""

Row = tuple[int, ...]
Shown = Mapping[str, Sequence[int | None]]
"""An earlier release: the cells of each force, None where one was hidden."""


@dataclass(frozen=True, slots=True)
class State:
    """The cells of each force on one day, its offences, and what another table says its cells are at least."""

    rows: Mapping[str, Row]
    offences: Mapping[str, int]
    least: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Release:
    """A table with `[c]` in its hidden cells; `n_hidden` of them, of `n_cells`."""

    table: Table
    n_hidden: int
    n_cells: int


def release(
    table: Table,
    supplies: Sequence[Supply],
    coverage: Sequence[CoverageRow],
    day: date,
    *,
    earlier: Sequence[Shown] = (),
) -> Release:
    """
    The table with every cell hidden that has to be; national tables come back as they are.

    Parameters
    ----------
    earlier
        Releases of the same table that stay readable, beside the earlier vintages of these records.

    Raises
    ------
    RuleError
        A hidden cell would be left fewer than three values whatever is hidden; names the forces and columns.
    """
    if table.by not in COLUMNS:
        return Release(table, 0, 0)
    columns = COLUMNS[table.by]
    states = _states(table.by, table.year, supplies, coverage, day)
    found = _suppress_last(states, earlier)
    if found.exposed:
        raise RuleError(_refusal(sorted(found.exposed), table))
    rows: list[tuple[Value, ...]] = []
    for r, row in enumerate(table.rows):
        cells = [SHOWN if (r, c) in found.hidden else row[c + 1] for c in range(len(columns))]
        rows.append((row[0], *cells, *row[len(columns) + 1 :]))
    return Release(replace(table, rows=tuple(rows)), len(found.hidden), len(rows) * len(columns))


def _refusal(exposed: Sequence[Cell], table: Table) -> str:
    names = COLUMNS[table.by]
    cells = "; ".join(f"{FORCE_WORDS[str(table.rows[r][0])]}, {names[c]}" for r, c in exposed)
    return (
        f"This table cannot be released beside the national row and what was released before: whatever is hidden, "
        f"somebody could narrow {cells} to fewer than three values. Publish the national table only, or count "
        "more forces."
    )


def _suppress_last(states: Sequence[State], earlier: Sequence[Shown]) -> Suppression:
    """Hide in each vintage in turn what has to be; the last one's answer."""
    before: dict[str, tuple[Row, frozenset[int]]] = {}
    found = Suppression(frozenset(), frozenset())
    for at, state in enumerate(states):
        is_last = at == len(states) - 1
        found = _suppress_one(state, before, earlier if is_last else ())
        if not found.exposed:
            forces = sorted(state.rows)
            before = {
                force: (state.rows[force], frozenset(c for row, c in found.hidden if row == r))
                for r, force in enumerate(forces)
            }
    return found


def _suppress_one(
    state: State, before: Mapping[str, tuple[Row, frozenset[int]]], earlier: Sequence[Shown]
) -> Suppression:
    forces = sorted(state.rows)
    counts = [state.rows[force] for force in forces]
    also, shown = set[Cell](), set[Cell]()
    for r, force in enumerate(forces):
        if force in before and before[force][0] == state.rows[force]:
            hidden = before[force][1]
            also |= {(r, c) for c in hidden}
            shown |= {(r, c) for c in range(len(counts[r])) if c not in hidden}
    told_also, told = _told(earlier, forces, counts)
    knowledge = Knowledge(
        most_by_row=[state.offences[force] for force in forces],
        least={(r, c): n for r, force in enumerate(forces) for c, n in state.least.get(force, {}).items()},
        cells=frozenset(shown | told),
    )
    found = suppress(counts, knowledge=knowledge, also=(also | told_also) - told)
    if found.exposed and shown - told:  # whether that vintage was ever released is not known; what was told is
        knowledge = replace(knowledge, cells=frozenset(told))
        found = suppress(counts, knowledge=knowledge, also=(also | told_also) - told)
    return found


def _told(earlier: Sequence[Shown], forces: Sequence[str], counts: Sequence[Row]) -> tuple[set[Cell], set[Cell]]:
    """Cells that an earlier release hid, and those that it shows with the count they have now."""
    also, shown = set[Cell](), set[Cell]()
    for one in earlier:
        for r, force in enumerate(forces):
            for c, value in enumerate(one.get(force, ())):
                if value is None:
                    also.add((r, c))
                elif value == counts[r][c]:
                    shown.add((r, c))
    return also, shown


def _states(by: str, year: str, supplies: Iterable[Supply], coverage: Sequence[CoverageRow], day: date) -> list[State]:
    """The table's cells after each day of supply, those days without a change left out; the last is the vintage."""
    by_day: dict[date, list[Supply]] = defaultdict(list)
    for supply in supplies:
        if supply.submitted_on <= day:
            by_day[supply.submitted_on].append(supply)
    days = sorted({*by_day, *(row.submitted_on for row in coverage if row.submitted_on <= day)})
    tally = _Tally(by, year)
    states: list[State] = []
    for one in days:
        for supply in by_day.get(one, ()):
            tally.take(supply)
        state = tally.state(coverage_as_at(coverage, one))
        if not states or state != states[-1]:
            states.append(state)
    return states


class _Tally:
    """Counts by force, kept up to date as supplies arrive day by day."""

    def __init__(self, by: str, year: str) -> None:
        self.by, self.year, self.columns = by, year, COLUMNS[by]
        self.current: dict[tuple[str, str], Offence] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.offences: Counter[str] = Counter()
        self.based: Counter[str] = Counter()

    def take(self, supply: Supply) -> None:
        """The newest version of an offence replaces the one before; a cancelled one vanishes."""
        key = (supply.force, supply.offence_id)
        if old := self.current.pop(key, None):
            self._add(old, -1)
        if supply.offence is not None:
            self.current[key] = supply.offence
            self._add(supply.offence, 1)

    def _add(self, offence: Offence, sign: int) -> None:
        if offence.year != self.year:
            return
        is_based = has_religion(offence)
        self.based[offence.force] += sign * is_based
        if self.by == "force" or is_based:
            self.offences[offence.force] += sign
            for code in offence.strands if self.by == "force" else offence.religions:
                self.counts[offence.force, code] += sign

    def state(self, coverage: Mapping[tuple[str, str], CoverageRow]) -> State:
        """The cells of the forces that supply what the table needs."""
        rows = {force: row for (force, year), row in coverage.items() if year == self.year}
        perceived = {force for force, row in rows.items() if row.religion == "perceived"}
        forces = {force for force, row in rows.items() if row.has_strands} if self.by == "force" else perceived
        column = STRANDS.index("religion")
        return State(
            {force: tuple(self.counts[force, code] for code in self.columns) for force in forces},
            {force: self.offences[force] for force in forces},
            {force: {column: self.based[force]} for force in forces & perceived} if self.by == "force" else {},
        )
