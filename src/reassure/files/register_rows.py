"""From one row of any register file to a place: which columns are known, and what may stand in them.

Rules: the columns of a register, ours and those of the open register files; the identity of a row; what
each cell has to be. Rows come as cells of text, from CSV, GeoJSON or OpenStreetMap alike.
Elsewhere: a whole file (`register`), the CSV file that we write (`register_csv`).
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from reassure.errors import Problem
from reassure.faiths import CODES, faiths_of_tag
from reassure.files.register_cells import LESS_USUAL, RowFaults, degrees, tidy, unescaped
from reassure.forces import AREA_CODES
from reassure.geo import LAT_RANGE_DEG, LON_RANGE_DEG, Point
from reassure.places.place import (
    AREA_BY,
    AUTHORITIES,
    NAME_CHARACTERS,
    PRESENCES,
    PROFILES,
    SETTINGS,
    STATUSES,
    Place,
    place_problems,
)
from reassure.places.profiles import flags_of_name, proposed_profile

NAMES = {
    "lat": ("lat_deg", "lat", "latitude"),
    "lon": ("lon_deg", "lon", "lng", "longitude"),
    "faith": ("faiths", "faith"),
    "postcode": ("postcode", "osm_postcode_2025", "addr:postcode"),
    "address": ("address", "osm_addr_2025"),
}
"""Columns that mean the same, the first that a file has being the one that counts."""
PLAIN = (
    "ref",
    "id",
    "@id",
    "name",
    "other_names",
    "religion",
    "denomination",
    "osm_type",
    "osm_id",
    "precision_m",
    "entrances",
    "nearest_postcode",
    "area_code",
    "pfa_code",
    "lad_code",
    "area_by",
    "setting",
    "profile",
    "bands",
    "size_m2",
    "status",
    "valid_from",
    "valid_to",
    "presence",
    "authority",
    "external_ids",
    "flags",
    "sources",
    "licence",
    "source_details",
    "facts",
    "service_times",
)
KNOWN = (*PLAIN, *(name for names in NAMES.values() for name in names))
NODE_PRECISION_M, WAY_PRECISION_M = 10.0, 30.0
"""How far the entrance may be from a mapped node, and from the centre of a building."""
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LAD = re.compile(r"[EWSN]\d{8}")
_OSM_ID = re.compile(r"(node|way|relation)/(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How the rows of one file are to be read.

    Parameters
    ----------
    columns
        For each meaning of `NAMES` the column that carries it; absent where no column does.
    present
        Every known column that the file has.
    series
        Parts the ids of different lists: an id of a list stands as (series, id).
    faith
        Faiths of rows in a file that has no column for them.
    less_usual
        Columns of `LESS_USUAL` that the file has.
    """

    columns: Mapping[str, str]
    present: frozenset[str]
    series: str
    faith: frozenset[str] = frozenset()
    less_usual: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """
    One row as cells of text by column.

    `line` is its line in a text file; `element` names it in a file that has no lines ("way/12", "feature 3").
    """

    cells: Mapping[str, str]
    line: int | None = None
    element: str = ""


@dataclass(frozen=True, slots=True)
class RawRows:
    """
    The rows of a file, whatever kind of file it was.

    `skipped` tells in words what the file holds that is no place and no fault; `retrieved_on` is the day
    that the file itself gives.
    """

    columns: frozenset[str]
    rows: Sequence[RawRow]
    problems: tuple[Problem, ...] = ()
    dropped: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    retrieved_on: date | None = None


def layout_of(present: frozenset[str], *, series: str, faith: str = "") -> Layout:
    """The layout of a file with these columns."""
    columns = {means: next(n for n in names if n in present) for means, names in NAMES.items() if present & {*names}}
    less_usual = tuple(column for column in LESS_USUAL if column in present)
    return Layout(columns, present, series, frozenset({faith} - {"", "unknown"}), less_usual)


def place_of_row(cells: Mapping[str, str], layout: Layout, faults: RowFaults) -> Place | None:
    """The place of a row, or `None` when `faults` has reasons why there is none."""
    get = cells.get
    own = "facts" in layout.present
    name = tidy(unescaped(get("name", "")) if own else get("name", ""))
    lat_text, lon_text = get(layout.columns.get("lat", ""), ""), get(layout.columns.get("lon", ""), "")
    lat_deg = degrees(layout.columns.get("lat", "lat"), lat_text, faults)
    lon_deg = degrees(layout.columns.get("lon", "lon"), lon_text, faults)
    ref, external_ids = _identity(cells, layout, f"{name}|{lat_text}|{lon_text}", faults)
    faiths = _faiths(cells, layout, faults)
    if lat_deg is None or lon_deg is None:
        return None
    area_code, lad_code, area_by = _area(cells, faults)
    place = Place(
        ref=ref,
        name=name,
        faiths=faiths,
        point=Point(lat_deg, lon_deg),
        precision_m=_default_precision_m(external_ids),
        source_refs=tuple(sources.split()) if (sources := get("sources", "")) else (),
        address=tidy(unescaped(get(layout.columns.get("address", ""), ""))),
        postcode=get(layout.columns.get("postcode", ""), "").upper(),
        nearest_postcode=get("nearest_postcode", ""),
        area_code=area_code,
        lad_code=lad_code,
        area_by=area_by,
        profile=get("profile") or ("default" if own else proposed_profile(name, faiths, get("denomination", ""))),
        external_ids=external_ids,
        flags=flags_of_name(name),
    )
    if any(cells[column] for column in layout.less_usual):
        place = _with_rest(place, cells, layout, faults)
    _check(place, cells, layout, faults)
    return None if faults.found else place


def default_precision_m(place: Place) -> float:
    """How far the entrance may be when nobody says: 10 m for a mapped node, 30 m for the centre of a building."""
    return _default_precision_m(place.external_ids)


def _default_precision_m(external_ids: tuple[tuple[str, str], ...]) -> float:
    for source, number in external_ids:
        if source == "osm":
            return NODE_PRECISION_M if number.startswith("node/") else WAY_PRECISION_M
    return WAY_PRECISION_M


def row_key(text: str) -> str:
    """The key of a row without an id: 12 hex digits of the SHA-256 of `name|lat|lon`."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _identity(
    cells: Mapping[str, str], layout: Layout, own_key: str, faults: RowFaults
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The ref of a row and its external ids, from the best column that the file has."""
    ids = _listed_ids(cells.get("external_ids", ""), faults) if "external_ids" in layout.present else ()
    if "ref" in layout.present:
        ref = cells["ref"]
        if not _REF.fullmatch(ref):
            faults.add("ref", ref, "up to 64 letters, digits, dots, hyphens and underscores")
        return ref, ids
    if "osm_id" in layout.present:
        kind, number = cells.get("osm_type", ""), cells["osm_id"]
        if kind not in {"node", "way", "relation"}:
            faults.add("osm_type", kind, "node, way or relation")
        if not (number.isascii() and number.isdigit()):
            faults.add("osm_id", number, "the number of an OpenStreetMap element")
        return f"osm-{kind}-{number}", (("osm", f"{kind}/{number}"),)
    for column in ("@id", "id"):
        if column in layout.present:
            return _own_id(column, cells[column], layout.series, faults)
    key = row_key(own_key)
    return key, (("row", key),)


def _own_id(column: str, text: str, series: str, faults: RowFaults) -> tuple[str, tuple[tuple[str, str], ...]]:
    if found := _OSM_ID.fullmatch(text):
        return f"osm-{found[1]}-{found[2]}", (("osm", text),)
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-._")
    if not slug or len(text) > 64:
        faults.add(column, text, "an id of 1 to 64 characters")
    return f"{series}-{slug}"[:64], ((series, text),)


def _listed_ids(text: str, faults: RowFaults) -> tuple[tuple[str, str], ...]:
    if ";" not in text and (alone := text.partition(":"))[0] and alone[2]:
        return ((alone[0], alone[2]),)
    found = []
    for part in filter(None, (p.strip() for p in text.split(";"))):
        source, colon, number = part.partition(":")
        if not (source and colon and number):
            faults.add("external_ids", text, "source:id, several parted by ;")
        found.append((source, number))
    return tuple(sorted(found))


def _faiths(cells: Mapping[str, str], layout: Layout, faults: RowFaults) -> frozenset[str]:
    column = layout.columns.get("faith")
    if column is None:
        return faiths_of_tag(cells["religion"]) if "religion" in layout.present else layout.faith
    text = cells[column].casefold()
    if text in _KNOWN_FAITHS:
        return _KNOWN_FAITHS[text]
    codes = {part.strip() for part in text.split(";")} - {"", "unknown", "multifaith"}
    for code in sorted(codes - set(CODES)):
        faults.add(column, code, "one of " + ", ".join(CODES))
    return frozenset(codes)


_KNOWN_FAITHS = {code: frozenset({code} - {"unknown"}) for code in CODES} | {"": frozenset()}


def _area(cells: Mapping[str, str], faults: RowFaults) -> tuple[str, str, str]:
    """
    Police area, district, and how the area is known.

    The open register file has the district in `area_code` and the police area in `pfa_code`; our own has
    the police area in `area_code`. A code says itself which of the two it is.
    """
    area_code, lad_code = cells.get("pfa_code", ""), cells.get("lad_code", "")
    code, by = cells.get("area_code", ""), cells.get("area_by", "")
    if not lad_code and "area_by" not in cells and area_code in AREA_CODES and _is_district(code):
        return area_code, code, "lad"
    if code and code in AREA_CODES:
        area_code = area_code or code
    elif code and _is_district(code):
        lad_code = lad_code or code
    elif code:
        faults.add("area_code", code, "a police area code such as E23000014 or a district code such as E08000025")
    if area_code and area_code not in AREA_CODES:
        faults.add("pfa_code", area_code, "a police area code such as E23000014")
    if lad_code and not _is_district(lad_code):
        faults.add("lad_code", lad_code, "a district code such as E08000025")
    is_said = "area_by" in cells
    return area_code, lad_code, by if is_said else "lad" if lad_code and area_code else ""


@lru_cache(maxsize=4096)
def _is_district(code: str) -> bool:
    return bool(_LAD.fullmatch(code)) and code not in AREA_CODES


def _check(place: Place, cells: Mapping[str, str], layout: Layout, faults: RowFaults) -> None:
    is_sound = (
        LAT_RANGE_DEG[0] <= place.point.lat_deg <= LAT_RANGE_DEG[1]
        and LON_RANGE_DEG[0] <= place.point.lon_deg <= LON_RANGE_DEG[1]
        and place.name.isprintable()
        and len(place.name) <= NAME_CHARACTERS
        and (not layout.present & _CHECKED or _has_known_words(place))
    )
    if is_sound:
        return
    lat, lon = layout.columns.get("lat", "lat"), layout.columns.get("lon", "lon")
    as_read = {
        "lat_deg": (lat, cells.get(lat, "")),
        "lon_deg": (lon, cells.get(lon, "")),
        "lat_deg, lon_deg": (f"{lat}, {lon}", f"{cells.get(lat, '')}, {cells.get(lon, '')}"),
    }
    for problem in place_problems(place):
        if problem.column not in {"ref", "faith"}:
            column, value = as_read.get(problem.column, (problem.column, problem.value))
            faults.add(column, value, problem.expected, problem.says)


_CHECKED = {"setting", "profile", "status", "presence", "authority", "area_by", "valid_from", "valid_to", "other_names"}


def _has_known_words(place: Place) -> bool:
    """Whether the other checks of a place pass at one look; if not they are made one by one."""
    return (
        place.setting in SETTINGS
        and place.profile in PROFILES
        and place.status in STATUSES
        and place.presence in PRESENCES
        and place.authority in AUTHORITIES
        and place.area_by in AREA_BY
        and not place.other_names
        and place.valid_to is None
    )


def _with_rest(place: Place, cells: Mapping[str, str], layout: Layout, faults: RowFaults) -> Place:
    rest: dict[str, Any] = {
        column: LESS_USUAL[column](column, text, faults) for column in layout.less_usual if (text := cells[column])
    }
    if "flags" in rest:
        rest["flags"] = tuple(sorted({*place.flags, *rest["flags"]}))
    return replace(place, **rest)
