"""Which incidents count as proof for a bid: how near, how long ago, of which motive.

Rules: two miles on the ellipsoid decide, screens show steps of 10 m; within the precision of the location an officer
decides. An incident counts when its last day lies in the look-back; incidents as they were known on the day of
submission, a group of duplicates once, withdrawn and no-crimed ones shown but not counted. Any faith counts.
Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reassure.fund.windows import add_months
from reassure.geo import Point, geodesic_m

STATUSES = ("recorded", "withdrawn", "no_crime")
MOTIVES = ("religious", "racial", "theft", "nuisance", "unknown")
SHOWN_STEP_M = 10


@dataclass(frozen=True, slots=True)
class Incident:
    """
    Something that happened.

    Parameters
    ----------
    group_ref
        Reports of one event share it; empty for an event of its own.
    first_on, last_on
        Civil days in London between which it happened, both inclusive; equal for one day.
    precision_m
        How far from `point` it may have been.
    known_on
        Day from which it was known here; later ones do not count for an earlier submission.
    """

    ref: str
    point: Point
    first_on: date
    last_on: date
    motive: str = "religious"
    precision_m: float = 0.0
    status: str = "recorded"
    known_on: date | None = None
    group_ref: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """
    How an incident stands to a bid: `result` is "counts", "officer" or "not", with the reason why not.

    `distance_m` decides and is kept raw; `shown_m` is what a screen may show.
    """

    ref: str
    distance_m: float
    result: str
    reason: str = ""

    @property
    def shown_m(self) -> int:
        """The distance in steps of 10 m."""
        return round(self.distance_m / SHOWN_STEP_M) * SHOWN_STEP_M


def is_in_look_back(first_on: date, last_on: date, *, as_of: date, months: int) -> bool:
    """
    Whether the last day of an incident lies in the months before a day, both ends included.

    Examples
    --------
    >>> is_in_look_back(date(2016, 8, 10), date(2016, 8, 10), as_of=date(2018, 8, 10), months=24)
    True
    >>> is_in_look_back(date(2016, 8, 9), date(2016, 8, 9), as_of=date(2018, 8, 10), months=24)
    False
    """
    return first_on <= last_on and add_months(as_of, -months) <= last_on <= as_of


def distance_result(distance_m: float, *, limit_m: float, precision_m: float) -> str:
    """Whether a distance counts: "officer" when it is within the precision of the limit, else "counts" or "not"."""
    if precision_m > 0 and abs(distance_m - limit_m) <= precision_m:
        return "officer"
    return "counts" if distance_m <= limit_m else "not"


def near_proofs(
    at: Point,
    incidents: Iterable[Incident],
    *,
    as_of: date,
    limit_m: float,
    look_back_months: int | None,
) -> list[Proof]:
    """
    Every incident as proof for a place, nearest first; of a group of duplicates the best result, then the nearest.

    Parameters
    ----------
    as_of
        Civil day of submission in London, kept for ever with the bid.
    look_back_months
        None where the scheme knows none: then any day before counts.
    """
    best: dict[str, Proof] = {}
    for incident in incidents:
        proof = _proof(at, incident, as_of=as_of, limit_m=limit_m, months=look_back_months)
        group = incident.group_ref or f"ref:{incident.ref}"
        if group not in best or _rank(proof) < _rank(best[group]):
            best[group] = proof
    return sorted(best.values(), key=lambda p: (p.distance_m, p.ref))


def _rank(proof: Proof) -> tuple[int, float, str]:
    return ("counts", "officer", "not").index(proof.result), proof.distance_m, proof.ref


def _proof(at: Point, incident: Incident, *, as_of: date, limit_m: float, months: int | None) -> Proof:
    distance = geodesic_m(at, incident.point)
    if incident.status != "recorded":
        return Proof(incident.ref, distance, "not", incident.status)
    if incident.motive in ("theft", "nuisance", "racial"):
        return Proof(incident.ref, distance, "not", f"motive {incident.motive}")
    if incident.known_on is not None and incident.known_on > as_of:
        return Proof(incident.ref, distance, "not", "not known on the day of submission")
    is_recent = (
        incident.first_on <= incident.last_on <= as_of
        if months is None
        else is_in_look_back(incident.first_on, incident.last_on, as_of=as_of, months=months)
    )
    if not is_recent:
        return Proof(incident.ref, distance, "not", "outside the look-back")
    result = distance_result(distance, limit_m=limit_m, precision_m=incident.precision_m)
    if result == "counts" and incident.motive == "unknown":
        return Proof(incident.ref, distance, "officer", "motive unknown")
    return Proof(incident.ref, distance, result, "" if result != "not" else "too far")
