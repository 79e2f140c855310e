"""What a session says of how somebody proved who they are, and when they last did something."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from reassure.access.allowed import Role
from reassure.access.sessions import FRESH, SessionState, needs_second_factor, session_limits, session_state
from reassure_web.accounts.models import User

STARTED = "started_at"
SEEN = "seen_at"
GRANT = "grant"
SEEN_EVERY_SECONDS = 60
"""How often the time of the last step is written; so much later may an idle session end."""
View = Callable[..., HttpResponse]


def _factors(request: HttpRequest) -> list[dict[str, Any]]:
    return list(get_authentication_records(request, request.user))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved who they are within the last 15 minutes."""
    ages = [timezone.now().timestamp() - record["at"] for record in _factors(request)]
    return bool(ages) and min(ages) < FRESH.total_seconds()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the session was opened with a passkey, a one-time code or a recovery code."""
    return any(record["method"] == "mfa" for record in _factors(request))


def lacks_second_factor(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether the person's roles ask for a second factor that the session does not have."""
    return needs_second_factor(_roles(user, now)) and not has_second_factor(request)


def state_of(request: HttpRequest, user: User, now: datetime) -> SessionState:
    """Whether the session is open, idle or over; proving who one is counts as a step."""
    session = request.session
    last = max([session.get(SEEN, 0.0), *(record["at"] for record in _factors(request))])
    return session_state(
        session_limits(_roles(user, now)),
        started_at=datetime.fromtimestamp(session.get(STARTED, 0.0), UTC),
        seen_at=datetime.fromtimestamp(last, UTC),
        now=now,
    )


def note_step(request: HttpRequest, now: datetime) -> None:
    """Remember that the person did something; a page that refreshes itself is none of their steps."""
    refreshes_itself = request.headers.get("HX-Request") == "true" and request.method == "GET"
    if not refreshes_itself and now.timestamp() - request.session.get(SEEN, 0.0) >= SEEN_EVERY_SECONDS:
        request.session[SEEN] = now.timestamp()


def start(request: HttpRequest, now: datetime) -> None:
    """Begin to count the time of a session; Django has just given it a new key."""
    request.session[STARTED] = request.session[SEEN] = now.timestamp()


def fresh_sign_in(view: View) -> View:
    """
    Ask for a fresh sign-in before a view, and carry on with what was asked or posted afterwards.

    For everything that docs/permissions.md marks with `!`, exports, grants and second factors.
    """

    @wraps(view)
    def after_signing_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if get_adapter().get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        logout(request)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    return after_signing_in


def readable_when_idle(view: View) -> View:
    """Let a page of a wall be read to the end of the shift; `request.session_is_idle` takes its buttons away."""
    view.readable_when_idle = True  # type: ignore[attr-defined]
    return view


def _roles(user: User, now: datetime) -> set[Role]:
    return {row.facts().role for row in user.grant_rows(now)}
