"""What authorities and places announced about dates, as a CSV file.

Rules: the columns are `authority,event,hijri_year,on,announced_at,source` and, where wanted, `weekday_said`.
`authority` is one of ours, or the ref of a place. Faulty rows are refused whole; nothing is taken from them.
Elsewhere: what fits and what contradicts (`occasions.announcements`).
"""

from dataclasses import replace
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.occasions.announcements import announcement_problems
from reassure.occasions.values import Announcement
from reassure.periods import parse_date, parse_instant

REQUIRED = ("authority", "event", "hijri_year", "on", "announced_at", "source")
OPTIONAL = ("weekday_said",)


def read_announcements(path: Path) -> tuple[Announcement, ...]:
    """
    The announcements of a file, in its order.

    Raises
    ------
    InputError
        With every fault of every row: no such event, a weekday that is not the date's, a date far from the calendar.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    problems, held = list(table.problems), []
    for row in table.rows:
        found: list[Problem] = []
        said = _announcement(row, found)
        if said is not None:
            found += announcement_problems(said)
        problems += [replace(problem, file=table.file, row=row.line) for problem in found]
        if said is not None and not found:
            held.append(said)
    if problems:
        raise InputError(problems)
    return tuple(held)


def _announcement(row: Row, found: list[Problem]) -> Announcement | None:
    cells = row.cells
    if not cells["authority"]:
        found.append(Problem("authority", "", "an authority, or the ref of a place"))
    if not (cells["hijri_year"].isascii() and cells["hijri_year"].isdigit() and len(cells["hijri_year"]) == 4):
        found.append(Problem("hijri_year", cells["hijri_year"], "a year such as 1448"))
    try:
        on = parse_date(cells["on"], "on")
    except InputError as error:
        found += error.problems
    try:
        announced_at = parse_instant(cells["announced_at"], "announced_at")
    except InputError as error:
        found += error.problems
    if found:
        return None
    return Announcement(
        authority=cells["authority"],
        event=cells["event"],
        hijri_year=int(cells["hijri_year"]),
        on=on,
        announced_at=announced_at,
        source_ref=cells["source"],
        weekday_said=cells.get("weekday_said", ""),
    )
