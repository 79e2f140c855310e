"""Between signing in and a page: how long a session lasts, which grant it acts under, and the second factor."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from reassure.access.sessions import SessionState
from reassure_web.accounts import sessions
from reassure_web.accounts.models import User

OWN_ACCOUNT = ("accounts:account", "account_", "mfa_", "usersessions_", "socialaccount_", "openid_connect_")
"""Names of the pages that open without a second factor: those for adding one, and signing out."""
AGAIN = ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout")
"""Names of the pages that open to an idle session: those for proving again who one is."""


class Sessions:
    """
    Ends sessions, asks idle ones to prove again who they are, and asks for the second factor.

    What an idle session posts waits until its owner has signed in again, and what an ended one posts is shown for
    sending it again, so that nothing typed is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the grant in use is known from here on."""
        user = request.user
        if isinstance(user, User):
            user.use_grant(request.session.get(sessions.GRANT), timezone.now())
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Let the view answer, or send the person where they have to go first."""
        user = request.user
        if not isinstance(user, User) or not getattr(view, "login_required", True):
            return None
        now = timezone.now()
        name = request.resolver_match.view_name if request.resolver_match else ""
        state = sessions.state_of(request, user, now)
        if state is SessionState.OVER:
            return _signed_out(request)
        if state is SessionState.IDLE:
            return self._idle(request, view, name)
        if sessions.lacks_second_factor(request, user, now) and not name.startswith(OWN_ACCOUNT):
            return HttpResponseRedirect(reverse("accounts:account"))
        sessions.note_step(request, now)
        return None

    def _idle(self, request: HttpRequest, view: Callable[..., Any], name: str) -> HttpResponse | None:
        request.session_is_idle = True  # type: ignore[attr-defined]
        if name in AGAIN:
            return None
        if request.method == "GET" and getattr(view, "readable_when_idle", False):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        return suspend_request(request, methods[0]["url"]) if methods else _signed_out(request)


def _signed_out(request: HttpRequest) -> HttpResponse:
    """The way to sign in; after a form, the page that keeps what was typed for sending it again."""
    logout(request)
    if request.method == "POST":
        stale_form: Callable[[HttpRequest], HttpResponse] = import_string(settings.CSRF_FAILURE_VIEW)
        return stale_form(request)
    return redirect_to_login(request.get_full_path())
