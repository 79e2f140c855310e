"""Reading census residents by religion and police area, against which a register is compared.

Rules: a CSV file with `pfa_code`, `faith_category` and `count`, one row a district and category;
categories that are no faith ("No religion", "Not answered") are passed over. Counts are of the census and
never of a place.
"""

from collections import Counter
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.faiths import FAITHS
from reassure.files.csv_rows import read_table
from reassure.forces import AREA_CODES

_CODES = {faith.category.casefold(): faith.code for faith in FAITHS if faith.code not in {"other", "unknown"}}


def read_residents(path: Path) -> dict[tuple[str, str], int]:
    """
    Residents by (police area, faith).

    Raises
    ------
    InputError
        The file cannot be used; every row at fault is named.
    """
    table = read_table(path, required=("pfa_code", "faith_category", "count"), optional=("area_code", "area_name"))
    problems = list(table.problems)
    found: Counter[tuple[str, str]] = Counter()
    for row in table.rows:
        area_code, count = row.cells["pfa_code"], row.cells["count"]
        if area_code not in AREA_CODES:
            expected = "a police area code such as E23000014"
            problems.append(Problem("pfa_code", area_code, expected, str(path), row.line))
        if not (count.isascii() and count.isdigit() and len(count) < 10):
            problems.append(Problem("count", count, "a whole number of residents", str(path), row.line))
        elif code := _CODES.get(row.cells["faith_category"].casefold()):
            found[(area_code, code)] += int(count)
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))
    return dict(found)
