"""BIDS.csv and ASSESSMENTS.csv: scored bids with their lines, and scores with their reasons.

Rules: one row a line of a bid, the bid's own columns equal on all its rows; one row a criterion of an assessment.
Every fault is named with row, column, value and what was expected, all at once. Elsewhere: the values (`fund.bids`,
`fund.scoring`).
"""

import csv
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table, safe_cell
from reassure.fund.bids import FULLY_CLOSED, MAX_GAP, Line, ScoredBid, bids_problems, requested_pence
from reassure.fund.life import BidLife
from reassure.fund.schemes import CRITERIA, GAPS, MEASURES, Scheme
from reassure.fund.scoring import MAX_SCORE, Assessment, assessment_problems
from reassure.money import MAX_PENCE

BID_COLUMNS = ("bid_ref", "place_ref", "region", "faith", "tenths", "evidence_x2", "cap_used_pence", "gaps")
LINE_COLUMNS = ("line_ref", "measure", "cost_pence", "other_grants_pence", "closes", "alternative_of", "needs")
OPTIONAL = ("region", "faith", "cap_used_pence", "other_grants_pence", "alternative_of", "needs")
ASSESSMENT_COLUMNS = ("bid_ref", "assessor_ref", "criterion", "score", "reason")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
MAX_LINES = 12
"""Lines of one bid; reasons look at every set of them."""

MAX_BIDS = 20_000


def read_bids(path: Path, scheme: Scheme) -> tuple[ScoredBid, ...]:
    """
    The bids of a file, in its order; what each line asks for follows from its cost and the scheme's rate.

    Raises
    ------
    InputError
        Every fault of every row, and what single rows cannot show: a bid's columns that differ, a place with two
        bids, lines that name others that are not there.
    """
    required = tuple(c for c in (*BID_COLUMNS, *LINE_COLUMNS) if c not in OPTIONAL)
    table = read_table(path, required=required, optional=OPTIONAL, max_rows=MAX_BIDS * MAX_LINES)
    found = list(table.problems)
    first: dict[str, Row] = {}
    heads: dict[str, dict[str, Any]] = {}
    lines: dict[str, list[Line]] = {}
    rows: dict[str, int] = {}
    for row in table.rows:
        cells = _Cells(row, table.file, found)
        ref = cells.ref("bid_ref")
        if ref in first:
            found += [
                Problem(
                    c,
                    row.cells.get(c, ""),
                    f"{first[ref].cells.get(c, '')!r}, as in row {first[ref].line}",
                    table.file,
                    row.line,
                )
                for c in BID_COLUMNS
                if row.cells.get(c, "") != first[ref].cells.get(c, "")
            ]
        else:
            first[ref], heads[ref], rows[ref] = row, _head(cells), row.line
        line = _line(cells, scheme)
        if line is not None:
            lines.setdefault(ref, []).append(line)
    if not table.rows and not found:
        found.append(Problem("", "", "one row a line of a bid", table.file, says="the file has no rows"))
    for ref, own in lines.items():
        if len(own) > MAX_LINES:
            found.append(Problem("line_ref", str(len(own)), f"at most {MAX_LINES} lines", table.file, rows[ref]))
    if found:
        raise InputError(found)
    bids = tuple(ScoredBid(ref=ref, lines=tuple(lines[ref]), **heads[ref]) for ref in first)
    if problems := bids_problems(bids):
        raise InputError([Problem(p.column, p.value, p.expected, table.file, says=p.says) for p in problems])
    return bids


def _differences(row: Row, first: Row, file: str) -> list[Problem]:
    """Columns of the bid that do not equal those of its first row."""
    return [
        Problem(c, row.cells.get(c, ""), f"{first.cells.get(c, '')!r}, as in row {first.line}", file, row.line)
        for c in BID_COLUMNS
        if row.cells.get(c, "") != first.cells.get(c, "")
    ]


class _Cells:
    """The cells of one row, read as values; what cannot be read is added to the faults."""

    def __init__(self, row: Row, file: str, found: list[Problem]) -> None:
        self.row, self.file, self.found = row, file, found

    def fault(self, column: str, expected: str) -> None:
        self.found.append(Problem(column, self.row.cells.get(column, ""), expected, self.file, self.row.line))

    def text(self, column: str, *, may_be_empty: bool = False) -> str:
        value = self.row.cells.get(column, "")
        if not value and not may_be_empty:
            self.fault(column, "a value")
        return value

    def ref(self, column: str, *, may_be_empty: bool = False) -> str:
        """A reference: it becomes part of file names, so nothing but letters, digits, dot, underscore and hyphen."""
        value = self.text(column, may_be_empty=may_be_empty)
        if value and not REF.fullmatch(value):
            self.fault(column, "1 to 64 letters, digits, dots, underscores or hyphens, the first a letter or digit")
        return value

    def whole(self, column: str, low: int, high: int, *, default: int | None = None) -> int:
        value = self.row.cells.get(column, "")
        if not value and default is not None:
            return default
        if value.isascii() and value.isdigit() and low <= int(value) <= high:
            return int(value)
        self.fault(column, f"a whole number, {low} to {high}")
        return low

    def pairs(self, column: str, high: int) -> tuple[tuple[str, int], ...]:
        """`door=3;light=2` as pairs in the order of the gaps."""
        out: dict[str, int] = {}
        for part in filter(None, (p.strip() for p in self.row.cells.get(column, "").split(";"))):
            gap, sign, tenths = part.partition("=")
            is_whole = tenths.isascii() and tenths.isdigit() and int(tenths) <= high
            if not sign or gap not in GAPS or gap in out or not is_whole:
                self.fault(column, f"gap=0 to {high}, each once, with gaps {', '.join(GAPS)}, such as door=3;light=2")
                return ()
            out[gap] = int(tenths)
        return tuple(sorted(out.items()))


def _head(cells: _Cells) -> dict[str, Any]:
    return {
        "place_ref": cells.text("place_ref"),
        "region": cells.text("region", may_be_empty=True),
        "faith": cells.text("faith", may_be_empty=True) or "unknown",
        "tenths": cells.whole("tenths", 0, 1_000),
        "evidence_x2": cells.whole("evidence_x2", 0, 2 * MAX_SCORE),
        "cap_used_pence": cells.whole("cap_used_pence", 0, MAX_PENCE, default=0),
        "gaps": cells.pairs("gaps", MAX_GAP),
    }


def _line(cells: _Cells, scheme: Scheme) -> Line | None:
    before = len(cells.found)
    ref, measure = cells.ref("line_ref"), cells.text("measure")
    allowed = scheme.catalogue or tuple(MEASURES)
    if measure and measure not in allowed:
        cells.fault("measure", "one of " + ", ".join(allowed))
    cost = cells.whole("cost_pence", 1, MAX_PENCE)
    grants = cells.whole("other_grants_pence", 0, MAX_PENCE, default=0)
    if grants >= cost:
        cells.fault("other_grants_pence", f"less than the cost, {cost}")
    closes = cells.pairs("closes", FULLY_CLOSED)
    other = cells.ref("alternative_of", may_be_empty=True)
    needs = cells.ref("needs", may_be_empty=True)
    if len(cells.found) > before:
        return None
    return Line(ref, measure, cost, requested_pence(cost, grants, scheme), closes, grants, other, needs)


def bids_csv(bids: Iterable[ScoredBid]) -> bytes:
    """Bids as the file that `read_bids` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*BID_COLUMNS, *LINE_COLUMNS))
    for b in bids:
        head = (b.ref, b.place_ref, b.region, b.faith, b.tenths, b.evidence_x2, b.cap_used_pence, _pairs_text(b.gaps))
        for x in b.lines:
            tail = (
                x.ref,
                x.measure,
                x.cost_pence,
                x.other_grants_pence,
                _pairs_text(x.closes),
                x.alternative_of,
                x.needs,
            )
            writer.writerow([safe_cell(str(v)) for v in (*head, *tail)])
    return out.getvalue().encode()


def _pairs_text(pairs: Iterable[tuple[str, int]]) -> str:
    return ";".join(f"{gap}={n}" for gap, n in pairs)


def read_assessments(path: Path) -> tuple[Assessment, ...]:
    """
    The assessments of a file, in the order in which they first appear; `InputError` with every fault.
    """
    table = read_table(path, required=ASSESSMENT_COLUMNS)
    found = list(table.problems)
    known = [code for code, _ in CRITERIA]
    scores: dict[tuple[str, str], dict[str, int]] = {}
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    rows: dict[tuple[str, str], int] = {}
    for row in table.rows:
        cells = _Cells(row, table.file, found)
        key = (cells.ref("bid_ref"), cells.text("assessor_ref"))
        criterion = cells.text("criterion")
        if criterion and criterion not in known:
            cells.fault("criterion", "one of " + ", ".join(known))
        if criterion in scores.get(key, {}):
            cells.fault("criterion", f"each criterion once for bid {key[0]} and assessor {key[1]}")
        rows.setdefault(key, row.line)
        scores.setdefault(key, {})[criterion] = cells.whole("score", 0, MAX_SCORE)
        reasons.setdefault(key, {})[criterion] = cells.text("reason", may_be_empty=True)
    out = tuple(Assessment(bid, who, scores[bid, who], reasons[bid, who]) for bid, who in scores)
    for one in out:
        line = rows[one.bid_ref, one.assessor_ref]
        for p in assessment_problems(one):
            if p.column != "criterion" or not p.value:
                said = f"{p.expected} (bid {one.bid_ref}, assessor {one.assessor_ref})"
                found.append(Problem(p.column, p.value, said, table.file, line, p.says))
    if not out and not found:
        found.append(Problem("", "", "one row a criterion", table.file, says="the file has no rows"))
    if found:
        raise InputError(found)
    return out


def assessments_csv(bids: Iterable[BidLife]) -> bytes:
    """Every assessment that counts of some bids, as the file that `read_assessments` reads."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(ASSESSMENT_COLUMNS)
    for bid in bids:
        for one in bid.valid:
            a = one.assessment
            if a is not None:
                for code, _ in CRITERIA:
                    cells: tuple[Any, ...] = (bid.ref, a.assessor_ref, code, a.scores[code], a.reasons[code])
                    writer.writerow([safe_cell(str(v)) for v in cells])
    return out.getvalue().encode()


def csv_bytes(header: Iterable[str], rows: Iterable[Iterable[Any]], *, shown: Callable[[Any], str] = str) -> bytes:
    """A table as CSV in UTF-8; cells that a spreadsheet would run get an apostrophe first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(header))
    for row in rows:
        writer.writerow([safe_cell(shown(v)) for v in row])
    return out.getvalue().encode()
