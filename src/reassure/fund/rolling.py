"""Rolling intake with a backlog: tranches, batches, the order of work, and the service clock.

Rules (ours): a batch every 14 days; a tranche is the year's money in step with its days, less what is committed; a
bid competes in at most three batches and then gets its letter; the clock stops while the applicant holds the bid.
Source: docs/rooms/fund.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reassure.fund.windows import add_working_days, civil_day, working_days_between

BATCH_DAYS = 14
MAX_BATCHES = 3
CLOCK_WORKING_DAYS: dict[str, int] = {"screen": 5, "assess": 20, "decide": 10, "letter": 5}
"""Together 40 working days."""

RECENT_DAYS = 28
LATE_SHARE = 0.8


def days_in_year_from(day: date) -> int:
    """Days of the year that starts on a day: 365, or 366 when it holds a 29 February."""
    try:
        later = day.replace(year=day.year + 1)
    except ValueError:
        later = date(day.year + 1, 3, 1)
    return (later - day).days


def tranche_pence(budget_pence: int, committed_pence: int, *, starts_at: datetime, at: datetime) -> int:
    """
    What a batch may spend: budget * days elapsed // days in the year, less what is committed; never negative.

    Examples
    --------
    >>> from datetime import UTC
    >>> tranche_pence(36_500, 100, starts_at=datetime(2026, 4, 1, tzinfo=UTC), at=datetime(2026, 4, 15, tzinfo=UTC))
    1300
    """
    first, today = civil_day(starts_at), civil_day(at)
    year = days_in_year_from(first)
    elapsed = min(max(0, (today - first).days), year)
    return max(0, budget_pence * elapsed // year - committed_pence)


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    A bid in the queue.

    Parameters
    ----------
    held
        Spans (from, to) of civil days in which the applicant held the bid; `to` None means still.
    own_incident_on
        Day of the newest incident at the place itself.
    """

    ref: str
    arrived_on: date
    is_rapid: bool = False
    own_incident_on: date | None = None
    held: tuple[tuple[date, date | None], ...] = ()


def clock_days(bid: Waiting, *, on: date) -> int:
    """Working days of the service clock used by a day: those since arrival without those the applicant held it."""
    used = working_days_between(bid.arrived_on, on)
    return used - sum(working_days_between(a, min(b or on, on)) for a, b in bid.held if a < on)


def clock_share(bid: Waiting, *, on: date) -> float:
    """Part of the 40 working days that is used; over 1 is past the clock."""
    return clock_days(bid, on=on) / sum(CLOCK_WORKING_DAYS.values())


def due_on(bid: Waiting, *, on: date) -> date:
    """The day by which the letter is due, as things stand."""
    left = sum(CLOCK_WORKING_DAYS.values()) - clock_days(bid, on=on)
    return add_working_days(on, left) if left > 0 else on


def work_order(bids: Iterable[Waiting], *, on: date) -> list[str]:
    """
    In which order bids are worked on: rapid; own-site incident within 28 days; past 80 % of the clock; oldest.
    """

    def rank(bid: Waiting) -> tuple[int, date, str]:
        incident = bid.own_incident_on
        is_recent = incident is not None and timedelta(0) <= on - incident <= timedelta(days=RECENT_DAYS)
        kind = 0 if bid.is_rapid else 1 if is_recent else 2 if clock_share(bid, on=on) > LATE_SHARE else 3
        return kind, bid.arrived_on, bid.ref

    return [bid.ref for bid in sorted(bids, key=rank)]


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What a rolling round shows of itself; ages are working days of the clock."""

    n_waiting: int
    age_p50: int
    age_p90: int
    share_past_clock: float


def queue_figures(bids: Sequence[Waiting], *, on: date) -> QueueFigures:
    """Ages at the half and nine tenths of the queue (nearest rank), and the share past the clock; 0 when empty."""
    ages = sorted(clock_days(b, on=on) for b in bids)
    if not ages:
        return QueueFigures(0, 0, 0, 0.0)
    n = len(ages)
    late = sum(clock_share(b, on=on) > 1 for b in bids)
    return QueueFigures(n, ages[-(-n * 50 // 100) - 1], ages[-(-n * 90 // 100) - 1], late / n)
