"""A map of spots as SVG for any list of places or areas, to stand beside the same rows as a table.

Rules: a spot's kind is told by shape and word, never by colour alone; at most 2,000 spots are drawn, in the order
given, and the map says how many were left out. Positions are projected as in `plan_map`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reassure.files.markup import Markup, tag
from reassure.files.plan_map import framed, furniture, outline_path, plane, rings_of

MOST_SPOTS = 2_000
WIDTH_PX = 900.0
HEIGHTS_PX = (260.0, 640.0)

SHAPES = {
    "place": "M-4,0a4,4 0 1 0 8,0a4,4 0 1 0 -8,0z",
    "flagged": "M0,-6l6,6l-6,6l-6,-6z",
    "closed": "M-4,-4l8,8m0,-8l-8,8",
    "chosen": "M-6,-6h12v12h-12z",
}
"""Disc, diamond, cross, square: drawn round the spot."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Something on the map: where, what it is called, and its kind, one of `SHAPES`."""

    lat_deg: float
    lon_deg: float
    name: str
    kind: str = "place"


def spots_map(spots: Sequence[Spot], *, title: str, outline: Iterable[Any] | None = None) -> Markup:
    """
    The map of the spots, inside the outline if there is one.

    Parameters
    ----------
    outline
        Coordinates of a GeoJSON MultiPolygon (longitude first), or None.
    """
    rings = list(rings_of(outline))
    shown = spots[:MOST_SPOTS]
    corners = [(s.lat_deg, s.lon_deg) for s in shown] + [point for ring in rings for point in ring]
    on = plane(corners, width=WIDTH_PX, margin=24, heights=HEIGHTS_PX)
    drawn = [outline_path(rings, on)]
    for spot in shown:
        x, y = on.xy(spot.lat_deg, spot.lon_deg)
        mark = tag("path", tag("title", spot.name), d=SHAPES[spot.kind], transform=f"translate({x} {y})")
        drawn.append(tag("g", mark, class_=f"spot {spot.kind}"))
    left_out = len(spots) - len(shown)
    desc = f"{len(shown):,} of {len(spots):,} are drawn." if left_out else f"{len(shown):,} are drawn."
    return framed(on, "spots", title, f"{desc} The same rows stand in the table.", [*drawn, *furniture(on)])
