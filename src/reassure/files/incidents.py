"""Incidents as CSV: `place_ref,lat_deg,lon_deg,family,ended_on,origin`.

A row has a place, a position, or both. Optional: `ref`, unique, so that the same record counts once, and `group_ref`,
which records of one event share. Without a `ref` every row is an incident of its own. Elsewhere: which of them count
(`threats.incidents`).
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from math import nan
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table
from reassure.geo import Point
from reassure.periods import parse_date
from reassure.threats.incidents import Incident, incident_problems

REQUIRED = ("place_ref", "lat_deg", "lon_deg", "family", "ended_on", "origin")
OPTIONAL = ("ref", "group_ref")
MAX_ROWS = 200_000
MAX_BYTES = 64 * 2**20
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{0,20})?")
_NO_DAY = date(1900, 1, 1)


def read_incidents(
    path: Path,
    *,
    place_refs: Collection[str] | None = None,
    points: Mapping[str, Point] | None = None,
    on: date | None = None,
    dropped: Callable[[str], None] | None = None,
) -> tuple[Incident, ...]:
    """
    Read incidents, in the order of the file; a file with a header alone is empty.

    Parameters
    ----------
    place_refs
        Every place of the register; a row that is linked to any other is refused. None takes all.
    points
        Position of each place, for incidents that have none of their own: so that one at a place outside the area is
        felt inside.
    on
        Day of the plan: an incident after it is refused. None does not look.
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
    points = points or {}
    problems = list(table.problems)
    incidents: list[Incident] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        incident, found = _incident(row, points)
        if on and incident.ended_on > on:
            found.append(Problem("ended_on", incident.ended_on.isoformat(), f"a day up to {on.isoformat()}"))
        if known is not None and incident.place_ref and incident.place_ref not in known:
            found.append(Problem("place_ref", incident.place_ref, "a place of the register, or empty"))
        if incident.ref in lines:
            found.append(Problem("ref", incident.ref, f"each record once; it stands in row {lines[incident.ref]} too"))
        lines.setdefault(incident.ref, row.line)
        incidents.append(incident)
        problems += [Problem(p.column, p.value, p.expected, table.file, row.line, p.says) for p in found]
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))
    return tuple(incidents)


def _incident(row: Row, points: Mapping[str, Point]) -> tuple[Incident, list[Problem]]:
    """The incident of a row and what is wrong with its cells; a cell that cannot be read holds a stand-in."""
    cells = {**dict.fromkeys(OPTIONAL, ""), **row.cells}
    found: list[Problem] = []
    place_ref = cells["place_ref"]
    has_own_point = bool(cells["lat_deg"] or cells["lon_deg"])
    incident = Incident(
        ref=cells["ref"] or f"row {row.line}",
        family=cells["family"].casefold(),
        origin=cells["origin"].casefold(),
        ended_on=_day(cells["ended_on"], found),
        place_ref=place_ref,
        point=_point(cells, found) if has_own_point else points.get(place_ref),
        group_ref=cells["group_ref"],
    )
    is_point_unread = any(p.column.startswith(("lat", "lon")) for p in found)
    found += [p for p in incident_problems(incident) if not (is_point_unread and p.column.startswith(("lat", "lon")))]
    return incident, found


def _day(text: str, found: list[Problem]) -> date:
    if not text:
        found.append(Problem("ended_on", "", "a date such as 2026-11-27"))
        return _NO_DAY
    try:
        return parse_date(text, "ended_on")
    except InputError as error:
        found += error.problems
        return _NO_DAY


def _point(cells: Mapping[str, str], found: list[Problem]) -> Point:
    values = []
    for column in ("lat_deg", "lon_deg"):
        if not _DEGREES.fullmatch(cells[column]):
            found.append(Problem(column, cells[column], "a number in degrees"))
        values.append(float(cells[column]) if _DEGREES.fullmatch(cells[column]) else nan)
    return Point(values[0], values[1])
