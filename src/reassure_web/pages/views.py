"""The first page, the fixed texts and the pages that say what went wrong."""

import re
import sys
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from reassure_web.accounts.http import SignedIn
from reassure_web.pages import queries

LEFT_OUT = re.compile(r"csrfmiddlewaretoken|code|.*password.*")
"""Names of fields that no page shows again."""


@require_safe
def home(request: SignedIn) -> HttpResponse:
    """What needs this person now."""
    now = timezone.now()
    waiting = queries.waiting_for(request.user, now)
    shown = {"tasks": waiting.tasks, "silent": waiting.silent, "last": waiting.last, "now": now}
    return render(request, "pages/home.html", shown)


@login_not_required
@require_safe
def fixed(request: HttpRequest, page: str) -> HttpResponse:
    """Help, accessibility, privacy or cookies: a text that anybody may read."""
    return render(request, f"pages/{page}.html")


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for longer than its session, or came from elsewhere: what was typed can be sent again."""
    return render(request, "pages/stale.html", {"reason": reason} | _again(request), status=HTTPStatus.FORBIDDEN)


def fault(request: HttpRequest) -> HttpResponse:
    """What Django shows for an error of ours; 503 where the database was away. Asks the database for nothing."""
    is_away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    response = HttpResponse(render_to_string(f"{status.value}.html", _again(request)), status=status)
    if is_away:
        response["Retry-After"] = "60"
    return response


def _again(request: HttpRequest) -> dict[str, object]:
    """What a page needs to offer the same request once more, secrets left out."""
    fields = request.POST.lists() if request.method == "POST" else []
    kept = [(name, v) for name, values in fields for v in values if not LEFT_OUT.fullmatch(name)]
    return {"method": request.method, "path": request.get_full_path(), "answers": kept}
