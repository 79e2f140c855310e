"""What happens when a use case says no: a page that tells why, and an entry outside the rolled-back transaction."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone

from reassure.access.allowed import Action
from reassure.errors import InputError, NotAllowedError, ReassureError, RuleError
from reassure_web.audit.answers import WRONG, has_errors
from reassure_web.audit.context import REQUEST_ID
from reassure_web.audit.forms import ReasonForm
from reassure_web.audit.services import PausedError, record

Answer = Callable[[HttpRequest], HttpResponse]


class RequestIds:
    """Gives each request an id, which its audit entries, its log lines and its answer carry."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the id in the header `X-Request-Id`."""
        token = REQUEST_ID.set(str(uuid4()))
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = REQUEST_ID.get()
        finally:
            REQUEST_ID.reset(token)
        return response


class Refusals:
    """
    Turns the errors that are meant for users into pages.

    `NotAllowedError`: 403, naming who can, and an entry `refused`. `PausedError`: 429 with a question, and an entry.
    Other `RuleError` and `InputError` that no form caught: 422 with all problems, as has a page of allauth with a form
    that is wrong.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the view does; only errors are handled here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error of ours, None for any other."""
        if not isinstance(error, NotAllowedError | InputError | RuleError):
            return None
        if isinstance(error, NotAllowedError):
            note_refusal(request, Action.of_code(error.action))
            return render(request, "audit/refused.html", {"why": str(error)}, status=403)
        if isinstance(error, PausedError):
            note_refusal(request, Action.LIMIT_PASS)
            form = ReasonForm(initial={"next": request.get_full_path() if request.method == "GET" else ""})
            shown = {"why": str(error), "form": form}
            return render(request, "audit/paused.html", shown, status=429)
        return render(request, "audit/problems.html", {"problems": problem_lines(error)}, status=WRONG)

    def process_template_response(self, _request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """The page, told apart from a sound one where its form has errors; allauth answers 200 to both."""
        if response.status_code == HTTPStatus.OK and has_errors(response.context_data or {}):
            response.status_code = WRONG
        return response


def note_refusal(request: HttpRequest, action: Action) -> None:
    """An entry that somebody was refused; the subject is the address, which holds references and nothing else."""
    actor = request.user if request.user.is_authenticated else None
    record(actor, action, f"{request.method} {request.path}", now=timezone.now(), outcome="refused")


def problem_lines(error: ReassureError) -> list[str]:
    """Every problem of an error as a sentence."""
    return [problem.text for problem in error.problems] or [str(error)]
