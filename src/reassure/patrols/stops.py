"""The visits of a plan by references that mean the same after a re-plan.

Rules: a visit is known by its place and how many visits there start earlier, so that a re-plan that moves it or gives
it to another unit keeps its reference, and a record made before still belongs to it. The reference says nothing of the
place: it stands in addresses. Elsewhere: what became of each visit (`reassure.operations.rollup`).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """A visit that a plan asks for; aware instants, half-open."""

    ref: str
    unit_ref: str
    place_ref: str
    starts_at: datetime
    ends_at: datetime


def visit_ref(place_ref: str, n_earlier: int = 0) -> str:
    """
    The reference of a visit: 12 hex digits from its place and how many visits there start earlier that day.

    Examples
    --------
    >>> visit_ref("P1") == visit_ref("P1", 0) != visit_ref("P1", 1)
    True
    """
    return hashlib.sha256(f"{place_ref}|{n_earlier}".encode()).hexdigest()[:12]


def planned_visits(document: Mapping[str, Any]) -> tuple[PlannedVisit, ...]:
    """The visits of a plan document in the order of its routes and of time."""
    starts: dict[str, list[str]] = {}
    for route in document["routes"]:
        for stop in route["stops"]:
            starts.setdefault(stop["place_ref"], []).append(stop["start"])
    rank = {ref: sorted(values) for ref, values in starts.items()}
    return tuple(
        PlannedVisit(
            visit_ref(stop["place_ref"], rank[stop["place_ref"]].index(stop["start"])),
            route["unit_ref"],
            stop["place_ref"],
            datetime.fromisoformat(stop["start"]),
            datetime.fromisoformat(stop["end"]),
        )
        for route in document["routes"]
        for stop in route["stops"]
    )


def planned_of_day(plans: Sequence[Sequence[PlannedVisit]]) -> tuple[PlannedVisit, ...]:
    """
    What was asked of a day on which the plan changed: the plan in force, and what earlier ones asked that it dropped.

    Parameters
    ----------
    plans
        The visits of each plan that was in force, in the order of time; empty gives none.
    """
    asked: dict[str, PlannedVisit] = {}
    for plan in reversed(plans):
        for visit in plan:
            asked.setdefault(visit.ref, visit)
    return tuple(asked.values())
