"""`reassure hatecrime problems`: everything that is wrong or doubtful in supplied records."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reassure.cli.hatecrime_records import Coverage, Offences, put_out, read_records, tell_findings
from reassure.cli.output import note
from reassure.files.hatecrime_csv import json_bytes, problems_csv
from reassure.hatecrime.offences import CoverageRow, Supply
from reassure.hatecrime.quality import Finding, count_findings, row_findings
from reassure.hatecrime.vintages import as_at


def command(
    offences: Offences,
    coverage: Coverage,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Where to; FILE.json is put beside it.")] = None,
) -> None:
    """
    List everything that is wrong or doubtful in supplied records: row, column and kind.

    The header is row 1; of rows that differ or repeat the later one is named. What concerns the counts of a force (much
    unknown, months without rows) goes to standard error and into FILE.json. Exit code 0 even with problems.
    """
    records = read_records(offences, coverage)
    faults = records.read.faults
    findings = row_findings(faults)
    if not any(fault.kind == "conflicting_versions" for fault in faults) and records.read.supplies:
        findings += _of_counts(records.read.supplies, records.coverage)
    told = [
        {"kind": f.kind, "level": f.level, "count": f.count, "says": f.says, "rows": list(f.rows), "force": f.force}
        for f in findings
    ]
    put_out(out, problems_csv(faults), json_bytes({"file": records.read.file, "problems": told}))
    tell_findings(findings)
    stops = sum(fault.stops for fault in faults)
    n_good, n_doubts = len(records.read.supplies), len(faults) - stops
    note(f"{n_good:,} good rows; {stops:,} faults that refuse a table, {n_doubts:,} doubts.")


def _of_counts(supplies: Sequence[Supply], coverage: Sequence[CoverageRow]) -> list[Finding]:
    """Doubts about the counts of each year, in the newest vintage."""
    day = max(supply.submitted_on for supply in supplies)
    vintage = as_at(supplies, coverage, max([day, *(row.submitted_on for row in coverage)]))
    return [finding for year in sorted(vintage.offences) for finding in count_findings(vintage, year)]
