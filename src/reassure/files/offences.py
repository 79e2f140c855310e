"""Reading what forces supply: offences and who covered what, with every fault named by its row, column and kind.

Rules: section "Input" of docs/rooms/hatecrime.md. Other columns are dropped and named; the victim's own religion, a
name, an age, an address, a place or a story never gets further than this module.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.hatecrime.offences import (
    FORCE_WORDS,
    RELIGION_SUPPLIES,
    RELIGIONS,
    STRANDS,
    TRANSPORT_POLICE,
    CoverageRow,
    Offence,
    Supply,
    parse_year,
)
from reassure.hatecrime.quality import RowFault, faults_between_rows

OFFENCE_COLUMNS = (
    "offence_id",
    "force_code",
    "submitted_on",
    "state",
    "recorded_on",
    "offence_code",
    "strands",
    "perceived_religions",
)
COVERAGE_COLUMNS = ("force_code", "year", "submitted_on", "religion_supply", "strands_supply")
STATES = ("recorded", "cancelled")
CODE_CHARACTERS = 5
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORCES = {code.casefold(): code for code in FORCE_WORDS}
EXPECTED_FORCE = f"a police area code such as E23000014, or {TRANSPORT_POLICE}"


@dataclass(frozen=True, slots=True)
class ReadOffences:
    """The good rows of a file of offences, everything that is wrong or doubtful, and the columns that were dropped."""

    file: str
    supplies: tuple[Supply, ...]
    faults: tuple[RowFault, ...]
    dropped: tuple[str, ...]


def read_offences(path: Path) -> ReadOffences:
    """Read supplied offences; `InputError` only when the file as a whole cannot be used."""
    table = read_table(path, required=OFFENCE_COLUMNS)
    supplies: list[Supply] = []
    faults = [RowFault(p.row or 0, p.column, "unreadable", p) for p in table.problems]
    for row in table.rows:
        read = _RowReader(row, table.file)
        if supply := read.supply():
            supplies.append(supply)
        faults += read.faults
    faults += faults_between_rows(supplies, table.file)
    faults.sort(key=lambda fault: fault.row)
    return ReadOffences(table.file, tuple(supplies), tuple(faults), table.dropped)


class _RowReader:
    """Reads one row; gathers its faults."""

    def __init__(self, row: Row, file: str) -> None:
        self.row, self.file, self.cells = row.line, file, row.cells
        self.faults: list[RowFault] = []
        self.sent: date | None = None

    def supply(self) -> Supply | None:
        """The supply, or None when the row has a fault."""
        cells = self.cells
        self.sent = sent = self._date("submitted_on")
        offence_id = cells["offence_id"] or self._fault(
            "offence_id", "missing", "the force's own number of the offence"
        )
        force = _FORCES.get(cells["force_code"].casefold()) or self._unknown("force_code", EXPECTED_FORCE)
        state = cells["state"].casefold()
        if state not in STATES:
            self._unknown("state", " or ".join(STATES))
        if state == "cancelled":
            is_good = not self.faults and sent is not None
            return Supply(self.row, force, offence_id, sent, None) if is_good and sent else None
        recorded = self._date("recorded_on")
        if recorded and sent and recorded > sent:
            self._fault("recorded_on", "after_submission", f"a day up to {sent}, when the row was sent")
        code = cells["offence_code"].upper() or self._fault("offence_code", "missing", "a Home Office offence code")
        if len(code) > CODE_CHARACTERS:
            self._fault("offence_code", "unknown_code", f"a code of 1 to {CODE_CHARACTERS} characters")
        strands = self._codes("strands", STRANDS)
        if not strands and not any(fault.column == "strands" for fault in self.faults):
            self._fault("strands", "missing", "one or more of " + ", ".join(STRANDS))
        religions = self._codes("perceived_religions", RELIGIONS)
        if self.faults or not (sent and recorded):
            return None
        return Supply(self.row, force, offence_id, sent, Offence(force, offence_id, recorded, code, strands, religions))

    def _date(self, column: str) -> date | None:
        cell = self.cells[column]
        if not cell:
            self._fault(column, "missing", "a date such as 2018-11-27")
        elif (found := day_of(cell)) is None:
            self._fault(column, "not_a_date", "a date such as 2018-11-27")
        else:
            return found
        return None

    def _codes(self, column: str, known: tuple[str, ...]) -> frozenset[str]:
        codes, unknown, repeated = _split(self.cells[column], known)
        if unknown:
            self._fault(column, "unknown_code", "codes of " + ", ".join(known) + ", joined by ;")
        if repeated:
            self._fault(column, "repeated", "each code once")
        return codes

    def _unknown(self, column: str, expected: str) -> str:
        return self._fault(column, "unknown_code" if self.cells[column] else "missing", expected)

    def _fault(self, column: str, kind: str, expected: str) -> str:
        problem = Problem(column, self.cells[column], expected, file=self.file, row=self.row)
        self.faults.append(RowFault(self.row, column, kind, problem, self.sent))
        return ""


@lru_cache(maxsize=65_536)
def day_of(text: str) -> date | None:
    """A civil date written YYYY-MM-DD; None for anything else."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def _split(cell: str, known: tuple[str, ...]) -> tuple[frozenset[str], bool, bool]:
    """Codes of a cell, whether one is unknown, and whether one stands twice; interned, since few cells differ."""
    parts = ["_".join(part.split()).casefold() for part in cell.split(";")]
    codes = [part for part in parts if part]
    return frozenset(codes), not set(codes) <= set(known), len(codes) != len(set(codes))


def read_coverage(path: Path) -> tuple[CoverageRow, ...]:
    """Who supplied what for which year; `InputError` names every row that cannot be used."""
    table = read_table(path, required=COVERAGE_COLUMNS)
    problems = list(table.problems)
    rows = [
        found for row in table.rows if (found := _coverage_row(row.line, row.cells, table.file, problems)) is not None
    ]
    if problems:
        raise InputError(problems)
    return tuple(rows)


def _coverage_row(line: int, cells: Mapping[str, str], file: str, problems: list[Problem]) -> CoverageRow | None:
    force = _FORCES.get(cells["force_code"].casefold())
    sent = day_of(cells["submitted_on"])
    religion, strands = cells["religion_supply"].casefold(), cells["strands_supply"].casefold()
    wrong = {
        "force_code": "" if force else EXPECTED_FORCE,
        "year": _year_fault(cells["year"]),
        "submitted_on": "" if sent else "a date such as 2018-11-27",
        "religion_supply": "" if religion in RELIGION_SUPPLIES else "one of " + ", ".join(RELIGION_SUPPLIES),
        "strands_supply": "" if strands in {"yes", "no"} else "yes or no",
    }
    found = [
        Problem(column, cells[column], expected, file=file, row=line) for column, expected in wrong.items() if expected
    ]
    problems += found
    if found or force is None or sent is None:
        return None
    return CoverageRow(line, force, cells["year"], sent, religion, strands == "yes")


def _year_fault(text: str) -> str:
    try:
        parse_year(text)
    except InputError as error:
        return error.problems[0].expected
    return ""
