"""What became of a day's plan, in numbers that add up.

Rules: `planned = delivered + missed + open`; `short` counts those of `delivered` under 10 minutes; a visit outside the
plan is `added`, never `delivered`; a planned visit counts once, however many records there are of it.
Elsewhere: records (`reassure.engagement.visits`), what was asked (`reassure.patrols.stops`).
Source: docs/rooms/engagement.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reassure.engagement.visits import VisitSent
from reassure.patrols.stops import PlannedVisit

LATE_AFTER = timedelta(minutes=10)
"""A visit that nobody has begun so long after its planned start is late (our choice)."""


class State(StrEnum):
    """What a planned visit is at an instant."""

    DUE = "due"
    THERE = "there"
    DELIVERED = "delivered"
    SHORT = "short"
    MISSED = "missed"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The numbers of a day; sums of several days or areas are sums of each number."""

    planned: int = 0
    delivered: int = 0
    short: int = 0
    missed: int = 0
    open: int = 0
    added: int = 0

    @property
    def delivered_share(self) -> float | None:
        """Delivered of planned, 0 to 1; None without a planned visit."""
        return self.delivered / self.planned if self.planned else None


def told_by_visit(planned: Iterable[PlannedVisit], visits: Iterable[VisitSent]) -> dict[str, VisitSent]:
    """
    The record that counts for each planned visit, by its reference.

    A completed one before an open one before "not reached"; of equals the first in the order given. A record that
    names another place is not of that visit.
    """
    place_of = {visit.ref: visit.place_ref for visit in planned}
    told: dict[str, VisitSent] = {}
    for record in visits:
        is_of_it = place_of.get(record.visit_ref) == record.place_ref
        if is_of_it and _rank(record) > _rank(told.get(record.visit_ref)):
            told[record.visit_ref] = record
    return told


def day_counts(planned: Sequence[PlannedVisit], visits: Sequence[VisitSent]) -> DayCounts:
    """
    The numbers of a day.

    Parameters
    ----------
    planned
        What was asked, each reference once.
    visits
        Every record of the day in the order of receipt, also of visits outside the plan.
    """
    told = told_by_visit(planned, visits)
    delivered = [record for record in told.values() if record.is_completed]
    return DayCounts(
        planned=len(planned),
        delivered=len(delivered),
        short=sum(record.is_short for record in delivered),
        missed=sum(record.outcome == "not_reached" for record in told.values()),
        open=sum(visit.ref not in told or told[visit.ref].is_open for visit in planned),
        added=len(added_visits(planned, visits)),
    )


def added_visits(planned: Iterable[PlannedVisit], visits: Iterable[VisitSent]) -> list[VisitSent]:
    """Completed visits that no plan asked for, in the order given."""
    place_of = {visit.ref: visit.place_ref for visit in planned}
    return [v for v in visits if v.is_completed and place_of.get(v.visit_ref) != v.place_ref]


def total(counts: Iterable[DayCounts]) -> DayCounts:
    """The sum over areas or days, number by number."""
    rows = list(counts)
    return DayCounts(*(sum(getattr(row, name) for row in rows) for name in DayCounts.__slots__))


def visit_state(planned: PlannedVisit, record: VisitSent | None, *, now: datetime) -> State:
    """What a planned visit is at `now`; `record` is the one that counts for it."""
    if record is None:
        return State.LATE if now > planned.starts_at + LATE_AFTER else State.DUE
    if record.is_open:
        return State.THERE
    if not record.is_completed:
        return State.MISSED
    return State.SHORT if record.is_short else State.DELIVERED


def misses_by_reason(told: Mapping[str, VisitSent]) -> dict[str, int]:
    """How many visits were missed for each reason, reasons in alphabetical order."""
    reasons = sorted(record.miss_reason for record in told.values() if record.outcome == "not_reached")
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _rank(record: VisitSent | None) -> int:
    if record is None:
        return 0
    return 3 if record.is_completed else 2 if record.is_open else 1
