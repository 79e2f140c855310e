"""What is wrong or doubtful in supplied records before anyone signs a table.

Rules: section "Quality" of docs/rooms/hatecrime.md. A finding that stops refuses the table; one that warns is printed
beside it. Faults of cells are found by the reader (`files.offences`); here stand those between rows and of counts.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reassure.errors import Problem
from reassure.hatecrime.offences import FORCE_WORDS, RRA_CODES, UNKNOWN, Offence, Supply, months_of
from reassure.hatecrime.shares import percent
from reassure.hatecrime.tables import Table, has_religion
from reassure.hatecrime.vintages import Vintage, repeats

STOP, WARN = "stop", "warn"
LEVELS = {
    "missing": STOP,
    "unknown_code": STOP,
    "not_a_date": STOP,
    "repeated": STOP,
    "after_submission": STOP,
    "unreadable": STOP,
    "conflicting_versions": STOP,
    "duplicate": WARN,
    "religion_without_strand": WARN,
    "unknown_with_named": WARN,
    "no_religion_given": WARN,
    "unknown_share": WARN,
    "rra_without_strand": WARN,
    "month_missing": WARN,
    "does_not_add_up": STOP,
}
NO_RELIGION_WARNS_FROM_PERCENT = 25
UNKNOWN_WARNS_BEYOND = 2


@dataclass(frozen=True, slots=True)
class RowFault:
    """A fault of one row, as a sentence too; `known_on` is None where no day of supply is legible."""

    row: int
    column: str
    kind: str
    problem: Problem
    known_on: date | None = None

    @property
    def stops(self) -> bool:
        """Whether the table is refused for it."""
        return LEVELS[self.kind] == STOP


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A kind of fault with how often it occurs, and the rows it is found in.

    Parameters
    ----------
    force
        Code of the force that a finding about counts speaks of; empty for findings about rows.
    """

    kind: str
    count: int
    says: str
    rows: tuple[int, ...] = ()
    force: str = ""

    @property
    def level(self) -> str:
        """`stop` refuses the table, `warn` is printed beside it."""
        return LEVELS[self.kind]


SAYS = {
    "missing": "a value that has to be there is empty",
    "unknown_code": "a code that nobody knows",
    "not_a_date": "a date that does not exist",
    "repeated": "a code stands twice in one cell",
    "after_submission": "recorded after it was sent",
    "unreadable": "a row that cannot be read",
    "conflicting_versions": "two different versions of one offence on one day",
    "duplicate": "an equal row of the same offence and day, counted once",
    "religion_without_strand": "a religion without the strand religion, not counted by religion",
    "unknown_with_named": "unknown beside a named religion, counted in both rows",
    "rra_without_strand": "an aggravated offence flagged neither race nor religion",
}


def faults_between_rows(supplies: Sequence[Supply], file: str = "") -> list[RowFault]:
    """Duplicates and conflicting versions, and what does not fit within one row, in the order of the rows."""
    found = repeats(supplies)
    by_row = {supply.row: supply for supply in supplies}
    faults = [_fault(by_row[row], "offence_id", "duplicate", file) for row in found.duplicates]
    faults += [_fault(by_row[row], "offence_id", "conflicting_versions", file) for row in found.conflicts]
    for supply in supplies:
        if supply.offence is not None:
            faults += [_fault(supply, column, kind, file) for column, kind in _doubts(supply.offence)]
    return sorted(faults, key=lambda fault: (fault.row, fault.kind))


def _doubts(offence: Offence) -> Iterable[tuple[str, str]]:
    if offence.religions and "religion" not in offence.strands:
        yield "perceived_religions", "religion_without_strand"
    if UNKNOWN in offence.religions and len(offence.religions) > 1:
        yield "perceived_religions", "unknown_with_named"
    if offence.code in RRA_CODES and not offence.strands & {"race", "religion"}:
        yield "strands", "rra_without_strand"


def _fault(supply: Supply, column: str, kind: str, file: str) -> RowFault:
    says = f"offence {supply.offence_id} of {supply.force}: {SAYS[kind]}"
    expected = "one version a day" if kind == "conflicting_versions" else ""
    problem = Problem(column, "", expected, file=file, row=supply.row, says=says)
    return RowFault(supply.row, column, kind, problem, supply.submitted_on)


def known_by(faults: Iterable[RowFault], day: date) -> list[RowFault]:
    """The faults that concern a vintage: those of rows sent by that day, and of rows whose day is not legible."""
    return [fault for fault in faults if fault.known_on is None or fault.known_on <= day]


def row_findings(faults: Iterable[RowFault]) -> list[Finding]:
    """Faults of rows gathered by kind, in the order of `LEVELS`."""
    rows: dict[str, list[int]] = defaultdict(list)
    for fault in faults:
        rows[fault.kind].append(fault.row)
    return [Finding(kind, len(rows[kind]), SAYS[kind], tuple(rows[kind])) for kind in LEVELS if kind in rows]


def count_findings(vintage: Vintage, year: str) -> list[Finding]:
    """What is doubtful in the counts of a year, by force: religion not given, much unknown, months without rows."""
    offences = vintage.of_year(year)
    return [
        *_no_religion(offences, vintage.with_religion(year)),
        *_unknown_shares(offences, vintage.with_religion(year)),
        *_missing_months(offences, vintage.supplying(year), year),
    ]


def _no_religion(offences: Sequence[Offence], forces: Collection[str]) -> Iterable[Finding]:
    religious = Counter(o.force for o in offences if "religion" in o.strands and o.force in forces)
    without = Counter(o.force for o in offences if "religion" in o.strands and not o.religions and o.force in forces)
    for force in sorted(without):
        share = 100 * without[force] / religious[force]
        if share >= NO_RELIGION_WARNS_FROM_PERCENT:
            says = f"{FORCE_WORDS[force]}: {share:.1f} % of {religious[force]:,} religious offences have no religion"
            yield Finding("no_religion_given", without[force], says, force=force)


def _unknown_shares(offences: Sequence[Offence], forces: Collection[str]) -> Iterable[Finding]:
    based = [o for o in offences if has_religion(o) and o.force in forces]
    base = Counter(o.force for o in based)
    unknown = Counter(o.force for o in based if UNKNOWN in o.religions)
    nation = percent(unknown.total(), len(based))
    for force in sorted(unknown):
        share = 100 * unknown[force] / base[force]
        if nation is not None and share > UNKNOWN_WARNS_BEYOND * nation:
            says = f"{FORCE_WORDS[force]}: {share:.1f} % unknown, nationally {nation:.1f} %"
            yield Finding("unknown_share", unknown[force], says, force=force)


def _missing_months(offences: Sequence[Offence], forces: Collection[str], year: str) -> Iterable[Finding]:
    seen = {(o.force, o.recorded_on.month) for o in offences}
    for force in sorted(forces):
        missing = [month for month in months_of(year) if (force, int(month[5:])) not in seen]
        if missing:
            says = f"{FORCE_WORDS[force]}: no rows for {', '.join(missing)}; zero or not sent?"
            yield Finding("month_missing", len(missing), says, force=force)


def does_not_add_up(table: Table, published: Mapping[str, int]) -> list[Finding]:
    """Where a table differs from the bulletin's own counts, and by how much; keys that one of them lacks are left."""
    found = []
    for key, value in table.column("offences").items():
        if key in published and isinstance(value, int) and value != published[key]:
            difference = value - published[key]
            says = f"{key}: {value:,} here, {published[key]:,} in the bulletin ({difference:+,})"
            found.append(Finding("does_not_add_up", abs(difference), says))
    return found
