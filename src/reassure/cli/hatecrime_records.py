"""What the commands on hate crime share: records that may be counted, and results with their statement beside."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.output import note, say, working
from reassure.errors import InputError, Problem
from reassure.files.offences import ReadOffences, day_of, read_coverage, read_offences
from reassure.files.writing import write_file
from reassure.hatecrime.offences import CoverageRow
from reassure.hatecrime.quality import Finding, known_by, row_findings
from reassure.hatecrime.vintages import Vintage, as_at

Offences = Annotated[Path, typer.Argument(metavar="OFFENCES.csv", help="One row per offence and supply.")]
Coverage = Annotated[Path, typer.Option(metavar="FILE.csv", help="Which force supplied what for which year.")]


@dataclass(frozen=True, slots=True)
class Records:
    """Supplied records and coverage, as they stand in the files."""

    read: ReadOffences
    coverage: tuple[CoverageRow, ...]

    def as_at(self, day: date) -> Vintage:
        """The vintage of a day; `InputError` with every fault that stops it."""
        stops = [fault.problem for fault in known_by(self.read.faults, day) if fault.stops]
        if stops:
            raise InputError(stops)
        return as_at(self.read.supplies, self.coverage, day)

    def findings(self, day: date) -> list[Finding]:
        """What is doubtful in the rows that a vintage knows."""
        return row_findings(known_by(self.read.faults, day))


def read_records(offences: Path, coverage: Path) -> Records:
    """Read both files; names the columns that are dropped."""
    with working("Reading the records"):
        read = read_offences(offences)
        rows = read_coverage(coverage)
    if read.dropped:
        note(f"{read.file}: columns left out: {', '.join(read.dropped)}.")
    return Records(read, rows)


def parse_day(text: str, option: str) -> date:
    """A date given as an option; `InputError` for anything else."""
    if (day := day_of(text.strip())) is None:
        raise InputError([Problem(option, text, "a date such as 2018-10-16")])
    return day


def tell_findings(findings: list[Finding]) -> None:
    """What is doubtful, one line each."""
    for finding in findings:
        rows = f" (rows {', '.join(map(str, finding.rows[:5]))}{', …' if len(finding.rows) > 5 else ''})"
        note(f"{finding.level}: {finding.count:,} x {finding.kind}: {finding.says}{rows if finding.rows else ''}.")


def beside(out: Path) -> Path:
    """Where the statement of a result stands: FILE.json."""
    return out.with_name(out.name + ".json")


def put_out(out: Path | None, result: bytes, stated: bytes) -> None:
    """The result into its file with the statement beside it, or to standard output."""
    if out is None:
        say(result.decode("utf-8").rstrip("\n"))
        return
    write_file(beside(out), stated)
    write_file(out, result)
