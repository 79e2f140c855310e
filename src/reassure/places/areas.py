"""Which police area a place lies in: by its district, by the outlines, by the nearest one, or not known.

Rules: the district code of the row stands; else the outline that holds the point (the boundary counts as
inside); else the nearest outline within 500 m, flagged, because the outlines are drawn that coarsely;
else unknown, which is a task for a person and never a guess. A person's word is left alone.
Source: docs/sources.md#police-areas.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from reassure.geo import Point, distance_m
from reassure.places.place import Place

NEAREST_M = 500.0
"""How far outside an outline a place may lie; the generalised outlines are right to about that."""
AREA_FLAGS = frozenset({"area_nearest", "area_differs", "outside_polygons", "lad_unknown"})


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a police area: a shapely polygon or multipolygon, x = longitude, y = latitude."""

    area_code: str
    name: str
    polygon: shapely.Geometry

    @property
    def outline(self) -> list[list[list[list[float]]]]:
        """The outline as GeoJSON has it: coordinates of a MultiPolygon, longitude first."""
        parts = shapely.get_parts(self.polygon)
        return [[_ring(part.exterior), *map(_ring, part.interiors)] for part in parts]


def _ring(ring: shapely.LinearRing) -> list[list[float]]:
    return [[x, y] for x, y in shapely.get_coordinates(ring).tolist()]


class AreaMap(Mapping[str, Outline]):
    """
    Outlines by area code, and which of them hold which points; made once for many places.

    Parameters
    ----------
    outlines
        May be empty: then no point lies in any.
    """

    def __init__(self, outlines: Sequence[Outline]) -> None:
        self._outlines = {outline.area_code: outline for outline in outlines}
        self._codes = list(self._outlines)
        self._polygons = [outline.polygon for outline in self._outlines.values()]
        self._tree = shapely.STRtree(self._polygons)
        shapely.prepare(self._polygons)

    def __getitem__(self, area_code: str) -> Outline:
        return self._outlines[area_code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlines)

    def __len__(self) -> int:
        return len(self._outlines)

    def containing(self, points: Sequence[Point]) -> list[str]:
        """The area that holds each point, the first by code where several touch it; empty where none does."""
        found = [""] * len(points)
        if not points or not self._codes:
            return found
        xy = shapely.points([(p.lon_deg, p.lat_deg) for p in points])
        for i, polygon in np.transpose(self._tree.query(xy, predicate="intersects")).tolist():
            code = self._codes[polygon]
            found[i] = min(found[i], code) if found[i] else code
        return found

    def nearest(self, point: Point, *, within_m: float = NEAREST_M) -> str:
        """The area whose outline is nearest to a point outside, if it is within so many metres; else empty."""
        best: tuple[float, str] | None = None
        here = shapely.Point(point.lon_deg, point.lat_deg)
        reach_deg = 2.5 * within_m / 111_000
        for i in self._tree.query(here.buffer(reach_deg)).tolist():
            far_m = _metres_to(self._polygons[i], point)
            if far_m <= within_m and (best is None or (far_m, self._codes[i]) < best):
                best = (far_m, self._codes[i])
        return best[1] if best else ""


def _metres_to(polygon: shapely.Geometry, point: Point) -> float:
    """Metres from a point to an outline, on a plane in which a degree of longitude is as short as it is there."""
    squeeze = float(np.cos(np.radians(point.lat_deg)))
    plane = shapely.transform(polygon, lambda xy: xy * (squeeze, 1.0))
    here = shapely.Point(point.lon_deg * squeeze, point.lat_deg)
    near = shapely.get_coordinates(shapely.shortest_line(here, plane))[1]
    return distance_m(point, Point(float(near[1]), float(near[0]) / squeeze))


def assigned_area(place: Place, areas: AreaMap) -> Place:
    """One place with its police area by outline; `with_areas` for many."""
    return with_areas([place], districts={}, outlines=areas)[0]


def with_areas(
    places: Sequence[Place], *, districts: Mapping[str, str], outlines: AreaMap | None = None
) -> tuple[Place, ...]:
    """
    Places with their police area, in the order given.

    Parameters
    ----------
    districts
        Police area of each district code; may be empty.
    outlines
        Without them, places that their district does not settle keep the area that they have.

    Returns
    -------
    tuple[Place, ...]
        `area_by` says how the area is known. Flags: `lad_unknown` (a district code that is not in the list),
        `outside_polygons`, `area_nearest`, `area_differs` (district and outline disagree; the district stands).
    """
    held = outlines.containing([place.point for place in places]) if outlines is not None and len(outlines) else None
    return tuple(
        _with_area(place, districts, outlines if held is not None else None, held[i] if held else "")
        for i, place in enumerate(places)
    )


def _with_area(place: Place, districts: Mapping[str, str], outlines: AreaMap | None, inside: str) -> Place:
    is_checked = outlines is not None
    flags = set(place.flags) - (AREA_FLAGS if is_checked else {"lad_unknown"} if districts else set())
    code, by = place.area_code, place.area_by
    by_lad = districts.get(place.lad_code, "")
    if place.lad_code and districts and not by_lad:
        flags.add("lad_unknown")
    if is_checked and not inside:
        flags.add("outside_polygons")
    if by == "person":
        pass
    elif by_lad:
        code, by = by_lad, "lad"
    elif by == "lad" and code and not districts:
        pass
    elif is_checked:
        near = "" if inside or outlines is None else outlines.nearest(place.point)
        code, by = inside or near, "polygon" if inside else "nearest" if near else ""
        flags |= {"area_nearest"} if near else set()
    if inside and code and inside != code:
        flags.add("area_differs")
    ordered = tuple(sorted(flags))
    if (code, by, ordered) == (place.area_code, place.area_by, place.flags):
        return place
    return replace(place, area_code=code, area_by=by, flags=ordered)
