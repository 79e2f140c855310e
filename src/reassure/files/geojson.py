"""Places of worship in a GeoJSON file, in and out.

Rules: a FeatureCollection of points and polygons; a polygon stands at the middle of its bounding box and
gives its footprint. Properties have the names of the columns of a register; ids of OpenStreetMap may stand
as `@id` or as the id of the feature. Written files carry licence, attribution and date, and nothing that
only the place itself may pass on. Source: RFC 7946 (longitude first, WGS84).
"""

import json
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from reassure.errors import InputError, Problem
from reassure.faiths import in_order
from reassure.files.csv_rows import cell_fault, decode, read_bytes
from reassure.files.register_rows import KNOWN, RawRow, RawRows
from reassure.geo import EARTH_RADIUS_M
from reassure.places.place import Place
from reassure.places.sources import ODBL, for_export
from reassure.provenance import Source

SHAPES = {"Point", "Polygon", "MultiPolygon"}
POSITION = ("lat", "lon")
METRES_PER_DEG = math.radians(EARTH_RADIUS_M)


def load_features(path: Path) -> list[dict[str, Any]]:
    """The features of a GeoJSON file; `InputError` names the line at which it stops being one."""
    text = decode(read_bytes(path), str(path))
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError([_whole(path, f"cannot be read as JSON ({error.msg})", error.lineno)]) from None
    except (RecursionError, ValueError):
        raise InputError([_whole(path, "cannot be read as JSON (nested too deep, or a number too long)")]) from None
    features = loaded.get("features") if isinstance(loaded, dict) else None
    if not isinstance(features, list) or loaded.get("type") != "FeatureCollection":
        raise InputError([_whole(path, "this is no FeatureCollection")])
    if not all(isinstance(feature, dict) for feature in features):
        raise InputError([_whole(path, "not every feature is an object")])
    return features


def _whole(path: Path, says: str, row: int | None = None) -> Problem:
    return Problem("", "", "a GeoJSON FeatureCollection", str(path), row, says)


def feature_rows(path: Path) -> RawRows:
    """The features of a GeoJSON file as rows of cells; a feature with a fault is named and left out."""
    features = load_features(path)
    rows: list[RawRow] = []
    problems: list[Problem] = []
    dropped: dict[str, None] = {}
    for number, feature in enumerate(features, 1):
        where = f"{path}, feature {number}"
        cells = dict.fromkeys(("name", *POSITION), "")
        found = list(_fill(cells, feature, dropped, where))
        if found:
            problems += found
        else:
            rows.append(RawRow(cells, element=f"feature {number}"))
    columns = frozenset(column for row in rows for column in row.cells)
    whole = [RawRow(dict.fromkeys(columns, "") | dict(row.cells), element=row.element) for row in rows]
    return RawRows(columns, whole, tuple(problems), tuple(dropped))


def _fill(cells: dict[str, str], feature: dict[str, Any], dropped: dict[str, None], where: str) -> Iterator[Problem]:
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        yield Problem("properties", str(properties), "an object", where)
        return
    if "id" in feature and not {"@id", "ref", "osm_id"} & properties.keys():
        cells["id"] = str(feature["id"])
    for name, value in properties.items():
        if name not in KNOWN or name in {"lat_deg", "lon_deg", "lat", "lon", "latitude", "longitude", "lng"}:
            dropped[name] = None
            continue
        text = "" if value is None else ";".join(map(str, value)) if isinstance(value, list) else str(value).strip()
        if expected := cell_fault(text):
            yield Problem(name, text, expected, where)
        cells[name] = text
    yield from _place_in(cells, feature.get("geometry"), where)


def _place_in(cells: dict[str, str], geometry: object, where: str) -> Iterator[Problem]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in SHAPES or not isinstance(geometry, dict):
        yield Problem("geometry", str(kind or ""), "a Point, Polygon or MultiPolygon", where)
        return
    try:
        drawn = shape(geometry)
        west, south, east, north = drawn.bounds
    except (ShapelyError, ValueError, TypeError, IndexError, KeyError, AttributeError):
        yield Problem("geometry", str(geometry), "coordinates as RFC 7946 has them", where)
        return
    if kind == "Point":
        cells["lat"], cells["lon"] = repr(south), repr(west)
        return
    cells["lat"], cells["lon"] = f"{(south + north) / 2:.5f}", f"{(west + east) / 2:.5f}"
    size_m2 = _footprint_m2(drawn, (south + north) / 2)
    if size_m2 >= 1:
        cells.setdefault("size_m2", f"{size_m2:.0f}")


def _footprint_m2(drawn: shapely.Geometry, lat_deg: float) -> float:
    return float(shapely.area(drawn)) * METRES_PER_DEG**2 * math.cos(math.radians(lat_deg))


def register_geojson(places: Iterable[Place], sources: Iterable[Source]) -> bytes:
    """
    A register as GeoJSON that may be passed on, in the order of the refs.

    It carries the sources with licence, attribution and date. A register that holds rows under a
    share-alike licence is under that licence as a whole.
    """
    listed = sorted(sources, key=lambda source: source.ref)
    licence = (
        ODBL if any(source.is_share_alike for source in listed) else "; ".join(sorted({s.licence for s in listed}))
    )
    document = {
        "type": "FeatureCollection",
        "licence": licence,
        "attribution": [source.attribution for source in listed if source.attribution],
        "sources": [
            {
                "ref": source.ref,
                "title": source.title,
                "licence": source.licence,
                "retrieved_on": source.retrieved_on.isoformat() if source.retrieved_on else None,
            }
            for source in listed
        ],
        "features": [_feature(for_export(place)) for place in sorted(places, key=lambda place: place.ref)],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _feature(place: Place) -> dict[str, Any]:
    properties = {
        "ref": place.ref,
        "name": place.name,
        "faiths": list(in_order(place.faiths)),
        "address": place.address,
        "postcode": place.postcode,
        "area_code": place.area_code,
        "lad_code": place.lad_code,
        "status": place.status,
        "precision_m": place.precision_m,
        "external_ids": [f"{source}:{number}" for source, number in place.external_ids],
    }
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": mapping(shapely.Point(place.point.lon_deg, place.point.lat_deg)),
    }
