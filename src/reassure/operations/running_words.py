"""What a record of a visit says in words: from when to when, how long, how it is known, and how far to trust it.

Elsewhere: the rules (`reassure.engagement.visits`), the numbers (`rollup`).
"""

from datetime import datetime

from reassure.engagement.visits import MISS_REASONS, OUTCOMES, VisitSent, duration_words, is_skew_shown, skew_s
from reassure.operations.rollup import State
from reassure.patrols.briefing import Clock

STATE_WORDS = {
    State.DUE: "Due",
    State.THERE: "There",
    State.DELIVERED: "Delivered",
    State.SHORT: "Short",
    State.MISSED: "Missed",
    State.LATE: "Late",
}
METHOD_WORDS = {"gps": "by GPS", "tap": "by tap", "paper": "from paper"}


def record_words(record: VisitSent, clock: Clock) -> str:
    """
    A record as one line, such as `12:15 to 12:24, 9 min 59 s by tap. Nobody in`.

    A visit under way says since when; one that was not made says why.
    """
    if record.ended_at is None:
        return f"Since {clock.time(record.started_at)}"
    if record.dwell_s is None:
        return f"Not reached: {MISS_REASONS[record.miss_reason].lower()}"
    sure = f", give or take {record.uncertainty_min} min" if record.uncertainty_min else ""
    span = clock.span(record.started_at, record.ended_at)
    how = f"{duration_words(record.dwell_s)} {METHOD_WORDS[record.method]}{sure}"
    return f"{span}, {how}. {OUTCOMES[record.outcome]}"


def skew_words(record: VisitSent, received_at: datetime, clock: Clock) -> str:
    """Both times of a record whose phone's clock was off by more than 2 minutes; empty for another."""
    skew = skew_s(record.device_sent_at, received_at)
    if skew is None or record.device_sent_at is None or not is_skew_shown(skew):
        return ""
    return f"Phone's clock {clock.time(record.device_sent_at)}, received {clock.time(received_at)}"
