"""Tables of hate crime as CSV with their statement as JSON beside, and the readers of series and earlier releases.

Rules: section "Command" of docs/rooms/hatecrime.md. Numbers are unrounded; an empty cell means not applicable or not
shown, never zero. What belongs to a hidden cell stands nowhere in the JSON.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reassure.disclosure import SHOWN
from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_table
from reassure.hatecrime.changes import Comparison, Revision
from reassure.hatecrime.months import MonthScore
from reassure.hatecrime.offences import FORCE_WORDS
from reassure.hatecrime.quality import Finding, RowFault
from reassure.hatecrime.release import COLUMNS, Release
from reassure.hatecrime.statements import Statement, coverage_words
from reassure.hatecrime.tables import Value

MONTHS_HEADER = ("month", "offences", "expected", "ratio", "score", "low", "high", "stood_out")
PROBLEMS_HEADER = ("row", "column", "kind")


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A table as CSV, UTF-8; floats in the shortest form that reads back the same, None as an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return text.getvalue().encode("utf-8")


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """A statement as JSON, UTF-8, names in order."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def statement_json(
    stated: Statement, released: Release, findings: Sequence[Finding], *, is_for_release: bool = False
) -> dict[str, Any]:
    """
    What stands beside a table (T8), and the problems found.

    For a release, findings about single forces and row numbers are left out: a share of one force would give its
    cells away.
    """
    told = [finding for finding in findings if not (is_for_release and finding.force)]
    return {
        "title": stated.title,
        "by": released.table.by,
        "year": stated.year,
        "as_at": stated.day.isoformat(),
        "label": stated.label,
        "coverage": {
            "words": stated.coverage,
            "counted": _forces(stated.counted),
            "victims_own_religion": _forces(stated.victims_own_religion),
            "no_religion_supplied": _forces(stated.without_religion),
            "no_strands_supplied": _forces(stated.without_strands),
            "not_supplying": _forces(stated.not_supplying),
        },
        "base": {"words": stated.base_words, "offences": stated.base},
        "base_of_percent_of_known": {"words": stated.known_words, "offences": stated.known}
        if stated.known_words
        else None,
        "sentences": list(stated.sentences),
        "notes": list(stated.notes),
        "hidden": {"mark": SHOWN, "cells": released.n_hidden, "of": released.n_cells},
        "beside_vintages": released.beside_vintages,
        "problems": [_finding(finding, with_rows=not is_for_release) for finding in told],
    }


def _forces(codes: Sequence[str]) -> list[dict[str, str]]:
    return [{"code": code, "name": FORCE_WORDS[code]} for code in codes]


def _finding(finding: Finding, *, with_rows: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": finding.kind, "level": finding.level, "count": finding.count, "says": finding.says}
    if with_rows:
        told["rows"] = list(finding.rows)
        if finding.force:
            told["force"] = finding.force
    return told


def problems_csv(faults: Sequence[RowFault]) -> bytes:
    """Faults by row, column and kind; the header of the file of offences is row 1."""
    return csv_bytes(PROBLEMS_HEADER, [(fault.row, fault.column, fault.kind) for fault in faults])


def months_csv(scored: Sequence[MonthScore]) -> bytes:
    """The months of a series; `stood_out` is yes or no, and empty where there is no score."""
    words = {True: "yes", False: "no", None: ""}
    return csv_bytes(
        MONTHS_HEADER,
        [(s.month, s.count, s.expected, s.ratio, s.score, s.low, s.high, words[s.stood_out]) for s in scored],
    )


def comparison_json(found: Comparison, as_at: str) -> dict[str, Any]:
    """What stands beside a comparison of two years."""
    return {
        "title": f"{found.years[0]} and {found.years[1]}, by {found.by}, over the same forces",
        "by": found.by,
        "years": list(found.years),
        "as_at": as_at,
        "coverage": {"words": coverage_words(found.forces), "counted": _forces(found.forces)},
        "left_out": _forces(found.left_out),
        "bases": [table.base.offences for table in found.tables] if found.by == "religion" else None,
        "notes": [
            "Changes are worked out from unrounded counts. Not shown where the first count is 0 or either is under 20."
        ],
    }


def revision_json(found: Revision, first: str, then: str) -> dict[str, Any]:
    """What stands beside a table of revisions."""
    return {
        "title": f"{found.year}, by {found.by}: as known on {first} and on {then}",
        "by": found.by,
        "year": found.year,
        "first": first,
        "then": then,
        "coverage": [{"words": coverage_words(t.forces), "counted": _forces(t.forces)} for t in found.tables],
        "came": _forces(found.came),
        "left": _forces(found.left),
        "notes": ["A revised cell keeps its first value."],
    }


def read_series(paths: Sequence[Path]) -> dict[str, int]:
    """
    Monthly counts of one or more CSV files joined: the first column is the month, the second the count.

    `InputError` names every row that cannot be used, and a month that stands with two different counts.
    """
    counts: dict[str, int] = {}
    problems: list[Problem] = []
    for path in paths:
        table = read_table(
            path, required=("month", "rra_offences|offences|racially_or_religiously_aggravated_offences")
        )
        problems += table.problems
        column = next(name for name in table.columns if name != "month")
        for row in table.rows:
            month, cell = row.cells["month"], row.cells[column]
            if not (cell.isascii() and cell.isdigit()):
                problems.append(Problem(column, cell, "a whole number", file=str(path), row=row.line))
            elif counts.setdefault(month, int(cell)) != int(cell):
                expected = f"{counts[month]}, as the month has elsewhere"
                problems.append(Problem(column, cell, expected, file=str(path), row=row.line))
    if problems:
        raise InputError(problems)
    return counts


def read_release(path: Path, by: str) -> dict[str, list[int | None]]:
    """The cells of each force of an earlier release of the same table; None where one is hidden."""
    columns = COLUMNS[by]
    table = read_table(path, required=("force_code", *columns))
    problems = list(table.problems)
    rows: dict[str, list[int | None]] = {}
    for row in table.rows:
        cells = [row.cells[name] for name in columns]
        problems += [
            Problem(name, cell, f"a whole number or {SHOWN}", file=str(path), row=row.line)
            for name, cell in zip(columns, cells, strict=True)
            if cell != SHOWN and not (cell.isascii() and cell.isdigit())
        ]
        rows[row.cells["force_code"]] = [
            None if cell == SHOWN else int(cell) if cell.isdigit() else 0 for cell in cells
        ]
    if problems:
        raise InputError(problems)
    return rows
