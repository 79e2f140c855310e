"""Pages of bringing a timetable in: hand in, look, accept or drop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reassure.errors import InputError
from reassure_web.accounts.http import SignedIn, not_found_as_404
from reassure_web.audit.answers import form_page
from reassure_web.occasions import services_reading, services_timetables
from reassure_web.occasions.forms import TimetableForm, add_problems


@require_http_methods(["GET", "POST"])
@not_found_as_404
def hand_in(request: SignedIn) -> HttpResponse:
    """Hand a timetable in; the next page shows what it would add."""
    now = timezone.now()
    areas, runs = services_reading.open_timetables(request.user, now=now)
    form = TimetableForm(areas, request.POST, request.FILES) if request.method == "POST" else TimetableForm(areas)
    if form.is_valid():
        try:
            run = services_timetables.preview_timetable(request.user, form.upload(), now=now)
        except InputError as error:
            add_problems(form, error)
        else:
            return redirect("occasions:timetable", run.ref)
    return form_page(request, "occasions/timetables.html", {"form": form, "runs": runs})


@require_GET
@not_found_as_404
def preview(request: SignedIn, run: str) -> HttpResponse:
    """What a timetable would add, and its refused rows with reasons."""
    found = services_reading.open_timetable(request.user, run, now=timezone.now())
    return render(request, "occasions/timetable.html", {"run": found, "outcome": found.outcome})


@require_POST
@not_found_as_404
def accept(request: SignedIn, run: str) -> HttpResponse:
    """Take every good row of a timetable."""
    done = services_timetables.accept_timetable(request.user, run, now=timezone.now())
    messages.success(request, f"{done.outcome['n_new']:,} rules hold from now on.")
    return redirect("occasions:timetable", run)


@require_POST
@not_found_as_404
def drop(request: SignedIn, run: str) -> HttpResponse:
    """Take nothing of a timetable."""
    services_timetables.drop_timetable(request.user, run, now=timezone.now())
    messages.success(request, "Nothing was taken from the timetable.")
    return redirect("occasions:timetables")
