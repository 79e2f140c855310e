"""The day live: units by visits, a unit, a visit, what a supervisor says of them, and paper cards."""

from datetime import date
from functools import lru_cache

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from reassure.access.allowed import Action
from reassure.errors import InputError, RuleError
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.accounts.sessions import readable_when_idle
from reassure_web.audit.answers import form_page
from reassure_web.patrols import queries_board, queries_day, services_day
from reassure_web.patrols.forms_day import PaperForm, SkipForm
from reassure_web.patrols.queries_day import Running


@readable_when_idle
@not_found_as_404
@require_safe
def board(request: SignedIn, area: str, on: date) -> HttpResponse:
    """The board of a day."""
    now = timezone.now()
    running = services_day.open_board(request.user, area, on, now=now)
    return render(request, "patrols/board.html", {"running": running, "rows": _rows(running)})


@readable_when_idle
@not_found_as_404
@require_safe
def rows(request: SignedIn, area: str, on: date) -> HttpResponse:
    """The board's rows alone, or 304 where nothing has changed."""
    now = timezone.now()
    tag = f'"{queries_board.board_version(request.user, area, on, now=now)}"'
    if request.headers.get("If-None-Match", "") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    running = services_day.look_at_board(request.user, area, on, now=now)
    return HttpResponse(_rows(running), headers={"ETag": f'"{running.version}"'})


@lru_cache(maxsize=queries_board.MOST_KEPT)
def _rows(running: Running) -> SafeString:
    """The rows of a board, which are the same for all who watch it; nothing of the reader stands in them."""
    return render_to_string("patrols/board_rows.html", {"running": running})


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: SignedIn, area: str, on: date, unit: str) -> HttpResponse:
    """One unit: its visits; off, or its phone lost."""
    now = timezone.now()
    if request.method == "POST":
        services_day.mark_unit(request.user, area, on, unit, request.POST.get("kind", ""), now=now)
        return redirect("day:unit", area, on, unit)
    running = queries_day.board(request.user, area, on, now=now)
    return render(request, "patrols/board_unit.html", {"running": running, "row": running.unit(unit)})


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: SignedIn, area: str, on: date, visit: str) -> HttpResponse:
    """One visit: what was planned, what was recorded, and why it is not made."""
    now = timezone.now()
    form = SkipForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["miss_reason"]
        services_day.say_missed(request.user, area, on, visit, form.record_id, reason, now=now)
        return redirect("day:board", area, on)
    running = queries_day.board(request.user, area, on, now=now)
    shown = {"running": running, "row": running.visit(visit), "form": form}
    return form_page(request, "patrols/board_visit.html", shown)


@not_found_as_404
@require_POST
def accept_skip(request: SignedIn, area: str, on: date, client_id: str) -> HttpResponse:
    """A supervisor has seen why a place was not reached."""
    services_day.accept_skip(request.user, area, str(client_id), now=timezone.now())
    return redirect("day:board", area, on)


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: SignedIn, area: str, on: date, visit: str) -> HttpResponse:
    """Key in a paper card."""
    now = timezone.now()
    form = PaperForm(request.POST or None)
    running = queries_day.board(request.user, area, on, now=now, action=Action.PAPER_RECORD)
    row = running.visit(visit)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.fields_told(on, row.planned.starts_at)
            services_day.key_in_paper(request.user, area, on, visit, form.record_id, told, now=now)
            return redirect("day:board", area, on)
        except (InputError, RuleError) as error:
            form.take(error)
    shown = {"running": running, "row": row, "form": form}
    return form_page(request, "patrols/paper.html", shown)
