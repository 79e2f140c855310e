"""What an officer records of a visit, and what counts as one.

Rules: a complete record is start, outcome, end; how long it lasted and when that is short; which record wins when the
same one comes twice; how far a phone's clock may be off before it is shown. Nothing here is typed in free words, and
nobody counts worshippers. Instants are aware; times are the phone's own, never corrected.
Elsewhere: planned against delivered (`reassure.operations.rollup`). Source: docs/rooms/engagement.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from reassure.errors import Problem
from reassure.periods import london_date

SHORT_UNDER_S = 600
"""A visit of less than 10 minutes is short (Koper 1995: least 10, aim 11 to 15; docs/rooms/engagement.md)."""

SKEW_SHOWN_S = 120
"""A phone's clock that is off by more than this is shown beside the visit (our choice)."""

FOLLOW_UP_DAYS = (1, 90)
"""Days after an advice visit within which it is followed up; 14 where nothing is said (our choice)."""

KINDS = ("presence", "advice", "follow_up")
METHODS = ("gps", "tap", "paper")
REACH = ("0", "1-5", "6-20", "21+")
"""How many people an officer guesses to have talked to; bands without overlap."""

OUTCOMES = {
    "spoke_to_contact": "Spoke to the person who expected us",
    "spoke_to_people": "Spoke to people there",
    "nobody_in": "Nobody in",
    "asked_to_leave": "Asked to leave",
    "not_reached": "Not reached",
}
MISS_REASONS = {
    "diverted": "Diverted",
    "nobody_free": "Nobody free",
    "access": "No access",
    "place_asked": "The place asked",
    "other": "Another reason",
}
ROLES = {
    "chair": "Chair",
    "security_lead": "Security lead",
    "faith_leader": "Faith leader",
    "keyholder": "Keyholder",
    "office": "Office",
}
TOPICS = {
    "reporting": "How to report hate crime",
    "doors": "Doors and keys",
    "gatherings": "Coming gatherings",
    "step_up": "What to do on a worse day",
    "advice_visit": "A visit by an adviser",
}
LEAFLETS = {
    "run_hide_tell": "Run Hide Tell",
    "act_elearning": "ACT e-learning",
    "see_check_notify": "See Check and Notify",
}

_CLIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class VisitSent:
    """
    One record of a visit, as a phone or a keyed-in paper card gives it.

    Parameters
    ----------
    client_id
        A UUID that the phone made, in lower case; the same record sent twice has the same.
    on
        Day of the plan; a night shift's visits after midnight belong to the day before.
    visit_ref
        The planned visit; empty for one outside the plan.
    ended_at, outcome
        None and empty while the officers are there.
    uncertainty_min
        By how many minutes start and end may be off; a paper card's are guesses.
    distance_m, accuracy_m
        Distance to the entrance and accuracy of the phone's fix; no position is kept.
    miss_reason
        Why the place was not reached; only with the outcome `not_reached`.
    device_sent_at
        The phone's clock when it sent; None on paper.
    """

    client_id: str
    area_code: str
    on: date
    unit_ref: str
    visit_ref: str
    place_ref: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""
    kind: str = "presence"
    method: str = "tap"
    uncertainty_min: int = 0
    spoke_to: str = ""
    reach: str = ""
    topics: tuple[str, ...] = ()
    leaflets: tuple[str, ...] = ()
    miss_reason: str = ""
    follow_up_on: date | None = None
    distance_m: int | None = None
    accuracy_m: int | None = None
    device_sent_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the officers are still there."""
        return self.ended_at is None

    @property
    def is_completed(self) -> bool:
        """Whether somebody was there: every outcome but `not_reached`; "nobody in" is a full record."""
        return not self.is_open and self.outcome != "not_reached"

    @property
    def dwell_s(self) -> int | None:
        """Seconds from start to end; None while open or where the place was not reached."""
        if self.ended_at is None or self.outcome == "not_reached":
            return None
        return (self.ended_at - self.started_at) // timedelta(seconds=1)

    @property
    def is_short(self) -> bool:
        """
        Whether somebody was there for less than 10 minutes.

        Examples
        --------
        >>> from datetime import UTC
        >>> noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
        >>> visit = VisitSent("", "DEMO-01", noon.date(), "1", "", "P1", noon, outcome="nobody_in")
        >>> replace(visit, ended_at=noon + timedelta(minutes=9, seconds=59)).is_short
        True
        >>> replace(visit, ended_at=noon + timedelta(minutes=10)).is_short
        False
        """
        return self.dwell_s is not None and self.dwell_s < SHORT_UNDER_S


class Receipt(StrEnum):
    """What a record is beside the one already kept under its client id."""

    NEW = "new"
    SAME = "same"
    COMPLETED = "completed"
    CONFLICT = "conflict"


def receive(kept: VisitSent | None, sent: VisitSent) -> Receipt:
    """
    Whether a record is new, the end of one that was open, the same again, or says something else.

    The first record wins. Only the time of sending may differ: a record that was not acknowledged is sent again later.
    A start that arrives after its own end is the same record.
    """
    if kept is None:
        return Receipt.NEW
    kept, sent = replace(kept, device_sent_at=None), replace(sent, device_sent_at=None)
    if kept == sent:
        return Receipt.SAME
    if _begun(kept) != _begun(sent):
        return Receipt.CONFLICT
    if kept.is_open:
        return Receipt.SAME if sent.is_open else Receipt.COMPLETED
    return Receipt.SAME if sent.is_open else Receipt.CONFLICT


def visit_problems(sent: VisitSent) -> list[Problem]:
    """Every reason why a record cannot be kept, in the order of its fields; empty when it can."""
    found = []
    if not _CLIENT_ID.fullmatch(sent.client_id):
        found.append(Problem("client_id", sent.client_id, "a UUID in lower case"))
    if not sent.place_ref:
        found.append(Problem("place_ref", "", "a place"))
    if (london_date(sent.started_at) - sent.on).days not in {0, 1}:
        expected = f"{sent.on.isoformat()}, the day of the plan, or the day after"
        found.append(Problem("started_at", sent.started_at.isoformat(timespec="seconds"), expected))
    found += _end_problems(sent)
    for column, value, allowed in (
        ("kind", sent.kind, KINDS),
        ("method", sent.method, METHODS),
        ("spoke_to", sent.spoke_to, ("", *ROLES)),
        ("reach", sent.reach, ("", *REACH)),
    ):
        found += _choice(column, value, allowed)
    found += [p for value in sent.topics for p in _choice("topics", value, TOPICS)]
    found += [p for value in sent.leaflets for p in _choice("leaflets", value, LEAFLETS)]
    if sent.uncertainty_min < 0:
        found.append(Problem("uncertainty_min", str(sent.uncertainty_min), "0 or more"))
    return found + _follow_up_problems(sent)


def skew_s(device_sent_at: datetime | None, received_at: datetime) -> int | None:
    """Seconds by which the phone's clock is behind ours, with the time on the way; None where it sent none."""
    return None if device_sent_at is None else (received_at - device_sent_at) // timedelta(seconds=1)


def is_skew_shown(seconds: int | None) -> bool:
    """
    Whether a clock is so far off that both times are shown.

    Examples
    --------
    >>> is_skew_shown(120), is_skew_shown(121), is_skew_shown(-121), is_skew_shown(None)
    (False, True, True, False)
    """
    return seconds is not None and abs(seconds) > SKEW_SHOWN_S


def duration_words(seconds: int) -> str:
    """
    Seconds as minutes and seconds, never rounded: 9 min 59 s is short and has to look it.

    Examples
    --------
    >>> duration_words(599), duration_words(600)
    ('9 min 59 s', '10 min')
    """
    whole, rest = divmod(seconds, 60)
    return f"{whole} min {rest} s" if rest else f"{whole} min"


def _begun(sent: VisitSent) -> VisitSent:
    """What is fixed by the start of a visit."""
    return VisitSent(
        sent.client_id, sent.area_code, sent.on, sent.unit_ref, sent.visit_ref, sent.place_ref, sent.started_at
    )


def _choice(column: str, value: str, allowed: Iterable[str]) -> list[Problem]:
    names = tuple(allowed)
    return [] if value in names else [Problem(column, value, "one of " + ", ".join(filter(None, names)))]


def _end_problems(sent: VisitSent) -> list[Problem]:
    if sent.ended_at is None:
        return [Problem("ended_at", "", "the end of a visit that has an outcome")] if sent.outcome else []
    found = []
    if sent.ended_at < sent.started_at:
        started = sent.started_at.isoformat(timespec="seconds")
        ended = sent.ended_at.isoformat(timespec="seconds")
        found.append(Problem("ended_at", ended, f"not before the start, {started}"))
    found += _choice("outcome", sent.outcome, OUTCOMES)
    if sent.outcome == "not_reached":
        found += _choice("miss_reason", sent.miss_reason, MISS_REASONS)
    elif sent.miss_reason:
        found.append(Problem("miss_reason", sent.miss_reason, "none for a place that was reached"))
    return found


def _follow_up_problems(sent: VisitSent) -> list[Problem]:
    """An advice visit says when it is followed up, 1 to 90 days after it."""
    if sent.kind != "advice" and sent.follow_up_on is None:
        return []
    first, last = FOLLOW_UP_DAYS
    expected = f"a date {first} to {last} days after the visit"
    if sent.follow_up_on is None:
        return [Problem("follow_up_on", "", expected)]
    days = (sent.follow_up_on - london_date(sent.started_at)).days
    return [] if first <= days <= last else [Problem("follow_up_on", sent.follow_up_on.isoformat(), expected)]
