"""Rosters of units as CSV, in and out.

Columns: `ref,callsign,kind,n_officers,base_lat_deg,base_lon_deg,end_lat_deg,end_lon_deg,starts_at,ends_at,
breaks,skills`; the end, breaks and skills may be left out. Instants are ISO 8601 with offset; lists are joined
by `;`; a break is written `EARLIEST/LATEST/MINUTES`. An empty end is the base.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from math import nan
from pathlib import Path

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import Row, read_table, safe_cell
from reassure.geo import Point
from reassure.patrols.problem import DWELL_MIN
from reassure.patrols.units import Break, Unit, unit_problems
from reassure.periods import parse_instant

REQUIRED = ("ref", "callsign", "kind", "n_officers", "base_lat_deg", "base_lon_deg", "starts_at", "ends_at")
OPTIONAL = ("end_lat_deg", "end_lon_deg", "breaks", "skills")
COLUMNS = (*REQUIRED[:6], *OPTIONAL[:2], *REQUIRED[6:], *OPTIONAL[2:])
MAX_UNITS = 2_000
MAX_BYTES = 16 * 2**20
_WHOLE = re.compile(r"\d{1,6}")


def read_units(path: Path, *, dwell_min: int = DWELL_MIN) -> tuple[Unit, ...]:
    """
    Read a roster, in the order of the file.

    Parameters
    ----------
    dwell_min
        Minutes of one visit; a shift shorter than this is refused.

    Raises
    ------
    InputError
        With every fault of the file: cells, shifts, breaks, positions, a ref that stands twice, no units.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL, max_rows=MAX_UNITS, max_bytes=MAX_BYTES)
    problems = list(table.problems)
    units: list[Unit] = []
    lines: dict[str, int] = {}
    for row in table.rows:
        unit, found = _unit(row)
        found += [p for p in unit_problems(unit, dwell_min=dwell_min) if not _rests_on(p.column, found)]
        if unit.ref and unit.ref in lines:
            found.append(Problem("ref", unit.ref, f"each unit once; it stands in row {lines[unit.ref]} too"))
        lines.setdefault(unit.ref, row.line)
        problems += [Problem(p.column, p.value, p.expected, table.file, row.line, p.says) for p in found]
        units.append(unit)
    if not units and not problems:
        problems = [Problem("", "", "at least one unit", file=table.file, says="the file has no units")]
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))
    return tuple(units)


def units_csv(units: Iterable[Unit]) -> bytes:
    """A roster as `read_units` reads it, UTF-8, in the order given."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for u in units:
        end = ("", "") if u.end_base is None else (repr(u.end_base.lat_deg), repr(u.end_base.lon_deg))
        breaks = ";".join(f"{_written(b.earliest_start)}/{_written(b.latest_start)}/{b.minutes}" for b in u.breaks)
        cells = (u.ref, u.callsign, u.kind, str(u.n_officers), repr(u.base.lat_deg), repr(u.base.lon_deg), *end)
        more = (_written(u.starts_at), _written(u.ends_at), breaks, ";".join(sorted(u.skills)))
        writer.writerow([safe_cell(cell) for cell in (*cells, *more)])
    return text.getvalue().encode("utf-8")


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds" if instant.second else "minutes")


def _unit(row: Row) -> tuple[Unit, list[Problem]]:
    """The unit of a row and what is wrong with its cells; fields that cannot be read hold a stand-in."""
    found: list[Problem] = []
    cells = {**dict.fromkeys(OPTIONAL, ""), **row.cells}
    base = _point(cells, "base", found)
    has_end = bool(cells["end_lat_deg"] or cells["end_lon_deg"])
    starts_at, ends_at = (_instant(cells[name], name, found) for name in ("starts_at", "ends_at"))
    if not _WHOLE.fullmatch(cells["n_officers"]):
        found.append(Problem("n_officers", cells["n_officers"], "a whole number, 1 or more"))
    unit = Unit(
        ref=cells["ref"],
        callsign=cells["callsign"] or cells["ref"],
        kind=cells["kind"].casefold(),
        n_officers=int(cells["n_officers"]) if _WHOLE.fullmatch(cells["n_officers"]) else 0,
        base=base,
        starts_at=starts_at,
        ends_at=ends_at,
        end_base=_point(cells, "end", found) if has_end else None,
        breaks=tuple(b for text in _parts(cells["breaks"]) if (b := _break(text, found)) is not None),
        skills=frozenset(_parts(cells["skills"])),
    )
    return unit, found


def _rests_on(column: str, faults: list[Problem]) -> bool:
    """Whether a fault of this column would only repeat, or follow from, cells that could not be read."""
    faulty = {p.column for p in faults}
    is_shift_unknown = bool(faulty & {"starts_at", "ends_at"})
    return (
        column in faulty
        or (column in {"ends_at", "breaks"} and is_shift_unknown)
        or any(f.startswith(column[:4]) for f in faulty if column.startswith(("base", "end_")))
    )


_EARLY = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _instant(text: str, column: str, found: list[Problem]) -> datetime:
    if not text:
        found.append(Problem(column, "", "an instant such as 2026-11-27T11:00+00:00"))
        return _EARLY
    try:
        return parse_instant(text, column)
    except (InputError, OverflowError):
        found.append(Problem(column, text, "an instant with its UTC offset, such as 2026-11-27T11:00+00:00"))
        return _EARLY


def _point(cells: dict[str, str], which: str, found: list[Problem]) -> Point:
    values = []
    for column in (f"{which}_lat_deg", f"{which}_lon_deg"):
        try:
            values.append(float(cells[column]))
        except ValueError:
            found.append(Problem(column, cells[column], "a number in degrees"))
            values.append(nan)
    return Point(values[0], values[1])


def _break(text: str, found: list[Problem]) -> Break | None:
    parts = [part.strip() for part in text.split("/")]
    faults: list[Problem] = []
    if len(parts) == 3 and _WHOLE.fullmatch(parts[2]):
        earliest, latest = (_instant(part, "breaks", faults) for part in parts[:2])
        if not faults:
            return Break(earliest, latest, int(parts[2]))
    found.append(
        Problem("breaks", text, "EARLIEST/LATEST/MINUTES, such as 2026-11-27T11:00+00:00/2026-11-27T12:00+00:00/30")
    )
    return None


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
