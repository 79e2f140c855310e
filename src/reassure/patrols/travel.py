"""How long journeys take when no routing server is asked.

Rules: great circle, lengthened by a mean detour, at one speed a kind of unit. Seconds are whole and rounded
up, so that no plan rests on a journey shorter than worked out. Elsewhere: routing servers (`engines.routing`).
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from reassure.errors import InputError, Problem
from reassure.geo import EARTH_RADIUS_M, Point
from reassure.patrols.problem import TravelMatrix

DETOUR = 1.35
"""Road metres for each metre of great circle; European mean radial detour 1.343 (doi 10.1177/23998083231168870)."""

MILE_M = 1_609.344
SPEED_M_PER_HOUR: Mapping[str, float] = {"car": 25 * MILE_M, "cycle": 15_000.0, "foot": 4_800.0}
"""Car: 25 mph, local A roads 24.9 to 25.4 mph in 2017-19 (Department for Transport). Foot and cycle: our choice."""

STOP_S = 60
"""Seconds added to each leg that ends at a place: parking and walking to the door (our choice)."""


def travel_matrices(nodes: Sequence[Point], n_sites: int, kinds: Collection[str]) -> dict[str, TravelMatrix]:
    """
    Seconds from node to node for each kind of unit, by great circle.

    Parameters
    ----------
    nodes
        The places, then the bases.
    n_sites
        How many of the nodes, from the first, are places; only legs that end there get `STOP_S`.

    Returns
    -------
    dict[str, TravelMatrix]
        (n_nodes, n_nodes) of whole seconds, rounded up; 0 on the diagonal. Keys in alphabetical order.

    Raises
    ------
    InputError
        A kind that has no speed, or a position that is not two numbers.
    """
    found = [
        Problem("kind", kind, "one of " + ", ".join(sorted(SPEED_M_PER_HOUR)))
        for kind in sorted(set(kinds) - set(SPEED_M_PER_HOUR))
    ]
    metres = great_circles_m(nodes)
    found += [
        Problem("lat_deg, lon_deg", f"{nodes[i].lat_deg}, {nodes[i].lon_deg}", "two numbers in degrees")
        for i in np.flatnonzero(np.isnan(np.diagonal(metres))).tolist()
    ]
    if found:
        raise InputError(found)
    return {kind: travel_seconds(metres, n_sites, kind) for kind in sorted(set(kinds))}


def great_circles_m(nodes: Sequence[Point]) -> NDArray[np.float64]:
    """Metres along the great circle (haversine) between all pairs, (n_nodes, n_nodes)."""
    lat = np.radians(np.array([p.lat_deg for p in nodes], dtype=np.float64))
    lon = np.radians(np.array([p.lon_deg for p in nodes], dtype=np.float64))
    half = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return metres


def travel_seconds(metres: NDArray[np.float64], n_sites: int, kind: str) -> TravelMatrix:
    """
    Whole seconds of journeys over `metres` of great circle, by one kind of unit.

    The time is rounded to the microsecond before it is rounded up, so that the last bit of a
    sine on another machine does not become a second.
    """
    seconds = np.ceil(np.round(metres * (DETOUR * 3600 / SPEED_M_PER_HOUR[kind]), 6)).astype(np.int32)
    seconds[:, :n_sites] += STOP_S
    np.fill_diagonal(seconds, 0)
    return np.ascontiguousarray(seconds)


def matrix_bytes(n_nodes: int, n_kinds: int) -> int:
    """Memory that the matrices take: n_nodes squared times 4 bytes for each kind of unit."""
    return n_nodes * n_nodes * 4 * n_kinds
