"""The API under /api/v1/: the rooms' routers, who may ask, and how it says no.

A caller is the holder of a token (one grant) or a person who is signed in, then with the CSRF token as on any form.
"""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer, SessionAuth

from reassure.access.allowed import Action
from reassure.access.sessions import SessionState
from reassure.errors import InputError, NotAllowedError, Problem, ReassureError, RuleError
from reassure_web.accounts.models import User
from reassure_web.accounts.sessions import lacks_second_factor, note_step, state_of
from reassure_web.audit.middleware import note_refusal
from reassure_web.audit.services import PausedError
from reassure_web.engagement.api import router as engagement
from reassure_web.patrols.api import router as patrols
from reassure_web.places.api import router as places
from reassure_web.tokens.answers import VersionError, json_answer, json_text, problem_values, problems_of
from reassure_web.tokens.services import person_of_token


class Token(HttpBearer):
    """A bearer token acts as the holder of its one grant."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person of the token; None for one that may not be used."""
        person = person_of_token(token, now=timezone.now())
        if person is not None:
            request.user = person
        return person


class Session(SessionAuth):
    """Somebody who is signed in with their factors, and not idle; the session cookie alone changes nothing."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 - Ninja's signature
        """The person of the session; None where a page would lead to the sign-in."""
        now, user = timezone.now(), request.user
        if not isinstance(user, User) or state_of(request, user, now) is not SessionState.OPEN:
            return None
        if lacks_second_factor(request, user, now):
            return None
        note_step(request, now)
        return user


api = NinjaAPI(
    title="Reassure",
    version="1",
    description="What the screens do, for programs and for the officer's card. Errors are lists of problems.",
    docs_url=None,
    auth=[Token(), Session()],
    urls_namespace="v1",
)
for router in (engagement, patrols, places):
    api.add_router("", router)


def _problem(status: int, text: str) -> HttpResponse:
    return json_answer(json_text(problem_values([Problem("", "", "", says=text.rstrip("."))])), status)


@api.exception_handler(NotAllowedError)
def not_allowed(request: HttpRequest, error: NotAllowedError) -> HttpResponse:
    """403, naming who can, and an entry."""
    note_refusal(request, Action.of_code(error.action))
    return json_answer(json_text(problems_of(error)), 403)


@api.exception_handler(PausedError)
def paused(request: HttpRequest, error: PausedError) -> HttpResponse:
    """429 after too much was read, and an entry; a reason on the page lifts it."""
    note_refusal(request, Action.LIMIT_PASS)
    return json_answer(json_text(problems_of(error)), 429)


@api.exception_handler(InputError)
@api.exception_handler(RuleError)
def refused(_request: HttpRequest, error: ReassureError) -> HttpResponse:
    """422 with every problem, as on a form."""
    return json_answer(json_text(problems_of(error)), 422)


@api.exception_handler(ObjectDoesNotExist)
def not_found(_request: HttpRequest, _error: ObjectDoesNotExist) -> HttpResponse:
    """404, the same for what is not there and what is another's."""
    return _problem(404, "There is nothing here for you")


@api.exception_handler(VersionError)
def other_version(_request: HttpRequest, error: VersionError) -> HttpResponse:
    """428 without a version, 409 with one that is no longer."""
    return _problem(error.status, str(error))


@api.exception_handler(AuthenticationError)
def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """401 for nobody."""
    return _problem(401, "No token and nobody signed in")


@api.exception_handler(ValidationError)
def malformed(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 naming each field that is not what the description asks for."""
    problems = [
        Problem(".".join(str(part) for part in fault["loc"]), "", "", says=f"{fault['loc'][-1]}: {fault['msg']}")
        for fault in error.errors
    ]
    return json_answer(json_text(problem_values(problems)), 422)


def root(_request: HttpRequest) -> HttpResponse:
    """The description."""
    return HttpResponseRedirect(reverse("v1:openapi-json"))


def open_urls() -> tuple[list[Any], str, str]:
    """The API's addresses; they say 401 themselves instead of leading to the sign-in page."""
    patterns, app_name, namespace = api.urls
    rest: list[Any] = [pattern for pattern in patterns if getattr(pattern, "name", "") != "api-root"]
    kept = [path("", root, name="api-root"), *rest]
    for pattern in kept:
        if pattern.name in {"api-root", "openapi-json"}:
            pattern.callback = require_safe(pattern.callback)
        pattern.callback.login_required = False
    return kept, app_name, namespace
