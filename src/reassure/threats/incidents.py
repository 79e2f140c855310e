"""What happened, where and when: incidents as values, which of them count, and how records become one group.

Rules: families and their severity, origins and which of them may raise a need, groups of records of one event.
An incident names no suspect, victim or witness. What officers find because they were sent there never counts:
else a visit would be the reason for the next visit. Elsewhere: distance and age (`near_repeat`), detectors of
spikes, revisions and published figures (other modules of this room).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reassure.errors import Problem
from reassure.geo import Point
from reassure.places.place import point_problems

SEVERITY: dict[str, float] = {
    "abuse": 0.25,
    "graffiti": 0.5,
    "damage": 1.0,
    "threat": 1.0,
    "violence": 2.0,
    "arson": 2.0,
    "other": 0.25,
}
"""How much an incident of a family weighs (our choice, to be confirmed by an advisory group)."""

COUNTED_ORIGINS = frozenset({"victim", "third_party", "place", "public"})
ORIGINS = ("victim", "third_party", "place", "public", "officer_on_visit", "police_discovered", "unknown")
"""Who brought it to notice; only the first four ever enter a need."""

STATUSES = ("recorded", "no_crimed", "withdrawn")


@dataclass(frozen=True, slots=True)
class Incident:
    """
    One record of something that happened.

    Parameters
    ----------
    ended_on
        Civil date in London on which the interval in which it happened ends.
    place_ref
        The place it is linked to; empty for one in the street.
    point, precision_m
        Where it happened and how far off that may be, metres; None where only the place is known.
    group_ref
        Records of one event, confirmed by a person, share this; empty for a record that stands alone.
    """

    ref: str
    family: str
    origin: str
    ended_on: date
    place_ref: str = ""
    point: Point | None = None
    precision_m: float = 50.0
    status: str = "recorded"
    group_ref: str = ""


def incident_problems(incident: Incident) -> list[Problem]:
    """Every reason why a record cannot stand, in the order of its fields; empty when it can."""
    found = []
    if not incident.ref:
        found.append(Problem("ref", "", "an identifier"))
    for column, value, allowed in (
        ("family", incident.family, tuple(SEVERITY)),
        ("origin", incident.origin, ORIGINS),
        ("status", incident.status, STATUSES),
    ):
        if value not in allowed:
            found.append(Problem(column, value, "one of " + ", ".join(allowed)))
    if incident.point is not None:
        found += point_problems(incident.point.lat_deg, incident.point.lon_deg)
    elif not incident.place_ref:
        found.append(Problem("place_ref", "", "a place_ref, or lat_deg and lon_deg"))
    return found


def counted_groups(incidents: Iterable[Incident]) -> tuple[Incident, ...]:
    """
    The incidents that may raise a need: one a group, whatever the order given.

    Records of other origins, no-crimed and withdrawn ones are left out before anything is put together. A group
    takes its highest severity, its latest end, a link to a place if one record has it, and its finest position.
    Groups stand in the order of their refs; a record that stands alone is its own group.
    """
    groups: dict[tuple[bool, str], list[Incident]] = {}
    for incident in incidents:
        if incident.origin in COUNTED_ORIGINS and incident.status == "recorded":
            is_grouped = bool(incident.group_ref)
            groups.setdefault((is_grouped, incident.group_ref or incident.ref), []).append(incident)
    return tuple(_as_one(group) for _, group in sorted(groups.items()))


def _as_one(group: list[Incident]) -> Incident:
    if len(group) == 1:
        return group[0]
    worst = min(group, key=lambda i: (-SEVERITY[i.family], i.family, i.ref))
    linked = min((i for i in group if i.place_ref), key=lambda i: i.ref, default=None)
    located = min((i for i in group if i.point), key=lambda i: (i.precision_m, i.ref), default=None)
    return replace(
        worst,
        ended_on=max(i.ended_on for i in group),
        place_ref=linked.place_ref if linked else "",
        point=located.point if located else None,
        precision_m=located.precision_m if located else worst.precision_m,
    )
