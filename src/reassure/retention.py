"""How long records are kept, and before which day what is left is erased.

Rules: months end on the last day of a shorter month; a record is kept to the end of its last day.
Source: docs/running.md#retention.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long a class of records is kept; `words` name it, `age_of` says from when its age counts."""

    words: str
    age_of: str
    months: int = 0
    days: int = 0
    then: str = "erased"

    @property
    def span(self) -> str:
        """For how long, in words."""
        return f"{self.months} months" if self.months else f"{self.days} days"


SCHEDULE: Mapping[str, Kept] = {
    "unapproved_plans": Kept("plans that nobody approved, and runs without a plan", "the day planned", days=30),
    "approved_plans": Kept("days with approved plans, their units, runs and orders", "the day planned", months=24),
    "check_ins": Kept("visits with who recorded them", "the day of the visit", months=12, then="kept as counts"),
    "sign_ins": Kept("records of sign-ins", "the sign-in", months=12),
}
"""Defaults of our own choice; the operator's schedule rules."""


def erased_before(kind: str, today: date) -> date:
    """
    The first day whose records of that kind are still kept.

    Examples
    --------
    >>> erased_before("unapproved_plans", date(2026, 11, 28))
    datetime.date(2026, 10, 29)
    >>> erased_before("check_ins", date(2028, 2, 29))
    datetime.date(2027, 2, 28)
    >>> erased_before("approved_plans", date(2026, 11, 28))
    datetime.date(2024, 11, 28)
    """
    kept = SCHEDULE[kind]
    return today - relativedelta(months=kept.months) - timedelta(days=kept.days)
