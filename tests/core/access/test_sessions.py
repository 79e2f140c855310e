"""How long a session is good for, and who needs a second factor."""

from datetime import UTC, datetime, timedelta

import pytest

from reassure.access.allowed import Role
from reassure.access.sessions import SessionState, needs_second_factor, session_limits, session_state

START = datetime(2026, 11, 27, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("roles", "idle_minutes"),
    [
        ([Role.OFFICER], 30),
        ([Role.TRUSTEE], 30),
        ([Role.PLANNER], 15),
        ([Role.OFFICER, Role.SUPERVISOR], 15),  # the strictest of several
        ([], 15),
    ],
)
def test_idle_time_is_that_of_the_strictest_role(roles, idle_minutes):
    """Officers and trustees have half an hour, everybody else a quarter; the longest is twelve hours."""
    limits = session_limits(roles)

    assert limits.idle == timedelta(minutes=idle_minutes)
    assert limits.longest == timedelta(hours=12)


@pytest.mark.parametrize(
    ("seen_after", "now_after", "state"),
    [
        (timedelta(0), timedelta(minutes=14, seconds=59), SessionState.OPEN),
        (timedelta(0), timedelta(minutes=15), SessionState.IDLE),
        (timedelta(hours=11, minutes=50), timedelta(hours=11, minutes=59), SessionState.OPEN),
        (timedelta(hours=11, minutes=59), timedelta(hours=12), SessionState.OVER),
        (timedelta(0), timedelta(hours=13), SessionState.OVER),  # over comes before idle
    ],
)
def test_a_session_becomes_idle_and_then_over(seen_after, now_after, state):
    """A planner's session: a quarter of an hour without a step, twelve hours in all."""
    limits = session_limits([Role.PLANNER])

    assert session_state(limits, started_at=START, seen_at=START + seen_after, now=START + now_after) is state


@pytest.mark.parametrize(
    ("roles", "needed"),
    [
        ([Role.TRUSTEE], False),
        ([Role.TRUSTEE, Role.OFFICER], True),
        ([Role.PLANNER], True),
        ([], True),
    ],
)
def test_only_trustees_may_do_with_one_factor(roles, needed):
    """Whoever is anything besides a trustee needs a second factor."""
    assert needs_second_factor(roles) is needed
