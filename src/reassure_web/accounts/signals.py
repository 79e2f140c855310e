"""What allauth and Django tell of signing in and of factors becomes an entry in the audit."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from reassure.access.allowed import Action
from reassure_web.accounts import sessions
from reassure_web.accounts.models import User
from reassure_web.audit.services import keyed_digest, record


@receiver(user_logged_in)
def start_session(sender: Any, request: HttpRequest, **_: Any) -> None:  # noqa: ARG001
    """Start to count the session's time."""
    sessions.start(request, timezone.now())


@receiver(user_logged_in)
def note_sign_in(sender: Any, user: User, **_: Any) -> None:  # noqa: ARG001
    """Note who signed in."""
    record(user, Action.SIGN_IN, f"person:{user.pk}", now=timezone.now())


@receiver(user_logged_out)
def note_sign_out(sender: Any, user: User | None, **_: Any) -> None:  # noqa: ARG001
    """Note who signed out; nothing for somebody who was not signed in."""
    if user is not None:
        record(user, Action.SIGN_OUT, f"person:{user.pk}", now=timezone.now())


@receiver(user_login_failed)
def note_failure(sender: Any, credentials: dict[str, Any], **_: Any) -> None:  # noqa: ARG001
    """Note a failed sign-in; who was tried is a keyed digest, the same for the same address."""
    tried = str(credentials.get("email") or credentials.get("username") or "").lower()
    record(None, Action.SIGN_IN, f"account:{keyed_digest(tried)[:16]}", now=timezone.now(), outcome="failed")


@receiver(authentication_failed)
def note_wrong_code(sender: Any, user: User, **_: Any) -> None:  # noqa: ARG001
    """Note a wrong one-time code."""
    record(None, Action.SIGN_IN, f"person:{user.pk} factor", now=timezone.now(), outcome="failed")


@receiver(authenticator_added)
def note_factor(
    sender: Any,  # noqa: ARG001
    request: HttpRequest,
    user: User,
    authenticator: Authenticator,
    **_: Any,
) -> None:
    """Note a new factor; who has just shown a code or a passkey need not show it again."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    record(user, Action.ACCOUNT_CHANGE, f"factor:{authenticator.type} added", now=timezone.now())


@receiver([authenticator_removed, authenticator_reset])
def note_lost_factor(sender: Any, user: User, authenticator: Authenticator, **_: Any) -> None:  # noqa: ARG001
    """Note a factor that was taken away or made anew."""
    record(user, Action.ACCOUNT_CHANGE, f"factor:{authenticator.type} removed", now=timezone.now())
