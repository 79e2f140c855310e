"""Closing a day: planned = delivered + missed + open, reasons, notes, sign-off."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from reassure.errors import InputError
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.patrols import queries_day, services_day
from reassure_web.patrols.forms_day import NotesForm


@not_found_as_404
@require_http_methods(["GET", "HEAD", "POST"])
def debrief(request: SignedIn, area: str, on: date) -> HttpResponse:
    """The day's numbers, what has no outcome yet, and notes."""
    now = timezone.now()
    running, written = queries_day.debrief(request.user, area, on, now=now)
    form = NotesForm(
        request.POST if request.method == "POST" else None, initial={"notes": written.notes if written else ""}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            services_day.write_notes(request.user, area, on, told["notes"], told["is_sure"], now=now)
            return redirect("day:debrief", area, on)
        except InputError as error:
            form.take(error)
    shown = {"running": running, "debrief": written, "form": form}
    return form_page(request, "patrols/debrief.html", shown)


@not_found_as_404
@require_POST
def sign(request: SignedIn, area: str, on: date) -> HttpResponse:
    """Sign the day off."""
    services_day.sign_off(request.user, area, on, now=timezone.now())
    return redirect("day:debrief", area, on)
