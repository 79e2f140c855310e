"""How long each journey of a plan has to take, worked out by the checker for itself.

Rules: great circle (haversine) lengthened by 1.35 at 25 mph by car, 15 km/h by cycle, 4.8 km/h on foot, 60 s
more into a place, rounded up to whole seconds; staying at a place takes none. Journeys that a routing server
gave are taken as given, as long as nobody outruns the straight line. Source: docs/sources.md#travel-times.
"""

from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin, sqrt

from reassure.errors import Problem
from reassure.patrols.check_facts import LegFact, PlaceFact, PlanFacts, UnitFact, fault

_EARTH_RADIUS_M = 6_371_008.8
_DETOUR = 1.35
_STOP_S = 60
_KM_PER_MILE = 1.609344
_SPEEDS_KMH = {"foot": 4.8, "cycle": 15.0, "car": 25 * _KM_PER_MILE}
_FASTEST_KMH = {"foot": 10.0, "cycle": 30.0, "car": 70 * _KM_PER_MILE}
"""Nobody is believed to be faster than this along the straight line, whatever a server says (our choice)."""

_SLACK_S = 1e-6
"""Two machines may differ by this much before rounding up, never after."""


@dataclass(frozen=True, slots=True)
class Node:
    """Where a journey starts or ends: a place's ref, or `base:UNIT` or `end:UNIT`."""

    name: str
    label: str
    lat_deg: float
    lon_deg: float
    is_place: bool


def place_node(place: PlaceFact) -> Node:
    """A place as an end of a journey."""
    return Node(place.ref, place.label, place.lat_deg, place.lon_deg, is_place=True)


def base_node(unit: UnitFact) -> Node:
    """Where a unit starts."""
    return Node(f"base:{unit.ref}", "the base", *unit.base, is_place=False)


def end_node(unit: UnitFact) -> Node:
    """Where a unit ends."""
    return Node(f"end:{unit.ref}", "the end base", *unit.end_base, is_place=False)


def nodes_of(facts: PlanFacts) -> dict[str, Node]:
    """Every place and base by the name that journeys use."""
    nodes = [*map(place_node, facts.places), *map(base_node, facts.units), *map(end_node, facts.units)]
    return {node.name: node for node in nodes}


@dataclass(frozen=True, slots=True)
class Journey:
    """Fewest and most seconds that a journey may be said to take (rounding sets them apart), and how reckoned."""

    fewest_s: int
    most_s: int
    how: str


class Travel:
    """The journeys of one plan; `is_given` when a routing server gave them."""

    def __init__(self, facts: PlanFacts) -> None:
        self.is_given = facts.travel.get("is_recomputable") is not True
        self.legs = {(leg.kind, leg.start, leg.end): leg for leg in facts.legs}

    def journey(self, kind: str, start: Node, end: Node) -> Journey | None:
        """What a journey has to take; None when a server's journeys are used and this one is not among them."""
        leg = self.legs.get((kind, start.name, end.name))
        if not self.is_given or (leg is not None and leg.flag):
            return _great_circle(kind, start, end)
        if start.name == end.name:
            return Journey(0, 0, "staying there")
        return None if leg is None else Journey(leg.seconds, leg.seconds, "as the routing server gave it")

    def flag(self, kind: str, start: Node, end: Node) -> bool:
        """Whether the server had no answer for this journey, so that its visit has to be flagged."""
        leg = self.legs.get((kind, start.name, end.name))
        return leg is not None and bool(leg.flag)


def straight_m(start: Node, end: Node) -> float:
    """Metres along the great circle."""
    north, east = radians(end.lat_deg - start.lat_deg), radians(end.lon_deg - start.lon_deg)
    chord = sin(north / 2) ** 2 + cos(radians(start.lat_deg)) * cos(radians(end.lat_deg)) * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _great_circle(kind: str, start: Node, end: Node) -> Journey:
    if start.name == end.name:
        return Journey(0, 0, "staying there")
    metres = straight_m(start, end)
    seconds = metres * _DETOUR * 3.6 / _SPEEDS_KMH[kind]
    stop = _STOP_S if end.is_place else 0
    how = f"{metres / 1000:.1f} km of great circle x 1.35 {'on foot' if kind == 'foot' else 'by ' + kind}"
    return Journey(max(0, ceil(seconds - _SLACK_S)) + stop, ceil(seconds + _SLACK_S) + stop if metres else stop, how)


def travel_problems(facts: PlanFacts, nodes: dict[str, Node]) -> list[Problem]:
    """What is wrong with the settings of the journeys and with the journeys that a server gave."""
    travel, found = facts.travel, []
    is_great_circle = travel.get("source") == "great-circle"
    if is_great_circle is not travel.get("is_recomputable"):
        says = f"travel is from {travel.get('source')!s:.60} and is_recomputable is {travel.get('is_recomputable')}"
        found.append(fault("inputs.travel.is_recomputable", says, "true for great-circle and false for a server"))
    stated = travel.get("speeds_kmh")
    speeds = stated if isinstance(stated, dict) else {}
    for name, said, right in (
        ("detour", travel.get("detour"), _DETOUR),
        ("seconds_per_stop", travel.get("seconds_per_stop"), _STOP_S),
        *((f"speeds_kmh.{kind}", speeds.get(kind), speed) for kind, speed in _SPEEDS_KMH.items()),
    ):
        is_number = isinstance(said, int | float) and not isinstance(said, bool)
        if said is not None and not (is_number and abs(said - right) <= 1e-6):
            found.append(fault(f"inputs.travel.{name}", f"travel is reckoned with {name} {said!r:.20}", f"{right:.7g}"))
    seen: set[tuple[str, str, str]] = set()
    for leg in facts.legs:
        key = (leg.kind, leg.start, leg.end)
        if key in seen:
            found.append(fault(leg.path, f"the journey {leg.start} to {leg.end} by {leg.kind} stands twice", "once"))
        seen.add(key)
        found += _leg_problems(leg, nodes)
    return found


def _leg_problems(leg: LegFact, nodes: dict[str, Node]) -> list[Problem]:
    start, end = nodes.get(leg.start), nodes.get(leg.end)
    if start is None or end is None or leg.kind not in _SPEEDS_KMH:
        says = f"a journey goes from {leg.start} to {leg.end} by {leg.kind}"
        return [fault(leg.path, says, "foot, cycle or car between places and bases of the plan")]
    least_s = int(straight_m(start, end) * 3.6 / _FASTEST_KMH[leg.kind])
    if leg.seconds < least_s:
        says = f"the journey {leg.start} to {leg.end} by {leg.kind} is said to take {leg.seconds} s"
        return [fault(leg.path, says, f"at least {least_s} s: nobody outruns {_FASTEST_KMH[leg.kind]:.0f} km/h")]
    return []
