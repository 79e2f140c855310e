"""A visit's record: how long, how late, which of two wins, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reassure.engagement.visits import Receipt, VisitSent, is_skew_shown, receive, skew_s, visit_problems

NOON = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
SENT = VisitSent(
    client_id="0b2e4f6a-1111-4222-8333-444455556666",
    area_code="DEMO-01",
    on=date(2026, 11, 27),
    unit_ref="car-1",
    visit_ref="a1b2c3d4e5f6",
    place_ref="P1",
    started_at=NOON,
    ended_at=NOON + timedelta(minutes=12),
    outcome="nobody_in",
    device_sent_at=NOON + timedelta(minutes=13),
)
OPEN = replace(SENT, ended_at=None, outcome="")


@pytest.mark.parametrize(
    ("lasted", "is_short"),
    [
        (timedelta(minutes=9, seconds=59), True),  # engagement.md 2
        (timedelta(minutes=10), False),
        (timedelta(0), True),
        (timedelta(hours=2), False),  # longer is fine
    ],
)
def test_a_visit_under_ten_minutes_is_short(lasted, is_short) -> None:
    """9 min 59 s is short, 10 min 0 s is not."""
    assert replace(SENT, ended_at=NOON + lasted).is_short is is_short


def test_nobody_in_is_a_full_record_and_not_reached_is_a_miss() -> None:
    """Somebody who stood there did the visit; only a place that was not reached has no length."""
    missed = replace(SENT, outcome="not_reached", miss_reason="diverted", ended_at=NOON)

    assert SENT.is_completed
    assert not missed.is_completed
    assert missed.dwell_s is None
    assert not missed.is_short
    assert not OPEN.is_completed


@pytest.mark.parametrize(("seconds", "is_shown"), [(120, False), (121, True), (-120, False), (-900, True)])
def test_a_clock_that_is_off_by_more_than_two_minutes_is_shown(seconds, is_shown) -> None:
    """The phone sends its own time; what we received at minus that is the skew, either way."""
    skew = skew_s(NOON, NOON + timedelta(seconds=seconds))

    assert skew == seconds
    assert is_skew_shown(skew) is is_shown


@pytest.mark.parametrize(
    ("kept", "sent", "receipt"),
    [
        (None, SENT, Receipt.NEW),
        (SENT, SENT, Receipt.SAME),
        (SENT, replace(SENT, device_sent_at=NOON + timedelta(hours=3)), Receipt.SAME),  # sent again when back online
        (OPEN, SENT, Receipt.COMPLETED),
        (SENT, OPEN, Receipt.SAME),  # the start arrives after the end
        (SENT, replace(SENT, outcome="spoke_to_people"), Receipt.CONFLICT),
        (SENT, replace(SENT, place_ref="P2"), Receipt.CONFLICT),
        (OPEN, replace(SENT, started_at=NOON - timedelta(minutes=5)), Receipt.CONFLICT),
        (OPEN, replace(OPEN, started_at=NOON + timedelta(minutes=1)), Receipt.CONFLICT),
    ],
)
def test_the_first_record_wins_and_a_differing_second_is_a_conflict(kept, sent, receipt) -> None:
    """The same client id twice is one visit."""
    assert receive(kept, sent) is receipt


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"client_id": "7"}, "client_id"),
        ({"client_id": SENT.client_id.upper()}, "client_id"),
        ({"place_ref": ""}, "place_ref"),
        ({"ended_at": NOON - timedelta(seconds=1)}, "ended_at"),
        ({"ended_at": None}, "ended_at"),  # an outcome without an end
        ({"outcome": ""}, "outcome"),
        ({"outcome": "arrested"}, "outcome"),
        ({"outcome": "not_reached"}, "miss_reason"),
        ({"miss_reason": "access"}, "miss_reason"),
        ({"reach": "5-10"}, "reach"),
        ({"spoke_to": "Mr Khan"}, "spoke_to"),
        ({"topics": ("weather",)}, "topics"),
        ({"leaflets": ("sermon",)}, "leaflets"),
        ({"method": "guess"}, "method"),
        ({"kind": "raid"}, "kind"),
        ({"kind": "advice"}, "follow_up_on"),
        ({"kind": "advice", "follow_up_on": date(2026, 11, 27)}, "follow_up_on"),  # 0 days
        ({"kind": "advice", "follow_up_on": date(2027, 2, 26)}, "follow_up_on"),  # 91 days
        ({"uncertainty_min": -1}, "uncertainty_min"),
        ({"on": date(2026, 11, 28)}, "started_at"),
        ({"on": date(2026, 11, 25)}, "started_at"),
    ],
)
def test_a_record_that_says_what_cannot_be_is_refused_with_its_field(change, column) -> None:
    """Each fault names its field, so that the phone can show it."""
    assert [p.column for p in visit_problems(replace(SENT, **change))] == [column]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ended_at": None, "outcome": ""},
        {"ended_at": NOON},  # start and end in one second
        {"outcome": "not_reached", "miss_reason": "access"},
        {"kind": "advice", "follow_up_on": date(2026, 12, 11)},  # 14 days
        {"kind": "advice", "follow_up_on": date(2027, 2, 25)},  # 90 days
        {"on": date(2026, 11, 26)},  # a night shift after midnight
        {"reach": "21+", "topics": ("doors", "reporting"), "spoke_to": "office"},
    ],
)
def test_a_full_record_and_an_open_one_are_taken(change) -> None:
    """Three taps are enough; all else is optional."""
    assert visit_problems(replace(SENT, **change)) == []


def test_all_faults_are_named_at_once() -> None:
    """Whoever mends a record sees every fault of it."""
    wrong = replace(SENT, place_ref="", outcome="x", reach="7")

    assert [p.column for p in visit_problems(wrong)] == ["place_ref", "outcome", "reach"]
