"""How far and how long an incident is felt: weights by distance and age, for places of every faith alike.

Rules: `severity * exp(-distance/500 m) * 0.5**(days/14)`, within two miles and 84 days. Shape after Johnson & Bowers
2004 (burglary, 300-400 m, one to two months); two miles and "any faith" after the Home Office scheme of 2017; the
half-life is our choice. Source: docs/sources.md#near-repeat.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, degrees, exp, isfinite, radians
from typing import NamedTuple

import numpy as np

from reassure.geo import EARTH_RADIUS_M, Point, distance_m
from reassure.places.place import Place
from reassure.threats.incidents import SEVERITY, Incident, counted_groups


@dataclass(frozen=True, slots=True)
class Decay:
    """How the weight of an incident falls: metres to 1/e, the reach, days to one half, and the oldest that counts."""

    scale_m: float = 500.0
    reach_m: float = 2 * 1_609.344
    half_life_days: float = 14.0
    longest_days: int = 84

    def reaches(self, distance_m: float, days: int) -> bool:
        """Whether an incident counts at this distance and age; one of a later day does not."""
        return 0 <= days <= self.longest_days and distance_m <= self.reach_m


DECAY = Decay()

AT_THE_PLACE_M = 50.0
RECENT_DAYS = 7
"""An incident linked to the place or at most this near, and at most this old, opens the gate of need."""


class NearIncident(NamedTuple):
    """An incident as a place sees it: severity, metres (0 when linked to the place), whole days since its end."""

    severity: float
    distance_m: float
    days: int

    @property
    def is_recent_here(self) -> bool:
        """Whether it happened at the place within the last seven days."""
        return self.distance_m <= AT_THE_PLACE_M and 0 <= self.days <= RECENT_DAYS


def weight(severity: float, distance: float, days: int, *, decay: Decay = DECAY) -> float:
    """
    What one incident counts at a distance in metres and an age in days; 0 beyond the reach or the longest age.

    Examples
    --------
    >>> round(weight(1, 500, 14), 6), weight(1, 3_219, 0), weight(1, 0, 85)
    (0.18394, 0.0, 0.0)
    """
    if not decay.reaches(distance, days):
        return 0.0
    return float(severity * exp(-distance / decay.scale_m) * 0.5 ** (days / decay.half_life_days))


def near_repeat(
    group: Incident, places: Sequence[Place], *, on: date, decay: Decay = DECAY
) -> tuple[tuple[str, float, float], ...]:
    """
    Where one incident is felt on a day: (`place_ref`, distance in metres, weight), the heaviest first, then by ref.

    Places with the weight 0 are left out, so an incident that is too old or does not count gives nothing.
    """
    found = [
        (ref, near.distance_m, weight(*near, decay=decay))
        for ref, nears in near_incidents([group], places, on=on, decay=decay).items()
        for near in nears
    ]
    return tuple(sorted((row for row in found if row[2] > 0), key=lambda row: (-row[2], row[0])))


def near_incidents(
    incidents: Iterable[Incident], places: Sequence[Place], *, on: date, decay: Decay = DECAY
) -> dict[str, tuple[NearIncident, ...]]:
    """
    The incidents that count at each place on a day, by `place_ref`, each tuple sorted; other places have no key.

    Only groups of counted origins, within the reach and neither later than the day nor older than the longest
    age. One that is linked to a place stands at 0 m there; to its neighbours it stands at its own point, or at the
    place's where it has none.
    """
    groups = [(group, (on - group.ended_on).days) for group in counted_groups(incidents)]
    recent = [(group, days) for group, days in groups if 0 <= days <= decay.longest_days]
    ground = _Ground(places if recent else ())
    found: dict[str, list[NearIncident]] = {}
    for incident, days in recent:
        severity = SEVERITY[incident.family]
        for ref, metres in ground.within(incident, decay.reach_m):
            found.setdefault(ref, []).append(NearIncident(severity, metres, days))
    return {ref: tuple(sorted(nears)) for ref, nears in found.items()}


class _Ground:
    """Places ordered by latitude, so that those near a point are found without looking at all of them."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.points = {place.ref: place.point for place in places}
        standing = sorted((p.point, p.ref) for p in places if isfinite(p.point.lat_deg))
        self.refs = [ref for _, ref in standing]
        self.lat_deg = np.array([point.lat_deg for point, _ in standing])
        self.lon_deg = np.array([point.lon_deg for point, _ in standing])

    def within(self, incident: Incident, reach_m: float) -> Iterator[tuple[str, float]]:
        """(`place_ref`, metres) of the places in reach; the linked place first, at 0 m."""
        if incident.place_ref in self.points:
            yield incident.place_ref, 0.0
        point = incident.point or self.points.get(incident.place_ref)
        if point is None:
            return
        for ref in self._candidates(point, reach_m):
            metres = distance_m(point, self.points[ref])
            if metres <= reach_m and ref != incident.place_ref:
                yield ref, metres

    def _candidates(self, point: Point, reach_m: float) -> Iterator[str]:
        half_lat_deg = degrees(reach_m / EARTH_RADIUS_M) * 1.001
        half_lon_deg = half_lat_deg / cos(radians(abs(point.lat_deg) + half_lat_deg))
        first, last = np.searchsorted(self.lat_deg, [point.lat_deg - half_lat_deg, point.lat_deg + half_lat_deg])
        is_near = np.abs(self.lon_deg[first:last] - point.lon_deg) <= half_lon_deg
        return (self.refs[first + int(i)] for i in np.flatnonzero(is_near))
