"""CONSENTS.csv: the places that agreed to be named, with the day of each of their two consents.

Rules: one row an award; every fault with its row and column. Elsewhere: what may be published (`fund.publication`).
"""

from collections.abc import Mapping
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_table
from reassure.fund.publication import PublicRow
from reassure.periods import parse_date

COLUMNS = ("bid_ref", "organisation_ref", "organisation", "region", "awarded_on", "agreed_on", "released_on")


def read_consents(path: Path, awarded_pence: Mapping[str, int]) -> list[PublicRow]:
    """
    The rows of a file, for awards of a run.

    Parameters
    ----------
    awarded_pence
        By bid; a row for any other bid is a fault.

    Raises
    ------
    InputError
        Every fault: bids without an award, dates that are none, a bid twice.
    """
    table = read_table(path, required=COLUMNS)
    found, out, seen = list(table.problems), [], set()
    for row in table.rows:
        cells = row.cells
        faults = [Problem(c, "", "a value") for c in ("bid_ref", "organisation_ref", "organisation") if not cells[c]]
        ref = cells["bid_ref"]
        if ref and ref not in awarded_pence:
            faults.append(Problem("bid_ref", ref, "a bid with an award in this run"))
        if ref in seen:
            faults.append(Problem("bid_ref", ref, "each bid once"))
        seen.add(ref)
        days = {}
        for column in ("awarded_on", "agreed_on", "released_on"):
            try:
                days[column] = parse_date(cells[column], column) if cells[column] else None
            except InputError as error:
                faults += error.problems
        awarded_on = days.get("awarded_on")
        if awarded_on is None and not any(p.column == "awarded_on" for p in faults):
            faults.append(Problem("awarded_on", "", "a date such as 2026-11-27"))
        found += [Problem(p.column, p.value, p.expected, table.file, row.line) for p in faults]
        if not faults and awarded_on is not None:
            names = (ref, cells["organisation_ref"], cells["organisation"], cells["region"])
            out.append(PublicRow(*names, awarded_pence[ref], awarded_on, days["agreed_on"], days["released_on"]))
    if found:
        raise InputError(found)
    return out
