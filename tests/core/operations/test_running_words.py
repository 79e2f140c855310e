"""A record in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from reassure.engagement.visits import VisitSent
from reassure.operations.rollup import State
from reassure.operations.running_words import STATE_WORDS, record_words, skew_words
from reassure.patrols.briefing import Clock

START = datetime(2026, 11, 27, 12, 15, tzinfo=UTC)
CLOCK = Clock(date(2026, 11, 27), has_change=False)
VISIT = VisitSent(
    "", "DEMO-01", date(2026, 11, 27), "1", "a", "m1", START, START + timedelta(minutes=9, seconds=59), "nobody_in"
)


def test_a_record_says_how_long_and_how_it_is_known() -> None:
    """Never rounded up to 10 minutes."""
    paper = replace(VISIT, method="paper", uncertainty_min=5)

    assert record_words(VISIT, CLOCK) == "12:15 to 12:24, 9 min 59 s by tap. Nobody in"
    assert record_words(paper, CLOCK) == "12:15 to 12:24, 9 min 59 s from paper, give or take 5 min. Nobody in"


def test_a_visit_under_way_and_one_not_made_say_so() -> None:
    """There is no length yet, or none at all."""
    assert record_words(replace(VISIT, ended_at=None, outcome=""), CLOCK) == "Since 12:15"
    missed = replace(VISIT, outcome="not_reached", miss_reason="nobody_free")
    assert record_words(missed, CLOCK) == "Not reached: nobody free"


def test_both_times_are_shown_when_a_phones_clock_is_off() -> None:
    """15 minutes behind is shown, a minute is not."""
    sent = replace(VISIT, device_sent_at=START)

    assert skew_words(sent, START + timedelta(minutes=15), CLOCK) == "Phone's clock 12:15, received 12:30"
    assert skew_words(sent, START + timedelta(minutes=1), CLOCK) == ""
    assert skew_words(VISIT, START, CLOCK) == ""


def test_every_state_has_a_word() -> None:
    """Colour never stands alone."""
    assert set(STATE_WORDS) == set(State)
