"""What is known of places beside the register, as CSV.

Columns: `place_ref,last_visit_on,request_until,gap_share,presence,band,must`; all but the first may be left out or
empty. `must` is yes or no. Nothing in a file from outside is trusted: every fault is named with its row and column.
Elsewhere: what the facts mean (`patrols.need`).
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.patrols.need import PlaceFacts, facts_problems
from reassure.periods import parse_date

REQUIRED = ("place_ref",)
OPTIONAL = ("last_visit_on", "request_until", "gap_share", "presence", "band", "must")
MAX_ROWS = 200_000
MAX_BYTES = 64 * 2**20
_SHARE = re.compile(r"[0-9]{1,3}(\.[0-9]{0,15})?|\.[0-9]{1,15}")
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def read_facts(
    path: Path,
    *,
    place_refs: Collection[str] | None = None,
    on: date | None = None,
    dropped: Callable[[str], None] | None = None,
) -> dict[str, PlaceFacts]:
    """
    Read the facts of places, by `place_ref`, in the order of the file; a file with a header alone is empty.

    Parameters
    ----------
    place_refs
        Every place of the register; a row of any other is refused. None takes all.
    on
        Day of the plan: a last visit after it is refused. None does not look.
    dropped
        Called with the name of each column that nobody knows.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL, max_rows=MAX_ROWS, max_bytes=MAX_BYTES)
    for column in table.dropped:
        if dropped:
            dropped(column)
    known = None if place_refs is None else frozenset(place_refs)
    problems = list(table.problems)
    facts: dict[str, PlaceFacts] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        fact, found = _fact(row)
        found += facts_problems(fact, on=on)
        if known is not None and fact.place_ref and fact.place_ref not in known:
            found.append(Problem("place_ref", fact.place_ref, "a place of the register"))
        if fact.place_ref in lines:
            expected = f"each place once; it stands in row {lines[fact.place_ref]} too"
            found.append(Problem("place_ref", fact.place_ref, expected))
        lines.setdefault(fact.place_ref, row.line)
        facts[fact.place_ref] = fact
        problems += [Problem(p.column, p.value, p.expected, table.file, row.line, p.says) for p in found]
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))
    return facts


def _fact(row: Row) -> tuple[PlaceFacts, list[Problem]]:
    """The facts of a row and what is wrong with its cells; a cell that cannot be read counts as empty."""
    cells = {**dict.fromkeys(OPTIONAL, ""), **row.cells}
    found: list[Problem] = []
    if cells["must"].casefold() not in _YES_NO:
        found.append(Problem("must", cells["must"], "yes, no or empty"))
    fact = PlaceFacts(
        place_ref=cells["place_ref"],
        last_visit_on=_date(cells["last_visit_on"], "last_visit_on", found),
        request_until=_date(cells["request_until"], "request_until", found),
        gap_share=_share(cells["gap_share"], found),
        presence=cells["presence"].casefold(),
        band=cells["band"],
        must=_YES_NO.get(cells["must"].casefold(), False),
    )
    return fact, found


def _date(text: str, column: str, found: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return parse_date(text, column)
    except InputError as error:
        found += error.problems
        return None


def _share(text: str, found: list[Problem]) -> float | None:
    if not text:
        return None
    if not _SHARE.fullmatch(text):
        found.append(Problem("gap_share", text, "0 to 1"))
        return None
    return float(text)
