"""Places of worship in an OpenStreetMap file, XML or PBF.

Rules: elements with `amenity=place_of_worship`: nodes, ways, and multipolygon relations. A way or area
stands at the middle of its bounding box, as the Overpass server gives it, so that one element has one
point whichever way it was fetched. A relation without an outline is skipped and named. The denomination
serves the profile and is dropped; contacts, websites and people's names are never read.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import osmium
import osmium.filter
import osmium.io

from reassure.errors import InputError, Problem
from reassure.files.csv_rows import read_bytes
from reassure.files.register_rows import RawRow, RawRows
from reassure.geo import EARTH_RADIUS_M
from reassure.places.place import NAME_CHARACTERS

OTHER_NAMES = ("alt_name", "official_name", "old_name", "short_name", "name:en", "name:cy", "name:gd", "name:ga")
CLOSED_KEYS = ("disused", "abandoned", "ruins", "demolished")
COLUMNS = frozenset(
    {
        "@id",
        "name",
        "other_names",
        "religion",
        "denomination",
        "lat",
        "lon",
        "address",
        "postcode",
        "size_m2",
        "status",
        "flags",
        "service_times",
    }
)


def element_rows(path: Path) -> RawRows:
    """
    The places of worship of a file as rows, in the order of the file: nodes, then ways and areas.

    Raises
    ------
    InputError
        The file is no OpenStreetMap file, or is cut short.
    """
    read_bytes(path)
    try:
        return _read(path)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        expected = "an OpenStreetMap file (.osm or .osm.pbf)"
        says = f"cannot be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})"
        raise InputError([Problem("", "", expected, str(path), says=says)]) from None


def _read(path: Path) -> RawRows:
    rows: list[RawRow] = []
    relations: dict[int, str] = {}
    skipped: list[str] = []
    # Without locations a way has no geometry at all; with_areas() happens to ask for them, this says so.
    elements: Any = osmium.FileProcessor(str(path)).with_locations().with_areas()
    for element in elements.with_filter(osmium.filter.TagFilter(("amenity", "place_of_worship"))):
        tags = {tag.k: tag.v for tag in element.tags}
        kind = element.type_str()
        if kind == "n":
            place = element.location
            rows.append(_row(f"node/{element.id}", tags, place.lat, place.lon, 0.0))
        elif kind == "w":
            ring = [(n.lat, n.lon) for n in element.nodes if n.location.valid()]
            if len(ring) < len(element.nodes) or not ring:
                skipped.append(
                    f"way/{element.id} {tags.get('name', '')}: its nodes are not in the file".replace(" :", ":")
                )
            else:
                rows.append(_row(f"way/{element.id}", tags, *_middle(ring), _ring_m2(ring)))
        elif kind == "a" and not element.from_way():
            outer = [[(n.lat, n.lon) for n in ring] for ring in element.outer_rings()]
            inner = [
                [(n.lat, n.lon) for n in hole] for ring in element.outer_rings() for hole in element.inner_rings(ring)
            ]
            size_m2 = sum(map(_ring_m2, outer)) - sum(map(_ring_m2, inner))
            rows.append(_row(f"relation/{element.orig_id()}", tags, *_middle([p for r in outer for p in r]), size_m2))
        elif kind == "r":
            relations[element.id] = tags.get("name", "")
    drawn = {row.element for row in rows}
    skipped += [
        f"relation/{number} {name}".strip() + ": it has no outline"
        for number, name in relations.items()
        if f"relation/{number}" not in drawn
    ]
    return RawRows(COLUMNS, rows, skipped=tuple(skipped), retrieved_on=_day_of_file(path))


def _row(element: str, tags: Mapping[str, str], lat_deg: float, lon_deg: float, size_m2: float) -> RawRow:
    is_closed = any(
        tags.get(key, "no") != "no" or any(tag.startswith(key + ":") for tag in tags) for key in CLOSED_KEYS
    )
    cells = {
        "@id": element,
        "name": tags.get("name", ""),
        "other_names": " | ".join(_other_names(tags)),
        "religion": tags.get("religion", ""),
        "denomination": tags.get("denomination", ""),
        "lat": f"{lat_deg:.5f}",
        "lon": f"{lon_deg:.5f}",
        "address": _address(tags),
        "postcode": tags.get("addr:postcode", ""),
        "size_m2": f"{size_m2:.0f}" if size_m2 >= 1 else "",
        "status": "closed" if is_closed else "",
        "flags": "maybe_closed" if is_closed else "",
        "service_times": tags.get("service_times", ""),
    }
    return RawRow(cells, element=element)


def _other_names(tags: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    for key in OTHER_NAMES:
        for name in (part.strip().replace("|", "/") for part in tags.get(key, "").split(";")):
            if name and name != tags.get("name") and name not in found and len(name) <= NAME_CHARACTERS:
                found.append(name)
    return found


def _address(tags: Mapping[str, str]) -> str:
    house = tags.get("addr:housenumber") or tags.get("addr:housename", "")
    street = " ".join(filter(None, (house, tags.get("addr:street", ""))))
    return ", ".join(filter(None, (street, tags.get("addr:city", ""))))


def _middle(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    lats, lons = zip(*points, strict=True)
    return (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2


def _ring_m2(ring: list[tuple[float, float]]) -> float:
    """Area inside a closed ring of (latitude, longitude), square metres, on a local plane; 0 when it is open."""
    if len(ring) < 4 or ring[0] != ring[-1]:
        return 0.0
    lat_0, lon_0 = ring[0]
    across = math.cos(math.radians(lat_0))
    flat = [(math.radians(lon - lon_0) * across, math.radians(lat - lat_0)) for lat, lon in ring]
    twice = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(flat))
    return abs(twice) / 2 * EARTH_RADIUS_M**2


def _day_of_file(path: Path) -> date | None:
    """The day up to which the file says that it follows OpenStreetMap, from its header."""
    reader = osmium.io.Reader(str(path))
    try:
        stamp = reader.header().get("osmosis_replication_timestamp")
    finally:
        reader.close()
    try:
        return date.fromisoformat(stamp[:10])
    except ValueError:
        return None
