"""Reading police areas: their outlines, and which district lies in which.

Rules: what the two files have to hold. Outlines are GeoJSON features with `pfa_code` (or `area_code`) and
`pfa_name`; districts a CSV file with `lad_code` and `pfa_code`. All faults are named at once; a file with
a fault is not used, since places would silently lose their area.
"""

import re
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_table
from reassure.files.geojson import load_features
from reassure.forces import AREA_CODES
from reassure.geo import LAT_RANGE_DEG, LON_RANGE_DEG
from reassure.places.areas import AreaMap, Outline

CODE_COLUMNS = ("pfa_code", "area_code")
NAME_COLUMNS = ("pfa_name", "area_name", "name")
MARGIN_DEG = 0.5
"""How far outlines may reach beyond the box in which places stand: some take in the sea."""
_LAD = re.compile(r"[EWSN]\d{8}")


def read_areas(path: Path) -> AreaMap:
    """
    The outlines of police areas in a GeoJSON file.

    Raises
    ------
    InputError
        The file cannot be used; every feature at fault is named.
    """
    problems: list[Problem] = []
    found: dict[str, Outline] = {}
    for number, feature in enumerate(load_features(path), 1):
        where = f"{path}, feature {number}"
        outline = _outline(feature, where, problems)
        if outline is None:
            continue
        if outline.area_code in found:
            problems.append(Problem("pfa_code", outline.area_code, "each area once", where))
        found[outline.area_code] = outline
    if not found and not problems:
        problems.append(Problem("", "", "at least one police area", str(path), says="the file has no features"))
    if problems:
        raise InputError(problems)
    return AreaMap(tuple(found[code] for code in sorted(found)))


def _outline(feature: dict[str, Any], where: str, problems: list[Problem]) -> Outline | None:
    properties = feature.get("properties")
    words = properties if isinstance(properties, dict) else {}
    code = next((str(words[c]) for c in CODE_COLUMNS if words.get(c)), "")
    name = next((str(words[c]) for c in NAME_COLUMNS if words.get(c)), code)
    if not code:
        problems.append(Problem("pfa_code", "", "a police area code such as E23000014", where))
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(geometry, dict):
        problems.append(Problem("geometry", str(kind or ""), "a Polygon or MultiPolygon", where))
        return None
    try:
        polygon = shape(geometry)
        west, south, east, north = polygon.bounds
        sound = polygon if shapely.is_valid(polygon) else shapely.make_valid(polygon)
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        problems.append(Problem("geometry", str(geometry), "coordinates as RFC 7946 has them", where))
        return None
    if not _is_near(south, north, LAT_RANGE_DEG) or not _is_near(west, east, LON_RANGE_DEG):
        box = f"{west:.2f} to {east:.2f} E, {south:.2f} to {north:.2f} N"
        problems.append(Problem("geometry", box, "longitude -9 to 2 first, then latitude 49 to 61", where))
        return None
    parts = [p for p in shapely.get_parts(sound) if p.geom_type == "Polygon"]
    return Outline(code, name, shapely.MultiPolygon(parts)) if code else None


def _is_near(low: float, high: float, limits: tuple[float, float]) -> bool:
    return limits[0] - MARGIN_DEG <= low <= high <= limits[1] + MARGIN_DEG


def read_districts(path: Path) -> dict[str, str]:
    """
    The police area of each district code.

    Raises
    ------
    InputError
        The file cannot be used; every row at fault is named, and a district that stands in two areas.
    """
    table = read_table(path, required=("lad_code", "pfa_code"), optional=("lad_name", "pfa_name"))
    problems = list(table.problems)
    found: dict[str, str] = {}
    for row in table.rows:
        lad_code, area_code = row.cells["lad_code"], row.cells["pfa_code"]
        if not _LAD.fullmatch(lad_code):
            expected = "a district code such as E08000025"
            problems.append(Problem("lad_code", lad_code, expected, str(path), row.line))
        if area_code not in AREA_CODES:
            expected = "a police area code such as E23000014"
            problems.append(Problem("pfa_code", area_code, expected, str(path), row.line))
        if found.setdefault(lad_code, area_code) != area_code:
            expected = f"{found[lad_code]}, as above for {lad_code}"
            problems.append(Problem("pfa_code", area_code, expected, str(path), row.line))
    if not found and not problems:
        problems.append(Problem("", "", "at least one district", str(path), says="the file has no rows"))
    if problems:
        raise InputError(sorted(problems, key=lambda p: p.row or 0))
    return found
