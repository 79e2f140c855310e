"""How long somebody stays signed in, and whether one factor is enough.

Source: docs/permissions.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reassure.access.allowed import Role

FRESH = timedelta(minutes=15)
"""A sign-in is fresh for as long as this; grants, exports and second factors ask for one."""
LONGEST = timedelta(hours=12)
IDLE_SHORT = timedelta(minutes=15)
IDLE_LONG = timedelta(minutes=30)


class SessionState(StrEnum):
    """What a session is good for."""

    OPEN = "open"
    IDLE = "idle"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """Idle time after which one has to prove who one is again, and the longest time of a session."""

    idle: timedelta
    longest: timedelta


def session_limits(roles: Collection[Role]) -> SessionLimits:
    """The limits for somebody with these roles: the strictest of them; 15 minutes idle for somebody without any."""
    if roles and set(roles) <= {Role.OFFICER, Role.TRUSTEE}:
        return SessionLimits(IDLE_LONG, LONGEST)
    return SessionLimits(IDLE_SHORT, LONGEST)


def session_state(limits: SessionLimits, *, started_at: datetime, seen_at: datetime, now: datetime) -> SessionState:
    """
    Whether a session is open at `now`.

    Parameters
    ----------
    seen_at
        When the person last did something; a page that refreshes itself does not count.
    """
    if now - started_at >= limits.longest:
        return SessionState.OVER
    return SessionState.IDLE if now - seen_at >= limits.idle else SessionState.OPEN


def needs_second_factor(roles: Collection[Role]) -> bool:
    """Whether a session needs a second factor: all but those who are trustees and nothing else."""
    return not roles or set(roles) != {Role.TRUSTEE}
