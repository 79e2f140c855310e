"""A table below national level as it may be published: which cells are hidden, beside every earlier release.

Rules: section "Suppression" of docs/rooms/hatecrime.md. The row totals, the national row (the religion or strand
table) and the offences of each force are taken as known, and so is whatever an earlier vintage of an unchanged row
shows. The records tell what each earlier vintage was; what was released from elsewhere is handed in.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassure.disclosure import SHOWN, Cell, Knowledge, Suppression, next_to_hide, suppress
from reassure.errors import RuleError
from reassure.hatecrime.joint_attack import JointAttack, Key, Published, Row, known_cells
from reassure.hatecrime.offences import FORCE_WORDS, RELIGIONS, STRANDS, CoverageRow, Offence, Supply
from reassure.hatecrime.tables import Table, Value, has_religion
from reassure.hatecrime.vintages import coverage_as_at

COLUMNS = {"force": STRANDS, "force-religion": RELIGIONS}
"""The cells of the tables below national level; totals follow them and stay as they are."""

MAX_VINTAGES = 12
"""Where records arrive on more days, the last state of each month counts as released, the newest twelve of them."""

Place = tuple[str, int]
"""A cell by force and column."""

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
    """
    A table with `[c]` in its hidden cells; `n_hidden` of them, of `n_cells`.

    Parameters
    ----------
    holds_beside_religion
        False for a strand table whose religion column the force-religion table tells: not both can be released.
    beside_vintages
        What would be given away if earlier vintages of these records stand in public, as a sentence; empty for nothing.
    """

    table: Table
    n_hidden: int
    n_cells: int
    holds_beside_religion: bool = True
    beside_vintages: str = ""


def release(
    table: Table,
    supplies: Sequence[Supply],
    coverage: Sequence[CoverageRow],
    day: date,
    *,
    earlier: Sequence[Shown] = (),
    released_on: Collection[date] | None = None,
) -> Release:
    """
    The table with every cell hidden that has to be; national tables come back as they are.

    Parameters
    ----------
    earlier
        Releases of the same table that stay readable, beside the earlier vintages of these records.
    released_on
        Days whose vintages were released; empty for none. None, where nobody said: every state that the records ever
        had may have been, so that as much is hidden as helps and `Release.beside_vintages` says what nothing helps.

    Raises
    ------
    RuleError
        A hidden cell would be left fewer than three values whatever is hidden, beside the national row or beside
        what a vintage of `released_on` shows: a force that alone changed is the difference of two national rows.
        Names the forces and columns.
    """
    if table.by not in COLUMNS:
        return Release(table, 0, 0)
    columns = COLUMNS[table.by]
    states = _states(table.by, table.year, supplies, coverage, day, released_on)
    found, told = _suppress_last(states, earlier)
    holds_beside_religion = not found.exposed
    if found.exposed and table.by == "force":
        found, told = _suppress_last([replace(state, least={}) for state in states], earlier)
    if found.exposed:
        raise RuleError(_refusal(sorted(found.exposed), table))
    beside_vintages = _beside_vintages(sorted(told), table) if told else ""
    if told and released_on is not None:
        raise RuleError(f"This table cannot be released. {beside_vintages}")
    rows: list[tuple[Value, ...]] = []
    for r, row in enumerate(table.rows):
        cells = [SHOWN if (r, c) in found.hidden else row[c + 1] for c in range(len(columns))]
        rows.append((row[0], *cells, *row[len(columns) + 1 :]))
    hidden = replace(table, rows=tuple(rows))
    return Release(hidden, len(found.hidden), len(rows) * len(columns), holds_beside_religion, beside_vintages)


def _refusal(exposed: Sequence[Cell], table: Table) -> str:
    names = COLUMNS[table.by]
    cells = "; ".join(f"{FORCE_WORDS[str(table.rows[r][0])]}, {names[c]}" for r, c in exposed)
    return (
        f"This table cannot be released beside the national row and what was released before: whatever is hidden, "
        f"somebody could narrow {cells} to fewer than three values. Publish the national table only, or count "
        "more forces."
    )


def _beside_vintages(told: Sequence[Place], table: Table) -> str:
    names = COLUMNS[table.by]
    cells = "; ".join(f"{FORCE_WORDS[force]}, {names[column]}" for force, column in told)
    return (
        "Beside an earlier vintage of these records, the difference of the two national rows would let somebody "
        f"narrow {cells} to fewer than three values, whatever is hidden. Release it only if no earlier vintage was "
        "released; else wait until more forces have changed."
    )


def _suppress_last(states: Sequence[State], earlier: Sequence[Shown]) -> tuple[Suppression, Collection[Place]]:
    """Hide in each vintage in turn what has to be; the last one's answer, and what is given away all the same."""
    published: list[Published] = []
    for state in states[:-1]:
        found, _ = _suppress_one(state, published, ())
        if not found.exposed:  # one that exposes somebody is refused, so that it was never released
            published.append(_published(state, found.hidden))
    return _suppress_one(states[-1], published, earlier)


def _published(state: State, hidden: Collection[Cell]) -> Published:
    forces = sorted(state.rows)
    columns = {force: frozenset(c for row, c in hidden if row == r) for r, force in enumerate(forces)}
    return Published(state.rows, state.offences, state.least, columns)


def _suppress_one(
    state: State, published: Sequence[Published], earlier: Sequence[Shown]
) -> tuple[Suppression, Collection[Place]]:
    """One vintage beside those before it, and the cells that these give away whatever is hidden here."""
    forces = sorted(state.rows)
    counts = [state.rows[force] for force in forces]
    also, told = _told(earlier, forces, counts)
    shown = known_cells(published)
    cells = {(r, c): (force, counts[r], c) for r, force in enumerate(forces) for c in range(len(counts[r]))}
    known = {at for at, cell in cells.items() if cell in shown}
    for one in published:
        also |= {
            (r, c) for r, force in enumerate(forces) if one.rows.get(force) == counts[r] for c in one.hidden[force]
        }
    plain = Knowledge(
        most_by_row=[state.offences[force] for force in forces],
        least={(r, c): n for r, force in enumerate(forces) for c, n in state.least.get(force, {}).items()},
        cells=frozenset(told),
    )
    if published:
        knowledge = replace(plain, cells=frozenset(told | known))
        found = suppress(counts, knowledge=knowledge, also=also - told - known)
        if not found.exposed:
            return _joint(state, found.hidden, published, knowledge)
    alone = suppress(counts, knowledge=plain, also=also - told)
    if not published or alone.exposed:
        return alone, set()
    attack, before = JointAttack([*published, _published(state, alone.hidden)]), JointAttack(published)
    narrow = [cell for cell in attack.suspects() if attack.is_narrow(cell) and not before.is_narrow(cell)]
    return alone, {(force, column) for force, _, column in narrow}


def _joint(
    state: State, hidden: Collection[Cell], published: Sequence[Published], knowledge: Knowledge
) -> tuple[Suppression, Collection[Place]]:
    """Hide more until no cell is narrowed, but for those that this vintage gives away whatever is hidden here."""
    forces = sorted(state.rows)
    counts = [state.rows[force] for force in forces]
    every = {(r, c) for r, row in enumerate(counts) for c in range(len(row))} - set(knowledge.cells)
    best, before = JointAttack([*published, _published(state, every)]), JointAttack(published)
    found, passed, told = set(hidden), set[Key](), set[Place]()
    while True:
        attack = JointAttack([*published, _published(state, found)])
        narrow = next(filter(attack.is_narrow, attack.suspects(passed)), None)
        if narrow is None:
            return Suppression(frozenset(found), frozenset()), told
        force, _, column = narrow
        passed.update(cell for cell in attack.cells if cell < narrow)
        extra = None
        if force in state.rows and not best.is_narrow(narrow):
            own = (forces.index(force), column)
            can_hide_own = own not in found and own not in knowledge.cells
            extra = own if can_hide_own else next_to_hide(counts, own, found, knowledge=knowledge)
        if extra is None:
            passed.add(narrow)
            if not before.is_narrow(narrow):
                told.add((force, column))
        else:
            found.add(extra)


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


def _states(
    by: str,
    year: str,
    supplies: Iterable[Supply],
    coverage: Sequence[CoverageRow],
    day: date,
    released_on: Collection[date] | None,
) -> list[State]:
    """The table's cells after each day of supply, or on the days given; those without a change are left out."""
    waiting = deque(sorted((s for s in supplies if s.submitted_on <= day), key=lambda supply: supply.submitted_on))
    if released_on is None:
        days = {s.submitted_on for s in waiting} | {row.submitted_on for row in coverage if row.submitted_on <= day}
    else:
        days = {one for one in released_on if one < day} | {day}
    tally = _Tally(by, year)
    states: list[State] = []
    months: list[tuple[int, int]] = []
    for one in sorted(days):
        while waiting and waiting[0].submitted_on <= one:
            tally.take(waiting.popleft())
        state = tally.state(coverage_as_at(coverage, one))
        if not states or state != states[-1]:
            states.append(state)
            months.append((one.year, one.month))
    if len(states) > MAX_VINTAGES and released_on is None:
        states = [state for i, state in enumerate(states) if months[i : i + 2] != [months[i]] * 2]
    return states if released_on is not None else states[-MAX_VINTAGES:]


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
