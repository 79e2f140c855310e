"""The reviewed days of festivals that no rule computes, as rows of a CSV file that comes with the product.

Rules: the columns, one row a candidate date; `scripts/propose_festival_days.py` proposes rows, a person signs them
in `reviewed_by` and `reviewed_on`. Every fault is named. Elsewhere: what rows mean (`occasions.festivals`).
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.occasions.festivals import EVENTS_OF, REVIEWED_EVENTS, row_problems
from reassure.occasions.values import FestivalDay
from reassure.periods import parse_date

COLUMNS = ("event", "tradition", "year", "authority", "on", "begins", "share", "source", "reviewed_by", "reviewed_on")
BEGINS = ("day", "sunset_before")


@lru_cache(maxsize=1)
def reviewed_days() -> tuple[FestivalDay, ...]:
    """The rows that come with the product, in the order of the file."""
    with resources.as_file(resources.files("reassure.files").joinpath("festival_days.csv")) as path:
        return read_festival_days(path)


def read_festival_days(path: Path) -> tuple[FestivalDay, ...]:
    """
    The rows of a file, in its order.

    Raises
    ------
    InputError
        With every fault of every row, and shares of one event of a year that do not sum to 1.
    """
    table = read_table(path, required=COLUMNS)
    problems, rows = list(table.problems), []
    for row in table.rows:
        found: list[Problem] = []
        day = _day(row, found)
        problems += [Problem(p.column, p.value, p.expected, file=table.file, row=row.line, says=p.says) for p in found]
        if day is not None and not found:
            rows.append(day)
    if not problems:
        problems += [Problem(p.column, p.value, p.expected, file=table.file, says=p.says) for p in row_problems(rows)]
    if problems:
        raise InputError(problems)
    return tuple(rows)


def _day(row: Row, found: list[Problem]) -> FestivalDay | None:
    cells = row.cells
    tradition, event = cells["tradition"], cells["event"]
    if event not in EVENTS_OF.get(tradition, ()):
        expected = f"an event of {tradition}" if tradition in EVENTS_OF else "an event of " + ", ".join(EVENTS_OF)
        found.append(Problem("event", f"{event} ({tradition})", expected))
    if cells["begins"] not in BEGINS:
        found.append(Problem("begins", cells["begins"], " or ".join(BEGINS)))
    if not (cells["year"].isascii() and cells["year"].isdigit() and len(cells["year"]) == 4):
        found.append(Problem("year", cells["year"], "a year of four digits"))
    if not cells["source"]:
        found.append(Problem("source", "", "where the date comes from"))
    share = _share(cells["share"], found)
    try:
        on = parse_date(cells["on"], "on")
        reviewed_on = parse_date(cells["reviewed_on"], "reviewed_on") if cells["reviewed_on"] else None
    except InputError as error:
        found += error.problems
        return None
    if bool(cells["reviewed_by"]) != bool(reviewed_on):
        found.append(Problem("reviewed_by", cells["reviewed_by"], "both reviewed_by and reviewed_on, or neither"))
    if found:
        return None
    return FestivalDay(
        event,
        REVIEWED_EVENTS[event],
        tradition,
        on,
        begins=cells["begins"],
        authority=cells["authority"],
        share=share,
        year=int(cells["year"]),
        source=cells["source"],
        reviewed_by=cells["reviewed_by"],
        reviewed_on=reviewed_on,
    )


def _share(text: str, found: list[Problem]) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 < share <= 1:
        found.append(Problem("share", text, "over 0, at most 1"))
    return share
